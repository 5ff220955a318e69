"""The way of a buddy (DOMAIN 6a), whole: every state, every act of every role and of the system, and who may do none."""

from datetime import timedelta

import pytest

from app.clock import now, today
from app.db import session, transaction
from app.errors import Refusal
from app.models import Buddy, Grant, Transition
from app.security.viewer import ANONYMOUS
from app.services import availability, buddies, screening
from app.services.accounts import confirm_address, new_link
from app.services.screening import BUDDY_CHANGES, BuddyAct
from app.vocabulary import BuddyState, Role
from app.vocabulary.records import Available, LinkPurpose, Subject
from tests import factories
from tests.services.test_screening import run

S = BuddyState
EVERY = frozenset(S)
GONE = frozenset({S.LEFT, S.REJECTED})

OWN = {
    "confirm address": ({S.REGISTERED}, S.VERIFIED),
    "still available": ({S.APPROVED, S.PAUSED, S.AWAY}, S.APPROVED),
    "later": ({S.APPROVED, S.PAUSED, S.AWAY}, S.PAUSED),
    "pause": ({S.APPROVED, S.AWAY}, S.PAUSED),
    "resume": ({S.PAUSED}, S.APPROVED),
    "withdraw": (EVERY - GONE, S.LEFT),
}
SYSTEM = {
    "end pauses": ({S.PAUSED}, S.APPROVED, {"paused_until": today()}),
    "lapse": ({S.APPROVED}, S.LAPSED, {"screened_until": today() - timedelta(days=1)}),
    "out of the pool": (
        {S.APPROVED}, S.AWAY, {"asked_at": now() - timedelta(days=15), "reminded_at": now() - timedelta(days=8)},
    ),
    "give up": ({S.AWAY}, S.LEFT, {"asked_at": now() - timedelta(days=366)}),
}  # fmt: skip


def confirm(buddy):
    confirm_address(new_link(LinkPurpose.CONFIRM_ADDRESS, locale="nl", person_id=buddy.person_id))


def do_own(act, actor, buddy):
    {
        "confirm address": lambda: confirm(buddy),
        "still available": lambda: availability.say(actor, Available.YES),
        "later": lambda: availability.say(actor, Available.LATER),
        "pause": lambda: buddies.pause(actor, today() + timedelta(days=9)),
        "resume": lambda: buddies.resume(actor),
        "withdraw": lambda: buddies.withdraw(actor),
    }[act]()


def run_nightly(act):
    {
        "end pauses": buddies.end_pauses,
        "lapse": buddies.lapse_screenings,
        "out of the pool": lambda: availability.ask_the_silent(
            lambda locale, token: f"http://localhost/{locale}/a/{token}"
        ),
        "give up": lambda: availability.ask_the_silent(
            lambda locale, token: f"http://localhost/{locale}/a/{token}"
        ),
    }[act]()


def state_of(buddy):
    return session().get_one(Buddy, buddy.id, populate_existing=True).state


def tried(do):
    """Run that; a refusal is one of ours."""
    try:
        do()
    except Refusal:
        return False
    return True


@pytest.mark.parametrize("act", OWN)
@pytest.mark.parametrize("state", list(S))
def test_the_own_acts(site, state, act):
    buddy = factories.buddy(state=state)
    before, after = OWN[act]
    tried(lambda: do_own(act, factories.viewer(buddy.person), buddy))
    assert state_of(buddy) is (after if state in before else state)
    turns = session().query(Transition).filter_by(subject=Subject.BUDDY).all()
    assert [(turn.from_state, turn.to_state) for turn in turns] == (
        [(state, after)] if state in before and after is not state else []
    )


@pytest.mark.parametrize("act", SYSTEM)
@pytest.mark.parametrize("state", list(S))
def test_what_the_night_does(site, state, act):
    before, after, facts = SYSTEM[act]
    buddy = factories.buddy(state=state, **facts)
    for _ in range(2):
        run_nightly(act)
    assert state_of(buddy) is (after if state in before else state)
    turns = [(turn.actor_id, turn.from_state, turn.to_state) for turn in session().query(Transition)]
    assert turns == ([(None, state, after)] if state in before else [])


def a_club():
    """Somebody who acts for an organisation."""
    human, club = factories.person(), factories.organisation()
    with transaction() as db:
        db.add(Grant(person_id=human.id, role=Role.ORGANISATION, organisation_id=club.id))
    return human


WHO = {
    "anonymous": lambda: None,
    "another buddy": lambda: factories.buddy().person,
    "newcomer": lambda: factories.newcomer().person,
    "counsellor": factories.counsellor,
    "organisation": a_club,
    "helper": lambda: factories.person(roles=(Role.HELPER,)),
    "administrator": factories.administrator,
    "coordinator elsewhere": lambda: factories.coordinator("kempen"),
    "the buddy": None,
    "coordinator": factories.coordinator,
}
JUDGES = {"coordinator"}


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("state", list(S))
def test_every_act_of_staff_by_every_role(site, state, who):
    """Only a coordinator of the network moves a buddy, and only as the table of changes says; nobody judges oneself."""
    for act in BuddyAct:
        buddy = factories.buddy(state=state, screened_on=today())
        screening.hand_over_note(
            factories.viewer(factories.coordinator()), buddy.id, version="1"
        ) if state not in GONE else None
        make = WHO[who]
        person = buddy.person if make is None else make()
        actor = factories.viewer(person) if person else ANONYMOUS
        done = tried(lambda act=act, actor=actor, buddy=buddy: run(actor, act, buddy.id))
        change = BUDDY_CHANGES[act]
        allowed = who in JUDGES and state in change.before
        assert done is allowed, (act, state, who)
        assert state_of(buddy) is (change.after if allowed else state)


def test_every_state_can_be_reached_and_left():
    """No state is a trap but the two ends, and none is there without a way to it."""
    ways = [(change.before, change.after) for change in BUDDY_CHANGES.values()]
    ways += [(before, after) for before, after in OWN.values()]
    ways += [(before, after) for before, after, _facts in SYSTEM.values()]
    reached, left = {after for _before, after in ways}, set().union(*(before for before, _after in ways))
    assert EVERY - reached == {S.REGISTERED}
    assert EVERY - left == GONE
