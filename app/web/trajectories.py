"""One newcomer of a counsellor's caseload: contract, proofs and hours to judge."""

from flask import Blueprint, current_app, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from app.errors import Invalid
from app.forms.trajectories import NoteForm, VersionForm
from app.i18n import DEFAULT, active, ngettext
from app.i18n import gettext as _
from app.models import ContractVersion, HourEntry, Proof
from app.queries.contracts import contract_of, term_of
from app.queries.followup import story_of
from app.queries.hours import entries_for
from app.queries.proofs import decisions_on, listed, number_of_replacement, proofs_for
from app.queries.reach import one
from app.queries.sign_ups import joined_by
from app.queries.trajectories import (
    caseload_newcomer,
    entries_of,
    standing_of,
    whole_of,
)
from app.security.permissions import Permission
from app.services import contracts, trajectories
from app.services.proofs import entries_on
from app.vocabulary import Agency, EntryState, Obligation, choices
from app.vocabulary.records import ProofState
from app.web.addresses import letter_link
from app.web.confirmations import proofs_at
from app.web.guards import guard
from app.web.hours import link_for, track_for
from app.web.proofs import pdf_of
from app.web.viewing import the_viewer

bp = Blueprint("trajectories", __name__)
CODE = "counsellor_code"


@bp.get("/<lang>/caseload/<int:newcomer_id>")
@guard(Permission.ACCEPT_HOURS)
def show(newcomer_id: int) -> ResponseReturnValue:
    """One newcomer: the contract and its versions, the totals, and the hours."""
    viewer = the_viewer()
    newcomer, reached, versions = whole_of(viewer, newcomer_id)
    entries, ways = entries_of(viewer, newcomer.id)
    contract = versions[0] if versions else None
    story = story_of(viewer, newcomer, contract, reached=reached is not None)
    standing = standing_of(newcomer, entries, contract, reached, exempt=story.exempt)
    of_newcomer = proofs_for(viewer, Permission.ACCEPT_HOURS).where(Proof.newcomer_id == newcomer.id)
    collecting, signed = listed(of_newcomer, entries)
    return render_template(
        "trajectories/show.html", newcomer=newcomer, versions=versions, entries=entries, standing=standing, agencies=dict(choices(Agency)),
        proofs=signed, collecting=collecting, unsigned=[None, *(item.proof.id for item in collecting)], ways=ways,
        story=story, joined=joined_by(newcomer.id, active()),
    )  # fmt: skip


@bp.get("/<lang>/caseload/<int:newcomer_id>/proofs/<int:proof_id>")
@guard(Permission.ACCEPT_HOURS)
def proof(newcomer_id: int, proof_id: int) -> ResponseReturnValue:
    """A proof to judge: what was signed by whom, and what happened since."""
    found = _proof(newcomer_id, proof_id)
    newcomer = caseload_newcomer(the_viewer(), newcomer_id)
    term, lines = term_of(contract_of(newcomer_id)), entries_on(found)
    inside = [
        line for line in lines if line.state is EntryState.CONFIRMED and term is not None and line.day in term
    ]
    return render_template(
        "trajectories/proof.html", newcomer=newcomer, proof=found, lines=lines, decisions=decisions_on(found.id),
        replacement=number_of_replacement(found), outside=[line.id for line in lines if term is None or line.day not in term],
        inside=inside, waiting=any(line.offer.meets_criteria for line in inside), unjudged=any(line.offer.meets_criteria is None for line in inside),
    )  # fmt: skip


@bp.get("/<lang>/caseload/<int:newcomer_id>/proofs/<int:proof_id>.pdf")
@guard(Permission.ACCEPT_HOURS)
def proof_pdf(newcomer_id: int, proof_id: int) -> ResponseReturnValue:
    """The paper of a newcomer of the caseload."""
    return pdf_of(_proof(newcomer_id, proof_id))


@bp.post("/<lang>/caseload/<int:newcomer_id>/proofs/<int:proof_id>/accept")
@guard(Permission.ACCEPT_HOURS)
def accept(newcomer_id: int, proof_id: int) -> ResponseReturnValue:
    """Accept a proof, and its lines within the term with it."""
    done = trajectories.accept(the_viewer(), newcomer_id, proof_id, track_for)
    flash(ngettext("%(num)s time is accepted.", "%(num)s times are accepted.", done), "good")
    return redirect(url_for("trajectories.show", newcomer_id=newcomer_id), 303)


