"""Somebody wants no proposals by the matcher (GDPR art. 21): nor what a plan suggested before, nor by the hand of a coordinator."""

import pytest
from sqlalchemy import select

from app.clock import today
from app.db import session, transaction
from app.errors import Refusal
from app.models import AuditEntry, Buddy, Newcomer, Person, Proposal, Run
from app.queries.wishes import others_of
from app.services import erasures, matches, objections, replanning
from app.services.pool import pool_of
from app.services.taking_part import Objected
from app.vocabulary import NewcomerState, ProposalState
from app.vocabulary.records import RunState
from tests import factories
from tests.services.test_erasures import ask, viewer
from tests.services.test_matches import fresh
from tests.services.test_publishing import plan
from tests.services.test_wishes import Asked

SIDES = ("newcomer", "buddy")


@pytest.fixture
def coordinator(site):
    return factories.viewer(factories.coordinator())


def object_to(person):
    objections.set_objection(factories.viewer(person), objects=True)
    session().expire_all()


@pytest.mark.parametrize("side", SIDES)
def test_what_a_plan_suggests_is_no_longer_valid_and_cannot_be_approved(coordinator, side):
    mine, other = plan(coordinator)
    object_to(getattr(mine, side).person)
    assert (fresh(Proposal, mine.id).state, fresh(Proposal, other.id).state) == (
        ProposalState.LAPSED, ProposalState.SUGGESTED,
    )  # fmt: skip


@pytest.mark.parametrize("side", SIDES)
def test_an_approval_of_which_nobody_knows_is_taken_back(coordinator, side):
    (pair,) = plan(coordinator, 1)
    matches.reserve(coordinator, pair.id)
    object_to(getattr(pair, side).person)
    assert fresh(Proposal, pair.id).state is ProposalState.LAPSED
    assert fresh(Newcomer, pair.newcomer_id).state is NewcomerState.WAITING
    assert fresh(Buddy, pair.buddy_id).places_taken == 0


def held(coordinator, side):
    """A pair on hold of which one then objects: it is the coordinator's, and stays for the coordinator to decide."""
    (pair,) = plan(coordinator, 1)
    matches.hold(coordinator, pair.id)
    object_to(getattr(pair, side).person)
    return pair


@pytest.mark.parametrize("side", SIDES)
def test_a_coordinator_who_goes_on_by_hand_is_told_and_refused(coordinator, side):
    pair = held(coordinator, side)
    person = getattr(pair, side).person
    with pytest.raises(Objected) as refused:
        matches.reserve(coordinator, pair.id)
    assert person.first_name in str(refused.value.message)
    assert fresh(Proposal, pair.id).state is ProposalState.HELD
    objections.set_objection(factories.viewer(person), objects=False)
    matches.reserve(coordinator, pair.id)
    assert fresh(Proposal, pair.id).state is ProposalState.APPROVED


def test_who_is_to_be_deleted_is_not_brought_together_with_anybody(coordinator):
    (pair,) = plan(coordinator, 1)
    erasures.ask(factories.viewer(pair.buddy.person), page="http://localhost/nl/my-data")
    with pytest.raises(Refusal) as refused:
        matches.reserve(coordinator, pair.id)
    assert refused.value.code == "leaves"


def test_another_buddy_is_not_chosen_for_a_newcomer_who_objects(coordinator):
    pair = held(coordinator, "newcomer")
    with pytest.raises(Refusal):
        replanning.choose(coordinator, pair.id, pair.buddy_id)
    assert fresh(Newcomer, pair.newcomer_id).state is NewcomerState.WAITING


def test_who_objects_is_not_among_the_buddies_to_show(site):
    asked = Asked()
    gone = session().get_one(Buddy, asked.others[0])
    object_to(gone.person)
    assert gone.id not in [candidate.buddy.id for candidate in others_of(asked.own)]
    with transaction() as db:  # straight into the row, so that what the plan suggests still stands
        db.get_one(Person, asked.newcomer.person_id).objects_at = asked.newcomer.registered_at
    with pytest.raises(Objected):
        asked.show(0)


@pytest.mark.parametrize("lang", ["nl", "x-pseudo"])
def test_the_page_of_the_pair_says_so(site, signed_in, lang):
    els = factories.coordinator()
    pair = held(factories.viewer(els), "buddy")
    browser = signed_in(els)
    page = browser.get(f"/{lang}/matching/proposals/{pair.id}")
    assert pair.buddy.person.first_name in page.main.get_text()
    answer = browser.post(f"/{lang}/matching/proposals/{pair.id}/approve", {}, status=409)
    assert len(answer.soup.select(".notice")) > len(page.soup.select(".notice"))


class TestObjection:
    def run(self, els):
        return Run(
            network_slug="rivierenland", programme_id=1, state=RunState.DONE, by_person_id=els.id, as_of=today(),
            weights_version="x", weights={},
        )  # fmt: skip

    def test_the_next_plan_leaves_both_kinds_out_and_takes_them_again(self, site):
        newcomer, buddy, run = factories.newcomer(), factories.buddy(), self.run(factories.coordinator())
        assert [len(pool_of(run).newcomers), len(pool_of(run).buddies)] == [1, 1]
        for person in (newcomer.person, buddy.person):
            objections.set_objection(viewer(person), objects=True)
            objections.set_objection(viewer(person), objects=True)
        assert [len(pool_of(run).newcomers), len(pool_of(run).buddies)] == [0, 0]
        for person in (newcomer.person, buddy.person):
            objections.set_objection(viewer(person), objects=False)
        assert [len(pool_of(run).newcomers), len(pool_of(run).buddies)] == [1, 1]
        written = (
            session()
            .scalars(select(AuditEntry.action).where(AuditEntry.subject == "person").order_by(AuditEntry.id))
            .all()
        )
        assert written == ["objected", "objected", "objection-ended", "objection-ended"]

    def test_who_wants_to_be_erased_is_left_out(self, site):
        newcomer, run = factories.newcomer(), self.run(factories.coordinator())
        ask(newcomer.person)
        assert not pool_of(run).newcomers
