"""The best assignment of people, in their own words, with the prices that prove it."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

import numpy as np

from matching.candidates import Scanner
from matching.describe import describe
from matching.explain import unmatched_of
from matching.optimum import Progress, Solution, solve
from matching.pack import Ints, Problem, pack
from matching.shortage import with_shortage
from matching.types import Buddy, Idf, Newcomer, Objective, Plan
from matching.weights import Weights


def assign(
    newcomers: Iterable[Newcomer],
    buddies: Iterable[Buddy],
    *,
    past: Iterable[tuple[str, str]] = (),
    weights: Weights | None = None,
    as_of: date | None = None,
    idf: Idf | None = None,
    objective: Objective = "best",
    min_score: int | None = None,
    count: bool = False,
    shortage: bool = True,
    progress: Progress | None = None,
    compiled_too: bool | None = None,
) -> Plan:
    """The assignment with the largest sum of utilities, or first with the most pairs ("most-people").

    `past` = pairs (newcomer id, buddy id) that must not come again; `as_of` = the day of the run (today when
    absent); `idf` = counts of an earlier run; `min_score` replaces that of the weights; `count` also counts
    the permitted pairs; `shortage` also finds what a place more or less is worth and the recruiting list, about
    doubling the time; `progress(stage, done, total)` is called as the work goes on; `compiled_too` forces or
    forbids compiled code, which changes the speed alone. Raises InvalidPerson.
    """
    started = time.perf_counter()
    setting = weights or Weights()
    if min_score is not None:
        setting = replace(setting, rules=replace(setting.rules, min_score=min_score))
    problem = pack(newcomers, buddies, past=past, weights=setting, as_of=as_of or today(), idf=idf)
    packed = time.perf_counter() - started
    plan = assigned(
        problem, objective, count=count, shortage=shortage, progress=progress, compiled_too=compiled_too
    )
    return replace(plan, seconds={"prepare": packed, **plan.seconds})


def assigned(
    problem: Problem,
    objective: Objective,
    *,
    count: bool = False,
    shortage: bool = True,
    progress: Progress | None = None,
    compiled_too: bool | None = None,
) -> Plan:
    """`assign` for people that are packed already."""
    solution = solve(problem, objective, price_ends=shortage, progress=progress, compiled_too=compiled_too)
    seconds = dict(solution.seconds)
    plan = plan_of(problem, solution, seconds, count=count, compiled_too=compiled_too)
    if not shortage:
        return plan
    started = time.perf_counter()
    plan = with_shortage(problem, plan, compiled_too)
    return replace(plan, seconds={**seconds, "shortage": time.perf_counter() - started})


def plan_of(
    problem: Problem,
    solution: Solution,
    seconds: dict[str, float],
    *,
    count: bool = False,
    reasons: bool = True,
    compiled_too: bool | None = None,
) -> Plan:
    """A solution in the words of the people it is about; `reasons` also says why others are left."""
    started = time.perf_counter()
    row = np.flatnonzero(solution.mate >= 0)
    pairs = describe(problem, row, solution.mate[row])
    left = np.flatnonzero(solution.mate < 0) if reasons else np.zeros(0, np.int64)
    unmatched = unmatched_of(problem, left, compiled_too)
    permitted = None
    if count:
        permitted = Scanner.of(problem, by_newcomer=True, compiled_too=compiled_too).count()
    seconds["report"] = time.perf_counter() - started
    return Plan(
        pairs=pairs,
        objective=sum(pair.utility for pair in pairs),
        bound=solution.bound,
        bonus=solution.bonus,
        proved=solution.objective == solution.bound,
        newcomers=len(problem.newcomers),
        buddies=len(problem.buddies),
        places=int(problem.capacity.sum()),
        permitted_pairs=permitted,
        newcomer_prices=_named(problem.newcomers, solution.newcomer_price),
        buddy_prices=_named(problem.buddies, solution.buddy_price),
        price_ends=_ends(problem, solution),
        idf=problem.idf,
        ignored_past=problem.ignored_past,
        weights_version=problem.weights.version,
        as_of=problem.as_of,
        unmatched=unmatched,
        seconds=seconds,
    )


def today() -> date:
    """The day it is here; a programme that lives elsewhere says `as_of`."""
    return date.today()  # noqa: DTZ011


def _named(people: tuple[Newcomer, ...] | tuple[Buddy, ...], prices: Ints) -> dict[str, int]:
    return {people[at].id: int(prices[at]) for at in np.flatnonzero(prices).tolist()}


def _ends(problem: Problem, solution: Solution) -> dict[str, tuple[int, int]]:
    if solution.lowest is None or solution.highest is None:
        return {}
    both = zip(problem.buddies, solution.lowest.tolist(), solution.highest.tolist(), strict=True)
    return {buddy.id: (low, high) for buddy, low, high in both if buddy.capacity and high}
