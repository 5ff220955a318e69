"""Bringing in lists of activities: all or nothing, nothing doubled, and a sentence for every row that is not taken."""

import json
import socket
import threading
import zlib
from contextlib import suppress
from contextvars import Context
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app import db as database
from app.clock import today
from app.db import session, transaction
from app.errors import Forbidden, Invalid, Moved, NotFound
from app.exchange import COLUMNS, csv_rows
from app.exports import csv_file
from app.models import AuditEntry, Gathering, Listing, Network, Offer, OfferList, OfferText, Transition
from app.queries.offer_exports import record
from app.services import listings, offer_lists
from app.services.offer_lists import Watch, exporting, fetching, reading, taking
from app.services.offer_lists.cleaning import plain
from app.services.offer_lists.reading import Unreadable
from app.services.offer_lists.taking import Answers
from app.vocabulary import OfferKind
from app.vocabulary.activities import OfferState
from app.vocabulary.offer_lists import CLEANED, LEFT_OUT, WHOLE, OfferListKind, OfferListState, row_sentence
from tests import factories
from tests.activity_lists import ANSWERS, DAY, Desk, activity, codes, counts, event, events, offers

OWN, UIT = OfferListKind.OWN, OfferListKind.UITDATABANK


@pytest.fixture
def desk(site):
    return Desk()


def test_what_is_taken_away_comes_back_as_it_was(desk):
    there = factories.offer(
        organisation_id=desk.house.id, goals=["learn-dutch"], interests=["cooking"], suited=["children"], price_cents=250,
        places=12, waiting_places=3, words="Wij koken.", link="https://example.be/koken", dutch_level="a1", fluent_speakers=3,
        meeting_words="Samen.", insurer="Ethias", gatherings=[factories.weekly(except_dates=[DAY]), factories.weekly(3, dates=[DAY])],
    )  # fmt: skip
    factories.text(there, "ar", words="نص")
    factories.text(there, "fr")
    first = exporting.take_away(desk.actor, source="here.example", kind="json")
    with transaction() as db:
        db.query(Offer).delete()
    kept = desk.take({"format": "samenspoor-activities", "version": 1, "activities": first})
    assert counts(kept) == (1, 0, 0, 0, 0)
    again = exporting.take_away(desk.actor, source="elsewhere.example", kind="json")
    assert again == first
    assert session().query(AuditEntry).filter_by(action="offers-exported").count() == 2


def test_new_ones_wait_to_be_checked_and_incomplete_ones_are_drafts(desk):
    kept = desk.take(
        {"activities": [activity(1), activity(2, words=""), activity(3, gatherings=[{"postcode": "2800"}])]}
    )
    assert counts(kept) == (3, 0, 0, 0, 0)
    assert [offer.state for offer in offers()] == [OfferState.TO_CHECK, OfferState.DRAFT, OfferState.DRAFT]
    assert {offer.insurer for offer in offers()} == {"Ethias"}
    assert session().query(Listing).count() == 0
    assert session().query(Transition).filter_by(reason="list").count() == 3
    facts = session().query(AuditEntry).filter_by(action="offers-list-taken-over").one().facts
    assert facts["added"] == 3


def test_published_at_once_when_that_was_chosen(desk):
    desk.take({"activities": [activity(1)]}, publish=True)
    (offer,) = offers()
    assert (offer.state, offer.ends_on) == (OfferState.PUBLISHED, today() + taking.SHOWN_AT_MOST)
    assert session().query(Listing).one().municipality == "Mechelen"


def test_nothing_is_published_without_the_answers(desk):
    kept = desk.keep({"activities": [activity(1)]})
    with pytest.raises(Invalid):
        offer_lists.take_over(desk.actor, kept.id, Answers(publish=True, insurer="Ethias"))
    assert desk.kept(kept.id).state is OfferListState.READY


def test_read_in_again_it_changes_and_is_not_doubled(desk):
    desk.take({"activities": [activity(1), activity(2)]}, publish=True)
    kept = desk.take(
        {
            "activities": [
                activity(1),
                activity(2, title="Anders", texts=[{"language": "fr", "title": "Autre"}]),
            ]
        }
    )
    assert kept.report["counts"] == {"same": 1, "change": 1}
    assert counts(kept) == (0, 1, 1, 0, 0)
    first, second = offers()
    assert (second.title, second.state, second.texts[0].title) == ("Anders", OfferState.PUBLISHED, "Autre")
    assert session().query(Listing).filter_by(offer_id=second.id).one().search_key.startswith("anders")
    assert session().query(Gathering).count() == 2
    assert (first.title, first.source) == ("Koken 1", f"file:{desk.house.id}")


