"""Calendar files: valid, stable, in the reader's language, and without a way to reach anybody (M1, M2)."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from app.calendars import FIRST_MEETING, TALK, Appointment, calendar_file
from app.i18n import LANGUAGES, speak
from app.i18n import gettext as _

AT = datetime(2026, 3, 29, 8, 0, tzinfo=UTC)  # the day on which summer time begins
STAMP = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
SENDER = "Samenspoor <no-reply@samenspoor.example>"
RIGHT_TO_LEFT = {"ar", "fa", "ps"}


def meeting(**values):
    given_values = {
        "kind": FIRST_MEETING, "key": "first-meeting-7", "sequence": 0, "starts_at": AT, "place": "Café De Kroon",
        "link": "https://samenspoor.example/ar/my-duo", "facts": {"other": "Marleen"}, **values,
    }  # fmt: skip
    return Appointment(**given_values)


def written(planned, locale="nl", *, also_dutch=False):
    return calendar_file(
        planned, locale=locale, also_dutch=also_dutch, sender=SENDER, address="https://samenspoor.example", stamp=STAMP
    )  # fmt: skip


def event(text):
    return Calendar.from_ical(text).walk("VEVENT")[0]


@pytest.mark.parametrize("lang", [language.tag for language in LANGUAGES])
def test_the_words_are_in_the_language_of_the_reader(site, lang):
    found = event(written(meeting(), lang, also_dutch=True))
    with speak(lang):
        name = "\u2068Marleen\u2069" if lang in RIGHT_TO_LEFT else "Marleen"
        assert found["SUMMARY"] == _("Your first meeting with %(other)s", other=name)
    assert found["SUMMARY"].params["LANGUAGE"] == lang
    assert found["DESCRIPTION"].params["LANGUAGE"] == lang
    with speak("nl"):
        dutch_words = _("You meet once, without any promise.")
    own, _line, below = str(found["DESCRIPTION"]).partition("\n\n----\n\n")
    assert (below.splitlines()[0] if below else own.splitlines()[0]) == dutch_words
    assert bool(below) == (lang != "nl")


def test_a_name_in_the_other_direction_is_isolated(site):
    assert "\u2068أحمد\u2069" in event(written(meeting(facts={"other": "أحمد"}), "nl"))["SUMMARY"]
    assert "\u2068" not in event(written(meeting(), "nl"))["SUMMARY"]


def test_a_talk_names_who_calls_and_the_number_of_the_network(site):
    talk = meeting(kind=TALK, facts={"caller": "Jan Claes", "phone": "+3215123456"})
    words = str(event(written(talk, "ar"))["DESCRIPTION"])
    assert "\u2068Jan Claes\u2069" in words
    assert "\u2066+32 15 12 34 56\u2069" in words
    assert "tel" not in str(event(written(meeting(kind=TALK, facts={}), "nl"))["DESCRIPTION"])


def test_the_moment_is_that_of_brussels_by_the_rules_in_the_file(site):
    text = written(meeting())
    found = event(text)
    assert found.start == AT
    assert found.start.astimezone(ZoneInfo("Europe/Brussels")).hour == 10
    assert found.end - found.start
    assert "DTSTART;TZID=Europe/Brussels:20260329T100000" in text
    zone = Calendar.from_ical(text).walk("VTIMEZONE")[0]
    brussels = ZoneInfo("Europe/Brussels")
    rules = zone.to_tz()
    for month in range(1, 13):
        for day in (1, 24, 25, 26, 27, 28):
            local = datetime(2027, month, day, 12, 0, tzinfo=UTC).replace(tzinfo=None)
            assert rules.utcoffset(local) == brussels.utcoffset(local), local


def test_a_change_keeps_its_name_and_grows_its_number(site):
    first, moved, gone = (
        event(written(meeting(sequence=number, cancelled=number == 2))) for number in range(3)
    )
    assert first["UID"] == moved["UID"] == gone["UID"] == "first-meeting-7@samenspoor.example"
    assert [found["SEQUENCE"] for found in (first, moved, gone)] == [0, 1, 2]
    assert [found["STATUS"] for found in (first, moved, gone)] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
    assert "METHOD:CANCEL\r\n" in written(meeting(cancelled=True))
    assert "METHOD:PUBLISH\r\n" in written(meeting())
    assert first["ORGANIZER"] == "mailto:no-reply@samenspoor.example"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(
    st.text(max_size=200),
    st.text(alphabet="سምШ😀a,;\\\n\r\x00\u0301", max_size=200),
    st.sampled_from(["nl", "ar", "ti"]),
)
def test_lines_are_folded_at_75_octets_and_never_within_a_character(site, name, place, lang):
    text = written(meeting(facts={"other": name}, place=place), lang, also_dutch=True)
    octets = text.encode()
    assert octets.endswith(b"END:VCALENDAR\r\n")
    for line in octets.split(b"\r\n"):
        assert len(line) <= 75
        line.decode("utf-8")
    found = event(text)
    kept = "".join(letter for letter in place.replace("\r", "") if letter == "\n" or letter >= " ")
    assert str(found.get("LOCATION", "")) == kept
    assert [item.name for item in Calendar.from_ical(text).subcomponents] == ["VTIMEZONE", "VEVENT"]
