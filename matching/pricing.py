"""Asking all pairs in reach whether they could gain, and asking no pair twice without cause.

A pair that could not gain before can only gain now if one of its two prices has fallen. After the first full
pricing it is enough to look at the rows and columns whose price fell, and at the rows that had more to offer
than was taken.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from matching.candidates import Found, Scanner
from matching.pack import Ints

ROUND_PAIRS = 20
"""Most pairs per row that one pricing adds."""
NOTHING = Found(*(np.zeros(0, np.int64) for _ in range(3)))


@dataclass(slots=True)
class Pricing:
    """The floors and offsets of the last pricing (see Scanner.best), and the rows that were cut off."""

    scanner: Scanner
    floor: Ints | None = None
    offset: Ints | None = None
    cut: npt.NDArray[np.bool_] | None = None

    def find(self, floor: Ints, offset: Ints) -> Found:
        """The pairs that could gain, up to ROUND_PAIRS a row; none at all proves that no pair can."""
        if self.floor is None or self.offset is None or self.cut is None:
            found = self.scanner.best(floor, offset, ROUND_PAIRS)
        else:
            again = (floor < self.floor) | self.cut
            fallen = np.flatnonzero(offset > self.offset)
            rows, others = np.flatnonzero(again), np.flatnonzero(~again)
            parts = [NOTHING]
            if rows.size:
                parts.append(self.scanner.best(floor, offset, ROUND_PAIRS, rows=rows))
            if fallen.size and others.size:
                parts.append(self.scanner.best(floor, offset, ROUND_PAIRS, rows=others, columns=fallen))
            found = Found(*(np.concatenate(column) for column in zip(*parts, strict=True)))
        self.floor, self.offset = floor, offset
        self.cut = np.bincount(found.row, minlength=len(floor)) >= ROUND_PAIRS
        return found
