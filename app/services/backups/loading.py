"""Putting the rows of a backup into a database: all of them or none, and what was there is gone only when they are in."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path
from time import monotonic
from typing import Any, Final

import psycopg
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from app import db, schema
from app.services.backups.contents import Reading, Table
from app.services.backups.envelope import BadBackup
from app.services.backups.leftovers import RESTORING, sweep
from app.services.backups.rows import AT_ONCE, columns, tables

PATIENCE: Final = 15_000  # milliseconds for whoever still uses the database
FOREIGN_KEYS: Final = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE contype = 'f' AND connamespace = current_schema()::regnamespace
"""
OWN_FUNCTIONS: Final = """
SELECT p.oid::regprocedure::text FROM pg_proc p WHERE p.pronamespace = current_schema()::regnamespace
AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
"""
# Each of ours is called by a trigger.
STRANGE_FUNCTIONS: Final = (
    f"{OWN_FUNCTIONS} AND NOT EXISTS (SELECT FROM pg_trigger t WHERE t.tgfoid = p.oid) ORDER BY 1"
)
NUMBERED: Final = """
SELECT table_name, column_name, pg_get_serial_sequence(quote_ident(table_name), column_name)
FROM information_schema.columns WHERE table_schema = current_schema()
AND pg_get_serial_sequence(quote_ident(table_name), column_name) IS NOT NULL
"""
Finish = Callable[[Connection], None]


def load(engine: Engine, reading: Reading, *, newest: bool, finish: Finish) -> None:
    """Replace everything in the database by what the backup holds, in the version of the backup or in the newest.

    `finish` is called with the connection when all rows are in, before anybody sees them. Raises BadBackup when the
    backup is not whole or fits no version that this code knows; the database is then as it was.
    """
    place = _into_postgresql if engine.dialect.name == "postgresql" else _into_sqlite
    try:
        place(engine, reading, newest, finish)
    except schema.UnknownVersionError as error:
        raise BadBackup(
            "This backup was made by a newer version of this programme: take that version."
        ) from error
    except (DBAPIError, psycopg.Error, sqlite3.Error) as error:
        cause = getattr(error, "orig", error)
        reason = str(cause).splitlines()[0]
        if isinstance(cause, psycopg.OperationalError | sqlite3.OperationalError):
            raise BadBackup(
                f"The database is still in use or cannot be reached ({reason}): stop the site first."
            ) from error
        raise BadBackup(f"This backup is not consistent ({type(cause).__name__}).") from error


def _into_sqlite(engine: Engine, reading: Reading, newest: bool, finish: Finish) -> None:
    path = Path(engine.url.database or "")
    sweep(path.parent)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=RESTORING) as folder:
        new = Path(folder) / "new.sqlite3"
        made = db.connect(f"sqlite:///{new}")
        schema.upgrade(made, reading.head.version)
        with closing(sqlite3.connect(new, isolation_level=None)) as connection:
            _fill_sqlite(connection, made, reading)
        if newest:
            schema.upgrade(made)
        with made.connect().execution_options(**{db.WRITE: True}) as last, last.begin():
            finish(last)
        made.dispose()
        with closing(sqlite3.connect(new)) as source, closing(sqlite3.connect(path)) as target:
            _whole(source)
            source.backup(target, progress=_patience())
        os.chmod(path, 0o600)  # noqa: PTH101 - the same as Path.chmod


def _patience() -> Callable[[int, int, int], None]:
    limit = monotonic() + PATIENCE / 1000

    def progress(status: int, _left: int, _pages: int) -> None:
        if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) and monotonic() > limit:
            raise sqlite3.OperationalError("database is locked")

    return progress


