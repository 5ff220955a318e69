"""Where a trajectory stands (DOMAIN 6b): the table, and every step in every state by everybody."""

import pytest

from app.db import session, transaction
from app.errors import Forbidden, Invalid, NotFound, Refusal
from app.models import (
    ContractVersion,
    CounsellorTransfer,
    Exemption,
    Grant,
    Newcomer,
    TrajectoryDecision,
    WarmHandover,
)
from app.queries.trajectory_states import Facts, state_of
from app.services import contracts, decisions, exemptions, handing, trajectories
from app.vocabulary import Role
from app.vocabulary.contracts import DecisionKind, Look, TrajectoryState
from tests.hours_world import World
from tests.trajectory_steps import STEPS, WAYS, bring, looks, state
from tests.use_cases import use_cases

S, D = TrajectoryState, DecisionKind


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        (Facts(None), S.NO_TRAJECTORY),
        (Facts(None, reached=True, exempt=True, ground_over=True, decision=D.COMPLETED), S.NO_TRAJECTORY),
        (Facts(True), S.RUNNING),
        (Facts(True, extended=True), S.EXTENDED),
        (Facts(False), S.NOT_INCLUDED),
        (Facts(False, exempt=True), S.EXEMPT),
        (Facts(True, exempt=True), S.EXEMPT),
        (Facts(True, exempt=True, decision=D.NOT_REACHED), S.EXEMPT),
        (Facts(True, ground_over=True), S.TO_REVIEW),
        (Facts(False, ground_over=True), S.TO_REVIEW),
        (Facts(True, reached=True), S.HOURS_REACHED),
        (Facts(True, reached=True, exempt=True), S.HOURS_REACHED),
        (Facts(True, reached=True, ground_over=True), S.HOURS_REACHED),
        (Facts(True, reached=True, decision=D.COMPLETED), S.COMPLETED),
        (Facts(True, reached=False, decision=D.COMPLETED), S.TO_REVIEW),
        (Facts(True, decision=D.NOT_REACHED), S.NOT_REACHED),
        (Facts(True, extended=True, decision=D.NOT_REACHED), S.NOT_REACHED),
        (Facts(True, reached=True, decision=D.NOT_REACHED), S.HOURS_REACHED),
        (Facts(True, decision=D.LOOKED_AT), S.RUNNING),
        (Facts(True, extended=True, decision=D.LOOKED_AT), S.EXTENDED),
    ],
)
def test_the_table(facts, state):
    assert state_of(facts) is state


# What every step makes of every state; a step that is in neither is refused there.
AFTER = {
    S.NO_TRAJECTORY: {"write": S.RUNNING, "opt out": S.NOT_INCLUDED, "opt in": S.RUNNING, "later end": S.RUNNING},
    S.RUNNING: {
        "write": S.RUNNING, "opt out": S.NOT_INCLUDED, "opt in": S.RUNNING, "extend": S.EXTENDED, "exempt": S.EXEMPT,
        "accept": S.HOURS_REACHED, "not_reached": S.NOT_REACHED,
    },
    S.NOT_INCLUDED: {"write": S.RUNNING, "opt out": S.NOT_INCLUDED, "opt in": S.RUNNING, "later end": S.RUNNING},
    S.EXTENDED: {
        "write": S.RUNNING, "opt out": S.NOT_INCLUDED, "opt in": S.RUNNING, "later end": S.RUNNING, "exempt": S.EXEMPT,
        "accept": S.HOURS_REACHED,
    },
    S.EXEMPT: {
        "write": S.EXEMPT, "opt out": S.NOT_INCLUDED, "opt in": S.RUNNING, "leave out of a duty": S.EXEMPT,
        "extend": S.EXEMPT, "exempt": S.EXEMPT, "end of ground": S.TO_REVIEW, "accept": S.HOURS_REACHED,
    },
    S.TO_REVIEW: {
        "write": S.TO_REVIEW, "opt out": S.NOT_INCLUDED, "opt in": S.RUNNING, "extend": S.TO_REVIEW,
        "exempt": S.EXEMPT, "end of ground": S.TO_REVIEW, "accept": S.HOURS_REACHED, "looked_at": S.RUNNING,
    },
    S.HOURS_REACHED: {
        "write": S.HOURS_REACHED, "opt out": S.NOT_INCLUDED, "opt in": S.HOURS_REACHED, "later end": S.HOURS_REACHED,
        "exempt": S.HOURS_REACHED, "accept": S.HOURS_REACHED, "take back": S.RUNNING, "completed": S.COMPLETED,
    },
    S.COMPLETED: {
        "write": S.HOURS_REACHED, "opt out": S.NOT_INCLUDED, "opt in": S.HOURS_REACHED, "later end": S.HOURS_REACHED,
        "exempt": S.COMPLETED, "accept": S.COMPLETED, "take back": S.TO_REVIEW,
    },
    S.NOT_REACHED: {
        "write": S.RUNNING, "opt out": S.NOT_INCLUDED, "opt in": S.RUNNING, "later end": S.RUNNING, "exempt": S.EXEMPT,
        "accept": S.HOURS_REACHED,
    },
}  # fmt: skip
# What leaves a trajectory where it stands, as long as there is a contract; without one no time counts.
LEAVES = {"doubt", "return", "give back", "announce", "pass on"}
# Of the newcomer's counsellor and not of one trajectory: the code, which tests/services/test_linking.py tries.
ELSEWHERE = {trajectories.new_counsellor_code, trajectories.link_counsellor}
# What stands under "To look at" in each of these states.
LOOKS = {
    S.RUNNING: [Look.TERM_OVER], S.TO_REVIEW: [Look.TERM_OVER, Look.GROUND_ENDED], S.HOURS_REACHED: [Look.TO_COMPLETE],
}  # fmt: skip


