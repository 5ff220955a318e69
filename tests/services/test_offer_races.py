"""Two people act on one organisation or activity at the same moment: one of them does, and nothing is done twice.

Each race between two who decide is run with its guard taken out too, which must show the fault.
"""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from app.clock import today
from app.db import session, transaction
from app.errors import Gone, Moved
from app.models import Listing, Message, Occurrence, Offer, Organisation, Transition
from app.queries.organisations import contacts_of
from app.queries.reach import rows
from app.security.viewer import ANONYMOUS
from app.services import listings, offer_writing, offers, organisations
from app.services.accounts import new_link
from app.services.offer_endings import answer, ask_who_goes_on
from app.vocabulary.activities import OfferState, OrganisationState
from app.vocabulary.records import LinkPurpose, Subject
from tests import factories
from tests.activities import House, home_for, link_for, listed, page_for, state_of
from tests.racing import at_once, unconditional
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


def decisions(subject, key):
    """The states that were decided on, in order."""
    made = select(Transition.to_state).where(Transition.subject == subject, Transition.subject_id == key)
    return session().scalars(made.order_by(Transition.id)).all()


AGAINST_AN_ACTIVITY = {
    "publish": lambda desk, _actor, key: offers.publish(desk, key, page_for=page_for),
    "send back": lambda desk, _actor, key: offers.send_back(desk, key, note="Korter", page_for=page_for),
    "take back": lambda _desk, actor, key: offers.take_back(actor, key),
}


def decided_at_once(site, house, number, *names):
    """An activity to check about which these decide at the same moment: the decisions that were made."""
    desk, actor, key = house.desk, house.actor, house.offer(S.TO_CHECK).id
    acts = [lambda name=name: AGAINST_AN_ACTIVITY[name](desk, actor, key) for name in names]
    heard = at_once(site, number, *acts)
    return decisions(Subject.OFFER, key), heard


CLASHES = [
    ("publish", "publish"),
    ("publish", "send back"),
    ("send back", "take back"),
    ("send back", "send back"),
]


@pytest.mark.parametrize("names", CLASHES)
def test_an_activity_is_decided_about_once(site, house, names):
    for number in range(4):
        made, heard = decided_at_once(site, house, number, *names)
        assert len(made) == 1, heard
        assert sorted(type(said).__name__ for said in heard) == ["Moved", "NoneType"]


@pytest.mark.parametrize("names", CLASHES)
def test_negative_control_who_only_looked_decides_twice_about_an_activity(site, house, monkeypatch, names):
    monkeypatch.setattr(offers, "move", unconditional)
    made, heard = decided_at_once(site, house, 0, *names)
    assert len(made) == 2, heard


def verified_and_refused(site, number, *, seen):
    """A new organisation that two coordinators verify and refuse at the same moment: the decisions that were made."""
    house = House(organisation=factories.organisation(verified=False))
    desk, other, key = house.desk, factories.viewer(factories.coordinator()), house.organisation.id
    heard = at_once(
        site, number,
        lambda: organisations.verify(desk, key, page_for=home_for, seen=seen),
        lambda: organisations.refuse(other, key, reason="Onbekend", page_for=home_for, seen=seen),
    )  # fmt: skip
    return decisions(Subject.ORGANISATION, key), heard


def test_a_new_organisation_is_verified_or_refused_and_never_both(site):
    for number in range(4):
        made, heard = verified_and_refused(site, number, seen=OrganisationState.TO_VERIFY)
        assert len(made) == 1, heard
        assert sorted(type(said).__name__ for said in heard) == ["Moved", "NoneType"]


def test_negative_control_who_does_not_say_what_was_seen_undoes_what_the_other_decided(site):
    made, heard = verified_and_refused(site, 0, seen=None)
    assert sorted(made) == ["refused", "verified"], heard


