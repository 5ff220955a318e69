"""B3 in small: nothing acknowledged is lost when the site is killed, and a site that answers too early is seen."""

import shutil
import sqlite3
from contextlib import closing

import pytest

from tests.soak.careless import LateSession
from tests.soak.forking import killed_inside
from tests.soak.killing import Killed
from tests.soak.looking import Found

RIGHT = {
    "acknowledged": 5,
    "unanswered": 1,
    "lost": 0,
    "doubled": 0,
    "halves": 0,
    "orphans": 0,
    "wrong_sums": 0,
    "damage": "",
}


@pytest.fixture
def own_database(fresh_database, database_kind, tmp_path):
    """A migrated database that no connection of this process holds: one would hinder those of a forked process."""
    if database_kind == "postgresql":
        return fresh_database
    file = tmp_path / "own.sqlite3"
    with (
        closing(sqlite3.connect(fresh_database.removeprefix("sqlite:///"))) as ground,
        closing(sqlite3.connect(file)) as own,
    ):
        ground.backup(own)
    return f"sqlite:///{file}"


def test_what_was_acknowledged_is_there_once_after_each_kill(own_database, tmp_path):
    found = killed_inside(tmp_path / "site", own_database, 6)
    assert found.whole, found
    assert found.acknowledged >= 6, found
    shutil.rmtree(tmp_path / "site")


def test_a_site_that_answers_before_it_has_stored_is_seen(own_database, tmp_path):
    found = killed_inside(tmp_path / "site", own_database, 3, LateSession)
    assert found.lost, found
    assert not found.whole


@pytest.mark.parametrize(
    "broken",
    [
        {"acknowledged": 0},
        {"lost": 1},
        {"doubled": 1},
        {"halves": 1},
        {"orphans": 1},
        {"wrong_sums": 1},
        {"damage": "row 5 missing from index"},
    ],
)
def test_whatever_is_wrong_afterwards_counts(broken):
    assert Found(**RIGHT).whole
    assert not Found(**RIGHT | broken).whole


@pytest.mark.parametrize("broken", [{"cycles": 19}, {"restart": 2.1}, {"ready": 5.1}])
def test_too_few_kills_or_too_slow_a_start_is_not_kept(broken):
    times = {"cycles": 20, "seconds": 60.0, "restart": 1.0, "ready": 4.0}
    assert Killed(**times, found=Found(**RIGHT)).kept()
    assert not Killed(**times | broken, found=Found(**RIGHT)).kept()
