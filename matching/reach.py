"""Which places are in reach of which, in whole metres along the great circle."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from matching.criteria import NEAR_M
from matching.pack import Floats, Ints, Problem

EARTH_M = 6_371_009.0
"""Mean radius of the earth in metres, the same that geopy uses."""
PART = 2_000_000
"""Pairs of places that are looked at together."""


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
    parts = [_within(problem, one, other, limit) for one, other in _neighbours(problem, rows, columns, limit)]
    one, other, metres = (np.concatenate(column) for column in zip(*parts, strict=True))
    farther = int(metres.max(initial=0)) + 1
    key = np.sort((one * farther + metres) * count + other)  # below 2^63: a million places, a thousand km
    key, other = np.divmod(key, count)
    one, metres = np.divmod(key, farther)
    values = place_values(metres, problem.province[one] == problem.province[other])
    ptr = np.concatenate([[0], np.cumsum(np.bincount(one, minlength=count))]).astype(np.int64)
    return Reach(ptr, other, metres, values)


def _within(problem: Problem, one: Ints, other: Ints, limit: Ints) -> tuple[Ints, Ints, Ints]:
    """Those of the pairs of places that lie within the limit of the first, with their metres."""
    metres = distance_m(problem.lat[one], problem.lon[one], problem.lat[other], problem.lon[other])
    near = metres <= limit[one]
    return one[near], other[near], metres[near]


def _neighbours(problem: Problem, rows: Ints, columns: Ints, limit: Ints) -> Iterator[tuple[Ints, Ints]]:
    """Pairs of places that may lie within the limit of the row place: a band of latitude, less who is far along it."""
    columns = columns[np.argsort(problem.lat[columns], kind="stable")]
    north, east = problem.lat[columns], problem.lon[columns]
    apart = np.degrees((limit[rows] + 1.0) / EARTH_M)
    first = np.searchsorted(north, problem.lat[rows] - apart)
    count = np.searchsorted(north, problem.lat[rows] + apart, side="right") - first
    along = _farthest_along(problem.lat[rows], problem.lon[rows], apart)
    for part in np.array_split(np.arange(rows.size), 1 + int(count.sum()) // PART):
        shift = np.repeat(first[part] - np.cumsum(count[part]) + count[part], count[part])
        at = np.arange(shift.size) + shift
        near = np.abs(np.repeat(problem.lon[rows[part]], count[part]) - east[at])
        near = near <= np.repeat(along[part], count[part])
        yield np.repeat(rows[part], count[part])[near], columns[at[near]]


def _farthest_along(lat: Floats, lon: Floats, apart: Floats) -> Floats:
    """Degrees of longitude that so many degrees of the globe span at most; 360 where it goes over the date line."""
    highest = np.radians(np.minimum(np.abs(lat) + apart, 90.0))
    half = np.sin(np.radians(apart) / 2) / np.maximum(np.cos(highest), 1e-9)
    span = np.degrees(2 * np.arcsin(np.minimum(1.0, half))) * 1.001
    degrees: Floats = np.where(np.abs(lon) + span < 180.0, span, 360.0)
    return degrees
