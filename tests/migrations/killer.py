"""A program that brings a database up to date: killed in the middle, or twice at once, as often as it is asked to.

Each line of input is an order, with the guard that is to be taken away for it, if any (tests/migrations/weakened.py):

- the number of a statement: a copy of this program starts the migration and is killed (SIGKILL) right before that
  statement. The answer is `killed`, or `done` when there were fewer statements.
- `two`: two copies start together. The answer is `True` or `False` for each: whether it ended well.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections.abc import Callable

from sqlalchemy import Engine, event

from app import db, schema
from tests.migrations.weakened import WEAKNESSES, meet

MEET_SECONDS = {"": 0.5, "no lock": 30.0}


def copied(work: Callable[[], object]) -> int:
    """A copy of this program that does that work and ends: 0 when it went well."""
    copy = os.fork()
    if copy:
        return copy
    code = 1
    try:
        work()
        code = 0
    finally:
        os._exit(code)


def upgrade(url: str, weakness: str, prepare: Callable[[Engine], None]) -> None:
    """Migrate, without that guard, after something more was done to the engine."""
    engine = db.connect(url)
    WEAKNESSES[weakness](engine)
    prepare(engine)
    schema.upgrade(engine)


def upgrade_until(url: str, statement: int, weakness: str) -> None:
    """Migrate, and die before that statement."""
    seen = 0

    def prepare(engine: Engine) -> None:
        @event.listens_for(engine, "before_cursor_execute")
        def count(*_arguments: object) -> None:
            nonlocal seen
            seen += 1
            if seen == statement:
                os.kill(os.getpid(), signal.SIGKILL)

    upgrade(url, weakness, prepare)


def two(url: str, weakness: str) -> list[bool]:
    """Migrate twice at once; whether each ended well."""
    barrier = multiprocessing.get_context("fork").Barrier(2)

    def work() -> None:
        upgrade(url, weakness, lambda engine: meet(engine, barrier, MEET_SECONDS[weakness]))

    copies = [copied(work) for _ in range(2)]
    return [os.waitpid(copy, 0)[1] == 0 for copy in copies]


def main(url: str) -> None:
    """Answer every line."""
    for line in sys.stdin:
        order, _, weakness = line.strip().partition(" ")
        if order == "two":
            print(*two(url, weakness), flush=True)
            continue
        statement = int(order)
        copy = copied(lambda statement=statement, weakness=weakness: upgrade_until(url, statement, weakness))
        _, status = os.waitpid(copy, 0)
        print("killed" if os.WIFSIGNALED(status) else "done", flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
