"""How long is kept what was written down: set for a day to come, and purged at night, in steps."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.clock import now, today
from app.db import session, transaction
from app.errors import Invalid
from app.models import AuditEntry, Message
from app.services import retention
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
