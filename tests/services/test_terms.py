"""Months by the calendar and employment contracts that join (R20)."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.vocabulary.terms import ONE_DAY, Span, join_up_to, joined, lasts, months_on

days = st.dates(date(2020, 1, 1), date(2030, 12, 31))
spans = st.builds(
    lambda first, length: Span(first, first + timedelta(days=length)), days, st.integers(0, 200)
)


@pytest.mark.parametrize(
    ("day", "months", "over"),
    [
        (date(2026, 1, 5), 1, date(2026, 2, 5)), (date(2026, 11, 30), 3, date(2027, 3, 1)),
        (date(2027, 11, 30), 3, date(2028, 3, 1)), (date(2028, 11, 29), 3, date(2029, 3, 1)),
        (date(2027, 11, 29), 3, date(2028, 2, 29)), (date(2026, 1, 31), 1, date(2026, 3, 1)),
        (date(2026, 10, 1), 3, date(2027, 1, 1)), (date(2026, 12, 31), 12, date(2027, 12, 31)),
        (date(2026, 12, 31), 0, date(2026, 12, 31)),
    ],
)  # fmt: skip
def test_months_by_the_calendar(day, months, over):
    assert months_on(day, months) == over


def test_no_month_after_the_last_year():
    with pytest.raises(OverflowError):
        months_on(date(9999, 12, 1), 1)


def test_r20_two_months_29_days_fail_and_three_months_pass():
    first = date(2026, 1, 1)
    assert not join_up_to([Span(first, date(2026, 3, 29))], 3)
    assert not join_up_to([Span(first, date(2026, 3, 30))], 3)
    assert join_up_to([Span(first, date(2026, 3, 31))], 3)
    assert join_up_to([Span(first)], 3)
    assert not join_up_to([], 3)


def test_r20_two_that_join_pass_and_a_gap_of_one_day_fails():
    first = Span(date(2026, 1, 1), date(2026, 2, 15))
    assert join_up_to([Span(date(2026, 2, 16), date(2026, 3, 31)), first], 3)
    assert join_up_to([first, Span(date(2026, 2, 10), date(2026, 3, 31))], 3)
    assert not join_up_to([first, Span(date(2026, 2, 17), date(2026, 4, 1))], 3)


@given(days, st.integers(0, 60), st.integers(0, 60))
def test_months_grow_with_day_and_number(day, months, more):
    assert months_on(day, months) <= months_on(day, months + more)
    assert months_on(day, months) <= months_on(day + ONE_DAY, months)
    assert 28 * months <= (months_on(day, months) - day).days <= 31 * months + 1


@given(st.lists(spans, max_size=8), st.randoms(use_true_random=False))
def test_joining_keeps_the_days_in_any_order(found, random):
    def covered(listed):
        return {
            span.first + timedelta(days=at)
            for span in listed
            for at in range((span.end - span.first).days + 1)
        }

    shuffled = random.sample(found, len(found))
    made = joined(found)
    assert joined(shuffled) == made == joined(made)
    assert covered(made) == covered(found)
    assert all(one.end + ONE_DAY < other.first for one, other in pairwise(made))


@given(spans, st.integers(0, 12), st.data())
def test_a_contract_cut_in_two_counts_as_one_and_a_free_day_cuts_it(span, months, data):
    length = (span.end - span.first).days
    cut = span.first + timedelta(days=data.draw(st.integers(0, length)))
    halves = [Span(span.first, cut)] + ([Span(cut + ONE_DAY, span.last)] if cut < span.end else [])
    assert bool(join_up_to(halves, months)) == lasts(span, months)
    if cut + ONE_DAY < span.end:
        gap = [Span(span.first, cut), Span(cut + 2 * ONE_DAY, span.last)]
        assert bool(join_up_to(gap, months)) == any(lasts(part, months) for part in gap)


@given(st.lists(spans, max_size=6), spans, st.integers(0, 12))
def test_one_more_contract_never_takes_away(found, more, months):
    assert len(join_up_to([*found, more], months)) or not join_up_to(found, months)
