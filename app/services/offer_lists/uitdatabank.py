"""Reading events as UiTdatabank, the culture and leisure database of Flanders, gives them (JSON-LD, one or a page of them).

What counts of an event: name and description by language, terms (domain eventtype and theme), location with its address,
calendarType with subEvent or openingHours, status, workflowStatus, audience, attendanceMode, typicalAgeRange, priceInfo,
labels (the language icons among them), organizer. Everything else is passed over. Source of the names: docs.publiq.be.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from app.clock import BRUSSELS
from app.exchange import ID_LONGEST, MOST_CENTS, MOST_DATES
from app.i18n import is_language
from app.reference.folding import fold
from app.rhythms import weekly
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
}  # fmt: skip
"""Their themes that say the same as one of the forty interests; the others are understood from the words."""
DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
ADULT: Final = 16
LONGEST: Final = timedelta(days=1)


def item_of(line: int, row: Any, today: date, *, source: str) -> Item:
    """The activity of an event. Raises LeftOut."""
    event = row.get("event", row) if isinstance(row, Mapping) else row
    if not isinstance(event, Mapping):
        raise LeftOut("no_object")
    key = _key(event)
    notes: list[str] = []
    named = str(event.get("mainLanguage"))
    language = named if is_language(named) else "nl"
    names = _by_language(event.get("name"), language)
    own = "nl" if names.get("nl") else language
    title = title_of(names.get(own), notes)
    words = _by_language(event.get("description"), language)
    if _is_gone(event):
        return Item(line, source, key, {"title": title}, gone=True)
    _demand_open(event)
    terms = _terms(event)
    sort, name = next(((one, name) for one, name, domain in terms if domain == "eventtype"), ("", ""))
    if TALKS.search(fold(title)):
        sort, name = CONVERSATION, ""
    price, reduced = _prices(event)
    record: Told = {
        "title": title, "words": words_of(words.get(own), notes), "language": own, "kind": "other", "goals": [],
        "interests": sorted({THEMES[one] for one, _name, domain in terms if domain == "theme" and one in THEMES}),
        "level": _level(event), "suited": _suited(event, terms),
        "organisation": _one_name(event.get("organizer"), notes), "link": link_of(_page(event), notes),
        "price_cents": price, "reduced_cents": reduced, "price_words": "", "when_words": "", "places": None,
        "waiting_places": 0, "fluent_speakers": None, "meeting_words": "", "insurer": "", "ends_on": _end(event),
        "gatherings": _gatherings(event, today, notes),
        "texts": [
            {"language": other, "title": title_of(text, notes), "words": words_of(words.get(other), notes), "made_by": "person"}
            for other, text in names.items()
            if other != own and is_language(other) and text.strip()
        ],
    }  # fmt: skip
    return Item(line, source, key, record, sort, name, list(dict.fromkeys(notes)))


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


def _type_of(value: Any) -> str:
    return str(value.get("type", "")) if isinstance(value, Mapping) else str(value or "")


def _is_gone(event: Mapping[str, Any]) -> bool:
    workflow = str(event.get("workflowStatus", "APPROVED")).upper()
    return (
        workflow not in ("APPROVED", "READY_FOR_VALIDATION") or _type_of(event.get("status")) == "Unavailable"
    )


def _demand_open(event: Mapping[str, Any]) -> None:
    """Raise LeftOut for what is not for everybody, or where nobody meets."""
    if event.get("attendanceMode") == "online":
        raise LeftOut("online")
    audience = event.get("audience")
    if isinstance(audience, Mapping) and audience.get("audienceType") in ("members", "education"):
        raise LeftOut("closed")
    ages = re.fullmatch(r"\d*-(\d+)", str(event.get("typicalAgeRange", "-")))
    if ages and int(ages[1][:3]) < ADULT:
        raise LeftOut("children_only")


def _terms(event: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """(id, label, domain) of each term."""
    found = event.get("terms")
    return [
        (
            str(term.get("id", "")).strip()[:60],
            str(term.get("label", "")).strip()[:100],
            str(term.get("domain", "")),
        )
        for term in (found if isinstance(found, list) else [])
        if isinstance(term, Mapping)
    ]


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
    ages = re.fullmatch(r"(\d*)-(\d*)", str(event.get("typicalAgeRange", "")))
    children = ages is not None and not ages[2] and int(ages[1][:3] or 0) < ADULT
    wheels = any(domain == "facility" and "rolstoel" in fold(name) for _id, name, domain in terms)
    return [*(["children"] if children else []), *(["wheelchair"] if wheels else [])]


def _prices(event: Mapping[str, Any]) -> tuple[int | None, int | None]:
    """Price and reduced price in cents, where they are told in euros."""
    base, others = None, []
    for tariff in _list(event.get("priceInfo")):
        if not isinstance(tariff, Mapping) or tariff.get("priceCurrency", "EUR") != "EUR":
            continue
        try:
            cents = int(Decimal(str(tariff.get("price"))) * 100)
        except (InvalidOperation, ValueError, OverflowError):
            continue
        if not 0 <= cents <= MOST_CENTS:
            continue
        if tariff.get("category") == "base":
            base = cents
        else:
            others.append(cents)
    reduced = min(others, default=None)
    return base, reduced if base is not None and reduced is not None and reduced < base else None


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
    last = _instant(event.get("endDate"))
    return last.date().isoformat() if last else None


def _instant(value: Any) -> datetime | None:
    """An instant on a clock in Brussels."""
    if not isinstance(value, str) or len(value) > 40:
        return None
    try:
        found = datetime.fromisoformat(value)
        return found.replace(tzinfo=BRUSSELS) if found.tzinfo is None else found.astimezone(BRUSSELS)
    except (ValueError, OverflowError):
        return None


def _gatherings(event: Mapping[str, Any], today: date, notes: list[str]) -> list[Told]:
    where = _where(event, notes)
    if event.get("calendarType") in ("periodic", "permanent"):
        times = _by_hours(event)
    else:
        times = _by_dates(event, today, notes)
    return without_past([{**where, **one} for one in times], today, None, notes)


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
    place = place_of(
        str(address.get("postalCode", ""))[:10].strip(),
        words_of(address.get("addressLocality"), notes, lines=False),
    )
    return {
        "place": _one_name(location, notes),
        "address": words_of(address.get("streetAddress"), notes, longest=200, lines=False),
        "postcode": place.postcode, "locality": place.locality, "municipality": place.municipality, "route": "",
        "rule": "", "first_on": None, "start": "", "minutes": None, "dates": [], "except_dates": [],
        "skips_public_holidays": False, "skips_school_holidays": False, "slots": [],
    }  # fmt: skip


def _by_dates(event: Mapping[str, Any], today: date, notes: list[str]) -> list[Told]:
    """Days of the same hour and length together. Raises LeftOut when nothing of it can be taken over."""
    found: dict[tuple[str, int], list[str]] = defaultdict(list)
    times = [one for one in _list(event.get("subEvent")) if isinstance(one, Mapping)] or [event]
    faults: set[str] = set()
    for one in times:
        start, end = _instant(one.get("startDate")), _instant(one.get("endDate"))
        if start is None or end is None or end <= start:
            faults.add("dates")
        elif end - start > LONGEST:
            faults.add("long")
        elif _type_of(one.get("status")) != "Unavailable":
            if start.date() < today:
                faults.add("past")
            elif sum(map(len, found.values())) < MOST_DATES:
                found[f"{start:%H:%M}", max(5, int((end - start).total_seconds() // 60))].append(
                    start.date().isoformat()
                )
    if not found:
        raise LeftOut(
            "too_long" if "long" in faults else "past" if "past" in faults else "unfit",
            {"field": "startDate"} if faults == {"dates"} else {},
        )
    if "past" in faults:
        notes.append("past_dates")
    return [
        {"start": start, "minutes": minutes, "dates": sorted(set(days))}
        for (start, minutes), days in found.items()
    ]


def _by_hours(event: Mapping[str, Any]) -> list[Told]:
    """Each week in the hours of opening, until the end if there is one; without hours nothing is fixed."""
    first, last = _instant(event.get("startDate")), _instant(event.get("endDate"))
    until = last.date() if last and event.get("calendarType") == "periodic" else None
    found: dict[tuple[str, int], set[int]] = defaultdict(set)
    for one in _list(event.get("openingHours")):
        if not isinstance(one, Mapping):
            continue
        opens, closes = _minutes(one.get("opens")), _minutes(one.get("closes"))
        days = {DAYS.index(day) for day in _list(one.get("dayOfWeek")) if day in DAYS}
        if opens is not None and closes is not None and closes - opens >= 5:
            found[f"{opens // 60:02}:{opens % 60:02}", closes - opens] |= days
    begins = (first.date() if first else date(2026, 1, 1)).isoformat()
    told: list[Told] = [
        {"rule": weekly(sorted(days), until=until), "first_on": begins, "start": start, "minutes": minutes}
        for (start, minutes), days in found.items()
        if days
    ]
    return told or [{}]


def _minutes(value: Any) -> int | None:
    """Minutes since midnight of a clock such as 09:30."""
    found = (
        re.fullmatch(r"([01][0-9]|2[0-3]):([0-5][0-9])(:[0-5][0-9])?", value)
        if isinstance(value, str)
        else None
    )
    return int(found[1]) * 60 + int(found[2]) if found else None
