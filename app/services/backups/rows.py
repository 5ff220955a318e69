"""The rows of every table in one form for both databases: what SQLite keeps, so that a backup of one fits the other.

Instants are UTC as `2026-03-02 17:45:00.000000`, days as `2026-03-02`, yes and no as 1 and 0, JSON as its text.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import Connection, Engine, inspect

VERSIONS: Final = "alembic_version"
AT_ONCE: Final = 1000
# How PostgreSQL says a value of that type in the common form; any other type is a mistake that a test finds.
PLAIN: Final = frozenset({"int2", "int4", "int8", "float8", "varchar", "text", "bytea"})
SAID: Final = {
    "bool": "{0}::int",
    "date": "to_char({0}, 'YYYY-MM-DD')",
    "timestamptz": "to_char({0} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')",
    "json": "{0}::text",
}
COLUMNS: Final = """
SELECT column_name, udt_name FROM information_schema.columns
WHERE table_schema = current_schema() AND table_name = %s ORDER BY ordinal_position
"""


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """A connection that sees the database as it is at one moment, whatever is written meanwhile; it holds nobody up."""
    with engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection = connection.execution_options(  # noqa: PLW2901 - the same one, with its kind of BEGIN
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
        with connection.begin():
            yield connection


def tables(connection: Connection) -> list[str]:
    """The names of all tables with rows of ours, sorted."""
    return sorted(name for name in inspect(connection).get_table_names() if name != VERSIONS)


def columns(connection: Connection, table: str) -> list[str]:
    """The names of the columns of a table, in its own order."""
    return [column["name"] for column in inspect(connection).get_columns(table)]


def rows_of(connection: Connection, table: str, names: list[str]) -> Iterator[list[Any]]:
    """Every row of that table in the common form."""
    said = _said(connection, table) if connection.dialect.name == "postgresql" else {}
    what = ", ".join(said.get(name, f'"{name}"') for name in names)
    streaming = connection.execution_options(stream_results=True, yield_per=AT_ONCE)
    with streaming.exec_driver_sql(f'SELECT {what} FROM "{table}"') as found:  # noqa: S608 - names from the database
        for row in found:
            yield list(row)


def _said(connection: Connection, table: str) -> dict[str, str]:
    kinds = connection.exec_driver_sql(COLUMNS, (table,)).all()
    return {name: SAID[kind].format(f'"{name}"') for name, kind in kinds if kind not in PLAIN}
