"""Attendance sheets: printed for a meeting by newcomers and contact persons, entered by staff when they are signed."""

from datetime import time
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.clock import today
from app.errors import Invalid, Moved, NotFound
from app.forms.attendance import OwnLengthForm, PaperForm, SheetCodeForm
from app.forms.base import options
from app.forms.hours import PrintForm, PrintGroupForm
from app.i18n import DEFAULT, active, ngettext
from app.i18n import gettext as _
from app.models import AttendanceName, AttendanceSheet, Offer
from app.queries.attendance import offers_of
from app.queries.hours import offers_to_tell, partners_of
from app.queries.reach import one, rows
from app.security.permissions import Permission
from app.services import attendance as services
from app.services import confirmations
from app.services.confirmations import Signer
from app.services.hours import Telling
from app.web.guards import guard
from app.web.hours import track_for
from app.web.viewing import the_viewer

bp = Blueprint("attendance", __name__)


@bp.route("/<lang>/hours/tell/<int:offer_id>/sheet", methods=["GET", "POST"])
@guard(Permission.TELL_HOURS)
def own(offer_id: int) -> ResponseReturnValue:
    """A sheet for one meeting of a newcomer, or of a duo."""
    viewer, form = the_viewer(), PrintForm()
    offer = one(offers_to_tell(viewer).where(Offer.id == offer_id))
    if form.validate_on_submit():
        try:
            sheet = services.sheet_for_oneself(viewer, offer_id, form.day.day)
            return redirect(url_for("attendance.paper", lang=DEFAULT, token=sheet.code), 303)
        except Invalid as refusal:
            form.refuse(refusal.field, refusal.message)
    return render_template(
        "attendance/own.html", form=_from_today(form), offer=offer, partners=partners_of(viewer)
    ), 422 if form.errors else 200  # fmt: skip


@bp.route("/<lang>/c/<token>/sheet", methods=["GET", "POST"])
@guard(Permission.USE_LINK)
def by_link(token: str) -> ResponseReturnValue:
    """A sheet for the group of a contact person who has a link."""
    return _group(
        confirmations.signer_by_link(token, the_viewer()), url_for("confirmations.show", token=token)
    )


@bp.route("/<lang>/to-confirm/sheet", methods=["GET", "POST"])
@guard(Permission.SIGN_HOURS)
def mine() -> ResponseReturnValue:
    """A sheet for the group of a buddy or of an organisation, signed in."""
    return _group(confirmations.signer_by_account(the_viewer()), url_for("confirmations.mine"))


def _group(signer: Signer, back: str) -> ResponseReturnValue:
    form = PrintGroupForm()
    form.offer.choices = options((str(offer.id), offer.title) for offer in rows(offers_of(signer.lines)))
    if form.validate_on_submit():
        try:
            sheet = services.sheet_for_group(signer, form.offer.data, form.day.day)
            return redirect(url_for("attendance.paper", lang=DEFAULT, token=sheet.code), 303)
        except Invalid as refusal:
            form.refuse(refusal.field, refusal.message)
    return render_template(
        "attendance/group.html", form=_from_today(form), back=back
    ), 422 if form.errors else 200  # fmt: skip


def _from_today(form: PrintForm) -> PrintForm:
    if request.method == "GET":
        form.day.data = today().isoformat()
    return form


@bp.get("/<lang>/sheet/<token>")
@guard(Permission.USE_LINK)
def paper(token: str) -> ResponseReturnValue:
    """The sheet itself, to be printed, in the language of those who sign and enter it: Dutch. The code opens it."""
    sheet = services.sheet_of(token)
    if active() != DEFAULT:
        return redirect(url_for("attendance.paper", lang=DEFAULT, token=token))
    return render_template("attendance/sheet.html", sheet=sheet, code=grouped(sheet.code))


