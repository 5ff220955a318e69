"""Reasons agree with the rules, and every unlock opens exactly the pairs it names."""

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching import Buddy, Newcomer, Weights, assign, explain_pair, explain_unmatched, score_pairs
from matching.interests import SLOTS
from matching.scoring import count_interests, half_even, parts_of, turn_of
from matching.types import CRITERIA, RULES, Unlock
from tests.matching import reference
from tests.matching.strategies import POINTS, TODAY, buddy, newcomer, populations, weights

HERE = {"lat": 51.05, "lon": 3.72, "province": "oost-vlaanderen"}
AMAL = Newcomer(
    id="amal", **HERE, languages=("ar",), dutch_level="a2", availability=("mon-morning",), max_km=10
)
LISE = Buddy(id="lise", **HERE, languages=("fr",), availability=("mon-morning", "tue-morning"))


@settings(max_examples=60, deadline=None)
@given(people=populations(most=(4, 4)), setting=weights())
def test_explanation_of_every_pair(people, setting):
    newcomers, buddies, past = people
    everybody = [*newcomers, *buddies]
    permitted = reference.permitted(newcomers, buddies, set(past), setting, TODAY)
    rarity = reference.rarities(everybody)
    for n in newcomers:
        for b in buddies:
            found = explain_pair(n, b, past=past, weights=setting, as_of=TODAY, people=everybody)
            failed = reference.failed(n, b, set(past), setting, rarity)
            assert found.permitted == ((n.id, b.id) in permitted) == (not failed)
            assert list(found.failed) == failed
            assert [rule.code for rule in found.rules if not rule.passed] == failed
            assert [rule.code for rule in found.rules] == list(RULES)
            values = {item.code: item.value for item in found.criteria}
            assert values == reference.values(n, b, rarity, setting)
            assert found.score == reference.score(values, setting)
            assert found.utility == found.score + reference.turn(n, setting, TODAY)
            check_parts(found, setting)


def check_parts(found, setting):
    """Parts and losses are each weight's share, whole, and add up; the strongest are the largest of them."""
    parts = {item.code: item.part for item in found.criteria}
    losses = {item.code: item.loss for item in found.criteria}
    assert sum(parts.values()) == found.score
    assert sum(losses.values()) == 1_000_000 - found.score
    whole = sum(getattr(setting.weights, code) for code in CRITERIA)
    for item in found.criteria:
        share = Fraction(getattr(setting.weights, item.code), whole)
        assert abs(share * item.value - item.part) < 1
        assert abs(share * (1_000_000 - item.value) - item.loss) < 1
        assert item.loss == 0 or item.value < 1_000_000
        assert item.part == 0 or item.value > 0
    for strongest, sizes in ((found.strongest_for, parts), (found.strongest_against, losses)):
        most = max(sizes.values())
        assert strongest == next((code for code in CRITERIA if sizes[code] == most > 0), None)


def changed(person, unlock):
    if unlock.change == "max_km":
        return replace(person, max_km=unlock.to)
    if unlock.change == "wish":
        return replace(person, buddy_gender="")
    return replace(person, **{unlock.change: (*getattr(person, unlock.change), unlock.add)})


