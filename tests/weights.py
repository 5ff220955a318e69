"""Weights of the matcher as a keeper hands them in, and the evidence that comes with them."""

from matching.evidence import Calibration, Evidence, Interval, Share, evidence_json
from matching.types import CRITERIA

WEIGHTS = b'version = "2026-2"\n[weights]\ninterests = 0\navailability = 0\nplace = 0\nlanguages = 1000\n'
HALF = Interval(0.5, 0.4, 0.6)
EVIDENCE = evidence_json(
    Evidence(
        outcomes=4000, newcomers=900, went_on=2200, did_not=1800, current_version="2026-1", verdict="proposed",
        more_outcomes=0, proposed_version="2026-2", folds=5, penalty=1.0, log_loss_current=0.61, log_loss_learned=0.55,
        log_loss_free_form=0.56, gain=HALF, auc_current=HALF, auc_learned=Interval(0.8, 0.7, 0.9),
        slopes=dict.fromkeys(CRITERIA, 1.0), shares={code: Share(0.25, HALF) for code in CRITERIA},
        calibration=(Calibration(4000, 0.5, 0.55),),
    )
).encode()  # fmt: skip
