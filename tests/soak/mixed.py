"""B20: 20 people of all roles at once, on pages, forms, searches, feeds and files: no fault, and memory stays flat."""

from __future__ import annotations

import random
import time
from collections import Counter
from dataclasses import dataclass
from functools import partial
from statistics import median
from threading import Event, Thread
from typing import Self
from urllib.parse import urlencode

from tests.crawl.world import World
from tests.soak.populated import addresses, on_a_populated_site, visitor_of
from tests.soak.served import Answer, Served, Visitor, at_once

CLIENTS = 20
WARM_UP = 30.0
SECONDS = 60.0
FLAT = 0.10
LOOKS, SEARCHES = 0.75, 0.15  # of all requests; the others are forms
WORDS = ("voetbal", "koken", "كرة القدم", "taal", "wandelen", "muziek", "bibliotheek", "%", "zaterdag")


@dataclass(frozen=True)
class Measured:
    """Requests and those with a fault or no answer, ms for half and 95 of 100 of them, and bytes after warming up and at the end."""

    requests: int
    faults: int
    unanswered: int
    p50: float
    p95: float
    warm: float
    end: float

    def kept(self) -> bool:
        """Whether all of it is within the bar."""
        return (
            self.requests > 0
            and not self.faults
            and not self.unanswered
            and abs(self.end - self.warm) <= FLAT * self.warm
        )

    def words(self) -> str:
        """The figures."""
        return (
            f"{self.requests} requests of {CLIENTS} clients, {self.faults} faults, {self.unanswered} unanswered, p50 {self.p50:.0f} ms, "
            f"p95 {self.p95:.0f} ms, memory {self.warm / 1e6:.0f} MB, then {self.end / 1e6:.0f} MB ({100 * (self.end / self.warm - 1):+.1f} %)"
        )


def measure() -> tuple[str, bool]:
    """Measure it on both databases: the figures in words, and whether both are within the bar."""
    return on_a_populated_site(under_load)


def under_load(site: Served, world: World) -> Measured:
    """Twenty people do what they do, first to warm up; what happens after that counts."""
    pages = addresses(world)
    signed_in = sorted(set(pages) - {"nobody"})
    people = [
        ("nobody" if number % 2 else signed_in[number * 7 % len(signed_in)]) for number in range(CLIENTS)
    ]
    crowd = [
        Somebody(visitor_of(site, world, who), pages[who] + pages["nobody"][:20], number)
        for number, who in enumerate(people)
    ]
    at_once([partial(one.go_on, WARM_UP) for one in crowd])
    for one in crowd:
        one.forget()
    with Memory(site) as memory:
        at_once([partial(one.go_on, SECONDS) for one in crowd])
    times = sorted(took for one in crowd for took in one.times)
    answers = sum((one.answers for one in crowd), Counter[int]())
    return Measured(
        len(times), sum(many for status, many in answers.items() if status >= 500), answers[0],
        times[len(times) // 2] * 1000, times[int(len(times) * 0.95)] * 1000, memory.first(), memory.last(),
    )  # fmt: skip


class Somebody:
    """One person who looks at the pages and files that are theirs, searches, and sends forms."""

    def __init__(self, visitor: Visitor, paths: list[str], seed: int) -> None:
        self.visitor, self.paths, self.chance = visitor, paths, random.Random(seed)
        self.forget()

    def forget(self) -> None:
        """Begin to count again."""
        self.times: list[float] = []
        self.answers: Counter[int] = Counter()

    def go_on(self, seconds: float) -> None:
        """Ask again and again, for so long."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            try:
                answer = self._act()
            except OSError:
                self.answers[0] += 1
            else:
                self.answers[answer.status] += 1
                self.times.append(answer.seconds)

    def _act(self) -> Answer:
        kind = self.chance.random()
        if kind < LOOKS:
            return self.visitor.get(self.chance.choice(self.paths))
        if kind < LOOKS + SEARCHES:
            return self.visitor.get(
                f"/nl/activities?{urlencode({'q': self.chance.choice(WORDS), 'place': '2800'})}"
            )
        if self.chance.random() < 0.5:
            return self.visitor.send("POST", "/nl/also-in-dutch", {"on": "1", "next": "/nl/help"})
        return self.visitor.post("/nl/sign-in", {"email": "nobody@example.be", "password": "not this one"})


class Memory:
    """What a site holds while something else goes on: at its beginning and at its end, each over a sixth of the time."""

    def __init__(self, site: Served) -> None:
        self.site, self.over = site, Event()
        self.thread = Thread(target=self._look, daemon=True)
        self.seen: list[int] = []

    def __enter__(self) -> Self:
        self.thread.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self.over.set()
        self.thread.join()

    def _look(self) -> None:
        while not self.over.wait(0.5):
            self.seen.append(self.site.memory())

    def first(self) -> float:
        """Bytes at the beginning."""
        return median(self.seen[: len(self.seen) // 6 + 1])

    def last(self) -> float:
        """Bytes at the end."""
        return median(self.seen[-(len(self.seen) // 6 + 1) :])
