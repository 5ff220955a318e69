"""Wherever an address or number comes in, and before anybody comes into the pool, the block list is looked at."""

from datetime import timedelta

import pytest

from app.clock import today
from app.db import session, transaction
from app.errors import Invalid
from app.models import Block, BlockHit, Buddy, Newcomer, Run
from app.queries.today import today_of
from app.services import blocks, intake, mergers, screening, takeover
from app.services.pool import pool_of
from app.vocabulary import BuddyState, NewcomerState
from app.vocabulary.blocks import BlockReason, HitOutcome
from app.vocabulary.lists import ListKind
from app.vocabulary.records import RunState
from app.vocabulary.today import Owing
from tests import factories

LATER = today() + timedelta(days=365)
NUMBER, ADDRESS = "+32470999999", "boze.man@example.be"


@pytest.fixture
def els(site):
    return factories.viewer(factories.coordinator())


def page_for(locale):
    return f"http://localhost/{locale}/account"


def block(*, phone=NUMBER, email=None):
    """Somebody of another network who may not come back."""
    theirs = factories.viewer(factories.coordinator("kempen"))
    gone = factories.buddy("2300", state=BuddyState.LEFT)
    with transaction():
        gone.person.phone, gone.person.email, gone.person.email_canonical = phone, email, None
    blocks.block_buddy(theirs, gone.id, reason=BlockReason.SAFETY, review_on=LATER)
    with transaction():
        gone.person.phone = gone.person.email = None  # the record is gone; the block stays
    return session().query(Block).order_by(Block.id.desc()).first()


def with_number(record):
    with transaction():
        record.person.phone = NUMBER
    return record


def hits():
    return [(hit.person_id, hit.network_slug, hit.outcome) for hit in session().query(BlockHit)]


def test_a_newcomer_who_comes_on_the_waiting_list_is_looked_up_and_waits_for_the_decision(els):
    newcomer = with_number(factories.newcomer(state=NewcomerState.READY))
    block()
    session().query(BlockHit).delete()  # as if the block were from before numbers were compared
    session().commit()
    for _tap in range(2):
        with pytest.raises(Invalid):
            intake.wait(els, newcomer.id)
    assert hits() == [(newcomer.person_id, newcomer.network_slug, None)]
    assert Owing.BLOCKED in today_of(els).counts
    blocks.decide(els, session().query(BlockHit).one().id, outcome=HitOutcome.ADMITTED)
    intake.wait(els, newcomer.id)
    assert session().get_one(Newcomer, newcomer.id, populate_existing=True).state is NewcomerState.WAITING


@pytest.mark.parametrize(
    ("state", "act"), [(BuddyState.SCREENING, screening.approve), (BuddyState.LAPSED, screening.renew)]
)
def test_a_buddy_is_looked_up_before_the_screening_holds(els, state, act):
    block()
    buddy = with_number(factories.buddy(state=state))
    with pytest.raises(Invalid):
        act(els, buddy.id, page_for=page_for)
    assert hits() == [(buddy.person_id, buddy.network_slug, None)]


def test_an_address_that_is_added_later_is_looked_up(els):
    block(phone=None, email=ADDRESS)
    newcomer = factories.newcomer(email=False)
    viewer = factories.viewer(newcomer.person)
    takeover.add_address(viewer, "Boze.Man@example.be")
    assert hits() == [(newcomer.person_id, newcomer.network_slug, None)]


def test_an_ordinary_address_leaves_no_trace(els):
    block(phone=None, email=ADDRESS)
    viewer = factories.viewer(factories.newcomer(email=False).person)
    takeover.add_address(viewer, "ander@example.be")
    assert hits() == []


def test_a_number_that_comes_from_a_second_record_is_looked_up(els):
    kept, gone = factories.newcomer(), factories.newcomer()
    block()
    with_number(gone)
    mergers.merge(els, ListKind.NEWCOMER, kept.id, gone.id, from_gone=["phone"])
    assert [hit[0] for hit in hits()] == [kept.person_id]


def test_who_is_there_already_under_the_same_number_is_noticed_when_the_block_is_made(els):
    waiting = with_number(factories.newcomer(state=NewcomerState.WAITING))
    ready = with_number(factories.buddy(state=BuddyState.APPROVED))
    with_number(factories.buddy(state=BuddyState.LEFT))
    block()
    assert {hit[0] for hit in hits()} == {waiting.person_id, ready.person_id}


def test_nobody_is_matched_before_it_is_decided(els):
    waiting = with_number(factories.newcomer(state=NewcomerState.WAITING))
    ready = with_number(factories.buddy())
    free, other = factories.newcomer(state=NewcomerState.WAITING), factories.buddy()
    block()
    assert people_in_pool(els) == ({free.id}, {other.id})
    for hit in session().query(BlockHit).all():
        blocks.decide(els, hit.id, outcome=HitOutcome.ADMITTED)
    assert people_in_pool(els) == ({free.id, waiting.id}, {other.id, ready.id})


def people_in_pool(actor):
    with transaction() as db:
        run = Run(
            network_slug="rivierenland", programme_id=1, state=RunState.DONE, by_person_id=actor.person_id, as_of=today(),
            weights_version="1", weights={},
        )  # fmt: skip
        db.add(run)
        db.flush()
        found = pool_of(run)
        return {one.id for one in found.newcomers}, {one.id for one in found.buddies}


def test_a_ready_buddy_of_whom_it_is_a_no_stops(els):
    buddy = with_number(factories.buddy())
    block()
    hit = session().query(BlockHit).filter_by(person_id=buddy.person_id).one()
    blocks.decide(els, hit.id, outcome=HitOutcome.REFUSED)
    assert session().get_one(Buddy, buddy.id, populate_existing=True).state is BuddyState.LEFT


def test_while_a_newcomer_counts_on_the_buddy_the_duo_is_ended_first(els, signed_in):
    buddy = with_number(factories.buddy(places_taken=1))
    block()
    hit = session().query(BlockHit).filter_by(person_id=buddy.person_id).one()
    browser = signed_in(session().get_one(type(buddy.person), els.person_id))
    page = browser.post(f"/nl/people/blocks/people/{hit.id}/refused")
    assert page.response.request.path == f"/nl/people/blocks/people/{hit.id}"
    assert page.soup.select_one(".notice.wait")
    assert session().get_one(BlockHit, hit.id, populate_existing=True).outcome is None


def test_who_was_admitted_is_asked_about_again_for_another_block_only(els):
    newcomer = with_number(factories.newcomer(state=NewcomerState.READY))
    first = block()
    blocks.decide(els, session().query(BlockHit).one().id, outcome=HitOutcome.ADMITTED)
    intake.wait(els, newcomer.id)
    blocks.lift(factories.viewer(factories.coordinator("kempen")), first.id)
    second = block()
    hit = session().query(BlockHit).one()
    assert (hit.block_id, hit.outcome, hit.decided_by_id) == (second.id, None, None)
