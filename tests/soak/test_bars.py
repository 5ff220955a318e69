"""The table of the bars, and the quick form of B9."""

import pytest

from tests.architecture.source import ROOT
from tests.soak import __main__ as command
from tests.soak import bars, restoring


def test_every_bar_stands_in_the_table_once():
    assert [bar.number for bar in bars.BARS] == [f"B{number}" for number in range(1, 21)]


def test_what_a_bar_names_is_there():
    for bar in bars.BARS:
        assert all((ROOT / name).is_file() for name in bar.quick), bar.number


@pytest.mark.sqlite
def test_b9_in_small(tmp_path):
    full, place = restoring._files(tmp_path)
    found = restoring.restored(full, place, tmp_path / "b9", 50)
    assert found.kept(), found
    assert found.rows > 50 * 60


@pytest.mark.parametrize(
    ("broken", "kept"),
    [
        ({}, True),
        ({"restoring": 121.0}, False),
        ({"notes": 4}, False),
        ({"mails": 1}, False),
        ({"people": 0, "notes": 0}, False),
    ],
)
def test_a_bar_that_is_not_kept_is_seen(broken, kept):
    right = {
        "writing": 1.0,
        "restoring": 100.0,
        "megabytes": 1.0,
        "rows": 1,
        "people": 5,
        "notes": 5,
        "mails": 0,
    }
    assert restoring.Measured(**right | broken).kept() is kept


def test_the_table_is_printed_with_its_figures(monkeypatch, capsys):
    measured = bars.Bar("B9", "restore", (), lambda: ("3.0 s", False))
    monkeypatch.setattr(bars, "BARS", (bars.Bar("B1", "approvals"), measured))
    monkeypatch.setattr(command, "BARS", bars.BARS)
    assert command.main([]) == 1
    assert "| B1 | approvals | quick form only |  |" in (said := capsys.readouterr().out)
    assert "| B9 | restore | 3.0 s | NO |" in said
    assert command.main(["B1"]) == 0
    assert command.main(["B99"]) == 2
