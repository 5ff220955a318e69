"""Events as UiTdatabank documents them, each kind of calendar and each reason to leave one out, from a file of our own."""

import json
from datetime import date
from pathlib import Path

import pytest

from app.services.offer_lists import uitdatabank
from app.services.offer_lists.reading import contents_of
from app.services.offer_lists.rows import LeftOut, without_full
from app.vocabulary.offer_lists import OfferListKind

TODAY = date(2026, 11, 21)
FILE = Path(__file__).with_name("uitdatabank_events.json")
EVENTS = {
    row["@id"].rpartition("/")[2]: (line, row)
    for line, row in contents_of(FILE.read_bytes(), OfferListKind.UITDATABANK).rows
}
SCHEDULE = ("rule", "first_on", "start", "minutes", "dates", "except_dates")


def item(name, **values):
    line, row = EVENTS[name]
    return uitdatabank.item_of(line, {**row, **values}, TODAY, source="uitdatabank")


def times(found):
    """What of its gatherings says when it is, without what is empty."""
    return [{name: one[name] for name in SCHEDULE if one[name]} for one in found.record["gatherings"]]


def weeks_of_christmas(*weekdays):
    """The days from 14 December that are not as always: other hours until the 22nd, closed from the 21st to 3 January."""
    days = [date.fromordinal(date(2026, 12, 14).toordinal() + number) for number in range(21)]
    return [day.isoformat() for day in days if day.weekday() in weekdays]


def test_a_page_says_of_how_many_it_is_a_part():
    found = contents_of(FILE.read_bytes(), OfferListKind.UITDATABANK)
    assert (found.of, len(found.rows)) == (240, 17)


def test_everything_of_an_event_that_is_used():
    found = item("single")
    told = found.record
    assert (found.source_id, found.term, found.term_name, found.full) == (
        "single",
        "0.3.1.0.0",
        "Lessenreeks",
        [],
    )
    assert told["title"] == "Naaien voor beginners"
    assert told["words"] == "Je leert naaien.\n\nBreng stof mee."
    assert [(text["language"], text["title"], text["words"]) for text in told["texts"]] == [
        ("fr", "Couture pour débutants", "Apprenez à coudre.")
    ]
    assert (told["level"], told["interests"], told["suited"]) == ("none", ["crafts-sewing"], ["wheelchair"])
    assert (told["price_cents"], told["reduced_cents"]) == (1250, 250)
    assert (told["organisation"], told["link"]) == ("Buurthuis De Brug", "https://example.be/naaien")
    assert told["ends_on"] == "2026-12-05"
    where = told["gatherings"][0]
    assert (where["place"], where["address"], where["postcode"], where["municipality"]) == (
        "Buurthuis De Brug", "Kaai 1", "2800", "Mechelen",
    )  # fmt: skip
    assert times(found) == [{"start": "10:00", "minutes": 150, "dates": ["2026-12-05"]}]
    assert "0470123456" not in json.dumps(told)
    assert "@example.be" not in json.dumps(told)


def test_dates_that_are_cancelled_postponed_or_past_fall_out():
    found = item("multiple")
    assert times(found) == [
        {"start": "19:00", "minutes": 120, "dates": ["2026-12-15", "2026-12-22"]},
        {"start": "18:00", "minutes": 180, "dates": ["2026-12-29"]},
    ]
    assert (found.notes, found.full, found.record["level"], found.record["price_cents"]) == (
        ["past_dates"], ["2026-12-15"], "a2", 0,
    )  # fmt: skip


def test_full_dates_fall_out_unless_they_are_here_already():
    found = item("multiple")
    without_full(found, {"2026-12-15"})
    assert times(found)[0]["dates"] == ["2026-12-15", "2026-12-22"]
    without_full(found, ())
    assert times(found)[0]["dates"] == ["2026-12-22"]
    assert "full_dates" in found.notes
    with pytest.raises(LeftOut, match="full"):
        without_full(item("full"), ())


