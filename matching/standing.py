"""A plan that stands: what becomes of it when somebody comes or changes, or when pairs are decided.

The prices that prove a plan are a valid start for a changed one: a search closes what the change opened, and only
who lost or gained by it is priced again. So an answer takes milliseconds, and it is that of a full run with the
same interest counts: the proof is the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import numpy.typing as npt

from matching.assignment import plan_of
from matching.candidates import Scanner
from matching.describe import describe
from matching.market import Market
from matching.optimum import FIRST_PAIRS, Solution, bonus_of, first_pairs, solution_of, until_proved
from matching.pack import Ints, Problem, pack, with_newcomer
from matching.pricing import Pricing
from matching.types import Buddy, Idf, Newcomer, Objective, Pair, Plan
from matching.weights import Weights

NEAR = 30_000
"""Pairs that would lose no more than this against their prices are worth knowing from the start."""
SHOWN = 10
"""So many of the possible pairs of somebody who comes are described."""


class InvalidDecision(ValueError):
    """A decision that cannot be kept: says which pair, and why."""

    def __init__(self, newcomer_id: str, buddy_id: str, expected: str) -> None:
        super().__init__(f"{newcomer_id!r} with {buddy_id!r}: expected {expected}")
        self.newcomer_id = newcomer_id
        self.buddy_id = buddy_id
        self.expected = expected


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a newcomer finds who comes now: how many buddies are possible, the best of them, and the plan's choice.

    `given` is None when the plan gives no place; `loser` = who would lose a place by it; `objective` and `matched`
    are those of the plan with the newcomer in it.
    """

    possible: int
    best: tuple[Pair, ...]
    given: Pair | None
    loser: str | None
    objective: int
    matched: int


@dataclass(frozen=True, slots=True)
class Kept:
    """What was kept of an earlier plan: its pairs (newcomer id, buddy id), and the prices of both sides by id."""

    pairs: Iterable[tuple[str, str]]
    newcomer_prices: Mapping[str, int]
    buddy_prices: Mapping[str, int]

    @classmethod
    def of(cls, plan: Plan) -> Kept:
        """Of a plan that is still at hand."""
        pairs = [(pair.newcomer_id, pair.buddy_id) for pair in plan.pairs]
        return cls(pairs, plan.newcomer_prices, plan.buddy_prices)


