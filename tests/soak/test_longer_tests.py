"""The long forms of B11, B17 and B19 are tests of the suite; what they say of one that fails."""

import subprocess

import pytest

from tests.soak import longer_tests


@pytest.mark.parametrize(
    ("code", "last", "kept"),
    [(0, "12 passed, 3 deselected in 4.00s", True), (1, "1 failed, 11 passed in 4.00s", False)],
)
def test_what_fails_is_not_kept(monkeypatch, code, last, kept):
    asked = []

    def run(command, **_more):
        asked.append(command)
        return subprocess.CompletedProcess(command, code, stdout=f"......\n{last}\n", stderr="")

    monkeypatch.setattr(subprocess, "run", run)
    words, found = longer_tests.measure_rights()
    assert found is kept
    assert last.replace(", 3 deselected", "") in words
    assert [command[command.index("--database") + 1] for command in asked] == ["sqlite", "postgresql"]
    assert all(set(longer_tests.B11) <= set(command) for command in asked)
    assert longer_tests.measure_headers()[1] is kept
    assert longer_tests.measure_clocks()[1] is kept


def test_a_walk_that_does_not_begin_is_not_kept(monkeypatch):
    monkeypatch.setattr(
        subprocess, "run", lambda command, **_more: subprocess.CompletedProcess(command, 2, "", "x")
    )
    assert longer_tests.measure_headers() == ("SQLite: nothing; PostgreSQL: nothing", False)