@bp.route(
    "/<lang>/caseload/<int:newcomer_id>/proofs/<int:proof_id>/<any(check,back):what>",
    methods=["GET", "POST"],
)
@guard(Permission.ACCEPT_HOURS)
def judge_proof(newcomer_id: int, proof_id: int, what: str) -> ResponseReturnValue:
    """Keep a proof until the contact person was called, or return it; both with words."""
    found, form = _proof(newcomer_id, proof_id), NoteForm()
    if form.validate_on_submit():
        if what == "check":
            trajectories.doubt(the_viewer(), newcomer_id, proof_id, note=form.note.data)
            flash(_("The proof waits until you have called the contact person."), "good")
        else:
            trajectories.return_proof(
                the_viewer(), newcomer_id, proof_id, note=form.note.data, track_for=proofs_at, link_for=link_for
            )  # fmt: skip
            flash(_("The proof is returned. The contact person is asked to look at the hours again."), "good")
        return redirect(url_for("trajectories.proof", newcomer_id=newcomer_id, proof_id=proof_id), 303)
    return render_template(
        "trajectories/judge_proof.html", form=form, proof=found, what=what
    ), 422 if form.errors else 200


def _proof(newcomer_id: int, proof_id: int) -> Proof:
    """A signed proof of that newcomer of the caseload. Raises NotFound."""
    return one(
        proofs_for(the_viewer(), Permission.ACCEPT_HOURS)
        .where(Proof.id == proof_id, Proof.newcomer_id == newcomer_id, Proof.state != ProofState.OPEN)
    )  # fmt: skip


@bp.route(
    "/<lang>/caseload/<int:newcomer_id>/hours/<int:entry_id>/<any(back,reverse):what>",
    methods=["GET", "POST"],
)
@guard(Permission.ACCEPT_HOURS)
def judge(newcomer_id: int, entry_id: int, what: str) -> ResponseReturnValue:
    """Return confirmed hours with a question, or take accepted hours back; both with words."""
    viewer, form = the_viewer(), NoteForm()
    entry = one(
        entries_for(viewer, Permission.ACCEPT_HOURS).where(
            HourEntry.id == entry_id, HourEntry.newcomer_id == newcomer_id
        )
    )
    if form.validate_on_submit():
        if what == "back":
            trajectories.give_back(viewer, newcomer_id, entry_id, note=form.note.data, track_for=track_for)
            flash(_("The hours are returned to the contact person."), "good")
        else:
            trajectories.reverse(viewer, newcomer_id, entry_id, note=form.note.data)
            flash(_("The hours are taken back. Both entries are kept."), "good")
        return redirect(url_for("trajectories.show", newcomer_id=newcomer_id), 303)
    return render_template(
        "trajectories/judge.html", form=form, entry=entry, what=what
    ), 422 if form.errors else 200


@bp.route("/<lang>/caseload/<int:newcomer_id>/contract", methods=["GET", "POST"])
@guard(Permission.SET_CONTRACT)
def contract(newcomer_id: int) -> ResponseReturnValue:
    """Write the contract, or its next version."""
    viewer = the_viewer()
    newcomer, _reached, versions = whole_of(viewer, newcomer_id)
    form = VersionForm(agencies=viewer.agencies)
    if form.validate_on_submit():
        try:
            contracts.write_version(
                viewer, newcomer_id, agency=form.agency.data, obligation=Obligation(form.obligation.data),
                contains_trajectory=form.contains_trajectory.data, starts_on=form.starts_on.day, ends_on=form.ends_on.day,
                reason=form.reason.data or "",
            )  # fmt: skip
            flash(_("The contract is written down."), "good")
            return redirect(url_for("trajectories.show", newcomer_id=newcomer_id), 303)
        except Invalid as refusal:
            form.refuse(refusal.field, refusal.message)
    elif request.method == "GET":
        _fill(form, versions[0] if versions else None)
    return render_template(
        "trajectories/contract.html", form=form, newcomer=newcomer, first=not versions
    ), 422 if form.errors else 200  # fmt: skip


def _fill(form: VersionForm, version: ContractVersion | None) -> None:
    """What the valid version says, to be changed."""
    form.contains_trajectory.data = version is None or version.contains_trajectory
    if version is not None:
        form.agency.data, form.obligation.data = version.agency_slug, version.obligation.value
        form.starts_on.data, form.ends_on.data = version.starts_on.isoformat(), version.ends_on.isoformat()


@bp.route("/<lang>/caseload/code", methods=["GET", "POST"])
@guard(Permission.SET_CONTRACT)
def code() -> ResponseReturnValue:
    """Make a code with which one newcomer links herself to this counsellor; it is shown once."""
    if request.method == "POST":
        session[CODE] = trajectories.new_counsellor_code(
            the_viewer(), secret_key=current_app.config["SECRET_KEY"]
        )
        return redirect(url_for("trajectories.code"), 303)
    made = session.pop(CODE, "")
    link = letter_link("newcomers.counsellor", lang=DEFAULT, code=made) if made else ""
    return render_template("trajectories/code.html", code=made, link=link)
