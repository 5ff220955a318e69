"""Activities, for who makes them and who checks them: step by step, in other languages, and until when they go on."""

from datetime import time, timedelta
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.clock import today
from app.errors import Invalid
from app.extensions import limiter
from app.forms.activities import (
    LONGEST_TEXT,
    CheckForm,
    GoOnForm,
    NoteForm,
    TermsForm,
    TextForm,
    WhereForm,
    WordsForm,
    answers_of,
)
from app.forms.base import names
from app.i18n import LANGUAGES, is_language, language
from app.i18n import gettext as _
from app.models import Gathering, Offer, Organisation
from app.queries.offer_days import next_times
from app.queries.offer_texts import text_of
from app.queries.organisations import contacts_of, offers_for, organisations_for
from app.queries.reach import one, rows
from app.reference.readability import hints
from app.security.permissions import Permission, Scope
from app.services import offer_days, offer_endings, offer_texts, offer_writing, offers
from app.services.offer_writing import Terms, Where, Words, where_of
from app.vocabulary import DayPart, Interest, OfferKind, Weekday, choices
from app.vocabulary.activities import NeededDutch, OfferGoal, OfferState, Suited, TextState
from app.vocabulary.rhythms import rhythm_lines
from app.web.addresses import letter_link
from app.web.guards import guard
from app.web.viewing import the_viewer

bp = Blueprint("activities", __name__)

LEVELS = {level.value: level.label for level in NeededDutch}
USUAL = timedelta(days=183)


def page_for(locale: str, offer_id: int) -> str:
    """The page of an activity for its organisation, for a letter."""
    return letter_link("activities.show", lang=locale, offer_id=offer_id)


@bp.route("/<lang>/my-activities/organisation/<int:organisation_id>/new", methods=["GET", "POST"])
@guard(Permission.EDIT_OFFER)
def new(organisation_id: int) -> ResponseReturnValue:
    """Begin an activity with what it is."""
    house, form = _house(organisation_id), WordsForm()
    if not _only_hints() and form.validate_on_submit():
        key = offer_writing.begin(the_viewer(), organisation_id, _words(form))
        return redirect(url_for("activities.where", offer_id=key, position=1), 303)
    return _words_page(form, back=url_for("organisations.mine"), house=house)


@bp.post("/<lang>/my-activities/hints")
@guard(Permission.EDIT_OFFER)
@limiter.limit("120 per minute")
def say_hints() -> ResponseReturnValue:
    """Hints for plain Dutch about a text that somebody is typing, as a part of the page; nothing is kept."""
    return render_template(
        "activities/_hints.html", hints=hints(request.form.get("words", "")[:LONGEST_TEXT])
    )


@bp.get("/<lang>/my-activities/<int:offer_id>")
@guard(Permission.EDIT_OFFER)
def show(offer_id: int) -> ResponseReturnValue:
    """Where it stands, what is missing, and what can be done with it."""
    return _overview(_own(offer_id))


@bp.route("/<lang>/my-activities/<int:offer_id>/words", methods=["GET", "POST"])
@guard(Permission.EDIT_OFFER)
def words(offer_id: int) -> ResponseReturnValue:
    """Change what it is."""
    offer = _own(offer_id)
    form = WordsForm(obj=offer)
    if not _only_hints() and form.validate_on_submit():
        offer_writing.change_words(the_viewer(), offer_id, _words(form))
        return _kept(offer_id)
    return _words_page(form, back=url_for("activities.show", offer_id=offer_id), house=offer.organisation)


@bp.route("/<lang>/my-activities/<int:offer_id>/where/<int:position>", methods=["GET", "POST"])
@guard(Permission.EDIT_OFFER)
def where(offer_id: int, position: int) -> ResponseReturnValue:
    """One place with its dates; the one after the last is new."""
    offer = _own(offer_id)
    places = offer.gatherings
    if not 1 <= position <= len(places) + 1:
        abort(404)
    kept = places[position - 1] if position <= len(places) else None
    form = _where_form(offer, kept)
    if form.validate_on_submit():
        given = [where_of(place) for place in places]
        given[position - 1 : position] = [Where(**form.where(today()))]
        try:
            offer_writing.change_gatherings(
                the_viewer(), offer_id, given, when_words=form.when_words.data or ""
            )
        except Invalid as refusal:
            form.refuse(refusal.field, refusal.message)
        else:
            if offer.fluent_speakers is None:
                return redirect(url_for("activities.terms", offer_id=offer_id), 303)
            return _kept(offer_id)
    return render_template(
        "activities/where.html", form=form, offer=offer, position=position, new=kept is None, days=choices(Weekday),
        parts=choices(DayPart),
    ), 422 if form.errors else 200  # fmt: skip


