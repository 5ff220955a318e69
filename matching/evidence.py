"""What learned weights rest on: numbers a person can weigh, as values, as JSON and as lines to read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Literal

Verdict = Literal["too_few", "not_better", "too_uncertain", "proposed"]


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure with the ends of its 95 % interval."""

    mean: float
    low: float
    high: float

    @property
    def half(self) -> float:
        """How far the interval reaches to its wider side."""
        return max(self.mean - self.low, self.high - self.mean)


@dataclass(frozen=True, slots=True)
class Share:
    """How much of the score a criterion makes, 0..1: by the current weights and as learned."""

    current: float
    learned: Interval


@dataclass(frozen=True, slots=True)
class Calibration:
    """Some pairs with about the same chance: how many, the chance foretold, and the share that went on."""

    outcomes: int
    foretold: float
    observed: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What was learned from how many outcomes, and whether it is enough.

    Losses are in nats per outcome, on pairs the model had not seen; `gain` = current - learned. `log_loss_free_form`
    is that of a model that need not be a sum: far below the learned one, a weighted sum would be the wrong form.
    `slopes` say how much the log-odds rise from nothing to full marks. Where there are too few outcomes the
    figures are None or empty. `more_outcomes` = how many more would be needed, None when that cannot be foretold.
    """

    outcomes: int
    newcomers: int
    went_on: int
    did_not: int
    current_version: str
    verdict: Verdict = "too_few"
    more_outcomes: int | None = None
    proposed_version: str | None = None
    folds: int = 0
    penalty: float | None = None
    log_loss_current: float | None = None
    log_loss_learned: float | None = None
    log_loss_free_form: float | None = None
    gain: Interval | None = None
    auc_current: Interval | None = None
    auc_learned: Interval | None = None
    slopes: Mapping[str, float] = field(default_factory=dict)
    shares: Mapping[str, Share] = field(default_factory=dict)
    calibration: tuple[Calibration, ...] = ()


def evidence_json(found: Evidence) -> str:
    """evidence.json: `evidence_facts` with sorted keys."""
    return json.dumps(evidence_facts(found), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def evidence_facts(found: Evidence) -> dict[str, object]:
    """The fields of Evidence as plain values, numbers with six decimals."""
    return {key: _rounded(value) for key, value in asdict(found).items()}


def _rounded(value: object) -> object:
    if isinstance(value, float):
        return round(value, 6)
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    return [_rounded(item) for item in value] if isinstance(value, (list, tuple)) else value


def evidence_text(found: Evidence) -> str:
    """The evidence as lines to read."""
    lines = [
        f"outcomes {found.outcomes} of {found.newcomers} newcomers: {found.went_on} went on, {found.did_not} did not"
    ]
    if found.gain and found.auc_current and found.auc_learned:
        lines += [
            f"log loss   current {found.log_loss_current:.4f}   learned {found.log_loss_learned:.4f}",
            f"           free form {found.log_loss_free_form:.4f}",
            f"gain       {_shown(found.gain)}",
            f"AUC        current {_shown(found.auc_current)}   learned {_shown(found.auc_learned)}",
            "share of the score   current   learned (95 % interval)",
        ]
        lines += [
            f"  {code:<18} {share.current:7.3f}   {_shown(share.learned, 3)}"
            for code, share in found.shares.items()
        ]
        lines.append("foretold and observed, in equal parts")
        lines += [
            f"  {part.foretold:.3f}  {part.observed:.3f}  ({part.outcomes})" for part in found.calibration
        ]
    return "\n".join([*lines, _conclusion(found)]) + "\n"


def _shown(interval: Interval, digits: int = 4) -> str:
    return f"{interval.mean:.{digits}f} ({interval.low:.{digits}f} to {interval.high:.{digits}f})"


def _conclusion(found: Evidence) -> str:
    if found.verdict == "proposed":
        return f"Proposed as {found.proposed_version}. Nothing changes until a person adopts it."
    why = {
        "too_few": "There are too few outcomes to learn from.",
        "not_better": "The current weights foretell the outcomes as well as learned ones.",
        "too_uncertain": "Learned weights do better, but how much each criterion counts is not known well enough.",
    }[found.verdict]
    more = (
        f"About {found.more_outcomes} more outcomes are needed."
        if found.more_outcomes
        else "No number of outcomes can be foretold that would change this."
    )
    return f"No proposal. {why} {more}"
