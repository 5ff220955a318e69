"""Calendar files (RFC 5545) of a first meeting and of a talk, in the language of the person who gets them (M1).

They hold a first name, a place and a moment; never how to reach anybody but the network.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import parseaddr
from typing import Any

from icalendar import Calendar, Event, Timezone, vCalAddress, vText

from app.clock import BRUSSELS
from app.i18n import DEFAULT, active_direction, gettext, phone_text, settle_text, speak

FIRST_MEETING, TALK = "first-meeting", "talk"
MINUTES = {FIRST_MEETING: 60, TALK: 30}
DUTCH_BELOW = "\n\n----\n\n"
# Of control, halves of letters, and what programs take for the end of a line.
UNWANTED = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029]")
FIRST_STRONG_ISOLATE, END_OF_ISOLATE = "\u2068", "\u2069"
# The rule of the European Union since 1996, so that the file needs no list of years.
BRUSSELS_RULES = b"""BEGIN:VTIMEZONE
TZID:Europe/Brussels
BEGIN:DAYLIGHT
DTSTART:19960331T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZNAME:CEST
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19961027T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZNAME:CET
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
END:VTIMEZONE
"""


@dataclass(frozen=True)
class Appointment:
    """Something planned for one person: `key` stays the same and `sequence` grows with each change.

    `starts_at` is an aware instant, `link` an absolute address of that person's page or empty, `facts` what the
    words need.
    """

    kind: str
    key: str
    sequence: int
    starts_at: datetime
    link: str
    place: str = ""
    cancelled: bool = False
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Wording:
    """What a calendar shows: its line, and what stands below."""

    summary: str
    lines: list[str]


def calendar_file(
    planned: Appointment, *, locale: str, also_dutch: bool, sender: str, address: str, stamp: datetime
) -> str:
    """The file in that language, for newcomers with the Dutch words below (M2); lines end in CR LF.

    `sender` is the From of our mails, `address` that of the site; both make the file ours, whoever gets it.
    """
    own = _worded(planned, locale)
    written = [own, _worded(planned, DEFAULT)] if also_dutch and locale != DEFAULT else [own]
    host = address.split("://", 1)[-1]
    event = Event()
    event.add("uid", f"{planned.key}@{host}")
    event.add("sequence", planned.sequence)
    event.add("dtstamp", stamp)
    event.add("dtstart", planned.starts_at.astimezone(BRUSSELS))
    event.add("dtend", (planned.starts_at + timedelta(minutes=MINUTES[planned.kind])).astimezone(BRUSSELS))
    event.add("status", "CANCELLED" if planned.cancelled else "CONFIRMED")
    organizer = vCalAddress(f"mailto:{parseaddr(sender)[1]}")
    organizer.params["CN"] = vText("Samenspoor")
    event.add("organizer", organizer)
    spoken = {"LANGUAGE": locale}
    event.add("summary", _clean(own.summary), parameters=spoken)
    texts = ["\n".join(filter(None, words.lines)) for words in written]
    event.add("description", _clean(DUTCH_BELOW.join(filter(None, texts))), parameters=spoken)
    if planned.place:
        event.add("location", _clean(planned.place))
    if planned.link:
        event.add("url", planned.link)
    return _calendar(event, cancelled=planned.cancelled)


@dataclass(frozen=True)
class Happening:
    """One time of something that everybody may come to; instants are aware, `link` is an absolute address."""

    key: str
    starts_at: datetime
    ends_at: datetime
    title: str
    words: str
    language: str
    place: str
    link: str
    changed_at: datetime
    cancelled: bool = False


def calendar_feed(happenings: Iterable[Happening], *, name: str, address: str) -> str:
    """A calendar to follow: what takes place, each in its own language; a program asks for it anew each day."""
    calendar = _empty()
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", _line(name))
    calendar.add("refresh-interval", timedelta(days=1), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "P1D")
    host = address.split("://", 1)[-1]
    for one in happenings:
        event = Event()
        event.add("uid", f"{one.key}@{host}")
        event.add("dtstamp", one.changed_at)
        event.add("dtstart", one.starts_at.astimezone(BRUSSELS))
        event.add("dtend", one.ends_at.astimezone(BRUSSELS))
        event.add("status", "CANCELLED" if one.cancelled else "CONFIRMED")
        event.add("summary", _line(one.title), parameters={"LANGUAGE": one.language})
        texts = "\n".join(filter(None, (one.words, one.link)))
        event.add("description", _clean(texts), parameters={"LANGUAGE": one.language})
        if one.place:
            event.add("location", _line(one.place))
        event.add("url", one.link)
        calendar.add_component(event)
    text: str = calendar.to_ical().decode("utf-8")
    return text


def _empty() -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//Samenspoor//Samenspoor//NL")
    calendar.add("version", "2.0")
    calendar.add_component(Timezone.from_ical(BRUSSELS_RULES))
    return calendar


def _calendar(event: Event, *, cancelled: bool) -> str:
    calendar = _empty()
    calendar.add("method", "CANCEL" if cancelled else "PUBLISH")
    calendar.add_component(event)
    text: str = calendar.to_ical().decode("utf-8")
    return text


def _worded(planned: Appointment, locale: str) -> Wording:
    with speak(locale):
        return WORDS[planned.kind](planned)


def _first_meeting(planned: Appointment) -> Wording:
    return Wording(
        gettext("Your first meeting with %(other)s", other=_isolated(planned.facts["other"])),
        [gettext("You meet once, without any promise."), planned.link],
    )


def _talk(planned: Appointment) -> Wording:
    caller, phone = planned.facts.get("caller"), planned.facts.get("phone")
    return Wording(
        gettext("Your first talk"),
        [
            gettext("You talk with %(caller)s.", caller=_isolated(caller)) if caller else "",
            gettext("Can you not come? Call %(phone)s.", phone=phone_text(phone)) if phone else "",
            planned.link,
        ],
    )


WORDS: dict[str, Callable[[Appointment], Wording]] = {FIRST_MEETING: _first_meeting, TALK: _talk}


def _isolated(name: str) -> str:
    """A name that keeps its own direction among words of the other one (B1)."""
    if active_direction() == "ltr" and all(
        unicodedata.bidirectional(letter) not in ("R", "AL") for letter in name
    ):
        return name
    return f"{FIRST_STRONG_ISOLATE}{name}{END_OF_ISOLATE}"


def _line(text: Any) -> str:
    """Words that stand on one line, whatever was typed."""
    return " ".join(_clean(text).split())


def _clean(text: Any) -> str:
    """Words without marks of the fallback and without control characters, which break a line of the file."""
    return UNWANTED.sub("", settle_text(str(text)))
