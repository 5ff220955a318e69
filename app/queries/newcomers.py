"""Selections of newcomers, each limited to what the viewer may see."""

from sqlalchemy import Select, exists, select

from app.models import Buddy, Duo, Newcomer
from app.queries.buddies import CONTACT_SHARED
from app.queries.reach import reach
from app.security.permissions import Permission, Scope
from app.security.viewer import Viewer


def newcomers_for(viewer: Viewer, permission: Permission = Permission.SEE_NEWCOMERS) -> Select[Newcomer]:
    """The newcomers that the permission reaches."""
    shared = exists(
        select(Duo.id).join(Buddy, Buddy.id == Duo.buddy_id)
        .where(Duo.newcomer_id == Newcomer.id, Buddy.person_id == viewer.person_id, Duo.state.in_(CONTACT_SHARED))
    )  # fmt: skip
    return select(Newcomer).where(
        reach(viewer, permission, {
            Scope.OWN: Newcomer.person_id == viewer.person_id,
            Scope.CASELOAD: Newcomer.counsellor_id == viewer.person_id,
            Scope.NETWORK: Newcomer.network_slug.in_(viewer.networks),
            Scope.DUO: shared,
        })
    )  # fmt: skip
