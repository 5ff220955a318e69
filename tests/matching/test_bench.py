"""The bench measures every solver in a process of its own, holds them against each other, and tells everything."""

import os
import sys
import types
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import linprog
from scipy.sparse import csc_array

from matching import compiled
from matching.bench import instances, loop, peers, process, work
from matching.bench.instances import ALL, BALANCES, Instance
from matching.bench.process import Told
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
