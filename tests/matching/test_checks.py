"""The judge finds nothing in a proved plan, and finds each kind of fault in a spoiled one."""

from dataclasses import replace

import pytest
from hypothesis import given, settings

from matching import assign
from matching.checks import judge
from matching.population import generate
from tests.matching.strategies import TODAY, populations, weights


def prices(plan):
    return plan.newcomer_prices, plan.buddy_prices, plan.bonus


@settings(max_examples=50, deadline=None)
@given(people=populations(), setting=weights())
def test_nothing_is_found_in_a_proved_plan(people, setting):
    newcomers, buddies, past = people
    plan = assign(newcomers, buddies, past=past, weights=setting, as_of=TODAY)
    pairs = [(p.newcomer_id, p.buddy_id) for p in plan.pairs]
    verdict = judge(newcomers, buddies, pairs, past=past, weights=setting, as_of=TODAY, prices=prices(plan))
    assert verdict.findings == ()
    assert verdict.valid
    assert verdict.objective == plan.objective


@pytest.fixture(scope="module")
def court():
    newcomers, buddies = generate(120, 50, seed=3)
    plan = assign(newcomers, buddies, as_of=TODAY)
    pairs = [(p.newcomer_id, p.buddy_id) for p in plan.pairs]

    def codes(given, **options):
        verdict = judge(newcomers, options.pop("buddies", buddies), given, as_of=TODAY, **options)
        return {finding.code for finding in verdict.findings}

    return newcomers, buddies, plan, pairs, codes


def test_missed_pairs(court):
    _, _, plan, pairs, codes = court
    assert codes(pairs) == set()
    assert "free_pair" in codes(pairs[1:])
    first = codes([])
    assert first == {"free_pair"}
    assert "price_sum" in codes(pairs[1:], prices=prices(plan))


def test_names_capacity_and_rules(court):
    _, buddies, _, pairs, codes = court
    assert codes([*pairs, ("who", "whom")]) == {"unknown_newcomer", "unknown_buddy"}
    assert "matched_twice" in codes([*pairs, (pairs[0][0], pairs[1][1])])
    none = [replace(b, capacity=0) for b in buddies]
    assert {"over_capacity", "no_capacity"} <= codes(pairs, buddies=none)
    assert "past_pair" in codes(pairs, past=pairs[:1])
    far = [replace(b, lat=50.0, lon=2.0) for b in buddies]
    assert "too_far" in codes(pairs, buddies=far)


def test_places_and_exchanges(court):
    newcomers, buddies, _, _, codes = court
    greedy, left = [], {b.id: b.capacity for b in buddies}
    from matching import score_pairs

    for pair in sorted(score_pairs(newcomers, buddies, as_of=TODAY), key=lambda p: p.utility):
        if left[pair.buddy_id] and pair.newcomer_id not in dict(greedy):
            greedy.append((pair.newcomer_id, pair.buddy_id))
            left[pair.buddy_id] -= 1
    assert {"better_exchange", "better_place"} <= codes(greedy)


def test_prices_that_prove_nothing(court):
    _, _, plan, pairs, codes = court
    low = {key: value - 1 for key, value in plan.buddy_prices.items()}
    assert {"price_too_low", "price_sum"} <= codes(pairs, prices=(plan.newcomer_prices, low, 0))
    wrong = {**plan.newcomer_prices, pairs[0][0]: -5}
    assert "price_sum" in codes(pairs, prices=(wrong, plan.buddy_prices, 0))
