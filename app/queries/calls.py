"""Hours that wait for a contact person who does not answer, and calls that a counsellor owes because of that (R16).

A task is no record of its own: it follows from how an entry stands, and is gone as soon as that is settled.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from app.models import ContactPerson, Duo, HourEntry, Transition
from app.queries.hours import STANDING, entries_for
from app.security.permissions import Permission
from app.security.viewer import Viewer
from app.vocabulary import DuoState, EntryState
from app.vocabulary.records import Subject

REMINDED, CALLED = "reminded", "called"  # reasons of transitions that leave the state as it is
KEEPS_STATE = (REMINDED, CALLED)


def _last(*conditions: ColumnElement[bool]) -> ScalarSelect[int]:
    """The number of the last transition of an entry with these conditions."""
    found = select(func.max(Transition.id)).where(
        Transition.subject == Subject.HOUR_ENTRY, Transition.subject_id == HourEntry.id, *conditions
    )  # fmt: skip
    return found.correlate(HourEntry).scalar_subquery()


def asked_before(instant: datetime) -> ColumnElement[bool]:
    """Whether the contact person was asked before that instant: when the entry came to wait, not when reminded."""
    asked = _last(Transition.reason.not_in(KEEPS_STATE))
    return exists(select(Transition.id).where(Transition.id == asked, Transition.at <= instant))


def reminded() -> ColumnElement[bool]:
    """Whether the contact person was reminded since the entry came to wait."""
    return _last(Transition.reason == REMINDED) > _last(Transition.reason.not_in(KEEPS_STATE))


def to_remind(first: datetime, second: datetime) -> Select[HourEntry]:
    """Entries to remind of: asked before `first` and not reminded yet, or asked before `second`."""
    return select(HourEntry).where(
        HourEntry.state == EntryState.SUBMITTED,
        or_(and_(asked_before(first), ~func.coalesce(reminded(), False)), asked_before(second)),
        ~exists(select(Duo.id).where(Duo.id == HourEntry.duo_id, Duo.state == DuoState.FROZEN)),
    )  # fmt: skip


def calls_for(viewer: Viewer) -> Select[HourEntry]:
    """The entries of the viewer's caseload about which somebody must be called, the longest waiting first.

    Refused, unless told anew; overdue; or reminded when the contact person has no e-mail. A call that was noted
    settles it, until the state changes again.
    """
    unreachable = exists(
        select(ContactPerson.id).where(ContactPerson.id == HourEntry.contact_person_id, ContactPerson.email.is_(None))
    )  # fmt: skip
    waiting = and_(HourEntry.state == EntryState.SUBMITTED, unreachable, reminded())
    other = aliased(HourEntry)
    anew = exists(
        select(other.id).where(
            other.newcomer_id == HourEntry.newcomer_id, other.id > HourEntry.id, other.state.in_(STANDING),
            other.starts_at < HourEntry.ends_at, other.ends_at > HourEntry.starts_at,
        )
    )  # fmt: skip
    refused = and_(HourEntry.state == EntryState.REFUSED, ~anew)
    called = exists(
        select(Transition.id).where(Transition.id == _last(), Transition.reason == CALLED)
    )  # a later change of state, or a reminder, has a higher number
    return (
        entries_for(viewer, Permission.ACCEPT_HOURS)
        .where(or_(refused, HourEntry.state == EntryState.OVERDUE, waiting), ~called)
        .order_by(HourEntry.starts_at, HourEntry.id)
    )  # fmt: skip