@bp.post("/<lang>/my-activities/<int:offer_id>/where/<int:position>/remove")
@guard(Permission.EDIT_OFFER)
def remove_place(offer_id: int, position: int) -> ResponseReturnValue:
    """Leave out one place."""
    offer = _own(offer_id)
    given = [where_of(place) for at, place in enumerate(offer.gatherings, start=1) if at != position]
    offer_writing.change_gatherings(the_viewer(), offer_id, given, when_words=offer.when_words)
    return _kept(offer_id)


@bp.route("/<lang>/my-activities/<int:offer_id>/terms", methods=["GET", "POST"])
@guard(Permission.EDIT_OFFER)
def terms(offer_id: int) -> ResponseReturnValue:
    """The two criteria, who signs, how many can come, and for how much."""
    offer = _own(offer_id)
    form = TermsForm(obj=offer)
    people = rows(contacts_of(offer.organisation_id or 0))
    form.contact_person_id.choices = names([(str(person.id), person.name) for person in people])
    if request.method == "GET":
        form.price.fill(offer.price_cents)
        form.reduced.fill(offer.reduced_cents)
    if form.validate_on_submit():
        try:
            offer_writing.change_terms(the_viewer(), offer_id, Terms(**form.terms()))
        except Invalid as refusal:
            form.refuse(TERM_FIELDS.get(refusal.field or "", refusal.field), refusal.message)
        else:
            return _kept(offer_id)
    return render_template("activities/terms.html", form=form, offer=offer), 422 if form.errors else 200


TERM_FIELDS = {"reduced_cents": "reduced", "price_cents": "price"}


@bp.route("/<lang>/my-activities/<int:offer_id>/texts/<tag>", methods=["GET", "POST"])
@guard(Permission.EDIT_OFFER)
def text(offer_id: int, tag: str) -> ResponseReturnValue:
    """The activity in one other language."""
    offer = _own(offer_id)
    if not is_language(tag) or tag == offer.words_language:
        abort(404)
    kept = text_of(offer, tag)
    form = TextForm(obj=kept)
    if form.validate_on_submit():
        offer_texts.write_text(
            the_viewer(),
            offer_id,
            tag,
            title=form.title.data,
            words=form.words.data or "",
            by_machine=form.by_machine.data,
        )
        return _kept(offer_id)
    return render_template(
        "activities/text.html", form=form, offer=offer, kept=kept, written=language(tag), TextState=TextState
    ), 422 if form.errors else 200


@bp.post("/<lang>/my-activities/<int:offer_id>/texts/<tag>/<any(check, remove):act>")
@guard(Permission.EDIT_OFFER)
def text_act(offer_id: int, tag: str, act: str) -> ResponseReturnValue:
    """Say that the text is right, or show Dutch again."""
    {"check": offer_texts.check_text, "remove": offer_texts.remove_text}[act](the_viewer(), offer_id, tag)
    return _kept(offer_id)


@bp.post("/<lang>/my-activities/<int:offer_id>/<any(send, take_back, end):act>")
@guard(Permission.EDIT_OFFER)
def change_state(offer_id: int, act: str) -> ResponseReturnValue:
    """Send it to be checked, show it no longer, or say that it is over."""
    said = {
        "send": _("Your activity goes to the coordinator of your network, who looks at it."),
        "take_back": _("Nobody sees this activity any more."),
        "end": _("This activity is over. What was told and signed for it stays."),
    }
    {"send": offers.send_to_check, "take_back": offers.take_back, "end": offers.end}[act](
        the_viewer(), offer_id
    )
    flash(said[act], "good")
    return redirect(url_for("activities.show", offer_id=offer_id), 303)


