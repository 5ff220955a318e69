"""Holidays: the rules against the years that were published, and what always holds."""

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.reference.holidays import is_public_holiday, is_school_holiday, public_holidays, school_holidays

# As the Flemish ministry of education published them: spring, Easter, autumn, Christmas; summer is July and August.
PUBLISHED = {
    2025: ("2025-03-03", "2025-04-07", "2025-10-27", "2025-12-22"),
    2026: ("2026-02-16", "2026-04-06", "2026-11-02", "2026-12-21"),
    2027: ("2027-02-08", "2027-03-29", "2027-11-01", "2027-12-27"),
    2028: ("2028-02-28", "2028-04-03", "2028-10-30", "2028-12-25"),
}


@pytest.mark.parametrize("year", PUBLISHED)
def test_school_holidays_are_those_that_were_published(year):
    spring, easter, summer, autumn, christmas = school_holidays(year)
    assert [first.isoformat() for first, _ in (spring, easter, autumn, christmas)] == [*PUBLISHED[year]]
    assert summer == (date(year, 7, 1), date(year, 8, 31))
    assert [(last - first).days for first, last in (spring, easter, autumn, christmas)] == [6, 13, 6, 13]


def test_public_holidays_of_a_year():
    assert sorted(day.strftime("%d/%m") for day in public_holidays(2026)) == sorted(
        ["01/01", "06/04", "01/05", "14/05", "25/05", "21/07", "15/08", "01/11", "11/11", "25/12"]
    )
    assert is_public_holiday(date(2027, 3, 29))
    assert not is_public_holiday(date(2027, 3, 28))


def test_christmas_runs_into_the_next_year():
    assert is_school_holiday(date(2027, 1, 3))
    assert not is_school_holiday(date(2027, 1, 4))


@settings(deadline=None)
@given(st.integers(1990, 2099))
def test_holidays_begin_on_a_monday_and_do_not_touch(year):
    periods = school_holidays(year)
    for first, _ in (*periods[:2], *periods[3:]):
        assert first.weekday() == 0
    for (_, last), (first, _) in itertools.pairwise(periods):
        assert last < first
    assert any(first <= date(year, 12, 25) + timedelta(days=2) <= last for first, last in periods[4:])
