"""What a place is worth, at both ends, and a buddy who does not exist yet: each against a full re-solve by OR-Tools."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching import Buddy, Weights, assign
from matching.places import middles
from tests.matching import reference
from tests.matching.strategies import POINTS, TODAY, buddy, newcomer, numbered, populations, weights


@st.composite
def crowds(draw):
    """A few people, of whom half the time many are equal, so that optima and prices tie."""
    if draw(st.booleans()):
        return draw(populations(most=(6, 4), capacities=(0, 0, 1, 2, 3)))
    same = st.sampled_from([draw(newcomer(POINTS[:2])) for _ in range(2)])
    alike = st.sampled_from([draw(buddy(POINTS[:2], capacities=(0, 1, 2, 3))) for _ in range(2)])
    newcomers = draw(st.lists(same, min_size=1, max_size=6))
    buddies = draw(st.lists(alike, min_size=1, max_size=4))
    buddies = [replace(b, capacity=draw(st.sampled_from([0, 1, 2, 3])), max_km=None) for b in buddies]
    return numbered(newcomers, "n"), numbered(buddies, "b"), []


def solver(newcomers, people, past, setting, bonus):
    """The optimum with other buddies, counting interests over the people there were."""

    def optimum(buddies):
        pairs = reference.permitted(newcomers, buddies, set(past), setting, TODAY, people=people)
        return reference.optimum(newcomers, buddies, pairs, bonus)

    return optimum


@pytest.mark.parametrize("objective", ["best", "most-people"])
@settings(max_examples=60, deadline=None)
@given(people=crowds(), setting=weights())
def test_both_ends_of_a_place_are_what_solving_again_says(objective, people, setting):
    newcomers, buddies, past = people
    plan = assign(newcomers, buddies, past=past, weights=setting, as_of=TODAY, objective=objective)
    optimum = solver(newcomers, [*newcomers, *buddies], past, setting, plan.bonus)
    now = optimum(buddies)
    assert now == plan.objective + plan.bonus * plan.matched
    assert list(plan.price_ends) == sorted(plan.price_ends)
    assert plan.price_ends.keys() <= {b.id for b in buddies}
    for at, one in enumerate(buddies):

        def with_places(capacity, at=at, one=one):
            return optimum([*buddies[:at], replace(one, capacity=capacity), *buddies[at + 1 :]])

        gain = with_places(one.capacity + 1) - now
        loss = now - with_places(one.capacity - 1) if one.capacity else 0
        assert plan.price_ends.get(one.id, (0, 0)) == (gain, loss)
        assert (one.id in plan.price_ends) == (max(gain, loss) > 0)


def imagined(entry):
    lat, lon, province = middles()[entry.network]
    spoken = () if entry.language == "nl" else (entry.language,)
    return Buddy(
        id="new", lat=lat, lon=lon, province=province, languages=spoken, availability=(entry.slot,), gender=entry.wish,
    )  # fmt: skip


@pytest.mark.parametrize("objective", ["best", "most-people"])
@settings(max_examples=40, deadline=None)
@given(people=crowds(), setting=weights(), random=st.randoms(use_true_random=False))
def test_a_buddy_who_does_not_exist_is_worth_what_solving_again_says(objective, people, setting, random):
    newcomers, buddies, past = people
    plan = assign(newcomers, buddies, past=past, weights=setting, as_of=TODAY, objective=objective)
    everybody = [*newcomers, *buddies]
    optimum = solver(newcomers, everybody, past, setting, plan.bonus)
    now = optimum(buddies)
    alone = {entry.newcomer_id for entry in plan.unmatched}
    assert list(plan.shortage) == sorted(plan.shortage, key=lambda e: (-e.value, -e.waiting)) or plan.bonus
    keys = [(e.network, e.language, e.slot, e.wish) for e in plan.shortage]
    assert len(keys) == len(set(keys))
    for entry in random.sample(plan.shortage, min(6, len(plan.shortage))):
        new = imagined(entry)
        gained = optimum([*buddies, new]) - now
        more = 1 if plan.bonus and gained > plan.bonus // 2 else 0
        assert entry.value == gained - more * plan.bonus
        pairs = reference.permitted(newcomers, [new], set(), setting, TODAY, people=everybody)
        assert entry.waiting == len({n for n, _ in pairs} & alone) > 0
        assert gained > 0


def test_a_first_place_is_priced_and_nothing_can_be_lost_there():
    from matching import Newcomer

    here = {"lat": 51.05, "lon": 3.72, "province": "oost-vlaanderen"}
    newcomers = [Newcomer(id=name, **here, dutch_level="a2") for name in ("amal", "ivan")]
    full = Buddy(id="koen", **here, capacity=0)
    for buddies in ([full], [full, replace(full, id="lise", capacity=1)]):
        plan = assign(newcomers, buddies, as_of=TODAY)
        gain, loss = plan.price_ends["koen"]
        again = assign(newcomers, [replace(full, capacity=1), *buddies[1:]], as_of=TODAY, idf=plan.idf)
        assert (gain, loss) == (again.objective - plan.objective, 0)
        assert gain > 0
    assert assign([], [full], as_of=TODAY).price_ends == {}
    assert assign(newcomers, [full], as_of=TODAY, weights=Weights(), shortage=False).price_ends == {}