@bp.post("/<lang>/my-activities/<int:offer_id>/times/<int:occurrence_id>/<any(call_off, put_back):act>")
@guard(Permission.EDIT_OFFER)
def change_time(offer_id: int, occurrence_id: int, act: str) -> ResponseReturnValue:
    """It does not take place at that time, or it does after all."""
    said = {"call_off": _("It does not take place that day."), "put_back": _("It takes place that day.")}
    {"call_off": offer_days.call_off, "put_back": offer_days.put_back}[act](
        the_viewer(), offer_id, occurrence_id
    )
    flash(said[act], "good")
    return redirect(url_for("activities.show", offer_id=offer_id, _anchor="times"), 303)


@bp.post("/<lang>/my-activities/<int:offer_id>/go-on")
@guard(Permission.EDIT_OFFER)
def go_on(offer_id: int) -> ResponseReturnValue:
    """It goes on until that day."""
    offer, form = _own(offer_id), GoOnForm()
    if form.validate():
        try:
            offers.go_on(the_viewer(), offer_id, form.until.data or today() + USUAL)
        except Invalid as refusal:
            form.refuse(refusal.field, refusal.message)
        else:
            flash(_("The activity goes on."), "good")
            return redirect(url_for("activities.show", offer_id=offer_id), 303)
    return _overview(offer, form)


@bp.route("/<lang>/activities/<int:offer_id>/check", methods=["GET", "POST"])
@guard(Permission.PUBLISH_OFFER)
def check(offer_id: int) -> ResponseReturnValue:
    """The coordinator looks at it and publishes it."""
    offer, form = _to_check(offer_id), CheckForm()
    if form.validate_on_submit():
        offers.publish(the_viewer(), offer_id, page_for=page_for, seen=request.form.get("seen"))
        flash(_("The activity is published. Everybody can see it."), "good")
        return redirect(url_for("activities.check", offer_id=offer_id), 303)
    return _check_page(offer, form)


@bp.post("/<lang>/activities/<int:offer_id>/send-back")
@guard(Permission.PUBLISH_OFFER)
def send_back(offer_id: int) -> ResponseReturnValue:
    """The coordinator gives it back with what should be better."""
    offer, note = _to_check(offer_id), NoteForm()
    if note.validate():
        try:
            offers.send_back(the_viewer(), offer_id, note=note.note.data or "", page_for=page_for)
        except Invalid as refusal:
            note.refuse(refusal.field, refusal.message)
        else:
            flash(_("The organisation reads what should be better."), "good")
            return redirect(url_for("activities.check", offer_id=offer_id), 303)
    return _check_page(offer, CheckForm(formdata=None), note)


@bp.route("/<lang>/g/<token>", methods=["GET", "POST"])
@guard(Permission.USE_LINK)
def goes_on(token: str) -> ResponseReturnValue:
    """A contact person says whether an activity goes on, without an account; the buttons do it, not the opening."""
    offer, form = offer_endings.offer_of_link(token, the_viewer()), GoOnForm()
    if form.validate_on_submit():
        until = None if request.form.get("answer") == "no" else form.until.data or today() + USUAL
        try:
            offer_endings.answer(token, the_viewer(), until=until)
        except Invalid as refusal:
            form.refuse(refusal.field, refusal.message)
        else:
            return render_template("activities/goes_on_thanks.html", until=until, last=offer.ends_on)
    return render_template(
        "activities/goes_on.html", form=form, offer=offer, usual=today() + USUAL
    ), 422 if form.errors else 200


def _own(offer_id: int) -> Offer:
    return one(offers_for(the_viewer()).where(Offer.id == offer_id))


def _to_check(offer_id: int) -> Offer:
    return one(offers_for(the_viewer(), Permission.PUBLISH_OFFER).where(Offer.id == offer_id))


def _house(organisation_id: int) -> Organisation:
    return one(organisations_for(the_viewer()).where(Organisation.id == organisation_id))


def _kept(offer_id: int) -> ResponseReturnValue:
    flash(_("Your changes are saved."), "good")
    return redirect(url_for("activities.show", offer_id=offer_id), 303)


