"""What a contact person answers, with a link and no account, or signed in. Opening a page changes nothing."""

from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.errors import Invalid, Moved, NotFound
from app.forms.base import Form
from app.forms.hours import CorrectionForm, RefusalForm, SignatureForm
from app.i18n import active, ngettext
from app.i18n import gettext as _
from app.models import HourEntry, Proof
from app.queries.hours import AWAITING, last_notes, to_answer
from app.queries.proofs import listed, proofs_of
from app.queries.reach import one, rows
from app.security.permissions import Permission
from app.services import confirmations
from app.services.confirmations import Signer
from app.services.erasures import contacts
from app.services.proofs import entries_on
from app.vocabulary import HoursRefusal
from app.web.addresses import letter_link
from app.web.guards import guard
from app.web.hours import track_for
from app.web.proofs import pdf_of
from app.web.viewing import the_viewer

bp = Blueprint("confirmations", __name__)
PROOFS_SHOWN = 20


@bp.route("/<lang>/c/<token>", methods=["GET", "POST"])
@guard(Permission.USE_LINK)
def show(token: str) -> ResponseReturnValue:
    """The lines addressed to the holder of this link; the button says that they are right."""
    return _lines(
        confirmations.signer_by_link(token, the_viewer()), url_for("confirmations.show", token=token), token
    )


@bp.route("/<lang>/c/<token>/delete", methods=["GET", "POST"])
@guard(Permission.USE_LINK)
def forget(token: str) -> ResponseReturnValue:
    """A contact person without an account wants to be erased; looking changes nothing."""
    contacts.contact_of(token)
    form, done = Form(), False
    if form.validate_on_submit():
        contacts.ask(token)
        done = True
    return render_template("confirmations/forget.html", form=form, done=done, token=token)


@bp.route("/<lang>/c/<token>/<int:entry_id>", methods=["GET", "POST"])
@guard(Permission.USE_LINK)
def differ(token: str, entry_id: int) -> ResponseReturnValue:
    """One line that is not right: another length, or no."""
    return _line(
        confirmations.signer_by_link(token, the_viewer()),
        entry_id,
        url_for("confirmations.show", token=token),
    )


@bp.route("/<lang>/to-confirm", methods=["GET", "POST"])
@guard(Permission.SIGN_HOURS)
def mine() -> ResponseReturnValue:
    """The lines addressed to a buddy, or to a contact of an organisation, who is signed in."""
    return _lines(confirmations.signer_by_account(the_viewer()), url_for("confirmations.mine"))


@bp.route("/<lang>/to-confirm/<int:entry_id>", methods=["GET", "POST"])
@guard(Permission.SIGN_HOURS)
def differ_mine(entry_id: int) -> ResponseReturnValue:
    """One of those lines that is not right."""
    return _line(confirmations.signer_by_account(the_viewer()), entry_id, url_for("confirmations.mine"))


@bp.route("/<lang>/c/<token>/proof/<int:proof_id>", methods=["GET", "POST"])
@guard(Permission.USE_LINK)
def proof(token: str, proof_id: int) -> ResponseReturnValue:
    """A proof addressed to the holder of this link: look at its lines, and sign."""
    signer = confirmations.signer_by_link(token, the_viewer())
    here, pdf = (
        url_for(f"confirmations.{name}", token=token, proof_id=proof_id) for name in ("proof", "proof_pdf")
    )
    return _proof(signer, proof_id, here, url_for("confirmations.show", token=token), pdf)


@bp.get("/<lang>/c/<token>/proof/<int:proof_id>.pdf")
@guard(Permission.USE_LINK)
def proof_pdf(token: str, proof_id: int) -> ResponseReturnValue:
    """The paper that the holder of this link signed."""
    return pdf_of(_addressed(confirmations.signer_by_link(token, the_viewer()), proof_id))


@bp.route("/<lang>/to-confirm/proof/<int:proof_id>", methods=["GET", "POST"])
@guard(Permission.SIGN_HOURS)
def my_proof(proof_id: int) -> ResponseReturnValue:
    """The same, signed in."""
    signer = confirmations.signer_by_account(the_viewer())
    here, pdf = (url_for(f"confirmations.{name}", proof_id=proof_id) for name in ("my_proof", "my_proof_pdf"))
    return _proof(signer, proof_id, here, url_for("confirmations.mine"), pdf)


