"""The plan around decisions: the best there is for those who are left, and what a decision costs others is said."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

import matching
from app.clock import today
from app.db import session, transaction
from app.models import Buddy, Newcomer, Proposal, Run
from app.queries import judging
from app.services import matches, replanning, wishes
from app.services.matchmaking import work_of
from app.services.matchmaking.around import Effect, effect
from app.services.pool import pool_of
from app.vocabulary import BuddyState, NewcomerState, ProposalRefusal, ProposalState
from matching.types import Idf
from tests import factories
from tests.services.test_matches import fresh

NETWORK = "rivierenland"
BOTH = ["sat-morning", "wed-evening"]


@pytest.fixture
def coordinator(site):
    return factories.viewer(factories.coordinator())


def suggested():
    """Newcomer and buddy by first name of what is suggested now."""
    session().expire_all()
    found = session().scalars(select(Proposal).where(Proposal.state == ProposalState.SUGGESTED)).unique()
    return {row.newcomer.person.first_name: row.buddy.person.first_name for row in found}


def named(first_name):
    """The suggestion for that newcomer."""
    session().expire_all()
    found = session().scalars(select(Proposal).where(Proposal.state == ProposalState.SUGGESTED)).unique()
    return next(row for row in found if row.newcomer.person.first_name == first_name)


def buddy_named(first_name):
    return next(
        row for row in session().scalars(select(Buddy)).unique() if row.person.first_name == first_name
    )


def scarce():
    """Three wait, two buddies: Amina likes what Karel likes, Bana what Lies likes, and Chen fits both less."""
    long_ago = today() - timedelta(days=300)
    factories.newcomer(
        name="Amina", interests=["cooking", "chess"], availability=BOTH, waiting_since=long_ago
    )
    factories.newcomer(name="Bana", interests=["cycling"], availability=BOTH, waiting_since=long_ago)
    factories.newcomer(name="Chen", interests=["reading"], availability=BOTH, waiting_since=today())
    factories.buddy(name="Karel", interests=["cooking", "chess"], availability=BOTH)
    factories.buddy(name="Lies", interests=["cycling"], availability=BOTH)


def test_a_refusal_gives_the_place_to_who_is_left(coordinator):
    scarce()
    matches.start_run(coordinator, NETWORK)
    assert suggested() == {"Amina": "Karel", "Bana": "Lies"}
    done = replanning.refuse(coordinator, named("Amina").id, reason=ProposalRefusal.NOT_A_FIT)
    assert suggested() in ({"Amina": "Lies", "Bana": "Karel"}, {"Bana": "Lies", "Chen": "Karel"})
    assert done.own is ("Amina" in suggested())
    assert done.gained == (["Chen"] if "Chen" in suggested() else [])


def test_choosing_somebody_elses_buddy_says_who_loses(coordinator):
    scarce()
    with transaction():
        session().execute(update(Newcomer).values(waiting_since=today()))
    karel = buddy_named("Karel")
    likes_cooking = [
        row.id for row in session().scalars(select(Newcomer)).unique() if "cooking" in row.interests
    ]
    with transaction():
        session().execute(update(Buddy).where(Buddy.id != karel.id).values(availability=["mon-morning"]))
        session().execute(
            update(Newcomer)
            .where(Newcomer.id.not_in(likes_cooking))
            .values(availability=[*BOTH, "mon-morning"])
        )
    matches.start_run(coordinator, NETWORK)
    before = suggested()
    assert before["Amina"] == "Karel"
    other = next(name for name in before if name != "Amina")
    seen = prospects(coordinator, named(other))
    karel_instead = next(item for item in seen.others if item.buddy_id == karel.id)
    assert [seen.names[key] for key in karel_instead.effect.lost] == ["Amina"]
    assert karel_instead.effect.fit > 0
    done = replanning.choose(coordinator, named(other).id, karel.id)
    assert done.lost == ["Amina"]
    assert done.gained == [name for name in ("Bana", "Chen") if name != other]
    assert fresh(Buddy, karel.id).places_taken == 1


def prospects(coordinator, proposal):
    page = judging.judging(coordinator, proposal.id)
    return replanning.prospects(page.proposal, page.run, page.suggested, page.taking_part)


def a_town(size=14):
    """People who want different things, so that a choice for one is felt by others."""
    tags = ["cooking", "cycling", "chess", "reading", "swimming", "gardening"]
    for number in range(size):
        mine = [tags[number % 6], tags[(number * 5 + 1) % 6]]
        since = today() - timedelta(days=number * 9)
        factories.newcomer(
            name=f"N{number}", interests=mine, availability=BOTH[: number % 2 + 1], waiting_since=since
        )
        if number % 2:
            factories.buddy(
                name=f"B{number}", interests=mine[::-1], availability=BOTH, capacity=number % 3 + 1
            )


def whole_objective(run_id):
    """What a full run with the counts of that run would reach for who is not decided about."""
    run = fresh(Run, run_id)
    work = work_of(run, run.attempt, pool_of(run))
    idf = Idf(run.idf["people"], run.idf["named"])
    plan = matching.assign(
        work.newcomers.values(), work.buddies.values(), past=work.past, weights=work.weights, as_of=work.as_of, idf=idf
    )  # fmt: skip
    return plan.objective, plan.matched


def kept_objective(run_id):
    found = session().scalars(
        select(Proposal).where(Proposal.run_id == run_id, Proposal.state == ProposalState.SUGGESTED)
    ).unique().all()  # fmt: skip
    return sum(row.utility for row in found), len(found)


def test_after_every_decision_the_plan_is_the_best_there_is(coordinator):
    a_town()
    run_id = matches.start_run(coordinator, NETWORK)
    assert kept_objective(run_id) == whole_objective(run_id)
    for turn in range(9):
        session().expire_all()
        pair = session().scalars(
            select(Proposal).where(Proposal.run_id == run_id, Proposal.state == ProposalState.SUGGESTED)
            .order_by(Proposal.id)
        ).unique().first()  # fmt: skip
        if pair is None:
            break
        if turn % 3 == 0:
            replanning.refuse(coordinator, pair.id, reason=ProposalRefusal.NOT_A_FIT)
        elif turn % 3 == 1:
            others = prospects(coordinator, pair).others
            replanning.choose(coordinator, pair.id, others[-1].buddy_id if others else pair.buddy_id)
        else:
            matches.reserve(coordinator, pair.id)
            if turn == 5:
                replanning.take_back(coordinator, pair.id)
        session().expire_all()
        assert kept_objective(run_id) == whole_objective(run_id), turn
    assert turn > 5


def test_the_costs_that_are_shown_are_the_costs_of_the_choice(coordinator):
    a_town()
    run_id = matches.start_run(coordinator, NETWORK)
    proposals = (
        session()
        .scalars(select(Proposal).where(Proposal.run_id == run_id).order_by(Proposal.id))
        .unique()
        .all()
    )
    total = sum(row.score for row in proposals)
    choices = [(pair.id, other) for pair in proposals for other in prospects(coordinator, pair).others]
    assert any(other.effect.moved or other.effect.lost for _key, other in choices)
    key, other = max(choices, key=lambda item: len(item[1].effect.moved) + len(item[1].effect.lost))
    replanning.choose(coordinator, key, other.buddy_id)
    session().expire_all()
    alive = (ProposalState.SUGGESTED, ProposalState.APPROVED)
    after = (
        session()
        .scalars(select(Proposal).where(Proposal.run_id == run_id, Proposal.state.in_(alive)))
        .unique()
        .all()
    )
    assert total - sum(row.score for row in after) == other.effect.fit


def test_what_an_effect_counts():
    before, after = {1: 11, 2: 12, 3: 13, 9: 19}, {2: 12, 3: 11, 4: 13}
    assert effect(before, after, {9}, 5) == Effect(lost=(1,), gained=(4,), moved=(3,), fit=5, own=False)


def test_a_buddy_who_does_not_fit_cannot_be_chosen(coordinator):
    scarce()
    far = factories.buddy("8400")
    matches.start_run(coordinator, NETWORK)
    pair = named("Amina")
    for buddy_id in (far.id, 99_999):
        with pytest.raises(matches.PlaceTaken):
            replanning.choose(coordinator, pair.id, buddy_id)
    assert fresh(Proposal, pair.id).state is ProposalState.SUGGESTED
    assert fresh(Newcomer, pair.newcomer_id).state is NewcomerState.WAITING


@pytest.mark.parametrize("gone", ["buddy", "newcomer"])
def test_a_pair_of_whom_one_is_gone_can_be_looked_at_and_makes_room(coordinator, gone):
    scarce()
    matches.start_run(coordinator, NETWORK)
    proposal = named("Amina")
    with transaction():
        if gone == "buddy":
            proposal.buddy.state = BuddyState.PAUSED
        else:
            proposal.newcomer.state = NewcomerState.LEFT
    page = judging.judging(coordinator, proposal.id)
    seen = replanning.prospects(page.proposal, page.proposal.run, page.suggested, page.taking_part)
    assert not seen.possible
    assert seen.refusal.own is False
    done = replanning.solve_again(coordinator, proposal.id)
    assert done.own is False
    assert suggested() == ({"Bana": "Lies"} if gone == "buddy" else {"Bana": "Lies", "Chen": "Karel"})
    assert fresh(Proposal, proposal.id).state is ProposalState.LAPSED


def test_around_what_somebody_else_took(coordinator):
    scarce()
    matches.start_run(coordinator, NETWORK)
    with transaction():
        session().execute(update(Buddy).where(Buddy.id == buddy_named("Karel").id).values(places_taken=1))
    pair = named("Amina")
    with pytest.raises(matches.PlaceTaken):
        matches.reserve(coordinator, pair.id)
    replanning.solve_again(coordinator, pair.id)
    assert list(suggested().values()) == ["Lies"]
    assert fresh(Proposal, pair.id).state is ProposalState.LAPSED


def test_scores_stay_those_of_the_run_when_more_people_come(coordinator):
    a_town(8)
    run_id = matches.start_run(coordinator, NETWORK)
    scores = {
        (row.newcomer_id, row.buddy_id): row.score for row in session().scalars(select(Proposal)).unique()
    }
    for _ in range(20):
        factories.newcomer(interests=["cooking"])
    pair = (
        session()
        .scalars(select(Proposal).where(Proposal.run_id == run_id).order_by(Proposal.id))
        .unique()
        .first()
    )
    matches.reserve(coordinator, pair.id)
    replanning.take_back(coordinator, pair.id)
    after = {
        (row.newcomer_id, row.buddy_id): row.score for row in session().scalars(select(Proposal)).unique()
    }
    assert {key: after[key] for key in scores} == scores
    newcomers = {row.newcomer_id for row in session().scalars(select(Proposal)).unique()}
    assert len(newcomers) <= 8


def put_aside(coordinator, how):
    """The pair of Amina, on hold or shown to her with another choice beside it, and what it cost before that."""
    scarce()
    matches.start_run(coordinator, NETWORK)
    pair = named("Amina")
    before = prospects(coordinator, pair)
    if how == "held":
        matches.hold(coordinator, pair.id)
    else:
        lies = buddy_named("Lies")
        wishes.show_buddies(coordinator, pair.id, [lies.id], link_for=lambda *_: "http://localhost/x")
    session().expire_all()
    return fresh(Proposal, pair.id), before


def costs(found):
    return [(other.buddy_id, other.score, other.effect) for other in found.others], found.refusal


@pytest.mark.parametrize("how", ["held", "shown"])
def test_a_pair_that_was_put_aside_still_shows_what_each_choice_costs(coordinator, how):
    pair, before = put_aside(coordinator, how)
    assert costs(prospects(coordinator, pair)) == costs(before)
    assert before.others


def test_a_pair_on_hold_is_weighed_against_the_plan_that_came_after_it(coordinator):
    pair, before = put_aside(coordinator, "held")
    newest = matches.start_run(coordinator, NETWORK)
    page = judging.judging(coordinator, pair.id)
    assert page.run.id == newest
    found = prospects(coordinator, pair)
    assert found.refusal == before.refusal
    assert [other.buddy_id for other in found.others] == [other.buddy_id for other in before.others]


def test_it_is_said_when_nobody_knows_what_a_pair_costs(coordinator):
    pair, _before = put_aside(coordinator, "held")
    with transaction():
        session().execute(update(Buddy).where(Buddy.id == pair.buddy_id).values(state=BuddyState.PAUSED))
    assert prospects(coordinator, pair) is None
