"""From two people who are asked to a duo and its end (DOMAIN 6c): every act in every state, by everybody."""

from datetime import timedelta

import pytest

from app.clock import now, today
from app.db import session, transaction
from app.errors import Forbidden, Moved, NotFound, Refusal
from app.models import Loan, SafetyReport, Transition
from app.security.viewer import ANONYMOUS
from app.services import continuations, duos, safety, unanswered
from app.services.safety import Told
from app.vocabulary import DuoState, Role
from app.vocabulary.loans import LoanState
from app.vocabulary.records import Answer, Subject
from app.vocabulary.screening import SafetyOutcome
from tests import duo_factories, factories
from tests.duets import EVENTS, INSIDERS, LINKS, STRANGERS, Duet
from tests.use_cases import use_cases

YES = Answer.YES
# States that the vocabulary does not tell apart: one said yes, nobody answered in time, and both said yes but nobody
# named the insurer.
HALF, LATE, AGREED = "half", "late", "agreed"
FINER = {
    HALF: (DuoState.ASKED, {"newcomer_wants": YES}),
    LATE: (DuoState.ASKED, {"answer_before": now() - timedelta(days=1)}),
    AGREED: (DuoState.MEETING, {"newcomer_after": YES, "buddy_after": YES}),
}
STATES = [*(state.value for state in DuoState), HALF, LATE, AGREED]


def page_for(locale, number):
    return f"http://localhost/{locale}/safety/{number}"


def start(who, key):
    duos.start(
        who, key, insurer="Ethias", newcomer_insurer="Ethias", starts_on=today(), months=6, weeks_between=2, links=LINKS
    )  # fmt: skip


def decide(outcome):
    def close(who, key):
        report = session().query(SafetyReport).filter_by(duo_id=key).order_by(SafetyReport.id.desc()).first()
        safety.close(who, report.id if report else 0, outcome=outcome, links=LINKS)

    return close


ACTS = {
    **EVENTS,
    "start": start,
    "ask for help": lambda who, key: safety.report(who, key, Told(), page_for=page_for),
    "ask again": lambda who, key: unanswered.ask_again(who, key, links=LINKS),
    "stop contact": lambda who, key: safety.stop_contact(
        who, key, Role.BUDDY, Told(words="?"), page_for=page_for
    ),
    "go on after help": decide(SafetyOutcome.GO_ON),
    "end after help": decide(SafetyOutcome.END),
}
OF = {
    "meet yes": duos.answer, "meet no": duos.answer, "plan": duos.plan_meeting, "go on yes": duos.answer,
    "go on no": duos.answer, "take back": duos.take_back, "pause": duos.pause, "resume": duos.resume, "end": duos.end,
    "complete": duos.end, "extend": continuations.extend, "again": continuations.propose_again,
    "look back": continuations.look_back, "check in": duos.check_in, "start": duos.start,
    "ask for help": safety.report, "go on after help": safety.close, "end after help": safety.close,
    "ask again": unanswered.ask_again, "stop contact": safety.stop_contact,
}  # fmt: skip
# Looks and notes about a report (tests/services/test_safety.py) change no duo.
ELSEWHERE = {safety.add_note, safety.duo_to_report, safety.duo_to_stop, safety.note_look, duos.followed_duo}

BOTH = {"newcomer", "buddy"}
STAFF = {"coordinator"}
CARES = STAFF | {"administrator"}
# (act, state) -> (who may, the state afterwards); everything that is not here is refused to everybody.
ALLOWED = {
    ("meet yes", "asked"): (BOTH, "asked"),
    ("meet yes", HALF): ({"buddy"}, "meeting"),
    ("meet no", "asked"): (BOTH, "declined"),
    ("meet no", HALF): (BOTH, "declined"),
    ("take back", "asked"): (STAFF, "declined"),
    ("take back", HALF): (STAFF, "declined"),
    ("meet yes", LATE): (BOTH, "asked"),
    ("meet no", LATE): (BOTH, "declined"),
    ("take back", LATE): (STAFF, "declined"),
    ("ask again", LATE): (STAFF, "asked"),
    ("go on yes", "meeting"): (BOTH, "meeting"),
    ("go on yes", AGREED): (BOTH, "meeting"),
    ("start", AGREED): (STAFF, "active"),
    **{("plan", state): (BOTH | STAFF, "meeting") for state in ("meeting", AGREED)},
    **{("go on no", state): (BOTH, "declined") for state in ("meeting", AGREED)},
    **{("take back", state): (STAFF, "declined") for state in ("meeting", AGREED)},
    ("pause", "active"): (BOTH | STAFF, "paused"),
    ("resume", "paused"): (BOTH | STAFF, "active"),
    **{("end", state): (BOTH | STAFF | {"counsellor"}, "ended") for state in ("active", "paused")},
    **{("complete", state): (BOTH | STAFF | {"counsellor"}, "completed") for state in ("active", "paused")},
    ("extend", "active"): (STAFF, "active"),
    ("extend", "paused"): (STAFF, "paused"),
    ("extend", "completed"): (STAFF, "active"),
    **{("again", state): (STAFF, state) for state in ("declined", "completed", "ended")},
    **{("look back", state): (BOTH, state) for state in ("completed", "ended")},
    **{("check in", state): (STAFF, state) for state in ("meeting", "active", "paused")},
    ("check in", AGREED): (STAFF, "meeting"),
    **{("ask for help", state): (BOTH, "frozen") for state in ("meeting", AGREED, "active", "paused", "frozen")},
    **{("ask for help", state): (BOTH, state) for state in ("declined", "completed", "ended")},
    **{("stop contact", state): (CARES, "frozen") for state in ("meeting", AGREED, "active", "paused")},
    ("go on after help", "frozen"): (CARES, "active"),
    ("end after help", "frozen"): (CARES, "ended"),
}  # fmt: skip
# The same answer once more changes nothing, and is no fault of who taps twice.
SAID = {
    **{("meet yes", state): BOTH for state in STATES if state not in ("asked", HALF, LATE)},
    ("meet yes", HALF): {"newcomer"},
}


