"""No count under five is shown, and none can be worked out from what is shown (R52, T22); whole shares (R51)."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from app.queries.disclosure import LEAST, Figure, protect, whole_shares

FAR = 10_000


def extremes(shown, sums, orders, key):
    """The least and the greatest value that a reader finds possible for a count, by an independent solver."""
    keys = list(shown)
    at = {name: number for number, name in enumerate(keys)}
    low = [f.value if f.value is not None else 0 if f.small else LEAST for f in shown.values()]
    high = [f.value if f.value is not None else LEAST - 1 if f.small else FAR for f in shown.values()]
    rows, least, most = [], [], []
    for whole, parts in sums:
        row = np.zeros(len(keys))
        row[at[whole]] = -1
        row[[at[part] for part in parts]] += 1
        rows.append(row), least.append(0), most.append(0)
    for larger, smaller in orders:
        row = np.zeros(len(keys))
        row[at[larger]], row[at[smaller]] = 1, -1
        rows.append(row), least.append(0), most.append(np.inf)
    found = []
    for sign in (1, -1):
        aim = np.zeros(len(keys))
        aim[at[key]] = sign
        answer = milp(
            aim, constraints=LinearConstraint(np.array(rows), least, most) if rows else (),
            bounds=Bounds(low, high), integrality=np.ones(len(keys)),
        )  # fmt: skip
        assert answer.success, answer.message
        found.append(round(sign * answer.fun))
    return found


def assert_nothing_told(values, sums, orders):
    shown = protect(values, sums, orders)
    assert shown.keys() == values.keys()
    for key, figure in shown.items():
        assert figure.value in (None, values[key])
        assert figure.value is None or figure.value >= LEAST
        if figure.value is None:
            low, high = extremes(shown, sums, orders, key)
            assert low < high, f"{key} can only be {low}: {shown}"
    return shown


few_or_many = st.one_of(st.integers(0, 9), st.integers(0, 60))


@given(st.lists(few_or_many, min_size=1, max_size=7))
@settings(max_examples=60, deadline=None)
def test_one_column_with_its_total(counts):
    values = {**dict(enumerate(counts)), "total": sum(counts)}
    assert_nothing_told(values, [("total", list(range(len(counts))))], [])


@given(st.lists(st.lists(few_or_many, min_size=1, max_size=3), min_size=1, max_size=4), st.data())
@settings(max_examples=25, deadline=None)
def test_networks_inside_provinces_in_columns_that_hold_each_other(provinces, data):
    """As on the page: all = provinces = networks, and signed up >= found ready >= in a duo."""
    values, sums, orders = {}, [], []
    held = None
    for measure in ("candidates", "approved", "active"):
        counts = (
            provinces if held is None else [[data.draw(st.integers(0, most)) for most in row] for row in held]
        )
        wholes = []
        for number, row in enumerate(counts):
            parts = [(measure, number, place) for place in range(len(row))]
            values.update(zip(parts, row, strict=True))
            values[measure, number] = sum(row)
            sums.append(((measure, number), parts))
            wholes.append((measure, number))
        values[measure, "total"] = sum(sum(row) for row in counts)
        sums.append(((measure, "total"), wholes))
        held = counts
    for larger, smaller in (("candidates", "approved"), ("approved", "active")):
        orders += [(key, (smaller, *key[1:])) for key in values if key[0] == larger]
    assert_nothing_told(values, sums, orders)


def test_a_single_small_count_takes_another_with_it():
    shown = protect({"a": 3, "b": 20, "c": 9, "total": 32}, [("total", ["a", "b", "c"])])
    assert shown == {
        "a": Figure(None, small=True), "b": Figure(20), "c": Figure(None), "total": Figure(32),
    }  # fmt: skip
    assert [figure.text for figure in shown.values()] == ["<5", "", "…", ""]


def test_two_small_counts_that_can_only_be_four_are_not_enough():
    shown = protect({"a": 4, "b": 4, "c": 30, "d": 12, "total": 50}, [("total", ["a", "b", "c", "d"])])
    assert shown["d"] == Figure(None)
    assert shown["c"] == Figure(30)


def test_what_holds_no_small_count_is_shown_whole():
    values = {"a": 5, "b": 20, "total": 25}
    assert protect(values, [("total", ["a", "b"])]) == {key: Figure(value) for key, value in values.items()}


def test_nobody_at_all():
    assert all(figure.small for figure in protect({"a": 0, "total": 0}, [("total", ["a"])]).values())


@given(st.lists(st.integers(0, 10**7), min_size=1, max_size=12), st.sampled_from([100, 7, 4321]))
def test_whole_shares_add_up_and_are_off_by_less_than_one(amounts, whole):
    shares = whole_shares(amounts, whole)
    if not sum(amounts):
        assert shares == [0] * len(amounts)
        return
    assert sum(shares) == whole
    assert all(
        abs(share - amount * whole / sum(amounts)) < 1 for share, amount in zip(shares, amounts, strict=True)
    )
    ordered = sorted(zip(amounts, shares, strict=True))
    assert [share for _, share in ordered] == sorted(shares), "a larger amount never has a smaller share"


@pytest.mark.parametrize(
    ("amounts", "shares"),
    [([1, 1, 1], [34, 33, 33]), ([2, 1], [67, 33]), ([0, 5], [0, 100]), ([335, 335, 330], [34, 33, 33])],
)
def test_whole_shares_by_largest_remainder(amounts, shares):
    assert whole_shares(amounts) == shares
