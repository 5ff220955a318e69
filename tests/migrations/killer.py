"""A program that brings a database up to date and is killed in the middle, as often as it is asked to.

Each line of input is the number of a statement; a copy of this program starts the migration and is killed
(SIGKILL) right before that statement. The answer is `killed`, or `done` when there were fewer statements.
"""

import os
import signal
import sys

from sqlalchemy import event

from app import db, schema


def upgrade_until(url: str, statement: int) -> None:
    """Migrate, and die before that statement."""
    engine = db.connect(url)
    seen = 0

    @event.listens_for(engine, "before_cursor_execute")
    def count(*_arguments: object) -> None:
        nonlocal seen
        seen += 1
        if seen == statement:
            os.kill(os.getpid(), signal.SIGKILL)

    schema.upgrade(engine)


def main(url: str) -> None:
    """Answer every line."""
    for line in sys.stdin:
        copy = os.fork()
        if copy == 0:
            upgrade_until(url, int(line))
            os._exit(0)
        _, status = os.waitpid(copy, 0)
        print("killed" if os.WIFSIGNALED(status) else "done", flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
