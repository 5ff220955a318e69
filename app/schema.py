"""The tables of the database brought to the version of this code: one start at a time, everything or nothing.

All migrations that are due run in one transaction under one lock, so that a start that is killed half-way
leaves the database as it was, and two starts at once end as one.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine

from app.db import WRITE

MIGRATIONS: Final = Path(__file__).resolve().parent.parent / "migrations"
# Any number does, as long as nothing else that uses the same database takes it.
LOCK: Final = 7_266_355
WAIT_MILLISECONDS: Final = 600_000


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
    return ScriptDirectory.from_config(config()).get_current_head()


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


def _move(engine: Engine, target: str, direction: Callable[[Config, str], None]) -> None:
    with engine.connect().execution_options(**{WRITE: True}) as connection:
        _prepare(connection)
        try:
            with connection.begin():
                if connection.dialect.name == "postgresql":
                    # Another upgrade may take its time, which we wait for here.
                    connection.exec_driver_sql("SET LOCAL lock_timeout = 0")
                    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
                direction(config(connection), target)
                _check_references(connection)
        except CommandError as error:
            raise UnknownVersionError(
                f"The database was made by a newer version of this programme ({error}): take that version, or a backup."
            ) from error
        finally:
            connection.invalidate()  # its pragmas are not the ones that everybody else relies on


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