def possible_changes(person, buddies, now_km):
    """Every single change there is, with how much it asks and what it is called: one list for all four kinds."""
    steps = {-(-reference.metres(person, b) // 1000) for b in buddies}
    for km in sorted(km for km in steps if now_km < km <= 1000):
        yield (0 if km <= now_km + 10 else 2), Unlock("max_km", 0, to=km)
    for slot in SLOTS if person.availability else ():
        if slot not in person.availability:
            yield 1, Unlock("availability", 0, add=slot)
    for tag in sorted({tag for b in buddies for tag in b.languages} - set(person.languages)):
        yield 3, Unlock("languages", 0, add=tag)
    if person.buddy_gender:
        yield 4, Unlock("wish", 0)


def expected_unlocks(person, buddies, past, setting, rarity):
    """The unlocks by trying every change on the second-hand rules."""
    found, farther = [], False
    now = setting.rules.max_km if person.max_km is None else person.max_km
    for size, change in possible_changes(person, buddies, now):
        if change.change == "max_km" and farther:
            continue
        other = changed(person, change)
        opened = sum(not reference.failed(other, b, past, setting, rarity) for b in buddies)
        if opened:
            farther = farther or change.change == "max_km"
            found.append((size, -opened, replace(change, buddies=opened)))
    return tuple(unlock for *_, unlock in sorted(found, key=lambda item: item[:2]))


@st.composite
def left_alone(draw):
    """A newcomer with buddies around of whom often one thing stops each, so that all kinds of change are common."""
    person = replace(
        draw(newcomer(POINTS[:2])), id="n",
        max_km=draw(st.sampled_from([0, 5, 12, 30])), buddy_gender=draw(st.sampled_from(["", "f", "m"])),
    )  # fmt: skip
    around = draw(st.lists(buddy(POINTS, capacities=(1, 1, 1, 0)), min_size=1, max_size=5))
    around = [
        replace(b, id=f"b{at}", max_km=60, newcomer_gender="", gender=draw(st.sampled_from(["f", "m"])))
        for at, b in enumerate(around)
    ]
    return person, around, draw(st.sampled_from([[], [], [("n", "b0")]]))


@settings(max_examples=120, deadline=None)
@given(case=left_alone(), setting=weights())
def test_unlocks_are_all_changes_that_open_pairs_smallest_first(case, setting):
    person, buddies, past = case
    counts = count_interests([person, *buddies])
    rarity = reference.rarities([person, *buddies])
    entry = explain_unmatched(
        person.id, [person], buddies, past=past, weights=setting, as_of=TODAY, idf=counts
    )
    failed = [reference.failed(person, b, set(past), setting, rarity) for b in buddies]
    if [] in failed:
        assert (entry.reason, entry.unlocks) == ("no_place", ())
        return
    stopped = [sum(code in codes for codes in failed) for code in RULES]
    assert entry.reason == RULES[stopped.index(max(stopped))]
    assert entry.unlocks == expected_unlocks(person, buddies, set(past), setting, rarity)
    if distance := [unlock.to for unlock in entry.unlocks if unlock.change == "max_km"]:
        nearer = replace(person, max_km=distance[0] - 1)
        assert not score_pairs([nearer], buddies, past=past, weights=setting, as_of=TODAY, idf=counts)


@settings(max_examples=40, deadline=None)
@given(people=populations(most=(5, 6)), setting=weights())
def test_a_plan_says_of_each_who_is_left_what_the_library_says_of_that_one(people, setting):
    newcomers, buddies, past = people
    counts = count_interests([*newcomers, *buddies])
    plan = assign(newcomers, buddies, past=past, weights=setting, as_of=TODAY, shortage=False)
    options = {"past": past, "weights": setting, "as_of": TODAY, "idf": counts}
    matched = {pair.newcomer_id for pair in plan.pairs}
    assert [entry.newcomer_id for entry in plan.unmatched] == sorted({n.id for n in newcomers} - matched)
    for entry in plan.unmatched:
        assert explain_unmatched(entry.newcomer_id, newcomers, buddies, **options) == entry


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"lat": 51.2}, "too_far"),
        ({"availability": ("sun-evening",)}, "no_slot"),
        ({"gender": "m"}, "gender_wish"),
        ({"capacity": 0}, "no_capacity"),
    ],
)
def test_the_rule_that_stops_is_named(change, code):
    amal = replace(AMAL, buddy_gender="f")
    lise = replace(LISE, gender="f", interests=("chess",))
    assert explain_pair(amal, lise, as_of=TODAY).failed == ()
    stopped = replace(lise, **change)
    assert code in explain_pair(amal, stopped, as_of=TODAY).failed
    assert explain_unmatched("amal", [amal], [stopped], as_of=TODAY).reason == code


def test_past_language_and_score():
    assert explain_pair(AMAL, LISE, past=[("amal", "lise")], as_of=TODAY).failed == ("past_pair",)
    speechless = replace(AMAL, dutch_level="none")
    assert "no_language" in explain_pair(speechless, LISE, as_of=TODAY).failed
    found = explain_unmatched("amal", [speechless], [LISE], as_of=TODAY)
    assert (found.reason, [(u.change, u.add) for u in found.unlocks]) == (
        "no_language",
        [("languages", "fr")],
    )
    strict = Weights.from_mapping({"rules": {"min_score": 990_000}})
    assert explain_pair(AMAL, LISE, weights=strict, as_of=TODAY).failed == ("low_score",)


def test_nobody_to_ask_and_nobody_of_that_name():
    assert explain_unmatched("amal", [AMAL], [], as_of=TODAY).reason == "no_capacity"
    with pytest.raises(KeyError):
        explain_unmatched("amal", [], [LISE], as_of=TODAY)


def test_strongest_reasons():
    found = explain_pair(AMAL, LISE, as_of=TODAY)
    assert found.strongest_for == "place"
    assert found.strongest_against == "interests"
    setting = Weights.from_mapping({"weights": {"interests": 0, "availability": 0, "languages": 0}})
    only_place = explain_pair(AMAL, LISE, weights=setting, as_of=TODAY)
    assert (only_place.strongest_for, only_place.strongest_against) == ("place", None)


def test_rounding_and_parts():
    assert [half_even(n, 2) for n in (1, 3, 5, -1)] == [0, 2, 2, 0]
    parts = parts_of(dict.fromkeys(CRITERIA, 1), Weights().weights)
    assert (sum(parts.values()), parts["interests"]) == (1, 1)


def test_turn_grows_with_waiting_also_after_a_year():
    days = [
        turn_of(replace(AMAL, waiting_since=TODAY - timedelta(d)), Weights().turn, TODAY) for d in range(900)
    ]
    assert days == sorted(set(days))
    owing = replace(AMAL, owes_trajectory=True, contract_end=TODAY)
    assert turn_of(owing, Weights().turn, TODAY) == 400_000
