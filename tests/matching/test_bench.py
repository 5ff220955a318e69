"""The bench measures every solver in a process of its own, holds them against each other, and tells everything."""

import os
import re
import signal
import subprocess
import sys
import types
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import linprog
from scipy.sparse import csc_array

from matching import compiled
from matching.__main__ import main
from matching.bench import campaign, command, instances, loop, peers, process, table, work
from matching.bench.campaign import CERTIFIED, EVERYTHING, OURS, Case, Row
from matching.bench.instances import ALL, BALANCES, Instance
from matching.bench.process import Outcome, Told
from matching.population import AS_OF
from matching.weights import Weights
from tests.matching import reference

ROOT = Path(compiled.__file__).parents[1]
SMALL = Instance(60, "scarce", 3)


@pytest.fixture(scope="module")
def problem():
    return instances.packed(SMALL.people())


@pytest.fixture
def task(tmp_path):
    return work.Task(tmp_path, SMALL, repeat=2, limit=60.0, keep=(3,))


@pytest.fixture
def prepared(task):
    told = []
    work.prepare(task, told.append)
    return task, told


def done(function, task):
    told = []
    function(task, told.append)
    return [item for item in told if item.seconds is not None]


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


# --- populations -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [1, 7, 400])
@pytest.mark.parametrize("balance", BALANCES)
def test_balances(balance, size):
    instance = Instance(size, balance, 5)
    newcomers, buddies = instance.people()
    places = sum(buddy.capacity for buddy in buddies)
    assert (len(newcomers), len(buddies)) == (size, instance.buddies)
    assert min(buddy.capacity for buddy in buddies) >= 0
    assert instance.people() == (newcomers, buddies)
    if balance == "balanced":
        assert places == size
    elif size == 400:
        assert places < size / 2 if balance == "scarce" else places > size


def test_the_sizes_of_the_contract():
    assert [Instance(n, "scarce", 1).buddies for n in (1_000, 10_000, 750_000)] == [333, 3_333, 250_000]


def test_kept_arrays_are_the_arrays(problem, tmp_path):
    instances.store(tmp_path, problem)
    again = instances.stored(tmp_path)
    for one, other in zip(problem.left, again.left, strict=True):
        assert (one == other).all()
    assert (len(again.newcomers), len(again.buddies)) == (60, 20)
    edges = instances.edges_of(problem, 2)
    instances.store_edges(tmp_path, 2, edges)
    assert all((a == b).all() for a, b in zip(edges, instances.stored_edges(tmp_path, 2), strict=True))
    assert np.bincount(edges.newcomer).max() == 2


# --- solvers ---------------------------------------------------------------------------------------------------------


def fake_highs():
    """What the peer uses of highspy, solved by scipy: the real one cannot be loaded beside OR-Tools."""
    module = types.ModuleType("highspy")
    module.HighsLp = lambda: types.SimpleNamespace(a_matrix_=types.SimpleNamespace())
    module.ObjSense = types.SimpleNamespace(kMaximize="max")
    module.MatrixFormat = types.SimpleNamespace(kColwise="columns")

    class Highs:
        def setOptionValue(self, name, value):  # noqa: N802
            assert (name, value) in {("output_flag", False), ("solver", "simplex")}

        def passModel(self, model):  # noqa: N802
            assert (model.sense_, model.a_matrix_.format_) == ("max", "columns")
            assert not model.row_lower_.any()
            self.model = model

        def run(self):
            m = self.model
            shape = (m.num_row_, m.num_col_)
            matrix = csc_array((m.a_matrix_.value_, m.a_matrix_.index_, m.a_matrix_.start_), shape=shape)
            bounds = np.column_stack([m.col_lower_, m.col_upper_])
            self.found = linprog(-m.col_cost_, A_ub=matrix, b_ub=m.row_upper_, bounds=bounds, method="highs")

        def getSolution(self):  # noqa: N802
            return types.SimpleNamespace(col_value=self.found.x.tolist())

    module.Highs = Highs
    return module


