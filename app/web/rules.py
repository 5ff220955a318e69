"""Rules of law with their day and source: what holds, what will hold, and adding a row."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.clock import today
from app.errors import Invalid
from app.forms.base import Form
from app.forms.rules import FORMS
from app.i18n import gettext as _
from app.queries.contracts import exemption_rules, target_rules, term_rules
from app.security.permissions import Permission
from app.services import rules
from app.vocabulary.contracts import ExemptionGround
from app.web.guards import guard
from app.web.viewing import the_viewer

bp = Blueprint("rules", __name__)


@bp.get("/<lang>/admin/rules")
@guard(Permission.ADMINISTER)
def index() -> ResponseReturnValue:
    """All rules, the latest first. None is ever edited or taken away."""
    return render_template(
        "rules/index.html", targets=target_rules(), terms=term_rules(), grounds=exemption_rules(), today=today(),
    )  # fmt: skip


@bp.route('/<lang>/admin/rules/new/<any("target","term","ground"):kind>', methods=["GET", "POST"])
@guard(Permission.ADMINISTER)
def add(kind: str) -> ResponseReturnValue:
    """Add a rule that begins on a day to come."""
    form = FORMS[kind]()
    if form.validate_on_submit():
        try:
            _add(kind, form)
        except Invalid as refusal:
            form.refuse(refusal.field, refusal.message)
        else:
            flash(_("The rule is added. Trajectories that began keep theirs."), "good")
            return redirect(url_for("rules.index"), 303)
    return render_template("rules/add.html", form=form, kind=kind), 422 if form.errors else 200


def _add(kind: str, form: Form) -> None:
    since, number, source = form.since.day, form.number.data, form.source.data
    if kind == "target":
        rules.add_target(the_viewer(), since=since, hours=number, source=source)
    elif kind == "term":
        rules.add_term(the_viewer(), since=since, months=number, source=source)
    else:
        ground = ExemptionGround(form.ground.data)
        rules.add_ground(
            the_viewer(), since=since, ground=ground, counts=form.counts.data, months=number, source=source
        )
