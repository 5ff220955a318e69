"""The way of a pair to its approval (DOMAIN 6c, in the order of EXPERIENCE): every act in every state, by everybody."""

import pytest

from app.db import session
from app.errors import Forbidden, Moved, NotFound, Refusal
from app.models import Proposal, Run, Transition, Wish
from app.services import loans, matches, publishing, replanning, wishes
from app.vocabulary import NewcomerState, ProposalRefusal, ProposalState, Role
from app.vocabulary.following import WishState
from app.vocabulary.records import RunState, Subject
from tests import factories
from tests.pairs import ACTS, NETWORK, STATES, SYSTEM, Pairing
from tests.use_cases import use_cases

# What is about no pair: a plan that is made, and places lent (tests/services/test_loans.py).
ELSEWHERE = use_cases(loans) | {matches.start_run, matches.stop_run}
PARTS = {
    matches.make_duo,
    wishes.close_wish,
    wishes.close_empty_wish,
}  # of the acts below, in their transaction
BY = dict.fromkeys(ACTS, "coordinator") | {"choose": "newcomer", "choose none": "newcomer"}

JUDGED = dict.fromkeys(("suggested", "offered", "wished", "held"))
# act -> state before -> state after; everything else is refused and changes nothing
ALLOWED: dict[str, dict[str, str]] = {
    "approve": dict.fromkeys(JUDGED, "approved"),
    "approve and tell": dict.fromkeys(JUDGED, "told"),
    "hold": dict.fromkeys(JUDGED, "held"),
    "refuse": dict.fromkeys(JUDGED, "refused"),
    "refuse and plan": dict.fromkeys(JUDGED, "refused"),
    "choose another": {"suggested": "lapsed", "wished": "lapsed", "held": "lapsed"},
    "take back": {"held": "suggested", "approved": "suggested", "published": "suggested"},
    "plan again": {state: state for state in STATES if state != "undone"},
    "publish": {"approved": "published"},
    "unpublish": {"published": "approved"},
    "tell": {"published": "told"},
    "undo the plan": dict.fromkeys((*JUDGED, "approved", "published", "refused"), "undone"),
    "show": {"suggested": "offered", "held": "offered"},
    "choose": {"offered": "wished", "wished": "wished"},
    "choose none": {"offered": "refused"},
    "take the question back": {"offered": "suggested"},
}
BY_ITSELF = {
    ("the time of telling comes", "published"): "told",
    ("the time of answering is over", "offered"): "suggested",
    ("a newer plan", "suggested"): "lapsed",
}
# States that the vocabulary does not tell apart.
OF = {"wished": "offered", "published": "approved", "told": "approved", "undone": "lapsed"}
# What rests on it: the newcomer, places of the buddy, open questions, duos.
WAITS = (NewcomerState.WAITING.value, 0, 0, 0)
RESTS = {
    **dict.fromkeys(STATES, WAITS),
    "offered": (NewcomerState.WAITING.value, 0, 1, 0),
    "approved": (NewcomerState.PROPOSED.value, 1, 0, 0),
    "published": (NewcomerState.PROPOSED.value, 1, 0, 0),
    "told": (NewcomerState.PROPOSED.value, 1, 0, 1),
}
RESTS_AFTER = {
    ("refuse", "offered"): RESTS["offered"],  # the other buddy who was shown can still be chosen
    ("refuse and plan", "offered"): RESTS["offered"],
    **{
        ("choose another", state): (NewcomerState.PROPOSED.value, 0, 0, 0)
        for state in ALLOWED["choose another"]
    },
}


def test_every_use_case_is_an_act():
    offered = use_cases(matches, replanning, publishing, wishes, loans)
    assert {act.of for act in ACTS.values()} | ELSEWHERE | PARTS == offered
    assert set(ALLOWED) == set(ACTS)


@pytest.mark.parametrize("state", STATES)
def test_a_pair_stands_where_it_was_brought(site, state):
    pairing = Pairing(state)
    assert (pairing.stands(), pairing.rests()) == (state, RESTS[state])


def test_every_state_is_tried_and_can_be_come_to_and_left():
    assert {ProposalState(OF.get(state, state)) for state in STATES} == set(ProposalState)
    moves = [(before, after) for ways in ALLOWED.values() for before, after in ways.items()]
    moves += [(before, after) for (_act, before), after in BY_ITSELF.items()]
    assert {after for before, after in moves if after != before} == STATES.keys()
    ends = {"told", "lapsed", "undone"}
    assert {before for before, after in moves if after != before} == STATES.keys() - ends


def test_each_role_of_the_vocabulary_tries(site):
    assert set().union(*(actor.roles for actor in Pairing().everybody().values())) == set(Role)


