"""Choices, approved pairs and lent places come to Today by themselves, and leave when the thing is done."""

from datetime import timedelta

import pytest

from app.clock import now, today
from app.db import session, transaction
from app.models import Proposal, Run
from app.queries.today import today_of
from app.services import loans, matches, publishing, wishes
from app.vocabulary import NewcomerState, ProposalRefusal, ProposalState
from app.vocabulary.following import WishState
from app.vocabulary.loans import LoanState
from app.vocabulary.records import RunState
from app.vocabulary.today import Owing
from tests import duo_factories, factories
from tests.duets import LINKS

HERE, THERE = "rivierenland", "kempen"


@pytest.fixture
def els(site):
    return factories.coordinator(HERE)


def owed(human):
    return {item.kind: item for item in today_of(factories.viewer(human)).owed}


def a_plan(network, by, *pairs):
    """A plan with those pairs, of which nothing is left to judge but what the test makes of it."""
    with transaction() as db:
        run = Run(
            network_slug=network, programme_id=1, state=RunState.DONE, by_person_id=by.id, as_of=today(), weights_version="1", weights={},
            finished_at=now(), report={"unmatched": []},
        )  # fmt: skip
        db.add(run)
        db.flush()
        made = [
            Proposal(run_id=run.id, newcomer_id=newcomer.id, buddy_id=buddy.id, score=500_000, utility=1, explanation={})
            for newcomer, buddy in pairs
        ]  # fmt: skip
        db.add_all(made)
    return made


def a_pair(els):
    newcomer, buddy = factories.newcomer(state=NewcomerState.WAITING), factories.buddy()
    return a_plan(HERE, els, (newcomer, buddy))[0]


def test_a_choice_is_listed_from_the_choice_until_the_decision(els):
    own = a_pair(els)
    with transaction():
        own.state = ProposalState.LAPSED
    wish = duo_factories.wish(own.newcomer, own, els, factories.buddy(), factories.buddy())
    assert owed(els) == {}  # the newcomer owes an answer, nobody else
    shown = shown_in(wish)
    wishes.choose(factories.viewer(own.newcomer.person), wish.id, shown[0].id)
    item = owed(els)[Owing.WISH]
    assert set(owed(els)) == {Owing.WISH}
    assert item.id == shown[0].id
    assert item.names == (own.newcomer.person.full_name, shown[0].buddy.person.full_name)
    matches.reserve(factories.viewer(els), shown[0].id)
    assert set(owed(els)) == {Owing.PUBLISH}


def shown_in(wish):
    return session().query(Proposal).filter_by(wish_id=wish.id).order_by(Proposal.id).all()


def test_a_choice_that_is_refused_leaves(els):
    own = a_pair(els)
    with transaction():
        own.state = ProposalState.LAPSED
    duo_factories.wish(own.newcomer, own, els, factories.buddy(), state=WishState.CHOSEN)
    item = owed(els)[Owing.WISH]
    matches.refuse(factories.viewer(els), item.id, reason=ProposalRefusal.OTHER)
    assert owed(els) == {}


def test_approved_pairs_are_one_line_until_they_are_published_and_again_when_that_is_taken_back(els):
    newcomers = [factories.newcomer(state=NewcomerState.WAITING) for _number in range(2)]
    pairs = a_plan(HERE, els, *((newcomer, factories.buddy()) for newcomer in newcomers))
    viewer = factories.viewer(els)
    matches.reserve(viewer, pairs[0].id)
    assert set(owed(els)) == {Owing.PROPOSALS, Owing.PUBLISH}
    matches.reserve(viewer, pairs[1].id)
    item = owed(els)[Owing.PUBLISH]
    assert (item.number, item.network) == (2, HERE)
    publishing.publish(viewer, HERE)
    assert owed(els) == {}
    publishing.unpublish(viewer, HERE)
    assert owed(els)[Owing.PUBLISH].number == 2
    publishing.publish(viewer, HERE)
    publishing.tell_now(viewer, HERE)
    publishing.tell_due(LINKS)
    assert owed(els) == {}


def test_the_line_about_approved_pairs_leads_to_the_page_that_publishes(els, signed_in):
    matches.reserve(factories.viewer(els), a_pair(els).id)
    page = signed_in(els).get("/nl/today")
    assert page.soup.select_one(f'.todo a[href="/nl/matching/networks/{HERE}"]')


def test_an_offered_place_is_listed_for_the_other_network_only_until_it_answers(els):
    lender = factories.coordinator(THERE)
    buddy = factories.buddy("2300")
    loan_id = loans.offer_place(
        factories.viewer(lender), buddy.id, to=HERE, until=factories.days_from_now(30)
    )
    assert owed(lender) == {}
    assert set(owed(els)) == {Owing.LOAN_OFFERED}
    assert (
        buddy.person.full_name not in owed(els)[Owing.LOAN_OFFERED].names
    )  # the neighbour knows a first name
    loans.decline_place(factories.viewer(els), loan_id)
    assert owed(els) == {}


def test_a_lent_place_is_listed_until_a_plan_is_made_or_the_place_is_over(els):
    lender = factories.coordinator(THERE)
    buddy = factories.buddy("2300")
    a_plan(HERE, els)  # an earlier plan knew nothing of the place
    loan_id = loans.offer_place(
        factories.viewer(lender), buddy.id, to=HERE, until=factories.days_from_now(30)
    )
    loans.accept_place(factories.viewer(els), loan_id)
    assert set(owed(els)) == {Owing.LOAN_LENT}
    assert owed(lender) == {}
    a_plan(HERE, els)
    assert owed(els) == {}


def test_an_offer_that_is_over_is_not_listed(els):
    duo_factories.loan(factories.buddy("2300"), HERE, until=today() - timedelta(days=1))
    assert owed(els) == {}


def test_nobody_of_another_network_sees_any_of_it(els):
    matches.reserve(factories.viewer(els), a_pair(els).id)
    duo_factories.loan(factories.buddy("2300"), HERE, state=LoanState.OFFERED)
    assert set(owed(els)) == {Owing.PUBLISH, Owing.LOAN_OFFERED}
    assert owed(factories.coordinator("gent-stad")) == {}
