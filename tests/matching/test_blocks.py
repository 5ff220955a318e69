"""The same population on threads, on processes and on a cluster gives the same plan."""

import os
from contextlib import contextmanager
from dataclasses import replace

import joblib
import numpy as np
import psutil
import pytest
from joblib.externals.loky import get_reusable_executor

from matching import assign, blocks
from matching.kernels import Best
from matching.population import AS_OF, generate

PEOPLE = generate(220, 70, seed=3)


def plan(monkeypatch, *, in_blocks, **options):
    monkeypatch.setattr("matching.candidates.BLOCK_PAIRS", 0 if in_blocks else 1 << 60)
    found = assign(*PEOPLE, as_of=AS_OF, count=True, **{"compiled_too": False, **options})
    assert found.proved
    return replace(found, seconds={})


@contextmanager
def threads():
    with joblib.parallel_config(backend="threading", n_jobs=2):
        yield


@contextmanager
def processes():
    try:
        with joblib.parallel_config(backend="loky", n_jobs=2):
            yield
    finally:
        get_reusable_executor().shutdown(wait=True)


@contextmanager
def cluster():
    from distributed import Client, LocalCluster

    where = {"host": "127.0.0.1", "dashboard_address": None, "processes": True}
    with (
        LocalCluster(n_workers=2, threads_per_worker=1, silence_logs=True, **where) as machines,
        Client(machines),
        joblib.parallel_config(backend="dask"),
    ):
        yield


def telling(work, *given):
    return os.getpid(), work(*given)


def children():
    """The processes that this one started, and those that they started."""
    return set(psutil.Process().children(recursive=True))


@pytest.mark.parametrize(("backend", "apart"), [(threads, False), (processes, True), (cluster, True)])
def test_the_same_plan_wherever_the_blocks_run(backend, apart, monkeypatch):
    before = children()  # a browser that other tests of this worker keep
    whole = plan(monkeypatch, in_blocks=False)
    pids, sizes = set(), set()

    def spread(work, parts, shared):
        told = blocks.spread(telling, [(work, *part) for part in parts], shared)
        pids.update(pid for pid, _ in told)
        sizes.add(len(parts))
        return [part for _, part in told]

    monkeypatch.setattr("matching.candidates.spread", spread)
    with backend():
        assert plan(monkeypatch, in_blocks=True) == whole
    assert max(sizes) == 2 * blocks.BLOCKS_PER_WORKER
    assert len(pids - {os.getpid()}) == 2 * apart
    left = [" ".join(child.cmdline()) for child in children() - before]
    assert [line for line in left if "resource_tracker" not in line] == []


def test_compiled_code_meets_arrays_it_was_made_for():
    """Whatever came from another process can be written, without a copy of what can be already."""
    own, sent = np.arange(5), np.arange(5)
    sent.flags.writeable = False
    crowd = Best(own, sent, own, own, own)
    got = []
    blocks._on_block(lambda *given: got.extend(given), (crowd, sent, 3), [Best], sent, own, own, own, own)
    block, array, number, shared = got
    assert isinstance(block, Best)
    assert isinstance(shared, Best)
    assert all(item.flags.writeable for item in (*block, array, *shared))
    assert block.ptr is own
    assert number == 3


def test_what_all_blocks_need_is_sent_as_one_array_each(monkeypatch):
    """The backend sees the same array in every block, which it then sends once."""
    seen = []
    monkeypatch.setattr(blocks, "_on_block", lambda work, block, kinds, *flat: seen.append(flat))
    shared = Best(*(np.arange(at) for at in range(5)))
    blocks.spread(len, [(1,), (2,), (3,)], [shared, shared])
    assert len(seen) == 3
    assert all(one is other for flat in seen for one, other in zip(flat, (*shared, *shared), strict=True))