@pytest.mark.parametrize("act", ["verify", "refuse"])
def test_negative_control_who_only_looked_decides_twice_about_an_organisation(site, monkeypatch, act):
    monkeypatch.setattr(organisations, "move", unconditional)
    house = House(organisation=factories.organisation(verified=False))
    key, desk = house.organisation.id, house.desk
    acts = {
        "verify": lambda: organisations.verify(desk, key, page_for=home_for),
        "refuse": lambda: organisations.refuse(desk, key, reason="Onbekend", page_for=home_for),
    }
    heard = at_once(site, 0, acts[act], acts[act])
    assert len(decisions(Subject.ORGANISATION, key)) == 2, heard


def published_while_refused(site, number):
    """An activity that is published while its organisation is refused: whether it was published after that."""
    house = House()
    desk, other = house.desk, factories.viewer(factories.coordinator())
    key, house_key = house.offer(S.TO_CHECK).id, house.organisation.id
    heard = at_once(
        site, number, lambda: offers.publish(desk, key, page_for=page_for),
        lambda: organisations.refuse(other, house_key, reason="Onbekend", page_for=home_for),
    )  # fmt: skip
    assert not listed(key), heard
    order = session().scalars(select(Transition.to_state).order_by(Transition.id.desc()).limit(2)).all()
    return order == ["published", "refused"], heard


def test_nothing_is_published_after_its_organisation_was_refused(site):
    for number in range(6):
        after, heard = published_while_refused(site, number)
        assert not after, heard
        assert heard[1] is None


def test_negative_control_without_the_look_at_the_organisation_it_is(site, monkeypatch):
    monkeypatch.setattr(offers, "demand_verified", lambda _offer: None)
    assert any(published_while_refused(site, number)[0] for number in range(10))


def published_while_changed(site, house, number, *, look):
    """Whether an activity was published with other answers than the coordinator saw."""
    offer = house.offer(S.TO_CHECK, fluent_speakers=4)
    key, seen = offer.id, offers.version(offer) if look else None
    desk, actor, less = house.desk, house.actor, house.terms(fluent_speakers=1)
    heard = at_once(
        site, number, lambda: offers.publish(desk, key, page_for=page_for, seen=seen),
        lambda: offer_writing.change_terms(actor, key, less),
    )  # fmt: skip
    kept = session().get_one(Offer, key, populate_existing=True)
    return kept.state is S.PUBLISHED and kept.fluent_speakers == 1, heard


def test_what_the_organisation_changes_meanwhile_is_not_published_unseen(site, house):
    for number in range(6):
        unseen, heard = published_while_changed(site, house, number, look=True)
        assert not unseen, heard
        assert heard[1] is None


def test_negative_control_who_does_not_say_what_was_seen_publishes_it(site, house):
    assert any(published_while_changed(site, house, number, look=False)[0] for number in range(10))


def each_removes_the_other(site, number):
    """Two who speak for an organisation say of each other, at the same moment, that they left: who is left."""
    house = House()
    second = factories.organisation_contact(house.organisation)
    key, actors = house.organisation.id, [house.actor, factories.viewer(second)]
    first_row, second_row = [row.id for row in rows(contacts_of(key))]
    heard = at_once(
        site, number, lambda: organisations.remove_contact(actors[0], key, second_row),
        lambda: organisations.remove_contact(actors[1], key, first_row),
    )  # fmt: skip
    return rows(contacts_of(key)), heard


def test_somebody_always_speaks_for_an_organisation(site):
    for number in range(4):
        left, heard = each_removes_the_other(site, number)
        assert len(left) == 1, heard
        assert sorted(getattr(said, "code", "") for said in heard) == ["", "last"]


def test_negative_control_who_looked_before_leaves_nobody(site, monkeypatch):
    """Both saw two people, as they would without waiting for each other."""
    monkeypatch.setattr(organisations, "rows", lambda found: [*rows(found), None])
    left, heard = each_removes_the_other(site, 0)
    assert not left, heard


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