@bp.route("/<lang>/sheets", methods=["GET", "POST"])
@guard(Permission.ENTER_SHEETS)
def code() -> ResponseReturnValue:
    """Type the code of a signed sheet."""
    form = SheetCodeForm()
    if form.validate_on_submit():
        try:
            sheet = services.sheet_of(form.code.data)
            services.names_of(the_viewer(), sheet)
            return redirect(url_for("attendance.enter", token=sheet.code), 303)
        except NotFound:
            form.refuse(
                "code",
                _("We do not know this code, or the sheet is not of your network, agency or organisation."),
            )
    return render_template("attendance/code.html", form=form), 422 if form.errors else 200


@bp.route("/<lang>/sheets/<token>", methods=["GET", "POST"])
@guard(Permission.ENTER_SHEETS)
def enter(token: str) -> ResponseReturnValue:
    """Tick who was there and for how long, with the name of who signed."""
    viewer, form = the_viewer(), PaperForm()
    sheet = services.sheet_of(token)
    names = services.names_of(viewer, sheet)
    # The form around them holds the token that each of these would ask for.
    lengths = {name.id: OwnLengthForm(prefix=f"name-{name.id}-", meta={"csrf": False}) for name in names}
    fine = form.validate_on_submit()
    readable = [length.validate() for length in lengths.values()]  # each of them, to show all that is wrong
    if fine and all(readable):
        try:
            done = services.enter(
                viewer, sheet, _telling(form), _ticked(form, lengths), _signature(form), track_for=track_for
            )
            flash(
                ngettext(
                    "%(num)s time is confirmed from the sheet.",
                    "%(num)s times are confirmed from the sheet.",
                    done,
                ),
                "good",
            )
            return redirect(url_for("attendance.enter", token=sheet.code), 303)
        except Moved as moved:
            flash(moved.message, "wait")
            return redirect(url_for("attendance.enter", token=sheet.code), 303)
        except Invalid as refusal:
            form.refuse(refusal.field, refusal.message)
    if request.method == "GET":
        _fill(form, sheet)
    stands = [(name, _stands(name)) for name in names]
    wrong = bool(form.errors) or any(length.errors for length in lengths.values())
    return render_template(
        "attendance/enter.html", form=form, sheet=sheet, code=grouped(sheet.code), lengths=lengths,
        names=stands, left=any(not stand for _name, stand in stands), ticked=request.form.getlist("name"),
        asks_sure=bool(form.sure.errors or form.sure.data),
    ), 422 if wrong else 200  # fmt: skip


def grouped(code: str) -> str:
    """A code in two groups, to be read from paper."""
    return f"{code[:5]}-{code[5:]}"


def _stands(name: AttendanceName) -> str:
    """Why hours cannot be entered for a name, if so: "entered" before, or "own" case."""
    if name.entry_id is not None:
        return "entered"
    return "own" if services.is_own_case(the_viewer(), name) else ""


def _fill(form: PaperForm, sheet: AttendanceSheet) -> None:
    form.day.data = form.signed_on.data = min(sheet.day, today()).isoformat()
    form.signed_name.data = sheet.offer.contact_person.name


def _telling(form: PaperForm) -> Telling:
    return Telling(
        day=form.day.day or today(), at=form.at.clock or time(), minutes=form.minutes.minutes or 0,
        dutch_company=form.dutch.data == "yes", key="", sure=form.sure.data,
    )  # fmt: skip


def _signature(form: PaperForm) -> services.Signature:
    return services.Signature(form.signed_name.data, form.signed_on.day or today(), form.last.data)


def _ticked(form: PaperForm, lengths: dict[int, Any]) -> dict[int, int]:
    """The minutes of each name that is ticked. Raises NotFound for a name that is not on the sheet."""
    ticked = request.form.getlist("name")
    if not {str(key) for key in lengths} >= set(ticked):
        raise NotFound()
    return {int(key): lengths[int(key)].minutes.minutes or form.minutes.minutes or 0 for key in ticked}
