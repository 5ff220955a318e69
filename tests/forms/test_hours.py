"""What is refused before anything is decided: days, times and lengths that are none, or could be two."""

import pytest

from app.forms.hours import OccasionForm, TellForm

TOLD = {"day": "yesterday", "at": "10:00", "minutes": "120", "dutch": "yes"}
OCCASION = {
    **TOLD,
    "kind": "sport",
    "title": "Voetbal",
    "contact_name": "Piet",
    "contact_phone": "0470998877",
}
DAYS = (
    "",
    "0000-01-01",
    "2023-02-29",
    "2024-13-01",
    "2024-04-31",
    "01/02/2024",
    "31-04",
    "2024-1-1",
    "yesterday",
    "2024-01-01T10:00",
    "9" * 5000,
    "2024-01-01\x00",
)
TIMES = ("", "25:00", "24:00", "10", "-1:00", "10:60", "10:00:30", "ten", "10:00\x00", "9" * 5000)
LENGTHS = ("", "-1", "0", "NaN", "inf", "1e3", "0x10", "1_0", "+2", "40", "2.30", "1.234,5", "25:00", "40u", "999999999999", "a" * 5000, "2\x00")  # fmt: skip


def refused(site, form, data):
    with site.test_request_context("/nl/", method="POST", data=data):
        filled = form()
        assert not filled.validate()
        return set(filled.errors)


@pytest.mark.parametrize("day", DAYS)
def test_no_day(site, day):
    assert refused(site, TellForm, {**TOLD, "day": "other", "other_day": day}) <= {"day", "other_day"}


@pytest.mark.parametrize("at", TIMES)
def test_no_time(site, at):
    assert refused(site, TellForm, {**TOLD, "at": at}) == {"at"}


@pytest.mark.parametrize("length", LENGTHS)
def test_no_length(site, length):
    assert refused(site, TellForm, {**TOLD, "minutes": "other", "other_minutes": length}) <= {
        "minutes",
        "other_minutes",
    }


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"day": ""}, {"day"}),
        ({"day": "tomorrow"}, {"day"}),
        ({"minutes": "7"}, {"minutes"}),
        ({"other_minutes": "3:00"}, {"minutes"}),
        ({"dutch": ""}, {"dutch"}),
    ],
)
def test_taps(site, changes, fields):
    assert refused(site, TellForm, {**TOLD, **changes}) == fields


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"contact_phone": ""}, {"contact_email"}),
        ({"contact_phone": "12"}, {"contact_phone"}),
        ({"contact_email": "a@b@c"}, {"contact_email"}),
        ({"contact_email": "piet@example.be\nBcc: x@example.be"}, {"contact_email"}),
        ({"title": "x" * 121}, {"title"}),
        ({"title": "85.07.30-033.28"}, {"title"}),
        ({"contact_name": "a\x00b"}, {"contact_name"}),
        ({"kind": "party"}, {"kind"}),
    ],
)
def test_occasions(site, changes, fields):
    assert refused(site, OccasionForm, {**OCCASION, **changes}) == fields


def test_what_fits_is_read(site):
    data = {
        **TOLD,
        "day": "other",
        "other_day": "٢٠٢٦-٠١-٠٣",
        "at": "٩:٠٥",
        "minutes": "other",
        "other_minutes": "٢٫٥",
    }
    with site.test_request_context("/nl/", method="POST", data=data):
        form = TellForm()
        assert form.validate(), form.errors
        assert (form.chosen_day.isoformat(), f"{form.chosen_time:%H:%M}", form.chosen_minutes) == (
            "2026-01-03",
            "09:05",
            150,
        )