@dataclass(frozen=True, slots=True)
class Standing:
    """A proved plan over packed people, ready to be asked. Make it with `of`; nothing it is asked changes it."""

    problem: Problem
    market: Market
    rows: Mapping[str, int]
    columns: Mapping[str, int]

    @classmethod
    def of(
        cls,
        newcomers: Iterable[Newcomer],
        buddies: Iterable[Buddy],
        *,
        past: Iterable[tuple[str, str]] = (),
        weights: Weights | None = None,
        as_of: date,
        idf: Idf | None = None,
        objective: Objective = "best",
        plan: Plan | Kept | None = None,
        compiled_too: bool | None = None,
    ) -> Standing:
        """Take up a plan made of these people, or make one.

        `plan` may be an earlier one, also of people who have changed since: what still holds of it is kept, and
        the rest is mended and proved again. `idf` should be the counts of that run. Raises InvalidPerson.
        """
        problem = pack(
            newcomers,
            buddies,
            past=past,
            weights=weights or Weights(),
            as_of=as_of,
            idf=idf,
            open_to_more=True,
        )
        return cls.over(problem, objective, plan, compiled_too=compiled_too)

    @classmethod
    def over(
        cls,
        problem: Problem,
        objective: Objective = "best",
        plan: Plan | Kept | None = None,
        *,
        compiled_too: bool | None = None,
    ) -> Standing:
        """`of` for people that are packed already."""
        scarce = int(problem.capacity.sum()) < len(problem.newcomers)
        scanner = Scanner.of(problem, by_newcomer=not scarce, compiled_too=compiled_too)
        market = Market.of(scanner, bonus_of(problem, objective))
        rows = {person.id: at for at, person in enumerate(problem.newcomers)}
        columns = {person.id: at for at, person in enumerate(problem.buddies)}
        standing = cls(problem, market, rows, columns)
        if plan is None:
            market.add(first_pairs(scanner))
        else:
            standing._take_up(Kept.of(plan) if isinstance(plan, Plan) else plan)
        until_proved(market, Pricing(scanner))
        return standing

    def _take_up(self, plan: Kept) -> None:
        """Begin from the pairs and prices of an earlier plan."""
        market, left, right = self.market, *self._places()
        for prices, index, place, mine in (
            (plan.newcomer_prices, self.rows, left, market.u),
            (plan.buddy_prices, self.columns, right, market.p),
        ):
            for key, price in prices.items():
                if key in index and place[index[key]] >= 0:
                    mine[place[index[key]]] = price
        known = [
            (left[self.rows[newcomer]], right[self.columns[buddy]])
            for newcomer, buddy in plan.pairs
            if newcomer in self.rows and buddy in self.columns
        ]
        floor, offset = market.gains()
        market.add(market.scanner.best(floor - NEAR, offset, FIRST_PAIRS))
        market.take_up(np.array([pair for pair in known if pair[1] >= 0], np.int64).reshape(-1, 2))

    def _places(self) -> tuple[Ints, Ints]:
        """Where each newcomer and buddy, by index, stands in the market; -1 for who has no place to give."""
        left, right = self.market.sides()
        newcomers = np.full(len(self.problem.newcomers), -1, np.int64)
        buddies = np.full(len(self.problem.buddies), -1, np.int64)
        newcomers[left.who], buddies[right.who] = np.arange(left.who.size), np.arange(right.who.size)
        return newcomers, buddies

    def outlook(self, newcomer: Newcomer, *, past: Iterable[str] = ()) -> Outlook:
        """What a newcomer finds who comes now, or who is here already and has changed so; raises InvalidPerson.

        `past` = ids of buddies with whom the newcomer must not be put together again.
        """
        problem = with_newcomer(self.problem, newcomer)
        index = len(self.problem.newcomers)
        again = [(index, self.columns[key]) for key in past if key in self.columns]
        problem = replace(problem, past=np.array(again, np.int64).reshape(len(again), 2))
        possible = self.market.scanner.one_newcomer(problem, index).all()
        market, pricing = self._copy()
        if newcomer.id in self.rows:
            market.close(np.array([self._places()[0][self.rows[newcomer.id]]]))
        place = market.let_in(int(problem.turn[-1]), possible.column, possible.score)
        before = set(np.flatnonzero(self.market.mate >= 0).tolist())
        until_proved(market, pricing)
        left, right = market.sides()
        buddy = right.who[possible.column]
        order = np.lexsort((buddy, -possible.score))[:SHOWN]
        given = market.mate[place]
        mine = describe(problem, np.full(1, index), right.who[[given]])[0] if given >= 0 else None
        lost = [at for at in before if market.mate[at] < 0 and not market.closed[at]]
        return Outlook(
            possible=buddy.size,
            best=describe(problem, np.full(order.size, index), buddy[order]),
            given=mine,
            loser=problem.newcomers[left.who[lost[0]]].id if lost else None,
            objective=market.objective(),
            matched=int((market.mate >= 0).sum()),
        )

    def decide(
        self,
        *,
        fixed: Iterable[tuple[str, str]] = (),
        refused: Iterable[tuple[str, str]] = (),
        reasons: bool = True,
    ) -> Plan:
        """The best plan around pairs (newcomer id, buddy id) that are decided, with the fixed ones in it.

        The prices prove what is left to decide: without the newcomers who are fixed, and without their places.
        Without `reasons` nobody is told why no buddy was found, which takes longer than all the rest.
        Raises InvalidDecision for people who are not here, a newcomer fixed twice, or more fixed than places.
        """
        kept = np.array([self._index(pair) for pair in fixed], np.int64).reshape(-1, 2)
        gone = np.array([self._index(pair) for pair in refused], np.int64).reshape(-1, 2)
        self._check(kept)
        left, right = self._places()
        market, pricing = self._copy()
        market.close(left[kept[:, 0]])
        market.take_places(np.bincount(right[kept[:, 1]], minlength=market.p.size))
        known = gone[right[gone[:, 1]] >= 0]
        market.forbid(left[known[:, 0]], right[known[:, 1]])
        problem = replace(self.problem, past=np.unique(np.concatenate([self.problem.past, gone]), axis=0))
        pricing.scanner = market.scanner = market.scanner.with_past(problem)
        rounds = until_proved(market, pricing)
        solution = solution_of(market, rounds, {}, None, None)
        return _with_fixed(problem, solution, kept, reasons=reasons)

    def _index(self, pair: tuple[str, str]) -> tuple[int, int]:
        if pair[0] not in self.rows or pair[1] not in self.columns:
            raise InvalidDecision(*pair, "a newcomer and a buddy of this plan")
        return self.rows[pair[0]], self.columns[pair[1]]

    def _check(self, kept: Ints) -> None:
        """Refuse what no plan can keep."""
        taken = np.bincount(kept[:, 1], minlength=len(self.problem.buddies))
        seen: set[int] = set()
        for newcomer, buddy in kept.tolist():
            names = self.problem.newcomers[newcomer].id, self.problem.buddies[buddy].id
            if newcomer in seen:
                raise InvalidDecision(*names, "each newcomer fixed once")
            if taken[buddy] > self.problem.capacity[buddy]:
                raise InvalidDecision(
                    *names, f"at most {self.problem.capacity[buddy]} newcomers with this buddy"
                )
            seen.add(newcomer)

    def _copy(self) -> tuple[Market, Pricing]:
        """The market to change, and a pricing that knows that no pair could gain so far."""
        market = self.market.copy()
        floor, offset = market.gains()
        uncut: npt.NDArray[np.bool_] = np.zeros(floor.size, bool)
        return market, Pricing(market.scanner, floor, offset, uncut)


def _with_fixed(problem: Problem, solution: Solution, kept: Ints, *, reasons: bool) -> Plan:
    """The plan of a solution with the fixed pairs in it."""
    mate = solution.mate.copy()
    mate[kept[:, 0]] = kept[:, 1]
    fixed = sum(pair.utility for pair in describe(problem, kept[:, 0], kept[:, 1]))
    whole = replace(solution, mate=mate, objective=solution.objective + fixed, bound=solution.bound + fixed)
    return plan_of(problem, whole, {}, reasons=reasons)
