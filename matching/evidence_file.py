"""Reading an evidence.json as somebody else may have written it: every figure of the kind it should be."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from typing import Any, TypeVar, get_args

from matching.evidence import Calibration, Evidence, Interval, Share, Verdict
from matching.types import CRITERIA

LONGEST_VERSION = 40
MOST = 1_000_000_000
Found = TypeVar("Found")


class InvalidEvidence(ValueError):
    """Evidence that cannot be used: the key, and what was expected there."""

    def __init__(self, key: str, expected: str) -> None:
        super().__init__(f"{key}: expected {expected}")
        self.key = key
        self.expected = expected


def read_evidence(text: str) -> Evidence:
    """The evidence in the text of an evidence.json; raises InvalidEvidence."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidEvidence("evidence.json", "JSON") from error
    known = {item.name for item in fields(Evidence)}
    if not isinstance(data, dict) or set(data) != known:
        raise InvalidEvidence("evidence.json", "an object with " + ", ".join(sorted(known)))
    verdict = data["verdict"]
    if verdict not in get_args(Verdict):
        raise InvalidEvidence("verdict", "one of " + ", ".join(get_args(Verdict)))
    return Evidence(
        **{key: _whole(data, key) for key in ("outcomes", "newcomers", "went_on", "did_not", "folds")},
        verdict=verdict,
        more_outcomes=None if data["more_outcomes"] is None else _whole(data, "more_outcomes"),
        current_version=_version(data, "current_version"),
        proposed_version=None if data["proposed_version"] is None else _version(data, "proposed_version"),
        penalty=_number(data, "penalty"),
        log_loss_current=_number(data, "log_loss_current"),
        log_loss_learned=_number(data, "log_loss_learned"),
        log_loss_free_form=_number(data, "log_loss_free_form"),
        gain=_interval(data, "gain"),
        auc_current=_interval(data, "auc_current"),
        auc_learned=_interval(data, "auc_learned"),
        slopes={code: _given(_number(part, code), code) for code, part in _by_criterion(data, "slopes")},
        shares={code: _share(part, code) for code, part in _by_criterion(data, "shares")},
        calibration=_calibration(data["calibration"]),
    )  # fmt: skip


def _by_criterion(data: Mapping[str, Any], key: str) -> list[tuple[str, Mapping[str, Any]]]:
    """The code of each criterion with the object that holds it; nothing where nothing was learned."""
    found = data[key]
    if not isinstance(found, dict) or (found and set(found) != set(CRITERIA)):
        raise InvalidEvidence(key, "nothing, or an entry for each of " + ", ".join(CRITERIA))
    return [(code, found) for code in CRITERIA if found]


def _share(data: Mapping[str, Any], key: str) -> Share:
    part = data[key]
    if not isinstance(part, dict) or set(part) != {"current", "learned"}:
        raise InvalidEvidence(f"shares.{key}", "current and learned")
    return Share(_given(_number(part, "current"), key), _given(_interval(part, "learned"), key))


def _calibration(data: object) -> tuple[Calibration, ...]:
    names = {item.name for item in fields(Calibration)}
    if not isinstance(data, list) or any(not isinstance(part, dict) or set(part) != names for part in data):
        raise InvalidEvidence("calibration", "a list of objects with " + ", ".join(sorted(names)))
    return tuple(
        Calibration(
            _whole(part, "outcomes"),
            _given(_number(part, "foretold"), "foretold"),
            _given(_number(part, "observed"), "observed"),
        )
        for part in data
    )


def _interval(data: Mapping[str, Any], key: str) -> Interval | None:
    part = data[key]
    if part is None:
        return None
    names = ("mean", "low", "high")
    if not isinstance(part, dict) or set(part) != set(names):
        raise InvalidEvidence(key, "nothing, or mean, low and high")
    return Interval(*(_given(_number(part, name), key) for name in names))


def _number(data: Mapping[str, Any], key: str) -> float | None:
    value = data[key]
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= MOST:
        raise InvalidEvidence(key, "a number")
    return float(value)


def _given(value: Found | None, key: str) -> Found:
    if value is None:
        raise InvalidEvidence(key, "a figure")
    return value


def _whole(data: Mapping[str, Any], key: str) -> int:
    value = data[key]
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MOST:
        raise InvalidEvidence(key, "a whole number from 0")
    return value


def _version(data: Mapping[str, Any], key: str) -> str:
    value = data[key]
    if not (
        isinstance(value, str) and value.strip() and value.isprintable() and len(value) <= LONGEST_VERSION
    ):
        raise InvalidEvidence(key, f"a text of at most {LONGEST_VERSION} printable characters")
    return value
