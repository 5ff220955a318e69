"""The table of docs/rules.md: every rule stands in it, and what it names is there and names the rule."""

import ast
import re
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EXTRA = {"R14b", "R22b", "R36b", "R36c", "R43b"}
NUMBERED = {f"R{number:02}" for number in range(1, 54)}
NOBODY = "–"


@dataclass(frozen=True)
class Row:
    rule: str
    kept_by: str
    shown_by: str

    @property
    def modules(self):
        return re.findall(r"`([^`]+)`", self.kept_by)

    @property
    def tests(self):
        return re.findall(r"`(tests/[^`]+)`", self.shown_by)


def table():
    lines = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8").splitlines()
    cells = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| R")
    ]
    return [Row(rule, kept_by, shown_by) for rule, _words, kept_by, shown_by in cells]


ROWS = table()


def text_of(name):
    """What a test says: its own source, or of a whole module or class only what introduces it."""
    path, *names = name.split("::")
    source = (ROOT / path).read_text(encoding="utf-8")
    node: ast.AST = ast.parse(source)
    words = [ast.get_docstring(node) or ""]
    for wanted in names:
        (node,) = (child for child in node.body if getattr(child, "name", "") == wanted)
        words.append(ast.get_docstring(node) or "")
        if isinstance(node, ast.FunctionDef):
            assert wanted.startswith("test_")
            words = [ast.get_source_segment(source, node) or "", *words[-2:]]
    return "\n".join(words)


def rules_in(text):
    """The rules that a text names: "R26", and "r26" in the name of a test; a span, "R26-R29", names all between."""
    found = {f"R{rule}" for rule in re.findall(r"(?:\bR|\btest_(?:\w*_)?r)(\d\d[bc]?)(?![a-z0-9])", text)}
    for first, last in re.findall(r"\bR(\d\d)-R(\d\d)\b", text):
        found |= {f"R{number:02}" for number in range(int(first), int(last) + 1)}
    return found


def test_every_rule_stands_in_the_table_once():
    assert [row.rule for row in ROWS] == sorted(NUMBERED | EXTRA)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.rule)
def test_what_a_row_names_exists_and_names_the_rule(row):
    for module in row.modules:
        assert module.startswith("app/")
        assert (ROOT / module).is_file(), module
    for name in row.tests:
        assert row.rule in rules_in(text_of(name)), f"{name} does not name {row.rule}"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.rule)
def test_a_row_shows_a_test_or_says_why_not(row):
    if row.tests:
        assert row.modules, "what is tested is kept somewhere"
    else:
        assert len(row.shown_by) > len(NOBODY)
    assert row.kept_by == NOBODY or row.modules


def test_no_rule_is_called_a_matter_of_people_that_a_test_names():
    """What a test claims to show stands in the table, so that the table stays true when rules come to be kept."""
    silent = {row.rule for row in ROWS if not row.tests}
    claimed = {}
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        if path == Path(__file__):
            continue
        for rule in rules_in(path.read_text(encoding="utf-8")):
            claimed.setdefault(rule, path.relative_to(ROOT).as_posix())
    assert not {rule: path for rule, path in claimed.items() if rule in silent}
