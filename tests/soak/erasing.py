"""B16: of two people among 10 000 the own file, and then no trace of them after they are erased and the time of the law is over.

A word stands in every column of theirs. It is looked for in all rows, in the backup, in all files of the folder of the
site (embedded database, queue, tombstones) and in the log.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any

import time_machine
from flask import Flask
from sqlalchemy import Connection, select, text

from app import create_app, db, schema
from app.config import Settings
from app.extensions import queue
from app.jobs import duo_links_of
from app.logs import JsonLines
from app.models import Erasure, Person
from app.services import accounts, forgetting, tombstones
from tests import canaries
from tests.migrations import rows
from tests.soak.clusters import two_databases
from tests.soak.figures import on_each
from tests.soak.restoring import PEOPLE, SECRET

LIMIT_SECONDS = 30
AFTER_ALL = datetime(2028, 1, 1, tzinfo=UTC)  # the contracts of both have ended more than a year before
LOCAL = "http://localhost"


@dataclass(frozen=True)
class Measured:
    """Seconds of the longer of both files, whether both are whole and of nobody else, columns with the word before, traces after."""

    export: float
    whole: bool
    erasing: float
    before: int
    traces: tuple[str, ...]
    minutes: bool

    def kept(self) -> bool:
        """Whether all of it is within the bar."""
        return (
            self.export <= LIMIT_SECONDS
            and self.whole
            and self.before > 90
            and not self.traces
            and self.minutes
        )

    def words(self) -> str:
        """The figures."""
        return (
            f"{PEOPLE} people: own file in {self.export:.1f} s, a word in {self.before} columns, {len(self.traces)} traces after "
            f"the night of {self.erasing:.1f} s, {'the same' if self.minutes else 'OTHER'} signed minutes"
        )


def measure() -> tuple[str, bool]:
    """Measure it on both databases: the figures in words, and whether both are within the bar."""

    def alone(kind: str, folder: Path) -> Measured:
        with two_databases(kind, folder) as (full, _empty):
            return erased(full, folder if kind == "SQLite" else folder / "files", PEOPLE)

    return on_each(alone)


def erased(url: str, folder: Path, people: int) -> Measured:
    """Fill that database, let both people take their file, ask to be erased, and let the night come."""
    folder.mkdir(exist_ok=True)
    engine = db.connect(url)
    schema.upgrade(engine)
    app = create_app(
        Settings(secret_key=SECRET, database_url=url, data_dir=str(folder), testing=True, base_url=LOCAL)
    )
    with engine.connect().execution_options(**{db.WRITE: True}) as connection, connection.begin():
        both = fill(connection, people)
    db.bind(engine)
    try:
        with app.app_context(), logged(folder / "site.log"):
            files = [own_file(app, person_id) for person_id in both]
            with engine.connect() as connection:
                before, minutes = len(canaries.found_in_rows(connection)), signed(connection)
            began = perf_counter()
            night(both, folder)
            took = perf_counter() - began
            with engine.connect() as connection:
                traces = [*canaries.found_in_rows(connection), *canaries.found_in_files(folder)]
                same = signed(connection) == minutes
            return Measured(
                max(seconds for seconds, _whole in files), all(whole for _seconds, whole in files), took, before,
                tuple(str(trace) for trace in traces), same,
            )  # fmt: skip
    finally:
        db.bind(None)
        engine.dispose()


def fill(connection: Connection, people: int) -> tuple[int, int]:
    """So many rows in every table; returns the keys of two people in the middle, to whom each other's rows belong.

    A row points to the one that stands as far from the end of the other table, so the two in the middle point to each other.
    """
    middle = people // 2
    for table in rows.METADATA.sorted_tables:
        known = {key: connection.scalars(select(key).order_by(key)).all() for key in rows.targets(table)}
        connection.execute(table.insert(), [_row(table, at, known, middle) for at in range(1, people + 1)])
    both = (middle, middle + 1)
    canaries.make_sense(connection)
    for person_id in both:
        canaries.name(connection, person_id, f"{canaries.WORD}{person_id}@example.org")
    return both


def _row(table: Any, number: int, known: dict[Any, Any], middle: int) -> dict[str, Any]:
    made = rows.row(table, number, known)
    if number not in (middle, middle + 1):
        return made
    words = {
        column.name: canaries.betraying(column, number)
        for column in table.columns
        if (column.table.name, column.name) in canaries.covered() and not column.foreign_keys and column.name in made
        and column.name not in rows.SPECIAL.get(table.name, {}) and not column.primary_key
    }  # fmt: skip
    if table.name == "contact_person":
        words["email"] = f"{canaries.WORD}{number}@example.org"
    if table.name == "contract_version":
        words["starts_on"] = words["ends_on"] = rows.plain_value(table.c.ends_on, number - middle)
    return {**made, **words}


def own_file(app: Flask, person_id: int) -> tuple[float, bool]:
    """Seconds until somebody has the own file, and whether it holds the own word, and the address of nobody else."""
    token = accounts.sign_in(person_id)
    client = app.test_client()
    with client.session_transaction() as kept:
        kept["_user_id"], kept["_fresh"] = token, True
    began = perf_counter()
    answer = client.get("/nl/my-data.json")
    took = perf_counter() - began
    held = answer.get_data(as_text=True)
    return took, answer.status_code == 200 and canaries.WORD in held and "@" in held and "email 1" not in held


def night(both: tuple[int, int], folder: Path) -> None:
    """Both asked long ago; one night when the time of the law is over, with all that it lets go of."""
    with db.transaction() as inside:
        inside.execute(text("DELETE FROM erasure"))
        inside.add_all(Erasure(person_id=person_id, due_at=AFTER_ALL) for person_id in both)
    with time_machine.travel(AFTER_ALL, tick=True):
        forgetting.forget(duo_links_of(LOCAL), folder)
    gone = db.session().scalars(select(Person.erased_at).where(Person.id.in_(both))).all()
    assert all(gone), "the night did not erase them"
    assert {stone.person_id for stone in tombstones.read(folder / tombstones.FILE)} >= set(both)
    queue.forget()


def signed(connection: Connection) -> list[Any]:
    """What was told and signed in hours: of every entry its minutes and its state."""
    return list(connection.execute(text("SELECT id, minutes, state FROM hour_entry ORDER BY id")))


@contextmanager
def logged(path: Path) -> Iterator[None]:
    """All that the site logs meanwhile goes to that file, as in production."""
    handler, root = logging.FileHandler(path), logging.getLogger()
    handler.setFormatter(JsonLines())
    root.addHandler(handler)
    level = root.level
    root.setLevel(logging.INFO)
    try:
        yield
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
        handler.close()
