"""What searches go by: made from an activity, kept in step with it, and nothing of what may not be seen."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.clock import in_brussels, now, today
from app.db import session, transaction
from app.models import Gathering, Listing, Occurrence, Offer
from app.services import listings
from app.services.listings import AHEAD, refresh, refresh_listings, seats_changed
from app.vocabulary import OfferKind
from app.vocabulary.activities import OfferState
from app.vocabulary.masks import GOALS, LIKINGS, SLOTS, SUITED, mask, tags_of
from tests import factories


def listed(offer):
    session().expire_all()
    return session().scalars(select(Listing).where(Listing.offer_id == offer.id).order_by(Listing.id)).all()


def days(offer, *, cancelled=False):
    session().expire_all()
    found = select(Occurrence).where(Occurrence.offer_id == offer.id).order_by(Occurrence.starts_at)
    return [day for day in session().scalars(found) if (day.cancelled_at is not None) is cancelled]


def change(offer, **values):
    with transaction() as db:
        row = db.get_one(Offer, offer.id)
        for name, value in values.items():
            setattr(row, name, value)
        refresh([offer.id])


def test_an_activity_at_two_places_is_listed_twice_with_all_a_search_needs(site):
    offer = factories.offer(
        kind=OfferKind.SPORT, title="Voetbál", dutch_level="a2", interests=["football", "walking"],
        goals=["make-friends"], suited=["children"], price_cents=250, municipality="Mechelen",
        gatherings=[
            factories.weekly(1, "10:00"),
            factories.weekly(5, "19:00", postcode="2500", locality="Lier", municipality="Lier"),
        ],
    )  # fmt: skip
    first, second = listed(offer)
    assert (first.municipality, second.municipality) == ("Mechelen", "Lier")
    assert (first.lat, first.lon) == pytest.approx((51.03, 4.48), abs=0.05)
    assert second.lat == pytest.approx(51.13, abs=0.05)
    assert (first.level, first.price_cents, first.joinable, first.kind) == (2, 250, True, OfferKind.SPORT)
    assert tags_of(first.slot_bits, SLOTS) == ["tue-morning"]
    assert tags_of(second.slot_bits, SLOTS) == ["sat-evening"]
    assert tags_of(first.interest_bits, LIKINGS) == ["football", "walking"]
    assert tags_of(first.goal_bits, GOALS) == ["make-friends"]
    assert tags_of(first.suited_bits, SUITED) == ["children"]
    assert "voetbal" in first.search_key
    assert in_brussels(first.next_at).strftime("%a %H:%M") == "Tue 10:00"
    coming = days(offer)
    assert first.next_at == min(day.starts_at for day in coming if day.gathering_id == first.gathering_id)
    assert now() < coming[0].starts_at
    assert in_brussels(coming[-1].starts_at).date() <= today() + AHEAD
    assert 17 <= len(coming) <= 19


@pytest.mark.parametrize(
    "values",
    [{"state": OfferState.TAKEN_BACK}, {"state": OfferState.ENDED}, {"ends_on": today() - timedelta(days=1)}],
)
def test_what_is_no_longer_shown_is_not_listed_and_its_days_are_cancelled(site, values):
    offer = factories.offer(gatherings=[factories.weekly()])
    assert listed(offer)
    coming = len(days(offer))
    change(offer, **values)
    assert not listed(offer)
    assert not days(offer)
    assert len(days(offer, cancelled=True)) == coming


def test_an_organisation_that_is_not_verified_is_not_listed(site):
    house = factories.organisation(verified=False)
    assert not listed(factories.offer(organisation_id=house.id))


def test_a_changed_rule_cancels_days_and_a_rule_changed_back_restores_them(site):
    offer = factories.offer(gatherings=[factories.weekly(1)])
    before = [day.id for day in days(offer)]
    (gathering,) = session().get_one(Offer, offer.id).gatherings

    def set_rule(rule):
        with transaction() as db:
            db.get_one(Gathering, gathering.id).rule = rule
            refresh([offer.id])

    rule = gathering.rule
    set_rule("FREQ=WEEKLY;BYDAY=TH")
    assert {day.id for day in days(offer, cancelled=True)} == set(before)
    assert all(in_brussels(day.starts_at).weekday() == 3 for day in days(offer))
    set_rule(rule)
    assert [day.id for day in days(offer)] == before


def test_nothing_fixed_is_listed_by_its_moments(site):
    (row,) = listed(factories.offer(slot="wed-evening"))
    assert (row.next_at, tags_of(row.slot_bits, SLOTS)) == (None, ["wed-evening"])


def test_a_place_that_is_not_known_for_sure_has_no_point_and_keeps_its_network(site):
    (row,) = listed(factories.offer(municipality="Nergens", network="kempen"))
    assert (row.lat, row.lon, row.network_slug) == (None, None, "kempen")


def test_full_is_not_joinable_until_a_place_is_free_again(site):
    offer = factories.offer(places=1, places_taken=1)
    assert not listed(offer)[0].joinable
    with transaction() as db:
        row = db.get_one(Offer, offer.id)
        row.places_taken = 0
        seats_changed(row)
    assert listed(offer)[0].joinable
    assert listed(factories.offer(places=1, places_taken=1, waiting_places=1))[0].joinable


def test_each_night_the_days_move_on_and_leftovers_go(site, monkeypatch):
    offer, gone = factories.offer(gatherings=[factories.weekly()]), factories.offer()
    with transaction() as db:
        db.get_one(Offer, gone.id).state = OfferState.ENDED
    last = days(offer)[-1].starts_at
    monkeypatch.setattr(listings, "AHEAD", AHEAD + timedelta(weeks=2))
    assert refresh_listings() == 1
    assert days(offer)[-1].starts_at > last
    assert not listed(gone)


def test_masks_know_no_strange_tags():
    assert mask(["mon-morning", "nonsense", "sun-evening"], SLOTS) == 1 | 1 << 20
