"""The last place of a buddy and the plan of a network: whoever comes at the same moment, one of them has it.

Every race is run again and again as the site does it, and then with the guard taken out, which must show the fault.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import func, select, update

from app.clock import today
from app.db import session, transaction
from app.extensions import queue
from app.models import Buddy, Newcomer, Proposal, Run, Wish
from app.services import loans, matches, wishes
from app.vocabulary import NewcomerState, ProposalState
from app.vocabulary.records import RunState
from tests import factories
from tests.duets import LINKS
from tests.pairs import NETWORK, link_for
from tests.racing import at_once

ROUNDS = 10


@pytest.fixture
def els(site):
    return factories.viewer(factories.coordinator())


def own_place():
    """Two newcomers of one network and the last place of a buddy, proposed to both; keys, buddy and coordinators."""
    buddy = factories.buddy(capacity=2, places_taken=1)
    return buddy, [factories.newcomer(), factories.newcomer()], NETWORK


def lent_place():
    buddy = factories.buddy("9000", capacity=1)
    lender, borrower = factories.coordinator("gent-stad"), factories.coordinator("regio-gent")
    key = loans.offer_place(
        factories.viewer(lender), buddy.id, to="regio-gent", until=factories.days_from_now(9)
    )
    loans.accept_place(factories.viewer(borrower), key)
    return buddy, [factories.newcomer("9820"), factories.newcomer("9820")], "regio-gent"


def proposed(network, buddy, newcomers):
    """A plan that proposes that buddy to each of them."""
    with transaction() as inside:
        run = Run(
            network_slug=network, programme_id=1, by_person_id=buddy.person_id, as_of=today(), weights_version="t", weights={}, state=RunState.DONE,
        )  # fmt: skip
        inside.add(run)
        inside.flush()
        made = [
            Proposal(
                run_id=run.id, newcomer_id=one.id, buddy_id=buddy.id, score=500_000, utility=600_000,
                explanation={"alternatives": []},
            )
            for one in newcomers
        ]  # fmt: skip
        inside.add_all(made)
    return [proposal.id for proposal in made]


def offered(network, keys, desk):
    """Each of them was shown the buddy and wishes to meet."""
    for key in keys:
        wish_id = wishes.show_buddies(desk, key, [], link_for=link_for)
        newcomer = session().get_one(Wish, wish_id).newcomer.person
        wishes.choose(factories.viewer(newcomer), wish_id, key)


def a_last_place(kind):
    """That kind of a last place: the buddy, the two proposals, and two coordinators of the network that matches on it."""
    buddy, newcomers, network = lent_place() if kind == "lent" else own_place()
    keys = proposed(network, buddy, newcomers)
    desks = [factories.viewer(factories.coordinator(network)) for _ in keys]
    if kind == "offered":
        offered(network, keys, desks[0])
    return buddy.id, keys, desks


def approvals(keys, desks, how):
    if how == "told":
        return [
            lambda key=key, who=who: matches.approve(who, key, links=LINKS)
            for key, who in zip(keys, desks, strict=True)
        ]
    return [
        lambda key=key, who=who: matches.reserve(who, key) or key
        for key, who in zip(keys, desks, strict=True)
    ]


def sold(keys):
    approved = Proposal.id.in_(keys), Proposal.state == ProposalState.APPROVED
    return session().scalar(select(func.count()).select_from(Proposal).where(*approved))


@pytest.mark.parametrize("how", ["told", "reserved"])
@pytest.mark.parametrize("kind", ["own", "lent", "offered"])
def test_the_last_place_goes_to_exactly_one(site, kind, how):
    for number in range(ROUNDS):
        buddy_id, keys, desks = a_last_place(kind)
        heard = at_once(site, number, *approvals(keys, desks, how))
        assert [type(said) for said in heard if not isinstance(said, int)] == [matches.PlaceTaken], heard
        assert sold(keys) == 1
        buddy = session().get_one(Buddy, buddy_id)
        assert buddy.places_taken == buddy.capacity
        states = session().scalars(select(Newcomer.state).join(Proposal).where(Proposal.id.in_(keys)))
        assert sorted(states) == [NewcomerState.PROPOSED, NewcomerState.WAITING]


@pytest.mark.parametrize("kind", ["own", "lent", "offered"])
def test_negative_control_without_the_guard_the_last_place_is_sold_twice(site, monkeypatch, kind):
    monkeypatch.setattr(matches, "take_place", lambda _buddy_id, _network: None)
    monkeypatch.setattr(matches, "use_loan", lambda _duo: None)
    _buddy_id, keys, desks = a_last_place(kind)
    heard = at_once(site, 0, *approvals(keys, desks, "told"))
    assert all(isinstance(said, int) for said in heard), heard
    assert sold(keys) == 2


def started(site, els, number):
    """What four starts at the same moment heard, and how many plans are under way then."""
    heard = at_once(site, number, *[lambda: matches.start_run(els, NETWORK)] * 4)
    under_way = Run.state.in_((RunState.QUEUED, RunState.RUNNING))
    return heard, session().scalar(select(func.count()).select_from(Run).where(under_way))


@contextmanager
def without_the_index() -> Iterator[None]:
    """The table of plans without its rule that one at a time is under way in a network."""
    index = next(item for item in Run.__table__.indexes if item.name == "uq_run_under_way")
    with transaction() as inside:
        index.drop(inside.connection())
    try:
        yield
    finally:
        with transaction() as inside:
            inside.execute(update(Run).values(state=RunState.STOPPED))
            index.create(inside.connection())


@pytest.mark.parametrize("guards", ["both", "the look alone", "none"])
def test_two_plans_at_once_are_one_as_long_as_something_guards(site, els, monkeypatch, guards):
    """The look under the lock of the network suffices; with that taken out too, four plans are made at once."""
    monkeypatch.setattr(queue, "put", lambda *_job: None)
    if guards == "none":
        monkeypatch.setattr(matches, "UNDER_WAY", ())
        monkeypatch.setattr(matches, "lock", lambda _model, _key: None)

    def race():
        for number in range(ROUNDS):
            heard, under_way = started(site, els, number)
            if guards == "none":
                assert under_way == 4, heard
            else:
                assert under_way == 1
                refused = [type(said) for said in heard if not isinstance(said, int)]
                assert refused == [matches.AlreadyRunning] * 3
            with transaction() as inside:
                inside.execute(update(Run).values(state=RunState.STOPPED))

    if guards == "both":
        race()
    else:
        with without_the_index():
            race()
