"""What is written down with every change: the transition of a state, and the audit log."""

from enum import StrEnum
from typing import Any

from sqlalchemy import CursorResult, Update, insert

from app.db import Base, before_commit, session
from app.errors import Moved
from app.security.viewer import Viewer
from app.services.sums import count_entries
from app.vocabulary import Role
from app.vocabulary.records import Subject

# Rows that nobody changes are written at once and not kept as objects, of which a session has many.
TRANSITIONS = insert(Base.metadata.tables["transition"])
ENTRIES = insert(Base.metadata.tables["audit_entry"])


def record_transition(
    subject: Subject, subject_id: int, before: StrEnum | None, after: StrEnum, *,
    actor: Viewer | None, role: Role | None = None, reason: str = "", note: str = "",
) -> None:  # fmt: skip
    """Write who changed the state, from what to what and why; `actor` None = the system.

    Every change of hours passes here, so the sums of their newcomers are counted anew before the transaction ends.
    """
    if subject is Subject.HOUR_ENTRY:
        before_commit(count_entries, subject_id)
    session().execute(
        TRANSITIONS,
        {
            "subject": subject, "subject_id": subject_id, "from_state": before and before.value, "to_state": after.value,
            "actor_id": actor and actor.person_id, "actor_role": role, "reason": reason, "note": note,
        },
    )  # fmt: skip


def audit(
    actor: Viewer | None,
    action: str,
    subject: str = "",
    subject_id: int | None = None,
    *,
    network: str | None = None,
    **facts: Any,
) -> None:
    """Append to the audit log; facts are codes and numbers, never personal data."""
    session().execute(
        ENTRIES,
        {
            "actor_id": actor and actor.person_id, "action": action, "subject": subject, "subject_id": subject_id,
            "network_slug": network, "facts": facts,
        },
    )  # fmt: skip


def move(statement: Update) -> None:
    """Run a conditional update that must change exactly one row. Raises Moved when somebody was first."""
    # "fetch": the row says itself which it is, instead of every object of the session being looked at.
    result = session().execute(statement, execution_options={"synchronize_session": "fetch"})
    assert isinstance(result, CursorResult)
    if result.rowcount != 1:
        raise Moved()
