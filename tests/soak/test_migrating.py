"""The judgement of B7: what was measured badly is not taken for kept."""

import pytest

from app import db
from tests.soak import beside, migrating


@pytest.mark.parametrize(
    ("broken", "kept"),
    [
        ({}, True),
        ({"wrong": ("step 0026 lost one",)}, False),
        ({"kills": 9}, False),
        ({"noticed": False}, False),
    ],
)
def test_steps(broken, kept):
    right = {"wrong": (), "steps": 25, "tables": 90, "kills": 12, "statements": 900, "noticed": True}
    found = migrating.Measured(**right | broken)
    assert found.kept() is kept
    said = found.words()
    assert ("lost one" in said) is ("wrong" in broken)
    assert ("NOT NOTICED" in said) is ("noticed" in broken)


@pytest.mark.parametrize(
    ("broken", "kept"),
    [
        ({}, True),
        ({"reading": beside.SECONDS}, False),
        ({"writing": beside.SECONDS}, False),
        ({"unexplained": 1}, False),
        ({"after": (200, 500)}, False),
        ({"after": (503, 303)}, False),
    ],
)
def test_visitors(broken, kept):
    right = {
        "statuses": {200: 9, 503: 2}, "reading": 0.2, "writing": db.BUSY_SECONDS + 1.0, "unexplained": 0, "after": (200, 303),
    }  # fmt: skip
    found = beside.Beside(**right | broken)
    assert found.kept() is kept
    assert found.words().startswith("9 × 200, 2 × 503 during")
