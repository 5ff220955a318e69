"""Who can be together: the rules of a permitted pair, one by one, with the facts each rests on."""

from __future__ import annotations

from matching.criteria import common_languages, common_slots
from matching.types import Buddy, Fact, Newcomer
from matching.weights import Rules


def too_far(newcomer: Newcomer, buddy: Buddy, distance_m: int, rules: Rules) -> Fact:
    """Both must be willing to travel the distance."""
    newcomer_km = rules.max_km if newcomer.max_km is None else newcomer.max_km
    buddy_km = rules.max_km if buddy.max_km is None else buddy.max_km
    facts = {"distance_m": distance_m, "newcomer_max_km": newcomer_km, "buddy_max_km": buddy_km}
    return Fact("too_far", facts, distance_m <= 1000 * min(newcomer_km, buddy_km))


def no_slot(newcomer: Newcomer, buddy: Buddy) -> Fact:
    """At least one moment of the week in common."""
    shared = common_slots(newcomer, buddy)
    return Fact("no_slot", {"common": shared}, bool(shared))


def no_language(newcomer: Newcomer, buddy: Buddy, rules: Rules) -> Fact:
    """At least one shared language, unless the programme dropped the rule."""
    shared = common_languages(newcomer, buddy, rules)
    facts = {"common": shared, "asked": rules.shared_language}
    return Fact("no_language", facts, bool(shared) or not rules.shared_language)


def gender_wish(newcomer: Newcomer, buddy: Buddy) -> Fact:
    """Both wishes met; who did not tell a gender never meets a wish."""
    newcomer_met = newcomer.buddy_gender in ("", buddy.gender)
    buddy_met = buddy.newcomer_gender in ("", newcomer.gender)
    facts = {"newcomer_wish": newcomer.buddy_gender, "newcomer_wish_met": newcomer_met,
             "buddy_wish": buddy.newcomer_gender, "buddy_wish_met": buddy_met}  # fmt: skip
    return Fact("gender_wish", facts, newcomer_met and buddy_met)


def past_pair(is_past: bool) -> Fact:
    """A pair that was proposed before is not proposed again."""
    return Fact("past_pair", {"past": is_past}, not is_past)


def no_capacity(buddy: Buddy) -> Fact:
    """The buddy has a place."""
    return Fact("no_capacity", {"capacity": buddy.capacity}, buddy.capacity >= 1)


def low_score(score: int, rules: Rules) -> Fact:
    """They fit well enough."""
    return Fact("low_score", {"score": score, "min_score": rules.min_score}, score >= rules.min_score)


def rules_of(
    newcomer: Newcomer, buddy: Buddy, *, distance_m: int, score: int, is_past: bool, rules: Rules
) -> tuple[Fact, ...]:
    """Every rule of the pair in the order of RULES, passed or not."""
    return (
        too_far(newcomer, buddy, distance_m, rules),
        no_slot(newcomer, buddy),
        no_language(newcomer, buddy, rules),
        gender_wish(newcomer, buddy),
        past_pair(is_past),
        no_capacity(buddy),
        low_score(score, rules),
    )
