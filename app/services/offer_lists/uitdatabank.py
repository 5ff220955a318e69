"""Reading events as UiTdatabank, the culture and leisure database of Flanders, gives them (JSON-LD, one or a page of them).

What counts of an event: name and description by language, terms (domain eventtype and theme), location with its address,
the calendar (uitdatabank_times), status, bookingAvailability, workflowStatus, availableFrom, audience, childrenOnly,
attendanceMode, typicalAgeRange, priceInfo, labels (the language icons among them), organizer. Everything else, such as
images, is passed over. Source of the names: docs.publiq.be.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from app.clock import now
from app.exchange import ID_LONGEST, MOST_CENTS
from app.i18n import is_language
from app.reference.folding import fold
from app.services.offer_lists.cleaning import tidy_words
from app.services.offer_lists.rows import (
    Item,
    LeftOut,
    Told,
    link_of,
    place_of,
    title_of,
    without_past,
    words_of,
)
from app.services.offer_lists.uitdatabank_times import instant, times_of, type_of
from app.vocabulary import OfferKind

SOURCE: Final = "uitdatabank"
CONVERSATION: Final = "conversation"
"""Not a term of theirs: what is called a conversation table is one, whatever its event type."""
TALKS: Final = re.compile(
    r"\b(praat|babbel|conversatie|klets|taal)[ -]?(tafels?|groep(en)?|cafes?|salons?|uurtje)\b"
)

KINDS: Final[Mapping[str, OfferKind]] = {
    CONVERSATION: OfferKind.CONVERSATION_GROUP,
    "0.3.1.0.0": OfferKind.COURSE,  # a series of lessons
    "0.3.1.0.1": OfferKind.COURSE,  # a course with open sessions
    "0.3.2.0.0": OfferKind.SOCIOCULTURAL_ASSOCIATION,  # a lecture
    "0.7.0.0.0": OfferKind.SOCIOCULTURAL_ASSOCIATION,  # a guided tour
    "0.50.21.0.0": OfferKind.SOCIOCULTURAL_ASSOCIATION,  # a game or quiz
    "0.59.0.0.0": OfferKind.SPORT,
}  # fmt: skip
"""What people do together there; to look at something (a concert, a film, a market) is left out unless somebody chooses it."""

LEVELS: Final = {
    "een taalicoon": "none",
    "twee taaliconen": "a1",
    "drie taaliconen": "a2",
    "vier taaliconen": "b1",
}
THEMES: Final[Mapping[str, str]] = {
    "1.51.3.0.0": "swimming", "1.51.6.0.0": "gym", "1.9.1.0.0": "dancing", "1.9.2.0.0": "dancing", "1.9.3.0.0": "dancing",
    "1.9.5.0.0": "dancing", "1.0.6.0.0": "photography", "1.10.0.0.0": "reading", "1.40.0.0.0": "history-culture",
    "1.42.0.0.0": "crafts-sewing", "1.49.0.0.0": "fashion-beauty", "1.64.0.0.0": "nature", "1.65.0.0.0": "cooking",
    "1.0.1.0.0": "drawing-painting", "1.21.0.0.0": "computers", "1.37.0.0.0": "children-family",
}  # fmt: skip
"""Their themes that say the same as one of the forty interests; the others are understood from the words."""
STUB: Final = frozenset({"@id", "@type", "@context"})
"""What a search answers of each event when it was not asked for the events themselves."""
ADULT: Final = 16


def item_of(line: int, row: Any, today: date, *, source: str) -> Item:
    """The activity of an event. Raises LeftOut."""
    event = row.get("event", row) if isinstance(row, Mapping) else row
    if not isinstance(event, Mapping):
        raise LeftOut("no_object")
    key = _key(event)
    if set(event) <= STUB:
        raise LeftOut("stub")
    notes: list[str] = []
    named = event.get("mainLanguage")
    language = named if isinstance(named, str) and is_language(named) else "nl"
    names = _by_language(event.get("name"), language)
    own = "nl" if names.get("nl") else language
    title = title_of(names.get(own), notes)
    words = _by_language(event.get("description"), language)
    why = _why_gone(event)
    if why:
        return Item(line, source, key, {"title": title}, gone=why)
    _demand_open(event)
    terms = _terms(event)
    sort, name = next(((one, name) for one, name, domain in terms if domain == "eventtype"), ("", ""))
    if TALKS.search(fold(title)):
        sort, name = CONVERSATION, ""
    price, reduced = _prices(event)
    where = _where(event, notes)
    times, full = times_of(event, today, notes)
    record: Told = {
        "title": title, "words": words_of(words.get(own), notes), "language": own, "kind": "other", "goals": [],
        "interests": sorted({THEMES[one] for one, _name, domain in terms if domain == "theme" and one in THEMES}) or None,
        "level": _level(event), "suited": _suited(event, terms),
        "organisation": _one_name(event.get("organizer"), notes), "link": link_of(_page(event), notes),
        "price_cents": price, "reduced_cents": reduced, "price_words": "", "when_words": "", "places": None,
        "waiting_places": 0, "fluent_speakers": None, "meeting_words": "", "insurer": "", "ends_on": _end(event),
        "gatherings": without_past([{**where, **one} for one in times], today, None, notes),
        "texts": [
            {"language": other, "title": title_of(text, notes), "words": words_of(words.get(other), notes), "made_by": "person"}
            for other, text in names.items()
            if other != own and is_language(other) and text.strip()
        ],
    }  # fmt: skip
    return Item(line, source, key, record, sort, name, list(dict.fromkeys(notes)), full=full)


def _key(event: Mapping[str, Any]) -> str:
    found = event.get("@id") or event.get("id") or event.get("cdbid")
    key = str(found).rstrip("/").rpartition("/")[2] if isinstance(found, str) else ""
    if not key or len(key) > ID_LONGEST or not key.isprintable():
        raise LeftOut("missing", {"field": "@id"})
    return key


def _by_language(value: Any, main: str) -> dict[str, str]:
    """A text by language; older events have only the text."""
    if isinstance(value, str):
        return {main: value}
    if not isinstance(value, Mapping):
        return {}
    return {tag: text for tag, text in value.items() if isinstance(tag, str) and isinstance(text, str)}


def _one_name(value: Any, notes: list[str]) -> str:
    if not isinstance(value, Mapping):
        return ""
    names = _by_language(value.get("name"), "nl")
    return words_of(names.get("nl") or next(iter(names.values()), ""), notes, longest=200, lines=False)


def _why_gone(event: Mapping[str, Any]) -> str:
    """Why it cannot be seen or does not go on there: a code of app/vocabulary/offer_lists, or nothing."""
    workflow = event.get("workflowStatus", "APPROVED")
    visible_from = instant(event.get("availableFrom"))
    if workflow not in ("APPROVED", "READY_FOR_VALIDATION") or (visible_from and visible_from > now()):
        return "cancelled"
    status = type_of(event.get("status"))
    return {"Unavailable": "cancelled", "TemporarilyUnavailable": "postponed"}.get(status, "")


def _demand_open(event: Mapping[str, Any]) -> None:
    """Raise LeftOut for what is not for everybody, or where nobody meets."""
    if event.get("attendanceMode") == "online":
        raise LeftOut("online")
    audience = event.get("audience")
    if isinstance(audience, Mapping) and audience.get("audienceType") in ("members", "education"):
        raise LeftOut("closed")
    _youngest, oldest = _ages(event)
    if event.get("childrenOnly") is True or (oldest is not None and oldest < ADULT):
        raise LeftOut("children_only")


def _ages(event: Mapping[str, Any]) -> tuple[int | None, int | None]:
    """The youngest and the oldest for whom it is meant, such as 6-12, 18- or -12; nothing where it is not said."""
    told = event.get("typicalAgeRange")
    found = re.fullmatch(r"([0-9]{0,3})-([0-9]{0,3})", told) if isinstance(told, str) else None
    first, last = found.groups() if found else ("", "")
    return int(first) if first else 0 if found else None, int(last) if last else None


def _terms(event: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """(id, label, domain) of each term."""
    found = event.get("terms")
    return [
        (_code(term.get("id"), 60), _code(term.get("label"), 100), _code(term.get("domain"), 60))
        for term in (found if isinstance(found, list) else [])
        if isinstance(term, Mapping)
    ]


def _code(value: Any, longest: int) -> str:
    """A short text without what no page and no database can hold."""
    return " ".join(tidy_words(value[: 4 * longest]).split())[:longest] if isinstance(value, str) else ""


def _labels(event: Mapping[str, Any]) -> set[str]:
    found = [*_list(event.get("labels")), *_list(event.get("hiddenLabels"))]
    return {fold(label.replace("_", " ")) for label in found if isinstance(label, str)}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _level(event: Mapping[str, Any]) -> str:
    """By the language icons: the higher one where there are several; without one every level."""
    labels = _labels(event)
    return next((level for icon, level in reversed(LEVELS.items()) if icon in labels), "none")


def _suited(event: Mapping[str, Any], terms: Iterable[tuple[str, str, str]]) -> list[str]:
    youngest, oldest = _ages(event)
    children = youngest is not None and youngest < ADULT and oldest is None
    wheels = any(domain == "facility" and "rolstoel" in fold(name) for _id, name, domain in terms)
    return [*(["children"] if children else []), *(["wheelchair"] if wheels else [])]


def _prices(event: Mapping[str, Any]) -> tuple[int | None, int | None]:
    """Price and reduced price in cents for one person, where they are told in euros."""
    base, others = None, []
    for tariff in _list(event.get("priceInfo")):
        if not isinstance(tariff, Mapping) or tariff.get("priceCurrency", "EUR") != "EUR":
            continue
        cents = _cents(tariff.get("price"))
        if cents is None or tariff.get("groupPrice") is True:
            continue
        if tariff.get("category") == "base":
            base = cents
        else:
            others.append(cents)
    reduced = min(others, default=None)
    return base, reduced if base is not None and reduced is not None and reduced < base else None


def _cents(price: Any) -> int | None:
    """A price in euros, as a number or as older events have it in a text."""
    if isinstance(price, bool) or not isinstance(price, int | float | str) or len(str(price)) > 20:
        return None
    try:
        cents = Decimal(str(price)) * 100
        return int(cents) if 0 <= cents <= MOST_CENTS else None
    except ArithmeticError:  # no number, or one beyond all measure
        return None


def _page(event: Mapping[str, Any]) -> Any:
    """A page about it: where to book, else another one."""
    booking, contact = event.get("bookingInfo"), event.get("contactPoint")
    found = [
        booking.get("url") if isinstance(booking, Mapping) else "",
        *_list(contact.get("url") if isinstance(contact, Mapping) else []),
        *_list(event.get("sameAs")),
    ]
    return next((page for page in found if isinstance(page, str) and page.strip()), "")


def _end(event: Mapping[str, Any]) -> str | None:
    if event.get("calendarType") == "permanent":
        return None
    last = instant(event.get("endDate"))
    return last.date().isoformat() if last else None


def _where(event: Mapping[str, Any], notes: list[str]) -> Told:
    """The place of an event. Raises LeftOut for one that is not in the gazetteer."""
    location = event.get("location")
    if not isinstance(location, Mapping):
        raise LeftOut("place")
    address = location.get("address")
    if isinstance(address, Mapping) and "postalCode" not in address:
        address = address.get("nl") or next(iter(address.values()), None)
    if not isinstance(address, Mapping) or address.get("addressCountry", "BE") != "BE":
        raise LeftOut("place")
    postcode = address.get("postalCode")
    place = place_of(
        str(postcode)[:10].strip() if isinstance(postcode, str | int) else "",
        words_of(address.get("addressLocality"), notes, lines=False),
    )
    return {
        "place": _one_name(location, notes),
        "address": words_of(address.get("streetAddress"), notes, longest=200, lines=False),
        "postcode": place.postcode, "locality": place.locality, "municipality": place.municipality, "route": "",
        "rule": "", "first_on": None, "start": "", "minutes": None, "dates": [], "except_dates": [],
        "skips_public_holidays": False, "skips_school_holidays": False, "slots": [],
    }  # fmt: skip
