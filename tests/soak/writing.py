"""People who write by real forms, and note what was acknowledged to them."""

from __future__ import annotations

import hashlib
import http.client
import re
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from threading import Event
from typing import Protocol

from app import db
from app.clock import today
from app.services import accounts
from tests import factories
from tests.soak.served import Answer

PATIENCE = 0  # as a status: a 503 that says when to try again
PAUSE = 0.05  # seconds
BROKEN = (OSError, http.client.HTTPException)
SLOTS = [f"{hour}:{minute:02}" for hour in range(8, 18) for minute in range(0, 60, 15)]
BUDDY_STEPS: tuple[tuple[str, dict[str, str]], ...] = (
    ("who", {"adult": "y", "clear_dutch": "y"}),
    ("where", {"place": "2800"}),
    ("languages", {"languages": "fr"}),
    ("likes", {"interests": "cooking"}),
    ("when", {"availability": "sat-morning"}),
    ("wishes", {"max_km": "25", "capacity": "1", "gender": "f"}),
    ("agree", {"duties": "y", "privacy": "y"}),
)


class Door(Protocol):
    """How a writer reaches the site: over HTTP (served.Visitor), or inside this process."""

    def send(
        self, method: str, path: str, fields: Mapping[str, str | Sequence[str]] | None = None
    ) -> Answer: ...

    def sign_in(self, email: str, password: str) -> None: ...


@dataclass
class Told:
    """What the writers know, by mark: acknowledged, or sent without an answer; and statuses that are neither."""

    acknowledged: set[str] = field(default_factory=set)
    unsure: set[str] = field(default_factory=set)
    odd: Counter[int] = field(default_factory=Counter)
    names: dict[str, str] = field(default_factory=dict)

    def kept_as(self, mark: str) -> str:
        """Under which name what has that mark is found in the database: the mark, unless it was told otherwise."""
        return self.names.get(mark, mark)

    def hear(self, mark: str, act: Callable[[], Answer]) -> bool:
        """Do that act, and note what came of it; False when no answer came."""
        self.unsure.add(mark)
        try:
            answer = act()
        except BROKEN:
            return False
        if answer.status == 303 and "/sign-in" not in answer.location:
            self.acknowledged.add(mark)
        else:
            self.note(answer)
        if answer.status != 503:  # after which nobody knows whether it was kept
            self.unsure.discard(mark)
        return True

    def note(self, answer: Answer) -> None:
        """Count an answer that acknowledges nothing, and leave the site alone for a moment, as people do."""
        patient = answer.status == 503 and "retry-after" in answer.headers
        self.odd[PATIENCE if patient else answer.status] += 1
        time.sleep(PAUSE)


@dataclass(frozen=True)
class People:
    """Who writes: addresses of coordinators; addresses and keys of newcomers; whom notes are about; the activity of the hours."""

    coordinators: tuple[str, ...]
    newcomers: tuple[tuple[str, int], ...]
    about: int
    offer: int


def settle(writers: int) -> People:
    """Make people who write, within an application; all have the password of the factories."""
    offer = factories.offer()
    coordinators = [factories.coordinator() for _ in range(writers)]
    newcomers = [factories.newcomer() for _ in range(writers)]
    for one in (*coordinators, *(newcomer.person for newcomer in newcomers)):
        accounts.set_password(one.id, factories.PASSWORD)
    made = People(
        tuple(str(one.email) for one in coordinators),
        tuple((str(newcomer.person.email), newcomer.person_id) for newcomer in newcomers),
        newcomers[0].id,
        offer.id,
    )
    db.release()
    return made


class Writer:
    """Somebody who writes again and again; `act` is one writing, with a mark of its own."""

    def __init__(self, door: Door, told: Told, name: str) -> None:
        self.door, self.told, self.name = door, told, name
        self.numbers = count(1)

    def begin(self, name: str, told: Told) -> None:
        """Begin anew: marks with another name, told to somebody else."""
        self.name, self.told = f"{self.name.split('.')[0]}.{name}", told

    def write(self, stop: Event) -> None:
        """Go on until told to stop, or until the site is gone."""
        while not stop.is_set() and self.act(f"{self.name}-{next(self.numbers)}"):
            pass

    def act(self, mark: str) -> bool:
        """Write one thing with that mark; False when the site is gone."""
        raise NotImplementedError

    def again(self) -> None:
        """After the site is back: what a browser does that loads its page once more. Most writers send nothing again."""


