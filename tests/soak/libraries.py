"""B18: whether a fault is known of any library in use, where an advisory database can be reached; and the own lint."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from urllib.request import Request, urlopen

from app.config import ROOT
from tests.__main__ import CHECKS, run_one
from tests.soak.longer_tests import passed
from tests.soak.served import KINDS

# The open database that pip-audit asks as well (`pip-audit --vulnerability-service osv`): one question for all.
ADVISORIES = "https://api.osv.dev/v1/querybatch"
PATIENCE = 20
LOCKS = ("requirements.txt", "tests/requirements.txt")
PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", re.MULTILINE)
QUICK = ("tests/security/test_third_parties.py", "tests/crawl/test_pages.py", "tests/crawl/test_rules.py")


def measure() -> tuple[str, bool]:
    """Known faults, what bandit finds, requests to others: the figures in words, and whether all are none.

    Where no database can be reached that is said, and the bar is not claimed to be kept.
    """
    pinned: dict[str, str] = {}
    for name in LOCKS:
        pinned |= pins((ROOT / name).read_text(encoding="utf-8"))
    found = known_faults(pinned)
    told = (
        "no advisory database can be reached from here, so known faults were NOT counted"
        if found is None
        else f"{len(found)} known faults in {len(pinned)} libraries"
    )
    bandit = run_one("security", CHECKS["security"])
    pages, whole = pages_ask_nobody()
    words = f"{told}{': ' + ', '.join(found) if found else ''}; bandit: {'0 high' if not bandit.code else 'high ones found'}; {pages}"
    return words, found == [] and not bandit.code and whole


def pins(text: str) -> dict[str, str]:
    """The version of each library of a lock file."""
    return {re.sub(r"[-_.]+", "-", name).lower(): version for name, version in PIN.findall(text)}


def known_faults(pinned: Mapping[str, str], address: str = ADVISORIES) -> list[str] | None:
    """`name version: number` of each fault that the database knows; None when it cannot be reached."""
    asked = [
        {"package": {"name": name, "ecosystem": "PyPI"}, "version": version}
        for name, version in pinned.items()
    ]
    request = Request(address, json.dumps({"queries": asked}).encode(), {"Content-Type": "application/json"})
    try:
        with urlopen(request, timeout=PATIENCE) as answer:
            results = json.load(answer)["results"]
    except (OSError, ValueError, KeyError):
        return None
    return [
        f"{name} {version}: {fault['id']}"
        for (name, version), result in zip(pinned.items(), results, strict=True)
        for fault in result.get("vulns", [])
    ]


def pages_ask_nobody() -> tuple[str, bool]:
    """Every page of the crawl and every file that pages load, held to asking nobody else."""
    found, whole = passed(QUICK, KINDS[:1])
    return f"{'0 requests to others on all pages' if whole else 'a page asks others'} ({found})", whole
