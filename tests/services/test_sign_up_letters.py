"""What newcomers and contact persons hear of activities: once, in the own language, and nobody who need not."""

import pytest

from app.clock import now
from app.db import session, transaction
from app.models import ContactPerson, Message, Occurrence, Organisation
from app.services import offer_writing, offers, sign_ups
from app.services.sign_up_letters import remind_about_activities, tell_about_activities
from app.vocabulary.records import Channel
from tests import factories
from tests.activities import House, page_for, where
from tests.factories import viewer
from tests.joining import LINKS, comes_to, sign_up_of, tomorrow_at, yesterday_at
from tests.racing import at_once


@pytest.fixture
def house(site):
    return House()


def told(kind):
    session().expire_all()
    return session().query(Message).filter_by(kind=kind).order_by(Message.id).all()


def test_who_took_a_place_reads_when_and_where_in_the_own_language(house):
    offer = house.offer()
    factories.text(offer, "ar", title="مقهى اللغة")
    newcomer = comes_to(offer)
    (letter,) = told("activity-joined")
    assert letter.to_email == newcomer.person.email
    assert "مقهى اللغة" in letter.text
    assert "Buurthuis, 2800 Mechelen" in letter.text
    assert "/ar/j/" in letter.text
    tell_about_activities(LINKS)
    assert len(told("activity-joined")) == 1


def test_who_has_no_address_saw_it_on_the_screen(house):
    comes_to(house.offer(), email=False)
    assert told("activity-joined") == []


@pytest.mark.parametrize("email", [True, False])
def test_who_moves_up_hears_it(house, email):
    offer = house.offer(places=1, waiting_places=1)
    first, second = comes_to(offer), comes_to(offer, email=email)
    sign_ups.leave(viewer(first.person), sign_up_of(first, offer).id)
    (letter,) = told("place-free")
    assert letter.person_id == second.person_id
    assert letter.channel is (Channel.MAIL if email else Channel.TASK)
    assert letter.network_slug == second.network_slug


def test_a_place_that_came_free_while_it_was_checked_goes_on_to_who_waits(house):
    offer = house.offer(places=1, waiting_places=1)
    first, second = comes_to(offer), comes_to(offer)
    offer_writing.change_terms(
        house.actor, offer.id, house.terms(places=1, waiting_places=1, fluent_speakers=9)
    )
    sign_ups.leave(viewer(first.person), sign_up_of(first, offer).id)
    assert sign_up_of(second, offer).joined_at is None
    offers.publish(house.desk, offer.id, page_for=page_for)
    tell_about_activities(LINKS)
    assert sign_up_of(second, offer).joined_at is not None
    assert len(told("place-free")) == 1


@pytest.mark.parametrize("email", [True, False])
def test_the_day_before_everybody_who_comes_is_reminded_once(house, email):
    offer = house.offer(places=1, waiting_places=1)
    newcomer = comes_to(offer, email=email, name="Selam Haile")
    comes_to(offer)  # waits, and is not reminded
    tomorrow_at(offer)
    for _ in range(3):
        remind_about_activities(LINKS)
    (letter,) = told("activity-tomorrow")
    assert letter.person_id == newcomer.person_id
    assert letter.channel is (Channel.MAIL if email else Channel.TASK)
    (who,) = told("who-comes")
    assert who.to_email == house.contact.email
    assert newcomer.person.first_name not in who.text


def test_who_cannot_come_this_time_is_not_reminded(house):
    offer = house.offer()
    newcomer = comes_to(offer)
    time = tomorrow_at(offer)
    sign_ups.skip(viewer(newcomer.person), sign_up_of(newcomer, offer).id, time.id)
    remind_about_activities(LINKS)
    assert told("activity-tomorrow") == []


def test_a_time_that_falls_out_is_told_to_everybody_once_and_to_who_waits(house):
    offer = house.offer(places=1, waiting_places=1)
    people = [comes_to(offer), comes_to(offer)]
    first = session().query(Occurrence).filter_by(offer_id=offer.id).order_by(Occurrence.starts_at).first()
    off = first.starts_at.date()
    offer_writing.change_gatherings(
        house.actor, offer.id, [where(first_on=off, except_dates=[off])]
    )  # fmt: skip
    letters = told("activity-changed")
    assert {letter.person_id for letter in letters} == {one.person_id for one in people}
    for _ in range(2):
        tell_about_activities(LINKS)
    assert len(told("activity-changed")) == 2
    assert told("activity-over") == []


@pytest.mark.parametrize("act", [offers.take_back, offers.end])
def test_an_activity_that_stops_is_told_in_one_letter_each(house, act):
    offer = house.offer()
    newcomer = comes_to(offer)
    act(house.actor, offer.id)
    (letter,) = told("activity-over")
    assert letter.person_id == newcomer.person_id
    assert "/ar/activities" in letter.text
    assert "/j/" not in letter.text


def test_while_it_is_checked_again_nobody_is_told_that_it_stops(house):
    offer = house.offer()
    comes_to(offer)
    offer_writing.change_terms(house.actor, offer.id, house.terms(fluent_speakers=7))
    tell_about_activities(LINKS)
    assert told("activity-over") == told("activity-changed") == []
    offers.publish(house.desk, offer.id, page_for=page_for)
    assert told("activity-over") == told("activity-changed") == []


def test_the_contact_person_is_asked_once_who_was_there(house):
    offer = house.offer()
    comes_to(offer)
    yesterday_at(offer)
    for _ in range(2):
        remind_about_activities(LINKS)
    (letter,) = told("who-was-there")
    assert letter.to_email == house.contact.email
    assert "/t/" in letter.text


@pytest.mark.parametrize("gone", ["left", "unknown", "nobody"])
def test_who_cannot_answer_is_not_asked(house, gone):
    offer = house.offer()
    if gone != "nobody":
        comes_to(offer)
    yesterday_at(offer)
    with transaction() as db:
        if gone == "left":
            db.get_one(ContactPerson, house.contact.id).left_at = now()
        if gone == "unknown":
            db.get_one(Organisation, house.organisation.id).verified_at = None
    remind_about_activities(LINKS)
    assert told("who-was-there") == []


def test_two_workers_at_once_write_one_letter(site):
    house = House()
    for number in range(4):
        offer = house.offer()
        comes_to(offer)
        tomorrow_at(offer)
        at_once(site, number, *[lambda: remind_about_activities(LINKS)] * 2)
        assert len(told("activity-tomorrow")) == len(told("who-comes")) == number + 1
