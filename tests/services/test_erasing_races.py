"""Who stays after all at the very moment in which the night erases: either stays, or hears that it is too late."""

from datetime import timedelta
from threading import Event

import pytest
from sqlalchemy import update

from app.clock import now, today
from app.db import after_commit, session, transaction
from app.errors import Gone, Moved, NotFound
from app.models import Buddy, Erasure, Person
from app.services import accounts, erasures, inactivity, retention
from app.vocabulary import BuddyState
from app.vocabulary.records import LinkPurpose
from tests import factories
from tests.racing import at_once
from tests.services.test_erasures import links

ROUNDS = 10
TOO_LATE = (Gone, NotFound, Moved)


def silent():
    """Somebody whom nobody heard for years, who was asked, and how that person stays."""
    long_ago = now() - timedelta(days=900)
    person_id = factories.buddy(registered_at=long_ago, heard_at=long_ago).person_id
    with transaction() as db:
        db.execute(
            update(Person).where(Person.id == person_id)
            .values(seen_on=today() - timedelta(days=900), stay_asked_on=today() - timedelta(days=400))
        )  # fmt: skip
    token = accounts.new_link(LinkPurpose.STAY, locale="nl", person_id=person_id)
    return person_id, lambda: inactivity.stay(token)


def leaving():
    """Somebody who asked to be erased fourteen days ago, and how that is taken back."""
    person = factories.buddy().person
    with transaction() as db:
        db.add(Erasure(person_id=person.id, due_at=now() - timedelta(hours=1)))
    actor = factories.viewer(person)
    return person.id, lambda: erasures.take_back(actor)


WAYS = {"silent": (silent, inactivity.erase_silent), "asked": (leaving, erasures.carry_out_due)}


def is_erased(person_id):
    session().expire_all()
    return session().get_one(Person, person_id).erased_at is not None


def outcome(site, number, person_id, stays, night):
    """Whether the person was told to stay, and whether nothing was left, when both happen at the same moment."""
    heard, erased = at_once(site, number, stays, night)
    assert heard is None or isinstance(heard, TOO_LATE)
    assert not isinstance(erased, Exception)
    return heard is None, is_erased(person_id)


@pytest.mark.parametrize("way", WAYS)
def test_who_stays_at_the_same_moment_is_here_and_who_hears_otherwise_is_gone(site, way):
    made, night = WAYS[way]
    found = {outcome(site, number, *made(), lambda: night(links())) for number in range(ROUNDS)}
    assert found <= {(True, False), (False, True)}


@pytest.mark.parametrize("way", WAYS)
def test_this_would_be_seen_where_an_older_list_is_trusted(site, way):
    (person_id, stays), stayed = WAYS[way][0](), Event()

    def stays_meanwhile():
        stays()
        stayed.set()

    def careless():
        assert stayed.wait(timeout=20)
        return erasures.erase(person_id, links=links())

    assert outcome(site, 0, person_id, stays_meanwhile, careless) == (True, True)


@pytest.mark.parametrize("way", WAYS)
def test_who_stays_while_others_are_being_erased_is_here(site, monkeypatch, way):
    made, night = WAYS[way]
    (first, _stays), (second, stays) = made(), made()
    erase = erasures.erase

    def then_stays(person_id, *, links):
        with transaction():
            if person_id == first:
                after_commit(stays)
            return erase(person_id, links=links)

    monkeypatch.setattr(erasures, "erase", then_stays)
    assert night(links()) == 1
    assert [is_erased(first), is_erased(second)] == [True, False]


def test_who_stopped_and_came_back_before_the_turn_is_here(site, monkeypatch):
    long_ago = now() - timedelta(days=200)
    first, second = (factories.buddy(state=BuddyState.LEFT, registered_at=long_ago) for _ in range(2))
    erase, second_id = erasures.erase, second.id

    def comes_back(person_id, *, links):
        with transaction() as db:
            db.execute(update(Buddy).where(Buddy.id == second_id).values(state=BuddyState.REGISTERED))
            return erase(person_id, links=links)

    monkeypatch.setattr(erasures, "erase", comes_back)
    assert retention.purge(links())["stopped"] == 1
    assert [is_erased(first.person_id), is_erased(second.person_id)] == [True, False]