class NoteWriter(Writer):
    """A coordinator who notes something about a newcomer."""

    def __init__(self, door: Door, told: Told, name: str, people: People) -> None:
        super().__init__(door, told, name)
        self.path = f"/nl/people/newcomers/{people.about}/note"

    def act(self, mark: str) -> bool:
        """Add a note."""
        return self.told.hear(mark, lambda: self.door.send("POST", self.path, {"note-note": mark}))


class HoursWriter(Writer):
    """A newcomer who tells hours, and sends the same form again when no answer came."""

    def __init__(self, door: Door, told: Told, name: str, people: People, person_id: int) -> None:
        super().__init__(door, told, name)
        self.person_id = person_id
        self.path = f"/nl/hours/tell/{people.offer}"

    def act(self, mark: str) -> bool:
        """Tell ten minutes that do not overlap with others."""
        self.told.names[mark] = hashlib.sha256(f"{self.person_id}:{mark}".encode()).hexdigest()
        return self.told.hear(mark, lambda: self.door.send("POST", self.path, self.fields(mark)))

    def again(self) -> None:
        """The same forms once more: each is kept once, whether it arrived or not."""
        own = re.compile(rf"{self.name.split('.')[0]}[.-]")
        for mark in sorted(filter(own.match, self.told.unsure)):
            self.act(mark)

    @staticmethod
    def fields(mark: str) -> dict[str, str]:
        """The form with that mark: a time of its own, on a day of its own for each time the writer began."""
        begun, number = re.fullmatch(r"[a-z]+\d+(?:\.(\d+))?-(\d+)", mark).groups()  # type: ignore[union-attr]
        days, slot = divmod(int(number) - 1, len(SLOTS))
        return {
            "day": "other", "other_day": str(today() - timedelta(days=2 + days + int(begun or 0))), "at": SLOTS[slot],
            "minutes": "other", "other_minutes": "0:10", "dutch": "yes", "key": mark,
        }  # fmt: skip


class Registrant(Writer):
    """Somebody who registers as a buddy, step by step, under another address each time."""

    def act(self, mark: str) -> bool:
        """Answer all questions; the last answer makes a person."""
        try:
            self.door.send("GET", f"/nl/register/buddy/{BUDDY_STEPS[0][0]}")
        except BROKEN:
            return False
        for slug, answers in BUDDY_STEPS:
            path = f"/nl/register/buddy/{slug}"
            fields = answers | (
                {"full_name": f"Buddy {mark}", "email": address(mark)} if slug == "who" else {}
            )
            if slug == BUDDY_STEPS[-1][0]:
                return self.told.hear(mark, lambda: self.door.send("POST", path, fields))  # noqa: B023
            try:
                answer = self.door.send("POST", path, fields)
            except BROKEN:
                return False
            if answer.status != 303:
                self.told.note(answer)
                return True
        return True


def address(mark: str) -> str:
    """The e-mail address of who registers with that mark."""
    return f"{mark}@example.be"


def writers_for(people: People, door: Callable[[], Door]) -> list[Writer]:
    """A writer of each kind for each who writes, each through a door of its own, signed in.

    What they write is told apart by the newcomer, also from what others wrote on the same site before.
    """
    found: list[Writer] = []
    for email, newcomer in zip(people.coordinators, people.newcomers, strict=True):
        number = newcomer[1]
        doors = door(), door(), door()
        doors[0].sign_in(email, factories.PASSWORD)
        doors[1].sign_in(newcomer[0], factories.PASSWORD)
        found += [
            NoteWriter(doors[0], Told(), f"note{number}", people),
            HoursWriter(doors[1], Told(), f"hours{number}", people, newcomer[1]),
            Registrant(doors[2], Told(), f"buddy{number}"),
        ]
    return found
