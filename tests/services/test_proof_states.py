"""Every act on a proof in every state, by everybody (DOMAIN 6d)."""

import pytest

from app.db import session
from app.errors import Forbidden, NotFound, Refusal
from app.models import Proof, Transition
from app.vocabulary import EntryState
from app.vocabulary.records import ProofState, Subject
from tests.hours_acts import PROOF_ACTS, WAYS, line_on, proof_in
from tests.hours_world import ACCEPTED, CONFIRMED, REVERSED, SUBMITTED, World

OPEN, SIGNED, DOUBTED, RETURNED = (
    ProofState.OPEN,
    ProofState.SIGNED,
    ProofState.IN_VERIFICATION,
    ProofState.RETURNED,
)
GOOD = ProofState.ACCEPTED
BY_LINK = "whoever holds the link, but never the newcomer"
Moves = dict[ProofState, ProofState]
# act -> (who may, state before -> state after, what becomes of its line); everything else is refused, changes nothing
ALLOWED: dict[str, tuple[set[str] | str, Moves, EntryState]] = {
    "ask to sign": ({"newcomer"}, {OPEN: OPEN}, CONFIRMED),
    "sign": ({"buddy"}, {OPEN: SIGNED}, CONFIRMED),
    "sign by link": (BY_LINK, {OPEN: SIGNED}, CONFIRMED),
    "accept": ({"counsellor"}, {SIGNED: GOOD, DOUBTED: GOOD}, ACCEPTED),
    "accept several": ({"counsellor"}, {SIGNED: GOOD, DOUBTED: GOOD}, ACCEPTED),
    "doubt": ({"counsellor"}, {SIGNED: DOUBTED}, CONFIRMED),
    "return": ({"counsellor"}, {SIGNED: RETURNED, DOUBTED: RETURNED}, REVERSED),
    "give a line back": ({"counsellor"}, {OPEN: OPEN}, SUBMITTED),
    "take a line back": ({"counsellor"}, {GOOD: RETURNED}, REVERSED),
}


def turns(proof):
    found = session().query(Transition).filter_by(subject=Subject.PROOF, subject_id=proof.id)
    return found.order_by(Transition.id).all()


def test_the_tables_are_whole():
    assert set(ALLOWED) == set(PROOF_ACTS)
    assert set(WAYS) == set(ProofState)


@pytest.mark.parametrize("act", PROOF_ACTS)
def test_every_act_in_every_state_by_everybody(site, act):
    """R13, R15: the contact person signs, the own counsellor judges, the newcomer does neither; nobody else anything."""
    who_may, moves, becomes = ALLOWED[act]
    for before in ProofState:
        world = World()
        everybody = world.everybody()
        allowed = everybody.keys() - {"newcomer"} if who_may == BY_LINK else who_may
        proof = proof_in(world, before)
        line = line_on(proof.id)
        was = (before, line.state, len(turns(proof)))
        for name, actor in everybody.items():
            if name not in allowed or before not in moves:
                with pytest.raises(Refusal if name in allowed else (Forbidden, NotFound)):
                    PROOF_ACTS[act].does(world, actor, proof.id)
                session().expire_all()
                assert (proof.state, line.state, len(turns(proof))) == was, f"{act} of {before} by {name}"
        for name in allowed if before in moves else ():
            _it_happens(act, before, name, moves[before], becomes)


def _it_happens(act: str, before: ProofState, name: str, after: ProofState, becomes: EntryState) -> None:
    """In a world of its own: what the table says, written down with who did it."""
    world = World()
    actor, proof = world.everybody()[name], proof_in(world, before)
    line, known = line_on(proof.id), len(turns(proof))
    PROOF_ACTS[act].does(world, actor, proof.id)
    session().expire_all()
    case = f"{act} of {before} by {name}"
    assert (session().get_one(Proof, proof.id).state, line.state) == (after, becomes), case
    new = turns(proof)[known:]
    assert [(turn.from_state, turn.to_state, turn.actor_id) for turn in new] == (
        [] if after is before else [(before, after, actor.person_id)]
    ), case
