"""The integers a decision rests on: rounding half to even, score and its parts, turn, rarity of interests."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction

from matching.interests import INTERESTS
from matching.types import CRITERIA, Buddy, Idf, Newcomer
from matching.weights import CriterionWeights, Turn

TERM_DAYS = 180
"""A contract that ends later than this does not press yet."""


def half_even(numerator: int, denominator: int) -> int:
    """numerator / denominator (denominator > 0) rounded to a whole number, halves to the even one."""
    quotient, remainder = divmod(numerator, denominator)
    twice = 2 * remainder
    if twice > denominator or (twice == denominator and quotient % 2):
        quotient += 1
    return quotient


def criterion_weights(weights: CriterionWeights) -> tuple[int, ...]:
    """The four weights in the order of CRITERIA."""
    return tuple(getattr(weights, code) for code in CRITERIA)


def score_of(values: Mapping[str, int], weights: CriterionWeights) -> int:
    """Weighted mean of the criteria in millionths, rounded once."""
    numbers = criterion_weights(weights)
    total = sum(weight * values[code] for weight, code in zip(numbers, CRITERIA, strict=True))
    return half_even(total, sum(numbers))


def parts_of(values: Mapping[str, int], weights: CriterionWeights) -> dict[str, int]:
    """What each criterion brings to the score, as whole numbers that add up to it (largest remainder).

    Equal remainders go to the criterion named first in CRITERIA.
    """
    numbers = criterion_weights(weights)
    whole = sum(numbers)
    parts, remainders = {}, {}
    for weight, code in zip(numbers, CRITERIA, strict=True):
        parts[code], remainders[code] = divmod(weight * values[code], whole)
    missing = score_of(values, weights) - sum(parts.values())
    for code in sorted(CRITERIA, key=lambda code: -remainders[code])[:missing]:
        parts[code] += 1
    return parts


def turn_of(newcomer: Newcomer, setting: Turn, as_of: date) -> int:
    """Whose turn it is, in millionths: a property of the newcomer alone, strictly growing with waiting."""
    waited = (as_of - newcomer.waiting_since).days if newcomer.waiting_since else 0
    turn = Fraction(setting.waiting * waited, waited + setting.half_days)
    if newcomer.owes_trajectory:
        turn += setting.owes
        if newcomer.contract_end is not None:
            left = min(max((newcomer.contract_end - as_of).days, 0), TERM_DAYS)
            turn += Fraction(setting.term * (TERM_DAYS - left), TERM_DAYS)
    return round(turn)


def count_interests(people: Iterable[Newcomer | Buddy]) -> Idf:
    """Count who named which interest; every row counts, whatever its capacity."""
    told = 0
    named: dict[str, int] = {}
    for person in people:
        tags = set(person.interests)
        told += bool(tags)
        for tag in tags:
            named[tag] = named.get(tag, 0) + 1
    return Idf(told, {tag: named[tag] for tag in INTERESTS if tag in named})


def rarity(idf: Idf) -> tuple[int, ...]:
    """1000 * (ln((1 + people) / (1 + named)) + 1) for each interest, as a whole number, in their order."""
    return tuple(
        round(1000 * (math.log((1 + idf.people) / (1 + idf.named.get(tag, 0))) + 1)) for tag in INTERESTS
    )
