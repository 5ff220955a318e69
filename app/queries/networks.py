"""Selections of networks: what everybody may know of them, and those of a viewer."""

from sqlalchemy import Select, select

from app.models import Buddy, Network, Newcomer
from app.queries.reach import reach, rows
from app.security.permissions import Permission, Scope
from app.security.viewer import Viewer


def all_networks() -> list[Network]:
    """The 18 networks by name; their names, numbers and callers are public."""
    return rows(select(Network).order_by(Network.name))


def networks_for(viewer: Viewer, permission: Permission = Permission.SET_NETWORK) -> Select[Network]:
    """The networks that the permission reaches, by name."""
    conditions = {Scope.NETWORK: Network.slug.in_(viewer.networks)}
    return select(Network).where(reach(viewer, permission, conditions)).order_by(Network.name)


def own_network(viewer: Viewer) -> Network | None:
    """The network in which the viewer is a buddy or newcomer: whom to ask for help."""
    as_buddy = select(Buddy.network_slug).where(Buddy.person_id == viewer.person_id)
    home = as_buddy.union(select(Newcomer.network_slug).where(Newcomer.person_id == viewer.person_id))
    return next(iter(rows(select(Network).where(Network.slug.in_(home)).order_by(Network.slug))), None)
