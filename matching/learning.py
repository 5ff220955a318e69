"""Weights learned from what became of pairs: a proposal with its evidence, which a person adopts or leaves.

The model is logistic in the four criteria and monotone in each: no criterion can count against a pair. It is drawn
towards the current weights, as strongly as cross-validation asks for. It sees the values of the criteria and nothing
of who people are.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from sklearn import config_context
from threadpoolctl import threadpool_limits

from matching import trials
from matching.evidence import Evidence, Interval, Share, Verdict
from matching.logistic import Floats, fit
from matching.outcomes import Outcome
from matching.trials import Progress, Sample
from matching.types import CRITERIA
from matching.weights import CriterionWeights, Weights

FEWEST_NEWCOMERS = 100
FEWEST_OF_EACH = 50
"""Least number of pairs that went on, and of pairs that did not."""
WIDEST = 0.10
"""A share of the score (0..1) is known when its interval reaches no further than this to either side."""
FARTHEST = 10
"""An interval that is more times too wide than this foretells nothing: a hundred times the outcomes are needed."""


@dataclass(frozen=True, slots=True)
class Learned:
    """What the outcomes say: `proposal` is None unless `evidence.verdict` is "proposed"."""

    proposal: Weights | None
    evidence: Evidence


def learn(
    outcomes: Sequence[Outcome],
    *,
    current: Weights | None = None,
    version: str | None = None,
    progress: Progress | None = None,
) -> Learned:
    """Learn weights from outcomes and say whether they are good enough to be proposed.

    They are proposed when there are FEWEST_NEWCOMERS groups and FEWEST_OF_EACH pairs of each outcome, when pairs that
    were not learned from are foretold better than by the current weights (the 95 % interval of the gain lies above 0)
    and when each share is known to WIDEST. Else the evidence says how many more outcomes are needed. `version` names
    the proposal; it differs from the current one in its weights alone. Nothing is adopted here.
    """
    setting = current or Weights()
    sample = Sample.of(outcomes)
    found = _counted(sample, setting)
    if not _enough(sample):
        return Learned(None, replace(found, more_outcomes=_missing(sample)))
    with threadpool_limits(1), config_context(assume_finite=True, skip_parameter_validation=True):
        return _learned(sample, setting, version or f"{setting.version}-learned", found, progress or _quiet)


def _learned(sample: Sample, setting: Weights, version: str, found: Evidence, say: Progress) -> Learned:
    direction = shares_of(setting)
    tested = trials.tested(sample, direction, say)
    penalty = trials.best_penalty(sample, direction)
    model = fit(sample.values, sample.went_on, towards=direction, penalty=penalty)
    share = trials.shares(model.slopes)
    ends = trials.share_ends(sample, direction, say)
    gain = trials.mean_interval(tested.current_loss - tested.learned_loss, sample)
    found = replace(
        found,
        folds=trials.FOLDS,
        penalty=penalty,
        log_loss_current=float(tested.current_loss.mean()),
        log_loss_learned=float(tested.learned_loss.mean()),
        log_loss_free_form=float(tested.free_loss.mean()),
        gain=gain,
        auc_current=trials.auc_interval(tested.current_odds, sample),
        auc_learned=trials.auc_interval(tested.learned_odds, sample),
        slopes={code: float(slope) for code, slope in zip(CRITERIA, model.slopes, strict=True)},
        shares={
            code: Share(
                float(direction[at]), Interval(float(share[at]), float(ends[0, at]), float(ends[1, at]))
            )
            for at, code in enumerate(CRITERIA)
        },
        calibration=trials.calibration(tested.learned_odds, sample.went_on),
    )
    verdict, more = _judge(found, gain)
    found = replace(found, verdict=verdict, more_outcomes=more)
    if verdict != "proposed":
        return Learned(None, found)
    weights = CriterionWeights(**dict(zip(CRITERIA, thousandths(share), strict=True)))
    proposal = replace(setting, version=version, weights=weights)
    return Learned(proposal, replace(found, proposed_version=version))


def shares_of(setting: Weights) -> Floats:
    """The weights of a setting as shares of the score, in the order of CRITERIA; they add up to 1."""
    numbers = np.array([getattr(setting.weights, code) for code in CRITERIA], np.float64)
    shares: Floats = numbers / numbers.sum()
    return shares


def thousandths(share: Floats) -> tuple[int, ...]:
    """Shares as whole thousandths that add up to 1000 (largest remainder, equal ones to the first)."""
    exact = [1000 * float(item) for item in share]
    whole = [math.floor(item) for item in exact]
    order = sorted(range(len(exact)), key=lambda at: whole[at] - exact[at])
    for at in order[: 1000 - sum(whole)]:
        whole[at] += 1
    return tuple(whole)


def _quiet(stage: str, done: int, total: int | None) -> None:
    """Nobody watches."""


def _counted(sample: Sample, setting: Weights) -> Evidence:
    good = int(sample.went_on.sum())
    return Evidence(
        outcomes=len(sample.went_on), newcomers=sample.groups, went_on=good, did_not=len(sample.went_on) - good,
        current_version=setting.version,
    )  # fmt: skip


def _enough(sample: Sample) -> bool:
    return sample.groups >= FEWEST_NEWCOMERS and min(_of_each(sample)) >= FEWEST_OF_EACH


def _of_each(sample: Sample) -> tuple[int, int]:
    good = int(sample.went_on.sum())
    return good, len(sample.went_on) - good


def _missing(sample: Sample) -> int:
    """How many more outcomes would be enough to begin, if they come as until now."""
    count, fewest = len(sample.went_on), min(_of_each(sample))
    wanted = count * FEWEST_OF_EACH / fewest if fewest else count + FEWEST_OF_EACH
    people = count * FEWEST_NEWCOMERS / sample.groups if count else FEWEST_NEWCOMERS
    return math.ceil(max(wanted, people)) - count


def _judge(found: Evidence, gain: Interval) -> tuple[Verdict, int | None]:
    """The verdict, and how many more outcomes would be needed if they come as until now (None = not foreseeable)."""
    if not any(found.slopes.values()):
        return "not_better", None
    if gain.low <= 0:
        return "not_better", _times(found, gain.mean - gain.low, gain.mean)
    widest = max(share.learned.half for share in found.shares.values())
    if widest > WIDEST:
        return "too_uncertain", _times(found, widest, WIDEST)
    return "proposed", 0


def _times(found: Evidence, half: float, wanted: float) -> int | None:
    """How many outcomes are missing until an interval of `half` is as small as wanted: it shrinks with their root."""
    if wanted <= 0 or half / wanted > FARTHEST:
        return None
    return max(1, math.ceil(found.outcomes * (half / wanted) ** 2) - found.outcomes)