def test_places_stay_as_many_as_are_taken(desk):
    desk.take({"activities": [activity(1, places=5, waiting_places=2)]})
    with transaction() as db:
        db.query(Offer).update({"places_taken": 4, "waiting_taken": 1})
    desk.take({"activities": [activity(1, places=2, waiting_places=0)]})
    (offer,) = offers()
    assert (offer.places, offer.waiting_places) == (4, 1)


def test_an_own_activity_comes_back_under_its_own_number(desk):
    there = factories.offer(organisation_id=desk.house.id, words="Oud.", gatherings=[factories.weekly()])
    (told,) = exporting.take_away(desk.actor, source="localhost", kind="json")
    assert (told["source"], told["source_id"]) == ("localhost", str(there.id))
    kept = desk.take(
        {
            "activities": [
                {**told, "words": "Nieuw."},
                {**told, "source_id": "9999"},
                {**told, "source_id": "x"},
            ]
        }
    )
    assert (counts(kept), [code for _, code in codes(kept)]) == ((0, 1, 0, 0, 2), ["elsewhere", "elsewhere"])
    assert offers()[0].words == "Nieuw."


def test_an_organisation_that_is_known_by_name_gets_its_own(desk):
    other = factories.organisation(name="Café  Mundo")
    factories.contact(organisation_id=other.id)
    factories.contact(organisation_id=factories.organisation(network="gent-stad", name="Ver weg").id)
    desk.take({"activities": [activity(1, organisation="cafe mundo"), activity(2, organisation="Ver weg")]})
    assert [offer.organisation_id for offer in offers()] == [other.id, desk.house.id]


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


