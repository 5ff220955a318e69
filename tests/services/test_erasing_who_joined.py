"""What erasing does with places in activities, with who speaks for an organisation, and with lists that nobody took over."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from app.clock import now
from app.db import session, transaction
from app.errors import Refusal
from app.models import ContactPerson, Grant, Offer, OfferList, SignUp, Transition
from app.services import erasures, retention, sign_ups
from app.vocabulary import Role
from app.vocabulary.activities import OfferState
from app.vocabulary.offer_lists import OfferListKind, OfferListState
from app.vocabulary.records import Subject
from app.vocabulary.sign_ups import SignUpState
from tests import factories
from tests.activities import House
from tests.factories import viewer
from tests.services.test_erasures import ask, links


@pytest.fixture
def house(site):
    return House()


def state_of(newcomer):
    return session().scalars(select(SignUp.state).where(SignUp.newcomer_id == newcomer.id)).one()


def test_the_place_of_who_is_erased_goes_to_who_waits(house):
    offer = house.offer(places=1, waiting_places=3)
    here, waiting, gone = (factories.newcomer() for _ in range(3))
    for newcomer in (here, waiting, gone):
        sign_ups.join(viewer(newcomer.person), offer.id)
    with transaction() as db:
        db.add(Transition(
            subject=Subject.SIGN_UP, subject_id=sign_up_id(here), to_state="joined", reason="", note="Kanarie comes later",
        ))  # fmt: skip
    for newcomer in (gone, here):
        erasures.erase(newcomer.person_id, links=links())
    session().expire_all()
    assert [state_of(newcomer) for newcomer in (here, waiting, gone)] == [
        SignUpState.STOPPED, SignUpState.JOINED, SignUpState.STOPPED,
    ]  # fmt: skip
    seats = session().get_one(Offer, offer.id)
    assert (seats.places_taken, seats.waiting_taken) == (1, 0)
    assert not session().scalars(select(Transition.id).where(Transition.note != "")).all()


def sign_up_id(newcomer):
    return session().scalars(select(SignUp.id).where(SignUp.newcomer_id == newcomer.id)).one()


def test_who_signs_for_an_activity_chooses_somebody_else_first_and_then_speaks_for_nobody(house):
    offer, person = house.offer(), house.person
    with pytest.raises(Refusal) as refused:
        ask(person)
    assert refused.value.code == "signs"
    with transaction() as db:
        db.get_one(Offer, offer.id).state = OfferState.ENDED
    ask(person)
    erasures.erase(person.id, links=links())
    session().expire_all()
    left = session().scalars(select(ContactPerson).where(ContactPerson.person_id == person.id)).all()
    assert {(row.left_at is not None, row.email) for row in left} == {(True, None)}
    grants = select(Grant).where(Grant.role == Role.ORGANISATION, Grant.person_id == person.id)
    assert not session().scalars(grants).all()


def test_a_list_that_nobody_took_over_is_emptied_and_cannot_be_taken_over_any_more(site):
    els = factories.coordinator()
    of = factories.organisation()
    with transaction() as db:
        made = OfferList(
            network_slug="rivierenland", organisation_id=of.id, by_person_id=els.id, kind=OfferListKind.OWN,
            state=OfferListState.READY, content=b"rows of Kanarie", created_at=now(),
        )  # fmt: skip
        db.add(made)
    assert retention.purge(links())["lists"] == 0
    with time_machine.travel(now() + timedelta(days=8), tick=False):
        assert retention.purge(links())["lists"] == 1
        assert retention.purge(links())["lists"] == 0
    session().expire_all()
    assert (made.content, made.state) == (b"", OfferListState.STOPPED)
