"""The dated talks of an intake, kept beside the state of the person they are held with."""

from datetime import datetime

from app.db import session
from app.models import Buddy, Newcomer, Talk
from app.queries.appointments import talks_of
from app.security.viewer import Viewer
from app.vocabulary.intake import TalkState


def plan(actor: Viewer, record: Buddy | Newcomer, at: datetime) -> None:
    """Keep when the next talk is; one that was planned before is moved to that moment. Inside a transaction."""
    planned = _planned(record)
    if planned is not None:
        planned.at, planned.by_person_id = at, actor.person_id
        return
    side = "buddy_id" if isinstance(record, Buddy) else "newcomer_id"
    session().add(Talk(**{side: record.id}, at=at, by_person_id=actor.person_id))


def end_planned(record: Buddy | Newcomer, state: TalkState) -> None:
    """Note that the planned talk took place, or will not. Nothing when none is planned. Inside a transaction."""
    planned = _planned(record)
    if planned is not None:
        planned.state = state


def _planned(record: Buddy | Newcomer) -> Talk | None:
    """The talk that is to come; a record that is held has one at most."""
    return session().scalars(talks_of(record).where(Talk.state == TalkState.PLANNED)).one_or_none()