@pytest.mark.parametrize("balance", BALANCES)
@pytest.mark.parametrize("name", peers.PEERS)
def test_every_exact_solver_finds_the_same_sum(name, balance, monkeypatch):
    if name == "highs":
        monkeypatch.setitem(sys.modules, "highspy", fake_highs())
    problem = instances.packed(Instance(45, balance, 2).people())
    for best in (ALL, 2):
        edges = instances.edges_of(problem, best)
        ours = instances.worth(problem, edges, instances.solve_edges(problem, edges))
        theirs = instances.worth(problem, edges, peers.PEERS[name](edges, 45, problem.capacity))
        assert ours[0] == theirs[0] > 0


def test_a_flow_that_fails_is_an_error():
    one = np.ones(1, np.int64)
    with pytest.raises(RuntimeError, match="OR-Tools ended with"):
        peers.ortools(instances.Edges(one - 1, one - 1, one << 62), 1, one)


def test_what_is_no_assignment_is_not_valued(problem):
    edges = instances.edges_of(problem, ALL)
    nobody = np.full(60, -1, np.int64)
    assert instances.worth(problem, edges, nobody) == (0, 0)
    apart = nobody.copy()
    apart[0] = next(b for b in range(20) if b not in edges.buddy[edges.newcomer == 0])
    crowded = nobody.copy()
    busy = np.bincount(edges.buddy).argmax()
    crowded[edges.newcomer[edges.buddy == busy]] = busy
    for mate in (apart, crowded):
        with pytest.raises(ValueError, match="not given"):
            instances.worth(problem, edges, mate)


def test_the_plain_loop_scores_the_same_pairs():
    newcomers, buddies = Instance(80, "plentiful", 4).people()
    ready = loop.Loop.of((newcomers, buddies))
    ready.run(list(range(80)), 60.0)
    found = {(newcomers[row].id, buddies[column].id): utility for utility, row, column in ready.offers}
    permitted = reference.permitted(newcomers, buddies, set(), Weights(), AS_OF)
    assert found == {pair: utility for pair, (_, utility) in permitted.items()}
    mate = ready.take()
    assert len(mate) > 20
    assert all(list(mate.values()).count(at) <= buddies[at].capacity for at in set(mate.values()))


# --- one measurement -------------------------------------------------------------------------------------------------


def test_prepared_for_the_others(prepared):
    task, told = prepared
    assert len([item for item in told if item.seconds]) == 2
    facts = told[-1].facts
    assert facts["edges 0"] == facts["pairs"] == len(instances.stored_edges(task.folder, ALL).weight)
    assert 0 < facts["edges 3"] <= 180
    assert 0 < facts["pack_peak"] <= process.peak_mb()


def test_too_many_pairs_are_not_kept(task, monkeypatch):
    monkeypatch.setattr(work, "COUNTED", 10)
    told = []
    work.prepare(task, told.append)
    assert "pairs" not in told[-1].facts
    assert [path.name for path in task.folder.glob("weight-*")] == ["weight-3.npy"]


def test_ours_peers_and_loop_in_one_measure_each(prepared):
    task, _ = prepared
    best = done(work.certified, task)
    assert len(best) == 2
    assert set(best[0].stages) >= {"solve", "price"}
    same = done(work.on_pairs, task)
    theirs = done(work.on_pairs, replace(task, solver="ortools"))
    fewer = done(work.on_pairs, replace(task, best=3, repeat=1))
    slow = done(work.plain_loop, task)
    assert {best[0].objective} == {run.objective for run in (*best, *same, *theirs)}
    assert fewer[0].objective <= best[0].objective
    assert 0 < slow[0].objective <= best[0].objective
    assert all(run.seconds > 0 for run in (*best, *same, *theirs, *fewer, *slow))