@bp.get("/<lang>/to-confirm/proof/<int:proof_id>.pdf")
@guard(Permission.SIGN_HOURS)
def my_proof_pdf(proof_id: int) -> ResponseReturnValue:
    """The paper that a contact person with an account signed."""
    return pdf_of(_addressed(confirmations.signer_by_account(the_viewer()), proof_id))


def _addressed(signer: Signer, proof_id: int) -> Proof:
    return one(proofs_of(signer.lines).where(Proof.id == proof_id))


def _proof(signer: Signer, proof_id: int, here: str, back: str, pdf: str) -> ResponseReturnValue:
    found, form = _addressed(signer, proof_id), SignatureForm()
    if form.validate_on_submit():
        try:
            confirmations.sign(
                signer, proof_id, seen=_ids(request.form.getlist("entry")), remark=form.remark.data or "", track_for=proofs_at
            )  # fmt: skip
            flash(_("Thank you. The proof is signed."), "good")
        except Moved as moved:
            flash(moved.message, "wait")
        return redirect(here, 303)
    return render_template(
        "confirmations/proof.html", signer=signer, proof=found, lines=entries_on(found), form=form, here=here, back=back,
        pdf=pdf,
    ), 422 if form.errors else 200  # fmt: skip


def proofs_at(locale: str) -> str:
    """The absolute address of a newcomer's own proofs."""
    return letter_link("proofs.mine", lang=locale)


def _lines(signer: Signer, here: str, token: str = "") -> ResponseReturnValue:
    if request.method == "POST":
        chosen = _ids(request.form.getlist("entry"))
        if not chosen:
            flash(_("Tick what is right."), "wait")
            return redirect(here, 303)
        try:
            done = confirmations.confirm(signer, chosen)
            flash(
                ngettext(
                    "Thank you. You confirmed %(num)s time.", "Thank you. You confirmed %(num)s times.", done
                ),
                "good",
            )
        except Moved as refusal:
            flash(refusal.message, "wait")
        return redirect(here, 303)
    entries = rows(to_answer(signer.lines))
    waiting = [entry for entry in entries if entry.state in AWAITING]
    collecting, signed = listed(proofs_of(signer.lines))
    return render_template(
        "confirmations/show.html", signer=signer, here=here, token=token, waiting=waiting, meetings=_meetings(waiting),
        answered=[entry for entry in entries if entry.state not in AWAITING], notes=last_notes([entry.id for entry in waiting]),
        collecting=collecting, signed=signed[:PROOFS_SHOWN], forgettable=bool(token) and contacts.may_ask(token),
    )  # fmt: skip


def _meetings(waiting: list[HourEntry]) -> list[list[HourEntry]]:
    """The lines of one meeting together: the same activity, begin and length."""
    found: dict[tuple[int, datetime, int], list[HourEntry]] = {}
    for entry in waiting:
        found.setdefault((entry.offer_id, entry.starts_at, entry.minutes), []).append(entry)
    return list(found.values())


def _line(signer: Signer, entry_id: int, here: str) -> ResponseReturnValue:
    entry = one(to_answer(signer.lines).where(HourEntry.id == entry_id))
    wants_refusal = request.form.get("answer") == "no"
    correction, refusal = CorrectionForm(prefix="other-"), RefusalForm(prefix="no-")
    chosen = refusal if wants_refusal else correction
    if chosen.validate_on_submit():
        try:
            if wants_refusal:
                confirmations.refuse(
                    signer,
                    entry_id,
                    reason=HoursRefusal(refusal.reason.data),
                    note=refusal.note.data or "",
                    track_for=track_for,
                    language=active(),
                )
            else:
                confirmations.correct(
                    signer,
                    entry_id,
                    minutes=correction.minutes.minutes,
                    note=correction.note.data or "",
                    track_for=track_for,
                    language=active(),
                )
            flash(_("Thank you. We tell the other person."), "good")
            return redirect(here, 303)
        except Moved as moved:
            flash(moved.message, "wait")
            return redirect(here, 303)
        except Invalid as refused:
            chosen.refuse(refused.field, refused.message)
    return render_template(
        "confirmations/differ.html", entry=entry, here=here, correction=correction, refusal=refusal
    ), 422 if chosen.errors else 200  # fmt: skip


def _ids(texts: list[str]) -> list[int]:
    if not all(text.isascii() and text.isdigit() and len(text) < 10 for text in texts):
        raise NotFound()
    return [int(text) for text in texts]
