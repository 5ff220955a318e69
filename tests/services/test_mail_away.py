"""Mail while its server is away, slow, choosy or breaks off: all goes out once, soon after it is back (SECURITY 78, B5)."""

from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from threading import Event
from threading import enumerate as threads

import pytest
import time_machine
from sqlalchemy import func, select, update

from app import db, jobs, mailer
from app.clock import now
from app.config import Settings
from app.db import session, transaction
from app.extensions import queue
from app.models import Message
from app.queries.today import messages_to_do
from app.services.outbox import tell
from app.vocabulary.records import MessageState
from tests import factories
from tests.mail_sink import Sink
from tests.racing import at_once

HOURS_AWAY = 6
BACK_WITHIN = timedelta(seconds=120)
MANY = 60
SLOW = 60  # seconds for each answer


@pytest.fixture
def sink(site):
    """A mail server of ours that this site uses; it is away until it is opened."""
    kept, server = site.extensions["settings"], Sink()
    site.extensions["settings"] = replace(kept, smtp_url=server.url)
    yield server
    server.close()
    site.extensions["settings"] = kept


def write(count, **values):
    """Queue so many mails to as many people, in that order, and tell their Message-IDs."""
    people = [factories.newcomer().person for _ in range(count)]
    with transaction():
        told = [
            tell(one, "sign-in-link", network="rivierenland", link="http://localhost/nl/x") for one in people
        ]
        session().flush()
        for message in told:
            for name, value in values.items():
                setattr(message, name, value)
    return [message.message_id for message in told]


def states():
    session().expire_all()
    return dict(session().execute(select(Message.state, func.count()).group_by(Message.state)).all())


@contextmanager
def six_hours_later(sink):
    """Every minute of the outage the worker tries; then the server is back, and it is that much later."""
    with time_machine.travel(now(), tick=False) as clock:
        for _ in range(HOURS_AWAY * 12):
            assert mailer.deliver_due() == 0
            clock.shift(timedelta(minutes=5))
        sink.breaks = False
        sink.open()
        yield clock


def test_all_goes_out_in_its_order_when_the_server_is_back(site, sink):
    numbers = write(MANY)
    with six_hours_later(sink) as clock:
        clock.shift(timedelta(minutes=1))
        assert mailer.deliver_due() == MANY
    assert [number for number, _recipient in sink.taken] == numbers
    assert states() == {MessageState.SENT: MANY}
    assert {row.tries for row in session().query(Message)} == {1}


