"""The command of the bench: its table of rows, what is held against each other, and how it ends."""

import os
import re
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from matching import compiled
from matching.__main__ import main
from matching.bench import campaign, command, instances, process, table, work
from matching.bench.campaign import CERTIFIED, EVERYTHING, OURS, Case, Row
from matching.bench.instances import ALL, Instance
from matching.bench.process import Outcome, Told

ROOT = Path(compiled.__file__).parents[1]
SMALL = Instance(60, "scarce", 3)


@pytest.fixture
def inside(monkeypatch):
    """Measures in this process instead of in one of its own."""

    def measure(function, job, limit):
        told = []
        process.tell_all(function, job, told.append)
        runs = tuple(item for item in told if item.seconds is not None)
        facts = {key: value for item in told for key, value in item.facts.items()}
        return Outcome(runs, facts, told[-1].failed)

    monkeypatch.setattr(campaign, "measure", measure)
    monkeypatch.setattr(work, "warm_up", lambda: None)
    monkeypatch.setitem(work.PEERS, "highs", work.PEERS["ortools"])  # the two cannot live in one process


def options(*words):
    return ["bench", "--sizes", "30,60", "--repeat", "2", "--edges", "3,1", *words]


def lines_of(text):
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line[:1] == "|"
    ]
    return [dict(zip(rows[0], row, strict=True)) for row in rows[2:]]


@pytest.mark.slow
def test_the_command_with_every_peer_in_processes_of_their_own(tmp_path):
    out = tmp_path / "table.md"
    words = ["bench", "--sizes", "40", "--repeat", "2", "--balance", "scarce", "--out", str(out)]
    done = subprocess.run(
        [sys.executable, "-m", "matching", *words, "--against", "ortools,scipy,highs,networkx,loop"],
        cwd=ROOT, capture_output=True, text=True, check=True, env={**os.environ, "TMPDIR": str(tmp_path)},
    )  # fmt: skip
    assert done.stderr == ""
    assert done.stdout == out.read_text(encoding="utf-8")
    assert [path.name for path in tmp_path.iterdir()] == ["table.md"]
    rows = lines_of(done.stdout)
    assert [row["solver"] for row in rows] == ["**matching**"] * 2 + [
        "ortools",
        "scipy",
        "highs",
        "networkx",
        "loop",
    ]
    assert [row["loss"] for row in rows[:6]] == ["0"] * 6
    assert all(float(row["times ours"]) > 0 for row in rows)
    assert all(float(row["times ours, same pairs"]) > 0 for row in rows[1:])
    assert all(int(row["MB"].replace(" ", "")) > 20 for row in rows)
    assert str(ROOT) not in done.stdout
    assert re.search(r"- Machine: \d+ cores, .+, Python 3", done.stdout)


def test_all_balances_and_growth(inside, capsys):
    assert main(options("--balance", "scarce,plentiful,balanced", "--against", "ortools,loop")) == 0
    text = capsys.readouterr().out
    assert len(lines_of(text)) == 6 * 4
    assert text.count("- Growth") == 3
    assert "DIFFERS" not in text


def test_best_pairs_where_all_are_too_many(inside, capsys, monkeypatch):
    monkeypatch.setattr(work, "ALL_PAIRS", 20)
    assert main(options("--sizes", "60", "--against", "ortools,highs")) == 0
    rows = lines_of(capsys.readouterr().out)
    assert [(row["solver"], row["pairs"].split(" (")[0]) for row in rows] == [
        ("**matching**", "all, certified"), ("ortools", "all permitted"), ("highs", "all permitted"),
        ("**matching**", "best 3"), ("ortools", "best 3"), ("highs", "best 3"),
        ("**matching**", "best 1"), ("ortools", "best 1"), ("highs", "best 1"),
    ]  # fmt: skip
    assert rows[1]["seconds (least–most)"].startswith("not run: ")
    losses = [float(row["loss"].split()[0]) for row in rows[3:]]
    assert min(losses) >= 0
    assert losses[-1] > 0


