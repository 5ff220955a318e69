"""A worker that is killed (SIGKILL) while it reads or takes over a list leaves what was here, and the next one finishes."""

import json
import signal
import subprocess
import sys
from datetime import timedelta

import pytest

from app.db import session, transaction
from app.extensions import queue
from app.models import AuditEntry, Gathering, Listing, Occurrence, Offer, OfferList, Transition
from app.services import offer_lists
from app.services.offer_lists.taking import Answers
from app.vocabulary.offer_lists import OfferListKind, OfferListState
from tests.activity_lists import ANSWERS, activity, offers

TABLES = (Offer, Gathering, Listing, Occurrence, Transition, AuditEntry)


@pytest.fixture
def work(fresh_database):
    """Lets another process work on a list; returns how it ended."""

    def ask(list_id, what, where):
        session().rollback()
        words = [
            sys.executable,
            "-m",
            "tests.services.list_killer",
            fresh_database,
            str(list_id),
            what,
            where,
        ]
        return subprocess.run(words, check=False).returncode

    return ask


def rows():
    session().rollback()
    return [session().query(table).count() for table in TABLES]


def without_worker(monkeypatch, act):
    """Do something whose work nobody takes up yet."""
    with monkeypatch.context() as nobody:
        nobody.setattr(queue, "put", lambda *_job: None)
        return act()


def long_ago(list_id):
    with transaction():
        kept = session().get_one(OfferList, list_id)
        kept.touched_at -= timedelta(minutes=5)


@pytest.mark.parametrize("where", ["middle", "end"])
def test_killed_while_it_is_read(desk, work, monkeypatch, where):
    desk.take({"activities": [activity(1)]}, publish=True)
    data = json.dumps({"activities": [activity(number, title="Anders") for number in range(1, 7)]}).encode()
    key = without_worker(
        monkeypatch,
        lambda: offer_lists.keep_list(
            desk.actor, organisation_id=desk.house.id, kind=OfferListKind.OWN, data=data
        ),
    )
    before = rows()
    assert work(key, "read", where) == -signal.SIGKILL
    assert (rows(), desk.kept(key).state) == (before, OfferListState.READING)
    long_ago(key)
    offer_lists.begin_again(desk.actor, key)
    assert desk.kept(key).report["counts"] == {"change": 1, "add": 5}


@pytest.mark.parametrize("where", ["middle", "end"])
def test_killed_while_it_is_taken_over(desk, work, monkeypatch, where):
    desk.take({"activities": [activity(1)]}, publish=True)
    kept = desk.keep({"activities": [activity(number, title="Anders") for number in range(1, 7)]})
    answers = Answers(**ANSWERS, publish=True)
    without_worker(monkeypatch, lambda: offer_lists.take_over(desk.actor, kept.id, answers))
    before = rows()
    assert work(kept.id, "take", where) == -signal.SIGKILL
    assert (rows(), desk.kept(kept.id).state) == (before, OfferListState.TAKING)
    assert [offer.title for offer in offers()] == ["Koken 1"]
    long_ago(kept.id)
    offer_lists.begin_again(desk.actor, kept.id)
    assert (desk.kept(kept.id).state, len(offers())) == (OfferListState.DONE, 6)
    assert {offer.title for offer in offers()} == {"Anders"}


def test_the_program_finishes_when_nobody_kills_it(desk, work, monkeypatch):
    kept = desk.keep({"activities": [activity(number) for number in range(4)]})
    without_worker(monkeypatch, lambda: offer_lists.take_over(desk.actor, kept.id, Answers(**ANSWERS)))
    assert work(kept.id, "take", "never") == 0
    session().rollback()
    assert (desk.kept(kept.id).state, len(offers())) == (OfferListState.DONE, 4)
