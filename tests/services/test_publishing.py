"""Publishing: approved pairs are told together and later; until then all of it can be taken back."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import func, select, update

from app import db
from app.clock import now
from app.db import session, transaction
from app.errors import Moved
from app.models import Buddy, Duo, Message, Newcomer, Proposal, Run
from app.services import buddies, matches, newcomers, publishing, replanning, safety, screening
from app.vocabulary import BuddyState, DuoState, NewcomerState, ProposalRefusal, ProposalState
from app.vocabulary.records import RunState
from app.vocabulary.screening import LetGoReason, SafetyOutcome
from tests import duo_factories, factories
from tests.services.test_matches import LINKS, fresh

NETWORK = "rivierenland"


@pytest.fixture
def coordinator(site):
    return factories.viewer(factories.coordinator())


def plan(coordinator, pairs=2):
    """A plan of that many pairs; its proposals."""
    for _ in range(pairs):
        factories.newcomer()
        factories.buddy()
    run_id = matches.start_run(coordinator, NETWORK)
    return (
        session()
        .scalars(select(Proposal).where(Proposal.run_id == run_id).order_by(Proposal.id))
        .unique()
        .all()
    )


def count(model):
    return session().scalar(select(func.count()).select_from(model))


def time_passes():
    with transaction():
        session().execute(update(Proposal).where(Proposal.tell_at.is_not(None)).values(tell_at=now()))


def test_nobody_is_told_before_the_time_and_then_both_of_every_pair(coordinator):
    found = plan(coordinator)
    for proposal in found:
        matches.reserve(coordinator, proposal.id)
    assert fresh(Newcomer, found[0].newcomer_id).state is NewcomerState.PROPOSED
    assert fresh(Buddy, found[0].buddy_id).places_taken == 1
    assert publishing.tell_due(LINKS) == 0
    assert publishing.publish(coordinator, NETWORK) == 2
    assert publishing.tell_due(LINKS) == 0
    assert (count(Duo), count(Message)) == (0, 0)
    time_passes()
    assert publishing.tell_due(LINKS) == 2
    assert publishing.tell_due(LINKS) == 0
    duos = session().scalars(select(Duo)).unique().all()
    assert [(duo.state, duo.approved_by_id) for duo in duos] == [(DuoState.ASKED, coordinator.person_id)] * 2
    assert count(Message) == 4
    assert fresh(Buddy, found[0].buddy_id).places_taken == 1


def test_publish_take_back_publish(coordinator):
    (proposal,) = plan(coordinator, 1)
    with pytest.raises(Moved):
        publishing.publish(coordinator, NETWORK)
    matches.reserve(coordinator, proposal.id)
    publishing.publish(coordinator, NETWORK)
    with pytest.raises(Moved):
        publishing.publish(coordinator, NETWORK)
    assert publishing.unpublish(coordinator, NETWORK) == 1
    with pytest.raises(Moved):
        publishing.unpublish(coordinator, NETWORK)
    time_passes()
    assert publishing.tell_due(LINKS) == 0
    assert fresh(Proposal, proposal.id).state is ProposalState.APPROVED
    publishing.publish(coordinator, NETWORK)
    assert publishing.tell_now(coordinator, NETWORK) == 1
    with pytest.raises(Moved):
        publishing.unpublish(coordinator, NETWORK)
    with pytest.raises(Moved):
        publishing.tell_now(coordinator, NETWORK)


def test_a_plan_undone_as_a_whole_leaves_what_was_before(coordinator):
    first = plan(coordinator, 3)
    (older, *_rest) = [proposal.id for proposal in first]
    second_run = matches.start_run(coordinator, NETWORK)
    found = (
        session()
        .scalars(select(Proposal).where(Proposal.run_id == second_run).order_by(Proposal.id))
        .unique()
        .all()
    )
    assert fresh(Proposal, older).state is ProposalState.LAPSED
    matches.reserve(coordinator, found[0].id)
    matches.hold(coordinator, found[1].id)
    replanning.refuse(coordinator, found[2].id, reason=ProposalRefusal.NOT_A_FIT)
    publishing.publish(coordinator, NETWORK)
    publishing.undo_run(coordinator, second_run)
    session().expire_all()
    states = {
        row.state for row in session().scalars(select(Proposal).where(Proposal.run_id == second_run)).unique()
    }
    assert states == {ProposalState.LAPSED}
    assert {row.state for row in session().scalars(select(Newcomer))} == {NewcomerState.WAITING}
    assert {row.places_taken for row in session().scalars(select(Buddy))} == {0}
    assert [fresh(Proposal, proposal.id).state for proposal in first] == [ProposalState.SUGGESTED] * 3
    run = fresh(Run, second_run)
    assert run.state is RunState.STOPPED
    assert run.undone_at
    time_passes()
    assert publishing.tell_due(LINKS) == 0
    with pytest.raises(Moved):
        publishing.undo_run(coordinator, second_run)
    assert fresh(Run, matches.start_run(coordinator, NETWORK)).matched == 3  # nobody is barred by the refusal


def test_what_people_know_cannot_be_undone(coordinator):
    first, second = plan(coordinator)
    matches.approve(coordinator, first.id, links=LINKS)
    matches.reserve(coordinator, second.id)
    with pytest.raises(publishing.Told):
        publishing.undo_run(coordinator, first.run_id)
    with pytest.raises(Moved):
        replanning.take_back(coordinator, first.id)
    assert fresh(Proposal, second.id).state is ProposalState.APPROVED


def test_one_approval_is_taken_back(coordinator):
    proposal, _other = plan(coordinator)
    matches.reserve(coordinator, proposal.id)
    publishing.publish(coordinator, NETWORK)
    replanning.take_back(coordinator, proposal.id)
    kept = fresh(Proposal, proposal.id)
    assert (kept.state, kept.tell_at) == (ProposalState.SUGGESTED, None)
    assert fresh(Newcomer, proposal.newcomer_id).state is NewcomerState.WAITING
    assert fresh(Buddy, proposal.buddy_id).places_taken == 0
    with pytest.raises(Moved):
        replanning.take_back(coordinator, proposal.id)
    matches.hold(coordinator, proposal.id)
    replanning.take_back(coordinator, proposal.id)
    assert fresh(Proposal, proposal.id).state is ProposalState.SUGGESTED


@pytest.mark.parametrize(
    "change",
    [
        lambda pair: update(Buddy).where(Buddy.id == pair.buddy_id).values(state=BuddyState.PAUSED),
        lambda pair: (
            update(Newcomer).where(Newcomer.id == pair.newcomer_id).values(network_slug="regio-gent")
        ),
    ],
)
def test_a_pair_that_cannot_be_any_more_is_let_go_and_the_others_are_told(coordinator, change):
    first, second = plan(coordinator)
    for proposal in (first, second):
        matches.reserve(coordinator, proposal.id)
    publishing.publish(coordinator, NETWORK)
    with transaction():
        session().execute(change(first))
    time_passes()
    assert publishing.tell_due(LINKS) == 1
    assert fresh(Proposal, first.id).state is ProposalState.LAPSED
    assert fresh(Newcomer, first.newcomer_id).state is NewcomerState.WAITING
    assert fresh(Buddy, first.buddy_id).places_taken == 0
    assert [duo.proposal_id for duo in session().scalars(select(Duo)).unique()] == [second.id]


def test_who_stops_before_knowing_of_a_pair_frees_the_other(coordinator):
    first, second, third = plan(coordinator, 3)
    for proposal in (first, second, third):
        matches.reserve(coordinator, proposal.id)
    newcomers.withdraw(factories.viewer(first.newcomer.person))
    buddies.withdraw(factories.viewer(second.buddy.person))
    screening.let_go(coordinator, third.buddy_id, reason=next(iter(LetGoReason)))
    assert fresh(Newcomer, first.newcomer_id).state is NewcomerState.LEFT
    assert fresh(Buddy, first.buddy_id).places_taken == 0
    assert fresh(Newcomer, second.newcomer_id).state is NewcomerState.WAITING
    assert fresh(Newcomer, third.newcomer_id).state is NewcomerState.WAITING
    assert [fresh(Buddy, key).state for key in (second.buddy_id, third.buddy_id)] == [BuddyState.LEFT] * 2
    assert {row.state for row in session().scalars(select(Proposal)).unique()} == {ProposalState.LAPSED}


@pytest.mark.parametrize("outcome", [SafetyOutcome.BLOCK_NEWCOMER, SafetyOutcome.BLOCK_BUDDY])
def test_who_takes_part_no_more_keeps_nobody_from_being_told(coordinator, outcome):
    """After a call for help about an earlier duo; the pairs of all others are told as they were to be."""
    first, second = plan(coordinator)
    duo = duo_factories.duo(
        newcomer=first.newcomer, buddy=first.buddy, approved_by=factories.coordinator(), state=DuoState.ENDED
    )  # fmt: skip
    report = duo_factories.safety_report(duo, first.newcomer.person, duo_was=None)
    for proposal in (first, second):
        matches.reserve(coordinator, proposal.id)
    publishing.publish(coordinator, NETWORK)
    safety.close(coordinator, report.id, outcome=outcome, links=LINKS)
    assert fresh(Proposal, first.id).state is ProposalState.LAPSED
    assert fresh(Buddy, first.buddy_id).places_taken == 0
    blocked = outcome is SafetyOutcome.BLOCK_NEWCOMER
    assert fresh(Newcomer, first.newcomer_id).state is (
        NewcomerState.LEFT if blocked else NewcomerState.WAITING
    )
    time_passes()
    assert publishing.tell_due(LINKS) == 1


def at_once(site, *works):
    """What each hears who does these at the same moment."""
    start, heard = Barrier(len(works)), []

    def do(work):
        with site.app_context():
            try:
                start.wait()
                heard.append(work())
            except Exception as refusal:  # noqa: BLE001 - what else comes out is for the test to judge
                heard.append(refusal)
            finally:
                db.release()

    threads = [Thread(target=do, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.release()
    return heard


def test_undoing_and_telling_at_once_are_one_of_the_two(site, coordinator):
    for _ in range(6):
        found = plan(coordinator, 1)
        pair_id, run_id, newcomer_id = found[-1].id, found[-1].run_id, found[-1].newcomer_id
        matches.reserve(coordinator, pair_id)
        publishing.publish(coordinator, NETWORK)
        time_passes()
        duos = count(Duo)
        db.release()
        at_once(site, lambda: publishing.tell_due(LINKS), lambda: publishing.undo_run(coordinator, run_id))  # noqa: B023
        pair = fresh(Proposal, pair_id)
        told = count(Duo) - duos
        assert told == int(pair.told_at is not None)
        assert pair.state is (ProposalState.APPROVED if told else ProposalState.LAPSED)
        assert fresh(Newcomer, newcomer_id).state is (
            NewcomerState.PROPOSED if told else NewcomerState.WAITING
        )
        if not told:
            newcomers.withdraw(factories.viewer(fresh(Newcomer, newcomer_id).person))


def test_telling_twice_at_once_asks_once(site, coordinator):
    found = plan(coordinator, 3)
    for proposal in found:
        matches.reserve(coordinator, proposal.id)
    publishing.publish(coordinator, NETWORK)
    time_passes()
    db.release()
    heard = at_once(site, *[lambda: publishing.tell_due(LINKS)] * 3)
    assert sum(number for number in heard if isinstance(number, int)) == 3, heard
    assert count(Duo) == 3
    assert count(Message) == 6


def test_nothing_is_due_long_after(coordinator):
    (proposal,) = plan(coordinator, 1)
    matches.reserve(coordinator, proposal.id)
    publishing.publish(coordinator, NETWORK)
    at = fresh(Proposal, proposal.id).tell_at
    assert timedelta(minutes=9) < at - now() < timedelta(minutes=11)
