"""A logistic model in which no criterion can count against a pair: its slopes are never negative.

scikit-learn's LogisticRegression knows no such bound, its LinearRegression(positive=True) does and is exact. Newton's
method for a logistic model is a row of weighted least squares; here each of them is such a LinearRegression.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import expit
from sklearn.linear_model import LinearRegression

Floats = npt.NDArray[np.float64]

RIDGE = 1e-3
"""Holds everything finite where the outcomes leave something open, such as when all of them agree."""
SMALLEST_STEP = 1e-9
SHORTEST = 1e-6
"""A step that brings nothing even at this share of its length has arrived."""


@dataclass(frozen=True, slots=True)
class Logistic:
    """log(p / (1 - p)) = intercept + slopes · values; slopes are >= 0, values lie in 0..1."""

    intercept: float
    slopes: Floats

    def odds(self, values: Floats) -> Floats:
        """log(p / (1 - p)) of the chance p that a pair goes on, for rows of values."""
        result: Floats = self.intercept + values @ self.slopes
        return result


def fit(
    values: Floats, went_on: Floats, *, towards: Floats, penalty: float, counts: Floats | None = None
) -> Logistic:
    """The model that minimises the log loss + penalty / 2 · the square of how far the slopes lie from `towards`.

    `values` has a row per outcome and a column per criterion, `went_on` is 0 or 1; only the direction of `towards`
    counts (the square is that of the part of the slopes at right angles to it), so that how steep the model is
    costs nothing. `counts` = how often each row counts. The problem is convex: there is one answer.
    """
    rows = np.column_stack([np.ones(len(values)), values])
    times = np.ones(len(values)) if counts is None else counts
    held = RIDGE * np.eye(rows.shape[1])
    held[1:, 1:] += penalty * (np.eye(values.shape[1]) - np.outer(towards, towards) / (towards @ towards))
    at = np.zeros(rows.shape[1])
    cost = _cost(at, rows, went_on, times, held)
    while True:
        step = _newton(at, rows, went_on, times, held) - at
        if np.abs(step).max() < SMALLEST_STEP:
            break
        length = 1.0
        while (after := _cost(at + length * step, rows, went_on, times, held)) >= cost and length > SHORTEST:
            length /= 2
        if after >= cost:
            break
        at, cost = at + length * step, after
    return Logistic(float(at[0]), np.maximum(at[1:], 0.0))


def _newton(at: Floats, rows: Floats, went_on: Floats, times: Floats, held: Floats) -> Floats:
    """Where the parabola that touches the cost here is lowest without a negative slope.

    The intercept is free: it is taken out first and follows from the slopes.
    """
    chance = expit(rows @ at)
    curve = rows.T @ ((times * chance * (1 - chance))[:, None] * rows) + held
    goal = curve @ at - (rows.T @ (times * (chance - went_on)) + held @ at)
    across, first = curve[0, 1:], curve[0, 0]
    root = np.linalg.cholesky(curve[1:, 1:] - np.outer(across, across) / first)
    lowest = LinearRegression(positive=True, fit_intercept=False)
    lowest.fit(root.T, np.linalg.solve(root, goal[1:] - across * goal[0] / first))
    slopes: Floats = lowest.coef_
    return np.concatenate([[(goal[0] - across @ slopes) / first], slopes])


def _cost(at: Floats, rows: Floats, went_on: Floats, times: Floats, held: Floats) -> float:
    return float(times @ log_losses(rows @ at, went_on) + at @ held @ at / 2)


def log_losses(odds: Floats, went_on: Floats) -> Floats:
    """What each outcome says against the odds that were given to it, in nats."""
    result: Floats = np.logaddexp(0, odds) - went_on * odds
    return result
