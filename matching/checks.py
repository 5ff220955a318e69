"""A second hand that judges any assignment, whoever made it, without the solver and its kernels.

Rules and scores of the given pairs come from the readable definitions, distances from geopy; what was missed is
looked for in a table of all newcomers against all buddies (four bytes a pair: 132 MB for 10 000 and 3 300).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
from geopy.distance import great_circle

from matching import scoring
from matching.constraints import rules_of
from matching.describe import criteria_of
from matching.obstacles import Obstacles
from matching.pack import Problem, pack
from matching.types import Buddy, Idf, Newcomer
from matching.weights import Weights

EARTH_KM = 6371.009
Offers = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong with an assignment: a code, whom it concerns, and by how much (millionths or places).

    Codes: unknown_newcomer, unknown_buddy, matched_twice, over_capacity, the codes of RULES, free_pair (two who
    could simply be put together), better_place (a free place fits better), better_exchange (two newcomers would
    gain by changing buddies), price_too_low (a pair is worth more than its prices), price_sum.
    """

    code: str
    newcomer_id: str = ""
    buddy_id: str = ""
    amount: int = 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found, and the sum of the utilities of the known pairs."""

    findings: tuple[Finding, ...]
    objective: int

    @property
    def valid(self) -> bool:
        """Whether nothing was found."""
        return not self.findings


def judge(
    newcomers: Iterable[Newcomer],
    buddies: Iterable[Buddy],
    pairs: Iterable[tuple[str, str]],
    *,
    past: Iterable[tuple[str, str]] = (),
    weights: Weights | None = None,
    as_of: date,
    idf: Idf | None = None,
    prices: tuple[Mapping[str, int], Mapping[str, int], int] | None = None,
) -> Verdict:
    """Judge pairs (newcomer id, buddy id): rules, capacity, missed better pairs and, when given, prices.

    `prices` = newcomer prices, buddy prices, bonus; with them every permitted pair is held against its prices
    and their sum against the objective, which together prove the optimum.
    """
    problem = pack(newcomers, buddies, past=past, weights=weights or Weights(), as_of=as_of, idf=idf)
    court = _Court.of(problem)
    given = list(pairs)
    known = [(court.rows[n], court.columns[b]) for n, b in given if n in court.rows and b in court.columns]
    findings = [*court.names(given), *court.capacity(known), *court.rules(known)]
    objective = sum(court.utility(row, column) for row, column in known)
    offers = court.offers()
    findings += court.missed(known, offers)
    findings += court.exchanges(dict(known), offers)
    if prices is not None:
        findings += court.prices(known, offers, prices, objective)
    return Verdict(tuple(findings), objective)


@dataclass(frozen=True, slots=True)
class _Court:
    problem: Problem
    obstacles: Obstacles
    rarities: tuple[int, ...]
    rows: Mapping[str, int]
    columns: Mapping[str, int]

    @classmethod
    def of(cls, problem: Problem) -> _Court:
        return cls(
            problem,
            Obstacles.of(problem),
            scoring.rarity(problem.idf),
            {person.id: at for at, person in enumerate(problem.newcomers)},
            {person.id: at for at, person in enumerate(problem.buddies)},
        )

    def finding(self, code: str, row: int, column: int, amount: int = 0) -> Finding:
        return Finding(code, self.problem.newcomers[row].id, self.problem.buddies[column].id, amount)

    def names(self, given: list[tuple[str, str]]) -> Iterator[Finding]:
        """Ids that are in neither table, and newcomers who were given two buddies."""
        for newcomer_id, buddy_id in given:
            if newcomer_id not in self.rows:
                yield Finding("unknown_newcomer", newcomer_id, buddy_id)
            if buddy_id not in self.columns:
                yield Finding("unknown_buddy", newcomer_id, buddy_id)
        for newcomer_id, times in sorted(Counter(pair[0] for pair in given).items()):
            if times > 1:
                yield Finding("matched_twice", newcomer_id, amount=times)

    def capacity(self, known: list[tuple[int, int]]) -> Iterator[Finding]:
        """Buddies who were given more newcomers than they take."""
        for column, taken in sorted(Counter(column for _, column in known).items()):
            buddy = self.problem.buddies[column]
            if taken > buddy.capacity:
                yield Finding("over_capacity", buddy_id=buddy.id, amount=taken - buddy.capacity)

    def rules(self, known: list[tuple[int, int]]) -> Iterator[Finding]:
        """Rules that an assigned pair does not meet."""
        past = set(map(tuple, self.problem.past.tolist()))
        for row, column in known:
            newcomer, buddy = self.problem.newcomers[row], self.problem.buddies[column]
            facts = rules_of(
                newcomer, buddy, distance_m=self.metres(row, column), score=self.score(row, column),
                is_past=(row, column) in past, rules=self.problem.weights.rules,
            )  # fmt: skip
            for fact in facts:
                if not fact.passed:
                    yield self.finding(fact.code, row, column)

    def metres(self, row: int, column: int) -> int:
        one, other = self.problem.newcomers[row], self.problem.buddies[column]
        metres: float = great_circle((one.lat, one.lon), (other.lat, other.lon), radius=EARTH_KM).m
        return round(metres)

    def score(self, row: int, column: int) -> int:
        newcomer, buddy = self.problem.newcomers[row], self.problem.buddies[column]
        found = criteria_of(newcomer, buddy, self.metres(row, column), self.rarities, self.problem.weights)
        return scoring.score_of({item.code: item.value for item in found}, self.problem.weights.weights)

    def utility(self, row: int, column: int) -> int:
        return self.score(row, column) + int(self.problem.turn[row])

    def offers(self) -> Offers:
        """Utility of every newcomer (row) with every buddy (column), -1 where the pair is not permitted."""
        table = np.empty((len(self.problem.newcomers), len(self.problem.buddies)), np.int32)
        for row, turn in enumerate(self.problem.turn.tolist()):
            case = self.obstacles.case(row)
            scores = case.scores()
            barred = np.logical_or.reduce(list(case.failed(scores).values()))
            table[row] = np.where(barred, -1, scores + turn)
        return table

    def missed(self, known: list[tuple[int, int]], offers: Offers) -> Iterator[Finding]:
        """Single moves to a free place that would have made the assignment better."""
        mate = dict(known)
        left = self.problem.capacity.copy()
        np.subtract.at(left, np.array([column for _, column in known], np.int64), 1)
        free = np.flatnonzero(left > 0)
        for row, offer in enumerate(offers):
            now = int(offer[mate[row]]) if row in mate else 0
            for column in free[offer[free] > now].tolist():
                code = "better_place" if row in mate else "free_pair"
                yield self.finding(code, row, column, int(offer[column]) - now)

    def exchanges(self, mate: Mapping[int, int], offers: Offers) -> Iterator[Finding]:
        """Two newcomers who would together gain by changing buddies, or one by taking the other's place."""
        others = np.array(sorted(mate), np.int64)
        theirs = np.array([mate[row] for row in others.tolist()], np.int64)
        kept = offers[others, theirs]
        back = np.maximum(offers[others], 0).T.copy()
        for row, offer in enumerate(offers):
            wanted = offer[theirs]
            gain = wanted - kept
            if row in mate:
                gain = gain + back[mate[row]] - offer[mate[row]]
            for at in np.flatnonzero((wanted >= 0) & (gain > 0) & (others != row)).tolist():
                yield self.finding("better_exchange", row, int(theirs[at]), int(gain[at]))

    def prices(
        self,
        known: list[tuple[int, int]],
        offers: Offers,
        prices: tuple[Mapping[str, int], Mapping[str, int], int],
        objective: int,
    ) -> Iterator[Finding]:
        """Permitted pairs worth more than their two prices, and a sum of prices other than the objective."""
        ours, theirs, bonus = prices
        price = np.array([theirs.get(buddy.id, 0) for buddy in self.problem.buddies], np.int64)
        for row, newcomer in enumerate(self.problem.newcomers):
            short = offers[row] + (bonus - price - ours.get(newcomer.id, 0))
            for column in np.flatnonzero((offers[row] >= 0) & (short > 0)).tolist():
                yield self.finding("price_too_low", row, column, int(short[column]))
        paid = sum(ours.values()) + int((price * self.problem.capacity).sum())
        if paid != objective + bonus * len(known) or min([0, *ours.values(), *theirs.values()]) < 0:
            yield Finding("price_sum", amount=paid - objective - bonus * len(known))
