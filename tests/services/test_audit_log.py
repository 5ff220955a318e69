"""The log of what was done is only added to, until its entries are old enough to go."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from app.clock import now
from app.db import session, transaction
from app.models import AuditEntry
from app.services import accounts, notes, retention
from app.vocabulary import BuddyState
from tests import factories
from tests.services.test_erasures import links, viewer

CHANGED = {
    "action": "UPDATE audit_entry SET action = 'nothing'",
    "facts": "UPDATE audit_entry SET facts = '{\"x\": 1}'",
    "actor": "UPDATE audit_entry SET actor_id = NULL",
    "entry": "DELETE FROM audit_entry",
    "state": "UPDATE transition SET to_state = 'left'",
    "reason": "UPDATE transition SET note = 'other words'",
    "change of state": "DELETE FROM transition",
}


@pytest.mark.parametrize("what", CHANGED)
def test_the_audit_log_is_only_added_to(site, what):
    els, buddy = factories.coordinator(), factories.buddy(state=BuddyState.VERIFIED)
    notes.write_on_buddy(viewer(els), buddy.id, note="x")
    accounts.sign_in(els.id)
    with transaction() as db:
        db.execute(text(
            "INSERT INTO transition (subject, subject_id, actor_id, at, to_state, reason, note)"
            " VALUES ('buddy', 1, :by, '2026-01-01 00:00:00+00:00', 'ready', '', 'words')"
        ), {"by": els.id})  # fmt: skip
    with pytest.raises(IntegrityError, match="only added to"), transaction() as db:
        db.execute(text(CHANGED[what]))


def test_old_entries_go_and_the_words_of_a_change_may_be_emptied(site):
    with transaction() as db:
        db.add(AuditEntry(action="old", at=now() - timedelta(days=800)))
        db.add(AuditEntry(action="new", at=now() - timedelta(days=100)))
    assert retention.purge(links())["audit"] == 1
    assert session().scalars(select(AuditEntry.action)).all() == ["new"]
