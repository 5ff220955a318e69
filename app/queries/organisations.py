"""Organisations and their contact persons: as everybody may see them, and as their own people and staff follow them."""

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import selectinload

from app.models import ContactPerson, Offer, Organisation
from app.queries.reach import reach
from app.security.permissions import Permission, Scope
from app.security.viewer import Viewer
from app.vocabulary.activities import OfferState


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


def named_alike(found: Organisation) -> Select[Organisation]:
    """Others with the same name but for case, anywhere: perhaps the same organisation registered twice."""
    return select(Organisation).where(
        func.lower(Organisation.name) == found.name.lower(), Organisation.id != found.id
    ).order_by(Organisation.id)  # fmt: skip


def offers_for(viewer: Viewer, permission: Permission = Permission.EDIT_OFFER) -> Select[Offer]:
    """The activities of organisations that the permission reaches: the own ones, or those in the own networks."""
    conditions = {
        Scope.NETWORK: Offer.network_slug.in_(viewer.networks),
        Scope.OFFER: Offer.organisation_id.in_(viewer.organisations),
    }
    return select(Offer).where(Offer.state.is_not(None), reach(viewer, permission, conditions)).order_by(
        Offer.title, Offer.id
    )  # fmt: skip


def desk(viewer: Viewer, state: str = "") -> Select[Offer]:
    """What the viewer may change, in one state or all: what waits for an act first, then by title."""
    order = case({kind.value: at for at, kind in enumerate(ORDER)}, value=Offer.state)
    found = offers_for(viewer).options(selectinload(Offer.gatherings)).order_by(None)
    return (found.where(Offer.state == state) if state else found).order_by(order, Offer.title, Offer.id)


ORDER = (OfferState.TO_CHECK, OfferState.DRAFT, OfferState.PUBLISHED, OfferState.TAKEN_BACK, OfferState.ENDED)


def to_check(viewer: Viewer) -> Select[Offer]:
    """Activities that an organisation sent to be checked, the oldest first; those of unverified ones wait for that."""
    return offers_for(viewer, Permission.PUBLISH_OFFER).join(
        Organisation, Organisation.id == Offer.organisation_id
    ).where(Offer.state == OfferState.TO_CHECK, Organisation.verified_at.is_not(None)).order_by(None).order_by(
        Offer.changed_at, Offer.id
    )  # fmt: skip
