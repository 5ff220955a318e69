"""The honest waiting time: who still waits counts too, and too few people say nothing."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.clock import now, today
from app.db import session, transaction
from app.models import Transition
from app.queries.waiting import LEAST, WEEKS_LOOKED_AT, Spell, Waiting, waiting_in, waiting_of
from app.vocabulary import NewcomerState
from app.vocabulary.records import Subject
from tests import factories

ON = date(2026, 11, 20)
BEGINS = ON - timedelta(weeks=WEEKS_LOOKED_AT)


def waited(weeks, *, found=True, ago=0):
    until = ON - timedelta(weeks=ago)
    return Spell(until - timedelta(weeks=weeks), until, found)


def of(*spells):
    return waiting_of(spells, BEGINS, ON)


def test_when_all_find_a_buddy_it_is_what_they_waited():
    spells = [waited(weeks, ago=1) for weeks in range(1, 13)]
    assert of(*spells) == Waiting(3, 10)
    assert of(*[waited(4) for _ in range(8)]) == Waiting(4, 5)


def test_who_still_waits_makes_it_longer():
    quick = [waited(3, ago=1) for _ in range(5)]
    assert of(*quick) == Waiting(3, 4)
    slow = [waited(20, found=False) for _ in range(8)]
    assert of(*quick, *slow) == Waiting(3, None)
    assert of(*quick, *[waited(20, found=False) for _ in range(30)]) is None  # not even a quarter has a buddy


def test_too_few_say_nothing():
    assert of(*[waited(3) for _ in range(LEAST - 1)]) is None
    assert of(*[waited(3) for _ in range(LEAST)]) is not None
    assert of() is None


def test_what_lies_longer_ago_does_not_count():
    old = [waited(2, ago=WEEKS_LOOKED_AT + 2) for _ in range(50)]
    assert of(*old) is None
    assert of(*old, *[waited(10, ago=1) for _ in range(6)]) == Waiting(10, 11)


# All of them began to wait in the period: who did before is not seen in the first weeks, and may come to be.
spells = st.integers(0, WEEKS_LOOKED_AT - 1).flatmap(
    lambda ago: st.builds(
        lambda weeks, found: waited(weeks, found=found, ago=ago if found else 0),
        st.integers(0, WEEKS_LOOKED_AT - 1 - ago),
        st.booleans(),
    )
)


@given(st.lists(spells, max_size=40), st.integers(1, 40))
def test_more_people_who_wait_never_make_it_shorter(some, more):
    before = of(*some)
    after = of(*some, *[waited(WEEKS_LOOKED_AT, found=False)] * more)
    if before and after:
        assert after.shortest >= before.shortest
        assert after.longest is None or (before.longest is not None and after.longest >= before.longest)
    if before and before.longest is not None:
        assert 0 <= before.shortest < before.longest


def in_a_duo(newcomer, *, days_ago):
    with transaction() as db:
        db.add(
            Transition(
                subject=Subject.NEWCOMER, subject_id=newcomer.id, from_state="proposed", to_state="in_duo",
                at=now() - timedelta(days=days_ago),
            )
        )  # fmt: skip


@pytest.fixture
def network(site):
    for number in range(6):
        one = factories.newcomer(
            state=NewcomerState.IN_DUO, waiting_since=today() - timedelta(weeks=6, days=number)
        )
        in_a_duo(one, days_ago=2)
    return "rivierenland"


def test_it_is_read_from_what_was_written_down(network):
    assert waiting_in(network) == Waiting(5, 7)
    assert waiting_in("kempen") is None


def test_other_networks_and_other_changes_are_left_out(network):
    before = waiting_in(network)
    for _ in range(5):
        in_a_duo(
            factories.newcomer("2440", state=NewcomerState.IN_DUO, waiting_since=today() - timedelta(days=3)),
            days_ago=1,
        )
        factories.newcomer(state=NewcomerState.LEFT, waiting_since=today() - timedelta(weeks=90))
    assert waiting_in(network) == before
    assert session().query(Transition).count() == 11
