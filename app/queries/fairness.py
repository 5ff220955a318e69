"""For whom a plan works: how many of each group wait, how long, and how many have a buddy (EXPERIENCE, matching).

A group under five is not counted out, and as many others as it takes so that it cannot be worked out from the total.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from statistics import median
from typing import Any

from app.models import Newcomer, Run
from app.queries.disclosure import LEAST, protect
from app.vocabulary import DutchLevel

AGAIN, FIRST = "again", "first"
PARTITIONS = ("province", "wish", "dutch_level", "history")
"""The dimensions in which everybody is in exactly one group; a person can speak several languages."""

Named = tuple[str, str]
_LEVELS = [level.value for level in DutchLevel]


@dataclass(frozen=True)
class Group:
    """Some newcomers who have something in common: how many wait, how many the plan reaches, and half wait longer.

    A group under five is not counted out: `small`; `hidden` is one beside it, from which it could be worked out.
    `behind` = reached less than half as often as everybody. `days` None = the plan was made before it was counted.
    """

    dimension: str
    value: str
    waiting: int
    reached: int
    days: int | None
    small: bool
    hidden: bool
    behind: bool


def groups_of(person: Newcomer, returning: bool) -> list[Named]:
    """The groups for which a plan is looked at: (dimension, value)."""
    return [
        ("province", person.province),
        ("wish", person.wished_gender or ""),
        ("dutch_level", person.dutch_level.value),
        ("history", AGAIN if returning else FIRST),
        *(("language", tag) for tag in person.languages),
    ]


def counted(
    groups: Mapping[str, Iterable[Named]], waited: Mapping[str, int], reached: Collection[str]
) -> list[dict[str, Any]]:
    """Each group as a run keeps it, of people by key with the days they waited; `reached` have a buddy."""
    days: dict[Named, list[int]] = defaultdict(list)
    got: dict[Named, int] = defaultdict(int)
    for key, named in groups.items():
        for group in named:
            days[group].append(waited[key])
            got[group] += key in reached
    return [
        {"dimension": group[0], "value": group[1], "waiting": len(told), "reached": got[group], "days": round(median(told))}
        for group, told in sorted(days.items())
    ]  # fmt: skip


def fairness(run: Run) -> list[Group]:
    """For whom a plan works, by province, language, wish, level of Dutch, and first time or again, as it was made."""
    return shown(run.report.get("groups", []), run.newcomers, run.matched)


def shown(kept: list[dict[str, Any]], newcomers: int, matched: int) -> list[Group]:
    """The groups as they are shown, of so many newcomers of whom so many have a buddy, in the order of `_place`."""
    share = matched / newcomers if newcomers else 0.0
    open_to_see = _open(kept, newcomers)
    found = []
    for row in kept:
        small = row["waiting"] < LEAST
        hidden = not small and (row["dimension"], row["value"]) not in open_to_see
        behind = not small and not hidden and row["reached"] / row["waiting"] < share / 2
        found.append(
            Group(row["dimension"], row["value"], row["waiting"], row["reached"], row.get("days"), small, hidden, behind)
        )  # fmt: skip
    return sorted(found, key=_place)


def _place(group: Group) -> tuple[int, int, int, str]:
    """Languages last, because there are most of them; levels of Dutch as they are learned; else the largest first."""
    dimension = PARTITIONS.index(group.dimension) if group.dimension in PARTITIONS else len(PARTITIONS)
    level = _LEVELS.index(group.value) if group.dimension == "dutch_level" else 0
    # Where a group stands tells nothing of its size once its count is not shown.
    size = 2 if group.small else 1 if group.hidden else -group.waiting
    return dimension, level, size, group.value


def _open(kept: list[dict[str, Any]], newcomers: int) -> set[Named]:
    """The groups of which a reader who knows the totals may see the counts without learning those of a small one."""
    seen: set[Named] = set()
    for dimension in dict.fromkeys(row["dimension"] for row in kept):
        rows = [row for row in kept if row["dimension"] == dimension]
        if dimension not in PARTITIONS:
            seen |= {(dimension, row["value"]) for row in rows if row["waiting"] >= LEAST}
            continue
        counts: dict[str, int] = {row["value"]: row["waiting"] for row in rows}
        figures = protect({"all of them": newcomers, **counts}, [("all of them", tuple(counts))])
        visible = [row for row in rows if figures[row["value"]].value is not None]
        seen |= {(dimension, row["value"]) for row in _unpinned(rows, visible)}
    return seen


def _unpinned(rows: list[dict[str, Any]], visible: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those of the visible rows beside which two things stay open about the hidden ones together.

    Whether they have a buddy: not none of them, and not all. And how many wait in each: see `_leave_no_choice`.
    """
    left = sorted(visible, key=lambda row: (-row["waiting"], row["value"]))
    while left:
        hidden = [row for row in rows if row not in left]
        reached, waiting = sum(row["reached"] for row in hidden), sum(row["waiting"] for row in hidden)
        if not hidden or (0 < reached < waiting and not _leave_no_choice(hidden)):
            break
        left.pop()
    return left


def _leave_no_choice(hidden: list[dict[str, Any]]) -> bool:
    """Whether a count under five follows from the sum of these: a reader sees which are small, and that none is empty.

    So it does when all are as small as they can be (1, or five for the others), or all small ones as large.
    """
    small = sum(row["waiting"] < LEAST for row in hidden)
    others, waiting = len(hidden) - small, sum(row["waiting"] for row in hidden)
    least = small + LEAST * others
    return small > 0 and (waiting == least or (not others and waiting == small * (LEAST - 1)))
