"""Somebody wants no proposals by the matcher, or wants them again (GDPR art. 21 and 22)."""

from sqlalchemy import or_, select, update

from app.clock import now
from app.db import session, transaction
from app.models import Buddy, Newcomer, Person, Proposal
from app.security.permissions import Permission
from app.security.predicates import demand
from app.security.viewer import Viewer
from app.services.placing import drop_suggestions
from app.services.publishing import let_go_of
from app.services.records import audit


def set_objection(actor: Viewer, *, objects: bool) -> None:
    """From now on the next plans leave the actor out, or no longer do. Said twice is said once.

    What a plan suggests already is no longer valid, and pairs that nobody knows of are taken back.
    """
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
            _leave_plans(actor)
            audit(actor, "objected", "person", actor.person_id)
        else:
            audit(actor, "objection-ended", "person", actor.person_id)


def _leave_plans(actor: Viewer) -> None:
    db = session()
    records: list[Newcomer | Buddy] = [
        *db.scalars(select(Newcomer).where(Newcomer.person_id == actor.person_id)).unique(),
        *db.scalars(select(Buddy).where(Buddy.person_id == actor.person_id)).unique(),
    ]
    for record in records:
        let_go_of(record)
    mine = or_(Proposal.newcomer_id == actor.newcomer_id, Proposal.buddy_id == actor.buddy_id)
    drop_suggestions(mine, reason="objected")
