"""A word that betrays somebody, in every column that may hold something of a person, and the search for it everywhere."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

from sqlalchemy import JSON, Column, Connection, Enum, LargeBinary, String, select, text

from app.db import Base
from app.security.secrets import contact_hash
from app.services.erasures.columns import covered
from tests.migrations import rows

WORD = "kanariepiet"
LOOKS = """
import pathlib, sys
files = (path for path in pathlib.Path(sys.argv[1]).rglob("*") if path.is_file())
for name in sorted(path.name for path in files if sys.argv[2].encode() in path.read_bytes().lower()):
    print(name)
"""
plain_value = rows.plain_value


def betraying(column: Column[Any], number: int) -> Any:
    """A value with the word in it for a column that a rule of erasing covers, else an ordinary one."""
    ordinary = plain_value(column, number)
    if (column.table.name, column.name) not in covered():
        return ordinary
    if isinstance(column.type, JSON):
        return {WORD: WORD, "criteria": [], "rules": []}
    if isinstance(column.type, LargeBinary):
        return WORD.encode()
    if isinstance(column.type, String) and not isinstance(column.type, Enum):
        return f"{WORD}{number}"[: column.type.length]
    return ordinary


def make_sense(connection: Connection) -> None:
    """What rows that were filled by rule must be, so that a person in them can be erased."""
    for statement in (
        # Each row of people is a buddy and a newcomer at once; a duo with oneself has ended.
        "UPDATE duo SET state = 'ended'",
        "UPDATE audit_entry SET at = '2020-01-01 00:00:00+00:00'",  # the log of an invented world
        "UPDATE look_back SET side = 'newcomer'",
        "UPDATE retention_rule SET days = 3660, since = '2026-01-01' WHERE kind = 'audit'",
        "UPDATE newcomer SET records_emptied_at = NULL",
        "UPDATE person SET erased_at = NULL, demo = false",
    ):
        connection.execute(text(statement))


def name(connection: Connection, person_id: int, email: str) -> None:
    """Give a person a name and an address with the word, and block that address."""
    person = {"name": f"Piet {WORD}", "email": email, "id": person_id}
    connection.execute(
        text("UPDATE person SET full_name = :name, email = :email, email_canonical = :email WHERE id = :id"), person
    )  # fmt: skip
    connection.execute(
        text("UPDATE block SET email_hash = :hash WHERE id = :id"), {"hash": contact_hash(email), "id": person_id}
    )  # fmt: skip


def found_in_rows(connection: Connection, word: str = WORD) -> set[tuple[str, str]]:
    """(table, column) of every value in the whole database in which the word still stands."""
    held: set[tuple[str, str]] = set()
    for table in Base.metadata.sorted_tables:
        for row in connection.execute(select(table)).mappings():
            held |= {(table.name, key) for key, value in row.items() if word in repr(value).lower()}
    return held


def found_in_files(folder: Path, word: str = WORD) -> list[str]:
    """The names of the files under a folder in which it stands.

    Another process reads them: to close a file here lets go of all locks that SQLite holds on it in this process, and
    whoever opens the database next cuts off the index that is in use (POSIX locks).
    """
    asked = [sys.executable, "-c", LOOKS, str(folder), word]
    return subprocess.run(asked, capture_output=True, text=True, check=True).stdout.splitlines()
