"""For whom a plan works: small groups stay hidden, also from who subtracts."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.db import session
from app.models import Run
from app.queries.disclosure import LEAST
from app.queries.fairness import counted, fairness, shown
from app.services import matches
from app.vocabulary import DuoState
from tests import duo_factories, factories


def of(dimension, **counts):
    """Groups of one dimension as a run keeps them: value = (waiting, reached)."""
    return [
        {"dimension": dimension, "value": value, "waiting": waiting, "reached": reached, "days": 30}
        for value, (waiting, reached) in counts.items()
    ]


def visible(kept, newcomers, matched):
    return {
        row.value: (row.waiting, row.reached)
        for row in shown(kept, newcomers, matched)
        if not row.small and not row.hidden
    }


def test_one_small_group_takes_another_with_it():
    kept = of("province", antwerpen=(20, 10), limburg=(8, 4), brussel=(3, 1))
    assert visible(kept, 31, 15) == {"antwerpen": (20, 10)}
    assert [row.small for row in shown(kept, 31, 15)] == [False, False, True]


def test_groups_that_are_all_large_are_all_shown():
    kept = of("wish", f=(9, 9), none=(11, 0))
    assert visible(kept, 20, 9) == {"f": (9, 9), "none": (11, 0)}


def test_nobody_learns_that_none_of_a_small_group_is_reached():
    kept = of("dutch_level", none=(3, 0), a1=(6, 0), a2=(8, 3), b1=(30, 20))
    assert visible(kept, 47, 23) == {"b1": (30, 20)}


def test_nobody_learns_that_one_person_waits_beside_the_smallest_group_that_could_be_counted():
    kept = of("province", antwerpen=(20, 9), limburg=(7, 3), brussel=(5, 2), namen=(1, 0))
    assert visible(kept, 33, 14) == {"antwerpen": (20, 9)}


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(1, 12), min_size=2, max_size=5), st.data())
def test_what_is_shown_never_gives_a_small_count_away(waiting, data):
    reached = [data.draw(st.integers(0, count)) for count in waiting]
    names = "abcde"[: len(waiting)]
    kept = of("province", **dict(zip(names, zip(waiting, reached, strict=True), strict=True)))
    rows = shown(kept, sum(waiting), sum(reached))
    hidden = [row for row in rows if row.small or row.hidden]
    total = sum(row.waiting for row in hidden)
    ranges = [range(1, LEAST) if row.small else range(LEAST, total + 1) for row in hidden]
    could_be = [values for values in product(*ranges) if sum(values) == total]
    for at, row in enumerate(hidden):
        if row.small and len(rows) > len(hidden):
            assert len({values[at] for values in could_be}) > 1


def test_a_group_that_is_reached_half_as_often_is_marked():
    kept = of("language", ar=(20, 15), ti=(10, 3), so=(4, 0))
    assert {row.value: row.behind for row in shown(kept, 30, 18)} == {"ar": False, "ti": False, "so": False}
    assert shown(of("language", ti=(10, 2)), 30, 18)[0].behind


def test_half_wait_longer_than():
    groups = {"1": [("wish", "f")], "2": [("wish", "f")], "3": [("wish", "")]}
    kept = counted(groups, {"1": 10, "2": 31, "3": 7}, {"2"})
    assert kept == [
        {"dimension": "wish", "value": "", "waiting": 1, "reached": 0, "days": 7},
        {"dimension": "wish", "value": "f", "waiting": 2, "reached": 1, "days": 20},
    ]


@pytest.fixture
def office(site):
    return factories.coordinator()


def test_who_had_a_buddy_before_is_told_apart(office):
    for number in range(6):
        again = factories.newcomer()
        buddy = factories.buddy()
        if number < 5:
            duo_factories.duo(newcomer=again, buddy=buddy, approved_by=office, state=DuoState.ENDED)
            factories.newcomer()
    run_id = matches.start_run(factories.viewer(office), "rivierenland")
    run = session().get_one(Run, run_id)
    found = {row.value: row.waiting for row in fairness(run) if row.dimension == "history"}
    assert found == {"again": 5, "first": 6}
