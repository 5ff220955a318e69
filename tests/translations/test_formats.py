"""Dates, hours, numbers and lists in every language, with Latin digits (D1, D2, 3.4)."""

import itertools
import json
import re
import subprocess
import sys
from datetime import UTC, date, datetime

import pytest
from babel import Locale

from app.i18n import (
    LANGUAGES,
    PSEUDO,
    clock,
    day,
    day_text,
    hours,
    hours_text,
    latin_digits,
    moment,
    moment_text,
    number,
    people_list,
    people_list_text,
    percent,
    speak,
)

TAGS = [item.tag for item in LANGUAGES]
FOURTH_OF_MARCH = date(2026, 3, 4)


@pytest.mark.parametrize("tag", TAGS)
def test_a_date_has_its_weekday_in_the_language(tag):
    with speak(tag):
        said = day_text(FOURTH_OF_MARCH)
        assert Locale.parse(tag).days["format"]["wide"][2] in said
        assert "2026" in said
        assert "4" in said
        assert day(FOURTH_OF_MARCH) == f'<time datetime="2026-03-04">{said}</time>'


def test_no_language_leaks_into_another_within_one_process():
    said = "import sys, json; from datetime import date; from app.i18n import speak, day_text, people_list_text\n"
    said += "out = {}\nfor tag in sys.argv[1].split():\n    with speak(tag):\n"
    said += (
        "        out[tag] = [day_text(date(2026, m, 4)) for m in range(1, 13)] + [people_list_text('abc')]\n"
    )
    said += "print(json.dumps(out, sort_keys=True))"
    orders = [TAGS, TAGS[::-1], ["ps", "ti", "fa", *TAGS]]
    runs = [
        subprocess.run([sys.executable, "-c", said, " ".join(o)], capture_output=True, check=True)
        for o in orders
    ]
    assert len({run.stdout for run in runs}) == 1
    assert set(json.loads(runs[0].stdout)) == set(TAGS)


def test_a_moment_is_told_in_brussels():
    summer, winter = datetime(2026, 7, 1, 22, 30, tzinfo=UTC), datetime(2026, 1, 31, 23, 30)  # noqa: DTZ001 - taken as UTC
    assert moment_text(summer) == "donderdag 2 juli 2026 om 00:30"
    assert moment_text(winter) == "zondag 1 februari 2026 om 00:30"
    assert moment(summer) == '<time datetime="2026-07-02T00:30+02:00">donderdag 2 juli 2026 om 00:30</time>'
    assert day(winter).startswith('<time datetime="2026-02-01">')
    assert clock(summer) == '<time datetime="00:30" dir="ltr">00:30</time>'


@pytest.mark.parametrize("tag", TAGS)
def test_hours_are_plural_messages(tag):
    with speak(tag):
        for count in (1, 2, 5, 11, 21, 40):
            said = hours_text(count * 60)
            assert re.findall(r"\d+", said) == [str(count)]
            assert "\ue0d1" not in said
        assert "2:30" in hours_text(150)
        assert hours_text(45).startswith("45 ")


def test_the_forms_of_an_hour():
    expected = {
        "nl": ["1 uur", "40 uur"],
        "fr": ["1 heure", "40 heures"],
        "ar": ["ساعة واحدة (1)", "40 ساعة"],
        "ru": ["1 час", "40 часов"],
        "pl": ["1 godzina", "40 godzin"],
        "ro": ["1 oră", "40 de ore"],
    }
    for tag, texts in expected.items():
        with speak(tag):
            assert [hours_text(60), hours_text(2400)] == texts
    with speak("ar"):
        # The words of one and two say the number themselves: "2 ساعتان" would say it twice.
        assert hours_text(120) == "ساعتان (2)"
        assert hours_text(60 * 102) == "102 ساعة"
        assert hours_text(180) == "3 ساعات"
        assert hours_text(0) == "0 ساعة"


def test_hours_and_minutes_keep_their_direction():
    with speak("ar"):
        assert hours(150) == '<bdi dir="ltr">2:30</bdi> ساعة'
        assert hours_text(150) == "\u20662:30\u2069 ساعة"
        assert hours(120) == "ساعتان (2)"
    assert hours_text(2399) == "39:59 uur"
    assert hours_text(-90) == "-1:30 uur"
    assert hours(-60) == "-1 uur"


def test_numbers_carry_the_marks_of_the_language_and_latin_digits():
    for tag in TAGS:
        with speak(tag):
            for said in (number(1234567.5), number(-3), percent(0.347), day_text(FOURTH_OF_MARCH)):
                assert all(c.isascii() for c in said if c.isdigit())
    assert number(1234.5) == "1.234,5"
    assert percent(0.34) == "34%"
    with speak("en"):
        assert number(1234.5) == "1,234.5"


def test_people_are_listed_as_the_language_does():
    assert people_list_text(["Amina", "Marleen", "Peter"]) == "Amina, Marleen en Peter"
    assert people_list_text([]) == ""
    with speak("ar"):
        assert people_list(["أحمد", "<b>"]) == "<bdi>أحمد</bdi> و<bdi>&lt;b&gt;</bdi>"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("۴۰", "40"),
        ("٤٠", "40"),
        ("４０", "40"),
        ("٢٫٥", "2.5"),
        ("١٬٢٣٤", "1234"),
        ("2,5", "2,5"),
        ("+٣٢ ٤٧٠", "+32 470"),
        ("ሰላም ४", "ሰላም 4"),
        ("x²", "x²"),
    ],
)
def test_digits_of_every_script_are_read(text, expected):
    assert latin_digits(text) == expected


def test_the_pseudo_language_marks_dates_too():
    with speak(PSEUDO):
        assert re.fullmatch(r"⟦.+⟧", day_text(FOURTH_OF_MARCH))
        assert moment_text(datetime(2026, 3, 4, 9, 0, tzinfo=UTC)).startswith("⟦⟦")
        assert hours_text(60) == "⟦1 hour⟧"


def test_every_pair_of_a_language_and_a_plural_category_is_said():
    for tag, count in itertools.product(TAGS, (0, 1, 2, 3, 11, 100)):
        with speak(tag):
            assert re.findall(r"\d+", hours_text(count * 60)) == [str(count)]