def together(state, **values):
    """A duo in that state; in a frozen one somebody asked for help while it was active."""
    of, facts = FINER.get(state) or (DuoState(state), {})
    made = Duet(of, **facts, **values)
    if of is DuoState.FROZEN:
        duo_factories.safety_report(made.duo, made.newcomer.person)
    return made


def test_every_use_case_is_an_act():
    assert set(OF) == set(ACTS)
    assert set(OF.values()) | ELSEWHERE == use_cases(duos, continuations, safety, unanswered)


def test_each_role_of_the_vocabulary_tries(site):
    duet = Duet()
    assert set().union(*(duet.as_(name).roles for name in (*INSIDERS, *STRANGERS))) == set(Role)


def test_every_state_can_be_come_to_and_left():
    after = {state for _may, state in ALLOWED.values()}
    assert {state.value for state in DuoState} - after == set()
    left = {
        before
        for (_act, before), (_may, state) in ALLOWED.items()
        if FINER.get(before, (before,))[0] != state
    }
    assert {state.value for state in DuoState} - left == {"declined", "ended"}  # fmt: skip


OVER = ("declined", "ended", "completed")
# Of a lent place: a call for help is handled where the newcomer lives, and after its end it must be lent anew.
NOT_BY_THE_LENDER = {
    ("go on after help", "frozen"), ("end after help", "frozen"), ("extend", "completed"),
}  # fmt: skip


def tried(do):
    """Whether that is done; a refusal is one of ours."""
    try:
        do()
    except Refusal:
        return False
    return True


def turns(duet):
    found = session().query(Transition).filter_by(subject=Subject.DUO, subject_id=duet.duo.id)
    return found.order_by(Transition.id).all()


@pytest.mark.parametrize("state", STATES)
def test_all_else_is_refused_and_changes_nothing(site, state):
    duet = together(state)
    people = {name: duet.as_(name) for name in (*INSIDERS, *STRANGERS)} | {"nobody": ANONYMOUS}
    before = duet.fresh().state
    for act, does in ACTS.items():
        may, _after = ALLOWED.get((act, state), (set(), None))
        for name in people.keys() - may - SAID.get((act, state), set()):
            with pytest.raises((Forbidden, NotFound, Moved)):
                does(people[name], duet.duo.id)
            assert (duet.fresh().state, turns(duet)) == (before, []), (act, name)
        for name in SAID.get((act, state), set()):
            does(people[name], duet.duo.id)
            assert (duet.fresh().state, turns(duet)) == (before, []), (act, name)


@pytest.mark.parametrize(("act", "state"), ALLOWED)
def test_what_is_allowed_leads_to_one_state_and_is_written_down(site, act, state):
    may, after = ALLOWED[act, state]
    for name in sorted(may):
        duet = together(state)
        actor, before = duet.as_(name), duet.fresh().state
        ACTS[act](actor, duet.duo.id)
        assert duet.fresh().state.value == after, name
        written = turns(duet)
        if before.value != after:
            assert [(turn.from_state, turn.to_state) for turn in written] == [(before.value, after)], name
            # of a call for help nobody reads in the history who asked, or who asked for somebody
            unnamed = act in ("ask for help", "stop contact")
            assert {turn.actor_id for turn in written} == {None if unnamed else actor.person_id}


@pytest.mark.parametrize("state", STATES)
def test_the_coordinator_who_lends_the_place_may_what_the_other_may(site, state):
    """Both coordinators follow a duo over the border; its end gives the place back to its own network."""
    for act, does in ACTS.items():
        duet = together(state, buddy_in="9000")
        with transaction() as db:
            db.add(
                Loan(
                    buddy_id=duet.buddy.id, from_slug="gent-stad", to_slug="rivierenland", state=LoanState.USED,
                    until=today() + timedelta(days=90), offered_by_id=factories.coordinator("gent-stad").id,
                    answered_by_id=duet.coordinator.id, answered_at=now(), duo_id=duet.duo.id,
                )
            )  # fmt: skip
        lender, before = factories.viewer(factories.coordinator("gent-stad")), duet.fresh().state
        may, after = ALLOWED.get((act, state), (set(), before.value))
        if not tried(lambda does=does, who=lender, key=duet.duo.id: does(who, key)):
            after = before.value
            assert "coordinator" not in may or (act, state) in NOT_BY_THE_LENDER, act
        else:
            assert "coordinator" in may, act
            assert (act, state) not in NOT_BY_THE_LENDER
        assert duet.fresh().state.value == after, act
        ends = after in OVER and before.value not in OVER
        (loan,) = session().query(Loan).filter_by(duo_id=duet.duo.id)
        assert loan.state is (LoanState.RETURNED if ends else LoanState.USED), act
