"""What a counsellor decides about a trajectory beside contract and hours. More routes of trajectories.bp."""

from collections.abc import Callable

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from app.errors import Invalid
from app.forms.base import Form
from app.forms.followup import (
    DecisionForm,
    EndForm,
    ExemptionForm,
    ExtensionForm,
    HandoverForm,
    TransferForm,
)
from app.i18n import gettext as _
from app.models import Newcomer
from app.queries.contracts import contract_of
from app.queries.followup import colleagues_of
from app.queries.trajectories import caseload_newcomer
from app.security.permissions import Permission
from app.services import contracts, decisions, exemptions, handing
from app.services.exemptions import Deciding
from app.vocabulary.contracts import DecisionKind, Evidence, ExemptionGround, ExtensionCause
from app.web.guards import guard
from app.web.trajectories import bp
from app.web.viewing import the_viewer

SHOWN_AT = {"contracts": "from_1"}  # a refusal of a use-case, and the field at which it is shown


def _done(form: Form, act: Callable[[], object]) -> bool:
    """Whether the form was right and the use-case took it; a refusal is shown at its field."""
    if not form.validate_on_submit():
        return False
    try:
        act()
    except Invalid as refusal:
        form.refuse(SHOWN_AT.get(refusal.field or "", refusal.field), refusal.message)
        return False
    return True


def _to(newcomer_id: int, message: str) -> Response:
    flash(message, "good")
    return redirect(url_for("trajectories.show", newcomer_id=newcomer_id), 303)  # type: ignore[return-value]


def _page(template: str, form: Form, newcomer: Newcomer, **more: object) -> ResponseReturnValue:
    page = render_template(f"trajectories/{template}.html", form=form, newcomer=newcomer, **more)
    return page, 422 if form.errors else 200


@bp.route("/<lang>/caseload/<int:newcomer_id>/extend", methods=["GET", "POST"])
@guard(Permission.SET_CONTRACT)
def extend(newcomer_id: int) -> ResponseReturnValue:
    """Make the term longer for a cause outside the will of the newcomer."""
    viewer, form = the_viewer(), ExtensionForm()
    newcomer = caseload_newcomer(viewer, newcomer_id)
    if _done(form, lambda: contracts.extend(
        viewer, newcomer_id, ends_on=form.ends_on.day, cause=ExtensionCause(form.cause.data), reason=form.reason.data,
    )):  # fmt: skip
        return _to(newcomer_id, _("The term is longer now. This is a new version of the contract."))
    return _page("extend", form, newcomer, contract=contract_of(newcomer.id))


@bp.route("/<lang>/caseload/<int:newcomer_id>/exemption", methods=["GET", "POST"])
@guard(Permission.SET_CONTRACT)
def exempt(newcomer_id: int) -> ResponseReturnValue:
    """Decide that an obliged newcomer is exempt."""
    viewer, form = the_viewer(), ExemptionForm()
    newcomer = caseload_newcomer(viewer, newcomer_id)
    if _done(form, lambda: exemptions.exempt(viewer, newcomer_id, Deciding(
        ground=ExemptionGround(form.ground.data), half_time=form.half_time.data, evidence=Evidence(form.evidence.data),
        seen_on=form.seen_on.day, valid_from=form.valid_from.day, valid_to=form.valid_to.day, note=form.note.data or "",
        contracts=form.contracts(),
    ))):  # fmt: skip
        return _to(newcomer_id, _("The exemption is written down."))
    return _page("exemption", form, newcomer)


@bp.route("/<lang>/caseload/<int:newcomer_id>/exemption/<int:exemption_id>/end", methods=["GET", "POST"])
@guard(Permission.SET_CONTRACT)
def end_ground(newcomer_id: int, exemption_id: int) -> ResponseReturnValue:
    """Write the last day of a ground of exemption."""
    viewer, form = the_viewer(), EndForm()
    newcomer = caseload_newcomer(viewer, newcomer_id)
    if _done(
        form, lambda: exemptions.end_ground(viewer, newcomer_id, exemption_id, ended_on=form.ended_on.day)
    ):
        return _to(newcomer_id, _("The end is written down. Nothing else has changed."))
    return _page("end_ground", form, newcomer)


@bp.route(
    '/<lang>/caseload/<int:newcomer_id>/decide/<any("completed","not_reached","looked_at"):kind>',
    methods=["GET", "POST"],
)
@guard(Permission.SET_CONTRACT)
def decide(newcomer_id: int, kind: str) -> ResponseReturnValue:
    """Take a decision about the trajectory as a whole."""
    viewer, form, decision = the_viewer(), DecisionForm(), DecisionKind(kind)
    newcomer = caseload_newcomer(viewer, newcomer_id)
    if _done(form, lambda: decisions.decide(viewer, newcomer_id, decision, words=form.words.data or "")):
        return _to(newcomer_id, _("Your decision is written down."))
    return _page("decide", form, newcomer, kind=decision)


@bp.route("/<lang>/caseload/<int:newcomer_id>/transfer", methods=["GET", "POST"])
@guard(Permission.SET_CONTRACT)
def transfer(newcomer_id: int) -> ResponseReturnValue:
    """Pass a newcomer to a colleague of the same agency."""
    viewer = the_viewer()
    newcomer = caseload_newcomer(viewer, newcomer_id)
    found = colleagues_of(viewer, newcomer, contract_of(newcomer.id))
    form = TransferForm(colleagues=[(person.id, person.full_name) for person, _agency in found])
    if _done(form, lambda: handing.transfer(viewer, newcomer_id, form.to.data, note=form.note.data or "")):
        flash(_("Your colleague is the counsellor now, and sees it under To look at."), "good")
        return redirect(url_for("trajectories.caseload"), 303)
    return _page("transfer", form, newcomer, colleagues=found)


@bp.post("/<lang>/caseload/<int:newcomer_id>/transfer/seen")
@guard(Permission.SET_CONTRACT)
def transfer_seen(newcomer_id: int) -> ResponseReturnValue:
    """The colleague has seen that the newcomer was handed over."""
    handing.transfer_seen(the_viewer(), newcomer_id)
    return _to(newcomer_id, _("Noted: you have seen it."))


@bp.route("/<lang>/caseload/<int:newcomer_id>/handover", methods=["GET", "POST"])
@guard(Permission.SET_CONTRACT)
def handover(newcomer_id: int) -> ResponseReturnValue:
    """Plan a warm handover to an organisation or contact person."""
    viewer, form = the_viewer(), HandoverForm()
    newcomer = caseload_newcomer(viewer, newcomer_id)
    if _done(form, lambda: handing.plan_handover(
        viewer, newcomer_id, to_whom=form.to_whom.data, agreed=form.agreed.data, planned_on=form.planned_on.day,
        note=form.note.data or "",
    )):  # fmt: skip
        return _to(newcomer_id, _("The warm handover is planned."))
    return _page("handover", form, newcomer)


@bp.post("/<lang>/caseload/<int:newcomer_id>/handover/<int:handover_id>/done")
@guard(Permission.SET_CONTRACT)
def handover_done(newcomer_id: int, handover_id: int) -> ResponseReturnValue:
    """The newcomer was announced."""
    handing.handover_done(the_viewer(), newcomer_id, handover_id)
    return _to(newcomer_id, _("Noted: the newcomer is announced."))
