"""People who go on reading and writing while something is wrong with the site, and what they got."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Thread

from tests import factories
from tests.soak.looking import Found, finish, look
from tests.soak.served import Served, Visitor
from tests.soak.writing import (
    BROKEN,
    PATIENCE,
    People,
    Told,
    Writer,
    settle,
    writers_for,
)

RECOVERY_SECONDS = 10.0
PAGES = ("/nl/today", "/nl/people/newcomers", "/nl/activities", "/nl/", "/fr/help")


@dataclass
class Reads:
    """Statuses of pages that were asked for, 0 for a 503 that asks for patience and -1 for no answer at all."""

    statuses: Counter[int] = field(default_factory=Counter)

    @property
    def well(self) -> float:
        """The share that was answered."""
        return self.statuses[200] / max(1, self.statuses.total())


class Crowd:
    """Writers of each kind and a reader, at work on a site from `with` on."""

    def __init__(self, site: Served, writers: int = 2) -> None:
        self.site = site
        with site.inside():
            self.people: People = settle(writers)
        self.writers: list[Writer] = writers_for(self.people, lambda: Visitor(site.address))
        self.reader = Visitor(site.address)
        self.reader.sign_in(self.people.coordinators[0], factories.PASSWORD)
        self.reads = Reads()
        self.stop = Event()

    @contextmanager
    def at_work(self) -> Iterator[Crowd]:
        """Let them go on until the end of the block; at first each kind of writing is seen to succeed."""
        threads = [Thread(target=self._go_on, args=(writer,), daemon=True) for writer in self.writers]
        threads.append(Thread(target=self._read, daemon=True))
        for thread in threads:
            thread.start()
        try:
            self.until_written(120)
            yield self
        finally:
            self.stop.set()
            for thread in threads:
                thread.join(60)

    def _go_on(self, writer: Writer) -> None:
        while not self.stop.is_set():
            writer.write(self.stop)  # which ends where no answer comes
            time.sleep(0.05)

    def _read(self) -> None:
        while not self.stop.is_set():
            for page in PAGES:
                try:
                    answer = self.reader.get(page)
                    patient = answer.status == 503 and "retry-after" in answer.headers
                    self.reads.statuses[PATIENCE if patient else answer.status] += 1
                except BROKEN:
                    self.reads.statuses[-1] += 1

    def until_written(self, within: float) -> float:
        """The seconds until something more was acknowledged to each kind of writer; `within` when it was not."""
        began, before = time.monotonic(), self._acknowledged()
        while (took := time.monotonic() - began) < within:
            if all(now > then for now, then in zip(self._acknowledged(), before, strict=True)):
                break
            time.sleep(0.02)
        return took

    def until_refused(self, within: float) -> bool:
        """Wait until somebody who writes was asked for patience; False when nobody was."""
        began, before = time.monotonic(), self.refusals()
        while time.monotonic() - began < within:
            if self.refusals() > before:
                return True
            time.sleep(0.02)
        return False

    def _acknowledged(self) -> list[int]:
        kinds: dict[type[Writer], int] = {}
        for writer in self.writers:
            kinds[type(writer)] = kinds.get(type(writer), 0) + len(writer.told.acknowledged)
        return list(kinds.values())

    @property
    def told(self) -> list[Told]:
        """What the writers know."""
        return [writer.told for writer in self.writers]

    def refusals(self) -> int:
        """How often a writer was asked for patience."""
        return sum(told.odd[PATIENCE] for told in self.told)

    def odd(self) -> list[int]:
        """Statuses that are neither an answer nor a request for patience."""
        every = sum((told.odd for told in self.told), Counter[int]())
        return sorted(set(every) - {PATIENCE}) + sorted(set(self.reads.statuses) - {200, PATIENCE, -1})

    def found(self) -> Found:
        """What is in the database of what they wrote, when all have stopped."""
        with self.site.inside():
            wrong = finish()
        engine = self.site.engine()
        try:
            return look(engine, self.told, wrong)
        finally:
            engine.dispose()


@dataclass(frozen=True)
class Trouble:
    """What came of a trouble: refusals, statuses that should not be, the share read, seconds to recover, and what is there."""

    refusals: int
    odd: list[int]
    read: float
    recovery: float
    found: Found

    def kept(self, least_read: float = 0.0) -> bool:
        """Whether it is within the bar."""
        recovered = self.recovery < RECOVERY_SECONDS
        return (
            self.refusals > 0 and not self.odd and self.read >= least_read and recovered and self.found.whole
        )

    def words(self) -> str:
        """The figures."""
        odd = f", also statuses {self.odd}" if self.odd else ""
        return (
            f"{self.refusals} writes asked for patience{odd}, {self.read:.1%} of pages read meanwhile, "
            f"first success {self.recovery:.1f} s after; {self.found}"
        )


def troubled(site: Served, begin: Callable[[], object], end: Callable[[], object], seconds: float) -> Trouble:
    """Let people work, let a trouble begin, last and end, and see how they fare."""
    crowd = Crowd(site)
    with crowd.at_work():
        begin()
        crowd.reads = Reads()
        crowd.until_refused(60)
        time.sleep(seconds)
        read = crowd.reads.well
        end()
        recovery = crowd.until_written(120)
    return Trouble(crowd.refusals(), crowd.odd(), read, recovery, crowd.found())
