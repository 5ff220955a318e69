"""Backups: the whole database at one moment in one file, for either database, checked when it is written.

A backup is read in one snapshot, so people go on working. It is put back only on an empty place, or on another one by
an explicit word; then nobody is signed in, no mail goes out a second time, and who was erased since is erased again.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO, Final

from sqlalchemy import Connection, DateTime, Engine, String, column, literal, select, table
from sqlalchemy.sql.expression import TableClause

from app import db, schema
from app.clock import now
from app.services.backups import contents, erased, loading, rows
from app.services.backups.contents import Head
from app.services.backups.envelope import BadBackup
from app.services.backups.leftovers import ENDING, PART, sweep
from app.vocabulary.records import Channel, MessageState

__all__ = ["ENDING", "BadBackup", "Restored", "check", "forget", "release_mail", "restore", "write"]

HELD: Final = "held after a restore"
# Not the models: a backup may be put back in an older version of the tables.
MESSAGE: Final[TableClause] = table(
    "message", column("channel", String), column("state", String), column("failure", String), column("text", String),
    column("next_try_at", DateTime(timezone=True)),
)  # fmt: skip
SIGN_IN: Final[TableClause] = table("sign_in", column("ended_at", DateTime(timezone=True)))


@dataclass(frozen=True)
class Restored:
    """What a restore did: rows of each table, mails held back, people erased again, how many could not be, other secret."""

    counts: dict[str, int]
    held: int
    erased: int
    left: int
    other_secret: bool


def write(engine: Engine, path: Path, *, key: str, secret_key: str) -> dict[str, int]:
    """Write a backup of the whole database to a new file, read it again to be sure, and tell the rows of each table.

    With a `key` it is sealed. The file gets its name when it is whole. Raises BadBackup or OSError when it is not.
    """
    if path.exists():
        raise BadBackup(f"{path} is there already: a backup never overwrites another.")
    sweep(path.parent)
    new = path.with_name(f"{path.name}{PART}")
    with _opened_for_us(new) as file:
        with rows.snapshot(engine) as connection:
            head = Head(_made(), _version(connection), _mark(secret_key))
            counts = contents.write(file, connection, head, key)
        file.flush()
        os.fsync(file.fileno())
        if check(new, key=key) != counts:
            raise BadBackup("What was written is not what was read: is the disk in order?")
        new.rename(path)
    erased.keep_beside(engine, path.parent)
    return counts


def check(path: Path, *, key: str) -> dict[str, int]:
    """Read a backup to its end; the rows of each table. Raises BadBackup when anything of it is missing or changed."""
    with _opened(path, key) as reading:
        for one in reading.tables():
            for _row in one.rows:
                pass
        return reading.counts


def restore(
    engine: Engine,
    path: Path,
    *,
    key: str,
    secret_key: str,
    folder: Path,
    replace: bool = False,
    newest: bool = True,
) -> Restored:
    """Put a backup back, in the newest version of the tables or in its own; `folder` keeps the list of the erased.

    Raises BadBackup when people, or things of others, are in the database and `replace` does not say that they may go.
    """
    found = None if replace else _found(engine)
    if found is not None:
        raise BadBackup(f"There {found} in this database: say --replace when all of it may be overwritten.")
    sweep(path.parent)
    check(path, key=key)
    stones = erased.known(engine, {folder, path.parent})
    erased.remember(stones, folder)  # also those who cannot be erased again before the tables are newer
    held = again = left = 0

    def finish(connection: Connection) -> None:
        nonlocal held, again, left
        held = _settle(connection)
        if newest:
            again, left = erased.erase_again(connection, stones)

    with _opened(path, key) as reading:
        loading.load(engine, reading, newest=newest, finish=finish)
        return Restored(reading.counts, held, again, left, reading.head.secret != _mark(secret_key))


def release_mail(engine: Engine) -> int:
    """Let the mails go out after all that a restore has held back; returns how many."""
    with engine.begin() as connection:
        kept = MESSAGE.c.text != ""  # of others the words and the address are no longer here
        freed = MESSAGE.update().where(MESSAGE.c.failure == HELD, kept)
        return connection.execute(freed.values(state=MessageState.QUEUED.value, failure="")).rowcount


def forget(folder: Path, *, days: int) -> int:
    """Remove the backups of that folder that are older than so many days, and what was left half; returns how many."""
    sweep(folder)
    limit = (now() - timedelta(days=days)).timestamp()
    old = [path for path in folder.glob(f"*{ENDING}") if path.stat().st_mtime < limit]
    for path in old:
        path.unlink()
    return len(old)


def _settle(connection: Connection) -> int:
    """Nobody is signed in, and mails that were waiting may have gone out since: they are held, visible to administrators."""
    connection.execute(
        SIGN_IN.update().where(SIGN_IN.c.ended_at.is_(None)).values(ended_at=_instant(connection))
    )
    waiting = (
        (MESSAGE.c.channel == Channel.MAIL.value) & (MESSAGE.c.state == MessageState.QUEUED.value)
        & (MESSAGE.c.next_try_at <= _instant(connection))
    )  # fmt: skip
    held = MESSAGE.update().where(waiting).values(state=MessageState.FAILED.value, failure=HELD)
    return connection.execute(held).rowcount


def _instant(connection: Connection) -> datetime:
    return now() if connection.dialect.name == "postgresql" else now().replace(tzinfo=None)


def _found(engine: Engine) -> str | None:
    """What a restore would destroy: people, or something that is not of this site. None: the place is empty."""
    with engine.connect() as connection:
        there = rows.tables(connection)
        people = select(literal(1)).select_from(table("person")).limit(1)
        if "person" in there and connection.execute(people).first():
            return "are people"
        strange = [name for name in there if name not in db.Base.metadata.tables]
        strange += loading.strange_functions(connection)
        if not strange and not schema.is_ours(schema.version_seen(connection)):
            strange = there  # by their names alone they could be of this site
        return f"is something else ({strange[0]})" if strange else None


def _version(connection: Connection) -> str:
    found = schema.version_seen(connection)
    if found is None:
        raise BadBackup("There are no tables in this database: there is nothing to keep.")
    return found


def _made() -> str:
    return now().isoformat(timespec="seconds")


def _mark(secret_key: str) -> str:
    """Tells one secret from another and nothing else: personal codes only work with the secret they were made with."""
    return hashlib.blake2b(secret_key.encode(), person=b"backup", digest_size=8).hexdigest()


@contextmanager
def _opened_for_us(new: Path) -> Iterator[BinaryIO]:
    """A file that nobody else reads or is writing already; when something fails it is gone."""
    try:
        handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise BadBackup(
            f"{new} is there: a backup is being written, or was broken off and can be removed."
        ) from error
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
    except BaseException:
        new.unlink(missing_ok=True)
        raise


@contextmanager
def _opened(path: Path, key: str) -> Iterator[contents.Reading]:
    reading = contents.Reading(path, key)
    try:
        yield reading
    finally:
        reading.close()