def _only_hints() -> bool:
    """Whether only the hints for plain Dutch were asked for: nothing is kept yet."""
    return request.form.get("hints") == "1"


def _words(form: WordsForm) -> Words:
    return Words(
        title=form.title.data, kind=OfferKind(form.kind.data), words=form.words.data or "", goals=form.goals.data or [],
        interests=form.interests.data or [], suited=form.suited.data or [], dutch_level=form.dutch_level.data or "none",
        link=form.link.data or "",
    )  # fmt: skip


def _words_page(form: WordsForm, *, back: str, house: Organisation | None) -> ResponseReturnValue:
    return render_template(
        "activities/words.html", form=form, back=back, house=house,
        hints=hints(form.words.data or "") if form.words.data else None,
    ), 422 if form.errors else 200  # fmt: skip


def _where_form(offer: Offer, kept: Gathering | None) -> WhereForm:
    """The form of that place as it is kept; for a new one the town of the organisation."""
    if kept is None:
        house = offer.organisation
        town = f"{house.postcode} {house.locality}".strip() if house and not offer.gatherings else ""
        return WhereForm(data={"town": town, "skips_public_holidays": True, "when_words": offer.when_words})
    said = answers_of(kept.rule) if kept.rule else {}
    form = WhereForm(
        data={
            "town": f"{kept.postcode} {kept.locality}".strip() or kept.municipality, "place": kept.place,
            "address": kept.address, "route": kept.route, "first_on": kept.first_on, "slots": list(kept.slots),
            "start": time.fromisoformat(kept.start) if kept.start else None, "when_words": offer.when_words,
            "ends": _ends(kept), "skips_public_holidays": kept.skips_public_holidays,
            "skips_school_holidays": kept.skips_school_holidays, "rhythm": "dates" if kept.rhythm.fixed else "open",
            **({"rhythm": "kept"} if said is None else said),
        }, kept_rule=kept.rule if said is None else "",
    )  # fmt: skip
    if request.method == "GET":
        form.dates.fill(list(kept.dates))
        form.except_dates.fill(list(kept.except_dates))
    return form


def _ends(kept: Gathering) -> time | None:
    if not kept.start or not kept.minutes:
        return None
    begins = time.fromisoformat(kept.start)
    total = (begins.hour * 60 + begins.minute + kept.minutes) % (24 * 60)
    return time(total // 60, total % 60)


def _overview(offer: Offer, form: GoOnForm | None = None) -> ResponseReturnValue:
    form = form or GoOnForm(formdata=None, data={"until": today() + USUAL})
    texts = {text.language: text for text in offer.texts}
    return render_template(
        "activities/show.html", offer=offer, form=form, missing=offers.still_missing(offer), State=OfferState,
        texts=texts, TextState=TextState, times=next_times(offer) if offer.state is OfferState.PUBLISHED else [],
        **_shown(offer),
        others=[item for item in LANGUAGES if item.tag != offer.words_language],
    ), 422 if form.errors else 200  # fmt: skip


def _check_page(offer: Offer, form: CheckForm, note: NoteForm | None = None) -> ResponseReturnValue:
    note, viewer = note or NoteForm(formdata=None), the_viewer()
    everywhere = Scope.ALL in viewer.scopes(Permission.PUBLISH_OFFER)
    ours = everywhere or (
        offer.organisation is not None and offer.organisation.network_slug in viewer.networks
    )
    return render_template(
        "activities/check.html", offer=offer, form=form, note=note, State=OfferState, hints=hints(offer.words),
        ours=ours, version=offers.version(offer), **_shown(offer),
    ), 422 if form.errors or note.errors else 200  # fmt: skip


def _shown(offer: Offer) -> dict[str, Any]:
    """What the activity is, in the words of the page: its places with their times, and its tags."""
    return {
        "lines": [(place, rhythm_lines(place.rhythm, place.slots, on=today())) for place in offer.gatherings],
        "level": LEVELS[offer.dutch_level], "goals": [OfferGoal(tag).label for tag in offer.goals],
        "interests": [Interest(tag).label for tag in offer.interests],
        "suited": [Suited(tag).label for tag in offer.suited],
    }  # fmt: skip
