"""B2: the same hours told again and again at the same moment, and hours that overlap from two browsers: one row each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from app.clock import today
from app.db import session
from app.models import HourEntry
from tests import factories
from tests.soak.crowds import Act, Heard, heard, sent_at_once, signed_in, start_weakened
from tests.soak.figures import on_a_site
from tests.soak.last_places import Race, again
from tests.soak.served import Served

ROUNDS = 20
POSTS = 50
GUARD = "app.services.hours"
WITHOUT = """
def weaken(hours):
    from dataclasses import replace
    from secrets import token_hex

    keep = hours.keep
    hours.keep = lambda actor, told, **more: keep(actor, replace(told, key=token_hex()), **more)
    hours._refuse_overlap = lambda *_who, **_but: None
"""
TOLD = {"day": "other", "at": "10:00", "minutes": "120", "other_minutes": "", "dutch": "yes", "sure": "y"}


@dataclass(frozen=True)
class Measured:
    """Rows that came of so many identical posts, of overlapping ones, and of identical ones without the guards."""

    same: Race
    overlapping: Race
    control: Race
    posts: int

    def kept(self) -> bool:
        """One row each round: the same page for who sent the same, a clear refusal for who overlaps."""
        return (
            all(race.sold == [1] * len(race.said) for race in (self.same, self.overlapping))
            and all(one.done == self.posts for one in self.same.said)
            and all(one.done == 1 and one.refused == self.posts - 1 for one in self.overlapping.said)
            and min(self.control.sold) > 1
        )

    def words(self) -> str:
        """The figures."""
        return (
            f"of {self.posts} identical posts {self.same.words()}; of {self.posts} that overlap {self.overlapping.words()}; "
            f"without the guards {self.control.sold[0]} rows"
        )


class Told:
    """A newcomer with two browsers and an activity; every race tells of a day of its own."""

    def __init__(self, app: Flask, site: Served) -> None:
        self.app, self.days = app, 0
        newcomer, offer = factories.newcomer(), factories.offer()
        self.path = f"/nl/hours/tell/{offer.id}"
        self.tabs = [signed_in(app, site, newcomer.person_id) for _ in range(2)]
        for tab in self.tabs:
            tab.get(self.path)

    def same(self, posts: int) -> tuple[int, Heard]:
        """One form so many times at once."""
        return self.race(posts, lambda _number: {"key": f"day {self.days}"})

    def overlapping(self, posts: int) -> tuple[int, Heard]:
        """As many forms, each of a time that overlaps with all others."""
        return self.race(posts, lambda number: {"key": f"{self.days}-{number}", "at": f"10:{number % 60:02}"})

    def race(self, posts: int, changed: Callable[[int], dict[str, str]]) -> tuple[int, Heard]:
        """So many posts at once, by turns of the two browsers: the rows of that day or pages shown, and what was heard."""
        self.days += 1
        day = today() - timedelta(days=self.days)
        fields = {**TOLD, "other_day": day.isoformat()}
        acts = [
            Act(self.tabs[number % 2], self.path, {**fields, **changed(number)}) for number in range(posts)
        ]
        session().rollback()
        answers = sent_at_once(acts)
        session().rollback()
        pages = {answer.location for answer, _tab in answers if answer.status == 303}
        rows = [row for row in session().scalars(select(HourEntry)) if row.day == day]
        return max(len(rows), len(pages)), heard(self.app, answers, "")


def measure() -> tuple[str, bool]:
    """Measure it on both databases: the figures in words, and whether both are within the bar."""
    return on_a_site(raced)


def raced(site: Served, rounds: int = ROUNDS, posts: int = POSTS) -> Measured:
    """Run both races so often on that site, and the first once more with the guards taken out."""
    with site.inside() as app:
        told = Told(app, site)
        same = again(lambda: told.same(posts), rounds)
        overlapping = again(lambda: told.overlapping(posts), rounds)
        start_weakened(site, site.folder / "weakened", GUARD, WITHOUT)
        control = again(lambda: told.same(posts), 1)
    return Measured(same, overlapping, control, posts)
