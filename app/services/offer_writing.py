"""Writing activities: what they are, where and when, and on which terms. Their states: offers.

What was checked is not changed behind the check: another kind or network, or other answers to the criteria, send a
published activity back to it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from app.clock import now, today
from app.db import lock, session, transaction
from app.errors import Invalid, Refusal
from app.i18n import lazy_gettext as _
from app.models import ContactPerson, Gathering, Offer, Organisation
from app.queries.organisations import contacts_of, organisations_for
from app.queries.reach import one, rows
from app.reference import gazetteer
from app.rhythms import UnfitRuleError, checked, is_start
from app.security.permissions import Permission
from app.security.predicates import demand
from app.security.viewer import Viewer
from app.services import listings
from app.services.offers import FURTHEST, LONGEST, held, move_offer
from app.services.records import audit, record_transition
from app.services.sign_ups import move_up
from app.vocabulary import OfferKind
from app.vocabulary.activities import OfferState
from app.vocabulary.masks import GOALS, LEVELS, LIKINGS, SLOTS, SUITED
from app.vocabulary.records import Subject

MOST_GATHERINGS: Final = 12
MOST_DATES: Final = 60


@dataclass(frozen=True)
class Where:
    """One place with its dates, as columns of Gathering; `postcode` and `locality` are those of the gazetteer."""

    postcode: str
    locality: str
    place: str = ""
    address: str = ""
    route: str = ""
    rule: str = ""
    first_on: date | None = None
    start: str = ""
    minutes: int | None = None
    dates: Sequence[date] = ()
    except_dates: Sequence[date] = ()
    skips_public_holidays: bool = False
    skips_school_holidays: bool = False
    slots: Sequence[str] = ()


@dataclass(frozen=True)
class Words:
    """What an activity is, in the words and with the marks that a newcomer sees; tags as in app/vocabulary."""

    title: str
    kind: OfferKind
    words: str = ""
    words_language: str = "nl"
    goals: Sequence[str] = ()
    interests: Sequence[str] = ()
    suited: Sequence[str] = ()
    dutch_level: str = "none"
    link: str = ""


@dataclass(frozen=True)
class Terms:
    """How many can come and for how much (cents), who signs, who insures, and the answers to the two criteria."""

    contact_person_id: int
    places: int | None = None
    waiting_places: int = 0
    price_cents: int | None = None
    reduced_cents: int | None = None
    price_words: str = ""
    when_words: str = ""
    insurer: str = ""
    fluent_speakers: int | None = None
    meeting_words: str = ""
    ends_on: date | None = None
    gatherings: Sequence[Where] = field(default=())


def begin(actor: Viewer, organisation_id: int, words: Words) -> int:
    """Make a draft and return its key; the first contact person signs until another is chosen.

    Raises NotFound, or Refusal for an organisation that was not accepted.
    """
    demand(actor, Permission.EDIT_OFFER)
    with transaction() as db:
        house = one(organisations_for(actor).where(Organisation.id == organisation_id))
        lock(Organisation, house.id)
        if house.refused_at is not None:
            raise Refusal(_("The coordinator did not accept this organisation."), code="refused-organisation")
        contact = rows(contacts_of(house.id).limit(1))
        if not contact:
            raise Refusal(
                _("Somebody has to speak for the organisation. First add another person."), code="last"
            )
        offer = Offer(
            organisation_id=house.id, contact_person_id=contact[0].id, network_slug=house.network_slug,
            municipality=house.municipality, state=OfferState.DRAFT, insurer=house.insurer,
        )  # fmt: skip
        _write_words(offer, words)
        db.add(offer)
        db.flush()
        record_transition(
            Subject.OFFER,
            offer.id,
            None,
            OfferState.DRAFT,
            actor=actor,
            role=actor.role_for(Permission.EDIT_OFFER),
        )
        audit(actor, "offer-begun", Subject.OFFER, offer.id, network=offer.network_slug)
        return offer.id


def change_words(actor: Viewer, offer_id: int, words: Words) -> None:
    """Change what the activity is. Another kind of a published one is checked again. Raises NotFound or Moved."""
    with transaction():
        offer = held(actor, offer_id)
        again = offer.kind is not words.kind
        _write_words(offer, words)
        _changed(actor, offer, check_again=again)


def change_gatherings(
    actor: Viewer, offer_id: int, gatherings: Sequence[Where], *, when_words: str = ""
) -> None:
    """Change where and when it is; the first place says in whose network it is. Raises NotFound, Moved or Invalid."""
    with transaction():
        offer = held(actor, offer_id)
        if not 1 <= len(gatherings) <= MOST_GATHERINGS:
            raise Invalid("place", _("Say where it is."))
        places = [_place(where) for where in gatherings]
        network = offer.network_slug
        made = [
            _gathering(at, where, place)
            for at, (where, place) in enumerate(zip(gatherings, places, strict=True))
        ]
        for old in offer.gatherings[len(made) :]:
            session().delete(old)
        for old, new in zip(offer.gatherings, made, strict=False):
            for column, value in new.items():
                setattr(old, column, value)
        offer.gatherings += [Gathering(**new) for new in made[len(offer.gatherings) :]]
        offer.municipality, offer.network_slug = places[0].municipality, places[0].network
        offer.place, offer.when_words = gatherings[0].place, when_words
        _changed(actor, offer, check_again=network != offer.network_slug)


def change_terms(actor: Viewer, offer_id: int, terms: Terms) -> None:
    """Change how many can come, for how much, who signs, and the answers to the two criteria (R06, R07).

    Other answers of a published activity are checked again. Raises NotFound, Moved or Invalid.
    """
    with transaction():
        offer = held(actor, offer_id)
        _demand_terms(offer, terms)
        again = (offer.fluent_speakers, offer.meeting_words) != (terms.fluent_speakers, terms.meeting_words)
        offer.contact_person_id = terms.contact_person_id
        for column in (
            "places", "waiting_places", "price_cents", "reduced_cents", "price_words", "insurer", "fluent_speakers",
            "meeting_words", "ends_on",
        ):  # fmt: skip
            setattr(offer, column, getattr(terms, column))
        _changed(actor, offer, check_again=again)
        move_up(offer_id)


def where_of(gathering: Gathering) -> Where:
    """A place as it is kept, to be given back with another one changed; of an older one the town says the postcode."""
    postcode, locality = gathering.postcode, gathering.locality
    if not postcode and isinstance(found := gazetteer.resolve(gathering.municipality), gazetteer.Found):
        postcode, locality = found.place.postcode, found.place.locality
    return Where(
        postcode=postcode, locality=locality, place=gathering.place, address=gathering.address,
        route=gathering.route, rule=gathering.rule, first_on=gathering.first_on, start=gathering.start,
        minutes=gathering.minutes, dates=[date.fromisoformat(day) for day in gathering.dates],
        except_dates=[date.fromisoformat(day) for day in gathering.except_dates], slots=gathering.slots,
        skips_public_holidays=gathering.skips_public_holidays, skips_school_holidays=gathering.skips_school_holidays,
    )  # fmt: skip


def _write_words(offer: Offer, words: Words) -> None:
    offer.title, offer.kind, offer.words = words.title, words.kind, words.words
    offer.words_language, offer.link = words.words_language, words.link
    offer.goals, offer.interests = _known(words.goals, GOALS), _known(words.interests, LIKINGS)
    offer.suited = _known(words.suited, SUITED)
    offer.dutch_level = words.dutch_level if words.dutch_level in LEVELS else LEVELS[0]


def _known(tags: Sequence[str], order: Sequence[str]) -> list[str]:
    return [tag for tag in order if tag in tags]


def _place(where: Where) -> gazetteer.Place:
    try:
        return gazetteer.place(where.postcode, where.locality)
    except LookupError as error:
        raise Invalid(
            "place", _("We do not know this place. Type the postcode of four figures, such as 2800.")
        ) from error


def _gathering(position: int, where: Where, place: gazetteer.Place) -> dict[str, Any]:
    """The columns of one gathering. Raises Invalid for a rule, hour or date that cannot be."""
    if where.start and not is_start(where.start):
        raise Invalid("start", _("Write the hour as 19:30."))
    try:
        rule = checked(where.rule) if where.rule else ""
    except UnfitRuleError as error:
        raise Invalid("rule", _("We cannot read these dates.")) from error
    days = [*([where.first_on] if where.first_on else []), *where.dates]
    if any(abs(day - today()) > FURTHEST for day in days) or len(where.dates) > MOST_DATES:
        raise Invalid("dates", _("Give dates in the coming three years, at most sixty of them."))
    if (rule or where.dates) and not (where.start and where.minutes):
        raise Invalid("start", _("Say at what hour it begins and how long it lasts."))
    if rule and where.first_on is None:
        raise Invalid("first_on", _("Say on which day it begins."))
    return {
        "position": position, "place": where.place, "address": where.address, "route": where.route,
        "postcode": place.postcode, "locality": place.locality, "municipality": place.municipality, "rule": rule,
        "first_on": where.first_on, "start": where.start, "minutes": where.minutes,
        "dates": sorted(day.isoformat() for day in set(where.dates)),
        "except_dates": sorted(day.isoformat() for day in set(where.except_dates)),
        "skips_public_holidays": where.skips_public_holidays, "skips_school_holidays": where.skips_school_holidays,
        "slots": _known(where.slots, SLOTS),
    }  # fmt: skip


def _demand_terms(offer: Offer, terms: Terms) -> None:
    of_house = contacts_of(offer.organisation_id or 0).where(ContactPerson.id == terms.contact_person_id)
    if not rows(of_house):
        raise Invalid("contact_person_id", _("Choose somebody who speaks for the organisation."))
    if terms.places is not None and terms.places < max(1, offer.places_taken):
        raise Invalid("places", _("More people than that have a place already."))
    if terms.waiting_places < offer.waiting_taken:
        raise Invalid("waiting_places", _("More people than that are waiting already."))
    if terms.reduced_cents is not None and terms.reduced_cents >= (terms.price_cents or 0):
        raise Invalid("reduced_cents", _("The reduced price must be lower than the price."))
    if terms.ends_on is not None and not today() <= terms.ends_on <= today() + LONGEST:
        raise Invalid("ends_on", _("Choose a day in the coming year."))


def _changed(actor: Viewer, offer: Offer, *, check_again: bool) -> None:
    """Keep a change; what was published, or is over, and must be looked at again is shown no longer until it was."""
    offer.changed_at = now()
    if check_again:
        offer.dutch_spoken = offer.people_met = offer.criteria_by_id = offer.criteria_on = None
    session().flush()
    audit(actor, "offer-changed", Subject.OFFER, offer.id, network=offer.network_slug)
    back = {OfferState.PUBLISHED: OfferState.TO_CHECK, OfferState.ENDED: OfferState.DRAFT}
    if check_again and offer.state in back:
        move_offer(actor, offer, (offer.state,), back[offer.state])
    else:
        listings.refresh([offer.id])
