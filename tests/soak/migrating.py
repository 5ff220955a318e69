"""B7: migrations taken back and made again with rows, killed, begun twice at once, and under visitors (beside.py)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from random import SystemRandom

from sqlalchemy import Engine

from app import db, schema
from tests.migrations import older, rows, steps
from tests.soak import beside
from tests.soak.clusters import two_databases
from tests.soak.figures import on_each

ROWS = 1_000
KILLS = 12
LEAST_KILLS = 10


@dataclass(frozen=True)
class Measured:
    """What went wrong, in words, and how much was done; whether a guard that was taken away would have been noticed."""

    wrong: tuple[str, ...]
    steps: int
    tables: int
    kills: int
    statements: int
    noticed: bool

    def kept(self) -> bool:
        """Whether all of it is within the bar."""
        return not self.wrong and self.kills >= LEAST_KILLS and self.noticed

    def words(self) -> str:
        """The figures."""
        guards = "noticed" if self.noticed else "NOT NOTICED"
        return (
            f"{self.steps} steps down, up and down with {ROWS} rows in each of {self.tables} tables, {self.kills} kills among "
            f"{self.statements} statements, two at once: {', '.join(self.wrong) or 'nothing lost, nothing half, no error'}; "
            f"without transaction or lock it is {guards}"
        )


def measure() -> tuple[str, bool]:
    """Measure it on both databases, and visit a site on each meanwhile: the figures in words, and whether all is within the bar."""

    def alone(kind: str, folder: Path) -> Measured:
        with two_databases(kind, folder) as (full, empty):
            return migrated(full, empty, many=ROWS, kills=KILLS)

    words, kept = on_each(alone)
    visited, answered = beside.measure()
    return f"{words}. Visited meanwhile: {visited}", kept and answered


def migrated(full: str, empty: str, *, many: int, kills: int) -> Measured:
    """Take every step back and make it again with so many rows in every table, then kill the way up, then go it twice."""
    engine, place = db.connect(full), db.connect(empty)
    wrong = _beside_older_code(engine, place)
    _fill(engine, many)
    tables = len(steps.tables(engine))
    wrong += [f"step {step} lost {what}" for step, what in steps.lost(engine, steps.STEPS[1:]).items()]
    oldest = schema.version(engine) or "base"
    statements = steps.statements(engine)
    schema.downgrade(engine, oldest)
    points = SystemRandom().sample(range(1, statements + 1), kills)
    with steps.killer(full) as program:
        wrong += steps.killed(engine, program, points)
    with steps.killer(empty) as program:
        if program.asked("two") != "True True" or not steps.fits_the_models(place):
            wrong.append("two at once did not both end well")
        schema.downgrade(place, "base")
        noticed = "False" in program.asked("two", "no lock")
        schema.downgrade(place, "base")
        noticed = noticed and bool(steps.killed(place, program, [40], "no transaction"))
    engine.dispose()
    place.dispose()
    return Measured(tuple(wrong), len(steps.STEPS) - 1, tables, kills, statements, noticed)


def _fill(engine: Engine, many: int) -> None:
    schema.upgrade(engine)
    with engine.connect().execution_options(**{db.WRITE: True}) as connection, connection.begin():
        rows.fill(connection, count=many)


def _beside_older_code(engine: Engine, place: Engine) -> list[str]:
    """What the code before each step would meet after it; both are empty again then."""
    _fill(engine, 2)
    schema.upgrade(place)
    found = older.surprises(engine, place, steps.STEPS[1:])
    for one in (engine, place):
        schema.downgrade(one, "base")
    return found
