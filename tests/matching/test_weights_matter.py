"""Every number of a weights file changes something: a score, who can be together, whose turn it is, or the plan."""

from dataclasses import replace

import pytest

from matching import Weights, assign, score_pairs
from matching.population import AS_OF, generate

CHANGES = {
    "weights.interests": 200,
    "weights.availability": 400,
    "weights.place": 100,
    "weights.languages": 300,
    "neutral.interests": 800_000,
    "neutral.availability": 0,
    "rules.min_score": 450_000,
    "rules.max_km": 10,
    "rules.shared_language": False,
    "rules.min_dutch": "b1",
    "turn.waiting": 600_000,
    "turn.half_days": 90,
    "turn.owes": 500_000,
    "turn.term": 1_000_000,
}
TOUCHED = {"weights": "scores", "neutral": "scores", "rules": "permitted", "turn": "turns"}


def setting_with(key, value):
    section, name = key.split(".")
    default = Weights().as_mapping()
    return Weights.from_mapping({**default, section: {**default[section], name: value}})


@pytest.fixture(scope="module")
def outcome():
    newcomers, buddies = generate(500, 170, seed=8)

    def of(setting):
        pairs = score_pairs(newcomers[:80], buddies, weights=setting, as_of=AS_OF)
        plan = assign(newcomers, buddies, weights=setting, as_of=AS_OF, shortage=False)
        assert plan.proved
        return {
            "permitted": {(p.newcomer_id, p.buddy_id) for p in pairs},
            "scores": {(p.newcomer_id, p.buddy_id): p.score for p in pairs},
            "turns": {p.newcomer_id: p.turn for p in pairs},
            "plan": [(p.newcomer_id, p.buddy_id) for p in plan.pairs],
        }

    return of


@pytest.fixture(scope="module")
def published(outcome):
    return outcome(Weights())


def test_no_number_of_the_file_is_forgotten():
    sections = {key: value for key, value in Weights().as_mapping().items() if key != "version"}
    assert {f"{section}.{name}" for section, names in sections.items() for name in names} == set(CHANGES)


@pytest.mark.parametrize("key", CHANGES)
def test_the_number_changes_what_it_is_for_and_the_plan(key, outcome, published):
    found = outcome(setting_with(key, CHANGES[key]))
    touched = TOUCHED[key.split(".", maxsplit=1)[0]]
    both = found[touched].keys() & published[touched].keys() if touched != "permitted" else set()
    if touched == "permitted":
        assert found["permitted"] != published["permitted"]
    else:
        assert any(found[touched][one] != published[touched][one] for one in both)
    assert found["plan"] != published["plan"]


def test_what_a_number_is_not_for_it_leaves_alone(outcome, published):
    turned = outcome(setting_with("turn.owes", 500_000))
    assert (turned["scores"], turned["permitted"]) == (published["scores"], published["permitted"])
    weighed = outcome(setting_with("weights.place", 100))
    common = weighed["turns"].keys() & published["turns"].keys()
    assert all(weighed["turns"][one] == published["turns"][one] for one in common)
    renamed = outcome(replace(Weights(), version="other"))
    assert renamed == published
