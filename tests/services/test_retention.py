"""How long is kept what was written down: set for a day to come, and purged at night, in steps."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.clock import now, today
from app.db import engine, session, transaction
from app.errors import Invalid
from app.models import AuditEntry, Message
from app.queries.today import messages_to_do
from app.services import backups, retention
from app.services.outbox import tell
from app.vocabulary import BuddyState, NewcomerState
from app.vocabulary.records import MessageState
from app.vocabulary.retention import FIRST_DAYS, RetentionKind
from tests import factories
from tests.services.test_erasures import links, viewer


class TestRetention:
    def test_the_first_rows_are_those_of_the_code(self, site):
        from app.queries.retention import days_kept

        assert days_kept() == FIRST_DAYS

    def test_a_setting_begins_on_a_day_to_come(self, site):
        administrator = viewer(factories.administrator())
        soon = today() + timedelta(days=3)
        retention.add_rule(administrator, kind=RetentionKind.LETTERS, since=soon, days=14)
        for kind, since, days in (
            (RetentionKind.LETTERS, soon, 5), (RetentionKind.LETTERS, today(), 5), (RetentionKind.AUDIT, soon, 90),
            (RetentionKind.LISTS, soon, 0), (RetentionKind.LISTS, soon, 9_999),
        ):  # fmt: skip
            with pytest.raises(Invalid):
                retention.add_rule(administrator, kind=kind, since=since, days=days)

    @pytest.mark.parametrize("kind", RetentionKind)
    def test_until_the_first_setting_of_a_kind_begins_its_first_days_hold(self, site, kind):
        from app.queries.retention import days_kept, kept_for

        soon = today() + timedelta(days=3)
        retention.add_rule(viewer(factories.administrator()), kind=kind, since=soon, days=400)
        assert days_kept() == FIRST_DAYS
        assert days_kept(soon) == FIRST_DAYS | {kind: 400}
        assert {one.days for one in kept_for() if one.kind is kind} == {FIRST_DAYS[kind], 400}
        retention.purge(links())

    def test_the_words_of_a_sent_mail_go_after_a_week_and_it_stays_known_that_there_was_one(self, site):
        person = factories.person()
        with transaction() as db:
            for days, state in ((8, MessageState.SENT), (6, MessageState.SENT), (9, MessageState.QUEUED)):
                made = tell(person, "already-known", link="x")
                made.state, made.created_at = state, now() - timedelta(days=days)
            db.flush()
        assert retention.purge(links())["letters"] == 1
        session().expire_all()
        kept = session().scalars(select(Message).order_by(Message.id)).all()
        assert [bool(message.text) for message in kept] == [False, True, True]
        assert kept[0].subject

    def test_nor_do_those_stay_that_go_out_no_more(self, site):
        """Failed for good, held after a restore, or a task that is on nobody's page: as long as what was sent."""
        coordinator, person = factories.coordinator("kempen"), factories.person()
        unreachable = factories.person(email=False, phone="+32470000009")
        ago = {days: now() - timedelta(days=days) for days in (6, 8, 9)}
        queued, failed = MessageState.QUEUED, MessageState.FAILED
        with transaction():
            for reader, network, state, made, tried in (
                (person, "kempen", failed, 9, 8), (person, "kempen", failed, 9, 6), (unreachable, "kempen", queued, 9, 9),
                (unreachable, None, queued, 9, 9), (unreachable, None, queued, 6, 6), (person, "kempen", failed, 9, 8),
            ):  # fmt: skip
                message = tell(reader, "already-known", network=network, link="x")
                message.state, message.created_at, message.next_try_at = state, ago[made], ago[tried]
            message.failure = backups.HELD
        assert retention.purge(links())["letters"] == 3
        session().expire_all()
        kept = session().scalars(select(Message).order_by(Message.id)).all()
        assert [bool(message.text) for message in kept] == [False, True, True, False, True, False]
        assert [bool(message.to_email or message.to_phone) for message in kept] == [
            False, True, True, False, True, False,
        ]  # fmt: skip
        shown = session().scalars(messages_to_do(viewer(coordinator))).all()
        assert {message.id for message in shown} == {kept[1].id, kept[2].id}
        session().rollback()
        assert backups.release_mail(engine()) == 0

    def test_who_stopped_half_a_year_ago_is_erased_unless_there_is_another_role(self, site):
        long_ago = now() - timedelta(days=200)
        gone = factories.buddy(state=BuddyState.LEFT, registered_at=long_ago)
        here = factories.buddy(registered_at=long_ago)
        lately = factories.newcomer(state=NewcomerState.LEFT)
        both = factories.buddy(state=BuddyState.LEFT, registered_at=long_ago)
        factories.grant(both.person, "coordinator", network="kempen")
        assert retention.purge(links())["stopped"] == 1
        session().expire_all()
        assert [item.person.erased_at is not None for item in (gone, here, lately, both)] == [
            True,
            False,
            False,
            False,
        ]

    def test_it_stops_when_told_and_goes_on_the_next_time(self, site, monkeypatch):
        monkeypatch.setattr(retention, "STEP", 2)
        with transaction() as db:
            db.add_all(AuditEntry(action="old", at=now() - timedelta(days=800)) for _ in range(5))
        assert retention.purge(links(), stop=lambda: True)["audit"] == 0
        assert retention.purge(links(), seconds=0)["audit"] == 0
        assert retention.purge(links())["audit"] == 5