@pytest.mark.parametrize("blamed", [False, True], ids=["as it is", "each mail blamed"])
def test_a_server_that_takes_calls_and_breaks_off_costs_no_mail_its_turn(site, sink, monkeypatch, blamed):
    """With each mail blamed for what its server does, the mails wait for hours after it is back: the test can fail."""
    if blamed:
        monkeypatch.setattr(mailer, "_away", lambda error: mailer._Outcome(type(error).__name__))
    write(5)
    sink.breaks = True
    sink.open()
    with time_machine.travel(now(), tick=False) as clock:
        for _ in range(HOURS_AWAY * 12):
            mailer.deliver_due()
            clock.shift(timedelta(minutes=5))
        sink.breaks = False
        for _ in range(BACK_WITHIN // timedelta(minutes=1)):
            mailer.deliver_due()
            clock.shift(timedelta(minutes=1))
    assert (states() == {MessageState.SENT: 5}) is not blamed
    assert max(sink.often().values(), default=0) <= 1


@pytest.mark.parametrize("blamed", [True, False], ids=["as it is", "no mail blamed"])
def test_mails_at_which_a_server_always_breaks_off_are_given_up_and_hold_up_nobody(
    site, sink, monkeypatch, blamed
):
    """They would be tried for ever: the test can fail."""
    if not blamed:
        monkeypatch.setattr(mailer, "replace", lambda outcome, **_changes: outcome)
    write(2)
    bad = set(session().scalars(select(Message.to_email)))
    sink.breaks_at = bad.__contains__
    sink.open()
    others = 2 * (len(mailer.RETRY_MINUTES) + 1)  # one of the two is blamed for each
    with time_machine.travel(now(), tick=True) as clock:
        for _ in range(others):
            numbers = write(1)
            if not sink.taken or sink.taken[-1][0] != numbers[0]:  # the worker was not told at once
                mailer.deliver_due()
            assert sink.taken[-1][0] == numbers[0]
            clock.shift(timedelta(minutes=max(mailer.RETRY_MINUTES) + 1))
    given_up = {MessageState.FAILED: 2} if blamed else {MessageState.QUEUED: 2}
    assert states() == {MessageState.SENT: others, **given_up}


def test_a_mail_at_which_a_server_broke_off_once_is_not_blamed(site, sink):
    write(3)
    unlucky = session().scalars(select(Message.to_email).order_by(Message.id)).all()[1]
    left = [1]
    sink.breaks_at = lambda recipient: recipient == unlucky and bool(left) and bool(left.pop())
    sink.open()
    assert mailer.deliver_due() == 3
    assert {row.tries for row in session().query(Message)} == {1}


def test_who_is_refused_for_good_is_shown_to_the_coordinator_and_holds_up_nobody(site, sink, signed_in):
    numbers = write(20)
    refused = {row.to_email for row in session().query(Message).order_by(Message.id).all()[::10]}
    sink.refuses = lambda recipient: 550 if recipient in refused else 0
    sink.open()
    assert mailer.deliver_due() == 18
    assert states() == {MessageState.SENT: 18, MessageState.FAILED: 2}
    assert len(sink.taken) == len(set(numbers)) - 2
    coordinator = factories.coordinator()
    shown = session().scalars(messages_to_do(factories.viewer(coordinator))).all()
    assert {message.to_email for message in shown} == refused
    elsewhere = factories.viewer(factories.coordinator("gent-stad"))
    assert session().scalars(messages_to_do(elsewhere)).all() == []
    page = signed_in(coordinator).get(f"/nl/today/messages/{shown[0].id}")
    assert shown[0].to_email in page.text
    assert "De mail is niet aangekomen" in page.text


def test_who_is_refused_for_a_while_is_tried_again(site, sink):
    write(2)
    first = session().scalars(select(Message.to_email).order_by(Message.id)).first()
    sink.refuses = lambda recipient: 450 if recipient == first else 0
    sink.open()
    with time_machine.travel(now(), tick=False) as clock:
        assert mailer.deliver_due() == 1
        assert mailer.deliver_due() == 0
        sink.refuses = lambda _recipient: 0
        clock.shift(timedelta(minutes=mailer.RETRY_MINUTES[0], seconds=1))
        assert mailer.deliver_due() == 1
    assert set(sink.often().values()) == {1}
    sink.refuses = lambda _recipient: 450
    write(1)
    with time_machine.travel(now(), tick=False) as clock:
        for _ in range(len(mailer.RETRY_MINUTES) + 1):
            mailer.deliver_due()
            clock.shift(timedelta(minutes=max(mailer.RETRY_MINUTES), seconds=1))
    assert states() == {MessageState.SENT: 2, MessageState.FAILED: 1}


@pytest.mark.parametrize("address", ["héé@example.be", "a b@example.be\nBcc: z@evil.example", "x" * 300])
def test_an_address_that_no_server_takes_holds_up_nobody(site, sink, address):
    write(1)
    with transaction() as db:
        db.execute(update(Message).values(to_email=address[:254]))
    write(2)
    sink.refuses = lambda recipient: 553 if len(recipient) > 200 else 0
    sink.open()
    assert mailer.deliver_due() == 2
    assert states() == {MessageState.SENT: 2, MessageState.FAILED: 1}
    assert not any("evil" in recipient for _number, recipient in sink.taken)


@pytest.mark.parametrize("patience", [mailer.ANSWER_SECONDS, 0.1], ids=["as it is", "impatient"])
def test_a_slow_server_is_waited_for_and_gets_nothing_twice(site, sink, monkeypatch, patience):
    """Whoever gives up before the last answer sends a mail again that was taken: the test can fail."""
    monkeypatch.setattr(mailer, "ANSWER_SECONDS", patience)
    sink.last = 0.3
    write(2)
    sink.open()
    with time_machine.travel(now(), tick=False) as clock:
        for _ in range(3):
            mailer.deliver_due()
            clock.shift(timedelta(minutes=2))
    assert (max(sink.often().values()) == 1) is (patience > SLOW)


@contextmanager
def nobody_alone(_work):
    yield True


@pytest.mark.parametrize("guarded", [True, False], ids=["one at a time", "any number"])
def test_several_workers_at_once_send_nothing_twice(site, sink, monkeypatch, guarded):
    if not guarded:
        monkeypatch.setattr(mailer, "only_one", nobody_alone)
    sink.last = 0.02
    write(10)
    sink.open()
    sent = at_once(site, 1, *[mailer.deliver_due] * 4)
    assert (sum(sent) == 10) is guarded
    assert (max(sink.often().values()) == 1) is guarded
    assert states() == {MessageState.SENT: 10}


def test_who_is_killed_lets_the_next_one_in(site):
    with db.only_one("mail") as first, db.only_one("mail") as second, db.only_one("other") as third:
        assert (first, second, third) == (True, False, True)
    with db.only_one("mail") as again:
        assert again


def killed_after_taking(monkeypatch, times):
    """Let the worker die so many times between the answer of the server and the note of it."""
    left, note = [times], mailer._note

    def die(row, outcome):
        if left[0] and outcome.sent:
            left[0] -= 1
            raise SystemExit
        note(row, outcome)

    monkeypatch.setattr(mailer, "_note", die)


def test_each_kill_doubles_one_mail_at_most_with_the_same_number(site, sink, monkeypatch):
    numbers = write(30)
    sink.open()
    killed_after_taking(monkeypatch, 3)
    for _ in range(3):
        with pytest.raises(SystemExit):
            mailer.deliver_due()
    assert mailer.deliver_due() == 30
    assert set(sink.often()) == set(numbers)
    assert sum(sink.often().values()) == 30 + 3
    assert states() == {MessageState.SENT: 30}


def test_who_is_asked_to_end_takes_no_further_mail(site, sink, monkeypatch):
    write(3)
    sink.open()
    monkeypatch.setattr(mailer, "stopping", Event())
    mailer.stopping.set()
    assert mailer.deliver_due() == 0
    mailer.stopping.clear()
    monkeypatch.setattr(mailer, "ROUND_SECONDS", 0)
    assert mailer.deliver_due() == 0
    monkeypatch.setattr(mailer, "ROUND_SECONDS", 50)
    assert mailer.deliver_due(limit=2) == 3


def test_mail_goes_out_beside_the_other_jobs(site, monkeypatch, tmp_path, caplog):
    """The worker is free again at once, and a fault of the delivery is told in its log."""
    begun, go_on, bound = Event(), Event(), {}

    def deliver_due():
        begun.set()
        go_on.wait(20)
        raise ValueError("a fault")

    monkeypatch.setattr(mailer, "deliver_due", deliver_due)
    monkeypatch.setattr(queue, "bind", lambda _huey, found: bound.update(found))
    jobs.init_app(site, Settings(secret_key="x" * 40, data_dir=str(tmp_path)))
    assert bound["deliver_mail"].call_local() is None
    assert begun.wait(20)
    (thread,) = [one for one in threads() if one.name == "deliver_due"]
    go_on.set()
    thread.join(20)
    assert "a job beside the others failed" in caplog.text
