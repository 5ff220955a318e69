"""Who could be whose buddy: a pure library and the command `python -m matching`.

Plain frozen values go in, plain frozen values come out. The model, its integers and its files are described
in README.md beside this file. Nothing here knows a session, a request or a language: what a person reads is
made elsewhere from the codes and facts that are returned.
"""

from matching.assignment import assign
from matching.candidates import score_pairs
from matching.comparison import comparison_facts
from matching.evidence import evidence_facts
from matching.evidence_file import InvalidEvidence, read_evidence
from matching.explain import explain_pair, explain_unmatched
from matching.population import generate
from matching.recordings import Recording, write_recording
from matching.replay import Progress, replay_runs
from matching.types import (
    Buddy,
    Explanation,
    Idf,
    InvalidPerson,
    Newcomer,
    Pair,
    Plan,
    Shortage,
    Unlock,
    Unmatched,
)
from matching.understanding import Meant, understand
from matching.understanding import build as build_interests
from matching.warmup import warm_up
from matching.weights import InvalidWeights, Weights

__all__ = [
    "Buddy",
    "Explanation",
    "Idf",
    "InvalidEvidence",
    "InvalidPerson",
    "InvalidWeights",
    "Meant",
    "Newcomer",
    "Pair",
    "Plan",
    "Progress",
    "Recording",
    "Shortage",
    "Unlock",
    "Unmatched",
    "Weights",
    "assign",
    "build_interests",
    "comparison_facts",
    "evidence_facts",
    "explain_pair",
    "explain_unmatched",
    "generate",
    "read_evidence",
    "replay_runs",
    "score_pairs",
    "understand",
    "warm_up",
    "write_recording",
]