def _fill_sqlite(connection: sqlite3.Connection, engine: Engine, reading: Reading) -> None:
    connection.execute("PRAGMA synchronous = OFF")  # of a file that nobody uses yet
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute("BEGIN")
    triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for name, _sql in triggers:
        connection.execute(f'DROP TRIGGER "{name}"')
    with engine.connect() as looking:
        known = {table: columns(looking, table) for table in tables(looking)}
    for name in known:
        connection.execute(f'DELETE FROM "{name}"')  # noqa: S608 - names from the database
    for table in _fitting(reading, known):
        marks = ", ".join("?" * len(table.columns))
        put = f"INSERT INTO {_target(table)} VALUES ({marks})"  # noqa: S608 - names from the database
        while rows := list(islice(table.rows, AT_ONCE)):
            connection.executemany(put, rows)
    for _name, sql in triggers:
        connection.execute(sql)
    connection.execute("COMMIT")


def _whole(connection: sqlite3.Connection) -> None:
    lost = connection.execute("PRAGMA foreign_key_check").fetchone()
    state = connection.execute("PRAGMA integrity_check").fetchone()[0]
    if lost or state != "ok":
        raise BadBackup(f"This backup is not consistent ({lost or state}).")


def _into_postgresql(engine: Engine, reading: Reading, newest: bool, finish: Finish) -> None:
    with engine.connect() as connection, connection.begin():
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = {PATIENCE}")
        connection.exec_driver_sql("SET LOCAL TimeZone = 'UTC'")
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({schema.LOCK})")
        _clear(connection)
        schema.build(connection, reading.head.version)
        known = {table: columns(connection, table) for table in tables(connection)}
        with _without_rules(connection, known):
            for table in _fitting(reading, known):
                _copy(connection, table)
        for table_name, column, sequence in connection.exec_driver_sql(NUMBERED).all():
            highest = f'(SELECT max("{column}") FROM "{table_name}")'  # noqa: S608 - names from the database
            connection.exec_driver_sql(
                f"SELECT setval('{sequence}', coalesce({highest}, 1), {highest} IS NOT NULL)"
            )
        if newest:
            schema.build(connection, "head")
        names = ", ".join(f'"{name}"' for name in tables(connection))
        connection.exec_driver_sql(
            f"ANALYZE {names}"
        )  # else whatever is looked for is looked for in every row
        finish(connection)


def strange_functions(connection: Connection) -> list[str]:
    """The functions of others that a restore would take away with everything else."""
    if connection.dialect.name != "postgresql":
        return []  # functions do not stand in its file
    return list(connection.scalars(text(STRANGE_FUNCTIONS)))


def _clear(connection: Connection) -> None:
    for name in [*tables(connection), "alembic_version"]:
        connection.exec_driver_sql(f'DROP TABLE IF EXISTS "{name}" CASCADE')
    for function in connection.scalars(text(OWN_FUNCTIONS)).all():
        connection.exec_driver_sql(f"DROP FUNCTION {function} CASCADE")


@contextmanager
def _without_rules(connection: Connection, known: Iterable[str]) -> Iterator[None]:
    """Rows come in any order, also those that may no longer be added by hand; references are checked at the end."""
    keys = connection.exec_driver_sql(FOREIGN_KEYS).all()
    for table, name, _definition in keys:
        connection.exec_driver_sql(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
    for table in known:
        connection.exec_driver_sql(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
        connection.exec_driver_sql(f'TRUNCATE "{table}"')
    yield
    for table in known:
        connection.exec_driver_sql(f'ALTER TABLE "{table}" ENABLE TRIGGER USER')
    for table, name, definition in keys:
        connection.exec_driver_sql(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')


def _copy(connection: Connection, table: Table) -> None:
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f"COPY {_target(table)} FROM STDIN") as copy:
        for row in table.rows:
            copy.write_row(row)


def _fitting(reading: Reading, known: dict[str, list[str]]) -> Iterator[Table]:
    for table in reading.tables():
        if set(table.columns) != set(known.get(table.name, [])):
            raise BadBackup(f"This backup does not fit its version: see its table {table.name}.")
        yield table


def _target(table: Table) -> str:
    names = ", ".join(f'"{name}"' for name in table.columns)
    return f'"{table.name}" ({names})'
