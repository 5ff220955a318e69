"""Who could be whose buddy: a pure library and the command `python -m matching`.

Plain frozen values go in, plain frozen values come out. The model, its integers and its files are described
in README.md beside this file. Nothing here knows a session, a request or a language: what a person reads is
made elsewhere from the codes and facts that are returned.

These names are what most programs need; everything else has its module, and README.md lists the useful ones.
"""

from matching.assignment import assign
from matching.candidates import score_pairs
from matching.explain import explain_pair, explain_unmatched
from matching.types import Buddy, Newcomer
from matching.understanding import understand
from matching.warmup import warm_up
from matching.weights import Weights

__all__ = [
    "Buddy",
    "Newcomer",
    "Weights",
    "assign",
    "explain_pair",
    "explain_unmatched",
    "score_pairs",
    "understand",
    "warm_up",
]