def test_a_peer_that_is_missing_or_too_slow_has_its_row(inside, capsys, monkeypatch):
    usual = campaign.measure

    def measure(function, job, limit):
        if job.solver == "scipy" and job.best == ALL:
            return Outcome((), {}, "more than 1 s")
        return usual(function, job, limit)

    monkeypatch.setattr(campaign, "measure", measure)
    monkeypatch.setitem(work.PACKAGES, "networkx", "no_such_package")
    monkeypatch.setattr(work, "LOOP_SECONDS", 0.0)
    words = ["--sizes", "60", "--against", "networkx,scipy,ortools,loop", "--limit", "1"]
    assert main(options(*words)) == 0
    rows = lines_of(capsys.readouterr().out)
    told = {(row["solver"], row["pairs"].split(" (")[0]): row for row in rows}
    assert told["networkx", "–"]["seconds (least–most)"] == "not installed"
    assert told["scipy", "all permitted"]["seconds (least–most)"] == "more than 1 s"
    assert float(told["scipy", "best 3"]["times ours"]) > 0
    assert ("ortools", "best 3") not in told
    assert "extrapolated from 1 newcomers" in told["loop", "all permitted"]["seconds (least–most)"]
    assert told["loop", "all permitted"]["MB"] == "–"


def rows_of(*found):
    told = {"peak": 100.0, "base": 40.0}
    return [
        Row(
            SMALL,
            solver,
            pairs,
            Outcome((Told(2.0, 2.0, objective, 5),), told) if objective else Outcome((), {}, "x"),
        )
        for solver, pairs, objective in found
    ]


@pytest.mark.parametrize(
    ("rows", "wrong"),
    [
        ([(OURS, CERTIFIED, 9), ("ortools", EVERYTHING, 9), ("loop", EVERYTHING, 8)], []),
        ([(OURS, CERTIFIED, 9), ("ortools", EVERYTHING, 8)], [1]),
        ([(OURS, CERTIFIED, 9), ("ortools", EVERYTHING, 10)], [1]),
        ([(OURS, CERTIFIED, 9), (OURS, "best 3", 8), ("scipy", "best 3", 8), ("highs", "best 3", 7)], [3]),
        ([(OURS, CERTIFIED, 9), (OURS, "best 3", 10)], [1]),
        ([(OURS, CERTIFIED, 9), (OURS, EVERYTHING, 8)], [1]),
        ([(OURS, CERTIFIED, 9), ("loop", EVERYTHING, 10)], [1]),
        ([(OURS, CERTIFIED, None), ("scipy", EVERYTHING, 9)], [0, 1]),
    ],
)
def test_differences_are_found(rows, wrong):
    judged = list(campaign.judged(rows_of(*rows)))
    assert [at for at, row in enumerate(judged) if row.wrong] == wrong


def test_a_difference_ends_with_1(inside, capsys, monkeypatch):
    real = work.PEERS["ortools"]
    monkeypatch.setitem(
        work.PEERS, "ortools", lambda *given: np.where(np.arange(len(real(*given))), -1, real(*given))
    )
    assert main(options("--against", "ortools")) == command.DIFFERENT
    assert "DIFFERS" in capsys.readouterr().out


def test_a_population_that_cannot_be_prepared_has_its_row(inside, capsys, monkeypatch):
    def refuse(people):
        raise MemoryError("too large")

    monkeypatch.setattr(instances, "packed", refuse)
    assert main(options("--against", "ortools")) == command.DIFFERENT
    assert capsys.readouterr().out.count("failed: MemoryError: too large") == 4


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stopped_it_leaves_nothing(number, monkeypatch, tmp_path, capsys):
    seen = []
    before = signal.getsignal(signal.SIGTERM)

    def stop(function, job, limit):
        seen.append(job.folder)
        signal.raise_signal(number)

    monkeypatch.setattr(campaign, "measure", stop)
    out = tmp_path / "table.md"
    assert main(options("--out", str(out))) == command.STOPPED
    assert signal.getsignal(signal.SIGTERM) is before
    assert not seen[0].exists()
    assert not out.exists()
    assert capsys.readouterr().out == ""


