"""When an activity takes place, in words."""

from datetime import date

import pytest
from markupsafe import Markup

from app.i18n import speak
from app.rhythms import Rhythm, monthly, weekly
from app.vocabulary.rhythms import rhythm_lines

TODAY = date(2026, 11, 21)


def said(rule="", slots=(), lang="en", **values):
    given = {"first_on": TODAY, "start": "10:00", "minutes": 90, **values}
    with speak(lang):
        return [Markup(line).striptags() for line in rhythm_lines(Rhythm(rule, **given), slots, on=TODAY)]


@pytest.mark.parametrize(
    ("rule", "line"),
    [
        (weekly([3, 1]), "Every week: Tuesday and Thursday"),
        (weekly([1], every=2), "Every 2 weeks: Tuesday"),
        (monthly(4, 1), "Once a month: Friday"),
        ("FREQ=DAILY", "Every day"),
        ("FREQ=MONTHLY;BYMONTHDAY=15", "On fixed days"),
        ("FREQ=WEEKLY", "On fixed days"),
        ("FREQ=MONTHLY;BYDAY=1FR;INTERVAL=2", "On fixed days"),
    ],
)
def test_rules(site, rule, line):
    assert said(rule) == [line, "From 10:00 to 11:30"]


def test_dates_that_come_and_holidays(site):
    dates = ("2026-11-20", "2026-11-24", "2026-11-25", "2026-12-01")
    lines = said(
        dates=dates, except_dates=("2026-11-25",), skips_public_holidays=True, skips_school_holidays=True
    )
    assert lines[0] == "On Tuesday, 24 November 2026 and Tuesday, 1 December 2026"
    assert lines[1:] == ["From 10:00 to 11:30", "Not on public holidays", "Not in school holidays"]
    assert said(weekly([1]), dates=dates[:2])[1] == "Also on Tuesday, 24 November 2026"


def test_what_ends_after_midnight(site):
    assert said(weekly([5]), start="23:00", minutes=120)[1] == "From 23:00 to 01:00"


def test_nothing_fixed_says_its_moments(site):
    assert said(start="", slots=["mon-morning"]) == ["Monday morning"]
    assert said(start="") == []
