"""B6: the matcher killed in the middle, again and again, finds what it finds undisturbed; started ten times at once it runs once."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from random import Random

from flask import Flask
from sqlalchemy import func, select, update

from app import db
from app.clock import in_brussels, now
from app.db import session, transaction
from app.extensions import queue
from app.models import Proposal, Run
from app.reference.interests import INTERESTS
from app.security.viewer import Viewer
from app.services import matches
from app.vocabulary.records import RunState
from tests import factories
from tests.pairs import NETWORK
from tests.soak.crowds import Act, sent_at_once, signed_in
from tests.soak.figures import on_a_site
from tests.soak.served import Served

PEOPLE = 30
KILLS = 20
STARTS = 10
TRIES = 5 * KILLS
NOTHING = "none"
LIKED = [interest.slug for interest in INTERESTS[:12]]
Ask = Callable[[int, float], str]


@dataclass(frozen=True)
class Measured:
    """How often it was killed, what was half done after any kill, the results, and what ten starts came to."""

    kills: int
    half_done: int
    result: str
    clean: str
    runs: int
    told: int
    unguarded: int

    def kept(self) -> bool:
        """Whether all of it is within the bar, and starts without their guard are seen to be several runs."""
        same = self.kills >= KILLS and not self.half_done and self.result == self.clean != NOTHING
        return same and self.runs == 1 and self.told == STARTS - 1 and self.unguarded > 1

    def words(self) -> str:
        """The figures."""
        return (
            f"{self.kills} kills, {self.half_done} times something half done, result {self.result} (clean {self.clean}), "
            f"{STARTS} starts at once: {self.runs} run, {self.told} told since when; without the guard {self.unguarded} runs"
        )


def measure() -> tuple[str, bool]:
    """Measure it on both databases: the figures in words, and whether both are within the bar."""
    return on_a_site(measured)


def measured(site: Served, kills: int = KILLS, people: int = PEOPLE) -> Measured:
    """Kill runs on the database of that site, then start one from many sides at once."""
    with site.inside() as app:
        desks = [factories.viewer(factories.coordinator(NETWORK)) for _ in range(2)]
        random = Random(people)
        for _ in range(people):
            factories.newcomer(interests=random.sample(LIKED, 3))
            factories.buddy(interests=random.sample(LIKED, 3))
        with killer(site) as ask:
            clean, seconds = undisturbed(desks[0], ask)
            killed, half_done, result = disturbed(desks[0], ask, seconds, kills, random)
        runs, told = started(app, site, desks)
        return Measured(killed, half_done, result, clean, runs, told, unguarded(desks[0]))


@contextmanager
def killer(site: Served) -> Iterator[Ask]:
    """Asks the killer: the run, and after how many seconds."""
    program = subprocess.Popen(
        [sys.executable, "-m", "tests.services.killer", site.database],
        env=site.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert program.stdin is not None
    assert program.stdout is not None
    written, said = program.stdin, program.stdout

    def ask(run_id: int, seconds: float) -> str:
        db.release()
        written.write(f"{run_id} {seconds}\n")
        written.flush()
        return said.readline().strip()

    with program:
        yield ask
        written.close()


@contextmanager
def no_worker() -> Iterator[None]:
    """Runs are queued and nobody takes them up."""
    put = queue.put
    queue.put = lambda *_job: None  # type: ignore[method-assign]
    try:
        yield
    finally:
        queue.put = put  # type: ignore[method-assign]


def undisturbed(desk: Viewer, ask: Ask) -> tuple[str, float]:
    """What a run finds that nobody kills, and how many seconds it takes once the program is warm."""
    for _ in range(2):
        with no_worker():
            run_id = matches.start_run(desk, NETWORK)
        began = time.perf_counter()
        ask(run_id, 600)
        seconds = time.perf_counter() - began
    return result_of(run_id), seconds


def disturbed(desk: Viewer, ask: Ask, seconds: float, kills: int, random: Random) -> tuple[int, int, str]:
    """How often a run was killed at a random moment, how often that left something, and what one finds in the end."""
    killed = half_done = tries = 0
    while killed < kills and tries < TRIES:
        tries += 1
        run_id = taken_over(desk)
        if ask(run_id, random.uniform(0.05, 0.9) * seconds) == "killed":
            killed += 1
            run = session().get_one(Run, run_id, populate_existing=True)
            half_done += run.state is not RunState.DONE and len(proposals(run_id)) > 0
    run_id = taken_over(desk)
    ask(run_id, 600)
    return killed, half_done, result_of(run_id)


def taken_over(desk: Viewer) -> int:
    """A queued run: one that was killed is found silent after a while and taken over, as by a coordinator."""
    with transaction() as inside:
        inside.execute(update(Run).values(touched_at=now() - matches.SILENT_FOR - timedelta(seconds=1)))
    with no_worker():
        return matches.start_run(desk, NETWORK)


def proposals(run_id: int) -> list[tuple[int, ...]]:
    """What a run suggests."""
    session().rollback()
    columns = Proposal.newcomer_id, Proposal.buddy_id, Proposal.score, Proposal.utility
    return sorted(tuple(row) for row in session().execute(select(*columns).where(Proposal.run_id == run_id)))


def result_of(run_id: int) -> str:
    """A mark of what a run suggests: the same for the same plan; none when there is none."""
    found = proposals(run_id)
    return hashlib.sha256(repr(found).encode()).hexdigest()[:12] if found else NOTHING


def started(app: Flask, site: Served, desks: list[Viewer]) -> tuple[int, int]:
    """Ten starts at once by two people while the worker is held: runs under way, and who was told since when."""
    tabs = [signed_in(app, site, desk.person_id or 0) for desk in desks]
    for tab in tabs:
        tab.get("/nl/matching")
    workers = [program for program in site.processes() if "worker" in program.cmdline()]
    for worker in workers:
        worker.suspend()
    try:
        session().rollback()
        acts = [Act(tabs[number % 2], "/nl/matching/runs", {"network": NETWORK}) for number in range(STARTS)]
        answers = sent_at_once(acts)
        runs = under_way()
        since = in_brussels(
            session().scalars(select(Run.created_at).order_by(Run.id.desc())).first() or now()
        )
        pages = [tab.get(answer.location).text for answer, tab in answers if answer.status == 303]
    finally:
        for worker in workers:
            worker.resume()
    return runs, sum(f"sinds {since:%H:%M}" in page for page in pages)


def under_way() -> int:
    """How many runs are under way now."""
    session().rollback()
    found = select(func.count()).select_from(Run).where(Run.state.in_(matches.UNDER_WAY))
    return session().scalar(found) or 0


def unguarded(desk: Viewer) -> int:
    """How many runs are under way after starts that look at nothing, in a table without its rule: the measure can fail."""
    index = next(item for item in Run.__table__.indexes if item.name == "uq_run_under_way")  # type: ignore[attr-defined]
    states, matches.UNDER_WAY = matches.UNDER_WAY, ()  # type: ignore[assignment]
    with transaction() as inside:
        inside.execute(update(Run).values(state=RunState.STOPPED))
        index.drop(inside.connection())
    try:
        with no_worker():
            for _ in range(STARTS):
                matches.start_run(desk, NETWORK)
    finally:
        matches.UNDER_WAY = states
        found = under_way()
        with transaction() as inside:
            inside.execute(update(Run).values(state=RunState.STOPPED))
            index.create(inside.connection())
    return found
