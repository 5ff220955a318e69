"""Fixtures of the whole site: an application on a fresh database, and browsers that are signed in."""

from collections.abc import Callable, Iterator
from contextvars import Context
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from app import create_app, db, logs
from app.config import Settings
from app.extensions import csrf, limiter, login_manager, queue, talisman
from app.models import Person
from app.security import passwords
from app.services import accounts
from tests.client import Client

SECRET = "for-tests-only-0123456789-abcdefghij"


@pytest.fixture(scope="session", autouse=True)
def quick_hashes() -> None:
    """Passwords in tests are hashed by the same algorithm at its lowest cost."""
    passwords._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.fixture(scope="session")
def site_for() -> Callable[[str], Flask]:
    """The application for a database; made once per address."""
    made: dict[str, Flask] = {}

    def make(url: str) -> Flask:
        if url not in made:
            made[url] = create_app(
                Settings(
                    secret_key=SECRET,
                    database_url=url,
                    testing=True,
                    pseudo=True,
                    base_url="http://localhost",
                )
            )
        return made[url]

    return make


@pytest.fixture(scope="session")
def engine_for() -> Iterator[Callable[[str], Engine]]:
    """The engine of a database, made once per address: every statement is put into words once, not in each test."""
    made: dict[str, Engine] = {}

    def make(url: str) -> Engine:
        if url not in made:
            made[url] = db.connect(url)
        return made[url]

    yield make
    for engine in made.values():
        engine.dispose()


@pytest.fixture
def site(
    fresh_database: str, site_for: Callable[[str], Flask], engine_for: Callable[[str], Engine]
) -> Iterator[Flask]:
    """The application on a fresh database, with its context open for factories and services."""
    app = site_for(fresh_database)
    engine = engine_for(fresh_database)
    db.bind(engine)
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        yield app
        db.release()
    if db._engine is not engine:
        db.bind(None)  # a test that built another application; its connections end with it
    db._engine = None  # not bind(None), which would close the connections that the next test uses


@pytest.fixture
def another_site(site: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Settings], Flask]]:
    """Makes applications beside `site`; queue and log stay those of `site`, and what all share is as before."""
    monkeypatch.setattr(queue, "bind", lambda *_: None)
    monkeypatch.setattr(logs, "begin", lambda: None)
    shared = [(one, dict(vars(one))) for one in (limiter, talisman, login_manager, csrf)]
    yield create_app
    for one, before in shared:
        vars(one).clear()
        vars(one).update(before)


@pytest.fixture
def limited_site(another_site: Callable[[Settings], Flask], fresh_database: str, tmp_path: Path) -> Flask:
    """An application in which rate limits count, as in service."""
    app = another_site(Settings(secret_key=SECRET, database_url=fresh_database, data_dir=str(tmp_path)))
    app.config["WTF_CSRF_ENABLED"] = False
    return app


@pytest.fixture
def browser(site: Flask) -> Client:
    """A browser in which nobody is signed in."""
    return Client(site.test_client())


@pytest.fixture
def signed_in(site: Flask) -> Callable[[Person], Client]:
    """A browser in which that person is signed in."""

    def make(person: Person) -> Client:
        token = accounts.sign_in(person.id)
        browser = site.test_client()
        Context().run(_keep, browser, token)  # its end must not close the test's own session
        return Client(browser)

    return make


def _keep(browser: FlaskClient, token: str) -> None:
    with browser.session_transaction() as kept:
        kept["_user_id"] = token
        kept["_fresh"] = True


@pytest.fixture
def throttled(site: Flask) -> Iterator[None]:
    """Limits as on a real site, counted in this test alone."""
    before, elsewhere = dict(vars(limiter)), Flask("limits")
    elsewhere.config.update(RATELIMIT_ENABLED=True, RATELIMIT_STORAGE_URI="memory://")
    limiter.enabled = True
    limiter.init_app(elsewhere)
    counts_after = elsewhere.after_request_funcs[None]  # limits that count only some answers
    site.after_request_funcs[None].extend(counts_after)
    yield
    for function in counts_after:
        site.after_request_funcs[None].remove(function)
    vars(limiter).clear()
    vars(limiter).update(before)
