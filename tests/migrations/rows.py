"""A row in every table, made from the tables themselves, so that a new table is in the tests from its first day."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Date,
    DateTime,
    Enum,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    select,
)
from sqlalchemy.types import JSON

from app.db import Base, UtcDateTime
from app.models import Person

METADATA: MetaData = Base.metadata
# What the check constraints of a table ask for beyond the kind of each column; {n} is the number of the row.
SPECIAL: dict[str, dict[str, Any]] = {
    "buddy": {"capacity": 1, "places_taken": 0},
    "contact_person": {"email": "contact{n}@example.org"},
    "erasure": {"taken_back_at": None},
    "exemption_rule": {"least_months": 3},
    "hour_entry": {
        "minutes": 60,
        "reverses_id": None,
        "starts_at": datetime(2026, 3, 2, 18, tzinfo=UTC),
        "ends_at": datetime(2026, 3, 2, 19, tzinfo=UTC),
    },
    "intake_talk": {"newcomer_id": None},
    "loan": {"from_slug": "limburg", "to_slug": "kempen", "answered_by_id": None},
    "gathering": {"minutes": 90},
    "offer": {"state": None, "places": 3, "places_taken": 1, "waiting_taken": 0},
    "organisation": {"refused_at": None},
    "loan_request": {"state": "declined", "by_slug": "limburg", "to_slug": "kempen", "answered_by_id": None},
    "network": {"call_within_days": 7, "duo_silent_weeks": 4, "check_in_weeks": 8, "buddy_ask_weeks": 8},
    "programme": {
        "network_slug": None,
        "months": 9,
        "weeks_between": 1,
        "refused_months": 3,
    },
    "proposal": {"score": 500_000},
    "retention_rule": {"days": 40},
    "role_grant": {
        "role": "administrator",
        "network_slug": None,
        "agency_slug": None,
        "organisation_id": None,
    },
    "run": {"state": "done"},
    "screening_rule": {"months": 24},
    "volunteer_call": {"waiting": 7, "closed_at": None},
    "term_rule": {"longest_months": 72},
    "training": {"minutes": 120},
}
assert Person.metadata is METADATA


def fill(connection: Connection, count: int = 1) -> None:
    """Put `count` rows into every table, those that others point to first."""
    for table in METADATA.sorted_tables:
        known = {key: connection.scalars(select(key)).all() for key in targets(table)}
        rows = [row(table, number, known) for number in range(1, count + 1)]
        connection.execute(table.insert(), rows)


def targets(table: Table) -> set[Column[Any]]:
    """The columns of other tables that this one points to."""
    return {key.column for key in table.foreign_keys if key.column.table is not table}


def row(table: Table, number: int, known: dict[Column[Any], Any]) -> dict[str, Any]:
    """One row: every column filled, unless it may be empty and points into its own table."""
    values = {
        column.name: value(column, number, known) for column in table.columns if not is_numbered(column)
    }
    special = {
        name: given.format(n=number) if isinstance(given, str) else given
        for name, given in SPECIAL.get(table.name, {}).items()
    }
    return {**values, **special}


def is_numbered(column: Column[Any]) -> bool:
    """Whether the database gives the value by counting."""
    return (
        column.primary_key
        and isinstance(column.type, Integer)
        and not column.foreign_keys
        and column.autoincrement is not False
    )


def value(column: Column[Any], number: int, known: dict[Column[Any], Any]) -> Any:
    """A value that the column takes; different in every row where it is a text or a number."""
    for key in column.foreign_keys:
        if key.column.table is column.table:
            return None
        found = known[key.column]
        return found[-number % len(found)]
    return plain_value(column, number)


def plain_value(column: Column[Any], number: int) -> Any:
    """A value for a column that points nowhere."""
    kind = column.type
    if isinstance(kind, Enum):
        return kind.enums[0]
    if isinstance(kind, JSON):
        return {"number": number}
    if isinstance(kind, LargeBinary):
        return b"%d" % number
    if isinstance(kind, Boolean):
        return True
    if isinstance(kind, (UtcDateTime, DateTime)):
        return datetime(2026, 3, 2, 12, tzinfo=UTC)
    if isinstance(kind, Date):
        return date.fromordinal(date(2026, 3, 2).toordinal() + number)
    if isinstance(kind, (Integer, Float)):
        return number
    return f"{column.name[:20]} {number}"[: getattr(kind, "length", None)]


def counts(connection: Connection) -> dict[str, int]:
    """How many rows each table of ours has."""
    return {table.name: len(connection.execute(select(table)).all()) for table in METADATA.sorted_tables}
