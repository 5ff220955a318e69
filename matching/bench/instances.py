"""What is solved: made-up populations of three balances, and the pairs a peer is given of them."""

from __future__ import annotations

import pickle
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np

from matching.candidates import LOWEST, Found, Scanner
from matching.market import Market
from matching.pack import Crowd, Ints, Problem, pack
from matching.population import AS_OF, generate
from matching.types import Buddy, Newcomer
from matching.weights import Weights

Balance = Literal["scarce", "plentiful", "balanced"]
BALANCES: tuple[Balance, ...] = ("scarce", "plentiful", "balanced")
People = tuple[tuple[Newcomer, ...], tuple[Buddy, ...]]
ALL = 0
"""Stands for all permitted pairs where otherwise the number of best pairs per newcomer stands."""


class Edges(NamedTuple):
    """Permitted pairs as indices, sorted by newcomer and buddy, with their utilities in millionths."""

    newcomer: Ints
    buddy: Ints
    weight: Ints


@dataclass(frozen=True, slots=True)
class Instance:
    """A population by its number of newcomers, its balance of places and its seed."""

    newcomers: int
    balance: Balance
    seed: int

    @property
    def buddies(self) -> int:
        """A third as many where places are scarce, else as many as newcomers."""
        return max(1, round(self.newcomers / 3)) if self.balance == "scarce" else self.newcomers

    def people(self) -> People:
        """The made-up people; balanced ones have exactly a place per newcomer.

        For that, places are taken from (or given to) buddies drawn at random, every place equally likely.
        """
        newcomers, buddies = generate(self.newcomers, self.buddies, self.seed)
        if self.balance != "balanced":
            return newcomers, buddies
        random = np.random.default_rng([self.seed, self.newcomers])
        capacity = np.array([buddy.capacity for buddy in buddies], np.int64)
        over = int(capacity.sum()) - self.newcomers
        places = np.repeat(np.arange(len(buddies)), capacity)
        drawn = (
            random.choice(places, over, replace=False)
            if over > 0
            else random.integers(0, len(buddies), -over)
        )
        capacity -= np.sign(over) * np.bincount(drawn, minlength=len(buddies))
        return newcomers, tuple(
            replace(buddy, capacity=many) for buddy, many in zip(buddies, capacity.tolist(), strict=True)
        )


def packed(people: People) -> Problem:
    """The people as the solver takes them, with the published weights."""
    newcomers, buddies = people
    return pack(newcomers, buddies, past=(), weights=Weights(), as_of=AS_OF, idf=None)


def permitted(problem: Problem) -> int:
    """How many pairs are permitted."""
    return Scanner.of(problem, by_newcomer=True).count()


def edges_of(problem: Problem, best: int) -> Edges:
    """The `best` pairs of each newcomer by utility, or ALL."""
    scanner = Scanner.of(problem, by_newcomer=True)
    if best == ALL:
        found = scanner.all()
    else:
        floor = np.full(len(scanner.rows.who), LOWEST, np.int64)
        found = scanner.best(floor, np.zeros(len(scanner.columns.who), np.int64), best)
    newcomer, buddy = scanner.rows.who[found.row], scanner.columns.who[found.column]
    order = np.lexsort((buddy, newcomer))
    weight = found.score + problem.turn[newcomer]
    return Edges(newcomer[order], buddy[order], weight[order])


def solve_edges(problem: Problem, edges: Edges) -> Ints:
    """Our solver on given pairs alone: the buddy of each newcomer, -1 = none."""
    scarce = int(problem.capacity.sum()) < len(problem.newcomers)
    scanner = Scanner.of(problem, by_newcomer=not scarce, compiled_too=True)
    sides = (scanner.columns, scanner.rows) if scarce else (scanner.rows, scanner.columns)
    newcomer, buddy = (
        _standing(side, many)[index]
        for side, many, index in zip(
            sides,
            (len(problem.newcomers), len(problem.buddies)),
            (edges.newcomer, edges.buddy),
            strict=True,
        )
    )
    market = Market.of(scanner, 0)
    row, column = (buddy, newcomer) if scarce else (newcomer, buddy)
    market.add(Found(row, column, edges.weight - problem.turn[edges.newcomer]))
    market.settle()
    mate = np.full(len(problem.newcomers), -1, np.int64)
    matched = np.flatnonzero(market.mate >= 0)
    mate[sides[0].who[matched]] = sides[1].who[market.mate[matched]]
    return mate


def _standing(side: Crowd, many: int) -> Ints:
    """Where each person stands in a side; who has no place stands nowhere and has no pair."""
    stands = np.full(many, -1, np.int64)
    stands[side.who] = np.arange(side.who.size)
    return stands


def worth(problem: Problem, edges: Edges, mate: Ints) -> tuple[int, int]:
    """Sum of utilities (millionths) and number of pairs of an assignment; ValueError when it is none."""
    row = np.flatnonzero(mate >= 0)
    count = max(1, len(problem.buddies))
    key, mine = edges.newcomer * count + edges.buddy, row * count + mate[row]
    at = np.minimum(np.searchsorted(key, mine), max(0, len(key) - 1))
    taken = np.bincount(mate[row], minlength=len(problem.buddies))
    if (row.size and not (key[at] == mine).all()) or (taken > problem.capacity).any():
        raise ValueError("an assignment of pairs that were not given, or of more than the places")
    return int(edges.weight[at].sum()) if row.size else 0, int(row.size)


def store(folder: Path, problem: Problem) -> None:
    """Keep the arrays of a problem; solving needs no texts, so one person stands for all of a side."""
    bare = replace(
        problem, newcomers=problem.newcomers[:1] * len(problem.newcomers),
        buddies=problem.buddies[:1] * len(problem.buddies),
    )  # fmt: skip
    with (folder / "problem").open("wb") as file:
        pickle.dump(bare, file, protocol=5)


def stored(folder: Path) -> Problem:
    """The arrays that `store` kept in a folder of our own making."""
    with (folder / "problem").open("rb") as file:
        problem: Problem = pickle.load(file)  # noqa: S301 - written by this run, in its own folder
    return problem


def store_edges(folder: Path, best: int, edges: Edges) -> None:
    """Keep pairs as plain arrays."""
    for name, array in edges._asdict().items():
        np.save(folder / f"{name}-{best}.npy", array)


def stored_edges(folder: Path, best: int) -> Edges:
    """The pairs that `store_edges` kept."""
    return Edges(*(np.load(folder / f"{name}-{best}.npy") for name in Edges._fields))
