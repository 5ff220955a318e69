"""An address that is added to an account: asked about by mail, not too often, and never mixed up with another one."""

from threading import Event

import pytest
import time_machine
from sqlalchemy import select

from app.clock import now
from app.db import lock, session
from app.models import Message, Person, Registration
from app.security.identity import canonical_email
from app.services import arrivals, takeover
from tests import factories
from tests.racing import at_once

OWN, VICTIM = "own@example.be", "victim@example.be"


def somebody():
    return factories.viewer(factories.newcomer(email=False).person)


def asked():
    """To whom it was written to confirm an address, in order."""
    found = select(Message.to_email).where(Message.kind == "confirm-address").order_by(Message.id)
    return list(session().scalars(found))


def test_nobody_fills_the_letter_box_of_somebody_else(site):
    first, second = somebody(), somebody()
    for viewer in (first, second):
        for _ in range(6):
            takeover.add_address(viewer, VICTIM)
    for number in range(6):
        takeover.add_address(first, f"victim+{number}@example.be")
    assert asked() == [VICTIM] * 3
    with time_machine.travel(now().timestamp() + 3_660, tick=False):
        takeover.add_address(first, VICTIM)
    assert asked() == [VICTIM] * 4


def mixed_up(site, monkeypatch):
    """Another address is added while the worker asks about the first: whether the account has one and looks for the other."""
    viewer, under_way, added = somebody(), Event(), Event()
    claims = arrivals.claim_address

    def slow(person, addresses):
        if not under_way.is_set():
            under_way.set()
            added.wait(0.5)  # which is in vain when the other has to wait for us
        return claims(person, addresses)

    def meanwhile():
        under_way.wait(20)
        takeover.add_address(viewer, VICTIM)
        added.set()

    monkeypatch.setattr(arrivals, "claim_address", slow)
    heard = at_once(site, 1, lambda: takeover.add_address(viewer, OWN), meanwhile)
    assert heard == [None, None]
    person = session().get_one(Person, viewer.person_id, populate_existing=True)
    return canonical_email(person.email) != person.email_canonical


def test_two_addresses_at_once_are_not_mixed_up(site, monkeypatch):
    assert not mixed_up(site, monkeypatch)
    assert asked() == [OWN, VICTIM]


@pytest.mark.postgresql
def test_they_would_be_if_the_worker_did_not_hold_the_person(site, monkeypatch):
    monkeypatch.setattr(
        arrivals, "lock", lambda model, key: lock(model, key) if model is Registration else None
    )
    assert mixed_up(site, monkeypatch)
