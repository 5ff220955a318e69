"""A plan that stands answers as a full run with the same interest counts would."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching import Buddy, assign, score_pairs
from matching.population import AS_OF, generate
from matching.standing import SHOWN, InvalidDecision, Standing
from matching.types import InvalidPerson, Plan
from tests.matching.strategies import TODAY, newcomer, populations, weights


def full(newcomers, buddies, past, setting, idf, objective="best", **options):
    return assign(
        newcomers, buddies, past=past, weights=setting, as_of=TODAY, idf=idf, objective=objective, shortage=False,
        **options,
    )  # fmt: skip


def stands(newcomers, buddies, past, setting, objective="best", **options):
    plan = full(newcomers, buddies, past, setting, None, objective)
    standing = Standing.of(
        newcomers, buddies, past=past, weights=setting, as_of=TODAY, idf=plan.idf, objective=objective, **options
    )  # fmt: skip
    return plan, standing


@pytest.mark.parametrize("objective", ["best", "most-people"])
@settings(max_examples=80, deadline=None)
@given(
    people=populations(),
    setting=weights(),
    late=newcomer(tags=("ar", "fr", "en", "uk", "so")),
    changes=st.booleans(),
)
def test_who_comes_or_changes_finds_what_a_full_run_would_give(objective, people, setting, late, changes):
    newcomers, buddies, past = people
    plan, standing = stands(newcomers, buddies, past, setting, objective)
    late = replace(late, id=newcomers[0].id if changes and newcomers else "late")
    barred = [buddy for name, buddy in past if name == late.id]
    found = standing.outlook(late, past=barred)
    everybody = [*(person for person in newcomers if person.id != late.id), late]
    again = full(everybody, buddies, past, setting, plan.idf, objective)
    assert (found.objective, found.matched) == (again.objective, again.matched)
    possible = [
        pair
        for pair in score_pairs(everybody, buddies, past=past, weights=setting, as_of=TODAY, idf=plan.idf)
        if pair.newcomer_id == late.id
    ]
    assert found.possible == len(possible)
    assert list(found.best) == possible[:SHOWN]
    assert found.given is None or found.given in possible
    if found.loser is not None:
        assert found.given is not None
        assert found.loser in {pair.newcomer_id for pair in plan.pairs}


@settings(max_examples=80, deadline=None)
@given(people=populations(), setting=weights(), data=st.data())
def test_a_plan_around_decisions_is_the_best_there_is(people, setting, data):
    newcomers, buddies, past = people
    plan, standing = stands(newcomers, buddies, past, setting)
    fixed, refused = decisions(data, plan, newcomers, buddies)
    decided = standing.decide(fixed=fixed, refused=refused)
    gone = {name for name, _ in fixed}
    taken = [name for _, name in fixed]
    rest = full(
        [person for person in newcomers if person.id not in gone],
        [replace(buddy, capacity=buddy.capacity - taken.count(buddy.id)) for buddy in buddies],
        [*past, *refused], setting, plan.idf,
    )  # fmt: skip
    chosen = {(pair.newcomer_id, pair.buddy_id) for pair in decided.pairs}
    assert set(fixed) <= chosen
    assert not chosen & (set(refused) - set(fixed))
    assert decided.proved
    assert decided.matched == rest.matched + len(fixed)
    worth = sum(pair.utility for pair in decided.pairs if (pair.newcomer_id, pair.buddy_id) in set(fixed))
    assert decided.objective == rest.objective + worth


def decisions(data, plan, newcomers, buddies):
    """Some pairs of the plan and others fixed, within the capacities, and some refused."""
    pairs = [(pair.newcomer_id, pair.buddy_id) for pair in plan.pairs]
    every = [(n.id, b.id) for n in newcomers for b in buddies if b.capacity]
    wanted = data.draw(st.lists(st.sampled_from(pairs + every), max_size=4)) if every else []
    left = {buddy.id: buddy.capacity for buddy in buddies}
    fixed = []
    for name, buddy in dict(wanted).items():
        if left[buddy]:
            left[buddy] -= 1
            fixed.append((name, buddy))
    others = [pair for pair in {*pairs, *every} if pair not in fixed]
    refused = data.draw(st.lists(st.sampled_from(sorted(others)), max_size=5)) if others else []
    return fixed, refused


@pytest.mark.parametrize("compiled", [False, True])
@pytest.mark.parametrize("sizes", [(70, 20), (25, 60)])
def test_a_plan_is_taken_up_as_it_stood_also_when_people_have_changed(sizes, compiled):
    newcomers, buddies = generate(*sizes, seed=5)
    plan = assign(newcomers, buddies, as_of=AS_OF, shortage=False)
    options = {"as_of": AS_OF, "idf": plan.idf, "compiled_too": compiled}
    same = Standing.of(newcomers, buddies, plan=plan, **options).decide()
    assert (same.objective, same.matched, same.proved) == (plan.objective, plan.matched, True)
    gone = {pair.newcomer_id for pair in plan.pairs[:3]}
    fewer = [replace(n, max_km=4) if at % 5 == 0 else n for at, n in enumerate(newcomers) if n.id not in gone]
    busier = [replace(b, capacity=at % 3) for at, b in enumerate(buddies)]
    changed = Standing.of(fewer, busier, plan=plan, **options).decide()
    again = assign(fewer, busier, as_of=AS_OF, idf=plan.idf, shortage=False)
    assert (changed.objective, changed.matched, changed.proved) == (again.objective, again.matched, True)


def test_what_cannot_be_decided_is_refused():
    newcomers, buddies = generate(12, 6, seed=3)
    standing = Standing.of(newcomers, buddies, as_of=AS_OF)
    one = next(buddy for buddy in buddies if buddy.capacity == 1)
    first, second = newcomers[0].id, newcomers[1].id
    with pytest.raises(InvalidDecision, match="of this plan"):
        standing.decide(refused=[(first, "nobody")])
    with pytest.raises(InvalidDecision, match="fixed once"):
        standing.decide(fixed=[(first, one.id), (first, one.id.replace(one.id, buddies[1].id))])
    with pytest.raises(InvalidDecision, match="at most 1"):
        standing.decide(fixed=[(first, one.id), (second, one.id)])
    with pytest.raises(InvalidPerson):
        standing.outlook(replace(newcomers[0], dutch_level="c2"))


def test_who_loses_a_place_is_named():
    here = {"lat": 51.05, "lon": 3.72, "province": "oost-vlaanderen", "languages": ("ar",)}
    buddy = Buddy(id="b", **here)
    first = replace(generate(1, 0, seed=1)[0][0], **here, id="first", waiting_since=None, owes_trajectory=False,
                    contract_end=None, availability=(), buddy_gender="")  # fmt: skip
    standing = Standing.of([first], [buddy], as_of=AS_OF)
    urgent = replace(first, id="urgent", owes_trajectory=True)
    found = standing.outlook(urgent)
    assert found.given is not None
    assert found.given.buddy_id == "b"
    assert found.loser == "first"
    assert standing.outlook(urgent, past=["b", "unknown"]).given is None
    assert isinstance(standing.decide(), Plan)
