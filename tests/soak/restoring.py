"""B9: a backup of 10 000 people under write load, put back on an empty place."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from time import perf_counter

from flask import Flask
from sqlalchemy import Engine, TextClause, text

from app import create_app, db, mailer, schema
from app.config import Settings
from app.services import backups, erasures, tombstones
from tests.migrations import rows
from tests.soak.clusters import two_databases
from tests.soak.figures import on_each

PEOPLE = 10_000
GONE = 20
"""People who are erased after the backup was made."""
UNDER_WAY = 100  # acts of somebody who works, before the backup begins among them
LIMIT_SECONDS = 120
KEY = "only for measuring, thrown away afterwards"
SECRET = "for-measuring-only-0123456789-abcdefghij"


@dataclass(frozen=True)
class Measured:
    """Seconds to write and to put back, megabytes and rows, people and notes added together, mails that went out, and
    people who were erased after the backup and have no name after it was put back."""

    writing: float
    restoring: float
    megabytes: float
    rows: int
    people: int
    notes: int
    mails: int
    erased: int

    def kept(self) -> bool:
        """Whether all of it is within the bar."""
        whole = self.people == self.notes > 0 and self.erased == GONE
        return self.restoring <= LIMIT_SECONDS and whole and self.mails == 0

    def words(self) -> str:
        """The figures."""
        return (
            f"{self.rows} rows back in {self.restoring:.1f} s (written in {self.writing:.1f} s, {self.megabytes:.0f} MB), "
            f"{self.people} = {self.notes} under load, {self.erased} erased again, {self.mails} mails"
        )


def measure() -> tuple[str, bool]:
    """Measure it on both databases: the figures in words, and whether both are within the bar."""

    def alone(kind: str, folder: Path) -> Measured:
        with two_databases(kind, folder) as (full, empty):
            return restored(full, empty, folder / "files", PEOPLE)

    return on_each(alone)


def restored(full: str, empty: str, folder: Path, people: int) -> Measured:
    """Fill the database `full` with so many rows in every table, and put its backup back into `empty`."""
    folder.mkdir()
    source, place = db.connect(full), db.connect(empty)
    schema.upgrade(source)
    fill(source, people)
    file = folder / "measured.backup"
    with used(source):
        with people_working(source):
            began = perf_counter()
            backups.write(source, file, key=KEY, secret_key=SECRET)
            wrote = perf_counter() - began
        with source.connect() as connection:
            gone = connection.scalars(text("SELECT id FROM person WHERE call_name = 'gone'")).all()
        for person_id in gone:
            erasures.erase(person_id, links=None)
        tombstones.keep(folder)
    with used(place):
        began = perf_counter()
        done = backups.restore(place, file, key=KEY, secret_key=SECRET, folder=folder)
        took = perf_counter() - began
    with place.connect() as connection:
        pairs = [
            connection.execute(text(f"SELECT count(*) FROM {table} WHERE {column} = 'pair'")).scalar_one()
            for table, column in (("person", "call_name"), ("message", "kind"))
        ]
        named = text("SELECT count(*) FROM person WHERE full_name = 'Kanarie Vogel'")
        again = done.erased - connection.execute(named).scalar_one()
    mails = delivered(empty, folder)
    source.dispose()
    place.dispose()
    return Measured(
        wrote, took, file.stat().st_size / 1e6, sum(done.counts.values()), pairs[0], pairs[1], mails, again
    )


def fill(engine: Engine, people: int) -> None:
    """Put so many rows into every table, with mails that wait and people who will be erased."""
    with engine.connect().execution_options(**{db.WRITE: True}) as connection, connection.begin():
        rows.fill(connection, count=people)
        connection.execute(text("DELETE FROM tombstone"))
        connection.execute(text("UPDATE message SET channel = 'mail', state = 'queued', kind = 'old'"))
        for _ in range(GONE):
            connection.execute(added_person("Kanarie Vogel", "gone"))


def added_person(full_name: str, call_name: str) -> TextClause:
    """The statement that adds one more person, who has nothing but these names."""
    return text(
        "INSERT INTO person (full_name, call_name, latin_name, search_key, sort_key, plain_key, locale, active, demo, created_at) "
        "SELECT :full_name, :call_name, latin_name, search_key, sort_key, plain_key, locale, active, demo, created_at "
        "FROM person LIMIT 1"
    ).bindparams(full_name=full_name, call_name=call_name)


@contextmanager
def used(engine: Engine) -> Iterator[None]:
    """Let the services work on that database meanwhile; the one of before is not let go of."""
    before, db._engine = db._engine, None
    db.bind(engine)
    try:
        yield
    finally:
        db.release()
        db._engine = before


@contextmanager
def people_working(engine: Engine) -> Iterator[None]:
    """Somebody adds a person and a message about that person, in one act, again and again; UNDER_WAY are done at first."""
    stop, begun = Event(), Event()
    person = added_person("Somebody", "pair")
    note = text(
        "INSERT INTO message (channel, state, kind, to_name, locale, subject, text, html, facts, message_id, created_at, "
        "next_try_at, tries, failure) SELECT 'task', 'done', 'pair', to_name, locale, subject, text, html, facts, :number, "
        "created_at, next_try_at, tries, failure FROM message LIMIT 1"
    )

    def work() -> None:
        number = 0
        while not stop.wait(0.002):
            number += 1
            with engine.connect().execution_options(**{db.WRITE: True}) as connection, connection.begin():
                connection.execute(person)
                connection.execute(note, {"number": f"pair-{number}"})
            if number == UNDER_WAY:
                begun.set()

    thread = Thread(target=work, daemon=True)
    thread.start()
    try:
        if not begun.wait(60):
            raise RuntimeError("nobody could write")
        yield
    finally:
        stop.set()
        thread.join()


def delivered(url: str, folder: Path) -> int:
    """How many mails a site on that database hands to a mail server when it starts to work."""
    sent = []

    class Server:
        def send_message(self, message: object) -> None:
            sent.append(message)

    @contextmanager
    def server(_settings: Settings, _patience: float = 0) -> Iterator[Server]:
        yield Server()

    kept, mailer.server_of = mailer.server_of, server  # type: ignore[assignment]
    try:
        app: Flask = create_app(
            Settings(
                secret_key=SECRET, database_url=url, data_dir=str(folder), testing=True, smtp_url="smtp://nowhere",
                base_url="http://localhost",
            )
        )  # fmt: skip
        with app.app_context():
            while mailer.deliver_due():
                pass
            db.release()
    finally:
        mailer.server_of = kept
        db.bind(None)
    return len(sent)
