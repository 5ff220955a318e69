"""What a contact person answers, with a link and no account, or signed in. Opening a page changes nothing."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.errors import Invalid, Moved, NotFound
from app.forms.hours import CorrectionForm, RefusalForm
from app.i18n import active, ngettext
from app.i18n import gettext as _
from app.models import HourEntry
from app.queries.hours import AWAITING, last_notes, to_answer
from app.queries.reach import one, rows
from app.security.permissions import Permission
from app.services import confirmations
from app.services.confirmations import Signer
from app.vocabulary import HoursRefusal
from app.web.guards import guard
from app.web.hours import track_for
from app.web.viewing import the_viewer

bp = Blueprint("confirmations", __name__)


@bp.route("/<lang>/c/<token>", methods=["GET", "POST"])
@guard(Permission.USE_LINK)
def show(token: str) -> ResponseReturnValue:
    """The lines addressed to the holder of this link; the button says that they are right."""
    return _lines(
        confirmations.signer_by_link(token, the_viewer()), url_for("confirmations.show", token=token), token
    )


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


def _lines(signer: Signer, here: str, token: str = "") -> ResponseReturnValue:
    if request.method == "POST":
        try:
            done = confirmations.confirm(signer, _ids(request.form.getlist("entry")))
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
    return render_template(
        "confirmations/show.html", signer=signer, here=here, token=token, waiting=waiting,
        answered=[entry for entry in entries if entry.state not in AWAITING], notes=last_notes([entry.id for entry in waiting]),
    )  # fmt: skip


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
