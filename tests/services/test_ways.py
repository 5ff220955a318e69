"""The way of a buddy (DOMAIN 6a), whole: every state, every act of every role and of the system, and who may do none."""

from datetime import timedelta

import pytest

from app.clock import now, today
from app.db import session
from app.errors import Refusal
from app.models import Buddy, Consent, Transition
from app.security.viewer import ANONYMOUS
from app.services import availability, buddies, safety, screening
from app.services.accounts import confirm_address, new_link
from app.services.screening import BUDDY_CHANGES, BuddyAct
from app.vocabulary import BuddyState, DuoState, Role
from app.vocabulary.records import Available, LinkPurpose, Subject
from app.vocabulary.screening import SafetyOutcome
from tests import duo_factories, factories
from tests.duets import LINKS
from tests.services.test_screening import run
from tests.use_cases import use_cases

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


WHO = {
    "anonymous": lambda: None,
    "another buddy": lambda: factories.buddy().person,
    "newcomer": lambda: factories.newcomer().person,
    "counsellor": factories.counsellor,
    "organisation": factories.member,
    "helper": lambda: factories.person(roles=(Role.HELPER,)),
    "administrator": factories.administrator,
    "coordinator elsewhere": lambda: factories.coordinator("kempen"),
    "the buddy": None,
    "coordinator": factories.coordinator,
}
JUDGES = {"coordinator"}
# What a coordinator notes beside the state, with the states in which there is still something to note.
NOTES = {
    screening.hand_over_note: lambda actor, key: screening.hand_over_note(actor, key, version="1"),
    screening.name_insurer: lambda actor, key: screening.name_insurer(actor, key, insurer="Ethias"),
    screening.see_extract: lambda actor, key: screening.see_extract(
        actor, key, with_minors=True, seen_on=today()
    ),
}
BY_STAFF = {getattr(screening, act.value) for act in BuddyAct}
BY_ONESELF = {availability.say, buddies.pause, buddies.resume, buddies.withdraw}
# What leaves a buddy where he stands: own answers, parts of other acts, and looks that are written down.
ELSEWHERE = {
    buddies.edit, buddies.own_buddy, screening.buddy_to_judge, screening.note_look, screening.note_export,
}  # fmt: skip


def test_every_use_case_is_an_act():
    offered = use_cases(availability, buddies, screening)
    assert offered == BY_STAFF | BY_ONESELF | NOTES.keys() | ELSEWHERE


def test_each_role_of_the_vocabulary_tries(site):
    people = [make() for make in WHO.values() if make is not None]
    tried = {role for person in people if person for role in factories.viewer(person).roles}
    assert tried == set(Role)


def trier(who, buddy):
    """Somebody in that role, or the buddy himself."""
    make = WHO[who]
    person = buddy.person if make is None else make()
    return factories.viewer(person) if person else ANONYMOUS


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("state", list(S))
def test_every_act_of_staff_by_every_role(site, state, who):
    """Only a coordinator of the network moves a buddy, and only as the table of changes says; nobody judges oneself."""
    for act in BuddyAct:
        buddy = factories.buddy(state=state, screened_on=today())
        if state not in GONE:
            screening.hand_over_note(factories.viewer(factories.coordinator()), buddy.id, version="1")
        actor = trier(who, buddy)
        done = tried(lambda act=act, actor=actor, buddy=buddy: run(actor, act, buddy.id))
        change = BUDDY_CHANGES[act]
        allowed = who in JUDGES and state in change.before
        assert done is allowed, (act, state, who)
        assert state_of(buddy) is (change.after if allowed else state)
        turn = session().query(Transition).filter_by(subject=Subject.BUDDY, subject_id=buddy.id).one_or_none()
        assert (turn is not None) is allowed
        if turn is not None:
            assert (turn.actor_id, turn.actor_role) == (actor.person_id, Role.COORDINATOR)


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("state", list(S))
def test_every_note_of_staff_by_every_role(site, state, who):
    buddy = factories.buddy(state=state, insurer="")
    actor = trier(who, buddy)
    for note in NOTES.values():
        assert tried(lambda note=note: note(actor, buddy.id)) is (who in JUDGES and state not in GONE)
        assert state_of(buddy) is state
    kept = session().query(Consent).filter_by(person_id=buddy.person_id, text=screening.NOTE).count()
    now_one = session().get_one(Buddy, buddy.id)
    written = (kept, now_one.insurer, now_one.extract_seen_on) != (0, "", None)
    assert written is (who in JUDGES and state not in GONE)


def test_a_coordinator_who_is_the_buddy_does_nothing_about_himself(site):
    buddy = factories.buddy(state=S.SCREENING)
    factories.grant(buddy.person, Role.COORDINATOR, network="rivierenland")
    actor = factories.viewer(buddy.person)
    for act in BuddyAct:
        assert not tried(lambda act=act: run(actor, act, buddy.id))
    for note in NOTES.values():
        assert not tried(lambda note=note: note(actor, buddy.id))
    assert state_of(buddy) is S.SCREENING


@pytest.mark.parametrize("says", list(Available))
@pytest.mark.parametrize("state", list(S))
def test_one_tap_from_the_letter(site, state, says):
    """The link of the question answers without signing in, and says no more than the buddy may say."""
    buddy = factories.buddy(state=state)
    token = new_link(LinkPurpose.STILL_AVAILABLE, locale="nl", person_id=buddy.person_id)
    before, after = OWN["still available" if says is Available.YES else "later"]
    for _ in range(2):
        tried(lambda: availability.say(availability.holder_of(token), says))
    assert state_of(buddy) is (after if state in before else state)


@pytest.mark.parametrize("state", list(S))
def test_a_buddy_who_takes_part_no_more_after_a_call_for_help(site, state):
    """The one way out that is no act on a buddy: the decision about a report, by who handles it."""
    coordinator = factories.coordinator()
    buddy, newcomer = factories.buddy(state=state), factories.newcomer()
    duo = duo_factories.duo(newcomer=newcomer, buddy=buddy, approved_by=coordinator, state=DuoState.FROZEN)
    report = duo_factories.safety_report(duo, newcomer.person)
    safety.close(
        factories.viewer(coordinator), report.id, outcome=SafetyOutcome.BLOCK_BUDDY, links=LINKS
    )  # fmt: skip
    assert state_of(buddy) is (state if state in GONE else S.REJECTED)


def test_every_state_can_be_reached_and_left():
    """No state is a trap but the two ends, and none is there without a way to it."""
    ways = [(change.before, change.after) for change in BUDDY_CHANGES.values()]
    ways += [(before, after) for before, after in OWN.values()]
    ways += [(before, after) for before, after, _facts in SYSTEM.values()]
    reached, left = {after for _before, after in ways}, set().union(*(before for before, _after in ways))
    assert EVERY - reached == {S.REGISTERED}
    assert EVERY - left == GONE
