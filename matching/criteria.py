"""How well two people fit: one function per criterion, each giving its value in millionths and its facts.

These are the readable definitions. The kernels compute the same integers for millions of pairs; tests hold
the two against each other. A further criterion takes the same form: an integer value, a code, the facts used
and a neutral value for what was not told.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from matching.interests import INTEREST_BIT, INTERESTS, SLOTS
from matching.types import DUTCH_LEVELS, Buddy, Newcomer
from matching.weights import MILLION, Neutral, Rules

SLOT_VALUES = (0, 333_333, 666_667, MILLION)
"""Value of 0, 1, 2 and 3 or more common slots."""
DUTCH_VALUES: Mapping[str, int] = dict(
    zip(DUTCH_LEVELS, (0, 500_000, 800_000, MILLION, MILLION), strict=True)
)
"""Value of talking Dutch together, by the newcomer's level."""
OTHER_VALUES: Mapping[str, int] = dict(
    zip(DUTCH_LEVELS, (900_000, 800_000, 600_000, 400_000, 400_000), strict=True)
)
"""Value of another shared language, by the newcomer's level: less where Dutch can be practised."""
NEAR_M = 12_000
"""Metres over which nearness falls to 1/e."""


@dataclass(frozen=True, slots=True)
class Criterion:
    """A criterion of one pair: code, value in millionths, and the facts it rests on."""

    code: str
    value: int
    facts: Mapping[str, object]


def dutch_counts(level: str, rules: Rules) -> bool:
    """Whether Dutch is a shared language for a newcomer of this level under these rules."""
    return DUTCH_LEVELS.index(level) >= DUTCH_LEVELS.index(rules.min_dutch)


def common_interests(newcomer: Newcomer, buddy: Buddy) -> tuple[str, ...]:
    """The interests both named, in the order of the vocabulary."""
    return tuple(tag for tag in INTERESTS if tag in newcomer.interests and tag in buddy.interests)


def common_slots(newcomer: Newcomer, buddy: Buddy) -> tuple[str, ...]:
    """The moments both have, in the order of the week; who told none has all 21."""
    mine, theirs = newcomer.availability or SLOTS, buddy.availability or SLOTS
    return tuple(slot for slot in SLOTS if slot in mine and slot in theirs)


def common_languages(newcomer: Newcomer, buddy: Buddy, rules: Rules) -> tuple[str, ...]:
    """The languages they share: `nl` first when Dutch counts, then the others by tag."""
    others = tuple(sorted(set(newcomer.languages) & set(buddy.languages)))
    return ("nl", *others) if dutch_counts(newcomer.dutch_level, rules) else others


def interests(newcomer: Newcomer, buddy: Buddy, rarities: tuple[int, ...], neutral: Neutral) -> Criterion:
    """Cosine of what they like, each interest weighed by how rare it is."""
    shared = common_interests(newcomer, buddy)
    told = bool(newcomer.interests) and bool(buddy.interests)
    if not told:
        return Criterion("interests", neutral.interests, {"told": False, "common": shared})

    def squares(tags: tuple[str, ...]) -> int:
        return sum(rarities[INTEREST_BIT[tag]] ** 2 for tag in set(tags))

    norms = math.sqrt(squares(newcomer.interests)) * math.sqrt(squares(buddy.interests))
    value = round(float(MILLION) * squares(shared) / norms)
    return Criterion("interests", value, {"told": True, "common": shared})


def availability(newcomer: Newcomer, buddy: Buddy, neutral: Neutral) -> Criterion:
    """How many moments of the week they share."""
    shared = common_slots(newcomer, buddy)
    told = bool(newcomer.availability) and bool(buddy.availability)
    value = SLOT_VALUES[min(len(shared), 3)] if told else neutral.availability
    return Criterion("availability", value, {"told": told, "common": shared})


def place_value(distance_m: int, same_province: bool) -> int:
    """Nearness in millionths: a quarter for the province, the rest falls with the distance in whole metres.

    For whole metres no value lies within 4e-6 of a half, so every machine rounds it to the same integer.
    """
    return round(MILLION * (0.25 * same_province + 0.75 * math.exp(-distance_m / NEAR_M)))


def place(newcomer: Newcomer, buddy: Buddy, distance_m: int) -> Criterion:
    """How near they live."""
    same = newcomer.province == buddy.province
    facts = {"distance_m": distance_m, "same_province": same}
    return Criterion("place", place_value(distance_m, same), facts)


def languages(newcomer: Newcomer, buddy: Buddy, rules: Rules) -> Criterion:
    """The best language they share, with Dutch worth more as the newcomer knows it better."""
    shared = common_languages(newcomer, buddy, rules)
    level = newcomer.dutch_level
    values = [DUTCH_VALUES[level] if tag == "nl" else OTHER_VALUES[level] for tag in shared]
    return Criterion("languages", max(values, default=0), {"common": shared, "dutch_level": level})
