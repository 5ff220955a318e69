"""Two coordinators who judge, publish and undo at the same moment, and the answers of the two people of a pair.

Every race is run again and again as the site does it, and then with the guard taken out, which must show the fault.
Who is first changes from round to round.
"""

import pytest
from sqlalchemy import func, select, update

from app.clock import now
from app.db import session, transaction
from app.errors import Moved, Refusal
from app.models import Buddy, Newcomer, Proposal, Run, Transition
from app.services import duos, matches, publishing, replanning
from app.services.duo_letters import Question
from app.vocabulary import BuddyState, DuoState, NewcomerState, ProposalRefusal, ProposalState
from app.vocabulary.records import Answer, Subject
from tests import factories
from tests.duets import LINKS, Duet
from tests.pairs import NETWORK, Pairing
from tests.racing import at_once, unconditional

ROUNDS = 10


def everybody_stops():
    """The people of earlier rounds take no part in the next plan."""
    with transaction() as inside:
        inside.execute(update(Newcomer).values(state=NewcomerState.LEFT))
        inside.execute(update(Buddy).values(state=BuddyState.LEFT))
        inside.execute(update(Proposal).values(state=ProposalState.LAPSED, tell_at=None))


JUDGEMENTS = {
    "approve": matches.reserve,
    "approve and tell": lambda who, key: matches.approve(who, key, links=LINKS),
    "hold": matches.hold,
    "refuse": lambda who, key: replanning.refuse(who, key, reason=ProposalRefusal.NOT_A_FIT),
}
CLASHES = [
    ("approve", "approve"), ("approve", "refuse"), ("approve and tell", "refuse"), ("approve and tell", "approve"),
    ("refuse", "refuse"), ("approve", "hold"),
]  # fmt: skip


def decisions(key):
    """How often it was decided about that pair, without a hold, which is none for good."""
    final = ("approved", "refused")
    made = select(func.count()).select_from(Transition).where(
        Transition.subject == Subject.PROPOSAL, Transition.subject_id == key, Transition.to_state.in_(final)
    )  # fmt: skip
    return session().scalar(made)


def judged(site, number, first, second):
    """One pair and two coordinators who decide about it at the same moment: how often it was decided, what they heard."""
    everybody_stops()
    pairing = Pairing()
    desks = [pairing.as_("coordinator"), factories.viewer(factories.coordinator(NETWORK))]
    acts = [
        lambda who=who, name=name: JUDGEMENTS[name](who, pairing.key)
        for who, name in zip(desks, (first, second), strict=True)
    ]
    heard = at_once(site, number, *acts)
    return decisions(pairing.key), heard, pairing


@pytest.mark.parametrize(("first", "second"), CLASHES)
def test_a_pair_is_decided_once(site, first, second):
    for number in range(4):
        made, heard, pairing = judged(site, number, first, second)
        assert made == 1, heard
        refused = [type(said) for said in heard if isinstance(said, Exception)]
        assert refused == [Moved] or ("hold" in (first, second) and refused == []), heard
        taken = pairing.stands() in ("approved", "told")
        state, places, _wishes, duos_made = pairing.rests()
        assert (state, places) == (("proposed", 1) if taken else ("waiting", 0))
        assert duos_made == (pairing.stands() == "told")


@pytest.mark.parametrize(("first", "second"), [("approve and tell", "refuse"), ("refuse", "refuse")])
def test_negative_control_who_only_looked_decides_twice(site, monkeypatch, first, second):
    monkeypatch.setattr(matches, "UNDECIDED", tuple(ProposalState))
    monkeypatch.setattr(matches, "move", unconditional)
    made, heard, _pairing = judged(site, 0, first, second)
    assert not [said for said in heard if isinstance(said, Exception)], heard
    assert made == 2


def a_plan_to_publish(*, published):
    """A pair that is approved, and published with its time come when asked."""
    everybody_stops()
    pairing = Pairing("published" if published else "approved")
    if published:
        with transaction() as inside:
            inside.execute(update(Proposal).where(Proposal.id == pairing.key).values(tell_at=now()))
    return pairing


def faults(pairing):
    """What does not agree about that pair: people are told of a plan that is undone, or wait in one that is not."""
    proposal = pairing.proposal()
    state, places, _wishes, duos_made = pairing.rests()
    undone = session().get_one(Run, pairing.run_id).undone_at is not None
    found = []
    if undone and (duos_made or proposal.tell_at or proposal.told_at):
        found.append("people of a plan that is undone are told")
    if (state, places) != (("waiting", 0) if undone else ("proposed", 1)):
        found.append("places and people do not agree with the plan")
    if duos_made != int(proposal.told_at is not None):
        found.append("who was told has no duo")
    return found


AGAINST = {
    "publish and undo": (False, lambda who, pairing: publishing.publish(who, NETWORK)),
    "tell and undo": (True, lambda who, pairing: publishing.tell_now(who, NETWORK)),
    "the time comes and undo": (True, lambda who, pairing: publishing.tell_due(LINKS)),
}


def published_and_undone(site, number, name):
    published, act = AGAINST[name]
    pairing = a_plan_to_publish(published=published)
    els, other = pairing.as_("coordinator"), factories.viewer(factories.coordinator(NETWORK))
    heard = at_once(
        site, number, lambda: act(els, pairing), lambda: publishing.undo_run(other, pairing.run_id)
    )
    return pairing, heard


