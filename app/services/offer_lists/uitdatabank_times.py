"""When an event of UiTdatabank takes place: its calendar as dates or as a weekly rhythm of ours. Pure.

Four kinds of calendar: `single` and `multiple` have dates (subEvent), `periodic` and `permanent` hours of opening, with
days that are closed or have other hours. Dates that are cancelled or postponed fall out; those that are fully booked are
named apart, because who is signed up for one keeps it. Source of the names: docs.publiq.be, "Calendar info".
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final

from app.clock import BRUSSELS
from app.exchange import MOST_DATES, MOST_GATHERINGS
from app.rhythms import weekly
from app.services.offer_lists.rows import LeftOut, Told

DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
LONGEST: Final = timedelta(days=1)
BEGINNING: Final = date(2026, 1, 1)
"""First day of what goes on for ever: always the same, so that reading it in again changes nothing."""
DAY: Final = 24 * 60
SHORTEST: Final = 5
WEEK_AHEAD: Final = 366  # days in which closed days and other hours are looked for
Hours = dict[tuple[str, int], set[int]]


def instant(value: Any) -> datetime | None:
    """An instant on a clock in Brussels."""
    if not isinstance(value, str) or len(value) > 40:
        return None
    try:
        found = datetime.fromisoformat(value)
        return found.replace(tzinfo=BRUSSELS) if found.tzinfo is None else found.astimezone(BRUSSELS)
    except (ValueError, OverflowError):
        return None


def type_of(value: Any) -> str:
    """The type of a status or of a booking availability; older events have only the word."""
    found = value.get("type", "") if isinstance(value, Mapping) else value
    return found if isinstance(found, str) else ""


def times_of(event: Mapping[str, Any], today: date, notes: list[str]) -> tuple[list[Told], list[str]]:
    """The hours and dates of an event, and which of the dates are fully booked. Raises LeftOut."""
    if event.get("calendarType") in ("periodic", "permanent"):
        return _by_hours(event, today), []
    return _by_dates(event, today, notes)


def _by_dates(event: Mapping[str, Any], today: date, notes: list[str]) -> tuple[list[Told], list[str]]:
    """Days of the same hour and length together. Raises LeftOut when nothing of it can be taken over."""
    found: dict[tuple[str, int], list[str]] = defaultdict(list)
    full: list[str] = []
    faults: set[str] = set()
    for one in _dicts(event.get("subEvent")) or [event]:
        start, end = instant(one.get("startDate")), instant(one.get("endDate"))
        if start is None or end is None or end <= start:
            faults.add("dates")
        elif end - start > LONGEST:
            faults.add("long")
        elif type_of(one.get("status")) not in ("Unavailable", "TemporarilyUnavailable"):
            if start.date() < today:
                faults.add("past")
            elif sum(map(len, found.values())) < MOST_DATES:
                day = start.date().isoformat()
                found[f"{start:%H:%M}", max(SHORTEST, int((end - start).total_seconds() // 60))].append(day)
                if type_of(one.get("bookingAvailability")) == "Unavailable":
                    full.append(day)
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
    ], full


def _by_hours(event: Mapping[str, Any], today: date) -> list[Told]:
    """Each week in the hours of opening, until the end if there is one; without hours nothing is fixed."""
    first, last = instant(event.get("startDate")), instant(event.get("endDate"))
    until = last.date() if last and event.get("calendarType") == "periodic" else None
    hours = _hours(event.get("openingHours"))
    end = min(until or date.max, today + timedelta(days=WEEK_AHEAD))
    closed = set(_days_in(event.get("openingHoursClosedDays"), today, end))
    other: dict[tuple[str, int], set[date]] = defaultdict(set)
    changed: set[date] = set()
    for period in _dicts(event.get("openingHoursAdjustedDays")):
        here = _hours(period.get("openingHours"))
        for day in _days_in([period], today, end):
            changed.add(day)
            for clock, days in here.items():
                if day.weekday() in days and day not in closed:
                    other[clock].add(day)
    begins = (first.date() if first else BEGINNING).isoformat()
    told: list[Told] = [
        {
            "rule": weekly(sorted(days), until=until), "first_on": begins, "start": start, "minutes": minutes,
            "except_dates": _nearest(day for day in closed | changed if day.weekday() in days),
        }
        for (start, minutes), days in hours.items()
    ]  # fmt: skip
    told += [
        {"start": start, "minutes": minutes, "dates": _nearest(days)}
        for (start, minutes), days in other.items()
    ]
    return told[:MOST_GATHERINGS] or [{}]


def _hours(value: Any) -> Hours:
    """Days of the week by hour and length; what ends before it begins ends after midnight."""
    found: Hours = defaultdict(set)
    for one in _dicts(value):
        opens, closes = _minutes(one.get("opens")), _minutes(one.get("closes"))
        named = one.get("dayOfWeek")
        days = {DAYS.index(day) for day in (named if isinstance(named, list) else []) if day in DAYS}
        if opens is None or closes is None or not days:
            continue
        length = closes - opens if closes > opens else closes + DAY - opens
        if SHORTEST <= length < DAY:
            found[f"{opens // 60:02}:{opens % 60:02}", length] |= days
    return found


def _days_in(value: Any, first: date, last: date) -> Iterator[date]:
    """The days of some periods, as far as they lie between two days."""
    for period in _dicts(value):
        begins, ends = instant(period.get("startDate")), instant(period.get("endDate"))
        if begins is None or ends is None:
            continue
        day, end = max(begins.date(), first), min(ends.date(), last)
        while day <= end:
            yield day
            day += timedelta(days=1)


def _nearest(days: Iterator[date] | set[date]) -> list[str]:
    return [day.isoformat() for day in sorted(days)[:MOST_DATES]]


def _dicts(value: Any) -> list[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


def _minutes(value: Any) -> int | None:
    """Minutes since midnight of a clock such as 9:30 or 09:30."""
    found = (
        re.fullmatch(r"([01]?[0-9]|2[0-3]):([0-5][0-9])(:[0-5][0-9])?", value, re.ASCII)
        if isinstance(value, str)
        else None
    )
    return int(found[1]) * 60 + int(found[2]) if found else None
