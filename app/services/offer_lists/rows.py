"""A row of a list that is brought in: what it would be as an activity, or why it is left out. Pure."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from app.exchange import LINK_LONGEST, MOST_DATES, MOST_GATHERINGS, TITLE_LONGEST, WEB, WORDS_LONGEST
from app.reference import gazetteer
from app.rhythms import Rhythm, last_day
from app.security.identity import names_national_number
from app.services.offer_lists.cleaning import MARKUP, cut, is_damaged, one_line, plain

HORIZON: Final = 366 * 3  # days in which the end of a rule is looked for
DEEPEST: Final = 16  # objects and lists in each other; the deepest of an event is some six
Told = dict[str, Any]


@dataclass(frozen=True)
class LeftOut(Exception):
    """Why a row is not taken over: a code of app/vocabulary/offer_lists, with its facts."""

    code: str
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Item:
    """A row that can be taken over. `record` has all fields of app/exchange but source and source_id.

    `term` is what the list itself calls the sort of activity and `term_name` its name there, where a kind is still to
    be chosen. `gone` is the code that says why it no longer takes place, or nothing: one that is here is ended.
    `full` are its days (ISO) that are fully booked there. Interests are None where the list says nothing of them.
    """

    line: int
    source: str
    source_id: str
    record: Told
    term: str = ""
    term_name: str = ""
    notes: list[str] = field(default_factory=list)
    gone: str = ""
    full: list[str] = field(default_factory=list)

    @property
    def network(self) -> str:
        """The network of its first place."""
        first = self.record["gatherings"][0]
        return gazetteer.place(first["postcode"], first["locality"]).network


class Flawed(dict[str, Any]):
    """A row, or an object in one, that cannot be taken for what it was meant to be, and why."""

    def __init__(self, values: Mapping[str, Any] | Iterable[tuple[str, Any]], reason: LeftOut) -> None:
        super().__init__(values)
        self.reason = reason


def demand_plain(row: Any) -> None:
    """Raise LeftOut for a row that is flawed, or nested deeper than any activity."""
    found = [(row, 1)]
    while found:
        value, depth = found.pop()
        if isinstance(value, Flawed):
            raise value.reason
        inner = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
        if depth > DEEPEST:
            raise LeftOut("nested")
        found += [(one, depth + 1) for one in inner if isinstance(one, Mapping | list)]


def without_full(item: Item, here: Collection[str]) -> None:
    """Take the days that are fully booked out of an item, but those that are `here` already. Raises LeftOut."""
    out = set(item.full) - set(here)
    if not out:
        return
    kept = []
    for gathering in item.record["gatherings"]:
        days = [day for day in gathering["dates"] if day not in out]
        if days or gathering["rule"]:
            kept.append({**gathering, "dates": days})
    if not kept:
        raise LeftOut("full")
    item.record["gatherings"] = kept
    item.notes.append("full_dates")


def words_of(value: Any, notes: list[str], *, longest: int = WORDS_LONGEST, lines: bool = True) -> str:
    """A text of the list made plain, cut when it is too long. Raises LeftOut for damaged letters and national numbers."""
    if not isinstance(value, str):
        return ""
    if is_damaged(value):
        raise LeftOut("letters")
    if MARKUP.search(value):
        notes.append("markup")
    text = plain(value) if lines else one_line(value)
    if names_national_number(text):
        raise LeftOut("number")
    if len(text) > longest:
        notes.append("shortened")
    return cut(text, longest)


def title_of(value: Any, notes: list[str]) -> str:
    """The title on one line. Raises LeftOut without one."""
    title = words_of(value, notes, longest=TITLE_LONGEST, lines=False)
    if not title:
        raise LeftOut("missing", {"field": "title"})
    return title


def link_of(value: Any, notes: list[str]) -> str:
    """A web address, else nothing."""
    link = value.strip() if isinstance(value, str) else ""
    if link and (len(link) > LINK_LONGEST or not re.fullmatch(WEB, link) or not link.isprintable()):
        notes.append("link")
        return ""
    return link


def place_of(postcode: str, locality: str) -> gazetteer.Place:
    """The place in the gazetteer. Raises LeftOut."""
    for asked in (f"{postcode} {locality}".strip(), postcode, locality):
        found = gazetteer.resolve(asked) if asked else None
        if isinstance(found, gazetteer.Found):
            return found.place
        if isinstance(found, gazetteer.Ambiguous) and asked == postcode:
            return found.options[0]
    raise LeftOut("place")


def without_past(
    gatherings: Iterable[Told], today: date, ends_on: date | None, notes: list[str]
) -> list[Told]:
    """The gatherings that still lie ahead, without single dates that are past. Raises LeftOut when none is left."""
    if ends_on is not None and ends_on < today:
        raise LeftOut("past")
    kept = []
    for whole in gatherings:
        ahead = [day for day in whole["dates"] if date.fromisoformat(day) >= today]
        if len(ahead) < len(whole["dates"]):
            notes.append("past_dates")
        gathering = {**whole, "dates": ahead}
        if not ahead and not gathering["rule"]:
            if "past_dates" not in notes:
                kept.append(gathering)  # nothing is fixed
            continue
        rhythm = Rhythm(
            gathering["rule"], gathering["first_on"] and date.fromisoformat(gathering["first_on"]), gathering["start"],
            gathering["minutes"], ahead, gathering["except_dates"],
        )  # fmt: skip
        last = last_day(rhythm, date.fromordinal(today.toordinal() + HORIZON)) if rhythm.fixed else None
        if last is None or last >= today:
            kept.append(gathering)
    if not kept:
        raise LeftOut("past")
    if len(kept) > MOST_GATHERINGS or any(len(gathering["dates"]) > MOST_DATES for gathering in kept):
        raise LeftOut("too_many_dates")
    if not all(gathering["slots"] or (gathering["start"] and gathering["minutes"]) for gathering in kept):
        notes.append("no_dates")
    return kept
