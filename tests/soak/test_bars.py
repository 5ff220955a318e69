"""The table of the bars, and the quick form of B9."""

import ast
import io
import json
from dataclasses import replace
from datetime import date

import pytest

from tests.architecture.source import ROOT
from tests.soak import __main__ as command
from tests.soak import bars, hostile_text, libraries, mailing, mixed, restoring, slow, table
from tests.soak.clusters import two_files
from tests.soak.served import Answer


def test_every_bar_stands_in_the_table_once():
    assert [bar.number for bar in bars.BARS] == [f"B{number}" for number in range(1, 21)]


def cases_in(name):
    """The tests of that file."""
    tree = ast.parse((ROOT / name).read_text(encoding="utf-8"))
    return [
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    ]


def test_what_a_bar_names_is_there():
    for bar in bars.BARS:
        assert all((ROOT / name).is_file() for name in bar.quick), bar.number
        assert all(cases_in(name) for name in bar.quick), bar.number


@pytest.mark.sqlite
def test_b9_in_small(tmp_path):
    full, place = two_files(tmp_path)
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
        ({"erased": restoring.GONE - 1}, False),
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
        "erased": restoring.GONE,
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


MAIL = mailing.Measured(119, 500, 450, 50, 50, 1, 1, before=100, away=169, slow=169)
LOAD = mixed.Measured(1000, faults=0, unanswered=0, p50=1, p95=2, warm=100, end=109)


def told(seconds=1.9, status=200):
    """What came back of one request."""
    found = hostile_text.Told()
    found.add("a request", Answer(status, {}, "", seconds))
    return found


TEXTS = hostile_text.Measured(60, told(status=303), told(), growth=49_000_000, share=True)
SLOW = slow.Measured(100, well=99, p95=0.9, cut_off=0)


@pytest.mark.parametrize(
    ("right", "broken"),
    [
        (
            MAIL,
            [
                {"seconds": 121},
                {"sent": 449},
                {"shown": 49},
                {"refused": 51},
                {"doubled": 2},
                {"away": 171},
                {"slow": 171},
            ],
        ),
        (LOAD, [{"requests": 0}, {"faults": 1}, {"unanswered": 1}, {"end": 111}, {"end": 89}]),
        (
            TEXTS,
            [
                {"texts": told(status=500)},
                {"texts": told(status=422)},
                {"share": False},
                {"api": told(seconds=2.1)},
                {"api": hostile_text.Told()},
                {"growth": 51_000_000},
            ],
        ),
        (SLOW, [{"requests": 0, "well": 0}, {"well": 98}, {"p95": 1.1}]),
    ],
)
def test_load_that_is_not_borne_is_seen(right, broken):
    assert right.kept(), right
    assert right.words()
    for change in broken:
        assert not replace(right, **change).kept(), change


def test_a_share_of_the_texts_is_never_told_as_all_of_them():
    assert "a minute's share, 1 of" in TEXTS.words()
    every = hostile_text.Told()
    for _ in hostile_text.PAYLOADS:
        every.add("a request", Answer(303, {"location": "/nl/"}, "", 0.1))
    whole = replace(TEXTS, fields=1, texts=every, share=False)
    assert whole.kept()
    assert whole.words().startswith(f"all {len(hostile_text.PAYLOADS)} pairs")


def test_who_is_sent_to_sign_in_has_had_nothing_taken():
    found = hostile_text.Told()
    found.add("a request", Answer(303, {"location": "/nl/sign-in?next=/"}, "", 0.1))
    assert not found.taken


def test_known_faults_are_counted_and_an_unreachable_database_is_no_claim(monkeypatch):
    pinned = {"flask": "3.1.0", "bleach": "1.0"}
    told = {"results": [{}, {"vulns": [{"id": "PYSEC-1"}]}]}
    monkeypatch.setattr(libraries, "urlopen", lambda *_, **__: io.StringIO(json.dumps(told)))
    assert libraries.known_faults(pinned) == ["bleach 1.0: PYSEC-1"]

    def away(*_, **__):
        raise OSError

    monkeypatch.setattr(libraries, "urlopen", away)
    monkeypatch.setattr(libraries, "pages_ask_nobody", lambda: ("0 requests", True))
    monkeypatch.setattr(libraries, "run_one", lambda *_: type("Done", (), {"code": 0}))
    assert libraries.known_faults(pinned) is None
    words, kept = libraries.measure()
    assert "NOT counted" in words
    assert not kept


SHOWN = f"""# Security

{table.BEGIN}

| bar | what has to hold | measured | kept | when, on |
| --- | --- | --- | --- | --- |
| B1 | old words | 1 of 200 | yes | 2026-01-02, 2 cores |
| B99 | a bar that is no more | 1 | yes | 2026-01-02, 2 cores |

{table.END}

Kept as it is.
"""
NOW = date(2026, 11, 21)


@pytest.fixture
def shown(tmp_path, monkeypatch):
    """A SECURITY.md with a table of before, which the command writes."""
    monkeypatch.setattr(command, "ROOT", tmp_path)
    monkeypatch.setattr(command, "today", lambda: NOW)
    (tmp_path / "SECURITY.md").write_text(SHOWN, encoding="utf-8")
    return tmp_path / "SECURITY.md"


def test_the_written_table_has_the_rows_of_the_bars_and_keeps_what_was_not_measured(shown, monkeypatch):
    measured = bars.Bar("B9", "restore | erased", (), lambda: ("3.0 s", False))
    monkeypatch.setattr(bars, "BARS", (bars.Bar("B1", "approvals"), bars.Bar("B2", "hours"), measured))
    monkeypatch.setattr(command, "BARS", bars.BARS)
    assert command.main(["--write"]) == 1
    rows = table.standing(shown.read_text(encoding="utf-8"))
    assert list(rows) == ["B1", "B2", "B9"]
    assert rows["B1"] == table.Row("B1", "approvals", "1 of 200", "yes", "2026-01-02, 2 cores")
    assert rows["B2"] == table.Row("B2", "hours")
    assert rows["B9"] == table.Row("B9", "restore | erased", "3.0 s", "NO", table.when(NOW))
    assert shown.read_text(encoding="utf-8").startswith("# Security\n")
    assert shown.read_text(encoding="utf-8").endswith("Kept as it is.\n")
    assert [file.name for file in shown.parent.iterdir()] == ["SECURITY.md"]


def test_nothing_is_written_without_being_asked_or_without_a_place(shown, monkeypatch, capsys):
    monkeypatch.setattr(command, "BARS", (bars.Bar("B1", "approvals"),))
    monkeypatch.setattr(bars, "BARS", command.BARS)
    assert command.main([]) == 0
    assert shown.read_text(encoding="utf-8") == SHOWN
    shown.write_text("# Security\n", encoding="utf-8")
    assert command.main(["--write"]) == 2
    assert "There is no place for the table" in capsys.readouterr().err
    shown.unlink()
    assert command.main(["--write"]) == 2


def test_a_day_and_a_machine():
    assert (table.when(NOW, 1), table.when(NOW, 2)) == ("2026-11-21, 1 core", "2026-11-21, 2 cores")


def test_the_table_of_the_repository_shows_these_bars():
    """Where the repository shows its measured bars, they are these, each with its day."""
    file = ROOT / "SECURITY.md"
    text = file.read_text(encoding="utf-8") if file.exists() else SHOWN
    rows = table.standing(text)
    if file.exists():
        assert [(row.number, row.words) for row in rows.values()] == [
            (bar.number, bar.words) for bar in bars.BARS
        ]
    assert all((row.kept in ("yes", "NO")) is bool(row.when) for row in rows.values())
