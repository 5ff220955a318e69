"""SECURITY.md: every threat, item and bar stands in it with a test or a reason, and its table is the map of the code."""

import re

import pytest

from app.security.permission_map import EVERYBODY, PERMISSION_MAP
from tests.architecture.source import ROOT
from tests.architecture.test_rules import text_of
from tests.soak.bars import BARS

PAGE = ROOT / "SECURITY.md"
THREATS = [f"T{number}" for number in range(1, 25)]
ITEMS = [
    1, 2, 4, 6, 7, 8, 10, 11, 12, 14, 15, 16, 18, 19, 20, 22, 25, 26, 28, 29, 31, 32, 34, 36, 37, 38, 40, 41, 42, 44, 45, 47, 48, 50, 52, 53,
    54, 56, 57, 59, 60, 62, 63, 64, 65, 67, 68, 69, 70, 72, 73, 74, 76, 77, 78, 80, 82, 83, 84,
]  # fmt: skip
REASON = 5  # words, at least, where no test is named


def matrix_lines() -> list[str]:
    """The table of who may do what, as it stands in the page."""
    heads = ["stranger" if holder is None else holder.value for holder in EVERYBODY]
    rows = [
        [permission.value, *(cells[holder].value if holder in cells else "–" for holder in EVERYBODY)]
        for permission, cells in PERMISSION_MAP.items()
    ]
    return [f"| {' | '.join(row)} |" for row in (["", *heads], ["---"] * (len(heads) + 1), *rows)]


def rows() -> dict[str, str]:
    """The last cell of each numbered row, by its number; those between the marks are measured, not written."""
    written = re.sub(
        r"<!-- bars: begin.*<!-- bars: end -->", "", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL
    )
    found: dict[str, str] = {}
    for line in written.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if re.fullmatch(r"[TB]?\d+", cells[0]):
            assert cells[0] not in found, f"{cells[0]} stands there twice"
            found[cells[0]] = cells[-1]
    return found


ROWS = rows()


def test_every_threat_item_and_bar_stands_there_once():
    assert list(ROWS) == [*THREATS, *map(str, ITEMS), *(bar.number for bar in BARS)]


@pytest.mark.parametrize("number", ROWS)
def test_a_row_names_tests_that_are_there_or_says_why_not(number):
    names = re.findall(r"`(tests/[^`]+)`", ROWS[number])
    for name in names:
        assert text_of(name) is not None, name
    assert names or len(ROWS[number].split()) >= REASON, f"{number} has neither a test nor a reason"


def test_a_test_that_is_not_there_would_be_seen():
    with pytest.raises(ValueError, match="not enough values"):
        text_of("tests/security/test_matrix.py::test_that_nobody_wrote")


def test_the_table_is_the_map_of_the_code():
    assert "\n".join(matrix_lines()) in PAGE.read_text(encoding="utf-8")


def test_there_is_one_place_for_what_was_measured():
    """`python -m tests.soak --write` fills it."""
    assert re.findall(r"<!-- bars: (begin|end)", PAGE.read_text(encoding="utf-8")) == ["begin", "end"]