def test_the_readme_gets_the_table(inside, capsys, monkeypatch, tmp_path):
    page = tmp_path / "README.md"
    page.write_text("# one\n<!-- bench -->\nold\n<!-- /bench -->\nlast\n", encoding="utf-8")
    monkeypatch.setattr(command, "README", page)
    assert main(options("--sizes", "30", "--against", "loop", "--readme")) == 0
    text = page.read_text(encoding="utf-8")
    assert text == f"# one\n<!-- bench -->\n{capsys.readouterr().out}<!-- /bench -->\nlast\n"
    with pytest.raises(ValueError, match="a page with"):
        table.replaced("nothing", "table")


def test_the_page_has_the_marks():
    page = (ROOT / "matching/README.md").read_text(encoding="utf-8")
    assert table.replaced(page, "new\n").count("<!-- bench -->\nnew\n<!-- /bench -->") == 1


@pytest.mark.parametrize(
    ("row", "shown"),
    [
        (("scipy", "best 3", 1000), "0"),
        (("scipy", "best 3", 990), "1 %"),
        (("loop", EVERYTHING, None), "–"),
    ],
)
def test_loss(row, shown):
    ours, other = rows_of((OURS, CERTIFIED, 1000), row)
    assert table.loss(other, ours) == shown


def test_people_lost_are_told_beside_the_percent():
    ours, other = rows_of((OURS, CERTIFIED, 1000), ("scipy", "best 3", 500))
    fewer = replace(other, outcome=Outcome((Told(2.0, 2.0, 500, 3),), {}))
    assert table.loss(fewer, ours) == "50 %, 2 people"


def test_long_times_are_shown_whole():
    ours, other = rows_of((OURS, CERTIFIED, 1000), ("scipy", EVERYTHING, 1000))
    long = replace(other, outcome=Outcome((Told(12_345.6, 3.0, 1000, 5),), {"peak": 2.0}))
    shown = table.cells(Case(SMALL, Outcome((), {}), (ours, long)), long)
    assert shown[4] == "12 346 (12 346–12 346)"
    assert shown[6] == "6 173"


def case_of(size, seconds):
    instance = Instance(size, "scarce", 1)
    row = Row(instance, OURS, CERTIFIED, Outcome((Told(seconds, seconds, 9, 5),), {"peak": 2.0}))
    return Case(instance, Outcome((), {}, "x"), (row,))


def test_growth_and_where_it_leads():
    told = list(table._growth([case_of(30_000, 9.0), case_of(3_000, 0.9)]))
    assert told == [
        (
            "- Growth, scarce, from 3 000 to 30 000 newcomers: 10.0 times the time, as the size to the power 1.00; "
            "10 000 000 people would take 0.62 hours of this machine at that growth, 1.6e+02 if it became that of the pairs."
        )
    ]
    failed = replace(case_of(3, 1.0), rows=(Row(SMALL, OURS, CERTIFIED, Outcome((), {}, "x")),))
    assert list(table._growth([failed, case_of(30_000, 9.0)])) == []


def test_a_machine_that_does_not_tell_its_model(monkeypatch):
    monkeypatch.setattr(table.Path, "exists", lambda path: False)
    monkeypatch.setattr(table, "PACKAGES", ("numpy", "no-such-package"))
    facts = list(table.machine())
    assert table.platform.machine() in facts[0]
    assert facts[1].endswith("no-such-package not installed.")


@pytest.mark.parametrize(
    "words",
    [["--sizes", "0"], ["--sizes", "x"], ["--balance", "even"], ["--against", "gurobi"], ["--repeat", "-1"]],
)
def test_refused_options(words, capsys):
    with pytest.raises(SystemExit) as ended:
        main(["bench", *words])
    assert ended.value.code == 2
    assert "expected" in capsys.readouterr().err