def test_a_loop_that_takes_too_long_is_extrapolated(task, monkeypatch):
    monkeypatch.setattr(work, "LOOP_SECONDS", 0.0)
    told = []
    work.plain_loop(task, told.append)
    assert told[-1].facts == {"rows": 1.0}
    assert told[-1].objective is None


def test_no_further_run_after_the_limit(prepared):
    task, _ = prepared
    assert len(done(work.certified, replace(task, repeat=50, limit=0.0))) == 1


def test_an_optimum_without_proof_is_told_as_failed(prepared, monkeypatch):
    task, _ = prepared
    real = work.solve
    monkeypatch.setattr(work, "solve", lambda problem: replace(real(problem), bound=0))
    told = []
    process.tell_all(work.certified, task, told.append)
    assert told[-1].failed.startswith("failed: ArithmeticError: objective ")


def test_what_is_not_installed(monkeypatch):
    monkeypatch.setitem(work.PACKAGES, "networkx", "no_such_package")
    assert work.missing("networkx")
    assert not work.missing("ortools")
    assert not work.missing("loop")


def test_peak_memory_without_a_proc_folder(monkeypatch):
    usual = process.peak_mb()
    monkeypatch.setattr(process.Path, "exists", lambda path: False)
    found = process.peak_mb()
    assert found >= usual / 2
    monkeypatch.setattr(process.sys, "platform", "darwin")
    assert process.peak_mb() == pytest.approx(found / 1024, rel=0.1)


# Work for processes of their own.


def tells_twice(job, tell):
    tell(Told())
    tell(Told(seconds=1.0))
    tell(Told(seconds=2.0))


def waits(job, tell):
    tell(Told())
    if job:
        tell(Told(seconds=1.0))
    import threading

    threading.Event().wait(60)


def ends(job, tell):
    import os

    os._exit(3)


def fails(job, tell):
    raise MemoryError(job)


class Pipe:
    """What a process says, without a process; `None` = it stays silent, EOFError = it is gone."""

    def __init__(self, *said):
        self.said = list(said)

    def poll(self, patience):
        return self.said[0] is not None

    def recv(self):
        item = self.said.pop(0)
        if item is EOFError:
            raise EOFError
        return item


END = Told(facts={"done": 1, "peak": 5.0})


@pytest.mark.parametrize(
    ("said", "runs", "failed"),
    [
        ((Told(), Told(seconds=1.0), Told(seconds=2.0), END), 2, ""),
        ((Told(), None), 0, "more than 7 s"),
        ((Told(), Told(seconds=1.0), None), 1, ""),
        ((None,), 0, "more than 1800 s"),
        ((Told(), EOFError), 0, "ended without an answer"),
        ((Told(), Told(seconds=1.0), Told(failed="failed: x")), 0, "failed: x"),
    ],
)
def test_what_a_process_says_is_collected(said, runs, failed):
    outcome = process._collect(Pipe(*said), 7.0)
    assert (len(outcome.runs), outcome.failed) == (runs, failed)


def test_a_process_is_measured_and_gone(capfd):
    outcome = process.measure(tells_twice, None, 60.0)
    assert [run.seconds for run in outcome.runs] == [1.0, 2.0]
    assert 0 < outcome.facts["base"] <= outcome.facts["peak"]
    assert process.measure(waits, None, 0.05).failed == "more than 0.05 s"
    assert len(process.measure(waits, 1, 0.05).runs) == 1
    assert process.measure(ends, None, 60.0).failed == "ended without an answer"
    assert process.measure(fails, "full", 60.0).failed == "failed: MemoryError: full"
    assert process.multiprocessing.active_children() == []
    assert capfd.readouterr().err == ""


def test_the_start_of_a_process(monkeypatch):
    ignored, told = [], []
    monkeypatch.setattr(process.signal, "signal", lambda number, action: ignored.append(number))
    process._child(types.SimpleNamespace(send=told.append), tells_twice, None)
    assert ignored == [process.signal.SIGINT]
    assert len(told) == 4


# --- the table -------------------------------------------------------------------------------------------------------


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
