"""For how long things are kept: what holds, what will hold, and adding a setting."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.clock import today
from app.errors import Invalid
from app.forms.retention import RetentionForm
from app.i18n import gettext as _
from app.queries.retention import kept_for
from app.security.permissions import Permission
from app.services import retention
from app.vocabulary.retention import RetentionKind
from app.web.guards import guard
from app.web.viewing import the_viewer

bp = Blueprint("retention", __name__)


@bp.get("/<lang>/admin/retention")
@guard(Permission.ADMINISTER)
def index() -> ResponseReturnValue:
    """All settings, the latest first. None is ever edited or taken away."""
    return render_template("retention/index.html", rules=kept_for(), today=today())


@bp.route("/<lang>/admin/retention/new", methods=["GET", "POST"])
@guard(Permission.ADMINISTER)
def add() -> ResponseReturnValue:
    """Add a setting that begins on a day to come."""
    form = RetentionForm()
    if form.validate_on_submit():
        try:
            retention.add_rule(
                the_viewer(), kind=RetentionKind(form.kind.data), since=form.since.day, days=form.days.data
            )
        except Invalid as refusal:
            form.refuse(refusal.field, refusal.message)
        else:
            flash(_("The setting is added. The privacy page shows it from that day on."), "good")
            return redirect(url_for("retention.index"), 303)
    return render_template("retention/add.html", form=form), 422 if form.errors else 200
