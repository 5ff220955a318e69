"""Notes of staff about a buddy or newcomer: written with author and day, taken away when wrong, never changed."""

from app.db import transaction
from app.errors import Invalid
from app.i18n import lazy_gettext as _
from app.models import Buddy, Newcomer, StaffNote
from app.queries.history import notes_for
from app.queries.reach import one
from app.security.permissions import Permission
from app.security.predicates import demand
from app.security.viewer import Viewer
from app.services.intake import newcomer_to_judge
from app.services.records import audit
from app.services.screening import buddy_to_judge


def write_on_buddy(actor: Viewer, buddy_id: int, *, note: str) -> None:
    """Add a note about a buddy. Raises Invalid without words, NotFound for another network."""
    with transaction():
        buddy = buddy_to_judge(actor, buddy_id)
        _add(actor, "buddy", buddy, note)


def write_on_newcomer(actor: Viewer, newcomer_id: int, *, note: str) -> None:
    """Add a note about a newcomer. Raises Invalid without words, NotFound for another network."""
    with transaction():
        newcomer = newcomer_to_judge(actor, newcomer_id)
        _add(actor, "newcomer", newcomer, note)


def _add(actor: Viewer, subject: str, record: Buddy | Newcomer, note: str) -> None:
    if not note:
        raise Invalid("note", _("Write the note first."))
    with transaction() as db:
        network = record.network_slug
        db.add(
            StaffNote(
                person_id=record.person_id, network_slug=network, by_person_id=actor.person_id, text=note
            )
        )
        audit(actor, "note-written", subject, record.id, network=network)


def take_away(actor: Viewer, note_id: int) -> None:
    """Delete a note of the own network that should not stand there; that it was done stays. Raises NotFound."""
    demand(actor, Permission.JUDGE_BUDDY)
    with transaction() as db:
        note = one(notes_for(actor).where(StaffNote.id == note_id))
        audit(actor, "note-removed", "person", note.person_id, network=note.network_slug)
        db.delete(note)
