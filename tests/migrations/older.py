"""What the code of the version before a step would meet after it: its tables, its columns, its rows, its writes."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Connection, Engine, Insert, MetaData, Table, Update, insert, select, update
from sqlalchemy.exc import DBAPIError

from app import db, schema
from tests.migrations.steps import STEPS, VERSIONS

Rows = dict[str, list[dict[str, Any]]]
MODULES = {
    step.revision: step.module
    for step in schema.ScriptDirectory.from_config(schema.config()).walk_revisions()
}
BEFORE_THE_RULE: dict[str, str] = {
    "0010": "a contract got its kind and the day of its rules, which nobody but the new code could give",
    "0013": "what was decided can no longer be changed, which older code never did",
    "0016": "weeks of a network and the way of a registration became columns that must be given",
    "0017": "the one note of staff about a person became a table of notes",
    "0018": "weeks after which a buddy is asked, and when a buddy was heard, must be given",
    "0019": "a programme got its own settings, and a plan its programme",
    "0021": "an activity got several moments and interests instead of one, and its organisation an address",
    "0026": "of a device only its kind is kept: what its browser told is forgotten on purpose",
}
"""Steps that take something away, with the reason: all were made before a first version was in use anywhere."""


@dataclass(frozen=True)
class Met:
    """What older code would meet: what is not there any more or must be given, rows it reads otherwise, writes refused."""

    changes: list[str]
    reads: list[str]
    writes: list[str]

    def __bool__(self) -> bool:
        """Whether there is anything that it could not go on with."""
        return bool(self.changes or self.reads or self.writes)


def surprises(full: Engine, place: Engine, steps: Iterable[str]) -> list[str]:
    """Go down these steps, the last one first, and tell of each that meets older code otherwise than it says."""
    met = ((step, meeting(full, place, step)) for step in sorted(steps, reverse=True))
    return [words for step, found in met if (words := surprise(step, found))]


def surprise(step: str, met: Met) -> str:
    """What is wrong with a step: it takes away without saying so, or says so and does not; '' for nothing."""
    said = BEFORE_THE_RULE.get(step) or getattr(MODULES[step], "CONTRACT", "")
    if said:
        return "" if met else f"{step} takes nothing away, though it says: {said}"
    found = [
        *met.changes, *(f"{name} is read otherwise" for name in met.reads), *(f"{name} is not written" for name in met.writes),
    ]  # fmt: skip
    return f"{step} {', '.join(found)}" if found else ""


def meeting(full: Engine, place: Engine, step: str) -> Met:
    """What the code before `step` meets after it; both databases come from that step and end before it.

    `full` has rows, `place` has none but those of the steps themselves.
    """
    before = STEPS[STEPS.index(step) - 1]
    schema.downgrade(full, before)
    known = seen(full)
    with full.connect() as connection:
        rows = read(connection, known)
    schema.upgrade(full, step)
    changes = changed(known, seen(full))
    with full.connect() as connection:
        reads = [name for name, found in read(connection, known).items() if found != rows[name]]
    schema.downgrade(full, before)
    after = refused(place, known, rows)
    schema.downgrade(place, before)
    always = refused(place, known, rows)
    return Met(changes, reads, [name for name in after if name not in always])


def seen(engine: Engine) -> MetaData:
    """All tables as they are in the database: what code of this version knows of them."""
    found = MetaData()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # indexes of expressions are not looked at
        found.reflect(engine)
    found.remove(found.tables[VERSIONS])
    return found


def read(connection: Connection, known: MetaData) -> Rows:
    """Every row of every table in the columns that are known; none where they cannot be read."""
    found: Rows = {}
    for table in known.tables.values():
        try:
            with connection.begin_nested():
                rows = connection.execute(select(table).order_by(*table.primary_key)).mappings()
                found[table.name] = [dict(row) for row in rows]
        except DBAPIError:
            found[table.name] = []
    return found


def refused(place: Engine, known: MetaData, rows: Rows) -> list[str]:
    """Write and change these rows as code that knows no more than `known`, in an empty database; the tables that refuse."""
    filled = [table for table in known.tables.values() if rows[table.name]]
    with place.connect().execution_options(**{db.WRITE: True}) as connection, connection.begin() as all_of_it:
        _rows_in_any_order(connection)
        for table in seen(place).tables.values():
            connection.execute(table.delete())
        found = [table.name for table in filled if not _done(connection, insert(table), rows[table.name])]
        _guarded_again(connection)
        found += [
            table.name
            for table in filled
            if table.name not in found and not _done(connection, _as_it_is(table))
        ]
        all_of_it.rollback()
    return found


def _rows_in_any_order(connection: Connection) -> None:
    """References are not looked at yet; on PostgreSQL this turns off the guards of the tables for a while."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
    else:
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")


def _guarded_again(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL session_replication_role = origin")


def _as_it_is(table: Table) -> Update:
    """Change every row into what it is; a guard does not ask what is changed."""
    columns = [column for column in table.columns if not column.primary_key] or list(table.columns)
    return update(table).values({column: column for column in columns})


def _done(connection: Connection, act: Insert | Update, rows: list[dict[str, Any]] | None = None) -> bool:
    try:
        with connection.begin_nested():
            connection.execute(act, rows)
    except DBAPIError:
        return False
    return True


def changed(before: MetaData, after: MetaData) -> list[str]:
    """What a step takes away from code that knows `before`, by what stands in the tables: one line each."""
    found = [f"{name} is gone" for name in before.tables if name not in after.tables]
    for name, older in before.tables.items():
        if name in after.tables:
            found += [f"{name}.{words}" for words in _of_columns(older, after.tables[name])]
    return found


def _of_columns(older: Table, newer: Table) -> list[str]:
    found = [f"{column.name} is gone" for column in older.columns if column.name not in newer.columns]
    for column in newer.columns:
        before = older.columns.get(column.name)
        if before is None:
            if not column.nullable and column.server_default is None:
                found.append(f"{column.name} is new and must be given")
        elif before.nullable and not column.nullable:
            found.append(f"{column.name} must be given")
        elif _narrower(before, column):
            found.append(f"{column.name} takes less")
    return found


def _narrower(before: Column[Any], after: Column[Any]) -> bool:
    if before.type._type_affinity is not after.type._type_affinity:
        return True
    longest, now = (getattr(column.type, "length", None) for column in (before, after))
    return now is not None and (longest is None or now < longest)
