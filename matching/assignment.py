"""The best assignment over all permitted pairs, with the prices that prove it.

Solve on the best pairs of each person of the scarcer side, price every pair in reach with what was found, add
those that could still gain, and repair; when no pair can gain, nothing better exists anywhere.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np

from matching import compiled, ends, solver
from matching.candidates import Found, Scanner
from matching.describe import describe
from matching.explain import unmatched_of
from matching.pack import Ints, Problem, pack
from matching.pricing import Pricing
from matching.shortage import find_shortage
from matching.solver import FAR, UNSEEN, Graph, Search, State
from matching.types import Buddy, Idf, Newcomer, Objective, Plan
from matching.weights import MILLION, Weights

FIRST_PAIRS = 12
"""Best pairs per person of the scarcer side to begin with."""
PATIENCE = 20
"""A repair that looks at more than this many times all edges is given up: from nothing it takes about as many."""
Progress = Callable[[str, int, int | None], None]


@dataclass(frozen=True, slots=True)
class Solution:
    """An assignment in indices: buddy of each newcomer (-1 = none), prices of both sides, bonus per pair.

    With price ends, lowest and highest hold the smallest and largest price of each buddy that prove the
    optimum, and the prices are those with the smallest of the buddies.
    """

    mate: Ints
    newcomer_price: Ints
    buddy_price: Ints
    bonus: int
    objective: int
    bound: int
    rounds: int
    seconds: dict[str, float]
    lowest: Ints | None
    highest: Ints | None


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
    packed = time.perf_counter()
    solution = solve(problem, objective, price_ends=shortage, progress=progress, compiled_too=compiled_too)
    seconds = {"prepare": packed - started, **solution.seconds}
    plan = plan_of(problem, solution, seconds, count=count, compiled_too=compiled_too)
    if not shortage:
        return plan
    started = time.perf_counter()
    missing = find_shortage(problem, plan)
    return replace(plan, shortage=missing, seconds={**seconds, "shortage": time.perf_counter() - started})


def plan_of(
    problem: Problem,
    solution: Solution,
    seconds: dict[str, float],
    *,
    count: bool = False,
    compiled_too: bool | None = None,
) -> Plan:
    """A solution in the words of the people it is about."""
    started = time.perf_counter()
    row = np.flatnonzero(solution.mate >= 0)
    pairs = describe(problem, row, solution.mate[row])
    unmatched = unmatched_of(problem, np.flatnonzero(solution.mate < 0), compiled_too)
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


def solve(
    problem: Problem,
    objective: Objective = "best",
    *,
    price_ends: bool = False,
    progress: Progress | None = None,
    compiled_too: bool | None = None,
) -> Solution:
    """Solve packed people; see assign. The proof is that the last pricing of every pair found none to add."""
    seconds = {"candidates": 0.0, "solve": 0.0, "price": 0.0}
    say = progress or _quiet
    started = time.perf_counter()
    scarce = int(problem.capacity.sum()) < len(problem.newcomers)
    scanner = Scanner.of(problem, by_newcomer=not scarce, compiled_too=compiled_too)
    market = Market.of(problem, _bonus(problem, objective), scarce, scanner.plain)
    low = np.full(len(scanner.problem.right.word if scarce else problem.left.word), -1, np.int64)
    offset = problem.turn if scarce else np.zeros(len(problem.right.word), np.int64)
    say("candidates", 0, None)
    found = scanner.best(low, offset, FIRST_PAIRS)
    seconds["candidates"] = time.perf_counter() - started
    market.add(found)
    pricing = Pricing(scanner)
    rounds = _until_proved(market, pricing, market.settle, say, seconds)
    lowest = highest = None
    if price_ends:
        rounds += _until_proved(market, pricing, market.higher, say, seconds)
        highest = market.p.copy()
        rounds += _until_proved(market, pricing, market.lower, say, seconds)
        lowest = market.p.copy()
    return market.solution(rounds, seconds, lowest, highest)


def _until_proved(
    market: Market, pricing: Pricing, work: Callable[[], None], say: Progress, seconds: dict[str, float]
) -> int:
    """Work on the pairs known, price all pairs in reach, add what could gain, until nothing could; rounds."""
    rounds = 0
    while True:
        rounds += 1
        say("solve", rounds, None)
        started = time.perf_counter()
        work()
        seconds["solve"] += time.perf_counter() - started
        say("price", rounds, None)
        started = time.perf_counter()
        found = pricing.find(*market.gains())
        seconds["price"] += time.perf_counter() - started
        if not found.score.size:
            return rounds
        market.add(found)


def _quiet(stage: str, done: int, total: int | None) -> None:
    """Nobody watches."""


def _bonus(problem: Problem, objective: Objective) -> int:
    """0, or more than twice any sum of utilities: a worth tells apart how many pairs and how much sum it brings."""
    if objective == "best":
        return 0
    pairs = min(len(problem.newcomers), int(problem.capacity.sum()))
    return 2 * pairs * (MILLION + int(problem.turn.max(initial=0))) + 1


@dataclass(slots=True)
class Market:
    """The pairs known so far with the prices and the assignment on them."""

    problem: Problem
    bonus: int
    scarce: bool
    plain: bool
    key: Ints
    weight: Ints
    mate: Ints
    u: Ints
    p: Ints

    @classmethod
    def of(cls, problem: Problem, bonus: int, scarce: bool, plain: bool) -> Market:
        """A market without pairs."""
        left, right = len(problem.newcomers), len(problem.buddies)
        none, zero = np.zeros(0, np.int64), np.zeros
        return cls(
            problem, bonus, scarce, plain, none, none, np.full(left, -1, np.int64),
            zero(left, np.int64), zero(right, np.int64),
        )  # fmt: skip

    def add(self, found: Found) -> None:
        """Add pairs that are not known yet."""
        key = np.concatenate([self.key, found.newcomer * max(1, len(self.p)) + found.buddy])
        weight = found.score + self.problem.turn[found.newcomer] + self.bonus
        weight = np.concatenate([self.weight, weight])
        order = np.argsort(key, kind="stable")
        self.key, self.weight = key[order], weight[order]

    def settle(self) -> None:
        """Repair assignment and prices on all pairs known."""
        again = bool(self.u.any() or self.p.any())
        limit = PATIENCE * len(self.key) if again else FAR
        if not self._run(solver.solve, self.scarce and not again, limit):
            self.u[:], self.p[:], self.mate[:] = 0, 0, -1
            self._run(solver.solve, self.scarce, FAR)

    def lower(self) -> None:
        """Repair, then lower the prices of the buddies as far as the pairs known allow."""
        self.settle()
        self._run(ends.lower_prices)

    def higher(self) -> None:
        """Repair, then raise the prices of the buddies as far as the pairs known allow."""
        self.settle()
        self._run(ends.raise_prices)

    def _run(self, work: Callable[..., Any], *options: int) -> Any:
        graph = self._graph()
        state = self._state()
        count = len(self.p)
        search = Search(
            np.full(count, FAR, np.int64), np.full(count, -1, np.int64), np.full(count, UNSEEN, np.int64),
            np.zeros(count + 1, np.int64), np.zeros(count + 1, np.int64), np.zeros(count + 1, np.int64), np.zeros(1, np.int64),
        )  # fmt: skip
        if self.plain:
            state = compiled.as_lists(state)
            done = compiled.plain(work)(compiled.as_lists(graph), state, compiled.as_lists(search), *options)
            state = State(*(np.array(item, np.int64) for item in state))
        else:
            done = compiled.solver_functions()[work.__name__](graph, state, search, *options)
        matched = state.mate >= 0
        self.mate = np.full(len(self.u), -1, np.int64)
        self.mate[matched] = graph.column[state.mate[matched]]
        self.u, self.p = state.u, state.p
        return done

    def gains(self) -> tuple[Ints, Ints]:
        """Floor of each row and offset of each column, so that score + offset > floor means: could gain."""
        own = self.problem.turn + self.bonus - self.u
        return (self.p, own) if self.scarce else (-own, -self.p)

    def solution(
        self, rounds: int, seconds: dict[str, float], lowest: Ints | None, highest: Ints | None
    ) -> Solution:
        """What was found, with objective and bound computed from the assignment and from the prices."""
        row = np.flatnonzero(self.mate >= 0)
        at = np.searchsorted(self.key, row * max(1, len(self.p)) + self.mate[row])
        objective = sum((self.weight[at] - self.bonus).tolist())
        priced = int(self.u.sum()) + int((self.p * self.problem.capacity).sum())
        bound = priced - self.bonus * row.size
        return Solution(
            self.mate, self.u, self.p, self.bonus, objective, bound, rounds, seconds, lowest, highest
        )

    def _graph(self) -> Graph:
        count = max(1, len(self.p))
        row, column = self.key // count, self.key % count
        ptr = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=len(self.u)))]).astype(np.int64)
        sizes = np.bincount(column, minlength=len(self.p))
        buddy_ptr = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        buddy_edge = np.zeros(len(column), np.int64)
        return Graph(ptr, column, self.weight, row, buddy_ptr, buddy_edge)

    def _state(self) -> State:
        """The assignment of the last settling in terms of the edges known now."""
        places = np.minimum(self.problem.capacity, len(self.u))
        slot_ptr = np.concatenate([[0], np.cumsum(places)]).astype(np.int64)
        mate = np.full(len(self.u), -1, np.int64)
        row = np.flatnonzero(self.mate >= 0)
        mate[row] = np.searchsorted(self.key, row * max(1, len(self.p)) + self.mate[row])
        order = np.argsort(self.mate[row], kind="stable")
        row = row[order]
        used = np.bincount(self.mate[row], minlength=len(self.p)).astype(np.int64)
        first = np.cumsum(used) - used
        slot = np.full(int(slot_ptr[-1]), -1, np.int64)
        buddy = self.mate[row]
        slot[slot_ptr[buddy] + np.arange(row.size) - first[buddy]] = mate[row]
        return State(mate, slot, slot_ptr, used, self.u.copy(), self.p.copy())
