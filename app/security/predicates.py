"""Rules that no role lifts: separation of duties, beside the map of permissions."""

from app.errors import Forbidden
from app.security.permissions import Permission
from app.security.viewer import Viewer


def demand(viewer: Viewer, permission: Permission) -> None:
    """Raise Forbidden when no role of the viewer gives the permission."""
    if not viewer.can(permission):
        raise Forbidden()


def not_about_oneself(viewer: Viewer, *person_ids: int | None) -> None:
    """Raise Forbidden when the decision concerns the person who takes it (R13 and the rules of separation)."""
    if viewer.person_id is not None and viewer.person_id in person_ids:
        raise Forbidden()
