"""Finding pairs: the scan over everybody in reach, from either side, in blocks that run side by side."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from matching import compiled, scan
from matching.blocks import blocks_wanted, spread
from matching.describe import describe
from matching.kernels import Best, Past
from matching.pack import Crowd, Ints, Model, Problem, pack
from matching.reach import Reach, find_reach
from matching.scan import BUCKETS, CHUNK, Around
from matching.types import Buddy, Idf, Newcomer, Pair
from matching.weights import Weights

PLAIN_PAIRS = 6_000
"""Up to this many pairs plain Python is quicker than loading the compiler."""
BLOCK_PAIRS = 200_000_000
"""From this many pairs on the scan is worth splitting over threads."""
LOWEST = -(1 << 60)
EVERYBODY = 1 << 60


class Found(NamedTuple):
    """Pairs as places in the rows and columns of a scanner, by row, with their scores."""

    row: Ints
    column: Ints
    score: Ints


@dataclass(frozen=True, slots=True)
class Scanner:
    """One side as rows, the other as columns, with the places in reach of each other.

    `rows` and `columns` are sorted by place, so that who lives near stands near; buddies are only those with a
    capacity. A person is named by where it stands there; `who` leads back to the index in the problem, `stands`
    from the index of a column to where it stands.
    """

    problem: Problem
    by_newcomer: bool
    rows: Crowd
    columns: Crowd
    reach: Reach
    past: Past
    stands: Ints
    room: int
    plain: bool

    @classmethod
    def of(cls, problem: Problem, *, by_newcomer: bool, compiled_too: bool | None = None) -> Scanner:
        """Prepare a scan; `compiled_too` overrides the choice by size (it changes the speed alone)."""
        able = np.flatnonzero(problem.capacity > 0)
        buddies = _take(problem.right, able[np.argsort(problem.right.place[able], kind="stable")])
        newcomers = _take(problem.left, np.argsort(problem.left.place, kind="stable"))
        rows, columns = (newcomers, buddies) if by_newcomer else (buddies, newcomers)
        limit = np.zeros(problem.lat.size, np.int64)
        np.maximum.at(limit, rows.place, rows.reach)
        farthest = int(columns.reach.max(initial=0))
        reach = find_reach(problem, np.unique(rows.place), np.unique(columns.place), limit, farthest)
        stands = np.full(max(len(problem.left.word), len(problem.right.word)), -1, np.int64)
        stands[columns.who] = np.arange(columns.who.size)
        small = len(rows.word) * len(columns.word) <= PLAIN_PAIRS
        return cls(
            problem, by_newcomer, rows, columns, reach, _past(problem, by_newcomer), stands, _room(reach, columns),
            small if compiled_too is None else not compiled_too,
        )  # fmt: skip

    def with_past(self, problem: Problem) -> Scanner:
        """The same scanner for a problem that differs in its past pairs alone."""
        return replace(self, problem=problem, past=_past(problem, self.by_newcomer))

    def one_newcomer(self, problem: Problem, index: int) -> Scanner:
        """A scanner for one newcomer of a problem that has the same buddies, and perhaps newcomers who came later."""
        buddies = self.columns if self.by_newcomer else self.rows
        row = _take(problem.left, np.array([index]))
        limit = np.zeros(problem.lat.size, np.int64)
        limit[row.place] = row.reach
        reach = find_reach(
            problem, row.place, np.unique(buddies.place), limit, int(buddies.reach.max(initial=0))
        )
        stands = np.full(len(problem.right.word), -1, np.int64)
        stands[buddies.who] = np.arange(buddies.who.size)
        room = _room(reach, buddies)
        return Scanner(problem, True, row, buddies, reach, _past(problem, True), stands, room, self.plain)

    def best(
        self,
        floor: Ints,
        offset: Ints,
        most: int,
        *,
        rows: Ints | None = None,
        columns: Ints | None = None,
        visit: int = EVERYBODY,
    ) -> Found:
        """The `most` pairs of each row with the largest score + offset, of those above the row's floor.

        floor and offset have an entry per row and column; `rows` and `columns` limit the scan to some of them;
        with `visit` each row looks only at so many columns, those first that seem to bring most.
        """
        chosen = np.arange(len(self.rows.word)) if rows is None else rows
        mine = _take(self.rows, chosen)._replace(offset=floor[chosen])
        others = self._sorted_columns(offset, columns)
        best = self._scan(mine, others, np.full(chosen.size, min(most, len(others.word)), np.int64), visit)
        return self._collect(chosen, best)

    def all(self) -> Found:
        """Every permitted pair."""
        rows, columns = self._open()
        counted = self._scan(rows, columns, np.zeros(len(rows.word), np.int64))
        return self._collect(np.arange(len(rows.word)), self._scan(rows, columns, counted.found))

    def count(self) -> int:
        """How many permitted pairs there are."""
        rows, columns = self._open()
        return int(self._scan(rows, columns, np.zeros(len(rows.word), np.int64)).found.sum())

    def _open(self) -> tuple[Crowd, Crowd]:
        rows = self.rows._replace(offset=np.full(len(self.rows.word), LOWEST, np.int64))
        return rows, self._sorted_columns(np.zeros(len(self.columns.word), np.int64))

    def _sorted_columns(self, offset: Ints, only: Ints | None = None) -> Crowd:
        """The columns by place and falling offset."""
        chosen = np.arange(offset.size) if only is None else only
        place = self.columns.place[chosen]
        chosen = chosen[np.lexsort((-offset[chosen], place))]
        counts = np.bincount(place, minlength=self.problem.lat.size)
        start = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        return _take(self.columns, chosen)._replace(offset=offset[chosen], start=start)

    def _scan(self, rows: Crowd, columns: Crowd, sizes: Ints, visit: int = EVERYBODY) -> Best:
        ptr = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        pairs = len(rows.word) * len(columns.word)
        wanted = blocks_wanted() if pairs > BLOCK_PAIRS else 1
        edges = np.unique(np.linspace(0, len(rows.word), wanted + 1).astype(np.int64))
        blocks = [
            (_slice(rows, low, high), ptr[low : high + 1] - ptr[low], visit, self.room, self.plain)
            for low, high in pairwise(edges.tolist())
        ]
        parts = spread(scan_block, blocks, (columns, self.reach, self.problem.model, self.past))
        if not parts:
            empty = np.zeros(0, np.int64)
            return Best(ptr, empty, empty, empty, empty)
        total, who, score, found = (np.concatenate(column) for column in zip(*parts, strict=True))
        return Best(ptr, total, who, score, found)

    def _collect(self, rows: Ints, best: Best) -> Found:
        row = np.repeat(rows, np.diff(best.ptr))
        kept = best.who >= 0
        return Found(row[kept], self.stands[best.who[kept]], best.score[kept])


def scan_block(  # noqa: PLR0917 - sent to other processes as it stands
    rows: Crowd,
    ptr: Ints,
    visit: int,
    room: int,
    plain: bool,
    columns: Crowd,
    reach: Reach,
    model: Model,
    past: Past,
) -> tuple[Ints, Ints, Ints, Ints]:
    """Scan some rows and give back total, index (-1 = nothing), score of the kept pairs and counts.

    Takes and gives plain arrays, so that a block can run in another thread, process or machine.
    """
    count = len(rows.word)
    size = int(ptr[-1])
    best = Best(
        ptr, np.zeros(size, np.int64), np.full(size, -1, np.int64), np.zeros(size, np.int64),
        np.zeros(count, np.int64),
    )  # fmt: skip
    around = _around(room)
    compiled.call(scan.scan_rows, plain, 0, count, visit, rows, columns, reach, model, past, best, around)
    return best.total, best.who, best.score, best.found


def _around(room: int) -> Around:
    def ints(size: int = room) -> Ints:
        return np.zeros(size, np.int64)

    return Around(
        word=ints(), interests=ints(), worth=np.zeros(room), inverse=np.zeros(room), dutch=ints(), other=ints(),
        metre=ints(), gross=ints(), column=ints(), entry=ints(room + 1), met=ints(room + 1),
        brought=ints(room + 1), bucket=ints(BUCKETS + 3), common=ints(CHUNK), estimate=np.zeros(CHUNK),
        kept=ints(max(room, CHUNK) + 1),
    )  # fmt: skip


def score_pairs(
    newcomers: Iterable[Newcomer],
    buddies: Iterable[Buddy],
    *,
    past: Iterable[tuple[str, str]] = (),
    weights: Weights | None = None,
    as_of: date,
    idf: Idf | None = None,
    top: int | None = None,
) -> tuple[Pair, ...]:
    """Every permitted pair, or the `top` best per newcomer, by newcomer, score downwards, then buddy."""
    problem = pack(newcomers, buddies, past=past, weights=weights or Weights(), as_of=as_of, idf=idf)
    return scored(problem, top)


def scored(problem: Problem, top: int | None) -> tuple[Pair, ...]:
    """`score_pairs` for people that are packed already."""
    scanner = Scanner.of(problem, by_newcomer=True)
    if top is None:
        found = scanner.all()
    else:
        nobody = np.full(len(problem.left.word), LOWEST, np.int64)
        found = scanner.best(nobody, np.zeros(len(scanner.columns.word), np.int64), top)
    newcomer, buddy = scanner.rows.who[found.row], scanner.columns.who[found.column]
    order = np.lexsort((buddy, -found.score, newcomer))
    return describe(problem, newcomer[order], buddy[order])


def _take(crowd: Crowd, at: Ints) -> Crowd:
    words = len(crowd.more) // max(1, len(crowd.word))
    more = crowd.more.reshape(len(crowd.word), words)[at].reshape(-1)
    arrays = {name: value[at] for name, value in crowd._asdict().items() if name not in ("more", "start")}
    return Crowd(**arrays, more=more, start=crowd.start)


def _slice(crowd: Crowd, low: int, high: int) -> Crowd:
    words = len(crowd.more) // max(1, len(crowd.word))
    arrays = {n: v[low:high] for n, v in crowd._asdict().items() if n not in ("more", "start")}
    return Crowd(**arrays, more=crowd.more[low * words : high * words], start=crowd.start)


def _room(reach: Reach, columns: Crowd) -> int:
    """The most columns that are in reach of one place."""
    each = np.bincount(columns.place, minlength=len(reach.ptr))[reach.place]
    sums = np.concatenate([[0], np.cumsum(each)])
    return int((sums[reach.ptr[1:]] - sums[reach.ptr[:-1]]).max(initial=0))


def _past(problem: Problem, by_newcomer: bool) -> Past:
    row, column = problem.past[:, 0], problem.past[:, 1]
    count = len(problem.left.word)
    if not by_newcomer:
        row, column, count = column, row, len(problem.right.word)
    order = np.argsort(row, kind="stable")
    ptr = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=count))]).astype(np.int64)
    return Past(ptr, column[order].copy())
