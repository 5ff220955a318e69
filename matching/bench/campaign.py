"""The whole comparison: every instance, every solver, one process after the other."""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from matching.bench.instances import ALL, Balance, Instance
from matching.bench.process import Outcome, measure
from matching.bench.work import (
    ALL_PAIRS,
    LOOP,
    Task,
    certified,
    missing,
    on_pairs,
    plain_loop,
    prepare,
)

OURS = "matching"
CERTIFIED = "all, certified"
EVERYTHING = "all permitted"
Progress = Callable[[str, int, int | None], None]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: a solver on some pairs of an instance and how it went.

    `pairs` says on which pairs; `rows` > 0 = the seconds are extrapolated from that many newcomers; `wrong` = it
    contradicts our optimum.
    """

    instance: Instance
    solver: str
    pairs: str
    outcome: Outcome
    rows: int = 0
    wrong: bool = False

    @property
    def seconds(self) -> tuple[float, float, float] | None:
        """Median, shortest and longest run."""
        every = [run.seconds for run in self.outcome.runs if run.seconds is not None]
        return (statistics.median(every), min(every), max(every)) if every else None

    @property
    def objective(self) -> int | None:
        """Sum of utilities in millionths; None when there is no result."""
        return self.outcome.runs[-1].objective if self.outcome.runs else None

    @property
    def matched(self) -> int | None:
        """How many newcomers have a buddy; None when there is no result."""
        return self.outcome.runs[-1].matched if self.outcome.runs else None


@dataclass(frozen=True, slots=True)
class Case:
    """One instance with what was prepared of it, and its rows, ours first."""

    instance: Instance
    prepared: Outcome
    rows: tuple[Row, ...]

    @property
    def ours(self) -> Row:
        """Our certified optimum."""
        return self.rows[0]


@dataclass(frozen=True, slots=True)
class Plan:
    """What to compare: sizes (newcomers), balances, peers, best pairs per newcomer, repeats, seconds per run."""

    sizes: tuple[int, ...]
    balances: tuple[Balance, ...]
    against: tuple[str, ...]
    edges: tuple[int, ...]
    repeat: int
    limit: float
    seed: int


def run(plan: Plan, progress: Progress) -> Iterator[Case]:
    """Every case, one by one; nothing stays on disk."""
    wanted = [Instance(size, balance, plan.seed) for size in plan.sizes for balance in plan.balances]
    for at, instance in enumerate(wanted):
        with tempfile.TemporaryDirectory(prefix="matching-bench-") as folder:
            say = _saying(progress, instance, at, len(wanted))
            yield _case(plan, instance, Path(folder), say)


def _saying(progress: Progress, instance: Instance, at: int, total: int) -> Callable[[str], None]:
    return lambda what: progress(f"{instance.newcomers} {instance.balance} {what}", at, total)


def _case(plan: Plan, instance: Instance, folder: Path, say: Callable[[str], None]) -> Case:
    say("prepare")
    prepared = measure(prepare, Task(folder, instance, plan.repeat, plan.limit, keep=plan.edges), None)
    if prepared.failed:
        return Case(instance, prepared, (Row(instance, OURS, CERTIFIED, prepared, wrong=True),))
    say(OURS)
    ours = Row(
        instance, OURS, CERTIFIED, measure(certified, Task(folder, instance, plan.repeat, plan.limit), None)
    )
    rows = [ours, *_on_pairs(plan, instance, folder, prepared.facts, say)]
    if LOOP in plan.against:
        say(LOOP)
        rows.append(_loop(plan, instance, folder))
    return Case(instance, prepared, tuple(judged(rows)))


def _on_pairs(
    plan: Plan, instance: Instance, folder: Path, facts: Mapping[str, float], say: Callable[[str], None]
) -> Iterator[Row]:
    """The exact peers on all permitted pairs, and on the best ones where those are too many or took too long."""
    peers = [name for name in plan.against if name != LOOP]
    for name in [name for name in peers if missing(name)]:
        yield Row(instance, name, "", Outcome((), {}, "not installed"))
    left = [name for name in peers if not missing(name)]
    for best in (ALL, *plan.edges):
        pairs = EVERYTHING if best == ALL else f"best {best}"
        if best == ALL and f"edges {ALL}" not in facts:
            many = f"{facts['pairs']:,.0f}" if "pairs" in facts else "too many to count"
            why = f"not run: {many} pairs; at most {ALL_PAIRS:,} are given".replace(",", " ")
            yield from (Row(instance, name, pairs, Outcome((), {}, why)) for name in left)
            continue
        if not left:
            return
        again = []
        for solver in ("", *left):
            say(f"{solver or OURS}, {pairs}")
            task = Task(folder, instance, plan.repeat, plan.limit, solver, best)
            outcome = measure(on_pairs, task, plan.limit if solver else None)
            yield Row(instance, solver or OURS, pairs, outcome)
            if solver and (best != ALL or outcome.failed):
                again.append(solver)
        left = again


def _loop(plan: Plan, instance: Instance, folder: Path) -> Row:
    outcome = measure(plain_loop, Task(folder, instance, plan.repeat, plan.limit), None)
    return Row(instance, LOOP, EVERYTHING, outcome, rows=int(outcome.facts.get("rows", 0)))


def judged(rows: Iterable[Row]) -> Iterator[Row]:
    """The rows, wrong where an exact solver differs from ours on the same pairs or anybody passes the optimum."""
    best: dict[str, int | None] = {}
    optimum: int | None = None
    for at, row in enumerate(rows):
        if at == 0:
            optimum = row.objective
            best[EVERYTHING] = optimum
        if row.solver == OURS:
            best.setdefault(row.pairs, row.objective)
        yield Row(row.instance, row.solver, row.pairs, row.outcome, row.rows, _wrong(row, best, optimum))


def _wrong(row: Row, best: Mapping[str, int | None], optimum: int | None) -> bool:
    if row.solver == OURS and row.outcome.failed:
        return True
    if row.objective is None:
        return False
    if optimum is None or row.objective > optimum:
        return True
    exact = row.solver != LOOP and row.pairs in best
    return exact and row.objective != best[row.pairs]
