"""Trying weights on outcomes they have not seen, and how sure what was learned is.

Pairs of one group (a newcomer) are never on both sides of a test, and groups, not pairs, are drawn for an interval.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import expit
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.model_selection import GroupKFold

from matching.evidence import Calibration, Interval
from matching.logistic import Floats, Logistic, fit, log_losses
from matching.outcomes import Outcome
from matching.types import CRITERIA
from matching.weights import MILLION

FOLDS = 5
PENALTIES = (0.1, 1.0, 10.0, 100.0, 1000.0)
RESAMPLES = 200
LOW, HIGH = 2.5, 97.5
BINS = 5
SEED = 2026
Ints = npt.NDArray[np.int64]
Progress = Callable[[str, int, int | None], None]


@dataclass(frozen=True, slots=True)
class Sample:
    """Outcomes as arrays: values in 0..1 (a row per pair), 1.0 = went on, number of the group (0, 1, …)."""

    values: Floats
    went_on: Floats
    group: Ints

    @classmethod
    def of(cls, outcomes: Sequence[Outcome]) -> Sample:
        """The outcomes in an order that does not depend on theirs."""
        ordered = sorted(outcomes, key=lambda item: (item.group, item.newcomer_id, item.buddy_id))
        numbers = {name: at for at, name in enumerate(dict.fromkeys(item.group for item in ordered))}
        return cls(
            np.array([item.values for item in ordered], np.float64).reshape(-1, len(CRITERIA)) / MILLION,
            np.array([item.went_on for item in ordered], np.float64),
            np.array([numbers[item.group] for item in ordered], np.int64),
        )

    @property
    def groups(self) -> int:
        """How many groups there are."""
        return int(self.group.max(initial=-1)) + 1

    def take(self, rows: Ints) -> Sample:
        """Some of the rows."""
        return Sample(self.values[rows], self.went_on[rows], self.group[rows])

    def folds(self) -> Iterator[tuple[Ints, Ints]]:
        """Rows to learn from and rows to be tested on, FOLDS times; a group is on one side only."""
        folds = GroupKFold(FOLDS, shuffle=True, random_state=SEED)
        yield from folds.split(self.values, groups=self.group)

    def drawn(self) -> Iterator[Ints]:
        """How often each row counts when as many groups are drawn as there are, RESAMPLES times."""
        random = np.random.default_rng(SEED)
        for _ in range(RESAMPLES):
            times = np.bincount(random.integers(0, self.groups, self.groups), minlength=self.groups)
            yield times[self.group]


@dataclass(frozen=True, slots=True)
class Tested:
    """Of each outcome, what was foretold by models that had not seen its group."""

    current_odds: Floats
    learned_odds: Floats
    current_loss: Floats
    learned_loss: Floats
    free_loss: Floats


def tested(sample: Sample, direction: Floats, say: Progress) -> Tested:
    """Test the learned and the current weights on the same folds; the penalty is chosen anew inside each."""
    current, learned = np.zeros(len(sample.went_on)), np.zeros(len(sample.went_on))
    free = np.zeros(len(sample.went_on))
    for at, (seen, unseen) in enumerate(sample.folds()):
        say("test", at + 1, FOLDS)
        known, new = sample.take(seen), sample.values[unseen]
        current[unseen] = _of_score(known, direction).odds(new @ direction[:, None])
        penalty = best_penalty(known, direction)
        learned[unseen] = fit(known.values, known.went_on, towards=direction, penalty=penalty).odds(new)
        free[unseen] = _free_form(known, new)
    losses = [log_losses(odds, sample.went_on) for odds in (current, learned, free)]
    return Tested(current, learned, *losses)


def _of_score(sample: Sample, direction: Floats) -> Logistic:
    """What the score of the current weights says about a pair: how steeply is learned, the weights are not."""
    score = sample.values @ direction[:, None]
    return fit(score, sample.went_on, towards=np.ones(1), penalty=0.0)


def _free_form(sample: Sample, values: Floats) -> Floats:
    """Odds by trees that rise in every criterion but need not be sums: a check of the form, not a proposal."""
    trees = HistGradientBoostingClassifier(
        monotonic_cst=[1] * len(CRITERIA),
        max_iter=40,
        max_leaf_nodes=8,
        early_stopping=False,
        random_state=SEED,
    )
    odds: Floats = trees.fit(sample.values, sample.went_on).decision_function(values)
    return odds


def best_penalty(sample: Sample, direction: Floats) -> float:
    """How strongly to hold to the current weights: what foretells unseen groups best; of equals the strongest."""
    loss = dict.fromkeys(reversed(PENALTIES), 0.0)
    for seen, unseen in sample.folds():
        known = sample.take(seen)
        for penalty in loss:
            model = fit(known.values, known.went_on, towards=direction, penalty=penalty)
            loss[penalty] += float(
                log_losses(model.odds(sample.values[unseen]), sample.went_on[unseen]).sum()
            )
    return min(loss, key=lambda penalty: loss[penalty])


def share_ends(sample: Sample, direction: Floats, say: Progress) -> Floats:
    """Ends of the 95 % interval of each share (2 rows), by learning from draws of the groups.

    The current weights hold it as little as can be: the interval says what the outcomes know by themselves.
    """
    drawn = np.zeros((RESAMPLES, len(CRITERIA)))
    for at, times in enumerate(sample.drawn()):
        say("resample", at + 1, RESAMPLES)
        model = fit(
            sample.values,
            sample.went_on,
            towards=direction,
            penalty=PENALTIES[0],
            counts=times.astype(np.float64),
        )
        drawn[at] = shares(model.slopes)
    ends: Floats = np.percentile(drawn, [LOW, HIGH], axis=0)
    return ends


def mean_interval(each: Floats, sample: Sample) -> Interval:
    """Mean of a figure over the outcomes with its 95 % interval, by drawing groups."""
    drawn = [float(times @ each / times.sum()) for times in sample.drawn()]
    low, high = np.percentile(drawn, [LOW, HIGH])
    return Interval(float(each.mean()), float(low), float(high))


def auc_interval(odds: Floats, sample: Sample) -> Interval:
    """Chance that a pair that went on was put above one that did not, with its 95 % interval, by drawing groups."""
    rank = np.unique(odds, return_inverse=True)[1]
    low, high = np.percentile([auc(rank, sample.went_on, times) for times in sample.drawn()], [LOW, HIGH])
    return Interval(auc(rank, sample.went_on, np.ones(len(rank), np.int64)), float(low), float(high))


def auc(rank: Ints, went_on: Floats, times: Ints) -> float:
    """Share of the couples of a pair that went on and one that did not in which the first has the higher rank.

    Equal ranks count half, each pair counts `times`; a half when one of the two kinds is missing.
    """
    good = np.bincount(rank, weights=times * went_on)
    bad = np.bincount(rank, weights=times * (1 - went_on))
    couples = good.sum() * bad.sum()
    return float(good @ (np.cumsum(bad) - bad / 2) / couples) if couples else 0.5


def calibration(odds: Floats, went_on: Floats) -> tuple[Calibration, ...]:
    """Outcomes in BINS equal parts by the chance foretold: what was foretold and what became of them."""
    chance = expit(odds)
    parts = np.array_split(np.argsort(chance, kind="stable"), BINS)
    return tuple(
        Calibration(len(rows), float(chance[rows].mean()), float(went_on[rows].mean())) for rows in parts
    )


def shares(slopes: Floats) -> Floats:
    """Slopes as shares; all 0 when no slope is above 0."""
    total = float(slopes.sum())
    result: Floats = slopes / total if total else slopes
    return result
