"""What the public may see of counts: nothing under five, and nothing from which such a count can be worked out (R52, T22).

A count under five is held back. Then, as long as what is shown still fixes a count that is held back, one more is
held back too: the smallest beside it. A reader is taken to know how counts add up and which is part of which.
"""

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

import numpy as np

LEAST = 5
UNKNOWN = 1_000  # how much more than everybody a count that is held back may be

Key = TypeVar("Key", bound=Hashable)
Sums = Sequence[tuple[Key, Sequence[Key]]]
Orders = Sequence[tuple[Key, Key]]


@dataclass(frozen=True)
class Figure:
    """A count as the public sees it: `value` None is held back, and `small` says that it is under five."""

    value: int | None
    small: bool = False

    @property
    def text(self) -> str:
        """What stands there instead of a number that is held back; empty for a number that is shown."""
        return "" if self.value is not None else f"<{LEAST}" if self.small else "…"


def protect(values: Mapping[Key, int], sums: Sums[Key] = (), orders: Orders[Key] = ()) -> dict[Key, Figure]:
    """The figures to show for these counts.

    `sums` says which count is the sum of which others, `orders` which count (first) holds another (second).
    The last answers are kept: they take a tenth of a second to find, and change only when a count does.
    """
    known = tuple((whole, tuple(parts)) for whole, parts in sums)
    return dict(_protected(tuple(values.items()), known, tuple(orders)))


@lru_cache(maxsize=64)
def _protected(
    counts: tuple[tuple[Any, int], ...], sums: Sums[Any], orders: Orders[Any]
) -> Mapping[Any, Figure]:
    values = dict(counts)
    hidden = {key for key, value in values.items() if value < LEAST}
    while fixed := _fixed(values, hidden, sums, orders):
        hidden.add(_one_more(values, hidden, sums, orders, fixed))
    return {
        key: Figure(None, value < LEAST) if key in hidden else Figure(value) for key, value in values.items()
    }


def _fixed(values: Mapping[Key, int], hidden: set[Key], sums: Sums[Key], orders: Orders[Key]) -> set[Key]:
    """The hidden counts for which a reader finds only one possible value.

    Exact: an integer program looks for other counts that fit all that is shown. Each one found opens every count
    in which it differs, so that few programs are solved.
    """
    if not hidden or len(hidden) == len(values):
        return set()
    reader = _Reader(values, hidden, sums, orders)
    fixed: set[Key] = set()
    left = set(hidden)
    while left:
        key = min(left, key=str)
        open_now = reader.differing(key, 1) | reader.differing(key, -1)
        if key not in open_now:
            fixed.add(key)
        left -= open_now | {key}
    return fixed


class _Reader:
    """Somebody who knows what is shown, how counts add up, and which of them hold others."""

    def __init__(
        self, values: Mapping[Key, int], hidden: set[Key], sums: Sums[Key], orders: Orders[Key]
    ) -> None:
        from scipy.optimize import Bounds, LinearConstraint  # noqa: PLC0415 - a site starts sooner without it

        self.keys: list[Any] = list(values)
        self.true = np.array(list(values.values()))
        place = {key: at for at, key in enumerate(self.keys)}
        shown = np.array([key not in hidden for key in self.keys])
        small = self.true < LEAST
        self.bounds = Bounds(
            np.where(shown, self.true, np.where(small, 0, LEAST)),
            np.where(shown, self.true, np.where(small, LEAST - 1, self.true.sum() + UNKNOWN)),
        )
        rules = np.zeros((len(sums) + len(orders), len(self.keys)))
        for row, (whole, parts) in enumerate(sums):
            rules[row, [place[part] for part in parts]] = 1
            rules[row, place[whole]] = -1
        for row, (larger, smaller) in enumerate(orders, start=len(sums)):
            rules[row, [place[larger], place[smaller]]] = 1, -1
        most = np.array([0.0] * len(sums) + [np.inf] * len(orders))
        self.rules = LinearConstraint(rules, 0, most) if len(rules) else ()

    def differing(self, key: object, direction: int) -> set[Any]:
        """The counts that differ from the true ones when this count is as small (1) or as great (-1) as can be."""
        from scipy.optimize import milp  # noqa: PLC0415 - a site starts sooner without it

        aim = np.zeros(len(self.keys))
        aim[self.keys.index(key)] = direction
        found = milp(aim, integrality=np.ones(len(self.keys)), bounds=self.bounds, constraints=self.rules)
        if found.x is None:
            return set()
        return {key for key, other in zip(self.keys, np.rint(found.x) != self.true, strict=True) if other}


def _one_more(
    values: Mapping[Key, int], hidden: set[Key], sums: Sums[Key], orders: Orders[Key], fixed: set[Key]
) -> Key:
    """The shown count to hold back next: the smallest part beside a fixed one, else what touches it, else any."""
    beside = {key for whole, parts in sums if fixed & {whole, *parts} for key in parts}
    touching = {key for whole, parts in sums if fixed & {whole, *parts} for key in (whole, *parts)}
    touching |= {key for pair in orders if fixed & set(pair) for key in pair}
    for among in (beside, touching, set(values)):
        if shown := among - hidden:
            return min(shown, key=lambda key: (values[key], str(key)))
    raise AssertionError("nothing is shown, so nothing is fixed")


def whole_shares(amounts: Sequence[int], whole: int = 100) -> list[int]:
    """`whole` divided in proportion to the amounts, in whole parts that add up to it, by largest remainder (R51).

    Equal remainders go to the larger amount, then to the first. All zero when there is nothing to divide.
    """
    total = sum(amounts)
    if not total:
        return [0] * len(amounts)
    shares = [amount * whole // total for amount in amounts]
    by_remainder = sorted(
        range(len(amounts)), key=lambda at: (-(amounts[at] * whole % total), -amounts[at], at)
    )
    for at in by_remainder[: whole - sum(shares)]:
        shares[at] += 1
    return shares


def in_fives(count: int) -> int:
    """The count in whole steps of five, rounded down; 0 = fewer than five."""
    return count - count % LEAST


def whole_in_fives(parts: Collection[int]) -> int:
    """The sum of counts in steps of five, such that beside its parts in fives no part under five can be worked out.

    Each number shown stands for five, so a reader who adds and subtracts finds several possible values for what is
    held back; but where the sum is the greatest that fits, only one: then the step below is shown.
    """
    whole = in_fives(sum(parts))
    return whole - LEAST if whole == sum(in_fives(part) + LEAST - 1 for part in parts) else whole
