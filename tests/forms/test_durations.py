"""What people type for "how long": every form in the book, and the ones that are refused."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.forms.durations import Ambiguous, minutes_in
from app.i18n import gettext as _
from app.i18n import latin_digits, speak
from app.i18n.languages import LANGUAGES

READ = {
    "2:30": 150, "02:30": 150, "0:45": 45, "40:00": 2400, "24:00": 1440, "2:00": 120,
    "2,5": 150, "2.5": 150, "٢٫٥": 150, "۲٫۵": 150, "2,1": 126, "40.0": 2400, "40,0": 2400, "2,75": 165, "2.00": 120,
    "2": 120, "10": 600, "٢": 120, "۲": 120, "২": 120,
    "2u30": 150, "2h30": 150, "2 u 30": 150, "2 h 30 min": 150, "2U30": 150, "2 uur en 30 minuten": 150, "2h05": 125,
    "40h": 2400, "40u": 2400, "2 uur": 120, "2 hours": 120, "2,5 u": 150, "1 heure": 60,
    "90 min": 90, "90m": 90, "45 minuten": 45, "٤٥ min": 45,
    "45 min.": 45, "2 u.": 120, "45 хв": 45, "45 мин.": 45, "45 dk": 45, "2 saat": 120, "٢ ساعة": 120, "۲ ساعت": 120, "3 ч": 180,
    "٢ ساعات و ٣٠ دقيقة": 150, "1 hora y 30 minutos": 90, "2 godz.": 120, "2 ሰዓት": 120, "45 ደቓይቕ": 45, "2 ore": 120,
    "1½": 90, "½": 30, "2 ½ u": 150, " 2:30 ": 150, "1\u00a0½": 90,
}  # fmt: skip
REFUSED = (
    "", " ", "-1", "0", "0:00", "0 min", "NaN", "inf", "1e3", "0x10", "1_0", "+2", "999999999999", "40", "٤٠", "11", "2.30",
    "2,25", "1.234,5", "1٬234", "2:5", "2:75", "2:30:00", "2u5", "2u75", "2,555", "2,99", "²", "two", "2 3", "2::30", ":30",
    "2:", "2,", ",5", "--", "1" * 40, "2\x0030", "½½", "99999 min", "2-3", "1/2", "２：３０",
)  # fmt: skip


@pytest.mark.parametrize("text", READ)
def test_read(text):
    assert minutes_in(text) == READ[text]


@pytest.mark.parametrize("text", REFUSED)
def test_refused(text):
    with pytest.raises(Ambiguous):
        minutes_in(text)


@pytest.mark.parametrize("tag", [language.tag for language in LANGUAGES])
def test_the_example_of_each_language_is_understood(site, tag):
    """Who types what the page gives as an example is never refused."""
    with site.test_request_context(), speak(tag):
        for text in (
            _("For example 1:30, or 45 min."),
            _("How long was it? Write 1:30 for one hour and a half, or 45 min."),
        ):
            plain = latin_digits(text)
            assert minutes_in(re.search(r"1:30", plain)[0]) == 90
            assert minutes_in(re.search(r"45\s\w+", plain)[0]) == 45


@given(st.integers(1, 1440))
def test_every_way_of_writing_a_length_gives_the_same_minutes(minutes):
    hours, rest = divmod(minutes, 60)
    ways = [f"{hours}:{rest:02}", f"{hours}u{rest:02}", f"{hours} h {rest:02} min", f"{minutes} min"]
    if minutes % 6 == 0:
        ways += [f"{hours}.{rest // 6}", f"{hours},{rest // 6}", f"{hours}.{rest // 6} h"]
    assert {minutes_in(way) for way in ways} == {minutes}


@given(st.text(max_size=30))
def test_whatever_is_typed_gives_minutes_or_the_one_refusal(text):
    try:
        minutes = minutes_in(text)
    except Ambiguous:
        return
    assert 0 < minutes < 10_000
