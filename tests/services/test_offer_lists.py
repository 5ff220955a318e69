"""Taking over lists of activities and taking them away: all or nothing, nothing doubled, within the own network."""

import json
import threading
import zlib
from contextvars import Context
from datetime import timedelta

import pytest

from app import db as database
from app.clock import today
from app.db import session, transaction
from app.errors import Forbidden, Invalid, Moved, NotFound
from app.models import AuditEntry, Gathering, Listing, Network, Offer, OfferList, Transition
from app.services import listings, offer_lists
from app.services.offer_lists import Watch, exporting, taking
from app.services.offer_lists.taking import Answers
from app.vocabulary.activities import OfferState
from app.vocabulary.offer_lists import OfferListKind, OfferListState
from tests import factories
from tests.activity_lists import ANSWERS, DAY, activity, codes, counts, offers

OWN = OfferListKind.OWN


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
