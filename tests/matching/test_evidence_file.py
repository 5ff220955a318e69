"""An evidence.json is read as it was written, and refused wherever a figure is not what it should be."""

import json

import pytest

from matching.evidence import Calibration, Evidence, Interval, Share, evidence_facts, evidence_json
from matching.evidence_file import InvalidEvidence, read_evidence
from matching.types import CRITERIA

PART = Interval(0.5, 0.25, 0.75)
FULL = Evidence(
    outcomes=4000, newcomers=900, went_on=2200, did_not=1800, current_version="2026-1", verdict="proposed",
    more_outcomes=0, proposed_version="2026-2", folds=5, penalty=1.0, log_loss_current=0.5, log_loss_learned=0.25,
    log_loss_free_form=0.25, gain=PART, auc_current=PART, auc_learned=PART, slopes=dict.fromkeys(CRITERIA, 1.0),
    shares={code: Share(0.25, PART) for code in CRITERIA}, calibration=(Calibration(4000, 0.5, 0.5),),
)  # fmt: skip
EMPTY = Evidence(outcomes=0, newcomers=0, went_on=0, did_not=0, current_version="2026-1", more_outcomes=100)


@pytest.mark.parametrize("found", [FULL, EMPTY])
def test_read_as_written(found):
    assert read_evidence(evidence_json(found)) == found
    assert json.loads(evidence_json(found)) == json.loads(json.dumps(evidence_facts(found)))


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", "[" * 100_000, "3"])
def test_no_evidence_at_all(text):
    with pytest.raises(InvalidEvidence, match=r"evidence\.json"):
        read_evidence(text)


@pytest.mark.parametrize(
    ("path", "value", "key"),
    [
        ("verdict", "adopt", "verdict"),
        ("verdict", [], "verdict"),
        ("outcomes", -1, "outcomes"),
        ("outcomes", 1.5, "outcomes"),
        ("outcomes", True, "outcomes"),
        ("outcomes", 10**12, "outcomes"),
        ("more_outcomes", "many", "more_outcomes"),
        ("current_version", "", "current_version"),
        ("current_version", 3, "current_version"),
        ("current_version", "2026-1\ud800", "current_version"),
        ("current_version", "2026-1\0", "current_version"),
        ("proposed_version", "x" * 41, "proposed_version"),
        ("penalty", "low", "penalty"),
        ("penalty", True, "penalty"),
        ("penalty", float("nan"), "penalty"),
        ("penalty", float("inf"), "penalty"),
        ("gain", 3, "gain"),
        ("gain", {"mean": 1}, "gain"),
        ("gain", {"mean": None, "low": 0, "high": 0}, "gain"),
        ("slopes", [], "slopes"),
        ("slopes", {"place": 1}, "slopes"),
        ("slopes", dict.fromkeys(CRITERIA), "interests"),
        ("shares", dict.fromkeys(CRITERIA, 1), "shares.interests"),
        ("shares", {key: {"current": 1, "learned": None} for key in CRITERIA}, "interests"),
        ("calibration", {}, "calibration"),
        ("calibration", [3], "calibration"),
        ("calibration", [{"outcomes": 3}], "calibration"),
        ("calibration", [{"outcomes": 3, "foretold": None, "observed": 1}], "foretold"),
        ("extra", 1, "evidence.json"),
    ],
)
def test_refused_figures(path, value, key):
    data = json.loads(evidence_json(FULL)) | {path: value}
    with pytest.raises(InvalidEvidence) as caught:
        read_evidence(json.dumps(data))
    assert caught.value.key == key
    assert caught.value.expected