def test_hours_of_opening_with_days_that_are_closed_or_other():
    found = item("periodic")
    assert (found.term, found.record["level"], found.record["ends_on"]) == (
        uitdatabank.CONVERSATION,
        "a1",
        "2027-06-30",
    )
    assert times(found) == [
        {
            "rule": "FREQ=WEEKLY;BYDAY=TU,TH;UNTIL=20270630", "first_on": "2026-09-01", "start": "09:30", "minutes": 120,
            "except_dates": weeks_of_christmas(1, 3),
        },
        {
            "rule": "FREQ=WEEKLY;BYDAY=WE;UNTIL=20270630", "first_on": "2026-09-01", "start": "19:00", "minutes": 120,
            "except_dates": weeks_of_christmas(2),
        },
        {"start": "14:00", "minutes": 120, "dates": ["2026-12-15"]},
    ]  # fmt: skip


def test_hours_until_after_midnight():
    found = item("permanent")
    assert [(one["rule"], one["start"], one["minutes"]) for one in times(found)] == [
        ("FREQ=WEEKLY;BYDAY=FR", "20:00", 300),
        ("FREQ=WEEKLY;BYDAY=SA", "14:00", 600),
    ]
    assert found.record["ends_on"] is None


def test_what_is_always_open_has_no_hour_yet():
    found = item("always-open")
    assert (times(found), found.notes) == ([{}], ["no_dates"])


def test_the_older_form_without_languages():
    told = item("older").record
    assert (told["title"], told["words"], told["price_cents"]) == (
        "Wandelen langs de Dijle",
        "Elke stap telt.",
        450,
    )
    assert times(item("older")) == [{"start": "10:00", "minutes": 120, "dates": ["2026-12-06"]}]
    assert told["gatherings"][0]["place"] == "Station"


@pytest.mark.parametrize(
    ("name", "code"),
    [("online", "online"), ("members", "closed"), ("kids", "children_only"), ("young", "children_only"), ("abroad", "place"), ("stub", "stub")],
)  # fmt: skip
def test_what_is_left_out(name, code):
    with pytest.raises(LeftOut) as refusal:
        item(name)
    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("cancelled", "cancelled"),
        ("postponed", "postponed"),
        ("draft", "cancelled"),
        ("embargo", "cancelled"),
    ],
)
def test_what_does_not_go_on(name, code):
    assert item(name).gone == code


@pytest.mark.parametrize(
    ("ages", "suited"),
    [("-", ["children"]), ("0-99", []), ("6-", ["children"]), ("18-", []), ("16-18", []), (None, []), ("zes", []), ("9" * 5000 + "-", [])],
)  # fmt: skip
def test_for_which_ages(ages, suited):
    assert item("multiple", typicalAgeRange=ages).record["suited"] == suited


@pytest.mark.parametrize("ages", ["6-12", "-15", "0-0"])
def test_what_is_only_for_children_is_left_out(ages):
    with pytest.raises(LeftOut) as refusal:
        item("multiple", typicalAgeRange=ages)
    assert refusal.value.code == "children_only"


@pytest.mark.parametrize(
    ("price", "cents"),
    [(0, 0), (4.5, 450), ("4.50", 450), (1.15, 115), (-1, None), (1e300, None), ("1e999999999", None), ("NaN", None), ("Infinity", None), (10**400, None), (True, None), (None, None), ([], None), ("9" * 10_000, None), ("١٢", 1200)],
)  # fmt: skip
def test_prices(price, cents):
    found = item("older", priceInfo=[{"category": "base", "price": price}])
    assert found.record["price_cents"] == cents


def test_what_the_names_of_sorts_may_hold():
    terms = [{"id": "x\0\ud800", "label": " Sport\n<b>\u202e" + "x" * 500, "domain": "eventtype"}]
    found = item("older", terms=terms)
    assert found.term == "x"
    assert found.term_name == "Sport <b>" + "x" * 91
    assert json.dumps([found.term, found.term_name], ensure_ascii=False).encode()
