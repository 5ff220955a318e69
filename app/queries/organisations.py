"""Organisations and their contact persons: as everybody may see them, and as their own people and staff follow them."""

import re
from collections.abc import Sequence
from typing import Final

from sqlalchemy import ColumnElement, Select, case, false, func, or_, select
from sqlalchemy.orm import selectinload

from app.db import session
from app.models import ContactPerson, HourEntry, Offer, Organisation
from app.queries.hours import AWAITING
from app.queries.reach import reach
from app.reference.folding import fold
from app.security.permissions import Permission, Scope
from app.security.viewer import Viewer
from app.vocabulary.activities import OfferState
from app.vocabulary.organisations import Likeness

MOST_DOUBLES: Final = 5
LEGAL_FORMS: Final = frozenset({"vzw", "asbl", "bv", "nv", "cv", "cvba", "bvba", "npo"})


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


def likely_doubles(
    found: Organisation, people: Sequence[ContactPerson]
) -> list[tuple[Organisation, list[Likeness]]]:
    """Others that are perhaps the same organisation registered twice, with what they have in common; five at most.

    `people` speak for it now. A name is the same whatever its case, marks and legal form, within one municipality.
    For who decides about the organisation.
    """
    by_person = Organisation.id.in_(
        select(ContactPerson.organisation_id).where(
            ContactPerson.left_at.is_(None),
            or_(
                ContactPerson.email.in_([person.email for person in people if person.email]),
                ContactPerson.phone.in_([person.phone for person in people if person.phone]),
            ),
        )
    )
    by_website = (Organisation.website == found.website) if found.website else false()
    near = or_(Organisation.municipality == found.municipality, by_person, by_website)
    others = session().execute(
        select(Organisation, by_person).where(near, Organisation.id != found.id).order_by(Organisation.id)
    )
    alike = ((other, _in_common(found, other, same_person=same)) for other, same in others)
    return [(other, why) for other, why in alike if why][:MOST_DOUBLES]


def _in_common(found: Organisation, other: Organisation, *, same_person: bool) -> list[Likeness]:
    same_town = other.municipality == found.municipality
    facts = {
        Likeness.NAME: same_town and bare_name(other.name) == bare_name(found.name),
        Likeness.PERSON: same_person,
        Likeness.WEBSITE: bool(found.website) and other.website == found.website,
    }
    return [why for why, holds in facts.items() if holds]


def bare_name(name: str) -> str:
    """A name as it is compared: folded, without signs and without its legal form."""
    words = re.findall(r"\w+", fold(name).replace(".", ""))
    return " ".join(word for word in words if word not in LEGAL_FORMS) or " ".join(words)


def weight_of(organisation_id: int) -> tuple[int, int]:
    """How many activities of it everybody sees now, and how many lines of hours wait for its answer.

    For who decides about the organisation.
    """
    shown = select(func.count()).select_from(Offer).where(
        Offer.organisation_id == organisation_id, Offer.state == OfferState.PUBLISHED
    )  # fmt: skip
    waiting = (
        select(func.count()).select_from(HourEntry)
        .join(ContactPerson, ContactPerson.id == HourEntry.contact_person_id)
        .where(ContactPerson.organisation_id == organisation_id, HourEntry.state.in_(AWAITING))
    )  # fmt: skip
    row = session().execute(select(shown.scalar_subquery(), waiting.scalar_subquery())).one()
    return row[0], row[1]


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
