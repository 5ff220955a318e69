"""How many statements a piece of work sends to the database."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from app import db

NO_WORK = ("SAVEPOINT", "RELEASE", "BEGIN", "PRAGMA")


@contextmanager
def statements() -> Iterator[list[str]]:
    """The statements sent inside the block, without what only begins or ends transactions."""
    sent: list[str] = []

    def note(_connection, _cursor, statement, *_more):
        if not statement.startswith(NO_WORK):
            sent.append(statement)

    engine = db.engine()
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)
