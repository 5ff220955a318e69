"""Looks in a database whether all that was acknowledged to writers is there exactly once, and nothing is broken."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass

from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session

from app import db
from app.db import Base
from app.extensions import queue
from app.models import Buddy, Consent, Grant, HourEntry, Person, Registration, StaffNote, Transition
from app.services import sums
from app.vocabulary.records import Subject
from tests.soak.writing import Told


@dataclass(frozen=True)
class Found:
    """What was looked for afterwards, all counts: of what was acknowledged, and what is wrong with what is there."""

    acknowledged: int
    unanswered: int
    lost: int
    doubled: int
    halves: int
    orphans: int
    wrong_sums: int
    damage: str

    @property
    def whole(self) -> bool:
        """Whether something was written, and nothing of it is lost, doubled, half or broken."""
        return self.acknowledged > 0 and self.faults == 0 and not self.damage

    @property
    def faults(self) -> int:
        """All that is wrong, added together."""
        return self.lost + self.doubled + self.halves + self.orphans + self.wrong_sums

    def __str__(self) -> str:
        return (
            f"{self.acknowledged} acknowledged ({self.unanswered} without an answer), {self.lost} lost, {self.doubled} doubled, "
            f"{self.halves} half, {self.orphans} orphans, {self.wrong_sums} wrong sums{', ' * bool(self.damage)}{self.damage}"
        )


def look(engine: Engine, told: Sequence[Told], wrong_sums: int) -> Found:
    """Compare what the writers know with what is in the database."""
    with closing(Session(engine)) as database:
        there = kept_in(database)
        acknowledged = {one.kept_as(mark) for one in told for mark in one.acknowledged}
        unsure = sum(len(one.unsure) for one in told)
        return Found(
            len(acknowledged), unsure, sum(not there[name] for name in acknowledged),
            sum(number > 1 for number in there.values()), halves(database), sum(orphans(database)), wrong_sums,
            damage(database),
        )  # fmt: skip


def kept_in(database: Session) -> Counter[str]:
    """How often each thing is there: notes by their text, hours by their key, registrations by the name of the person."""
    there = Counter(database.scalars(select(StaffNote.text)))
    there.update(database.scalars(select(HourEntry.submission_key)))
    names = database.scalars(select(Person.full_name).where(Person.full_name.like("Buddy %")))
    there.update(name.removeprefix("Buddy ") for name in names)
    return there


def halves(database: Session) -> int:
    """Things that are there without what belongs to them."""
    buddies = select(Buddy.person_id)
    registered = select(Person.id).where(Person.full_name.like("Buddy %"))
    ways = select(Transition.subject_id).where(Transition.subject == Subject.HOUR_ENTRY)
    return sum(
        database.scalar(select(func.count()).select_from(what)) or 0
        for what in (
            select(HourEntry.id).where(HourEntry.id.not_in(ways)).subquery(),
            registered.where(Person.email_canonical.is_(None)).subquery(),
            registered.where(Person.id.not_in(buddies)).subquery(),
            registered.where(Person.id.not_in(select(Grant.person_id))).subquery(),
            registered.where(Person.id.not_in(select(Consent.person_id))).subquery(),
            registered.where(
                Person.id.not_in(select(Registration.person_id).where(Registration.person_id.is_not(None)))
            ).subquery(),
        )
    )


def orphans(database: Session) -> Iterator[int]:
    """For each reference of each table: how many rows point to nothing."""
    for table in Base.metadata.sorted_tables:
        for key in table.foreign_keys:
            mother = key.column.table.alias("mother")
            missing = (
                select(func.count()).select_from(table)
                .where(key.parent.is_not(None), ~select(mother).where(mother.c[key.column.name] == key.parent).exists())
            )  # fmt: skip
            yield database.scalar(missing) or 0


def damage(database: Session) -> str:
    """What the database itself finds broken in its file, '' for nothing; PostgreSQL is made to read all its rows."""
    if database.get_bind().dialect.name == "sqlite":
        found = "; ".join(map(str, database.scalars(text("PRAGMA integrity_check"))))
        return "" if found == "ok" else found
    for table in Base.metadata.sorted_tables:
        database.scalars(
            select(func.sum(func.length(text(f'"{table.name}"::text')))).select_from(table)
        ).one()
    return ""


def finish() -> int:
    """Do what the worker had not come to, and tell how many sums of hours differ from their entries; within an application.

    A registration that was acknowledged waits for the worker, and is there when a person can be made of what waits.
    """
    try:
        queue.put("make_waiting")
        return sums.repair()
    finally:
        db.release()
