"""Which places are in reach of which, in whole metres along the great circle."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from matching.criteria import NEAR_M
from matching.pack import Floats, Ints, Problem

EARTH_M = 6_371_009.0
"""Mean radius of the earth in metres, the same that geopy uses."""
FEW_PLACE_PAIRS = 250_000
"""Up to here every distance is computed; beyond, a ball tree looks up the neighbours first."""


class Reach(NamedTuple):
    """For each row place (by ptr) the column places in reach, nearest first, with metres and place value."""

    ptr: Ints
    place: Ints
    metre: Ints
    value: Ints


def distance_m(lat: Floats, lon: Floats, other_lat: Floats, other_lon: Floats) -> Ints:
    """Haversine distance between points in degrees, in metres rounded half to even."""
    a, b = np.radians(lat), np.radians(other_lat)
    across = np.sin((b - a) / 2) ** 2
    along = np.sin((np.radians(other_lon) - np.radians(lon)) / 2) ** 2
    metres = 2 * EARTH_M * np.arcsin(np.sqrt(np.minimum(1.0, across + np.cos(a) * np.cos(b) * along)))
    rounded: Ints = np.rint(metres).astype(np.int64)
    return rounded


def place_values(metres: Ints, same_province: npt.NDArray[np.bool_]) -> Ints:
    """The place criterion in millionths for whole metres (see criteria.place_value)."""
    values: Ints = np.rint(1e6 * (0.25 * same_province + 0.75 * np.exp(metres / -NEAR_M))).astype(np.int64)
    return values


def find_reach(problem: Problem, rows: Ints, columns: Ints, row_limit: Ints, column_limit: int) -> Reach:
    """Reach from the row places to the column places.

    `row_limit` has an entry per place of the problem: the farthest (metres) that anybody there goes;
    `column_limit` is the farthest of anybody on the other side.
    """
    limit = np.minimum(row_limit, column_limit)
    count = problem.lat.size
    if not rows.size or not columns.size:
        empty = np.zeros(0, np.int64)
        return Reach(np.zeros(count + 1, np.int64), empty, empty, empty)
    one, other = _neighbours(problem, rows, columns, limit)
    metres = distance_m(problem.lat[one], problem.lon[one], problem.lat[other], problem.lon[other])
    near = metres <= limit[one]
    one, other, metres = one[near], other[near], metres[near]
    order = np.lexsort((other, metres, one))
    one, other, metres = one[order], other[order], metres[order]
    values = place_values(metres, problem.province[one] == problem.province[other])
    ptr = np.concatenate([[0], np.cumsum(np.bincount(one, minlength=count))]).astype(np.int64)
    return Reach(ptr, other, metres, values)


def _neighbours(problem: Problem, rows: Ints, columns: Ints, limit: Ints) -> tuple[Ints, Ints]:
    if rows.size * columns.size <= FEW_PLACE_PAIRS:
        return np.repeat(rows, columns.size), np.tile(columns, rows.size)
    from sklearn.neighbors import BallTree  # noqa: PLC0415 - takes a second to load, few runs need it

    points = np.radians(np.column_stack([problem.lat, problem.lon]))
    tree = BallTree(points[columns], metric="haversine")
    found = tree.query_radius(points[rows], (limit[rows] + 1.0) / EARTH_M)
    counts = np.array([len(part) for part in found])
    return np.repeat(rows, counts), columns[np.concatenate(found)]
