"""When an activity takes place: from a rule of iCalendar (RFC 5545), dates and exceptions to instants.

Times are those of a clock in Brussels, so that "every Tuesday at ten" stays at ten when summer time begins or ends.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from dateutil.rrule import rrule, rrulestr

from app.clock import BRUSSELS
from app.reference.holidays import is_public_holiday, is_school_holiday

WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
TAGS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
AFTERNOON, EVENING = time(12), time(18)
MOST: Final = 400
"""Times that are computed at once; a rule with more in the period asked for is cut off there."""
_PARTS: Final = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST"}
_MONTH_DAY: Final = re.compile(r"-?([1-9]|[12][0-9]|3[01])")
_UNTIL_HOUR: Final = re.compile(
    r"(UNTIL=[0-9]{8})T[0-9]{6}Z?"
)  # in UTC, while whole days in Brussels count here
_START: Final = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_FREQUENCIES: Final = {"DAILY": set(), "WEEKLY": {"BYDAY"}, "MONTHLY": {"BYDAY", "BYMONTHDAY"}}
_COUNTED: Final = {"INTERVAL": 52, "COUNT": MOST}


class UnfitRuleError(ValueError):
    """A rule that is no RRULE, or one that we do not take: other than daily, weekly or monthly."""


@dataclass(frozen=True, slots=True)
class Rhythm:
    """The dates of one gathering; the fields are those of the table of that name."""

    rule: str
    first_on: date | None
    start: str
    minutes: int | None
    dates: Sequence[str] = ()
    except_dates: Sequence[str] = ()
    skips_public_holidays: bool = False
    skips_school_holidays: bool = False

    @property
    def fixed(self) -> bool:
        """Whether anything follows from it: an hour, a length, and a rule or dates."""
        return bool(self.start and self.minutes and (self.dates or (self.rule and self.first_on)))


def weekly(weekdays: Sequence[int], *, every: int = 1, until: date | None = None) -> str:
    """The rule of these days of the week (0 = Monday), every so many weeks, until and with that day."""
    days = ",".join(WEEKDAYS[day] for day in sorted(set(weekdays)))
    return ";".join(
        ["FREQ=WEEKLY", *([f"INTERVAL={every}"] if every > 1 else []), f"BYDAY={days}", *_until(until)]
    )


def monthly(weekday: int, number: int, *, until: date | None = None) -> str:
    """The rule of the first (1) to fourth, or last (-1), of that day of the week in each month."""
    return ";".join(["FREQ=MONTHLY", f"BYDAY={number}{WEEKDAYS[weekday]}", *_until(until)])


def parts_of(rule: str) -> dict[str, str]:
    """The parts of a rule by name. Raises UnfitRuleError, also for one that could never come to an end."""
    parts = dict(part.split("=", 1) for part in rule.upper().split(";") if "=" in part)
    allowed = _FREQUENCIES.get(parts.get("FREQ", ""))
    if allowed is None or set(parts) - _PARTS - allowed:
        raise UnfitRuleError(rule)
    for name, most in _COUNTED.items():
        number = parts.get(name, "1")
        if not number.isascii() or not number.isdecimal() or not 1 <= int(number[:6]) <= most:
            raise UnfitRuleError(rule)
    days = parts["BYMONTHDAY"].split(",") if "BYMONTHDAY" in parts else []
    if not all(_MONTH_DAY.fullmatch(day) for day in days):
        raise UnfitRuleError(rule)
    return parts


def checked(rule: str) -> str:
    """The rule in capitals, without a prefix; the end of it is a day. Raises UnfitRuleError."""
    rule = _UNTIL_HOUR.sub(r"\1", rule.strip().upper().removeprefix("RRULE:"))
    _days_of(rule, date(2026, 1, 1))
    return rule


def times_of(rhythm: Rhythm, first: date, last: date) -> list[tuple[datetime, datetime]]:
    """(start, end) as aware instants in UTC of each time between these days, both with; at most MOST, in order.

    Raises UnfitRuleError.
    """
    if not rhythm.fixed or not rhythm.minutes:
        return []
    at, length = time.fromisoformat(rhythm.start), timedelta(minutes=rhythm.minutes)
    days = sorted({*_by_rule(rhythm, first, last), *_by_date(rhythm, first, last)})[:MOST]
    starts = [datetime.combine(day, at, BRUSSELS).astimezone(UTC) for day in days]
    return [(start, start + length) for start in starts]


def last_day(rhythm: Rhythm, horizon: date) -> date | None:
    """The last day on which it takes place; None when nothing is fixed, or when it goes on beyond the horizon."""
    if not rhythm.fixed:
        return None
    known = [date.fromisoformat(day) for day in rhythm.dates]
    if rhythm.rule and rhythm.first_on:
        parts = parts_of(rhythm.rule)
        if not parts.keys() & {"UNTIL", "COUNT"}:
            return None
        known += list(_by_rule(rhythm, rhythm.first_on, horizon))[-1:]
    return max(known, default=None)


def slots_of(rhythm: Rhythm) -> list[str]:
    """The moments of the week, such as `tue-morning`, at which it takes place; from its first weeks."""
    if not rhythm.fixed:
        return []
    begins = min([*([rhythm.first_on] if rhythm.first_on else []), *map(date.fromisoformat, rhythm.dates)])
    part = part_of(time.fromisoformat(rhythm.start))
    days = {
        start.astimezone(BRUSSELS).weekday()
        for start, _ in times_of(_bare(rhythm), begins, begins + timedelta(days=62))
    }
    return [f"{TAGS[day]}-{part}" for day in sorted(days)]


def part_of(at: time) -> str:
    """The part of the day in which something begins: morning, afternoon or evening."""
    return "morning" if at < AFTERNOON else "afternoon" if at < EVENING else "evening"


def is_start(text: str) -> bool:
    """Whether that is a time of the day as HH:MM."""
    return _START.fullmatch(text) is not None


def _bare(rhythm: Rhythm) -> Rhythm:
    return Rhythm(rhythm.rule, rhythm.first_on, rhythm.start, rhythm.minutes, rhythm.dates)


def _by_rule(rhythm: Rhythm, first: date, last: date) -> Iterator[date]:
    if not rhythm.rule or rhythm.first_on is None:
        return
    skipped = {date.fromisoformat(day) for day in rhythm.except_dates}
    found = _days_of(rhythm.rule, rhythm.first_on).xafter(datetime.combine(first, time()), inc=True)
    for number, moment in enumerate(found):
        day = moment.date()
        if day > last or number >= MOST:
            return
        if day not in skipped and not _closed(rhythm, day):
            yield day


def _by_date(rhythm: Rhythm, first: date, last: date) -> Iterator[date]:
    skipped = set(rhythm.except_dates)
    for text in rhythm.dates:
        if text not in skipped and first <= date.fromisoformat(text) <= last:
            yield date.fromisoformat(text)


def _closed(rhythm: Rhythm, day: date) -> bool:
    return (rhythm.skips_public_holidays and is_public_holiday(day)) or (
        rhythm.skips_school_holidays and is_school_holiday(day)
    )


def _until(day: date | None) -> list[str]:
    return [] if day is None else [f"UNTIL={day:%Y%m%d}"]


def _days_of(rule: str, first: date) -> rrule:
    """The rule as dateutil has it, in days without an hour."""
    parts_of(rule)
    try:
        made = rrulestr(rule, dtstart=datetime.combine(first, time()))
    except (ValueError, TypeError, KeyError, AttributeError, IndexError) as error:
        raise UnfitRuleError(rule) from error
    if not isinstance(made, rrule):
        raise UnfitRuleError(rule)
    return made
