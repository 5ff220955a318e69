"""One measurement in one process: a fresh interpreter that tells what it measured while it goes."""

from __future__ import annotations

import multiprocessing
import resource
import signal
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TypeVar

PATIENCE_SECONDS = 1800.0
"""A process that tells nothing for so long is given up: one that starts, packs, or is our own."""
Job = TypeVar("Job")


@dataclass(frozen=True, slots=True)
class Told:
    """What a process tells: one run (seconds on the clock, seconds of all cores together, result), or facts.

    `objective` is in millionths; `failed` says why nothing more will come.
    """

    seconds: float | None = None
    cpu: float = 0.0
    objective: int | None = None
    matched: int | None = None
    stages: Mapping[str, float] = field(default_factory=dict)
    facts: Mapping[str, float] = field(default_factory=dict)
    failed: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Every run a process told, all its facts, and why it has no result (empty = it has)."""

    runs: tuple[Told, ...]
    facts: Mapping[str, float]
    failed: str = ""


Tell = Callable[[Told], None]


def peak_mb() -> float:
    """The most memory (MB) this process has held; `ru_maxrss` would begin at what its parent held."""
    status = Path("/proc/self/status")
    if status.exists():
        words = status.read_text(encoding="ascii").split()
        return int(words[words.index("VmHWM:") + 1]) / 1024
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1024 * 1024 if sys.platform == "darwin" else 1024)


def measure(work: Callable[[Job, Tell], None], job: Job, limit: float | None) -> Outcome:
    """Do work in a fresh interpreter and collect what it tells; a run of more than `limit` seconds ends it.

    Whatever happens here, the process is gone afterwards.
    """
    context = multiprocessing.get_context("spawn")
    mine, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_child, args=(theirs, work, job))
    process.start()
    theirs.close()
    try:
        return _collect(mine, limit)
    finally:
        process.kill()
        process.join()
        process.close()
        mine.close()


def _child(pipe: Connection, work: Callable[[Job, Tell], None], job: Job) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever started us ends us
    tell_all(work, job, pipe.send)


def tell_all(work: Callable[[Job, Tell], None], job: Job, tell: Tell) -> None:
    """Tell the memory before anything is loaded, do the work, tell the memory at the end or what failed."""
    base = peak_mb()
    try:
        work(job, tell)
    except Exception as error:  # noqa: BLE001 - a peer may fail in any way; its row says how
        tell(Told(failed=f"failed: {type(error).__name__}: {error}"))
        return
    tell(Told(facts={"base": base, "peak": peak_mb(), "done": 1}))


def _collect(source: Connection, limit: float | None) -> Outcome:
    runs: list[Told] = []
    facts: dict[str, float] = {}
    patience = PATIENCE_SECONDS
    while "done" not in facts:
        try:
            if not source.poll(patience):
                return Outcome(tuple(runs), facts, "" if runs else f"more than {patience:g} s")
            told: Told = source.recv()
        except EOFError:
            return Outcome((), facts, "ended without an answer")
        if told.failed:
            return Outcome((), facts, told.failed)
        patience = patience if limit is None else limit
        facts |= told.facts
        if told.seconds is not None:
            runs.append(told)
    return Outcome(tuple(runs), facts)
