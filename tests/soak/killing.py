"""B3 and item 74: a site under parallel writes, killed with SIGKILL at a random moment and started again, many times."""

from __future__ import annotations

import random
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread

from tests.soak.figures import together
from tests.soak.looking import Found, finish, look
from tests.soak.pace import night
from tests.soak.served import KINDS, Served, Visitor, served
from tests.soak.writing import Writer, settle, writers_for

WRITERS = 3  # of each of three kinds
SECONDS = 60.0
CYCLES = 20
NIGHTLY = 1_000
RESTART_SECONDS, READY_SECONDS = 2.0, 5.0
AFTER_FIRST = (0.0, 0.4)  # seconds from the first acknowledged write to the kill
PATIENT = 120.0  # a slow start is a figure that is not kept, and not the end of the measurement


@dataclass(frozen=True)
class Killed:
    """How often it was killed, in how many seconds; the longest until it was started again and until it was ready."""

    cycles: int
    seconds: float
    restart: float
    ready: float
    found: Found

    def kept(self, cycles: int = CYCLES) -> bool:
        """Whether all of it is within the bar."""
        return (
            self.cycles >= cycles and self.restart <= RESTART_SECONDS and self.ready <= READY_SECONDS and self.found.whole
        )  # fmt: skip

    def words(self) -> str:
        """The figures."""
        return (
            f"{self.cycles} kills in {self.seconds:.0f} s, started again within {self.restart:.1f} s, "
            f"ready within {self.ready:.1f} s; {self.found}"
        )


def measure() -> tuple[str, bool]:
    """Kill it for a minute on each kind of database (a thousand times at night): figures, and whether they are kept.

    A site that answers before it has stored is killed as well: were nothing of it lost, nothing would be shown.
    """
    cycles = NIGHTLY if night() else 0
    with tempfile.TemporaryDirectory() as folder:
        found = {kind: killed(kind, Path(folder) / kind, cycles=cycles) for kind in KINDS}
        careless = killed("SQLite", Path(folder) / "careless", cycles=3, program="tests.soak.careless").found
    words, _kept = together(found)
    seen = f"; {careless.lost} lost are seen of a site that answers too early"
    return words + seen, careless.lost > 0 and all(one.kept(cycles or CYCLES) for one in found.values())


def killed(
    kind: str, folder: Path, *, cycles: int = 0, program: str = "app.serve", **environment: str
) -> Killed:
    """Kill a site so often, or for a minute when that is not said."""
    with served(kind, folder, program=program, **environment) as site:
        with site.inside():
            people = settle(WRITERS)
        writers = writers_for(people, lambda: Visitor(site.address))
        times: list[tuple[float, float]] = []
        began = time.monotonic()
        while len(times) < cycles if cycles else time.monotonic() - began < SECONDS:
            times.append(one_kill(site, writers))
        seconds = time.monotonic() - began
        with site.inside():
            wrong = finish()
        engine = site.engine()
        found = look(engine, [writer.told for writer in writers], wrong)
        engine.dispose()
        restarts, readies = zip(*times, strict=True)
        return Killed(len(times), seconds, max(restarts), max(readies), found)


def one_kill(site: Served, writers: list[Writer]) -> tuple[float, float]:
    """Let all write, kill the site at a random moment, start it again: seconds until it runs, and until it is ready."""
    stop = Event()
    before = acknowledged(writers)
    threads = [Thread(target=writer.write, args=(stop,), daemon=True) for writer in writers]
    for thread in threads:
        thread.start()
    limit = time.monotonic() + PATIENT
    while acknowledged(writers) == before and time.monotonic() < limit:
        time.sleep(0.01)
    time.sleep(random.uniform(*AFTER_FIRST))
    dead = time.monotonic()
    site.kill()
    site.start()
    running = time.monotonic() - dead
    stop.set()
    for thread in threads:
        thread.join()
    site.ready(PATIENT)
    ready = time.monotonic() - dead
    for writer in writers:
        writer.again()
    return running, ready


def acknowledged(writers: list[Writer]) -> int:
    """How many writes were acknowledged until now."""
    return sum(len(writer.told.acknowledged) for writer in writers)
