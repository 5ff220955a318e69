"""From rules and dates to times: a clock in Brussels, exceptions, holidays, and rules that are refused."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.clock import BRUSSELS
from app.rhythms import (
    MOST,
    Rhythm,
    UnfitRuleError,
    checked,
    last_day,
    monthly,
    slots_of,
    times_of,
    weekly,
)

TUESDAY = date(2026, 11, 24)
DAYS = st.dates(date(2024, 1, 1), date(2030, 12, 31))


def days_of(rhythm: Rhythm, first: date, last: date) -> list[str]:
    return [start.astimezone(BRUSSELS).date().isoformat() for start, _ in times_of(rhythm, first, last)]


def test_ten_o_clock_stays_ten_o_clock_when_winter_begins():
    rhythm = Rhythm(weekly([6]), date(2026, 10, 18), "10:00", 90)
    found = times_of(rhythm, date(2026, 10, 18), date(2026, 10, 25))
    assert found == [
        (datetime(2026, 10, 18, 8, tzinfo=UTC), datetime(2026, 10, 18, 9, 30, tzinfo=UTC)),
        (datetime(2026, 10, 25, 9, tzinfo=UTC), datetime(2026, 10, 25, 10, 30, tzinfo=UTC)),
    ]


def test_holidays_exceptions_and_extra_dates():
    rhythm = Rhythm(
        weekly([1]), TUESDAY, "19:00", 120, dates=("2026-12-23",), except_dates=("2026-12-01",),
        skips_school_holidays=True,
    )  # fmt: skip
    assert days_of(rhythm, TUESDAY, date(2027, 1, 5)) == [
        "2026-11-24", "2026-12-08", "2026-12-15", "2026-12-23", "2027-01-05",
    ]  # fmt: skip
    on_easter_monday = Rhythm(weekly([0]), date(2027, 3, 22), "19:00", 60, skips_public_holidays=True)
    assert days_of(on_easter_monday, date(2027, 3, 22), date(2027, 4, 5)) == ["2027-03-22", "2027-04-05"]


def test_the_first_friday_of_the_month_and_the_last_day():
    rhythm = Rhythm(monthly(4, 1, until=date(2027, 2, 28)), date(2026, 12, 1), "18:00", 60)
    assert days_of(rhythm, date(2026, 12, 1), date(2027, 12, 1)) == ["2026-12-04", "2027-01-01", "2027-02-05"]
    assert last_day(rhythm, date(2030, 1, 1)) == date(2027, 2, 5)
    assert slots_of(rhythm) == ["fri-evening"]
    assert last_day(Rhythm(weekly([1]), TUESDAY, "09:00", 60), date(2030, 1, 1)) is None
    assert last_day(
        Rhythm("", None, "09:00", 60, dates=("2026-12-01", "2026-11-30")), date(2030, 1, 1)
    ) == date(2026, 12, 1)


@pytest.mark.parametrize("start", ["", "10:00"])
def test_nothing_follows_from_what_is_not_fixed(start):
    rhythm = Rhythm("", None, start, 60 if start else None)
    assert times_of(rhythm, TUESDAY, TUESDAY + timedelta(days=99)) == []
    assert slots_of(rhythm) == []
    assert last_day(rhythm, TUESDAY) is None


def test_an_end_with_an_hour_is_that_day():
    rule = checked("RRULE:freq=weekly;byday=TU;until=20261201T225959Z")
    assert rule == "FREQ=WEEKLY;BYDAY=TU;UNTIL=20261201"
    assert days_of(Rhythm(rule, TUESDAY, "10:00", 60), TUESDAY, date(2027, 1, 1)) == [
        "2026-11-24",
        "2026-12-01",
    ]


@pytest.mark.parametrize(
    "rule",
    [
        "", "nonsense", "FREQ=YEARLY", "FREQ=SECONDLY", "FREQ=WEEKLY;BYDAY=XX", "FREQ=WEEKLY;INTERVAL=0",
        "FREQ=WEEKLY;INTERVAL=-1", "FREQ=WEEKLY;INTERVAL=53", "FREQ=DAILY;COUNT=99999", "FREQ=DAILY;BYMONTHDAY=30",
        "FREQ=WEEKLY;UNTIL=soon", "FREQ=WEEKLY;BYSETPOS=1", "FREQ=WEEKLY;INTERVAL=\u0661",
        "FREQ=WEEKLY\nDTSTART:19970902T090000", "FREQ=WEEKLY;BYDAY=MO\nRRULE:FREQ=DAILY", "FREQ=MONTHLY;BYMONTHDAY=99",
    ],
)  # fmt: skip
def test_rules_that_are_refused(rule):
    with pytest.raises(UnfitRuleError):
        checked(rule)


@settings(deadline=None)
@given(
    days=st.lists(st.integers(0, 6), min_size=1),
    every=st.integers(1, 8),
    first=DAYS,
    asked=DAYS,
    length=st.integers(0, 300),
)
def test_times_lie_in_the_period_on_those_days_each_once(days, every, first, asked, length):
    last = asked + timedelta(days=length)
    found = times_of(Rhythm(weekly(days, every=every), first, "20:30", 90), asked, last)
    local = [start.astimezone(BRUSSELS) for start, _ in found]
    assert found == sorted(set(found))
    assert len(found) <= MOST
    assert all(asked <= day.date() <= last and day.date() >= first and day.weekday() in days for day in local)
    assert all((day.hour, day.minute) == (20, 30) for day in local)


@settings(deadline=None)
@given(first=DAYS, closed=st.sets(st.integers(0, 40)))
def test_an_exception_takes_away_that_day_alone(first, closed):
    last = first + timedelta(days=40)
    off = tuple((first + timedelta(days=day)).isoformat() for day in closed)
    plain = Rhythm("FREQ=DAILY", first, "10:00", 60)
    less = Rhythm("FREQ=DAILY", first, "10:00", 60, except_dates=off)
    assert set(days_of(plain, first, last)) - set(days_of(less, first, last)) == set(off)
