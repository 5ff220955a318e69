"""What other programs take over: RSS 2.0 of what is new, and activities as schema.org tells search engines (JSON-LD)."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from typing import Any, Final
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from markupsafe import Markup, escape

from app.clock import BRUSSELS

ATOM: Final = "http://www.w3.org/2005/Atom"
IN_A_SCRIPT: Final = {
    "<": "\\u003c",
    ">": "\\u003e",
    "&": "\\u0026",
    "\u2028": "\\u2028",
    "\u2029": "\\u2029",
}
"""What could end a script, written as JSON may write it."""


@dataclass(frozen=True)
class News:
    """Something that is new: `link` is an absolute address that stays, `at` an aware instant."""

    title: str
    words: str
    link: str
    at: datetime


def rss(news: Iterable[News], *, title: str, words: str, language: str, link: str, own: str) -> bytes:
    """A feed in UTF-8; `link` is the page that it is of, `own` its own address."""
    register_namespace("atom", ATOM)
    root = Element("rss", {"version": "2.0"})
    channel = SubElement(root, "channel")
    for name, text in (("title", title), ("link", link), ("description", words), ("language", language)):
        SubElement(channel, name).text = printable(text)
    SubElement(channel, f"{{{ATOM}}}link", {"href": own, "rel": "self", "type": "application/rss+xml"})
    for one in news:
        item = SubElement(channel, "item")
        SubElement(item, "title").text = printable(one.title)
        SubElement(item, "link").text = one.link
        SubElement(item, "guid", {"isPermaLink": "true"}).text = one.link
        # Readers show this as HTML, so what looks like a tag must be told from one.
        SubElement(item, "description").text = str(escape(printable(one.words)))
        SubElement(item, "pubDate").text = format_datetime(one.at)
    content: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return content


def printable(text: str) -> str:
    """Text without the characters that XML does not know: of control, halves of letters, and no letters at all."""
    return "".join(
        letter for letter in text
        if letter in "\t\n" or (letter >= " " and not "\ud800" <= letter <= "\udfff" and letter not in "\ufffe\uffff")
    )  # fmt: skip


@dataclass(frozen=True)
class Spot:
    """Where it is; empty and None = not known."""

    place: str
    address: str
    postcode: str
    town: str
    point: tuple[float, float] | None


@dataclass(frozen=True)
class Held:
    """One time that it takes place, or does not: aware instants, and where."""

    starts_at: datetime
    ends_at: datetime
    cancelled: bool
    spot: Spot


@dataclass(frozen=True)
class Event:
    """An activity with its next times, as others may take it over; empty and None = not known.

    `language` is that of the name and the words; `price` is in cents; `full` = nobody can come in now.
    """

    name: str
    words: str
    language: str
    link: str
    organiser: str
    price: int | None
    full: bool
    times: Sequence[Held]


def structured(event: Event, nonce: str) -> Markup:
    """A script of data for the page, one Event of schema.org for each time; nothing where no time is known."""
    if not event.times:
        return Markup()
    graph = [_event(event, time) for time in event.times]
    text = json.dumps({"@context": "https://schema.org", "@graph": graph}, ensure_ascii=False)
    for letter, written in IN_A_SCRIPT.items():
        text = text.replace(letter, written)
    return Markup('<script type="application/ld+json" nonce="{}">').format(nonce) + Markup(text + "</script>")  # noqa: S704 - escaped above


def _event(event: Event, time: Held) -> dict[str, Any]:
    made: dict[str, Any] = {
        "@type": "Event", "name": event.name, "url": event.link, "inLanguage": event.language,
        "startDate": _local(time.starts_at), "endDate": _local(time.ends_at),
        "eventStatus": "https://schema.org/EventCancelled" if time.cancelled else "https://schema.org/EventScheduled",
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode", "location": _location(time.spot),
    }  # fmt: skip
    if event.words:
        made["description"] = event.words
    if event.organiser:
        made["organizer"] = {"@type": "Organization", "name": event.organiser}
    if event.price is not None:
        made["isAccessibleForFree"] = event.price == 0
        made["offers"] = {
            "@type": "Offer", "price": f"{event.price / 100:.2f}", "priceCurrency": "EUR", "url": event.link,
            "availability": f"https://schema.org/{'SoldOut' if event.full else 'InStock'}",
        }  # fmt: skip
    return made


def _location(spot: Spot) -> dict[str, Any]:
    address = {
        "streetAddress": spot.address, "postalCode": spot.postcode, "addressLocality": spot.town, "addressCountry": "BE",
    }  # fmt: skip
    place: dict[str, Any] = {
        "@type": "Place", "name": spot.place or spot.town,
        "address": {"@type": "PostalAddress", **{name: value for name, value in address.items() if value}},
    }  # fmt: skip
    if spot.point:
        place["geo"] = {"@type": "GeoCoordinates", "latitude": spot.point[0], "longitude": spot.point[1]}
    return place


def _local(instant: datetime) -> str:
    return instant.astimezone(BRUSSELS).isoformat(timespec="minutes")
