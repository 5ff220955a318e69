"""Coming to an activity: a place, the waiting list, giving the place back; by whom, and in which states."""

import pytest

from app.db import session
from app.errors import Forbidden, Gone, Invalid, NotFound, Refusal
from app.models import Occurrence, Offer, Presence, SignUp
from app.queries.sign_ups import joined_by
from app.services import sign_ups
from app.vocabulary.activities import OfferState
from app.vocabulary.sign_ups import SignUpState
from tests import factories
from tests.activities import House
from tests.factories import viewer


@pytest.fixture
def house(site):
    return House()


def seats(offer):
    session().expire_all()
    row = session().get_one(Offer, offer.id)
    return row.places_taken, row.waiting_taken


def test_one_tap_is_a_place(house):
    offer, newcomer = house.offer(), factories.newcomer()
    assert sign_ups.join(viewer(newcomer.person), offer.id) is SignUpState.JOINED
    (joined,) = joined_by(newcomer.id, "ar")
    assert joined.time is not None
    assert seats(offer) == (1, 0)
