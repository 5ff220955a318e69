"""B8 and item 77: the disk is full (database, queue, log and the folder for what is sent), then has space again."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
from sqlalchemy import text

from tests.database import postgresql_address
from tests.soak.clusters import Cluster
from tests.soak.served import Served, served
from tests.soak.troubled import Trouble, troubled

SIZE = "320m"  # more than a site wants to be free before it calls itself ready
FULL_SECONDS = 8.0
READ = 0.99


def measure() -> tuple[str, bool]:
    """Fill the disk under load on each kind of database: figures, and whether they are kept."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        found = {"SQLite": everything_full(Path(folder)), "PostgreSQL": tables_full(Path(folder))}
    words = "; ".join(f"{kind}: {one.words()}" for kind, one in found.items())
    return words, all(one.kept(READ) for one in found.values())


def everything_full(folder: Path) -> Trouble:
    """A site whose whole folder lies on a small disk: database, queue, log and temporary files."""
    with small_disk(folder / "small") as disk, served("SQLite", disk, TMPDIR=str(disk)) as site:
        return _filled(site, disk)


def tables_full(folder: Path) -> Trouble:
    """A PostgreSQL whose tables lie on a small disk; its log of writes has a disk of its own."""
    with small_disk(folder / "tables") as disk, Cluster(folder / "server") as cluster:
        if cluster.server.system_user:
            shutil.chown(disk, cluster.server.system_user)
        with psycopg.connect(cluster.uri, autocommit=True) as admin:
            admin.execute(f"CREATE TABLESPACE small LOCATION '{disk}'")
            admin.execute("CREATE DATABASE site TEMPLATE template0 TABLESPACE small")
        url = postgresql_address(cluster.uri, "site", "postgresql+psycopg")
        try:
            with served("PostgreSQL", folder / "postgresql", DATABASE_URL=url) as site:
                return _filled(site, disk)
        finally:
            with psycopg.connect(cluster.uri, autocommit=True) as admin:
                admin.execute("DROP DATABASE site WITH (FORCE)")
                admin.execute("DROP TABLESPACE small")


def _filled(site: Served, disk: Path) -> Trouble:
    ballast = disk / "ballast"

    def begin() -> None:
        fill(ballast)
        long_unseen(site)

    return troubled(site, begin, ballast.unlink, FULL_SECONDS)


def fill(ballast: Path) -> None:
    """Write until nothing fits any more, not even a little."""
    with ballast.open("wb", buffering=0) as file:
        for size in (1 << 20, 1 << 12, 1 << 9):
            with suppress(OSError):
                while True:
                    file.write(b"\0" * size)


def long_unseen(site: Served) -> None:
    """Everybody was last seen long ago, so that each page would like to write that down."""
    engine = site.engine()
    with suppress(Exception), engine.connect() as connection, connection.begin():  # where it fits no more
        connection.execute(text("UPDATE sign_in SET seen_at = created_at"))
    engine.dispose()


@contextmanager
def small_disk(place: Path) -> Iterator[Path]:
    """A disk of its own with little space. Raises CalledProcessError where nobody may mount one."""
    place.mkdir(parents=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=755", "tmpfs", place], check=True)
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", place], check=False)
