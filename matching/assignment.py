"""The best assignment over all permitted pairs, with the prices that prove it.

Solve on the best pairs of each person of the scarcer side, price every pair in reach with what was found, add
those that could still gain, and repair; when no pair can gain, nothing better exists anywhere.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from matching.candidates import Found, Scanner
from matching.describe import describe
from matching.explain import unmatched_of
from matching.market import Market
from matching.opening import opening_prices
from matching.pack import Ints, Problem, pack
from matching.pricing import Pricing
from matching.shortage import find_shortage
from matching.types import Buddy, Idf, Newcomer, Objective, Plan
from matching.weights import MILLION, Weights

FIRST_PAIRS = 16
"""Best pairs per person of the scarcer side to begin with."""
FIRST_VISIT = 1024
"""Among so many people around, those first that seem to bring most."""
ALL_SEEN = 2_000_000
"""Up to so many pairs it does not matter where one begins."""
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
    say("candidates", 0, None)
    scarce = int(problem.capacity.sum()) < len(problem.newcomers)
    scanner = Scanner.of(problem, by_newcomer=not scarce, compiled_too=compiled_too)
    market = Market.of(scanner, _bonus(problem, objective))
    market.add(_first_pairs(scanner))
    seconds["candidates"] = time.perf_counter() - started
    pricing = Pricing(scanner)
    rounds = _until_proved(market, pricing, market.settle, say, seconds)
    lowest = highest = None
    if price_ends:
        rounds += _until_proved(market, pricing, market.higher, say, seconds)
        highest = market.p
        rounds += _until_proved(market, pricing, market.lower, say, seconds)
        lowest = market.p
    return _solution(market, rounds, seconds, lowest, highest)


def _first_pairs(scanner: Scanner) -> Found:
    """A few good pairs of each row; which ones decides how long the rest takes, not what it ends with."""
    rows, columns = scanner.rows.who, scanner.columns.who
    offset = np.zeros(columns.size, np.int64)
    if not scanner.by_newcomer and rows.size * columns.size > ALL_SEEN:
        turn = scanner.problem.turn
        offset = (turn - opening_prices(scanner.problem))[columns]
    return scanner.best(np.full(rows.size, -1, np.int64), offset, FIRST_PAIRS, visit=FIRST_VISIT)


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


def _solution(
    market: Market, rounds: int, seconds: dict[str, float], lowest: Ints | None, highest: Ints | None
) -> Solution:
    """What was found, by the indices of the problem."""
    scanner = market.scanner
    sides = scanner.rows.who, scanner.columns.who
    left, right = sides if scanner.by_newcomer else sides[::-1]

    def spread(values: Ints) -> Ints:
        result = np.zeros(len(scanner.problem.buddies), np.int64)
        result[right] = values
        return result

    mate, price = np.full(left.size, -1, np.int64), np.zeros(left.size, np.int64)
    matched = market.mate >= 0
    mate[left[matched]] = right[market.mate[matched]]
    price[left] = market.u
    return Solution(
        mate=mate, newcomer_price=price, buddy_price=spread(market.p), bonus=market.bonus,
        objective=market.objective(), bound=market.bound(), rounds=rounds, seconds=seconds,
        lowest=None if lowest is None else spread(lowest), highest=None if highest is None else spread(highest),
    )  # fmt: skip
