"""The monotone logistic model is the optimum that a general optimiser finds, and never has a negative slope."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from matching.logistic import RIDGE, fit, log_losses


def reference(values, went_on, towards, penalty, counts):
    """The same minimum by bounded quasi-Newton, which knows nothing of least squares."""
    unit = towards / np.linalg.norm(towards)

    def cost(at):
        across = at[1:] - unit * (unit @ at[1:])
        odds = at[0] + values @ at[1:]
        pull = RIDGE * (at @ at) + penalty * (across @ across)
        slope = RIDGE * at + penalty * np.concatenate([[0], across])
        miss = counts * (1 / (1 + np.exp(-odds)) - went_on)
        return counts @ (np.logaddexp(0, odds) - went_on * odds) + pull / 2, slope + np.concatenate(
            [[miss.sum()], miss @ values]
        )

    bounds = [(None, None)] + [(0, None)] * values.shape[1]
    start = np.full(values.shape[1] + 1, 0.1)
    return minimize(
        cost, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 10_000, "ftol": 1e-15, "gtol": 1e-9}
    ).x  # fmt: skip


def made_up(seed, slopes, size=300):
    random = np.random.default_rng(seed)
    values = random.random((size, 4))
    odds = values @ np.array(slopes) - np.sum(slopes) / 2
    return values, (random.random(size) < 1 / (1 + np.exp(-odds))).astype(float)


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    slopes=st.lists(st.sampled_from([-4.0, 0.0, 1.0, 3.0, 8.0]), min_size=4, max_size=4),
    penalty=st.sampled_from([0.0, 0.1, 10.0, 1000.0]),
    repeated=st.booleans(),
)
@example(seed=1, slopes=[-4.0, -4.0, -4.0, -4.0], penalty=0.0, repeated=False)
def test_equals_a_reference_optimiser(seed, slopes, penalty, repeated):
    values, went_on = made_up(seed, slopes)
    counts = np.random.default_rng(seed).integers(0, 3, len(values)).astype(float) if repeated else None
    towards = np.array([0.35, 0.25, 0.25, 0.15])
    found = fit(values, went_on, towards=towards, penalty=penalty, counts=counts)
    wanted = reference(values, went_on, towards, penalty, np.ones(len(values)) if counts is None else counts)
    assert min(found.slopes) >= 0
    np.testing.assert_allclose([found.intercept, *found.slopes], wanted, atol=1e-4, rtol=1e-4)


def test_a_criterion_that_counts_against_pairs_gets_nothing():
    values, went_on = made_up(3, [6.0, -6.0, 6.0, 0.0])
    found = fit(values, went_on, towards=np.ones(4), penalty=0.1)
    assert found.slopes[1] == 0
    assert found.slopes[0] > 3


@pytest.mark.parametrize("answer", [0.0, 1.0])
def test_stays_finite_when_all_outcomes_agree(answer):
    values, _ = made_up(4, [1.0, 1.0, 1.0, 1.0])
    found = fit(values, np.full(len(values), answer), towards=np.ones(4), penalty=0.0)
    assert np.isfinite(found.odds(values)).all()
    assert np.abs(found.odds(values)).max() < 30
    assert log_losses(found.odds(values), np.full(len(values), answer)).max() < 0.01


def test_stays_finite_when_a_criterion_tells_everything():
    values = np.array([[0.0], [0.2], [0.8], [1.0]])
    found = fit(values, np.array([0.0, 0.0, 1.0, 1.0]), towards=np.ones(1), penalty=0.0)
    assert 10 < found.slopes[0] < 200


def test_a_strong_pull_leaves_the_current_proportions():
    values, went_on = made_up(5, [8.0, 0.0, 1.0, 1.0])
    towards = np.array([0.1, 0.2, 0.3, 0.4])
    slopes = fit(values, went_on, towards=towards, penalty=1e9).slopes
    np.testing.assert_allclose(slopes / slopes.sum(), towards, atol=1e-6)
