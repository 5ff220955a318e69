"""The plans of two programmes of a network never touch each other."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from app.db import session, transaction
from app.models import Buddy, BuddyProgramme, Newcomer, Proposal, Run
from app.queries.matches import matching_of
from app.queries.plans import left_out
from app.queries.publishing import decided
from app.queries.shortages import shortages_of
from app.queries.today import today_of
from app.services import loans, matches, network_programmes, placing, publishing, replanning, wishes
from app.services.network_programmes import ProgrammeSettings
from app.vocabulary import NewcomerState, ProposalRefusal, ProposalState
from app.vocabulary.records import RunState
from app.vocabulary.today import Owing
from tests import factories
from tests.services.test_matches import fresh
from tests.services.test_wishes import link_for
from tests.two_programmes import NETWORK, first, proposal, suggested, two_plans


@pytest.fixture
def coordinator(site):
    return factories.viewer(factories.coordinator())


def test_a_run_takes_the_people_of_its_programme(coordinator, families):
    ordinary, special = two_plans(coordinator, families)
    one, other = fresh(Run, ordinary), fresh(Run, special)
    assert (one.programme_id, other.programme_id) == (first(), families)
    assert [(run.newcomers, run.places, run.matched) for run in (one, other)] == [(1, 1, 1)] * 2
    assert fresh(Newcomer, proposal(special).newcomer_id).programme_id == families


def test_a_new_plan_of_one_leaves_the_suggestions_of_the_other(coordinator, families):
    ordinary, special = two_plans(coordinator, families)
    before = suggested(ordinary)
    again = matches.start_run(coordinator, NETWORK, families)
    assert suggested(ordinary) == before
    assert not suggested(special)
    assert len(suggested(again)) == 1
    publishing.undo_run(coordinator, again)
    assert suggested(ordinary) == before
    assert len(suggested(special)) == 1
    assert fresh(Run, ordinary).state is RunState.DONE


def test_a_place_that_one_plan_suggests_is_not_in_the_other(coordinator, families):
    buddy = factories.buddy()
    factories.newcomer()
    factories.newcomer(programme_id=families)
    one = matches.start_run(coordinator, NETWORK)
    other = matches.start_run(coordinator, NETWORK, families)
    assert {key for _newcomer, key in suggested(one)} == {buddy.id}
    assert not suggested(other)
    replanning.refuse(coordinator, proposal(one).id, reason=ProposalRefusal.NOT_A_FIT)
    assert {key for _newcomer, key in suggested(matches.start_run(coordinator, NETWORK, families))} == {
        buddy.id
    }


def test_undoing_brings_no_place_back_that_the_other_plan_has_now(coordinator, families):
    factories.newcomer()
    factories.newcomer(programme_id=families)
    factories.buddy()
    one = matches.start_run(coordinator, NETWORK)
    with transaction():
        session().execute(update(Buddy).values(max_km=1))
    newer = matches.start_run(coordinator, NETWORK)
    proposals = session().scalars(select(Proposal).where(Proposal.run_id == newer)).unique().all()
    for item in proposals:
        replanning.refuse(coordinator, item.id, reason=ProposalRefusal.NOT_A_FIT)
    other = matches.start_run(coordinator, NETWORK, families)
    assert len(suggested(other)) == 1
    publishing.undo_run(coordinator, newer)
    assert not suggested(one)
    assert len(suggested(other)) == 1


def test_who_decides_in_one_solves_that_one_anew(coordinator, families):
    ordinary, special = two_plans(coordinator, families)
    before = suggested(ordinary)
    matches.reserve(coordinator, proposal(special).id)
    replanning.take_back(coordinator, proposal(special).id)
    assert len(suggested(special)) == 1
    assert suggested(ordinary) == before
    wish_id = wishes.show_buddies(coordinator, proposal(ordinary).id, [], link_for=link_for)
    wishes.take_back(coordinator, wish_id)
    assert suggested(ordinary) == before


def test_pages_count_both(coordinator, families):
    ordinary, special = two_plans(coordinator, families)
    lonely = factories.newcomer(programme_id=families, availability=["mon-morning"])
    special = matches.start_run(coordinator, NETWORK, families)
    lines = {row.programme_id: row for row in matching_of(coordinator)}
    assert {key: row.run.id for key, row in lines.items()} == {first(): ordinary, families: special}
    assert [row.name for row in matching_of(coordinator)] == ["Samenspoor", "Gezinnen"]
    page = decided(coordinator, NETWORK)
    assert [(plan.run.id, plan.name) for plan in page.plans] == [
        (ordinary, "Samenspoor"),
        (special, "Gezinnen"),
    ]
    assert (len(page.left), page.newcomers) == (2, 3)
    assert left_out(fresh(Newcomer, lonely.id)).run_id == special
    assert shortages_of(coordinator, NETWORK).left == 1
    assert today_of(coordinator).counts[Owing.PROPOSALS] == 2


def test_one_run_at_a_time_whatever_the_programme(coordinator, families, no_worker):
    started = matches.start_run(coordinator, NETWORK)
    with pytest.raises(matches.AlreadyRunning) as busy:
        matches.start_run(coordinator, NETWORK, families)
    assert busy.value.run_id == started


def test_refused_pairs_come_again_after_the_months_of_their_programme(coordinator, families):
    factories.newcomer(programme_id=families)
    factories.buddy()
    run_id = matches.start_run(coordinator, NETWORK, families)
    matches.refuse(coordinator, proposal(run_id).id, reason=ProposalRefusal.NOT_A_FIT)
    assert fresh(Run, matches.start_run(coordinator, NETWORK, families)).matched == 0
    network_programmes.set_programme(coordinator, families, ProgrammeSettings("Gezinnen", 9, 1, 0))
    assert fresh(Run, matches.start_run(coordinator, NETWORK, families)).matched == 1


def test_lent_buddies_are_in_every_programme(coordinator, families):
    lender = factories.viewer(factories.coordinator("regio-antwerpen"))
    lent = factories.buddy("2640", max_km=None)
    assert lent.network_slug == "regio-antwerpen"
    loan_id = loans.offer_place(lender, lent.id, to=NETWORK, until=factories.days_from_now(60))
    loans.accept_place(coordinator, loan_id)
    factories.newcomer(programme_id=families, max_km=None)
    assert fresh(Run, matches.start_run(coordinator, NETWORK, families)).places == 1


@given(
    st.lists(st.booleans(), min_size=1, max_size=4),
    st.lists(st.tuples(st.integers(1, 2), st.sampled_from([(), (0,), (1,), (0, 1)])), min_size=1, max_size=3),
    st.lists(st.booleans(), min_size=2, max_size=4),
)
@settings(deadline=None, max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_plans_of_two_programmes_never_share_a_place(coordinator, families, waiting, free, order):
    with transaction() as db:
        db.execute(update(Newcomer).values(state=NewcomerState.LEFT))
        db.execute(update(Buddy).values(capacity=0, places_taken=0))
        db.execute(update(Proposal).values(state=ProposalState.LAPSED))
    keys = (first(), families)
    for special in waiting:
        factories.newcomer(programme_id=families if special else None)
    for capacity, named in free:
        buddy = factories.buddy(capacity=capacity)
        placing.place_buddy(coordinator, buddy.id, programme_ids=[keys[at] for at in named])
    for special in order:
        matches.start_run(coordinator, NETWORK, keys[special])
    session().expire_all()
    open_ones = session().scalars(
        select(Proposal).where(Proposal.state == ProposalState.SUGGESTED)
    ).unique().all()  # fmt: skip
    assert len({item.newcomer_id for item in open_ones}) == len(open_ones)
    for buddy in session().scalars(select(Buddy)).unique():
        mine = [item.run.programme_id for item in open_ones if item.buddy_id == buddy.id]
        assert len(mine) <= buddy.capacity
        named = set(
            session().scalars(select(BuddyProgramme.programme_id).where(BuddyProgramme.buddy_id == buddy.id))
        )
        assert not named or set(mine) <= named
    assert all((item.newcomer.programme_id or first()) == item.run.programme_id for item in open_ones)
