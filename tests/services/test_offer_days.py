"""One time of an activity is called off and put back; the others stay."""

from datetime import timedelta

import pytest

from app.clock import in_brussels, today
from app.db import session
from app.errors import Moved, NotFound
from app.models import Listing, Occurrence, Offer
from app.queries.offer_days import next_times
from app.services import offer_days, offer_writing, offers
from tests import factories
from tests.activities import House, where


@pytest.fixture
def house(site):
    return House()


def ahead(offer):
    """(day, whether it stands) of the next times."""
    session().expire_all()
    kept = session().get_one(Offer, offer.id)
    return [
        (in_brussels(time.starts_at).date(), time.cancelled_at is None)
        for time in next_times(kept, at_most=99)
    ]


def in_days(days):
    return (today() + timedelta(days=days)).isoformat()


@pytest.mark.parametrize("by_dates", [False, True])
def test_one_time_is_called_off_and_takes_place_after_all(house, by_dates):
    said = {"rule": "", "dates": [in_days(2), in_days(9)]} if by_dates else {}
    offer = house.offer(gatherings=[factories.weekly(**said)])
    times = next_times(offer, at_most=99)
    before = ahead(offer)
    offer_days.call_off(house.actor, offer.id, times[0].id)
    assert ahead(offer) == [(before[0][0], False), *before[1:]]
    assert in_brussels(session().query(Listing).one().next_at).date() == before[1][0]
    with pytest.raises(Moved):
        offer_days.call_off(house.actor, offer.id, times[0].id)
    session().rollback()
    offer_days.put_back(house.desk, offer.id, times[0].id)
    assert ahead(offer) == before
    with pytest.raises(Moved):
        offer_days.put_back(house.actor, offer.id, times[0].id)


def test_a_time_of_another_activity_or_of_one_that_is_not_shown(house):
    offer, other = (house.offer(gatherings=[factories.weekly()]) for _ in range(2))
    time = next_times(offer)[0].id
    with pytest.raises(NotFound):
        offer_days.call_off(house.actor, other.id, time)
    session().rollback()
    offers.take_back(house.actor, offer.id)
    for act in (offer_days.call_off, offer_days.put_back):
        with pytest.raises(Moved):
            act(house.actor, offer.id, time)
        session().rollback()


def test_one_place_of_two_and_a_place_that_is_left_out(house):
    """The same day at the other place stays; times of a place that is gone are no longer there."""
    offer = house.offer(gatherings=[factories.weekly(), factories.weekly(place="Park")])
    first = next_times(offer)[0]
    offer_days.call_off(house.actor, offer.id, first.id)
    day = in_brussels(first.starts_at).date()
    assert sorted(stands for at, stands in ahead(offer) if at == day) == [False, True]
    offer_writing.change_gatherings(house.actor, offer.id, [where()])
    assert session().query(Occurrence).filter(Occurrence.gathering_id.is_(None)).count()
    assert all(stands for _at, stands in ahead(offer))
