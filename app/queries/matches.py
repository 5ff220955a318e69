"""Selections of runs, proposals and duos, each limited to what the viewer may see."""

from sqlalchemy import Select, or_, select

from app.models import Buddy, Duo, Newcomer, Proposal, Run
from app.queries.reach import reach
from app.security.permissions import Permission, Scope
from app.security.viewer import Viewer


def runs_for(viewer: Viewer, permission: Permission = Permission.SEE_PROPOSALS) -> Select[Run]:
    """The runs that the permission reaches."""
    return select(Run).where(
        reach(viewer, permission, {Scope.NETWORK: Run.network_slug.in_(viewer.networks)})
    )


def proposals_for(viewer: Viewer, permission: Permission = Permission.SEE_PROPOSALS) -> Select[Proposal]:
    """The proposals that the permission reaches: those of the viewer's networks' runs."""
    return select(Proposal).join(Run).where(
        reach(viewer, permission, {Scope.NETWORK: Run.network_slug.in_(viewer.networks)})
    )  # fmt: skip


def duos_for(viewer: Viewer, permission: Permission = Permission.SEE_DUOS) -> Select[Duo]:
    """The duos that the permission reaches; for a buddy or newcomer the own ones."""
    own = [Duo.buddy_id == viewer.buddy_id] if viewer.buddy_id else []
    own += [Duo.newcomer_id == viewer.newcomer_id] if viewer.newcomer_id else []
    conditions = {
        Scope.CASELOAD: Duo.newcomer_id.in_(
            select(Newcomer.id).where(Newcomer.counsellor_id == viewer.person_id)
        ),
        Scope.NETWORK: or_(
            Duo.network_slug.in_(viewer.networks),
            Duo.buddy_id.in_(select(Buddy.id).where(Buddy.network_slug.in_(viewer.networks))),
        ),
    }
    if own:
        conditions[Scope.OWN] = or_(*own)
    return select(Duo).where(reach(viewer, permission, conditions))
