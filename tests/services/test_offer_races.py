"""Two people act on one organisation or activity at the same moment: one of them does, and nothing is done twice."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from app.clock import today
from app.db import session, transaction
from app.errors import Gone, Moved
from app.models import Listing, Message, Occurrence, Offer, Organisation, Transition
from app.security.viewer import ANONYMOUS
from app.services import listings, offers, organisations
from app.services.accounts import new_link
from app.services.offer_endings import answer, ask_who_goes_on
from app.vocabulary.activities import OfferState
from app.vocabulary.records import LinkPurpose, Subject
from tests import factories
from tests.activities import House, home_for, link_for, page_for, state_of
from tests.services.test_hours_races import together

S = OfferState


@pytest.fixture
def house(site):
    return House()


def refused(results):
    return [result for result in results if isinstance(result, (Moved, Gone))]


def changes(subject):
    return session().scalar(select(func.count()).select_from(Transition).where(Transition.subject == subject))


def test_of_two_who_publish_one_does(site, house):
    offer, desk = house.offer(S.TO_CHECK), house.desk
    results = together(site, 4, lambda _: offers.publish(desk, offer.id, page_for=page_for))
    assert len(refused(results)) == 3
    assert changes(Subject.OFFER) == 1
    assert session().scalar(select(func.count()).select_from(Listing)) == 1
    assert (
        session().scalar(select(func.count()).where(Message.kind == "offer-published").select_from(Message))
        == 1
    )


def test_published_and_taken_back_at_once_ends_in_one_of_both_with_its_listings(site, house):
    offer, desk, actor = house.offer(S.TO_CHECK), house.desk, house.actor
    together(
        site, 2,
        lambda number: offers.take_back(actor, offer.id) if number else offers.publish(desk, offer.id, page_for=page_for),
    )  # fmt: skip
    shown = session().scalar(select(func.count()).select_from(Listing))
    assert (state_of(offer.id), shown) in {(S.TAKEN_BACK, 0), (S.PUBLISHED, 1)}


def test_of_two_who_decide_about_an_organisation_each_answer_is_one_of_both(site):
    house = House(organisation=factories.organisation(verified=False))
    desk, key = house.desk, house.organisation.id
    results = together(site, 4, lambda _: organisations.verify(desk, key, page_for=home_for))
    assert len(refused(results)) == 3
    assert changes(Subject.ORGANISATION) == 1
    assert session().get_one(Organisation, key).verified_by_id == house.coordinator.id


def test_a_link_used_twice_at_once_works_once(site, house):
    offer = house.offer(ends_on=today() + timedelta(days=9))
    token = new_link(LinkPurpose.GOES_ON, locale="nl", contact_person_id=house.contact.id, offer=offer.id)
    results = together(site, 3, lambda _: answer(token, ANONYMOUS, until=today() + timedelta(days=99)))
    assert len(refused(results)) == 2


def test_asked_once_by_two_workers(site, house):
    house.offer(ends_on=today() + timedelta(days=9))
    assert sum(together(site, 3, lambda _: ask_who_goes_on(link_for))) == 1


def test_listings_made_by_two_at_once_are_there_once(site, house):
    offer = house.offer()
    before = session().scalar(select(func.count()).select_from(Occurrence))
    together(site, 3, lambda _: listings.refresh([offer.id]))
    assert session().scalar(select(func.count()).select_from(Listing)) == 1
    assert session().scalar(select(func.count()).select_from(Occurrence)) == before


def write(offer, **values):
    with transaction() as db:
        db.execute(update(Offer).where(Offer.id == offer.id).values(**values))


@pytest.mark.parametrize(
    "values",
    [
        {"places": 2, "places_taken": 3}, {"places_taken": -1}, {"waiting_places": 1, "waiting_taken": 2},
        {"price_cents": -1}, {"fluent_speakers": -1}, {"published_at": None},
    ],
)  # fmt: skip
def test_the_database_itself_refuses_what_cannot_be(house, values):
    offer = house.offer()
    with pytest.raises(IntegrityError):
        write(offer, **values)


def test_what_belongs_to_a_newcomer_is_never_published(site):
    newcomer = factories.newcomer()
    offer = factories.offer(newcomer_id=newcomer.id, published_at=None)
    with pytest.raises(IntegrityError):
        write(offer, state=S.DRAFT)
