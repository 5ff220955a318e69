"""What is looked for after the long measurements: who was handed in counts, once made; who is lost or there twice is seen."""

import pytest

from app.db import session, transaction
from app.models import Person, Registration
from app.services import arrivals
from tests import factories
from tests.soak.forking import InsideDoor
from tests.soak.looking import finish, look
from tests.soak.writing import Registrant, Told


@pytest.fixture
def told(site, monkeypatch):
    """Somebody who registered, of whom the worker was told in vain."""
    told = Told()
    with monkeypatch.context() as away:
        away.setattr(arrivals.queue, "put", lambda *_args: None)
        assert Registrant(InsideDoor(site), told, "buddy0").act("buddy0-1")
    assert told.acknowledged == {"buddy0-1"}
    assert session().query(Person).count() == 0
    session().rollback()
    return told


def found(told):
    return look(session().get_bind(), [told], finish())


def test_who_was_handed_in_is_there_once_when_made(told):
    for _ in range(2):
        assert found(told).whole, found(told)


def test_a_registration_that_is_gone_is_lost(told):
    with transaction() as db:
        db.query(Registration).delete()
    assert found(told).lost == 1


def test_a_registration_whose_answers_are_gone_is_lost(told):
    with transaction() as db:
        db.query(Registration).one().answers = {}
    assert found(told).lost == 1


def test_a_registration_that_makes_two_people_is_seen(told):
    finish()
    factories.person(full_name="Buddy buddy0-1")
    assert found(told).doubled == 1


def test_somebody_without_the_account_that_was_asked_for_is_half(told):
    finish()
    with transaction() as db:
        db.query(Person).one().email_canonical = None
    assert found(told).halves == 1
