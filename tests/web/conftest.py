"""Which of these files ask one database only, and what they may ask for beside the rest."""

import pytest

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
def limited(limited_site):
    """A client of a site that counts requests, as a real one does."""
    return Client(limited_site.test_client())
