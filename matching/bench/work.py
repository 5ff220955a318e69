"""What is done in a process that measures."""

from __future__ import annotations

import importlib.util
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np

from matching.bench import instances
from matching.bench.instances import ALL, Edges, Instance
from matching.bench.loop import Loop
from matching.bench.peers import PACKAGES, PEERS
from matching.bench.process import Tell, Told, peak_mb
from matching.optimum import Solution, solve
from matching.pack import Ints
from matching.warmup import warm_up

LOOP = "loop"
SOLVERS = (*PEERS, LOOP)
ALL_PAIRS = 5_000_000
"""Up to this many permitted pairs a peer is given all of them; beyond, the best of each newcomer."""
COUNTED = 20_000_000_000
"""Up to this many newcomers times buddies the permitted pairs are counted; beyond, that alone takes minutes."""
LOOP_SECONDS = 3.0
"""How long the plain loop is timed before it is extrapolated."""
Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Task:
    """What to measure: `repeat` runs, none begun when `limit` seconds are over; `best` pairs, or ALL."""

    folder: Path
    instance: Instance
    repeat: int
    limit: float
    solver: str = ""
    best: int = ALL
    keep: tuple[int, ...] = ()


def missing(solver: str) -> bool:
    """Whether a peer's package is not installed."""
    return solver in PACKAGES and importlib.util.find_spec(PACKAGES[solver]) is None


def prepare(task: Task, tell: Tell) -> None:
    """Make the population, time its packing, and keep its arrays and the pairs the others take."""
    people = task.instance.people()
    problem = _series(task, tell, lambda: instances.packed(people), lambda _: Told())
    facts = {"places": float(problem.capacity.sum()), "pack_peak": peak_mb()}
    instances.store(task.folder, problem)
    warm_up()  # the others find the machine code on disk
    if len(people[0]) * len(people[1]) <= COUNTED:
        facts["pairs"] = float(instances.permitted(problem))
    wanted = [ALL] if facts.get("pairs", ALL_PAIRS + 1) <= ALL_PAIRS else []
    for best in [*wanted, *task.keep]:
        started = time.perf_counter()
        edges = instances.edges_of(problem, best)
        facts[f"making {best}"] = time.perf_counter() - started
        facts[f"edges {best}"] = float(len(edges.weight))
        instances.store_edges(task.folder, best, edges)
    tell(Told(facts=facts))


def certified(task: Task, tell: Tell) -> None:
    """Our optimum over all permitted pairs with its proof, from packed arrays in memory."""
    problem = instances.stored(task.folder)
    warm_up()

    def judged(found: Solution) -> Told:
        if found.objective != found.bound:
            raise ArithmeticError(f"objective {found.objective} and bound {found.bound} differ")
        matched = int((found.mate >= 0).sum())
        return Told(objective=found.objective, matched=matched, stages=dict(found.seconds))

    tell(Told())
    _series(task, tell, lambda: solve(problem), judged)


def on_pairs(task: Task, tell: Tell) -> None:
    """A peer, or our solver when none is named, on given pairs alone."""
    problem, edges = instances.stored(task.folder), instances.stored_edges(task.folder, task.best)

    def run() -> Ints:
        if task.solver:
            return PEERS[task.solver](edges, len(problem.newcomers), problem.capacity)
        return instances.solve_edges(problem, edges)

    def judged(mate: Ints) -> Told:
        objective, matched = instances.worth(problem, edges, mate)
        return Told(objective=objective, matched=matched)

    if task.solver:
        one = np.ones(1, np.int64)
        PEERS[task.solver](Edges(one - 1, one - 1, one), 1, one)
    else:
        warm_up()
    tell(Told())
    _series(task, tell, run, judged)


def plain_loop(task: Task, tell: Tell) -> None:
    """The plain double loop: all rows when they fit in its time, else as many as fit, extrapolated."""
    people = task.instance.people()
    ready = Loop.of(people)
    count = len(people[0])
    tell(Told())
    ready.run(np.random.default_rng(task.instance.seed).permutation(count).tolist(), LOOP_SECONDS)
    if ready.done < count:
        tell(Told(ready.seconds * count / ready.done, facts={"rows": float(ready.done)}))
        return
    mate = ready.take()
    problem = instances.packed(people)
    chosen = np.array([mate.get(row, -1) for row in range(count)], np.int64)
    value = instances.worth(problem, instances.edges_of(problem, ALL), chosen)
    tell(Told(ready.seconds, ready.seconds, *value))


def _series(task: Task, tell: Tell, run: Callable[[], Found], judged: Callable[[Found], Told]) -> Found:
    """Run and tell as often as asked, once at least; the last result."""
    begun = time.monotonic()
    left = task.repeat
    while True:
        started, cpu = time.perf_counter(), time.process_time()
        found = run()
        seconds, used = time.perf_counter() - started, time.process_time() - cpu
        told = judged(found)
        tell(Told(seconds, used, told.objective, told.matched, told.stages))
        left -= 1
        if not left or time.monotonic() - begun > task.limit:
            return found
