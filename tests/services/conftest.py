"""What tests of services in several modules begin with."""

import shutil
import uuid

import psycopg
import pytest

from app import db
from app.extensions import queue
from app.services import network_programmes
from app.services.backups import envelope
from tests.activity_lists import Desk
from tests.backups import make
from tests.database import postgresql_address
from tests.two_programmes import FAMILIES, NETWORK


@pytest.fixture
def desk(site):
    """A coordinator at work with lists of activities."""
    return Desk()


@pytest.fixture
def no_worker(monkeypatch):
    """Jobs stay in the queue, as they do when the worker is away."""
    asked = []
    monkeypatch.setattr(queue, "put", lambda *job: asked.append(job))
    return asked


@pytest.fixture
def families(coordinator):
    """A second programme of the network of the module's `coordinator`."""
    return network_programmes.make_programme(coordinator, NETWORK, FAMILIES)


@pytest.fixture(scope="module")
def quick_keys():
    """Keys in tests are made by the same algorithm at a low cost."""
    before, envelope.COST = envelope.COST, 2**4
    yield
    envelope.COST = before


@pytest.fixture(scope="module")
def original(database_kind, request):
    """The address of a database with three rows in every table, which is copied for each test."""
    if database_kind == "sqlite":
        url = (
            f"sqlite:///{request.getfixturevalue('tmp_path_factory').mktemp('original') / 'original.sqlite3'}"
        )
        make(url)
        yield url
        return
    server = request.getfixturevalue("postgresql_server")
    name = f"original_{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
        make(postgresql_address(server, name, "postgresql+psycopg"))
        yield name
        admin.execute(f'DROP DATABASE "{name}"')


@pytest.fixture
def full(database_kind, original, tmp_path, request):
    """A database of its own with three rows in every table."""
    if database_kind == "sqlite":
        shutil.copy(original.removeprefix("sqlite:///"), tmp_path / "full.sqlite3")
        engine = db.connect(f"sqlite:///{tmp_path / 'full.sqlite3'}")
        yield engine
        engine.dispose()
        return
    server = request.getfixturevalue("postgresql_server")
    name = f"full_{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{original}"')
        engine = db.connect(postgresql_address(server, name, "postgresql+psycopg"))
        yield engine
        engine.dispose()
        admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def place(tmp_path):
    """An empty place for an embedded database."""
    engine = db.connect(f"sqlite:///{tmp_path / 'place.sqlite3'}")
    yield engine
    engine.dispose()
