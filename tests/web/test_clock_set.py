"""Somebody sets the clock of the server back an hour, or two days ahead, between two requests (SECURITY, item 40)."""

from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from app import mailer
from app.db import session, transaction
from app.errors import Gone
from app.models import AuditEntry, Message, SignIn
from app.services import accounts, hours, reminders
from app.services.records import audit
from app.vocabulary.records import LinkPurpose, MessageState
from tests import factories
from tests.client import Client
from tests.factories import PASSWORD
from tests.hours_world import link_for, telling

BEGIN = datetime(2026, 3, 2, 12, tzinfo=UTC)
BACK, AHEAD = timedelta(hours=-1), timedelta(days=2)


@contextmanager
def clock_at(moved=timedelta(0)):
    with time_machine.travel(BEGIN + moved, tick=False):
        yield


@pytest.fixture
def keeper(site):
    """A coordinator with a password."""
    with clock_at():
        made = factories.coordinator()
        accounts.set_password(made.id, PASSWORD)
    return made


def come_in(site, person):
    client = Client(site.test_client())
    form = {"email": person.email, "password": PASSWORD, "next": ""}
    assert client.send("POST", "/nl/sign-in", data=form).status_code == 303
    return client


def is_in(client) -> bool:
    """Whether that browser is let in; else it is asked to sign in, and nothing worse."""
    status = client.send("GET", "/nl/today").status_code
    assert status in (200, 302, 303)
    return status == 200


def test_a_sign_in_lasts_no_longer_than_it_would_have(site, keeper):
    with clock_at():
        client = come_in(site, keeper)
        assert is_in(client)
    with clock_at(BACK):
        is_in(client)  # let in or asked to sign in: both are safe
        assert is_in(come_in(site, keeper))
    with clock_at(AHEAD):
        assert not is_in(client)
    with clock_at(timedelta(hours=12, seconds=1)):
        assert not is_in(client)
    session().expire_all()
    first = session().query(SignIn).order_by(SignIn.id).first()
    assert first.expires_at <= BEGIN + timedelta(hours=12)


def test_a_sign_in_of_the_days_ahead_is_worth_nothing_when_the_clock_is_right_again(site, keeper):
    with clock_at(AHEAD):
        client = come_in(site, keeper)
        assert is_in(client)
    with clock_at():
        assert not is_in(client)
        assert is_in(come_in(site, keeper))


@pytest.mark.parametrize("used", [BACK, timedelta(0)])
def test_a_link_opens_once_whatever_the_clock_says(keeper, used):
    with clock_at():
        token = accounts.new_link(LinkPurpose.RESET_PASSWORD, locale="nl", person_id=keeper.id)
    with clock_at(AHEAD), pytest.raises(Gone):
        accounts.open_link(token, LinkPurpose.RESET_PASSWORD)
    with clock_at(used):
        accounts.use_link(token, LinkPurpose.RESET_PASSWORD)
    for moved in (BACK, timedelta(0), AHEAD):
        with clock_at(moved), pytest.raises(Gone):
            accounts.use_link(token, LinkPurpose.RESET_PASSWORD)


def test_the_audit_log_keeps_the_order_in_which_things_happened(site):
    for number, moved in enumerate((timedelta(0), AHEAD, BACK, timedelta(0))):
        with clock_at(moved), transaction():
            audit(None, "clock-test", "person", number)
    found = session().query(AuditEntry).filter_by(action="clock-test").order_by(AuditEntry.id).all()
    assert [entry.subject_id for entry in found] == [0, 1, 2, 3]
    assert [entry.at for entry in found] != sorted(
        entry.at for entry in found
    )  # by the hour it would be another


class Post:
    """A mail server that remembers what it was given."""

    def __init__(self) -> None:
        self.given = []

    def send_message(self, message) -> None:
        self.given.append(message["Message-ID"])


@pytest.fixture
def post(site, monkeypatch):
    found = Post()

    @contextmanager
    def server(_settings, _patience):
        yield found

    monkeypatch.setattr(mailer, "server_of", server)
    settings = replace(site.extensions["settings"], smtp_url="smtp://nowhere")
    monkeypatch.setitem(site.extensions, "settings", settings)
    return found


def test_nothing_is_sent_twice(site, post):
    """Neither the same mail, nor a reminder that was due already."""
    week = timedelta(days=7)
    with clock_at():
        newcomer = factories.newcomer()
        offer = factories.offer(contact_person=factories.contact(locale="fr"))
        actor = factories.viewer(newcomer.person)
        hours.send(actor, hours.tell(actor, offer.id, telling(), link_for).id, link_for)
    for moved in (week, week + BACK, week + AHEAD, week, week + AHEAD):
        with clock_at(moved):
            reminders.remind_contacts(
                link_for, lambda locale, entry_id: f"http://localhost/{locale}/{entry_id}"
            )
            while mailer.deliver_due():
                pass
    session().expire_all()
    written = session().query(Message).all()
    assert [mail.kind for mail in written].count("remind-hours") == 1
    assert {mail.state for mail in written} == {MessageState.SENT}
    assert len(post.given) == len(set(post.given)) == len(written)
