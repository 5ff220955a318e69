"""Every act on an hour entry in every state, by everybody (DOMAIN 6d)."""

import pytest

from app.db import session
from app.errors import Forbidden, NotFound, Refusal
from app.models import Transition
from app.services import attendance, calls, caseload, confirmations, hours, trajectories
from app.vocabulary import EntryState, Role
from app.vocabulary.records import Subject
from tests.hours_acts import ENTRY_ACTS, PROOF_ACTS
from tests.hours_world import (
    ACCEPTED,
    CONFIRMED,
    CORRECTED,
    DRAFT,
    OVERDUE,
    REFUSED,
    REVERSED,
    SUBMITTED,
    World,
)
from tests.use_cases import use_cases

# What is about no entry or proof that is there already; tests of their own try them by everybody.
ELSEWHERE = {
    hours.tell, hours.tell_other, trajectories.new_counsellor_code, trajectories.link_counsellor,
    confirmations.signer_by_account, attendance.sheet_for_oneself, attendance.sheet_for_group, attendance.names_of,
    attendance.is_own_case, caseload.remind_contacts, caseload.note_export,
}  # fmt: skip
ANSWERED = (SUBMITTED, OVERDUE)
BY_LINK = "whoever holds the link, but never the newcomer"
# act -> (who may, state before -> state after); everything else is refused and changes nothing
ALLOWED: dict[str, tuple[set[str] | str, dict[EntryState, EntryState]]] = {
    "send": ({"newcomer", "buddy"}, {DRAFT: SUBMITTED, SUBMITTED: SUBMITTED, OVERDUE: OVERDUE}),
    "take back": ({"newcomer", "buddy"}, dict.fromkeys((DRAFT, SUBMITTED, OVERDUE, CORRECTED), REVERSED)),
    "agree": ({"newcomer"}, {CORRECTED: CONFIRMED}),
    "disagree": ({"newcomer"}, {CORRECTED: SUBMITTED}),
    "confirm": ({"buddy"}, dict.fromkeys(ANSWERED, CONFIRMED)),
    "confirm by link": (BY_LINK, dict.fromkeys(ANSWERED, CONFIRMED)),
    "correct": ({"buddy"}, dict.fromkeys(ANSWERED, CORRECTED)),
    "correct by link": (BY_LINK, dict.fromkeys(ANSWERED, CORRECTED)),
    "refuse": ({"buddy"}, dict.fromkeys(ANSWERED, REFUSED)),
    "refuse by link": (BY_LINK, dict.fromkeys(ANSWERED, REFUSED)),
    # by the coordinator of the network and a colleague of the agency; what is over is told anew beside it
    "enter from paper": (
        {"coordinator", "other counsellor"},
        {**dict.fromkeys((DRAFT, *ANSWERED), CONFIRMED), REFUSED: REFUSED, REVERSED: REVERSED},
    ),
    "look whom to call": ({"counsellor"}, {REFUSED: REFUSED, OVERDUE: OVERDUE}),
    "note a call": ({"counsellor"}, {REFUSED: REFUSED, OVERDUE: OVERDUE}),
    "give back": ({"counsellor"}, {CONFIRMED: SUBMITTED}),
    "reverse": ({"counsellor"}, {ACCEPTED: REVERSED}),
}
NOTED = {"note a call"}  # written down though the state stays


@pytest.fixture
def world(site) -> World:
    return World()


def test_every_use_case_is_an_act():
    """The tables of entries and proofs hold all that these services offer."""
    tried = {act.of for act in (*ENTRY_ACTS.values(), *PROOF_ACTS.values())}
    offered = use_cases(hours, confirmations, attendance, calls, caseload, trajectories)
    assert tried | ELSEWHERE == offered
    assert set(ALLOWED) == set(ENTRY_ACTS)


def test_each_role_of_the_vocabulary_tries(world):
    assert set().union(*(actor.roles for actor in world.everybody().values())) == set(Role)


def written(entry):
    found = session().query(Transition).filter_by(subject=Subject.HOUR_ENTRY, subject_id=entry.id)
    return found.order_by(Transition.id).all()


@pytest.mark.parametrize("act", ENTRY_ACTS)
def test_every_act_in_every_state_by_everybody(site, act):
    """R13 among them: no answer of the newcomer to the own time, by whatever way."""
    who_may, moves = ALLOWED[act]
    for before in EntryState:
        world = World()
        everybody = world.everybody()
        allowed = everybody.keys() - {"newcomer"} if who_may == BY_LINK else who_may
        entry = world.entry(before)
        for name, actor in everybody.items():
            if name not in allowed or before not in moves:
                with pytest.raises(Refusal if name in allowed else (Forbidden, NotFound)):
                    ENTRY_ACTS[act].does(world, actor, entry.id)
                session().expire_all()
                assert (entry.state, written(entry)) == (before, []), f"{act} of {before} by {name}"
        for name in allowed if before in moves else ():
            one = world.entry(before)
            ENTRY_ACTS[act].does(world, everybody[name], one.id)
            session().expire_all()
            after, case = moves[before], f"{act} of {before} by {name}"
            assert one.state is after, case
            turns = written(one)
            assert bool(turns) == (after is not before or act in NOTED), case
            if turns:
                actor = everybody[name]
                assert (turns[0].from_state, turns[-1].to_state) == (before, after), case
                assert {turn.actor_id for turn in turns} == {actor.person_id}, case
