"""The list of the week: once, in the own language, without names, and only for who wants it."""

import threading
from datetime import date, timedelta

import pytest

from app import db
from app.clock import now
from app.db import session, transaction
from app.errors import Forbidden
from app.i18n import day_text, speak
from app.models import Message, MondayList, Person
from app.queries.today import monday_list, monday_readers
from app.services import monday
from app.services.outbox import tell
from app.vocabulary import BuddyState, EntryState, HoursRefusal, Role
from tests import factories

MONDAY = date(2026, 11, 23)
THREADS = 6


@pytest.fixture
def day(monkeypatch):
    """Sets what day it is for the worker."""

    def it_is(when):
        monkeypatch.setattr(monday, "today", lambda: when)

    it_is(MONDAY)
    return it_is


@pytest.fixture
def els(site):
    factories.buddy(state=BuddyState.REGISTERED, name="Kanarie Zonderling")
    return factories.coordinator("rivierenland", locale="fr")


def page_for(locale):
    return f"http://localhost/{locale}/today"


def lists():
    return session().query(Message).filter_by(kind="monday-list").all()


def test_it_is_written_once_a_week_in_the_own_language(els, day):
    assert (monday.send_lists(page_for), monday.send_lists(page_for)) == (1, 0)
    (message,) = lists()
    assert (message.person_id, message.locale) == (els.id, "fr")
    assert "http://localhost/fr/today" in message.text
    assert "Kanarie" not in message.text + message.html + message.subject
    day(MONDAY + timedelta(days=1))
    assert monday.send_lists(page_for) == 0
    day(MONDAY + timedelta(days=7))
    assert monday.send_lists(page_for) == 1


def test_a_worker_that_stood_still_on_monday_writes_on_tuesday_but_not_later(els, day):
    for late, written in ((2, 0), (6, 0), (1, 1)):
        day(MONDAY + timedelta(days=late))
        assert monday.send_lists(page_for) == written


def test_who_has_nothing_to_do_gets_no_mail(site, day):
    factories.coordinator("kempen")
    assert monday.send_lists(page_for) == 0
    assert lists() == []


def test_who_does_not_want_it_gets_none_until_asked_again(els, day, signed_in):
    browser = signed_in(els)
    for lang in ("x-pseudo", "nl", "ar"):
        page = browser.get(f"/{lang}/today")
        page = browser.submit(page, "main form[action$='by-mail']")
        assert not monday_list(factories.viewer(els))
        assert monday.send_lists(page_for) == 0
        browser.submit(page, "main form[action$='by-mail']")
        assert monday_list(factories.viewer(els))
    assert monday.send_lists(page_for) == 1


def test_only_coordinators_have_one(site, day):
    for person in (factories.counsellor(), factories.buddy().person, factories.administrator()):
        with pytest.raises(Forbidden):
            monday.want_list(factories.viewer(person), wanted=True)
    assert session().query(MondayList).count() == 0


@pytest.mark.parametrize("values", [{"active": False}, {"email": False}])
def test_who_cannot_read_it_gets_none(site, day, values):
    factories.buddy(state=BuddyState.REGISTERED)
    factories.person(roles=(Role.COORDINATOR,), network="rivierenland", **values)
    assert monday.send_lists(page_for) == 0


def test_the_oldest_promise_stands_in_it(site, day):
    buddy = factories.buddy(state=BuddyState.REGISTERED, registered_at=now() - timedelta(days=10))
    factories.coordinator(locale="en")
    monday.send_lists(page_for)
    (message,) = lists()
    assert f"The oldest promise was for {promised(buddy)}" in message.text


def promised(buddy):
    """The day before which a call was promised, in English."""
    with speak("en"):
        return day_text(buddy.registered_at + timedelta(days=factories.a_network().call_within_days))


def test_what_a_counsellor_owes_is_in_it_too(site, day):
    els = factories.coordinator(locale="en")
    factories.grant(els, Role.COUNSELLOR, agency="agii")
    newcomer = factories.newcomer(counsellor=els)
    factories.contract(newcomer, els)
    factories.entry(newcomer, factories.offer(), state=EntryState.REFUSED, refusal=HoursRefusal.OTHER)
    assert monday.send_lists(page_for) == 1
    assert "1 thing to do about hours" in lists()[0].text


def at_the_same_moment(site, act):
    ready, results = threading.Barrier(THREADS), []

    def run():
        with site.app_context():
            ready.wait(timeout=20)
            try:
                results.append(act())
            finally:
                db.release()

    threads = [threading.Thread(target=run) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    session().rollback()
    return results


def test_workers_at_the_same_moment_write_one(site, els, day):
    results = at_the_same_moment(site, lambda: monday.send_lists(page_for))
    assert sorted(results) == [0] * (THREADS - 1) + [1]
    assert len(lists()) == 1


def test_this_test_would_see_workers_who_only_look(site, els, day):
    looked = threading.Barrier(THREADS)

    def careless():
        (reader,) = session().scalars(monday_readers(MONDAY)).all()
        session().rollback()
        looked.wait(timeout=20)
        with transaction() as inside:
            tell(
                inside.get_one(Person, reader),
                "monday-list",
                link="http://localhost/x",
                counts={},
                oldest="",
                about_hours=1,
            )

    at_the_same_moment(site, careless)
    assert len(lists()) == THREADS
