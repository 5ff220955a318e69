"""The tables of the database brought to the version of this code: one start at a time, everything or nothing.

All migrations that are due run in one transaction under one lock, so that a start that is killed half-way
leaves the database as it was, and two starts at once end as one. A site that goes on meanwhile with the code of before
is not held up by the waiting: where its work holds a table that is to be changed, all of it is begun anew a little later.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from time import monotonic, sleep
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError

from app.db import WRITE

MIGRATIONS: Final = Path(__file__).resolve().parent.parent / "migrations"
# Any number does, as long as nothing else that uses the same database takes it.
LOCK: Final = 7_266_355
WAIT_MILLISECONDS: Final = 600_000
# Who waits for a table on PostgreSQL lets everybody wait who comes after, also those who only read.
TABLE_MILLISECONDS: Final = 2_000
PAUSE_SECONDS: Final = 0.5
HELD_UP: Final = ("55P03", "40P01")  # PostgreSQL: a lock not got in time, a deadlock


class UnknownVersionError(Exception):
    """The database is at a version that this code does not know; the text is one line that says what to do."""


class BrokenReferenceError(Exception):
    """A migration left a row that points to a row that is not there; nothing of it was stored."""


def config(connection: Connection | None = None) -> Config:
    """Alembic's configuration for our migrations; they run on `connection` when one is given."""
    made = Config()
    made.set_main_option("script_location", str(MIGRATIONS))
    made.attributes["connection"] = connection
    return made


def newest() -> str | None:
    """The version that this code wants."""
    return _steps().get_current_head()


def version(engine: Engine) -> str | None:
    """The version that the database is at; None for an empty database."""
    with engine.connect() as connection:
        return version_seen(connection)


def version_seen(connection: Connection) -> str | None:
    """The version that the database is at, as that connection sees it."""
    return MigrationContext.configure(connection).get_current_revision()


def upgrade(engine: Engine, target: str = "head") -> bool:
    """Bring the database up to `target` and tell whether there was anything to do.

    Raises UnknownVersionError when a newer version of this code has made the database.
    """
    before = version(engine)
    if target == "head" and before == newest():
        return False
    _move(engine, target, command.upgrade)
    return version(engine) != before


def downgrade(engine: Engine, target: str) -> None:
    """Take the database back to `target`; `base` leaves no tables at all."""
    _move(engine, target, command.downgrade)


def build(connection: Connection, target: str) -> None:
    """Bring the tables of an empty PostgreSQL up to `target` inside a transaction of the caller.

    Raises UnknownVersionError when this code does not know that version.
    """
    try:
        command.upgrade(config(connection), target)
    except CommandError as error:
        raise UnknownVersionError(str(error)) from error


def is_newer(seen: str | None) -> bool:
    """Whether a database at that version was made by a newer version of this programme."""
    return seen is not None and not is_ours(seen)


def is_ours(seen: str | None) -> bool:
    """Whether that is a version of this programme that this code knows."""
    return seen in {step.revision for step in _steps().walk_revisions()}


def _steps() -> ScriptDirectory:
    return ScriptDirectory.from_config(config())


def _move(engine: Engine, target: str, direction: Callable[[Config, str], None]) -> None:
    limit = monotonic() + WAIT_MILLISECONDS / 1000
    while True:
        try:
            _moved(engine, target, direction)
        except OperationalError as error:
            if getattr(error.orig, "sqlstate", None) not in HELD_UP or monotonic() > limit:
                raise
            sleep(PAUSE_SECONDS)
        else:
            return


def _moved(engine: Engine, target: str, direction: Callable[[Config, str], None]) -> None:
    with engine.connect().execution_options(**{WRITE: True}) as connection:
        _prepare(connection)
        try:
            with connection.begin():
                _wait_for_others(connection)
                direction(config(connection), target)
                _check_references(connection)
        except CommandError as error:
            raise UnknownVersionError(
                f"The database was made by a newer version of this programme ({error}): take that version, or a backup."
            ) from error
        finally:
            connection.invalidate()  # its pragmas are not the ones that everybody else relies on


def _wait_for_others(connection: Connection) -> None:
    """Hold the lock of who migrates; SQLite has it from BEGIN IMMEDIATE on."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = {WAIT_MILLISECONDS}")
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = {TABLE_MILLISECONDS}")


def _prepare(connection: Connection) -> None:
    """On SQLite a table is changed by copying it, which foreign keys would refuse: they are checked at the end.

    That pragma does nothing inside a transaction, so the driver's own connection gets it, before the first BEGIN.
    """
    driver = connection.connection.driver_connection
    if connection.dialect.name == "sqlite" and driver is not None:
        driver.execute(f"PRAGMA busy_timeout = {WAIT_MILLISECONDS}")
        driver.execute("PRAGMA foreign_keys = OFF")


def _check_references(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":
        return
    lost = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if lost is not None:
        raise BrokenReferenceError(f"Row {lost[1]} of {lost[0]} points to a missing row of {lost[2]}.")
