"""Taking the activities of the own networks away as a file, in the form in which they can be brought in again."""

from typing import Any

from app.db import transaction
from app.queries.offer_exports import in_parts, offers_to_take, record
from app.security.permissions import Permission
from app.security.predicates import demand
from app.security.viewer import Viewer
from app.services.records import audit


def take_away(actor: Viewer, *, source: str, kind: str) -> list[dict[str, Any]]:
    """Every activity in reach, whatever its state; `source` names this site, `kind` of file is for the audit log."""
    demand(actor, Permission.MOVE_OFFERS)
    found = [record(offer, source=source) for part in in_parts(offers_to_take(actor)) for offer in part]
    with transaction():
        audit(actor, "offers-exported", rows=len(found), kind=kind)
    return found
