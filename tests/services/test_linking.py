"""A newcomer who registered alone is linked to a counsellor by a code that she confirms; no e-mail is needed."""

from datetime import timedelta

import pytest
import time_machine

from app.clock import now
from app.db import session, transaction
from app.errors import Forbidden, Invalid
from app.models import AuditEntry, Grant, Message, Person
from app.services import trajectories
from tests import factories
from tests.factories import viewer
from tests.hours_world import World

SECRET = "for-tests-only-0123456789-abcdefghij"


@pytest.fixture
def world(site) -> World:
    return World()


def a_code(world):
    return trajectories.new_counsellor_code(viewer(world.counsellor), secret_key=SECRET)


def link(human, code):
    trajectories.link_counsellor(viewer(human), code, secret_key=SECRET)


def test_by_code_with_the_newcomers_yes_and_without_an_e_mail(world):
    code, alone = a_code(world), factories.newcomer(email=False)
    found = trajectories.counsellor_of_code(code.lower().replace("-", " "), secret_key=SECRET)
    assert (found.id, alone.counsellor_id) == (world.counsellor.id, None)
    link(alone.person, code)
    session().expire_all()
    assert alone.counsellor_id == world.counsellor.id
    facts = session().query(AuditEntry).filter_by(action="counsellor-linked").one().facts
    assert facts["after"] == world.counsellor.id
    assert session().query(Message).count() == 0
    with pytest.raises(Invalid):
        link(factories.newcomer().person, code)


def test_only_counsellors_give_a_code_and_only_newcomers_take_one(world):
    code = a_code(world)
    for name, actor in world.everybody().items():
        if name not in ("counsellor", "other counsellor"):
            with pytest.raises(Forbidden):
                trajectories.new_counsellor_code(actor, secret_key=SECRET)
        if name not in ("newcomer", "other newcomer"):
            with pytest.raises(Forbidden):
                trajectories.link_counsellor(actor, code, secret_key=SECRET)
    session().expire_all()
    assert world.newcomer.counsellor_id == world.counsellor.id


def test_a_newcomer_is_not_the_own_counsellor(world):
    human = world.newcomer.person
    factories.grant(human, "counsellor", agency="agii")
    code = trajectories.new_counsellor_code(viewer(human), secret_key=SECRET)
    with pytest.raises(Forbidden):
        link(human, code)


@pytest.mark.parametrize("code", ["", "AAAAA-AAAAA", "%", "𝒽" * 300])
def test_unknown_codes(site, code):
    with pytest.raises(Invalid):
        trajectories.counsellor_of_code(code, secret_key=SECRET)


def test_a_code_that_is_too_old(world):
    code = a_code(world)
    with time_machine.travel(now() + timedelta(days=60)), pytest.raises(Invalid):
        link(factories.newcomer().person, code)


@pytest.mark.parametrize("gone", ["role", "account"])
def test_a_code_of_somebody_who_no_longer_is_a_counsellor(world, gone):
    """T19: what a counsellor handed out ends with the role."""
    code, alone = a_code(world), factories.newcomer()
    with transaction() as inside:
        if gone == "role":
            inside.query(Grant).filter_by(person_id=world.counsellor.id).delete()
        else:
            inside.get_one(Person, world.counsellor.id).active = False
    for act in (
        lambda: trajectories.counsellor_of_code(code, secret_key=SECRET),
        lambda: link(alone.person, code),
    ):
        with pytest.raises(Invalid) as refusal:
            act()
        assert refusal.value.field == "code"
    session().expire_all()
    assert alone.counsellor_id is None
