"""What stands between one newcomer and all buddies, and which single changes of the newcomer open pairs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from matching.interests import SLOTS
from matching.pack import ANY_LANGUAGE, BYTES, GENDER, SLOTS_MASK, TOLD, WISH, Ints, Problem
from matching.reach import distance_m, place_values
from matching.types import Unlock
from matching.validate import MOST_KM

Flags = npt.NDArray[np.bool_]
NEAR_KM = 10
"""So many kilometres farther ask less than one more moment of every week."""
SIZES: Mapping[str, int] = {"availability": 1, "languages": 3, "wish": 4}


@dataclass(frozen=True, slots=True)
class Obstacles:
    """All buddies of a problem as arrays, asked one newcomer at a time."""

    problem: Problem
    speakers: Mapping[str, Flags]

    @classmethod
    def of(cls, problem: Problem) -> Obstacles:
        """Note who speaks what."""
        tags = sorted({tag for buddy in problem.buddies for tag in buddy.languages})
        speakers = {
            tag: np.array([tag in buddy.languages for buddy in problem.buddies], bool) for tag in tags
        }
        return cls(problem, speakers)

    def case(self, row: int) -> Case:
        """The newcomer of that index beside every buddy."""
        problem, left, right = self.problem, self.problem.left, self.problem.right
        here = left.place[row]
        metres = distance_m(
            problem.lat[here], problem.lon[here], problem.lat[right.place], problem.lon[right.place]
        )
        same = problem.province[right.place] == problem.province[here]
        model = problem.model
        fixed = model.w_interests * _interests(problem, row) + model.w_place * place_values(metres, same)
        shares = np.zeros(len(problem.buddies), bool)
        for tag in problem.newcomers[row].languages:
            if tag in self.speakers:
                shares |= self.speakers[tag]
        return Case(problem, self.speakers, row, metres, right.word & left.word[row], shares, fixed)


@dataclass(frozen=True, slots=True)
class Case:
    """One newcomer beside all buddies; every array has an entry per buddy.

    both = what the two words have in common; shares = a shared language besides Dutch; fixed = the part of
    weight times value that no change of moments or languages touches.
    """

    problem: Problem
    speakers: Mapping[str, Flags]
    row: int
    metres: Ints
    both: Ints
    shares: Flags
    fixed: Ints

    def scores(self) -> Ints:
        """Scores with all buddies in millionths, permitted or not."""
        return self._scores(np.arange(self.both.size), self.both & SLOTS_MASK, self.shares)

    def failed(self, scores: Ints) -> dict[str, Flags]:
        """Per rule which buddies fail it, given the scores."""
        problem = self.problem
        past = np.zeros(len(problem.buddies), bool)
        past[problem.past[problem.past[:, 0] == self.row, 1]] = True
        far = (self.metres > problem.left.reach[self.row]) | (self.metres > problem.right.reach)
        return {
            "too_far": far,
            "no_slot": (self.both & SLOTS_MASK) == 0,
            "no_language": ~self.shares & ((self.both & ANY_LANGUAGE) == 0),
            "gender_wish": (self.both & GENDER) != 0,
            "past_pair": past,
            "no_capacity": problem.capacity < 1,
            "low_score": scores < problem.model.min_score,
        }

    def unlocks(self, failed: Mapping[str, Flags]) -> tuple[Unlock, ...]:
        """The single changes that open pairs, smallest first (see `size_of`); of equals, the one that opens most."""
        now = int(self.problem.left.reach[self.row]) // 1000
        opened = (
            *self._farther(failed),
            *self._moments(failed),
            *self._languages(failed),
            *self._no_wish(failed),
        )
        return tuple(sorted(opened, key=lambda unlock: (size_of(unlock, now), -unlock.buddies)))

    def _farther(self, failed: Mapping[str, Flags]) -> Iterator[Unlock]:
        open_to = _none_of(failed, "too_far") & failed["too_far"] & (self.metres <= self.problem.right.reach)
        km = -(-self.metres[open_to] // 1000)
        least = int(km.min(initial=MOST_KM + 1))
        if least <= MOST_KM:
            yield Unlock("max_km", int((km == least).sum()), to=least)

    def _no_wish(self, failed: Mapping[str, Flags]) -> Iterator[Unlock]:
        theirs = (self.both & GENDER & ~WISH) == 0
        open_to = _none_of(failed, "gender_wish") & failed["gender_wish"] & theirs
        if open_to.any():
            yield Unlock("wish", int(open_to.sum()))

    def _moments(self, failed: Mapping[str, Flags]) -> Iterator[Unlock]:
        """One more moment; it can give a first one in common, or lift the score over the least."""
        mine = int(self.problem.left.word[self.row])
        rest = _none_of(failed, "no_slot", "low_score") & (failed["no_slot"] | failed["low_score"])
        at = np.flatnonzero(rest)
        if not mine & TOLD or not at.size:
            return
        theirs = self.problem.right.word[at] & SLOTS_MASK
        for bit, slot in enumerate(SLOTS):
            if mine >> bit & 1:
                continue
            common = (mine | 1 << bit) & theirs
            scores = self._scores(at, common, self.shares[at])
            count = int(((common != 0) & (scores >= self.problem.model.min_score)).sum())
            if count:
                yield Unlock("availability", count, add=slot)

    def _languages(self, failed: Mapping[str, Flags]) -> Iterator[Unlock]:
        """One more language; it can give a first one in common, or lift the score over the least."""
        spoken = self.problem.newcomers[self.row].languages
        rest = _none_of(failed, "no_language", "low_score") & (failed["no_language"] | failed["low_score"])
        for tag, speaks in self.speakers.items():
            at = np.flatnonzero(rest & speaks)
            if tag in spoken or not at.size:
                continue
            scores = self._scores(at, self.both[at] & SLOTS_MASK, np.ones(at.size, bool))
            count = int((scores >= self.problem.model.min_score).sum())
            if count:
                yield Unlock("languages", count, add=tag)

    def _scores(self, at: Ints, slots: Ints, shares: Flags) -> Ints:
        """Scores with the buddies `at`, given for each the moments in common and whether a language is shared."""
        model, left = self.problem.model, self.problem.left
        marks = model.slot_values[np.minimum(np.bitwise_count(slots).astype(np.int64), 3)]
        moments = np.where((self.both[at] & TOLD) != 0, marks, model.neutral_availability)
        dutch, other = left.dutch[self.row], left.other[self.row]
        language = np.where(shares, max(dutch, other), dutch)
        total = self.fixed[at] + model.w_availability * moments + model.w_languages * language
        return half_even(total, model.whole)


def size_of(unlock: Unlock, now_km: int) -> int:
    """How much a change asks of somebody who now travels `now_km`: the smaller, the sooner it is named.

    0 = a little farther (up to NEAR_KM more), 1 = one more moment, 2 = farther than that, 3 = one more language,
    4 = letting go of a wish about a woman or a man, which is never named before anything else.
    """
    if unlock.to is not None:
        return 0 if unlock.to - now_km <= NEAR_KM else 2
    return SIZES[unlock.change]


def _interests(problem: Problem, row: int) -> Ints:
    """Value of the interests with every buddy, in millionths."""
    model, left, right = problem.model, problem.left, problem.right
    common = right.interests & left.interests[row]
    squares: npt.NDArray[Any] = np.zeros(len(common))
    for byte in range(BYTES):
        squares += model.squares[256 * byte + (common >> 8 * byte & 255)]
    told = (right.interests != 0) & (left.interests[row] != 0)
    norm = np.where(told, left.norm[row] * right.norm, 1.0)
    value = np.rint(1e6 * squares / norm).astype(np.int64)
    return np.where(told, value, model.neutral_interests)


def _none_of(failed: Mapping[str, Flags], *but: str) -> Flags:
    """Which buddies fail no rule besides the named ones."""
    result = ~np.zeros_like(failed["too_far"])
    for code, flags in failed.items():
        if code not in but:
            result &= ~flags
    return result


def half_even(numerator: Ints, denominator: int) -> Ints:
    """numerator / denominator rounded to whole numbers, halves to the even one (see scoring.half_even)."""
    quotient = numerator // denominator
    twice = 2 * (numerator - quotient * denominator)
    up = (twice > denominator) | ((twice == denominator) & (quotient % 2 == 1))
    rounded: Ints = quotient + up
    return rounded
