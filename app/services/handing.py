"""Passing a newcomer to a colleague, and announcing a newcomer to an offer: the warm handover (R34)."""

from datetime import date, timedelta

from sqlalchemy import update

from app.clock import now, today
from app.db import lock, transaction
from app.errors import Invalid
from app.i18n import lazy_gettext as _
from app.models import CounsellorTransfer, Newcomer, WarmHandover
from app.queries.contracts import contract_of
from app.queries.followup import colleagues_of
from app.security.permissions import Permission
from app.security.predicates import demand
from app.security.viewer import Viewer
from app.services.contracts import own_newcomer
from app.services.records import audit, move

MOST_AWAY = timedelta(days=366)


def transfer(actor: Viewer, newcomer_id: int, to_person_id: int, *, note: str = "") -> CounsellorTransfer:
    """Make a colleague of the same agency the counsellor; the actor no longer sees the newcomer from then on.

    Raises NotFound, Forbidden, Moved, or Invalid with the field `to` for somebody who is no such colleague.
    """
    with transaction() as db:
        newcomer = own_newcomer(actor, newcomer_id, Permission.SET_CONTRACT)
        lock(Newcomer, newcomer.id)
        colleagues = colleagues_of(actor, newcomer, contract_of(newcomer.id))
        agency = next((agency for person, agency in colleagues if person.id == to_person_id), None)
        if agency is None:
            raise Invalid("to", _("Choose a colleague of your agency."))
        move(
            update(Newcomer).where(Newcomer.id == newcomer.id, Newcomer.counsellor_id == actor.person_id)
            .values(counsellor_id=to_person_id)
        )  # fmt: skip
        made = CounsellorTransfer(
            newcomer_id=newcomer.id, from_person_id=actor.person_id, to_person_id=to_person_id, agency_slug=agency, note=note,
        )  # fmt: skip
        db.add(made)
        db.flush()
        audit(
            actor, "newcomer-transferred", "newcomer", newcomer.id, before=actor.person_id, after=to_person_id
        )
        return made


def transfer_seen(actor: Viewer, newcomer_id: int) -> None:
    """The colleague has seen that this newcomer was handed over. Raises NotFound, or Moved when it was noted before."""
    with transaction():
        newcomer = own_newcomer(actor, newcomer_id, Permission.SET_CONTRACT)
        lock(Newcomer, newcomer.id)
        move(
            update(CounsellorTransfer)
            .where(
                CounsellorTransfer.newcomer_id == newcomer.id, CounsellorTransfer.to_person_id == actor.person_id,
                CounsellorTransfer.seen_at.is_(None),
            )
            .values(seen_at=now())
        )  # fmt: skip


def plan_handover(
    actor: Viewer, newcomer_id: int, *, to_whom: str, agreed: bool, planned_on: date, note: str = ""
) -> WarmHandover:
    """Write that the newcomer will be announced, which she agreed to (R34). Raises NotFound, or Invalid with the field."""
    with transaction() as db:
        newcomer = own_newcomer(actor, newcomer_id, Permission.SET_CONTRACT)
        if not agreed:
            raise Invalid("agreed", _("Ask the newcomer first. You decide this together."))
        if not to_whom:
            raise Invalid("to_whom", _("Write to whom you announce the newcomer."))
        if abs(planned_on - today()) > MOST_AWAY:
            raise Invalid("planned_on", _("Choose a day within a year from now."))
        made = WarmHandover(
            newcomer_id=newcomer.id, to_whom=to_whom, agreed_on=today(), planned_on=planned_on, note=note,
            by_person_id=actor.person_id,
        )  # fmt: skip
        db.add(made)
        db.flush()
        audit(actor, "handover-planned", "newcomer", newcomer.id, handover=made.id)
        return made


def handover_done(actor: Viewer, newcomer_id: int, handover_id: int) -> None:
    """The newcomer was announced. Raises NotFound, or Moved when that was noted before."""
    demand(actor, Permission.SET_CONTRACT)
    with transaction():
        newcomer = own_newcomer(actor, newcomer_id, Permission.SET_CONTRACT)
        move(
            update(WarmHandover)
            .where(WarmHandover.id == handover_id, WarmHandover.newcomer_id == newcomer.id, WarmHandover.done_on.is_(None))
            .values(done_on=today())
        )  # fmt: skip
        audit(actor, "handover-done", "newcomer", newcomer.id, handover=handover_id)
