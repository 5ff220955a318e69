"""What stands between one newcomer and all buddies, and which single changes of the newcomer open pairs."""

from __future__ import annotations

from collections.abc import Mapping
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

    def failed(self, row: int, scores: Ints | None = None) -> dict[str, Flags]:
        """Per rule which buddies fail it; `scores` are those of `scores_of`, where they are known already."""
        problem, metres, both = self.problem, self._metres(row), self._both(row)
        past = np.zeros(len(problem.buddies), bool)
        past[problem.past[problem.past[:, 0] == row, 1]] = True
        far = (metres > problem.left.reach[row]) | (metres > problem.right.reach)
        shares = self._shares(row)
        return {
            "too_far": far,
            "no_slot": (both & SLOTS_MASK) == 0,
            "no_language": ~shares & ((both & ANY_LANGUAGE) == 0),
            "gender_wish": (both & GENDER) != 0,
            "past_pair": past,
            "no_capacity": problem.capacity < 1,
            "low_score": (self.scores_of(row) if scores is None else scores) < problem.model.min_score,
        }

    def unlocks(self, row: int, failed: Mapping[str, Flags]) -> tuple[Unlock, ...]:
        """The single changes that open pairs, smallest first (see `size_of`); of equals, the one that opens most."""
        now = int(self.problem.left.reach[row]) // 1000
        opened = (
            *self._farther(row, failed),
            *self._moments(row, failed),
            *self._languages(row, failed),
            *self._no_wish(row, failed),
        )
        return tuple(sorted(opened, key=lambda unlock: (size_of(unlock, now), -unlock.buddies)))

    def scores_of(self, row: int) -> Ints:
        """Scores of the newcomer with all buddies, permitted or not."""
        return self._scores(row, self._both(row) & SLOTS_MASK, self._shares(row))

    def _farther(self, row: int, failed: Mapping[str, Flags]) -> list[Unlock]:
        metres = self._metres(row)
        km = -(-metres // 1000)
        open_to = _none_of(failed, "too_far") & failed["too_far"] & (metres <= self.problem.right.reach)
        open_to &= km <= MOST_KM
        if not open_to.any():
            return []
        least = int(km[open_to].min())
        return [Unlock("max_km", int((open_to & (km <= least)).sum()), to=least)]

    def _no_wish(self, row: int, failed: Mapping[str, Flags]) -> list[Unlock]:
        theirs = (self._both(row) & GENDER & ~WISH) == 0
        open_to = _none_of(failed, "gender_wish") & failed["gender_wish"] & theirs
        return [Unlock("wish", int(open_to.sum()))] if open_to.any() else []

    def _moments(self, row: int, failed: Mapping[str, Flags]) -> list[Unlock]:
        """One more moment; it can give a first one in common, or lift the score over the least."""
        mine, theirs = int(self.problem.left.word[row]), self.problem.right.word
        if not mine & TOLD:
            return []
        rest = _none_of(failed, "no_slot", "low_score") & (failed["no_slot"] | failed["low_score"])
        shares, found = self._shares(row), []
        for bit, slot in enumerate(SLOTS):
            if mine >> bit & 1 or not rest.any():
                continue
            common = (mine | 1 << bit) & theirs & SLOTS_MASK
            scores = self._scores(row, common, shares)
            count = int((rest & (common != 0) & (scores >= self.problem.model.min_score)).sum())
            if count:
                found.append(Unlock("availability", count, add=slot))
        return found

    def _languages(self, row: int, failed: Mapping[str, Flags]) -> list[Unlock]:
        """One more language; it can give a first one in common, or lift the score over the least."""
        spoken = self.problem.newcomers[row].languages
        rest = _none_of(failed, "no_language", "low_score") & (failed["no_language"] | failed["low_score"])
        common, shares, found = self._both(row) & SLOTS_MASK, self._shares(row), []
        for tag, speaks in self.speakers.items():
            if tag in spoken or not (rest & speaks).any():
                continue
            scores = self._scores(row, common, shares | speaks)
            count = int((rest & speaks & (scores >= self.problem.model.min_score)).sum())
            if count:
                found.append(Unlock("languages", count, add=tag))
        return found

    def _metres(self, row: int) -> Ints:
        problem, other = self.problem, self.problem.right.place
        here = problem.left.place[row]
        return distance_m(problem.lat[here], problem.lon[here], problem.lat[other], problem.lon[other])

    def _both(self, row: int) -> Ints:
        both: Ints = self.problem.right.word & self.problem.left.word[row]
        return both

    def _shares(self, row: int) -> Flags:
        shares = np.zeros(len(self.problem.buddies), bool)
        for tag in self.problem.newcomers[row].languages:
            if tag in self.speakers:
                shares |= self.speakers[tag]
        return shares

    def _scores(self, row: int, slots: Ints, shares: Flags) -> Ints:
        """Scores with all buddies, given the moments in common and whether a language besides Dutch is shared."""
        problem, model = self.problem, self.problem.model
        left, right = problem.left, problem.right
        told = (right.word & left.word[row] & TOLD) != 0
        marks = model.slot_values[np.minimum(np.bitwise_count(slots).astype(np.int64), 3)]
        moments = np.where(told, marks, model.neutral_availability)
        language = np.where(shares, max(left.dutch[row], left.other[row]), left.dutch[row])
        same = problem.province[right.place] == problem.province[left.place[row]]
        total = (
            model.w_interests * self._interests(row)
            + model.w_availability * moments
            + model.w_place * place_values(self._metres(row), same)
            + model.w_languages * language
        )
        return half_even(total, model.whole)

    def _interests(self, row: int) -> Ints:
        model, left, right = self.problem.model, self.problem.left, self.problem.right
        common = right.interests & left.interests[row]
        squares: npt.NDArray[Any] = np.zeros(len(common))
        for byte in range(BYTES):
            squares += model.squares[256 * byte + (common >> 8 * byte & 255)]
        told = (right.interests != 0) & (left.interests[row] != 0)
        norm = np.where(told, left.norm[row] * right.norm, 1.0)
        value = np.rint(1e6 * squares / norm).astype(np.int64)
        return np.where(told, value, model.neutral_interests)


def size_of(unlock: Unlock, now_km: int) -> int:
    """How much a change asks of somebody who now travels `now_km`: the smaller, the sooner it is named.

    0 = a little farther (up to NEAR_KM more), 1 = one more moment, 2 = farther than that, 3 = one more language,
    4 = letting go of a wish about a woman or a man, which is never named before anything else.
    """
    if unlock.change == "max_km":
        return 0 if (unlock.to or 0) - now_km <= NEAR_KM else 2
    return SIZES[unlock.change]


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
