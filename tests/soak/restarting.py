"""B4 and item 76: the database restarts, or somebody else holds its file, while people work."""

from __future__ import annotations

import sqlite3
import tempfile
from pathlib import Path

from tests.database import postgresql_address
from tests.soak.clusters import Cluster
from tests.soak.figures import together
from tests.soak.served import served
from tests.soak.troubled import Trouble, troubled

HELD_SECONDS = 10.0  # from the first refusal on
DOWN_SECONDS = 3.0
RESTARTS = 2


def measure() -> tuple[str, bool]:
    """Let the server crash and come back under load, and hold the file of the embedded database: figures, and whether kept."""
    with tempfile.TemporaryDirectory() as folder:
        found = {
            f"PostgreSQL, crash {number} of the server": one
            for number, one in enumerate(server_restarts(Path(folder), RESTARTS), 1)
        }
        found["SQLite, file held by another"] = file_held(Path(folder), HELD_SECONDS)
        return together(found)


def server_restarts(folder: Path, times: int) -> list[Trouble]:
    """A PostgreSQL that crashes (`immediate`) under load, is away for a while, and repairs itself."""
    with Cluster(folder / "server") as cluster:
        url = postgresql_address(cluster.make("site"), "site", "postgresql+psycopg")
        with served("PostgreSQL", folder / "postgresql", DATABASE_URL=url) as site:
            return [troubled(site, cluster.stop, cluster.start, DOWN_SECONDS) for _ in range(times)]


def file_held(folder: Path, seconds: float) -> Trouble:
    """An SQLite file whose writing lock another program holds."""
    with served("SQLite", folder / "sqlite") as site:
        other = sqlite3.connect(
            site.database.removeprefix("sqlite:///"),
            isolation_level=None,
            timeout=30,
            check_same_thread=False,
        )
        try:
            return troubled(
                site, lambda: other.execute("BEGIN IMMEDIATE"), lambda: other.execute("ROLLBACK"), seconds
            )
        finally:
            other.close()
