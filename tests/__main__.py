"""The checks and the test run behind ``make check``, ``make test`` and ``make coverage``.

``python -m tests check`` runs every checker at once and prints what those that failed have written.
``python -m tests all`` does that and then runs pytest, whose closing line is the last one.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests import chromium

ROOT = Path(__file__).resolve().parent.parent
PYTHON_FILES = ("app", "matching", "migrations", "tests", "wsgi.py")
TOOLS = Path(sys.executable).parent

# The slow ones first, so that the short ones fill the gaps.
CHECKS = {
    "types": ("mypy",),
    "templates": ("djlint", "app/templates", "--lint", "--quiet"),
    "catalogues": (sys.executable, "-m", "app.i18n.messages", "check"),
    "placeholders": (
        "dennis-cmd",
        "lint",
        "--errorsonly",
        *map(str, sorted(ROOT.glob("translations/*/LC_MESSAGES/*.po"))),
    ),
    "walls": ("lint-imports",),
    "lint": ("ruff", "check", "--quiet", *PYTHON_FILES),
    "layout": ("ruff", "format", "--check", "--quiet", *PYTHON_FILES),
    "security": (
        "bandit",
        "--quiet",
        "--recursive",
        "-lll",
        "--configfile",
        "pyproject.toml",
        "app",
        "matching",
    ),
}
# Packages whose every line and branch has to be reached by a test, and the others.
COMPLETE = "matching/*,app/security/*,app/services/*"
COVERAGE_REPORTS = (
    ("--include", COMPLETE, "--fail-under", "100"),
    ("--omit", f"{COMPLETE},tests/*", "--fail-under", "95"),
)


@dataclass(frozen=True)
class Outcome:
    """How one checker ended: its name, exit code, what it wrote, and its time in seconds."""

    name: str
    code: int
    text: str
    seconds: float


def run_one(name: str, command: tuple[str, ...]) -> Outcome:
    """Run one checker to its end and keep what it writes."""
    started = time.monotonic()
    program = command[0] if os.sep in command[0] else str(TOOLS / command[0])
    done = subprocess.run(
        [program, *command[1:]],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return Outcome(name, done.returncode, done.stdout, time.monotonic() - started)


def check() -> int:
    """Run all checkers, two at a time; return 0 when every one of them is content."""
    started = time.monotonic()
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 2) as pool:
        outcomes = list(pool.map(lambda item: run_one(*item), CHECKS.items()))
    for outcome in outcomes:
        print(
            f"  {outcome.name:<13}{'ok' if outcome.code == 0 else 'FAILED':<7}{outcome.seconds:5.1f} s",
            flush=True,
        )
    for outcome in outcomes:
        if outcome.code:
            print(f"\n{outcome.name}:\n{outcome.text.rstrip()}", flush=True)
    failed = any(outcome.code for outcome in outcomes)
    print(
        f"Checks {'failed' if failed else 'are green'} after {time.monotonic() - started:.0f} s.", flush=True
    )
    return 1 if failed else 0


def suite(arguments: list[str]) -> int:
    """Run every test on both databases, and in the browser when there is one; return pytest's exit code."""
    chromium.prepare()
    # Before the tests share the processors; a wrong lexicon is then told once, by its own test.
    subprocess.run([sys.executable, "-m", "matching", "interests", "--build"], cwd=ROOT, check=False)
    command = [sys.executable, "-m", "pytest", "--database", "both", *arguments]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


def coverage(arguments: list[str]) -> int:
    """Run the suite while counting lines and branches; return 0 when enough of them are reached."""
    codes = [suite(["--cov", "--cov-report=", *arguments])]
    for report in COVERAGE_REPORTS:
        command = [str(TOOLS / "coverage"), "report", "--skip-covered", "--show-missing", *report]
        codes.append(subprocess.run(command, cwd=ROOT, check=False).returncode)
    return max(codes)


def layout() -> int:
    """Lay out the code and mend what ruff can mend by itself."""
    codes = [
        subprocess.run([str(TOOLS / "ruff"), *verb, *PYTHON_FILES], cwd=ROOT, check=False).returncode
        for verb in (("check", "--fix", "--quiet"), ("format", "--quiet"))
    ]
    return max(codes)


def main(words: list[str]) -> int:
    """Do what the first word asks; return an exit code."""
    verb, arguments = (words[0], words[1:]) if words else ("", [])
    if verb == "check":
        return check()
    if verb == "format":
        return layout()
    if verb == "coverage":
        return coverage(arguments)
    if verb == "all":
        return max(check(), suite(arguments))
    print("Say what to do: all, check, coverage or format.", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
