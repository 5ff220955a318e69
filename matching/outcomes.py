"""Reading what became of decided pairs: the values of the criteria and how it ended, and nothing about who they were."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from matching.tables import Row, read_rows
from matching.types import CRITERIA
from matching.weights import MILLION

WENT_ON = {"accepted": True, "went_well": True, "refused": False, "ended_early": False}
"""Whether a pair that is proposed becomes a duo that lasts, which is what a score is for.

accepted = both said yes and they are together still; went_well = they were until the agreed end; refused = staff or
one of the two said no; ended_early = they began and stopped because of each other. What ended because of something
else (a move, no time) says nothing about how two people fit and belongs in no outcomes.csv.
"""
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
    for row in read_rows(path, COLUMNS, COLUMNS[:-1]):
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
