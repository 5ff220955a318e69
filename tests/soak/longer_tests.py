"""B11, B17 and B19: what the tests of the suite measure themselves, run in their long form on each kind of database."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Sequence

from app.config import ROOT
from app.security.permission_map import EVERYBODY, PERMISSION_MAP
from tests.soak.served import KINDS

B11 = (
    "tests/security/test_matrix.py",
    "tests/security/test_walks.py",
    "tests/security/test_reach.py",
    "tests/security/test_mutants.py",
)
B17 = (
    "tests/security/test_headers.py",
    "tests/security/test_answers.py",
    "tests/security/test_walks.py",
)
B19 = ("tests/services/test_changed_clocks.py",)


def measure_rights() -> tuple[str, bool]:
    """B11: every cell of the matrix and every route, by the long form of its walks."""
    found, kept = passed(B11)
    return f"{len(PERMISSION_MAP) * len(EVERYBODY)} cells, every route; {found}", kept


def measure_headers() -> tuple[str, bool]:
    """B17: every page, file, refusal and fault."""
    *files, walks = B17
    return passed((*files, f"{walks}::test_every_page_and_file"))


def measure_clocks() -> tuple[str, bool]:
    """B19: every shift around every change of the clock, wherever the clock of the server stands."""
    return passed(B19)


def passed(tests: Sequence[str], kinds: Sequence[str] = KINDS) -> tuple[str, bool]:
    """How those tests went on each database, with `--fuzz 1`: in words, and whether all of them passed."""
    words, kept = [], True
    for kind in kinds:
        run = subprocess.run(
            [sys.executable, "-m", "pytest", "-n0", "-q", "--fuzz", "1", "--database", kind.lower(), *tests],
            cwd=ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip
        last = run.stdout.strip().splitlines()[-1] if run.stdout.strip() else "nothing"
        words.append(f"{kind}: {re.sub(r', [0-9]+ deselected', '', last)}")
        kept &= run.returncode == 0
    return "; ".join(words), kept
