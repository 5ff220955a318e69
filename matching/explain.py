"""Why a pair is or is not permitted, what its score is made of, and why somebody is left without a buddy.

Everything is a code with facts; sentences are made elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import numpy as np

from matching import scoring
from matching.candidates import LOWEST, Scanner
from matching.constraints import rules_of
from matching.criteria import Criterion
from matching.describe import criteria_of, distances
from matching.obstacles import Obstacles
from matching.pack import Ints, Problem, pack
from matching.types import RULES, Buddy, Explanation, Fact, Idf, Newcomer, Unmatched
from matching.weights import MILLION, Weights


def explain_pair(
    newcomer: Newcomer,
    buddy: Buddy,
    *,
    past: Iterable[tuple[str, str]] = (),
    weights: Weights | None = None,
    as_of: date,
    idf: Idf | None = None,
    people: Iterable[Newcomer | Buddy] = (),
) -> Explanation:
    """Every rule and criterion of a pair with its facts and part of the score.

    How rare an interest is comes from `idf`, or is counted over `people`; without either, over the two alone.
    """
    counted = idf or scoring.count_interests(list(people) or [newcomer, buddy])
    setting = weights or Weights()
    pairs = [key for key in past if key == (newcomer.id, buddy.id)]
    problem = pack([newcomer], [buddy], past=pairs, weights=setting, as_of=as_of, idf=counted)
    return explain_packed(problem, 0, 0)


def explain_packed(problem: Problem, row: int, column: int) -> Explanation:
    """`explain_pair` for two people of a packed problem, given by index."""
    newcomer, buddy = problem.newcomers[row], problem.buddies[column]
    metres = int(distances(problem, np.array([row]), np.array([column]))[0])
    setting = problem.weights
    found = criteria_of(newcomer, buddy, metres, scoring.rarity(problem.idf), setting)
    values = {item.code: item.value for item in found}
    score = scoring.score_of(values, setting.weights)
    is_past = bool(((problem.past[:, 0] == row) & (problem.past[:, 1] == column)).any())
    rules = rules_of(newcomer, buddy, distance_m=metres, score=score, is_past=is_past, rules=setting.rules)
    failed = tuple(rule.code for rule in rules if not rule.passed)
    criteria = _weighed(found, setting)
    turn = int(problem.turn[row])
    return Explanation(
        newcomer_id=newcomer.id,
        buddy_id=buddy.id,
        permitted=not failed,
        failed=failed,
        rules=rules,
        criteria=criteria,
        score=score,
        turn=turn,
        utility=score + turn,
        distance_m=metres,
        strongest_for=_largest(criteria, [item.part or 0 for item in criteria]),
        strongest_against=_largest(criteria, [item.loss or 0 for item in criteria]),
    )


def _weighed(found: Sequence[Criterion], setting: Weights) -> tuple[Fact, ...]:
    """The criteria with their parts, which add up to the score, and their losses, which add up to the rest."""
    parts = scoring.parts_of({item.code: item.value for item in found}, setting.weights)
    losses = scoring.parts_of({item.code: MILLION - item.value for item in found}, setting.weights)
    return tuple(
        Fact(item.code, item.facts, value=item.value, part=parts[item.code], loss=losses[item.code])
        for item in found
    )


def _largest(criteria: Sequence[Fact], sizes: Sequence[int]) -> str | None:
    """Code of the criterion with the largest size, the first of equals; None when all are 0."""
    most = max(sizes)
    return criteria[sizes.index(most)].code if most else None


def explain_unmatched(
    newcomer_id: str,
    newcomers: Iterable[Newcomer],
    buddies: Iterable[Buddy],
    *,
    past: Iterable[tuple[str, str]] = (),
    weights: Weights | None = None,
    as_of: date,
    idf: Idf | None = None,
) -> Unmatched:
    """Why this newcomer could stay without a buddy and which single changes would open pairs.

    Raises KeyError when no newcomer has the id.
    """
    problem = pack(newcomers, buddies, past=past, weights=weights or Weights(), as_of=as_of, idf=idf)
    return unmatched_packed(problem, newcomer_id)


def unmatched_packed(problem: Problem, newcomer_id: str) -> Unmatched:
    """`explain_unmatched` for a packed problem."""
    for row, newcomer in enumerate(problem.newcomers):
        if newcomer.id == newcomer_id:
            return unmatched_of(problem, np.array([row]))[0]
    raise KeyError(newcomer_id)


def unmatched_of(problem: Problem, rows: Ints, compiled_too: bool | None = None) -> tuple[Unmatched, ...]:
    """Reason and unlocks for the newcomers given by index."""
    if not rows.size:
        return ()
    scanner = Scanner.of(problem, by_newcomer=True, compiled_too=compiled_too)
    floor = np.full(len(problem.newcomers), LOWEST, np.int64)
    asked = np.flatnonzero(np.isin(scanner.rows.who, rows))
    found = scanner.best(floor, np.zeros(scanner.columns.who.size, np.int64), 1, rows=asked)
    reached = set(scanner.rows.who[found.row].tolist())
    obstacles = Obstacles.of(problem)
    result = []
    for row in rows.tolist():
        if row in reached:
            result.append(Unmatched(problem.newcomers[row].id, "no_place"))
        else:
            result.append(_stopped(problem, obstacles, row))
    return tuple(result)


def _stopped(problem: Problem, obstacles: Obstacles, row: int) -> Unmatched:
    """The rule that stopped most buddies, each buddy counted under every rule it fails, and the unlocks."""
    person = problem.newcomers[row]
    if not problem.buddies:
        return Unmatched(person.id, "no_capacity")
    case = obstacles.case(row)
    failed = case.failed(case.scores())
    counts = [int(failed[code].sum()) for code in RULES]
    reason = RULES[counts.index(max(counts))]
    return Unmatched(person.id, reason, case.unlocks(failed))
