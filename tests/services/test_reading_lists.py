"""Reading lists of activities: each row becomes an activity, or is left out with a sentence that says why."""

import json
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.clock import today
from app.db import session
from app.errors import Invalid
from app.exchange import COLUMNS, csv_rows
from app.exports import csv_file
from app.models import Listing, OfferText
from app.queries.offer_exports import record
from app.services import offer_lists
from app.services.offer_lists import exporting, reading
from app.services.offer_lists.cleaning import plain
from app.services.offer_lists.reading import Unreadable
from app.vocabulary import OfferKind
from app.vocabulary.activities import OfferState
from app.vocabulary.offer_lists import CLEANED, LEFT_OUT, WHOLE, OfferListKind, OfferListState, row_sentence
from tests import factories
from tests.activity_lists import DAY, activity, codes, counts, event, events, offers

OWN, UIT = OfferListKind.OWN, OfferListKind.UITDATABANK


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"title": " "}, "missing"), ({"title": None}, "missing"), ({"kind": "party"}, "unfit"), ({"price_cents": -1}, "unfit"),
        ({"price_cents": 1.5}, "unfit"), ({"price_cents": True}, "unfit"), ({"places": 10**9}, "unfit"), ({"goals": "x"}, "unfit"),
        ({"goals": ["x"]}, "unfit"), ({"ends_on": "2026-02-30"}, "unfit"), ({"ends_on": "2020-01-01"}, "past"),
        ({"gatherings": []}, "missing"), ({"gatherings": [1]}, "unfit"), ({"gatherings": {"a": 1}}, "unfit"),
        ({"gatherings": [{"postcode": "9999"}]}, "place"), ({"gatherings": [{"postcode": "2800", "dates": ["2020-01-01"], "start": "10:00", "minutes": 60}]}, "past"),
        ({"gatherings": [{"postcode": "2800", "rule": "FREQ=SECONDLY", "first_on": "2026-01-01"}]}, "unfit"),
        ({"gatherings": [{"postcode": "2800", "rule": "FREQ=DAILY"}]}, "missing"),
        ({"gatherings": [{"postcode": "2800", "rule": "FREQ=WEEKLY;BYDAY=TU;UNTIL=20200101", "first_on": "2019-01-01", "start": "10:00", "minutes": 60}]}, "past"),
        ({"gatherings": [{"postcode": "2800", "start": "25:00"}]}, "unfit"), ({"gatherings": [{"postcode": "2800", "skips_public_holidays": 1}]}, "unfit"),
        ({"gatherings": [{"postcode": "2800"}] * 13}, "too_many_dates"), ({"texts": "x"}, "unfit"), ({"language": "N L"}, "unfit"),
        ({"words": "Andr\u00c3\u00a9"}, "letters"), ({"title": "a\ufffdb"}, "letters"), ({"words": "Nummer 85.07.30-033.28"}, "number"),
        ({"gatherings": [{"postcode": "9000", "slots": ["mon-morning"]}]}, "other_network"), ({"source_id": ""}, "missing"),
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_is_left_out_with_a_reason(desk, values, code):
    kept = desk.take({"activities": [activity(1), activity(2, **values)]})
    assert codes(kept) == [(2, code)]
    assert counts(kept) == (1, 0, 0, 0, 1)


def test_rows_that_are_no_activities_or_stand_there_twice(desk):
    kept = desk.keep({"activities": [activity(1), 7, None, "x", [], activity(1)]})
    assert codes(kept) == [
        (2, "no_object"),
        (3, "no_object"),
        (4, "no_object"),
        (5, "no_object"),
        (6, "twice"),
    ]


def test_markup_is_taken_out_and_said(desk):
    told = activity(
        1, title="<b>Koken</b> &amp; <i>eten</i><script>alert(1)</script>", link="javascript:alert(1)",
        words="<p>Een</p><p>Twee<br>Drie</p>&lt;script&gt;alert(1)&lt;/script&gt;" + "x" * 5000,
    )  # fmt: skip
    kept = desk.take({"activities": [told]})
    (offer,) = offers()
    assert (offer.title, offer.link) == ("Koken & eten", "")
    assert offer.words.startswith("Een\n\nTwee\nDrie\n")
    assert "script" not in offer.words
    assert len(offer.words) <= 4000
    assert [code for _, code in codes(kept, "notes")] == ["markup", "shortened", "link"]


