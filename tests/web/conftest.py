"""Which of these files ask one database only, and what they may ask for beside the rest."""

import pytest

from app import create_app
from app.config import Settings
from app.extensions import limiter, queue
from tests.client import Client

# About words, markup, weight and what is typed: no database has a say in them. What their pages ask of PostgreSQL is
# asked in tests/crawl, where each page stands on it too, and in the tests of services and queries.
WORDS = {
    "test_calendars.py", "test_explaining.py", "test_filling.py", "test_languages.py", "test_newcomers_track.py",
    "test_own_pages.py", "test_own_words.py", "test_pages.py", "test_reading_before_telling.py",
    "test_registration_input.py", "test_sharing.py", "test_weight.py",
}  # fmt: skip


@pytest.hookimpl(wrapper=True)
def pytest_pycollect_makemodule(module_path):
    """Mark them before their tests are made."""
    module = yield
    if module_path.name in WORDS:
        module.add_marker(pytest.mark.sqlite)
    return module


@pytest.fixture
def limited(site, fresh_database, tmp_path):
    """A client of a site that counts requests, as a real one does; afterwards there is only the site of the tests."""
    before = [(thing, dict(vars(thing))) for thing in (limiter, queue)]
    settings = Settings(
        secret_key="0123456789abcdef" * 2, database_url=fresh_database, data_dir=str(tmp_path)
    )
    yield Client(create_app(settings).test_client())
    for thing, values in before:
        vars(thing).clear()
        vars(thing).update(values)
