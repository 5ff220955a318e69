"""Reasons agree with the rules, and every unlock opens exactly the pairs it names."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings

from matching import Buddy, Newcomer, Weights, assign, explain_pair, explain_unmatched, score_pairs
from matching.scoring import count_interests, half_even, parts_of, turn_of
from matching.types import CRITERIA, RULES
from tests.matching import reference
from tests.matching.strategies import TODAY, populations, weights

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
            assert found.permitted == ((n.id, b.id) in permitted)
            assert found.permitted == (not found.failed)
            assert {item.code: item.value for item in found.criteria} == reference.values(
                n, b, rarity, setting
            )
            assert sum(item.part for item in found.criteria) == found.score
            assert found.utility == found.score + reference.turn(n, setting, TODAY)
            assert [rule.code for rule in found.rules] == list(RULES)


def changed(person, unlock):
    if unlock.change == "max_km":
        return replace(person, max_km=unlock.to)
    if unlock.change == "wish":
        return replace(person, buddy_gender="")
    return replace(person, **{unlock.change: (*getattr(person, unlock.change), unlock.add)})


@settings(max_examples=150, deadline=None)
@given(people=populations(most=(5, 6)), setting=weights())
def test_unlocks_open_what_they_say(people, setting):
    newcomers, buddies, past = people
    counts = count_interests([*newcomers, *buddies])
    plan = assign(newcomers, buddies, past=past, weights=setting, as_of=TODAY, shortage=False)
    by_id = {n.id: n for n in newcomers}
    options = {"past": past, "weights": setting, "as_of": TODAY, "idf": counts}
    for entry in plan.unmatched:
        assert explain_unmatched(entry.newcomer_id, newcomers, buddies, **options) == entry
        person = by_id[entry.newcomer_id]
        open_now = score_pairs([person], buddies, **options)
        assert (entry.reason == "no_place") == bool(open_now)
        assert not (open_now and entry.unlocks)
        for unlock in entry.unlocks:
            assert len(score_pairs([changed(person, unlock)], buddies, **options)) == unlock.buddies > 0
        if not open_now:
            missed = [u.add for u in entry.unlocks if u.change == "languages"]
            for tag in {t for b in buddies for t in b.languages} - {*person.languages, *missed}:
                more = replace(person, languages=(*person.languages, tag))
                assert not score_pairs([more], buddies, **options)


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