@given(st.text(alphabet="<>&;#x/ab\"'!- \n\u202e", max_size=60))
@settings(deadline=None, max_examples=150)
def test_plain_text_has_no_markup(text):
    made = plain(text)
    assert plain(made) == made
    assert "\u202e" not in made
    assert not any(made[at : at + 2] in ("<a", "<b", "<x", "</", "<!") for at in range(len(made)))


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"), (b"  \n", "empty"), (b"{", "no_json"), (b"[" * 100_000, "no_json"), (b'{"activities": [NaN]}', "no_json"),
        (b"[1" + b"0" * 5000 + b"]", "no_json"), (b"[]", "empty"), (b'{"x": 1}', "no_list"), (b'{"format": "x", "activities": []}', "no_list"),
        ('{"activities": ["\u00e9"]}'.encode("cp1252"), "letters"), (b"\xff\xfe\x00", "letters"), (b"PK\x03\x04\xff", "letters"), (b"<html>", "columns"),
        (b"title;x\nKoken;1\n", "columns"), (b"title;title;source_id\na;b;c\n", "columns"), (b'title;source_id\n"a;b\n', "csv"), (b"title;source_id\n", "empty"),
        (json.dumps([1] * 10_001).encode(), "too_many"),
    ],
)  # fmt: skip
def test_a_list_that_cannot_be_read_says_why_and_changes_nothing(desk, content, code):
    kept = desk.keep(content)
    assert (kept.state, kept.failure, kept.content) == (OfferListState.FAILED, code, b"")
    assert offers() == []


def test_what_is_larger_than_any_list_is_refused(desk, monkeypatch):
    monkeypatch.setattr(offer_lists, "LARGEST", 10)
    with pytest.raises(Invalid):
        desk.keep(b"x" * 11)
    monkeypatch.setattr(reading, "LARGEST", 10)
    with pytest.raises(Unreadable):
        reading.contents_of(b"x" * 11, OWN)


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from([*activity(1), *event(1), "postcode", "nl", "type", "startDate", "price"]) | st.text(), inner, max_size=6), max_leaves=20), st.sampled_from(list(OfferListKind)))  # fmt: skip
@settings(deadline=None, max_examples=200, suppress_health_check=list(HealthCheck))
def test_no_row_raises(row, kind):
    base = activity(1) if kind is OWN else event(1)
    for told in (row, {**base, **row} if isinstance(row, dict) else row):
        with suppress(offer_lists.LeftOut):
            offer_lists.READERS[kind](1, told, today(), source="x")


def test_every_sentence_can_be_said(site):
    for code, sentence in {**LEFT_OUT, **CLEANED}.items():
        assert "%(" not in row_sentence(code, dict.fromkeys(("field", "network"), "x")), sentence
    assert all(str(sentence) for sentence in WHOLE.values())


class TestCsv:
    def test_lines_of_one_activity_belong_together(self, desk):
        text = "title;source_id;kind;places;goals;postcode;rule;first_on;start;minutes;skips_public_holidays;unknown\n"
        text += "'=Koken;1;course;5;learn-dutch, meet-people;2800;FREQ=WEEKLY;2026-01-06;10:00;120;1;x\n;;\n"
        text += (
            "Koken;1;course;5;;2500;FREQ=WEEKLY;2026-01-06;14:00;60;;x\nZwemmen;2;sport;veel;;2800;;;;;;\n"
        )
        kept = desk.take(text.encode("utf-16"))
        assert codes(kept) == [(5, "unfit")]
        (offer,) = offers()
        assert (offer.title, offer.kind, offer.places, offer.goals) == (
            "=Koken",
            OfferKind.COURSE,
            5,
            ["learn-dutch", "meet-people"],
        )
        assert [(one.municipality, one.start, one.skips_public_holidays) for one in offer.gatherings] == [
            ("Mechelen", "10:00", True),
            ("Lier", "14:00", False),
        ]

    def test_a_file_of_ours_comes_back(self, site, desk):
        factories.offer(
            organisation_id=desk.house.id,
            title="=1+1",
            words="Een\nTwee; 'drie'",
            goals=["learn-dutch"],
            price_cents=0,
            gatherings=[factories.weekly(), factories.weekly(4, dates=[DAY])],
        )
        told = exporting.take_away(desk.actor, source="there.example", kind="csv")
        kept = desk.take(csv_file((line for one in told for line in csv_rows(one)), COLUMNS))
        assert counts(kept) == (1, 0, 0, 0, 0)
        mine, theirs = (record(offer, source="there.example") for offer in offers())
        assert {**theirs, "source_id": ""} == {
            **mine,
            "source_id": "",
            "insurer": "Ethias",
            "fluent_speakers": 3,
            "meeting_words": "Samen.",
        }


