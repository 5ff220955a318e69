"""Calls that a counsellor makes about hours that are refused or not answered (R16)."""

from app.db import transaction
from app.errors import Invalid
from app.i18n import lazy_gettext as _
from app.models import HourEntry
from app.queries.calls import CALLED, calls_for
from app.queries.reach import one
from app.security.permissions import Permission
from app.security.predicates import demand, not_about_oneself
from app.security.viewer import Viewer
from app.services.records import audit, record_transition
from app.vocabulary import Role
from app.vocabulary.records import Subject


def read_call(actor: Viewer, entry_id: int) -> HourEntry:
    """The entry to call about, with its contact person's number; the look is written down (T18). Raises NotFound."""
    with transaction():
        entry = _owed(actor, entry_id)
        audit(actor, "contact-seen", "hour_entry", entry.id)
        return entry


def note_call(actor: Viewer, entry_id: int, *, note: str) -> None:
    """Note that the contact person or the newcomer was called, and what was said: the task is done.

    The hours stay as they are: only the contact person confirms them. Raises NotFound, or Invalid without a note.
    """
    with transaction():
        entry = _owed(actor, entry_id)
        if not note:
            raise Invalid("note", _("Write in a few words what was said."))
        record_transition(
            Subject.HOUR_ENTRY, entry.id, entry.state, entry.state, actor=actor, role=Role.COUNSELLOR, reason=CALLED, note=note
        )  # fmt: skip
        audit(actor, "call-noted", "hour_entry", entry.id)


def _owed(actor: Viewer, entry_id: int) -> HourEntry:
    demand(actor, Permission.ACCEPT_HOURS)
    entry = one(calls_for(actor).where(HourEntry.id == entry_id))
    not_about_oneself(actor, entry.newcomer.person_id)
    return entry
