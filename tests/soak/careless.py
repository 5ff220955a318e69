"""A site that answers before it has stored: what the measurement of B3 has to see.

`python -m tests.soak.careless` starts it as `python -m app.serve` starts the real one.
"""

from __future__ import annotations

import sys
from threading import Timer

from sqlalchemy.orm import Session

from app import db, door, serve
from app.config import Settings

LATE = 1.0  # seconds between the answer and the commit


class LateSession(Session):
    """A session that stores what is committed a moment after it was closed."""

    late = False

    def commit(self) -> None:
        """Say that it is stored."""
        self.flush()
        self.late = True

    def rollback(self) -> None:
        """Store what was said to be stored, else forget."""
        if self.late:
            self.late = False
            super().commit()
        else:
            super().rollback()

    def close(self) -> None:
        """Store it later, when the answer is out."""
        if not self.late:
            super().close()
            return
        self.late = False
        timer = Timer(LATE, self._store)
        timer.daemon = True
        timer.start()

    def _store(self) -> None:
        super().commit()
        super().close()


def build() -> door.Door:
    """The careless site, made when the web server asks for it."""
    db.Session = LateSession  # type: ignore[misc]
    return door.build()


def main() -> int:
    """Serve the careless site."""
    real = serve.commands

    def careless(settings: Settings) -> tuple[serve.Child, serve.Child]:
        web, worker = real(settings)
        web.command[-1] = "tests.soak.careless:build"
        return web, worker

    serve.commands = careless
    return serve.main()


if __name__ == "__main__":
    sys.exit(main())