def steps(pairing):
    return session().query(Transition).filter_by(subject=Subject.PROPOSAL, subject_id=pairing.key).count()


@pytest.mark.parametrize("state", STATES)
def test_what_is_not_allowed_is_refused_and_changes_nothing(site, state):
    pairing = Pairing(state)
    everybody, before = pairing.everybody(), (state, RESTS[state], steps(pairing))
    for name, act in ACTS.items():
        for who, actor in everybody.items():
            may = who == BY[name]
            if may and state in ALLOWED[name]:
                continue
            with pytest.raises(Refusal if may else (Forbidden, NotFound)):
                act.does(pairing, actor)
            assert (pairing.stands(), pairing.rests(), steps(pairing)) == before, (name, who)


@pytest.mark.parametrize(("act", "state"), [(act, state) for act in ACTS for state in ALLOWED[act]])
def test_what_is_allowed_leads_to_one_state_and_is_written_down(site, act, state):
    pairing, after = Pairing(state), ALLOWED[act][state]
    before, was = pairing.proposal().state, steps(pairing)
    ACTS[act].does(pairing, pairing.as_(BY[act]))
    assert pairing.stands() == after
    assert pairing.rests() == RESTS_AFTER.get((act, state), RESTS[after])
    turns = session().query(Transition).filter_by(subject=Subject.PROPOSAL, subject_id=pairing.key)
    written = [
        (turn.from_state, turn.to_state, turn.actor_id, turn.actor_role)
        for turn in turns.order_by(Transition.id).all()[was:]
    ]
    now, actor = pairing.proposal().state, pairing.as_(BY[act]).person_id
    assert written == ([(before, now, actor, Role(BY[act]))] if now is not before else [])


@pytest.mark.parametrize("act", SYSTEM)
@pytest.mark.parametrize("state", STATES)
def test_what_happens_by_itself(site, state, act):
    pairing = Pairing(state)
    SYSTEM[act](pairing)
    after = BY_ITSELF.get((act, state), state)
    assert (pairing.stands(), pairing.rests()) == (after, RESTS[after])


ABOUT_THE_PAIR = [
    name for name in ACTS
    if BY[name] == "coordinator" and name not in ("plan again", "publish", "unpublish", "tell", "undo the plan")
]  # fmt: skip


@pytest.mark.parametrize("side", ["newcomer", "buddy"])
@pytest.mark.parametrize("act", ABOUT_THE_PAIR)
def test_nobody_decides_about_oneself(site, act, side):
    """3a: a coordinator who is one of the two decides nothing about that pair; the plan as a whole is no such decision."""
    state = next(iter(ALLOWED[act]))
    pairing = Pairing(state)
    human = (pairing.newcomer if side == "newcomer" else pairing.buddy).person
    factories.grant(human, Role.COORDINATOR, network=NETWORK)
    with pytest.raises(Forbidden):
        ACTS[act].does(pairing, factories.viewer(human))
    assert (pairing.stands(), pairing.rests()) == (state, RESTS[state])


def plans():
    return {run.id: run.state for run in session().query(Run)}


def test_only_the_plan_that_stands_is_undone(site):
    """An older one would bring back its own pairs beside those of the plan that stands."""
    pairing = Pairing()
    els, first = pairing.as_("coordinator"), pairing.run_id
    second, third = (matches.start_run(els, NETWORK) for _ in range(2))
    for older in (first, second):
        with pytest.raises(Moved):
            publishing.undo_run(els, older)
    publishing.undo_run(els, third)
    publishing.undo_run(els, second)
    session().rollback()
    assert plans() == {first: RunState.DONE, second: RunState.STOPPED, third: RunState.STOPPED}
    suggested = session().query(Proposal).filter_by(state=ProposalState.SUGGESTED)
    assert [proposal.run_id for proposal in suggested] == [first]


def test_a_question_of_which_nothing_is_left_is_over(site):
    """A buddy who is refused goes from the question; with the last of them it ends, and the letter leads to no empty page."""
    pairing = Pairing("offered")
    els = pairing.as_("coordinator")
    shown = session().query(Proposal).filter_by(wish_id=pairing.wish_id, beside=True).one()
    replanning.refuse(els, shown.id, reason=ProposalRefusal.NOT_A_FIT)
    assert (pairing.stands(), pairing.rests()) == ("offered", RESTS["offered"])
    replanning.refuse(els, pairing.key, reason=ProposalRefusal.NOT_A_FIT)
    assert (pairing.stands(), pairing.rests()) == ("refused", RESTS["refused"])
    assert session().get_one(Wish, pairing.wish_id).state is WishState.WITHDRAWN