@pytest.mark.parametrize("name", AGAINST)
def test_a_plan_is_undone_or_told_and_never_both(site, name):
    for number in range(6):
        pairing, heard = published_and_undone(site, number, name)
        assert faults(pairing) == [], heard
        assert all(isinstance(said, Refusal | int | None) for said in heard), heard


def test_negative_control_who_looked_before_publishes_what_is_undone(site, monkeypatch):
    """The pairs as they were seen before the undoing are given a time after it."""
    seen: list[int] = []

    def as_seen(_network, _condition):
        return [session().get_one(Proposal, key) for key in seen]

    found = set()
    for number in range(ROUNDS):
        pairing = a_plan_to_publish(published=False)
        seen[:] = [pairing.key]
        with monkeypatch.context() as careless:
            careless.setattr(publishing, "_pairs", as_seen)
            careless.setattr(publishing, "move", unconditional)
            els = pairing.as_("coordinator")
            at_once(
                site, number, lambda who=els: publishing.publish(who, NETWORK),
                lambda who=els, key=pairing.run_id: publishing.undo_run(who, key),
            )  # fmt: skip
        found.update(faults(pairing))
    assert "people of a plan that is undone are told" in found


SAY = {"yes": Answer.YES, "no": Answer.NO}


def answered(site, number, newcomer_says, buddy_says):
    """A duo that both answer at the same moment; the buddy meets somebody else too, whose place is not theirs."""
    everybody_stops()
    duet = Duet()
    with transaction() as inside:
        inside.execute(update(Buddy).where(Buddy.id == duet.buddy.id).values(places_taken=2))
    sides = [(duet.as_("newcomer"), newcomer_says), (duet.as_("buddy"), buddy_says)]
    key = duet.duo.id
    acts = [
        lambda who=who, says=says: duos.answer(who, key, Question.MEET, SAY[says], links=LINKS)
        for who, says in sides
    ]
    return duet, at_once(site, number, *acts)


def ended(duet):
    """How often that duo came to an end, and the places of the buddy that are taken then."""
    over = select(func.count()).select_from(Transition).where(
        Transition.subject == Subject.DUO, Transition.subject_id == duet.duo.id, Transition.to_state == "declined"
    )  # fmt: skip
    return session().scalar(over), duet.fresh().buddy.places_taken


@pytest.mark.parametrize("says", [("yes", "yes"), ("yes", "no"), ("no", "yes"), ("no", "no")])
def test_answers_of_both_at_once_count_as_one_after_the_other(site, says):
    for number in range(ROUNDS // 2):
        duet, heard = answered(site, number, *says)
        duo = duet.fresh()
        assert all(isinstance(said, DuoState | Moved) for said in heard), heard
        if says == ("yes", "yes"):
            assert (duo.state, duo.buddy.places_taken) == (DuoState.MEETING, 2)
            assert sorted(heard) == [DuoState.ASKED, DuoState.MEETING]
        else:
            assert (duo.state, duo.contact_shared_at) == (DuoState.DECLINED, None)
            assert ended(duet) == (1, 1)
            assert (duo.newcomer.state is NewcomerState.WAITING) is True
        if says == ("no", "no"):
            assert sorted(isinstance(said, Moved) for said in heard) == [False, True]


def test_negative_control_two_times_no_frees_the_place_of_somebody_else(site, monkeypatch):
    monkeypatch.setattr(duos, "move", unconditional)
    duet, heard = answered(site, 0, "no", "no")
    assert not [said for said in heard if isinstance(said, Exception)], heard
    assert ended(duet) == (2, 0)


def test_a_yes_and_a_coordinator_who_takes_it_back_at_once(site):
    for number in range(ROUNDS // 2):
        everybody_stops()
        duet = Duet(newcomer_wants=Answer.YES)
        buddy, els, key = duet.as_("buddy"), duet.as_("coordinator"), duet.duo.id
        heard = at_once(
            site, number,
            lambda who=buddy, key=key: duos.answer(who, key, Question.MEET, Answer.YES, links=LINKS),
            lambda who=els, key=key: duos.take_back(who, key, links=LINKS),
        )  # fmt: skip
        duo = duet.fresh()
        assert duo.state is DuoState.DECLINED, heard
        assert (heard[0] is DuoState.MEETING) is (duo.contact_shared_at is not None)
        assert (ended(duet), heard[1]) == ((1, 0), None)


def test_two_decisions_that_move_each_other_wait_for_each_other(site):
    """Each is worked into the whole plan; done in turn, neither waits for what the other holds."""
    els = factories.viewer(factories.coordinator())
    for number in range(6):
        everybody_stops()
        for _ in range(3):
            factories.newcomer()
            factories.buddy(capacity=1)
        run_id = matches.start_run(els, NETWORK)
        keys = list(session().scalars(select(Proposal.id).where(Proposal.run_id == run_id)))
        heard = at_once(
            site, number,
            *[
                lambda key=key: replanning.refuse(els, key, reason=ProposalRefusal.NOT_A_FIT)
                for key in keys[:2]
            ],
            lambda key=keys[2]: matches.reserve(els, key),
        )  # fmt: skip
        assert all(isinstance(said, replanning.Consequence | Moved | None) for said in heard), heard
        living = session().execute(
            select(Proposal.newcomer_id, Proposal.buddy_id).where(
                Proposal.run_id == run_id, Proposal.state.in_((ProposalState.SUGGESTED, ProposalState.APPROVED))
            )
        ).all()  # fmt: skip
        assert len({newcomer for newcomer, _buddy in living}) == len(living)
        assert len({buddy for _newcomer, buddy in living}) == len(living)
