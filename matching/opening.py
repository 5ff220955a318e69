"""Where to begin when places are scarce: whom a place will hardly ever go to, and who is sure to have one.

With few places the newcomers whose turn it is have the choice of buddies, and most of what they bring beside the
score is theirs: it does not tell one buddy from another. The turn above which there are as many places near a
home as newcomers is a good guess of where that begins.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from matching.pack import Ints, Problem

NEAR_M = 10_000
CELL_M = 5_000
STEPS = 64
METRES_PER_DEGREE = 111_195.0


def opening_prices(problem: Problem) -> Ints:
    """For each newcomer the part of the turn above that of the last one near home who may find a place."""
    centre, cell = _cells(problem)
    step = int(problem.turn.max(initial=0)) // STEPS + 1
    home = cell[problem.left.place]
    waiting = np.zeros((len(centre), STEPS), np.float32)
    np.add.at(waiting, (home, problem.turn // step), 1)
    places = np.bincount(cell[problem.right.place], weights=problem.capacity, minlength=len(centre))
    x, y = centre.T.astype(np.float32)
    near = ((x[:, None] - x) ** 2 + (y[:, None] - y) ** 2 <= NEAR_M**2).astype(np.float32)
    ahead = np.cumsum((near @ waiting)[:, ::-1], axis=1)[:, ::-1]
    last = (ahead > (near @ places.astype(np.float32))[:, None]).sum(axis=1) * step
    prices: Ints = np.maximum(0, problem.turn - last[home])
    return prices


def _cells(problem: Problem) -> tuple[npt.NDArray[np.float64], Ints]:
    """Places thrown together in squares of a flat map (a guess needs no better): centres, square of each place."""
    x = problem.lon * np.cos(np.radians(problem.lat)) * METRES_PER_DEGREE
    y = problem.lat * METRES_PER_DEGREE
    squares = np.rint(np.column_stack([x, y]) / CELL_M)
    centre, cell = np.unique(squares, axis=0, return_inverse=True)
    return centre * CELL_M, cell.reshape(-1)
