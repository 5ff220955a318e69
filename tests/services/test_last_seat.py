"""The last place of an activity: of two who tap at the same moment, one has it, and with the guard out that shows."""

import pytest

from app.db import session, transaction
from app.errors import Refusal
from app.models import Offer, SignUp
from app.services import sign_ups
from app.vocabulary.sign_ups import SignUpState
from tests import factories
from tests.activities import House
from tests.factories import viewer
from tests.racing import at_once, unconditional

ROUNDS = 6
JOINED, WAITING, STOPPED = SignUpState


def careless(statement):
    unconditional(statement)
    return True


def tapped(site, house, number, *, people=2, **terms):
    """So many people want into one activity at once: what each heard, and how the seats stand."""
    offer = house.offer(**{"places": 1, **terms}).id
    crowd = [viewer(factories.newcomer().person) for _ in range(people)]
    heard = at_once(site, number, *[lambda who=who: sign_ups.join(who, offer) for who in crowd])
    session().expire_all()
    row = session().get_one(Offer, offer)
    return heard, (row.places_taken, row.waiting_taken)


def test_the_last_place_is_had_by_one(site):
    house = House()
    for number in range(ROUNDS):
        heard, seats = tapped(site, house, number)
        assert seats == (1, 0)
        assert heard.count(JOINED) == 1
        assert [one.code for one in heard if isinstance(one, Refusal)] == ["full"]


def test_with_a_waiting_list_the_other_waits(site):
    house = House()
    for number in range(ROUNDS):
        heard, seats = tapped(site, house, number, people=3, waiting_places=1)
        assert seats == (1, 1)
        assert sorted(str(one) for one in heard if isinstance(one, SignUpState)) == ["joined", "waiting"]


def test_without_the_guard_the_race_shows(site, monkeypatch):
    monkeypatch.setattr(sign_ups, "changed", careless)
    house = House()
    faults = 0
    for number in range(ROUNDS):
        heard, _seats = tapped(site, house, number)
        faults += any(isinstance(one, Exception) and not isinstance(one, Refusal) for one in heard)
    assert faults, "the database alone was in the way, and nobody heard why"


def test_one_person_who_taps_twice_at_once_has_one_place(site):
    house = House()
    for number in range(ROUNDS):
        offer, who = house.offer(places=3).id, viewer(factories.newcomer().person)
        heard = at_once(site, number, *[lambda who=who, offer=offer: sign_ups.join(who, offer)] * 2)
        assert heard == [JOINED, JOINED]
        session().expire_all()
        assert session().get_one(Offer, offer).places_taken == 1


@pytest.mark.parametrize("waits", [1, 2])
def test_who_leaves_and_who_comes_at_once_leave_no_place_empty(site, waits):
    house = House()
    for number in range(ROUNDS):
        offer = house.offer(places=1, waiting_places=waits).id
        first, second, third = (viewer(factories.newcomer().person) for _ in range(3))
        sign_ups.join(first, offer)
        sign_ups.join(second, offer)
        key = session().query(SignUp.id).filter_by(newcomer_id=first.newcomer_id, offer_id=offer).scalar()
        at_once(
            site, number,
            lambda who=first, key=key: sign_ups.leave(who, key), lambda who=third, offer=offer: sign_ups.join(who, offer),
        )  # fmt: skip
        session().expire_all()
        row = session().get_one(Offer, offer)
        live = session().query(SignUp).filter(SignUp.offer_id == offer, SignUp.state != STOPPED).all()
        assert row.places_taken == sum(one.state is JOINED for one in live) == 1
        assert row.waiting_taken == sum(one.state is WAITING for one in live)
        with transaction():
            assert session().query(SignUp).filter_by(newcomer_id=second.newcomer_id).one().state is JOINED
