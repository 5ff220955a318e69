"""The optimum against OR-Tools on all permitted pairs, whose rules and scores are computed a second time."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching import Weights, assign, score_pairs, solver
from matching.heap import FAR, UNSEEN, Search
from matching.population import AS_OF, generate
from matching.solver import Edges, Graph, State
from tests.matching import reference
from tests.matching.strategies import POINTS, TODAY, populations, weights


def check(newcomers, buddies, past, setting, objective, **options):
    pairs = reference.permitted(newcomers, buddies, set(past), setting, TODAY)
    plan = assign(
        newcomers,
        buddies,
        past=past,
        weights=setting,
        as_of=TODAY,
        objective=objective,
        count=True,
        shortage=False,
        **options,
    )
    best = reference.optimum(newcomers, buddies, pairs, plan.bonus)
    assert plan.objective + plan.bonus * plan.matched == best
    assert plan.proved
    assert plan.permitted_pairs == len(pairs)
    assert {(p.newcomer_id, p.buddy_id): (p.score, p.utility) for p in plan.pairs}.items() <= pairs.items()
    return plan, pairs


@pytest.mark.parametrize("objective", ["best", "most-people"])
@settings(max_examples=120, deadline=None)
@given(people=populations(), setting=weights())
def test_plan_is_the_optimum_over_all_permitted_pairs(objective, people, setting):
    newcomers, buddies, past = people
    plan, pairs = check(newcomers, buddies, past, setting, objective)
    assert plan.bonus == 0 if objective == "best" else plan.bonus > plan.objective
    used = [pair.buddy_id for pair in plan.pairs]
    assert all(used.count(b.id) <= b.capacity for b in buddies)
    for (n, b), (_, utility) in pairs.items():
        assert plan.newcomer_prices.get(n, 0) + plan.buddy_prices.get(b, 0) >= utility + plan.bonus
    paid = sum(plan.newcomer_prices.values()) + sum(
        b.capacity * plan.buddy_prices.get(b.id, 0) for b in buddies
    )
    assert paid == plan.bound + plan.bonus * plan.matched


@settings(max_examples=60, deadline=None)
@given(people=populations(), setting=weights())
def test_scored_pairs_are_all_permitted_pairs(people, setting):
    newcomers, buddies, past = people
    pairs = reference.permitted(newcomers, buddies, set(past), setting, TODAY)
    found = score_pairs(newcomers, buddies, past=past, weights=setting, as_of=TODAY)
    assert [(p.newcomer_id, p.buddy_id) for p in found] == sorted(
        pairs, key=lambda k: (k[0], -pairs[k][0], k[1])
    )
    assert all(pairs[p.newcomer_id, p.buddy_id] == (p.score, p.utility) for p in found)
    assert all(sum(p.parts.values()) == p.score for p in found)
    two = score_pairs(newcomers, buddies, past=past, weights=setting, as_of=TODAY, top=2)
    assert list(two) == [p for n in sorted({p.newcomer_id for p in found})
                         for p in [q for q in found if q.newcomer_id == n][:2]]  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(people=populations(), random=st.randoms(use_true_random=False))
def test_order_of_rows_changes_nothing(people, random):
    newcomers, buddies, past = people
    plan = assign(newcomers, buddies, past=past, as_of=TODAY, count=True)
    shuffled = [random.sample(rows, len(rows)) for rows in (newcomers, buddies, past)]
    again = assign(shuffled[0], shuffled[1], past=shuffled[2], as_of=TODAY, count=True)
    assert replace(plan, seconds={}) == replace(again, seconds={})


SHAPES = {
    "scarce": (260, 60, None),
    "plentiful": (60, 220, None),
    "balanced": (150, 150, 1),
    "one giant town": (200, 90, "town"),
    "ties everywhere": (120, 100, "ties"),
    "nobody compatible": (40, 40, "apart"),
    "no capacity": (30, 30, 0),
    "no buddies": (30, 0, None),
    "no newcomers": (0, 30, None),
    "nobody": (0, 0, None),
}


def shaped(name):
    many, few, kind = SHAPES[name]
    newcomers, buddies = generate(many, few, seed=11)
    lat, lon, province = POINTS[0]
    here = {"lat": lat, "lon": lon, "province": province}
    if isinstance(kind, int):
        buddies = [replace(b, capacity=kind) for b in buddies]
    if kind in ("town", "ties"):
        newcomers, buddies = ([replace(p, **here) for p in side] for side in (newcomers, buddies))
    if kind == "ties":
        same = {"interests": (), "availability": (), "languages": ("fr",), "gender": ""}
        newcomers = [replace(p, **same, buddy_gender="", dutch_level="none", waiting_since=None,
                             owes_trajectory=False) for p in newcomers]  # fmt: skip
        buddies = [replace(p, **same, newcomer_gender="") for p in buddies]
    if kind == "apart":
        newcomers = [replace(p, availability=("mon-morning",)) for p in newcomers]
        buddies = [replace(p, availability=("sun-evening",)) for p in buddies]
    return list(newcomers), list(buddies)


@pytest.mark.parametrize("compiled", [False, True])
@pytest.mark.parametrize("objective", ["best", "most-people"])
@pytest.mark.parametrize("name", SHAPES)
def test_shapes_that_are_hard(name, objective, compiled):
    newcomers, buddies = shaped(name)
    past = [(n.id, b.id) for n, b in zip(newcomers, buddies, strict=False)][:20]
    check(newcomers, buddies, past, Weights(), objective, compiled_too=compiled)


@pytest.mark.parametrize("name", ["scarce", "plentiful", "ties everywhere"])
def test_compiled_and_plain_give_the_same(name):
    newcomers, buddies = shaped(name)
    plans = [
        assign(newcomers, buddies, as_of=AS_OF, compiled_too=choice, count=True) for choice in (False, True)
    ]
    assert replace(plans[0], seconds={}) == replace(plans[1], seconds={})


@pytest.mark.parametrize("compiled", [False, True])
@pytest.mark.parametrize("name", ["scarce", "plentiful", "one giant town"])
def test_a_repair_that_is_given_up_ends_at_the_same_optimum(name, compiled, monkeypatch):
    newcomers, buddies = shaped(name)
    monkeypatch.setattr("matching.optimum.FIRST_PAIRS", 1)
    monkeypatch.setattr("matching.pricing.ROUND_PAIRS", 1)
    repaired, _ = check(newcomers, buddies, [], Weights(), "best", compiled_too=compiled)
    monkeypatch.setattr("matching.market.PATIENCE", 0)
    restarted, _ = check(newcomers, buddies, [], Weights(), "best", compiled_too=compiled)
    assert repaired.objective == restarted.objective


def test_blocks_side_by_side_give_the_same(monkeypatch):
    newcomers, buddies = shaped("scarce")
    whole = assign(newcomers, buddies, as_of=AS_OF, count=True, compiled_too=False)
    monkeypatch.setattr("matching.candidates.BLOCK_PAIRS", 0)
    blocks = assign(newcomers, buddies, as_of=AS_OF, count=True, compiled_too=False)
    assert replace(whole, seconds={}) == replace(blocks, seconds={})


@pytest.mark.parametrize("name", ["scarce", "plentiful", "one giant town", "balanced"])
def test_where_one_begins_changes_nothing_in_what_is_found(name, monkeypatch):
    newcomers, buddies = shaped(name)
    before = assign(newcomers, buddies, as_of=AS_OF, compiled_too=False)
    monkeypatch.setattr("matching.optimum.ALL_SEEN", 0)
    monkeypatch.setattr("matching.optimum.FIRST_VISIT", 3)
    monkeypatch.setattr("matching.auction.STEP", 100_000)
    monkeypatch.setattr("matching.auction.ROUNDS", 1)
    monkeypatch.setattr("matching.solver.BIDDING", 1)
    monkeypatch.setattr("matching.reach.PART", 50)
    for module in ("scan", "candidates"):
        monkeypatch.setattr(f"matching.{module}.CHUNK", 4)
    after = assign(newcomers, buddies, as_of=AS_OF, compiled_too=False)
    assert after.proved
    assert (after.objective, after.matched) == (before.objective, before.matched)
    assert after.price_ends == before.price_ends


def test_a_search_that_takes_too_long_says_so():
    def array(*values):
        return np.array(values, np.int64)

    edges = Edges(array(0, 2), array(0, 1), array(5, 3))
    graph = Graph(Edges(array(0, 1, 2), array(0, 0), array(5, 3)), edges)
    for start, limit, ended in ((True, -1, False), (True, 100, True), (False, -1, False), (False, 100, True)):
        state = State(array(-1, -1), array(-1, -1, -1), array(0, 3), array(0), array(0, 0), array(0))
        search = Search(*(np.full(3, value, np.int64) for value in (FAR, -1, -1, UNSEEN, 0, 0, 0, 0, 0, 0)))
        assert solver.solve(graph, state, search, start, limit) is ended
        assert (state.mate.tolist() == [0, 0]) is ended


@pytest.mark.parametrize("part", range(8))
def test_thousands_of_random_populations(part):
    """2 000 populations of every balance, drawn once and for all, beside those that hypothesis looks for."""
    for seed in range(250 * part, 250 * part + 250):
        random = np.random.default_rng(seed)
        many, few = random.integers(1, 15, 2).tolist()
        newcomers, buddies = generate(many, few, seed=seed)
        spot = random.integers(0, len(POINTS), many + few).tolist()
        people = [
            replace(person, **dict(zip(("lat", "lon", "province"), POINTS[at], strict=True)))
            for person, at in zip((*newcomers, *buddies), spot, strict=True)
        ]
        objective = "best" if seed % 2 else "most-people"
        check(people[:many], people[many:], [], Weights(), objective)
