"""Migrations with one of their guards taken away on purpose, to see that a test would notice.

The hooks hang on the engine, so that the code of the site runs as it is.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from multiprocessing.synchronize import Barrier
from threading import BrokenBarrierError
from typing import Any, Final

from sqlalchemy import Connection, Engine, event

from app import schema

UNLOCKED: Final = {"BEGIN IMMEDIATE": "BEGIN", "SELECT pg_advisory_xact_lock": "SELECT abs"}


def without_transaction(engine: Engine) -> None:
    """Let every statement be stored at once, as if no transaction were around the steps."""

    @event.listens_for(engine, "after_cursor_execute")
    def store(connection: Connection, *_others: object) -> None:
        driver: Any = connection.connection.driver_connection
        driver.commit()


def without_lock(engine: Engine) -> None:
    """Let a start begin while another one is under way, and not begin anew when it is held up. For a program of its own."""
    setattr(schema, "HELD_UP", ())  # noqa: B010 - it is final to everybody else

    @event.listens_for(engine, "before_cursor_execute", retval=True)
    def open_(
        _connection: Connection, _cursor: object, statement: str, values: object, *_others: object
    ) -> object:
        for lock, instead in UNLOCKED.items():
            if statement.startswith(lock):
                return statement.replace(lock, instead, 1), values
        return statement, values


def meet(engine: Engine, barrier: Barrier, seconds: float) -> None:
    """Before the first table is made, wait for the other start, but not for ever: with a lock it cannot come."""
    met = False

    @event.listens_for(engine, "before_cursor_execute")
    def wait(_connection: Connection, _cursor: object, statement: str, *_others: object) -> None:
        nonlocal met
        if met or not statement.lstrip().startswith("CREATE TABLE"):
            return
        met = True
        with suppress(BrokenBarrierError):
            barrier.wait(seconds)


WEAKNESSES: Final[dict[str, Callable[[Engine], None]]] = {
    "": lambda _engine: None,
    "no transaction": without_transaction,
    "no lock": without_lock,
}
