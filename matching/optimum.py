"""The optimum over all permitted pairs, proved: from packed people to an assignment in indices.

Solve on the best pairs of each person of the scarcer side, price every pair in reach with what was found, add
those that could still gain, and mend; when no pair can gain, nothing better exists anywhere.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from matching.candidates import Found, Scanner
from matching.market import Market
from matching.opening import opening_prices
from matching.pack import Ints, Problem
from matching.pricing import Pricing
from matching.types import Objective
from matching.weights import MILLION

FIRST_PAIRS = 16
"""Best pairs per person of the scarcer side to begin with, where those are some thousands."""
MORE_PAIRS = 8
"""So many more for each ten times as many people: the more there are, the more have the same favourites."""
FIRST_VISIT = 2048
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
    market = Market.of(scanner, bonus_of(problem, objective))
    market.add(first_pairs(scanner))
    seconds["candidates"] = time.perf_counter() - started
    pricing = Pricing(scanner)
    rounds = until_proved(market, pricing, market.settle, say, seconds)
    lowest = highest = None
    if price_ends:
        rounds += until_proved(market, pricing, market.higher, say, seconds)
        highest = market.p
        rounds += until_proved(market, pricing, market.lower, say, seconds)
        lowest = market.p
    return solution_of(market, rounds, seconds, lowest, highest)


def first_pairs(scanner: Scanner) -> Found:
    """A few good pairs of each row; which ones decides how long the rest takes, not what it ends with."""
    rows, columns = scanner.rows.who, scanner.columns.who
    offset = np.zeros(columns.size, np.int64)
    if not scanner.by_newcomer and rows.size * columns.size > ALL_SEEN:
        turn = scanner.problem.turn
        offset = (turn - opening_prices(scanner.problem))[columns]
    pairs = FIRST_PAIRS + max(0, round(MORE_PAIRS * (math.log10(rows.size or 1) - 3.5)))
    return scanner.best(np.full(rows.size, -1, np.int64), offset, pairs, visit=FIRST_VISIT)


def until_proved(
    market: Market,
    pricing: Pricing,
    work: Callable[[], None] | None = None,
    say: Progress | None = None,
    seconds: dict[str, float] | None = None,
) -> int:
    """Work on the pairs known, price all pairs in reach, add what could gain, until nothing could; rounds."""
    rounds = 0
    work, say = work or market.settle, say or _quiet
    spent = {"solve": 0.0, "price": 0.0} if seconds is None else seconds
    while True:
        rounds += 1
        say("solve", rounds, None)
        started = time.perf_counter()
        work()
        spent["solve"] += time.perf_counter() - started
        say("price", rounds, None)
        started = time.perf_counter()
        found = pricing.find(*market.gains())
        spent["price"] += time.perf_counter() - started
        if not found.score.size:
            return rounds
        market.add(found)


def _quiet(stage: str, done: int, total: int | None) -> None:
    """Nobody watches."""


def bonus_of(problem: Problem, objective: Objective) -> int:
    """0, or more than twice any sum of utilities, also with one place more.

    So a worth, of a plan or of a place, tells apart how many pairs and how much sum it brings.
    """
    if objective == "best":
        return 0
    pairs = min(len(problem.newcomers), int(problem.capacity.sum()) + 1)
    return 2 * pairs * (MILLION + int(problem.turn.max(initial=0))) + 1


def solution_of(
    market: Market, rounds: int, seconds: dict[str, float], lowest: Ints | None, highest: Ints | None
) -> Solution:
    """What was found, by the indices of the problem."""
    scanner = market.scanner
    left, right = (side.who for side in market.sides())

    def spread(values: Ints) -> Ints:
        result = np.zeros(len(scanner.problem.buddies), np.int64)
        result[right] = values
        return result

    mate, price = np.full(left.size, -1, np.int64), np.zeros(left.size, np.int64)
    matched = np.flatnonzero(market.mate >= 0)
    mate[left[matched]] = right[market.mate[matched]]
    price[left] = market.u
    return Solution(
        mate=mate, newcomer_price=price, buddy_price=spread(market.p), bonus=market.bonus,
        objective=market.objective(), bound=market.bound(), rounds=rounds, seconds=seconds,
        lowest=None if lowest is None else spread(lowest), highest=None if highest is None else spread(highest),
    )  # fmt: skip
