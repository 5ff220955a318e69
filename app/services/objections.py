"""Somebody wants no proposals by the matcher, or wants them again (GDPR art. 21 and 22)."""

from sqlalchemy import update

from app.clock import now
from app.db import transaction
from app.models import Person
from app.security.permissions import Permission
from app.security.predicates import demand
from app.security.viewer import Viewer
from app.services.records import audit


def set_objection(actor: Viewer, *, objects: bool) -> None:
    """From now on the next plans leave the actor out, or no longer do. Said twice is said once."""
    demand(actor, Permission.OWN_ACCOUNT)
    with transaction() as db:
        before = Person.objects_at.is_(None) if objects else Person.objects_at.is_not(None)
        changed = db.execute(
            update(Person).where(Person.id == actor.person_id, before)
            .values(objects_at=now() if objects else None).returning(Person.id)
        ).first()  # fmt: skip
        if changed is None:
            return
        if objects:
            audit(actor, "objected", "person", actor.person_id)
        else:
            audit(actor, "objection-ended", "person", actor.person_id)
