"""Public holidays of Belgium and school holidays of the Flemish Community, computed from their rules for any year.

Public holidays: the ten of the royal decree of 18 April 1974 under the law of 4 January 1974. School holidays: decision
of the Flemish Government of 17 April 1991 on the school year in primary education, as the Flemish ministry of education
publishes them year by year (onderwijs.vlaanderen.be, "schoolvakanties"); tests hold the rules against published years.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from dateutil.easter import easter

_WEEK: Final = timedelta(weeks=1)
_LATE_EASTER: Final = 15  # of April; after it the holiday begins on the second Monday before Easter


@lru_cache(maxsize=64)
def public_holidays(year: int) -> frozenset[date]:
    """The ten public holidays of that year."""
    sunday = easter(year)
    moving = {sunday + timedelta(days=days) for days in (1, 39, 50)}
    fixed = {(1, 1), (5, 1), (7, 21), (8, 15), (11, 1), (11, 11), (12, 25)}
    return frozenset(moving | {date(year, month, day) for month, day in fixed})


def is_public_holiday(day: date) -> bool:
    """Whether that day is a public holiday."""
    return day in public_holidays(day.year)


@lru_cache(maxsize=64)
def school_holidays(year: int) -> tuple[tuple[date, date], ...]:
    """(first day, last day) of the holidays that begin in that calendar year, in order; Christmas runs into the next."""
    sunday = easter(year)
    spring = sunday - timedelta(days=48)  # the Monday of the seventh week before Easter
    first_of_april = _monday_from(date(year, 4, 1))
    if sunday.month == 3:  # March
        april = sunday + timedelta(days=1)
    elif sunday > date(year, 4, _LATE_EASTER):
        april = sunday - timedelta(days=13)
    else:
        april = first_of_april
    autumn, christmas = _week_of(date(year, 11, 1), late=(6,)), _week_of(date(year, 12, 25), late=(5, 6))
    return (
        (spring, spring + timedelta(days=6)),
        (april, april + timedelta(days=13)),
        (date(year, 7, 1), date(year, 8, 31)),
        (autumn, autumn + timedelta(days=6)),
        (christmas, christmas + timedelta(days=13)),
    )


def is_school_holiday(day: date) -> bool:
    """Whether schools of the Flemish Community are closed for a holiday of a week or longer on that day."""
    return any(
        first <= day <= last for year in (day.year - 1, day.year) for first, last in school_holidays(year)
    )


def _monday_from(day: date) -> date:
    """That day when it is a Monday, else the next Monday."""
    return day + timedelta(days=-day.weekday() % 7)


def _week_of(day: date, *, late: tuple[int, ...]) -> date:
    """The Monday of the week of that day; the Monday after it where the day is one of these at the end of a week."""
    monday = day - timedelta(days=day.weekday())
    return monday + _WEEK if day.weekday() in late else monday