@pytest.fixture
def world(site) -> World:
    return World(contracted=False)


def decided(world):
    """How much is decided about that newcomer."""
    kinds = (ContractVersion, Exemption, TrajectoryDecision, WarmHandover, CounsellorTransfer)
    return [session().query(kind).filter_by(newcomer_id=world.newcomer.id).count() for kind in kinds]


def test_every_use_case_is_a_step_and_every_state_can_be_come_to():
    """The tables below are whole: they hold all states of the vocabulary, and all that the services offer."""
    offered = use_cases(contracts, decisions, exemptions, handing, trajectories) - ELSEWHERE
    assert {step.of for step in STEPS.values()} == offered
    assert set(WAYS) == set(AFTER) == set(TrajectoryState)
    assert set(DecisionKind) <= set(STEPS)


def test_each_role_of_the_vocabulary_tries(world):
    tried = set().union(*(actor.roles for actor in world.everybody().values()))
    assert tried == set(Role)


@pytest.mark.parametrize("wanted", list(S))
def test_every_step_in_every_state(world, wanted):
    """R23-R27, R30: what each step makes of each state, and that all others are refused and change nothing."""
    bring(world, wanted)
    for name, step in STEPS.items():
        if name in AFTER[wanted] or name == "pass on":
            fresh = World(contracted=False)
            bring(fresh, wanted)
            step.does(fresh, fresh.counsellor)
            assert state(fresh) is AFTER[wanted].get(name, wanted), name
        elif name in LEAVES:
            step.does(world, world.counsellor)
            assert state(world) is wanted, name
        else:
            before = decided(world)
            with pytest.raises((Refusal, NotFound, Invalid)):
                step.does(world, world.counsellor)
            assert (state(world), decided(world)) == (wanted, before), name


@pytest.mark.parametrize("wanted", list(S))
def test_nobody_else_takes_any_step(world, wanted):
    """3a: contract, exemption, extension and decisions are of the own counsellor only."""
    bring(world, wanted)
    before = decided(world)
    for name, human in {**world.people, "nobody": None}.items():
        if name == "counsellor":
            continue
        for tried, step in STEPS.items():
            with pytest.raises((Forbidden, NotFound)):
                step.does(world, human)
            session().rollback()
            assert (state(world), decided(world)) == (wanted, before), (name, tried)


@pytest.mark.parametrize("wanted", list(S))
def test_what_stands_to_look_at(world, wanted):
    bring(world, wanted)
    assert sorted(looks(world)) == sorted(LOOKS.get(wanted, []))
    assert looks(world, world.people["other counsellor"]) == []


def test_nobody_decides_about_oneself(world):
    bring(world, S.HOURS_REACHED)
    with transaction() as inside:
        inside.get(Newcomer, world.newcomer.id).counsellor_id = world.newcomer.person_id
        inside.add(Grant(person_id=world.newcomer.person_id, role=Role.COUNSELLOR, agency_slug="agii"))
    for step in STEPS.values():
        with pytest.raises(Forbidden):
            step.does(world, world.newcomer.person)
