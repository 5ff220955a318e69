"""The weights of the matcher: what is in force, what was before, what is proposed, and adopting it."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.errors import Invalid
from app.forms.programmes import ProposalForm
from app.i18n import gettext as _
from app.queries.programmes import settings_of, version_page
from app.security.permissions import Permission
from app.services import programmes
from app.vocabulary import Criterion
from app.vocabulary.records import RunState
from app.vocabulary.settings import evidence_sentences, setting_sentences, shares_of, worse_sentence
from app.web import explaining
from app.web.guards import guard
from app.web.viewing import the_viewer

bp = Blueprint("programmes", __name__)

WORDS = {
    "criteria": Criterion, "sentences": setting_sentences, "shares_of": shares_of, "evidence": evidence_sentences,
    "worse": worse_sentence, "words": explaining,
}  # fmt: skip


@bp.route("/<lang>/admin/weights", methods=["GET", "POST"])
@guard(Permission.SET_WEIGHTS)
def weights() -> ResponseReturnValue:
    """The settings of all programmes; a proposed one can be sent."""
    viewer = the_viewer()
    found = settings_of(viewer)
    form = ProposalForm()
    form.offer({item.programme.id: item.programme.name for item in found})
    if form.validate_on_submit():
        try:
            version_id = programmes.propose(
                viewer,
                form.programme.data,
                weights=form.bytes_of(form.weights),
                evidence=form.bytes_of(form.evidence),
            )
        except Invalid as refusal:
            form.refuse(refusal.field, refusal.message)
        else:
            return redirect(url_for("programmes.version", version_id=version_id), 303)
    page = render_template("programmes/weights.html", found=found, form=form, **WORDS)
    return page, 422 if form.errors else 200


@bp.get("/<lang>/admin/weights/<int:version_id>")
@guard(Permission.SET_WEIGHTS)
def version(version_id: int) -> ResponseReturnValue:
    """A version: how far its comparison is, or evidence and comparison."""
    page = version_page(the_viewer(), version_id)
    busy = not page.version.since and page.version.state in {RunState.QUEUED, RunState.RUNNING}
    return render_template("programmes/version.html", page=page, busy=busy, **WORDS)


@bp.post("/<lang>/admin/weights/<int:version_id>/compare")
@guard(Permission.SET_WEIGHTS)
def compare(version_id: int) -> ResponseReturnValue:
    """Compare a proposal again, with who waits now."""
    programmes.compare_again(the_viewer(), version_id)
    return redirect(url_for("programmes.version", version_id=version_id), 303)


@bp.get("/<lang>/admin/weights/<int:version_id>/adopt")
@guard(Permission.SET_WEIGHTS)
def ask_adopt(version_id: int) -> ResponseReturnValue:
    """Ask once more before a setting is adopted."""
    return render_template("programmes/adopt.html", page=version_page(the_viewer(), version_id))


@bp.post("/<lang>/admin/weights/<int:version_id>/adopt")
@guard(Permission.SET_WEIGHTS)
def adopt(version_id: int) -> ResponseReturnValue:
    """From today on the programme matches by this setting."""
    programmes.adopt(the_viewer(), version_id)
    flash(_("Adopted. New plans are made with these weights from now on."), "good")
    return redirect(url_for("programmes.weights"), 303)
