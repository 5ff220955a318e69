"""Pairs with everything their score rests on, from the readable definitions."""

from __future__ import annotations

from collections.abc import Iterable

from matching import criteria, scoring
from matching.criteria import Criterion
from matching.pack import Ints, Problem
from matching.reach import distance_m
from matching.types import Buddy, Newcomer, Pair
from matching.weights import Weights


def criteria_of(
    newcomer: Newcomer, buddy: Buddy, metres: int, rarities: tuple[int, ...], weights: Weights
) -> tuple[Criterion, ...]:
    """The criteria of a pair in the order of CRITERIA."""
    return (
        criteria.interests(newcomer, buddy, rarities, weights.neutral),
        criteria.availability(newcomer, buddy, weights.neutral),
        criteria.place(newcomer, buddy, metres),
        criteria.languages(newcomer, buddy, weights.rules),
    )


def distances(problem: Problem, newcomer: Ints, buddy: Ints) -> Ints:
    """Metres between newcomers and buddies given by index."""
    one, other = problem.left.place[newcomer], problem.right.place[buddy]
    return distance_m(problem.lat[one], problem.lon[one], problem.lat[other], problem.lon[other])


def describe(problem: Problem, newcomer: Ints, buddy: Ints) -> tuple[Pair, ...]:
    """The pairs given by index, in that order."""
    rarities = scoring.rarity(problem.idf)
    metres = distances(problem, newcomer, buddy)
    rows: Iterable[tuple[int, int, int]] = zip(
        newcomer.tolist(), buddy.tolist(), metres.tolist(), strict=True
    )
    turns = problem.turn
    return tuple(
        _pair(problem.newcomers[i], problem.buddies[j], metre, int(turns[i]), rarities, problem.weights)
        for i, j, metre in rows
    )


def _pair(  # noqa: PLR0917 - called for every pair of a plan
    newcomer: Newcomer, buddy: Buddy, metre: int, turn: int, rarities: tuple[int, ...], weights: Weights
) -> Pair:
    values = {item.code: item.value for item in criteria_of(newcomer, buddy, metre, rarities, weights)}
    return Pair(
        newcomer_id=newcomer.id,
        buddy_id=buddy.id,
        score=scoring.score_of(values, weights.weights),
        turn=turn,
        distance_m=metre,
        common_slots=criteria.common_slots(newcomer, buddy),
        common_interests=criteria.common_interests(newcomer, buddy),
        common_languages=criteria.common_languages(newcomer, buddy, weights.rules),
        values=values,
        parts=scoring.parts_of(values, weights.weights),
    )