class TestUitdatabank:
    def test_an_event_becomes_an_activity(self, desk):
        told = event(
            1, description={"nl": "<p>Samen <b>zwemmen</b>.</p>"}, labels=["twee taaliconen", "x"], typicalAgeRange="6-",
            terms=[{"id": "0.59.0.0.0", "label": "Sportactiviteit", "domain": "eventtype"}, {"id": "1.51.3.0.0", "label": "Zwemmen", "domain": "theme"}, {"id": "3.1", "label": "Voorzieningen voor rolstoelgebruikers", "domain": "facility"}],
            priceInfo=[{"category": "base", "price": 4.5, "priceCurrency": "EUR"}, {"category": "tariff", "price": 1.15, "priceCurrency": "EUR"}],
        )  # fmt: skip
        told["name"] = {"nl": "Zwemmen", "fr": "Nager"}
        kept = desk.take(events(told), UIT)
        assert counts(kept) == (1, 0, 0, 0, 0)
        (offer,) = offers()
        assert (offer.source, offer.source_id, offer.kind, offer.words) == (
            "uitdatabank",
            "event-1",
            OfferKind.SPORT,
            "Samen zwemmen.",
        )
        assert (offer.dutch_level, offer.suited, offer.interests) == (
            "a1",
            ["children", "wheelchair"],
            ["swimming"],
        )
        assert (offer.price_cents, offer.reduced_cents, offer.goals, offer.link) == (
            450,
            115,
            ["meet-people"],
            "https://example.be/1",
        )
        (where,) = offer.gatherings
        assert (where.place, where.address, where.postcode, where.start, where.minutes, where.dates) == (
            "Zwembad",
            "Kaai 1",
            "2800",
            "19:00",
            90,
            [DAY],
        )
        assert session().query(OfferText).one().title == "Nager"

    @pytest.mark.parametrize(
        ("values", "code"),
        [
            ({"attendanceMode": "online"}, "online"), ({"audience": {"audienceType": "members"}}, "closed"), ({"typicalAgeRange": "6-12"}, "children_only"),
            ({"status": {"type": "Unavailable"}}, "cancelled"), ({"workflowStatus": "DELETED"}, "cancelled"), ({"location": {}}, "place"),
            ({"location": {"address": {"nl": {"addressCountry": "NL", "postalCode": "1011", "addressLocality": "Amsterdam"}}}}, "place"),
            ({"subEvent": [], "startDate": "x", "endDate": ""}, "unfit"), ({"subEvent": [{"startDate": "2020-01-01T10:00:00+00:00", "endDate": "2020-01-01T11:00:00+00:00"}]}, "past"),
            ({"subEvent": [{"startDate": f"{DAY}T10:00:00+00:00", "endDate": "2099-01-01T11:00:00+00:00"}]}, "too_long"), ({"name": {}}, "missing"), ({"@id": 5}, "missing"),
        ],
    )  # fmt: skip
    def test_what_nobody_can_join_is_left_out(self, desk, values, code):
        kept = desk.take(events(event(1), event(2, **values)), UIT)
        assert codes(kept) == [(2, code)]

    def test_opening_hours_are_a_rhythm(self, desk):
        hours = [
            {"opens": "10:00", "closes": "12:00", "dayOfWeek": ["tuesday", "thursday"]},
            {"opens": "x", "closes": "12:00", "dayOfWeek": ["friday"]},
        ]
        desk.take(events(event(1, calendarType="permanent", openingHours=hours, subEvent=[])), UIT)
        (where,) = offers()[0].gatherings
        assert (where.rule, where.start, where.minutes) == ("FREQ=WEEKLY;BYDAY=TU,TH", "10:00", 120)

    def test_a_conversation_table_is_one_whatever_its_type(self, desk):
        desk.take(
            events(event(1, name={"nl": "Praattafel Nederlands"}), event(2, name="Babbelcafé in de bib")), UIT
        )
        assert {offer.kind for offer in offers()} == {OfferKind.CONVERSATION_GROUP}

    def test_the_mapping_can_be_changed(self, desk):
        film = event(1, terms=[{"id": "0.50.6.0.0", "label": "Film", "domain": "eventtype"}])
        kept = desk.take(events(film, event(2)), UIT)
        assert kept.report["terms"] == {"0.50.6.0.0": ["Film", 1], "0.59.0.0.0": ["Sportactiviteit", 1]}
        assert counts(kept) == (1, 0, 0, 0, 1)
        kept = desk.take(events(film, event(2)), UIT, kinds={"0.50.6.0.0": "other", "0.59.0.0.0": ""})
        assert counts(kept) == (1, 0, 0, 0, 1)
        assert [offer.kind for offer in offers()] == [OfferKind.SPORT, OfferKind.OTHER]

    def test_what_is_cancelled_there_ends_here_once(self, desk):
        desk.take(events(event(1)), UIT, publish=True)
        gone = events(event(1, status={"type": "Unavailable"}))
        assert counts(desk.take(gone, UIT)) == (0, 0, 0, 1, 0)
        assert (offers()[0].state, session().query(Listing).count()) == (OfferState.ENDED, 0)
        assert counts(desk.take(gone, UIT)) == (0, 0, 1, 0, 0)
