"""Organisations and their contact persons: as everybody may see them, and as their own people and staff follow them."""

from sqlalchemy import ColumnElement, Select, select

from app.models import ContactPerson, Offer, Organisation
from app.queries.reach import reach
from app.security.permissions import Permission, Scope
from app.security.viewer import Viewer


def shown_organisations() -> Select[Organisation]:
    """Organisations that a coordinator verified: for everybody."""
    return select(Organisation).where(Organisation.verified_at.is_not(None))


def _reached(viewer: Viewer) -> dict[Scope, ColumnElement[bool]]:
    return {
        Scope.NETWORK: Organisation.network_slug.in_(viewer.networks),
        Scope.OFFER: Organisation.id.in_(viewer.organisations),
    }


def organisations_for(viewer: Viewer, permission: Permission = Permission.EDIT_OFFER) -> Select[Organisation]:
    """The organisations that the permission reaches, by name."""
    return select(Organisation).where(reach(viewer, permission, _reached(viewer))).order_by(
        Organisation.name, Organisation.id
    )  # fmt: skip


def to_verify(viewer: Viewer) -> Select[Organisation]:
    """Organisations whose address is confirmed and about which no coordinator decided yet, the oldest first."""
    return organisations_for(viewer, Permission.PUBLISH_OFFER).where(
        Organisation.confirmed_at.is_not(None), Organisation.verified_at.is_(None), Organisation.refused_at.is_(None)
    ).order_by(None).order_by(Organisation.confirmed_at, Organisation.id)  # fmt: skip


def contacts_of(organisation_id: int) -> Select[ContactPerson]:
    """Who speaks for that organisation now, the first one named first. For who may see the organisation."""
    return select(ContactPerson).where(
        ContactPerson.organisation_id == organisation_id, ContactPerson.left_at.is_(None)
    ).order_by(ContactPerson.id)  # fmt: skip


def offers_for(viewer: Viewer, permission: Permission = Permission.EDIT_OFFER) -> Select[Offer]:
    """The activities of organisations that the permission reaches: the own ones, or those in the own networks."""
    conditions = {
        Scope.NETWORK: Offer.network_slug.in_(viewer.networks),
        Scope.OFFER: Offer.organisation_id.in_(viewer.organisations),
    }
    return select(Offer).where(Offer.state.is_not(None), reach(viewer, permission, conditions)).order_by(
        Offer.title, Offer.id
    )  # fmt: skip