class TestAllOrNothing:
    def test_a_fault_at_the_end_leaves_everything_as_it_was(self, desk, monkeypatch):
        desk.take({"activities": [activity(1)]})
        kept = desk.keep({"activities": [activity(1, title="Anders"), activity(2)]})
        monkeypatch.setattr(taking, "record_transition", lambda *_a, **_k: 1 / 0)
        offer_lists.take_over(desk.actor, kept.id, Answers(**ANSWERS))
        session().rollback()
        assert [offer.title for offer in offers()] == ["Koken 1"]
        assert (desk.kept(kept.id).state, desk.kept(kept.id).failure) == (OfferListState.FAILED, "fault")

    def test_stopped_before_it_is_taken_over(self, desk):
        kept = desk.keep({"activities": [activity(1)]})
        offer_lists.stop_list(desk.actor, kept.id)
        with pytest.raises(Moved):
            offer_lists.take_over(desk.actor, kept.id, Answers())
        offer_lists.take_list(kept.id, own_source="x")
        assert (desk.kept(kept.id).state, offers()) == (OfferListState.STOPPED, [])
        with pytest.raises(Moved):
            offer_lists.stop_list(desk.actor, kept.id)

    def test_stopped_while_it_is_read(self, desk, monkeypatch):
        def stop(*_args):
            apart = Context()
            apart.run(offer_lists.stop_list, stopper, session().query(OfferList.id).scalar())
            apart.run(database.release)
            return []

        stopper = desk.actor

        monkeypatch.setattr(offer_lists, "interests_in", stop)
        kept = desk.keep({"activities": [activity(1, interests=None)]})
        assert (desk.kept(kept.id).state, kept.content) == (OfferListState.STOPPED, b"")

    def test_a_worker_that_comes_back_late_gives_up(self, desk):
        kept = desk.keep({"activities": [activity(1)]})
        watch = Watch(kept.id, kept.attempt - 1, OfferListState.READY)
        with pytest.raises(Moved):
            watch()
        offer_lists.read_list(kept.id, hosts=(), own_source="x")  # it is read already
        assert desk.kept(kept.id).attempt == kept.attempt

    def test_a_dead_worker_is_replaced(self, desk, monkeypatch):
        kept = desk.keep({"activities": [activity(1)]})
        with pytest.raises(Moved):
            offer_lists.begin_again(desk.actor, kept.id)
        with transaction() as db:
            row = db.get_one(OfferList, kept.id)
            row.state, row.touched_at = OfferListState.READING, row.touched_at - timedelta(minutes=5)
            row.content = zlib.compress(json.dumps([activity(1)]).encode())
        offer_lists.begin_again(desk.actor, kept.id)
        assert desk.kept(kept.id).state is OfferListState.READY

    def test_two_who_take_over_at_once(self, site, desk):
        kept = desk.keep({"activities": [activity(number) for number in range(20)]})
        outcomes = []

        def one():
            try:
                offer_lists.take_over(desk.actor, kept.id, Answers(**ANSWERS))
                outcomes.append("done")
            except Moved:
                outcomes.append("moved")
            finally:
                database.release()

        def inside():
            with site.app_context():
                one()

        threads = [threading.Thread(target=inside) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        session().rollback()
        assert sorted(outcomes) == ["done", "moved"]
        assert len(offers()) == 20

    def test_the_listings_of_a_part_that_died_are_healed_at_night(self, desk, monkeypatch):
        monkeypatch.setattr(listings, "refresh", lambda _ids: 1 / 0)
        kept = desk.keep({"activities": [activity(1)]})
        offer_lists.take_over(desk.actor, kept.id, Answers(**ANSWERS, publish=True))
        session().rollback()
        monkeypatch.undo()
        assert session().query(Listing).count() == 0
        assert desk.kept(kept.id).state is OfferListState.DONE
        listings.refresh_listings()
        assert session().query(Listing).count() == 1


class TestReach:
    def test_only_staff_of_the_network(self, desk):
        kept = desk.keep({"activities": [activity(1)]})
        other = factories.viewer(factories.coordinator("gent-stad"))
        for act in (
            lambda who: offer_lists.stop_list(who, kept.id),
            lambda who: offer_lists.take_over(who, kept.id, Answers()),
            lambda who: offer_lists.keep_list(who, organisation_id=desk.house.id, kind=OWN, data=b"[]"),
        ):
            with pytest.raises(NotFound):
                act(other)
            with pytest.raises(Forbidden):
                act(factories.viewer(factories.counsellor()))
        with pytest.raises(Forbidden):
            exporting.take_away(factories.viewer(factories.counsellor()), source="x", kind="csv")

    @pytest.mark.parametrize("values", [{"verified": False}, {"network": "gent-stad"}, {}])
    def test_an_organisation_that_cannot_answer(self, desk, values):
        house = factories.organisation(**values)
        if values:
            factories.contact(organisation_id=house.id)
        with pytest.raises(NotFound):
            offer_lists.keep_list(desk.actor, organisation_id=house.id, kind=OWN, data=b"[]")

    def test_what_another_network_has_is_not_changed(self, desk):
        factories.offer(organisation_id=desk.house.id, network="gent-stad", source="there", source_id="1")
        kept = desk.take({"source": "there", "activities": [activity(1)]})
        assert codes(kept) == [(1, "elsewhere")]
        assert session().query(Network).count() == 18

    def test_an_administrator_reaches_everywhere(self, desk):
        desk.person = factories.administrator()
        kept = desk.take(
            {
                "activities": [
                    activity(1),
                    activity(2, gatherings=[{"postcode": "9000", "slots": ["mon-morning"]}]),
                ]
            }
        )
        assert counts(kept) == (2, 0, 0, 0, 0)
        assert len(exporting.take_away(desk.actor, source="x", kind="csv")) == 2


class Near(socket.socket):
    """Our end of a connection, of which the handshake is over at once."""

    def do_handshake(self):
        pass


@pytest.fixture
def server(monkeypatch):
    """Makes the next connection give an answer; returns what was asked of it."""
    told, (near, far) = {}, socket.socketpair()
    near_and_far = Near(fileno=near.detach()), far

    def wrap(_context, plain, server_hostname, do_handshake_on_connect):
        told["named"], told["at_once"] = server_hostname, do_handshake_on_connect
        return plain

    def connect(address, _wait):
        told["connected"] = address
        return near_and_far[0]

    def give(answer):
        near_and_far[1].sendall(answer)
        near_and_far[1].shutdown(socket.SHUT_WR)
        return told

    monkeypatch.setattr(fetching.socket, "create_connection", connect)
    monkeypatch.setattr(fetching.ssl.SSLContext, "wrap_socket", wrap)
    yield give
    for end in near_and_far:
        end.close()


class TestFetching:
    @pytest.mark.parametrize(
        "address",
        ["", "http://feed.example/x", "https://other.example/x", "https://feed.example:8443/x", "https://me@feed.example/x", "https://feed.example@other.example/", "https://feed.example.other.example/", "https://feed.example\\@other.example/", "https://feed.example/ x", "ftp://feed.example/", "//feed.example/", "https://[::1]/", "https://feed.example:x/", "https://feed.éxample/", "https://feed.example/" + "x" * 1000, "file:///etc/passwd", "https://127.0.0.1/"],
    )  # fmt: skip
    def test_nothing_else_is_fetched(self, desk, address):
        asked = []
        with pytest.raises(Unreadable, match="not_allowed"):
            fetching.fetch(
                address,
                {"feed.example"},
                resolve=lambda host: asked.append(host) or ["93.184.216.34"],
                going_on=list,
            )
        assert asked == []
        with pytest.raises(Invalid):
            offer_lists.keep_list(
                desk.actor,
                organisation_id=desk.house.id,
                kind=UIT,
                data=None,
                address=address,
                hosts={"feed.example"},
            )

    @pytest.mark.parametrize(
        "found",
        [
            ["127.0.0.1"],
            ["10.0.0.1"],
            ["169.254.169.254"],
            ["::1"],
            ["fe80::1%eth0"],
            ["93.184.216.34", "192.168.1.1"],
            ["::ffff:127.0.0.1"],
            [],
        ],
    )
    def test_no_machine_of_our_own_network(self, monkeypatch, found):
        monkeypatch.setattr(fetching.socket, "create_connection", lambda *_a: pytest.fail("connected"))
        with pytest.raises(Unreadable, match="not_allowed"):
            fetching.fetch(
                "https://feed.example/x", {"feed.example"}, resolve=lambda _host: found, going_on=list
            )

    def test_a_name_that_is_not_there(self):
        def resolve(_host):
            raise OSError

        with pytest.raises(Unreadable, match="unreachable"):
            fetching.fetch("https://feed.example/x", {"feed.example"}, resolve=resolve, going_on=list)

    @pytest.mark.parametrize(
        ("answer", "outcome"),
        [
            (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]", b"[]"), (b"HTTP/1.1 302 Found\r\nLocation: https://127.0.0.1/\r\n\r\n", "moved"),
            (b"HTTP/1.1 500 X\r\n\r\n", "unreachable"), (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nx", "unreachable"), (b"nonsense", "unreachable"), (b"", "unreachable"),
            (b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 200, "too_large"), (b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nx", "unreachable"),
        ],
    )  # fmt: skip
    def test_what_may_come_back(self, monkeypatch, server, answer, outcome):
        monkeypatch.setattr(fetching, "LARGEST", 100)
        sent = server(answer)
        try:
            found = fetching.fetch(
                "https://feed.example/list?key=secret",
                {"feed.example"},
                resolve=lambda _host: ["93.184.216.34"],
                going_on=list,
            )
        except Unreadable as refusal:
            found = refusal.code
        assert found == outcome
        assert sent["connected"] == ("93.184.216.34", 443)
        assert sent["named"] == "feed.example"

    def test_not_for_ever(self, monkeypatch, server):
        monkeypatch.setattr(fetching, "SECONDS", -1.0)
        server(b"HTTP/1.1 200 OK\r\n\r\nxx")
        with pytest.raises(Unreadable, match="unreachable"):
            fetching.fetch(
                "https://feed.example/",
                {"feed.example"},
                resolve=lambda _host: ["93.184.216.34"],
                going_on=list,
            )

    def test_an_address_is_kept_without_its_key(self, desk, monkeypatch):
        asked = []
        monkeypatch.setattr(
            offer_lists,
            "fetch",
            lambda address, hosts, going_on: (
                asked.append((address, going_on())) or json.dumps([event(1)]).encode()
            ),
        )
        key = offer_lists.keep_list(
            desk.actor,
            organisation_id=desk.house.id,
            kind=UIT,
            data=None,
            address="https://feed.example/e?key=secret",
            hosts={"feed.example"},
        )
        kept = desk.kept(key)
        assert (kept.state, kept.address, asked[0][0]) == (
            OfferListState.READY,
            "https://feed.example/e",
            "https://feed.example/e?key=secret",
        )
        assert b"secret" not in zlib.decompress(kept.content)

    def test_the_setting_is_a_list_of_hosts(self):
        assert fetching.hosts_of("") == frozenset()
        assert fetching.hosts_of(" A.example, b.example ") == {"a.example", "b.example"}
