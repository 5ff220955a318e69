"""Telling hours in four taps, and what becomes of them until they are confirmed."""

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Select

from app.errors import Invalid
from app.forms.hours import OccasionForm, TellForm
from app.i18n import gettext as _
from app.i18n import speak
from app.models import ContactPerson, HourEntry, Offer
from app.queries.hours import NO_COUNTER, entries_for, last_notes, offers_to_tell, partners_of
from app.queries.newcomers import own_entries
from app.queries.reach import one, rows
from app.reference.writing import language_of
from app.security.permissions import Permission
from app.security.secrets import new_token
from app.services import hours
from app.vocabulary import OfferKind
from app.web.addresses import active_language, letter_link
from app.web.guards import guard
from app.web.qr import qr_picture
from app.web.viewing import the_viewer

bp = Blueprint("hours", __name__)
LINKS = "links_to_pass_on"  # of this browser: contact person -> secret, the last few
LINKS_KEPT = 5
KIND_PICTURES = {
    "conversation_group": "messages-square", "volunteering": "hand-helping", "course": "graduation-cap",
    "sociocultural_association": "drama", "sport": "volleyball", "other": "shapes", "buddy": "handshake",
    "informal_participation": "coffee", "work_placement": "briefcase-business",
}  # fmt: skip


def link_for(locale: str, token: str) -> str:
    """The absolute address of the page where a contact person answers."""
    return letter_link("confirmations.show", lang=locale, token=token)


def track_for(locale: str) -> str:
    """The absolute address of a newcomer's own track."""
    return letter_link("newcomers.track", lang=locale)


def keep_link(contact_person_id: int, token: str) -> None:
    """Remember a link to pass on in this browser: it is told once."""
    contact = str(contact_person_id)
    kept = [(key, value) for key, value in session.get(LINKS, {}).items() if key != contact]
    session[LINKS] = dict([*kept, (contact, token)][-LINKS_KEPT:])


def kept_link(contact: ContactPerson) -> str:
    """The link for that contact person that was made in this browser, or nothing."""
    token = session.get(LINKS, {}).get(str(contact.id))
    return link_for(contact.locale, token) if token else ""


@bp.get("/<lang>/hours")
@guard(Permission.TELL_HOURS)
def index() -> ResponseReturnValue:
    """All that was told, the latest first."""
    viewer = the_viewer()
    told = own_entries(viewer.newcomer_id) if viewer.newcomer_id else rows(_own())
    return render_template("hours/index.html", entries_told=told)


@bp.get("/<lang>/hours/tell")
@guard(Permission.TELL_HOURS)
def tell() -> ResponseReturnValue:
    """What was it? The first tap."""
    return render_template(
        "hours/tell.html",
        partners=partners_of(the_viewer()),
        offers=rows(offers_to_tell(the_viewer())),
        kinds=KIND_PICTURES,
        other=the_viewer().newcomer_id,
    )


@bp.route("/<lang>/hours/tell/<int:offer_id>", methods=["GET", "POST"])
@guard(Permission.TELL_HOURS)
def about(offer_id: int) -> ResponseReturnValue:
    """When and how long, for something of the list."""
    offer = one(offers_to_tell(the_viewer()).where(Offer.id == offer_id))
    form = _keyed(TellForm())
    if form.validate_on_submit():
        try:
            entry = hours.tell(the_viewer(), offer_id, _telling(form), link_for)
            return redirect(url_for("hours.show", entry_id=entry.id), 303)
        except Invalid as refusal:
            _refuse(form, refusal)
    return render_template(
        "hours/about.html",
        partners=partners_of(the_viewer()),
        form=form,
        offer=offer,
        asks_sure=_asks_sure(form),
    ), 422 if form.errors else 200


