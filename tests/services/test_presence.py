"""Who was there: a group in one go, hours that are confirmed by it, and everybody who may not say so."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from app.clock import now
from app.db import session, transaction
from app.errors import Forbidden, Gone, Invalid, Moved, NotFound
from app.models import ContactPerson, HourEntry, Link, Offer, Organisation, Presence, Proof
from app.queries.hours import totals_of
from app.queries.sign_ups import expected_at, meetings_of
from app.services import presence, sign_ups
from app.vocabulary import EntryState, Role
from app.vocabulary.sign_ups import PresenceState
from tests import factories
from tests.activities import House
from tests.factories import ANONYMOUS, viewer
from tests.joining import comes_to, link_to, sign_up_of, tomorrow_at, yesterday_at
from tests.racing import at_once

CAME, MISSED, EXCUSED = PresenceState.CAME, PresenceState.MISSED, PresenceState.EXCUSED


@pytest.fixture
def house(site):
    return House()


def by_link(offer, actor=ANONYMOUS):
    return presence.host_by_link(link_to(offer), actor)


def keys(offer, *people):
    return [sign_up_of(one, offer).id for one in people]


def known(offer, *people):
    session().expire_all()
    found = {row.sign_up_id: row.state for row in session().query(Presence)}
    return [found.get(key) for key in keys(offer, *people)]


def entries(newcomer):
    session().expire_all()
    return session().query(HourEntry).filter_by(newcomer_id=newcomer.id).all()


@pytest.mark.parametrize("way", ["link", "account"])
def test_a_group_in_one_go(house, way):
    """R12: the contact person says who was there, and that confirms the hours."""
    offer = house.offer()
    people = [comes_to(offer) for _ in range(3)]
    time = yesterday_at(offer)
    host = by_link(offer) if way == "link" else presence.host_by_account(house.actor, offer.id)
    assert presence.mark(host, time.id, keys(offer, *people[:2]), 90) == 2
    for one in people[:2]:
        (entry,) = entries(one)
        assert (entry.state, entry.minutes, entry.starts_at) == (EntryState.CONFIRMED, 90, time.starts_at)
        assert entry.dutch_company
        assert entry.proof_id is not None
        assert totals_of([entry], None).confirmed == 90
    assert entries(people[2]) == []
    assert known(offer, *people) == [CAME, CAME, MISSED]
    assert session().query(Proof).count() == 2
    (meeting,) = [one for one in meetings_of(offer.id) if one.over]
    assert (meeting.people, meeting.marked) == (3, 3)


def test_who_was_forgotten_is_added_later_with_an_own_length_and_nothing_twice(house):
    offer = house.offer()
    people = [comes_to(offer) for _ in range(2)]
    time, host = yesterday_at(offer), by_link(offer)
    presence.mark(host, time.id, keys(offer, people[0]), 120)
    assert presence.mark(host, time.id, keys(offer, people[1]), 45) == 1
    assert [entries(one)[0].minutes for one in people] == [120, 45]
    with pytest.raises(Moved):
        presence.mark(host, time.id, keys(offer, *people), 120)
    assert [len(entries(one)) for one in people] == [1, 1]


def test_a_double_tap_makes_one_entry(site):
    house = House()
    for number in range(4):
        offer = house.offer()
        newcomer = comes_to(offer)
        time, token = yesterday_at(offer, hour=3 + 3 * number).id, link_to(offer)
        chosen = keys(offer, newcomer)

        def tap(token=token, time=time, chosen=chosen):
            return presence.mark(presence.host_by_link(token, ANONYMOUS), time, chosen, 60)

        heard = at_once(site, number, tap, tap)
        assert sorted(type(one).__name__ for one in heard) == ["Moved", "int"]
        assert len(entries(newcomer)) == 1


def test_nobody_there_costs_nobody_anything(house):
    offer = house.offer()
    newcomer, excused = comes_to(offer), comes_to(offer)
    time = yesterday_at(offer)
    with transaction() as db:
        db.add(Presence(sign_up_id=sign_up_of(excused, offer).id, occurrence_id=time.id, state=EXCUSED))
    assert presence.mark(by_link(offer), time.id, [], 60) == 0
    assert known(offer, newcomer, excused) == [MISSED, EXCUSED]
    assert session().query(HourEntry).count() == 0


def test_hours_that_she_told_herself_are_the_same_hours(house):
    offer = house.offer()
    newcomer = comes_to(offer)
    time = yesterday_at(offer)
    own = factories.entry(newcomer, offer, starts_at=time.starts_at, minutes=120)
    presence.mark(by_link(offer), time.id, keys(offer, newcomer), 120)
    (entry,) = entries(newcomer)
    assert (entry.id, entry.state) == (own.id, EntryState.CONFIRMED)


def test_hours_that_she_has_already_are_not_confirmed_twice(house):
    offer = house.offer()
    newcomer = comes_to(offer)
    time = yesterday_at(offer)
    factories.entry(newcomer, offer, starts_at=time.starts_at, minutes=120, state=EntryState.ACCEPTED)
    assert presence.mark(by_link(offer), time.id, keys(offer, newcomer), 120) == 1
    assert [entry.state for entry in entries(newcomer)] == [EntryState.ACCEPTED]
    assert known(offer, newcomer) == [CAME]


def test_other_hours_in_the_way_refuse_all_and_do_not_say_which(house):
    """R49: two hours of one newcomer do not overlap."""
    offer = house.offer()
    people = [comes_to(offer), comes_to(offer)]
    time = yesterday_at(offer)
    factories.entry(
        people[1],
        factories.offer(title="Geheim"),
        starts_at=time.starts_at + timedelta(minutes=30),
        minutes=30,
    )
    with pytest.raises(Invalid) as refusal:
        presence.mark(by_link(offer), time.id, keys(offer, *people), 120)
    assert refusal.value.code == "overlap"
    assert people[1].person.first_name in str(refusal.value.message)
    assert "Geheim" not in str(refusal.value.message)
    assert entries(people[0]) == []
    assert known(offer, *people) == [None, None]
    assert presence.mark(by_link(offer), time.id, keys(offer, people[0]), 120) == 1


def test_a_time_to_come_cannot_be_marked_and_longer_than_it_is_over_neither(house):
    offer = house.offer()
    newcomer = comes_to(offer)
    with pytest.raises(Invalid):
        presence.mark(by_link(offer), tomorrow_at(offer).id, keys(offer, newcomer), 60)
    with pytest.raises(Invalid):
        presence.mark(by_link(offer), yesterday_at(offer).id, keys(offer, newcomer), 60 * 24 + 1)
    assert entries(newcomer) == []


def test_only_who_had_a_place_at_that_time_stands_on_the_list(house):
    offer = house.offer(places=3, waiting_places=3)
    came, left_before, left_after, late = (comes_to(offer) for _ in range(4))
    time = yesterday_at(offer)
    for one in (left_before, left_after):
        sign_ups.leave(viewer(one.person), sign_up_of(one, offer).id)
    with transaction():
        sign_up_of(left_before, offer).stopped_at = time.starts_at - timedelta(hours=1)
    assert sign_up_of(late, offer).joined_at > time.ends_at
    assert {one.sign_up.newcomer_id for one in expected_at(time)} == {came.id, left_after.id}
    with pytest.raises(NotFound):
        presence.mark(by_link(offer), time.id, keys(offer, late), 60)


def test_nobody_signs_for_oneself(house):
    """R13: neither signed in, nor as the contact person under another name."""
    offer = house.offer()
    newcomer = comes_to(offer)
    time = yesterday_at(offer)
    with pytest.raises(Forbidden):
        presence.mark(by_link(offer, viewer(newcomer.person)), time.id, keys(offer, newcomer), 60)
    with transaction() as db:
        db.get_one(ContactPerson, house.contact.id).phone = newcomer.person.phone
    with pytest.raises(Forbidden):
        presence.mark(by_link(offer), time.id, keys(offer, newcomer), 60)
    assert entries(newcomer) == []


def test_an_organisation_that_nobody_knows_sees_nobody_and_signs_nothing(house):
    offer = house.offer()
    comes_to(offer)
    token = link_to(offer)
    with transaction() as db:
        db.get_one(Organisation, house.organisation.id).verified_at = None
    with pytest.raises(Forbidden):
        presence.host_by_link(token, ANONYMOUS)
    with pytest.raises(Forbidden):
        presence.host_by_account(house.actor, offer.id)


@pytest.mark.parametrize("fault", ["left", "other contact", "expired", "cut off"])
def test_a_link_opens_its_door_only_as_long_as_it_should(house, fault):
    offer = house.offer()
    token, other = link_to(offer), factories.contact(organisation_id=house.organisation.id)
    with transaction() as db:
        if fault == "left":
            db.get_one(ContactPerson, house.contact.id).left_at = now()
        if fault == "other contact":
            db.execute(update(Offer).values(contact_person_id=other.id))
        if fault == "expired":
            db.query(Link).filter(Link.contact_person_id == house.contact.id).one().expires_at = now()
    with pytest.raises((Forbidden, NotFound, Gone)):
        presence.host_by_link(token[:-1] if fault == "cut off" else token, ANONYMOUS)


ELSEWHERE = {
    Role.BUDDY: lambda: factories.buddy().person,
    Role.NEWCOMER: lambda: factories.newcomer().person,
    Role.COUNSELLOR: factories.counsellor,
    Role.COORDINATOR: factories.coordinator,
    Role.ORGANISATION: factories.member,
    Role.HELPER: lambda: factories.person(roles=(Role.HELPER,)),
    Role.ADMINISTRATOR: factories.administrator,
}


@pytest.mark.parametrize("role", ELSEWHERE)
def test_only_the_own_organisation_sees_who_comes(house, role):
    with pytest.raises((Forbidden, NotFound)):
        presence.host_by_account(viewer(ELSEWHERE[role]()), house.offer().id)


def test_a_time_of_another_activity_is_not_there(house):
    offer, other = house.offer(), house.offer()
    newcomer = comes_to(offer)
    with pytest.raises(NotFound):
        presence.mark(by_link(offer), yesterday_at(other).id, keys(offer, newcomer), 60)
