"""Selections of buddies, each limited to what the viewer may see."""

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select

from app.clock import today
from app.models import Buddy, Duo, Newcomer
from app.queries.blocks import is_clear
from app.queries.reach import reach
from app.security.permissions import Permission, Scope
from app.security.viewer import Viewer
from app.vocabulary import BuddyState, DuoState

CONTACT_SHARED = (DuoState.MEETING, DuoState.ACTIVE, DuoState.PAUSED)


def can_be_proposed() -> ColumnElement[bool]:
    """Whether newcomers may be proposed to a buddy: ready, screened today, in no duo in which contact is stopped, and
    nobody has to decide because of the block list.
    """
    stopped = exists(select(Duo.id).where(Duo.buddy_id == Buddy.id, Duo.state == DuoState.FROZEN))
    screened = or_(Buddy.screened_until.is_(None), Buddy.screened_until >= today())
    return and_(Buddy.state == BuddyState.APPROVED, screened, ~stopped, is_clear(Buddy.person_id))


def buddies_for(viewer: Viewer, permission: Permission = Permission.SEE_BUDDIES) -> Select[Buddy]:
    """The buddies that the permission reaches."""
    shared = exists(
        select(Duo.id).join(Newcomer, Newcomer.id == Duo.newcomer_id)
        .where(Duo.buddy_id == Buddy.id, Newcomer.person_id == viewer.person_id, Duo.state.in_(CONTACT_SHARED))
    )  # fmt: skip
    return select(Buddy).where(
        reach(viewer, permission, {
            Scope.OWN: Buddy.person_id == viewer.person_id,
            Scope.NETWORK: Buddy.network_slug.in_(viewer.networks),
            Scope.DUO: shared,
        })
    )  # fmt: skip