@bp.route("/<lang>/hours/tell/other", methods=["GET", "POST"])
@guard(Permission.OWN_TRACK)
def other() -> ResponseReturnValue:
    """Something that is not in the list, with the person who can confirm it."""
    form = _keyed(OccasionForm())
    if form.validate_on_submit():
        occasion = hours.Occasion(
            kind=OfferKind(form.kind.data), title=form.title.data, contact_name=form.contact_name.data,
            contact_email=form.contact_email.data or None, contact_phone=form.contact_phone.data or None,
            language=language_of(form.title.data, active_language()),
        )  # fmt: skip
        try:
            entry = hours.tell_other(the_viewer(), occasion, _telling(form))
            return redirect(url_for("hours.show", entry_id=entry.id), 303)
        except Invalid as refusal:
            _refuse(form, refusal)
    return render_template(
        "hours/other.html", form=form, kinds=KIND_PICTURES, asks_sure=_asks_sure(form)
    ), 422 if form.errors else 200  # fmt: skip


@bp.get("/<lang>/hours/<int:entry_id>")
@guard(Permission.TELL_HOURS)
def show(entry_id: int) -> ResponseReturnValue:
    """One time that was told, and what can be done with it now."""
    entry = one(_own().where(HourEntry.id == entry_id))
    link = kept_link(entry.contact_person)
    with speak(entry.contact_person.locale):
        words = [
            _("Will you look whether my hours are right? It takes less than a minute."),
            _("Are these hours right?"),
        ]
    return render_template(
        "hours/show.html",
        entry=entry,
        link=link,
        words=words,
        qr=qr_picture(link) if link else "",
        note=last_notes([entry.id]).get(entry.id, ""),
    )


@bp.post("/<lang>/hours/<int:entry_id>/send")
@guard(Permission.TELL_HOURS)
def send(entry_id: int) -> ResponseReturnValue:
    """Send it to the contact person, and make a link to pass on."""
    token = hours.send(the_viewer(), entry_id, link_for)
    keep_link(one(_own().where(HourEntry.id == entry_id)).contact_person_id, token)
    return redirect(url_for("hours.show", entry_id=entry_id), 303)


@bp.route("/<lang>/hours/<int:entry_id>/take-back", methods=["GET", "POST"])
@guard(Permission.TELL_HOURS)
def take_back(entry_id: int) -> ResponseReturnValue:
    """Take back what was told by mistake."""
    if request.method == "POST":
        hours.take_back(the_viewer(), entry_id)
        flash(_("These hours are taken back."), "good")
        return redirect(url_for("hours.index"), 303)
    return render_template("hours/take_back.html", entry=one(_own().where(HourEntry.id == entry_id)))


@bp.post("/<lang>/hours/<int:entry_id>/agree")
@guard(Permission.OWN_TRACK)
def agree(entry_id: int) -> ResponseReturnValue:
    """Agree with another length, or not."""
    if request.form.get("answer") == "yes":
        try:
            hours.agree(the_viewer(), entry_id)
            flash(_("Thank you. These hours are confirmed."), "good")
        except Invalid as refusal:
            flash(refusal.message, "bad")
    else:
        hours.disagree(the_viewer(), entry_id, link_for)
        flash(_("Your contact person looks at it again."), "info")
    return redirect(url_for("hours.show", entry_id=entry_id), 303)


def _own() -> Select[HourEntry]:
    return entries_for(the_viewer(), Permission.TELL_HOURS).where(NO_COUNTER)


def _keyed(form: TellForm) -> TellForm:
    """The form with the mark that makes it count once."""
    if not form.key.data:
        form.key.data = new_token()
    return form


def _telling(form: TellForm) -> hours.Telling:
    return hours.Telling(
        day=form.chosen_day, at=form.chosen_time, minutes=form.chosen_minutes, dutch_company=form.dutch.data == "yes",
        key=(form.key.data or "")[:100], sure=form.sure.data,
    )  # fmt: skip


def _refuse(form: TellForm, refusal: Invalid) -> None:
    field = refusal.field
    if field == "day" and form.day.data == "other":
        field = "other_day"
    if field == "minutes" and form.minutes.data == "other":
        field = "other_minutes"
    form.refuse(field, refusal.message)


def _asks_sure(form: TellForm) -> bool:
    return bool(form.sure.errors or form.sure.data)
