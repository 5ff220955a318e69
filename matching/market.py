"""The pairs known so far, with an assignment and prices on them that are optimal among these pairs.

People are named by where they stand in the scanner, which is by place: who compete for each other stand together,
and so do their prices in memory.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from matching import auction, compiled, ends, solver
from matching.auction import Hall
from matching.candidates import Found, Scanner
from matching.edges import turn_round
from matching.heap import FAR, UNSEEN, Search
from matching.pack import Crowd, Ints
from matching.solver import Edges, Graph, State

PATIENCE = 20
"""A repair that looks at more than this many times all edges is given up: from nothing it takes about as many."""
FEW = 30
"""Fewer new pairs than one in so many are mended; with more it is quicker to begin again."""


@dataclass(slots=True)
class Market:
    """Edges of the rows of a scanner with a worth, buddy of each newcomer (-1 = none) and prices of both sides.

    Newcomers who were let in later stand behind those of the scanner; who is `closed` takes part no more.
    """

    scanner: Scanner
    turn: Ints
    capacity: Ints
    bonus: int
    row: Ints
    column: Ints
    worth: Ints
    mate: Ints
    u: Ints
    p: Ints
    closed: npt.NDArray[np.bool_]
    begin_again: bool = True

    @classmethod
    def of(cls, scanner: Scanner, bonus: int) -> Market:
        """A market without pairs."""
        left, right = _sides(scanner)
        none, many = np.zeros(0, np.int64), len(left.who)
        problem = scanner.problem
        capacity = np.minimum(problem.capacity[right.who], many + 1)  # one always free stays so
        return cls(
            scanner, problem.turn[left.who], capacity, bonus, none, none, none, np.full(many, -1, np.int64),
            np.zeros(many, np.int64), np.zeros(len(right.who), np.int64), np.zeros(many, bool),
        )  # fmt: skip

    def copy(self) -> Market:
        """A market to change; edges are never changed in place and stay shared."""
        return replace(
            self, capacity=self.capacity.copy(), mate=self.mate.copy(), u=self.u.copy(), p=self.p.copy(),
            closed=self.closed.copy(),
        )  # fmt: skip

    def sides(self) -> tuple[Crowd, Crowd]:
        """Newcomers and buddies as they stand in the scanner."""
        return _sides(self.scanner)

    @property
    def by_newcomer(self) -> bool:
        """Whether newcomers are the rows, and begin: so when there are places enough."""
        return self.scanner.by_newcomer

    def add(self, found: Found) -> None:
        """Add pairs that are not known yet."""
        self.begin_again = found.row.size * FEW > self.row.size
        row = np.concatenate([self.row, found.row])
        order = np.argsort(row, kind="stable")
        newcomer = found.row if self.by_newcomer else found.column
        worth = found.score + self.turn[newcomer] + self.bonus
        self.row = row[order]
        self.column = np.concatenate([self.column, found.column])[order]
        self.worth = np.concatenate([self.worth, worth])[order]

    def gains(self) -> tuple[Ints, Ints]:
        """Floor of each row and offset of each column, so that score + offset > floor means: could gain."""
        own = np.where(self.closed, -FAR, self.turn + self.bonus - self.u)[: len(self.sides()[0].who)]
        return (-own, -self.p) if self.by_newcomer else (self.p, own)

    def take_up(self, pairs: Ints) -> None:
        """Seat the pairs (newcomer, buddy) that are tight at the present prices, as far as there are places."""
        newcomer, buddy = self._ends()
        tight = self.worth == self.u[newcomer] + self.p[buddy]
        tight &= np.isin(newcomer * len(self.p) + buddy, pairs[:, 0] * len(self.p) + pairs[:, 1])
        self.mate[newcomer[tight]] = buddy[tight]
        self._unseat_over()
        self.begin_again = False

    def close(self, newcomers: Ints) -> None:
        """Newcomers who take part no more."""
        self.closed[newcomers] = True
        self.mate[newcomers], self.u[newcomers] = -1, 0
        self._keep(~self.closed[self._ends()[0]])

    def let_in(self, turn: int, buddies: Ints, scores: Ints) -> int:
        """One more newcomer with all permitted pairs; where the newcomer stands."""
        place = len(self.u)
        self.turn, self.u = np.append(self.turn, turn), np.append(self.u, 0)
        self.mate, self.closed = np.append(self.mate, -1), np.append(self.closed, False)
        mine = np.full(buddies.size, place)
        self.add(Found(mine, buddies, scores) if self.by_newcomer else Found(buddies, mine, scores))
        self.begin_again = False
        return place

    def take_places(self, taken: Ints) -> None:
        """Take places away, so many from each buddy."""
        self.capacity -= taken
        self._unseat_over()

    def forbid(self, newcomers: Ints, buddies: Ints) -> None:
        """Pairs that may not come."""
        newcomer, buddy = self._ends()
        barred = newcomers * len(self.p) + buddies
        self._keep(~np.isin(newcomer * len(self.p) + buddy, barred))
        apart = newcomers[self.mate[newcomers] == buddies]
        self.mate[apart] = -1

    def _ends(self) -> tuple[Ints, Ints]:
        """Newcomer and buddy of each edge."""
        return (self.row, self.column) if self.by_newcomer else (self.column, self.row)

    def _keep(self, edges: npt.NDArray[np.bool_]) -> None:
        self.row, self.column, self.worth = self.row[edges], self.column[edges], self.worth[edges]

    def _unseat_over(self) -> None:
        """Take newcomers off buddies who have more of them than places: the prices stay a valid start."""
        matched = np.flatnonzero(self.mate >= 0)
        matched = matched[np.argsort(self.mate[matched], kind="stable")]
        buddy = self.mate[matched]
        rank = np.arange(matched.size) - np.searchsorted(buddy, buddy)
        self.mate[matched[rank >= self.capacity[buddy]]] = -1

    def settle(self) -> None:
        """Bring assignment and prices to an optimum on all pairs known."""
        if self.begin_again or not self._run(solver.solve, False, PATIENCE * self.row.size):
            self.u, self.p = np.zeros_like(self.u), np.zeros_like(self.p)
            self.mate = np.full_like(self.mate, -1)
            if self.by_newcomer:
                self._hold_auction()
            self._run(solver.solve, not self.by_newcomer, FAR)
        self.begin_again = False

    def _hold_auction(self) -> None:
        """Begin from prices that are about right."""
        seat_ptr = np.concatenate([[0], np.cumsum(self.capacity)]).astype(np.int64)
        seats, buddies = int(seat_ptr[-1]), len(self.p)
        hall = Hall(
            seat_ptr, *(np.zeros(size, np.int64) for size in (seats, seats, buddies, buddies, buddies))
        )
        graph = self._graph()
        compiled.call(auction.rough_prices, self.scanner.plain, graph.newcomers, hall, self.p, auction.STEP)

    def lower(self) -> None:
        """Settle, then lower the prices of the buddies as far as the pairs known allow."""
        self.settle()
        self._run(ends.lower_prices)

    def higher(self) -> None:
        """Settle, then raise the prices of the buddies as far as the pairs known allow."""
        self.settle()
        self._run(ends.raise_prices)

    def objective(self) -> int:
        """Sum of what the matched pairs are worth, without the bonus: from the edges, not from the prices."""
        newcomer, buddy = self._ends()
        taken = self.mate[newcomer] == buddy
        return int((self.worth[taken] - self.bonus).sum())

    def bound(self) -> int:
        """What the prices say that no assignment of so many pairs can exceed, without the bonus."""
        priced = int(self.u.sum()) + int((self.p * self.capacity).sum())
        return priced - self.bonus * int((self.mate >= 0).sum())

    def _run(self, work: Callable[..., Any], *options: int) -> Any:
        graph, state = self._graph(), self._state()
        count = len(self.p)

        def full(value: int, size: int = count + 1) -> Ints:
            return np.full(size, value, np.int64)

        search = Search(
            distance=full(FAR), mover=full(-1), heir=full(-1), place=full(UNSEEN), key=full(0), node=full(0),
            touched=full(0), queue=full(0), waiting=full(0), work=full(0, 1),
        )  # fmt: skip
        done = compiled.call(work, self.scanner.plain, graph, state, search, *options)
        self.mate, self.u, self.p = state.mate, state.u, state.p
        return done

    def _graph(self) -> Graph:
        sizes = len(self.u), len(self.p)
        rows, columns = sizes if self.by_newcomer else sizes[::-1]
        ptr = np.concatenate([[0], np.cumsum(np.bincount(self.row, minlength=rows))]).astype(np.int64)
        mine = Edges(ptr, self.column, self.worth)
        theirs = Edges(np.zeros(columns + 1, np.int64), np.zeros_like(self.column), np.zeros_like(self.worth))
        compiled.call(turn_round, self.scanner.plain, mine, theirs)
        return Graph(mine, theirs) if self.by_newcomer else Graph(theirs, mine)

    def _state(self) -> State:
        """The assignment of the last settling as seats."""
        seat_ptr = np.concatenate([[0], np.cumsum(self.capacity)]).astype(np.int64)
        matched = np.flatnonzero(self.mate >= 0)
        matched = matched[np.argsort(self.mate[matched], kind="stable")]
        buddy = self.mate[matched]
        used = np.bincount(buddy, minlength=len(self.p)).astype(np.int64)
        seat = np.full(int(seat_ptr[-1]), -1, np.int64)
        first = np.cumsum(used) - used
        seat[seat_ptr[buddy] + np.arange(matched.size) - first[buddy]] = matched
        return State(self.mate.copy(), seat, seat_ptr, used, self.u.copy(), self.p.copy())


def _sides(scanner: Scanner) -> tuple[Crowd, Crowd]:
    return (scanner.rows, scanner.columns) if scanner.by_newcomer else (scanner.columns, scanner.rows)
