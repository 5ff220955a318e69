"""Messages are written in the reader's language, in the transaction of their cause."""

import pytest

from app.db import session, transaction
from app.models import Message
from app.services.outbox import tell
from app.vocabulary.records import Channel
from tests import factories


def test_letter_is_in_the_readers_language_with_dutch_below(site):
    newcomer = factories.newcomer(locale="ar", name="أحمد")
    with transaction():
        tell(newcomer.person, "sign-in-link", link="http://localhost/ar/x")
    message = session().query(Message).one()
    assert message.channel is Channel.MAIL
    assert 'lang="ar" dir="rtl"' in message.html
    assert 'lang="nl" dir="ltr"' in message.html
    assert message.text.count("http://localhost/ar/x") == 2
    assert "أحمد" in message.text


def test_nothing_is_told_when_the_cause_fails(site):
    human = factories.person()

    def fail():
        with transaction():
            tell(human, "sign-in-link", link="http://localhost/nl/x")
            raise ValueError("cause")

    with pytest.raises(ValueError, match="cause"):
        fail()
    assert session().query(Message).count() == 0


def test_who_has_no_email_gives_a_task_for_the_network(site):
    newcomer = factories.newcomer(email=False)
    with transaction():
        tell(newcomer.person, "sign-in-link", network="rivierenland", link="http://localhost/ar/x")
    message = session().query(Message).one()
    assert (message.channel, message.network_slug, message.to_phone) == (
        Channel.TASK,
        "rivierenland",
        "+32470000002",
    )
