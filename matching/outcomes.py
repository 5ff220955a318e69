"""Reading what became of decided pairs: the values of the criteria and how it ended, and nothing about who they were."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from matching.tables import Row, read_rows
from matching.types import CRITERIA, Pair
from matching.weights import MILLION, CriterionWeights

WENT_ON = {"accepted": True, "went_well": True, "refused": False, "ended_early": False}
"""Whether a pair that is proposed becomes a duo that lasts, which is what a score is for.

accepted = both said yes and they are together still; went_well = they were until the agreed end; refused = staff or
one of the two said no; ended_early = they began and stopped because of each other. What ended because of something
else (a move, no time) says nothing about how two people fit and belongs in no outcomes.csv.
"""
STEEPNESS = 12.0
"""How much the log-odds of a made-up pair rise from a score of 0 to full marks."""
COLUMNS = ("newcomer_id", "buddy_id", *CRITERIA, "outcome", "group")


@dataclass(frozen=True, slots=True)
class Outcome:
    """One decided pair: its criteria in the order of CRITERIA, in millionths, and whether it went on.

    Pairs of one `group` (the newcomer's id, or a larger group given in the file) are never on both sides of a test.
    """

    newcomer_id: str
    buddy_id: str
    values: tuple[int, ...]
    went_on: bool
    group: str


def read_outcomes(path: Path) -> tuple[Outcome, ...]:
    """The outcomes of a file, whatever the order of its rows; raises TableError.

    A column that the model may not learn from (gender, language of origin, place of birth, any other) is refused.
    """
    found: dict[tuple[str, str], Outcome] = {}
    lines: dict[tuple[str, str], int] = {}
    groups: dict[str, str] = {}
    with closing(read_rows(path, COLUMNS, COLUMNS[:-1])) as rows:
        for row in rows:
            outcome = _outcome(row)
            key = (outcome.newcomer_id, outcome.buddy_id)
            if key in found:
                raise row.refuse("buddy_id", f"each pair once (line {lines[key]} has it)")
            if groups.setdefault(outcome.newcomer_id, outcome.group) != outcome.group:
                raise row.refuse("group", f"one group per newcomer, {groups[outcome.newcomer_id]!r}")
            found[key], lines[key] = outcome, row.line
    return tuple(found[key] for key in sorted(found))


def _outcome(row: Row) -> Outcome:
    for column in ("newcomer_id", "buddy_id"):
        if not row.text(column):
            raise row.refuse(column, "an id")
    if row.text("outcome") not in WENT_ON:
        raise row.refuse("outcome", "one of " + ", ".join(WENT_ON))
    return Outcome(
        newcomer_id=row.text("newcomer_id"),
        buddy_id=row.text("buddy_id"),
        values=tuple(_value(row, code) for code in CRITERIA),
        went_on=WENT_ON[row.text("outcome")],
        group=row.text("group") or row.text("newcomer_id"),
    )


def _value(row: Row, code: str) -> int:
    value = row.whole(code, MILLION)
    if value is None:
        raise row.refuse(code, f"a whole number from 0 to {MILLION}")
    return value


def draw_outcomes(
    pairs: Sequence[Pair], decide_by: CriterionWeights, *, most: int, seed: int
) -> tuple[Outcome, ...]:
    """Made-up outcomes of up to `most` of the pairs, of people who decide by these weights and by chance.

    Logistic in the score that these weights give, half of the pairs going on; the same for the same arguments.
    """
    random = np.random.default_rng([seed, len(pairs)])
    chosen = [pairs[at] for at in sorted(random.permutation(len(pairs))[:most].tolist())]
    shares = np.array([getattr(decide_by, code) for code in CRITERIA], np.float64)
    values = np.array([[pair.values[code] for code in CRITERIA] for pair in chosen], np.float64).reshape(
        -1, len(CRITERIA)
    )
    score = values @ (shares / shares.sum()) / MILLION
    chance = 1 / (1 + np.exp(STEEPNESS * (np.median(score) - score))) if chosen else score
    drawn = (random.random(len(chosen)) < chance).tolist()
    return tuple(
        Outcome(
            pair.newcomer_id,
            pair.buddy_id,
            tuple(pair.values[code] for code in CRITERIA),
            went_on,
            pair.newcomer_id,
        )
        for pair, went_on in zip(chosen, drawn, strict=True)
    )


def outcome_rows(outcomes: Iterable[Outcome]) -> Iterable[tuple[object, ...]]:
    """Outcomes as rows of outcomes.csv, told as accepted or refused."""
    for item in outcomes:
        word = "accepted" if item.went_on else "refused"
        yield (item.newcomer_id, item.buddy_id, *item.values, word, item.group)
