"""Lists of activities that were brought in, the organisations for which that can be done, and what of a list is here already."""

from collections.abc import Collection, Iterable
from typing import Final

from sqlalchemy import Select, select
from sqlalchemy.orm import defer, selectinload

from app.db import session
from app.models import ContactPerson, Offer, OfferList, Organisation, Transition
from app.queries.reach import one, reach, rows
from app.security.permissions import Permission, Scope
from app.security.viewer import Viewer
from app.vocabulary.activities import OfferState
from app.vocabulary.records import Subject

AT_ONCE: Final = 500


def lists_for(viewer: Viewer) -> Select[OfferList]:
    """The lists of the viewer's networks, newest first, without their contents."""
    own = OfferList.network_slug.in_(viewer.networks)
    return (
        select(OfferList).where(reach(viewer, Permission.MOVE_OFFERS, {Scope.NETWORK: own}))
        .options(defer(OfferList.content), defer(OfferList.report)).order_by(OfferList.id.desc())
    )  # fmt: skip


def list_of(viewer: Viewer, list_id: int) -> OfferList:
    """One list of the viewer's networks, as it is now. Raises NotFound."""
    return one(lists_for(viewer).where(OfferList.id == list_id).execution_options(populate_existing=True))


def houses_for(viewer: Viewer) -> Select[Organisation]:
    """The verified organisations for which the viewer may bring in activities: somebody speaks for them. By name."""
    own = Organisation.network_slug.in_(viewer.networks)
    speaks = select(ContactPerson.organisation_id).where(ContactPerson.left_at.is_(None))
    return (
        select(Organisation).where(
            reach(viewer, Permission.MOVE_OFFERS, {Scope.NETWORK: own}), Organisation.verified_at.is_not(None),
            Organisation.id.in_(speaks),
        ).order_by(Organisation.name, Organisation.id)
    )  # fmt: skip


def first_contacts(houses: Collection[int]) -> dict[int, int]:
    """Who was named first of those who speak for each of these organisations."""
    found = select(ContactPerson.organisation_id, ContactPerson.id).where(
        ContactPerson.organisation_id.in_(houses), ContactPerson.left_at.is_(None)
    ).order_by(ContactPerson.id.desc())  # fmt: skip
    return {house: contact for house, contact in session().execute(found) if house is not None}


def known_offers(keys: Iterable[tuple[str, str]], *, own_source: str) -> dict[tuple[str, str], Offer]:
    """The activities that are here under these sources and keys; those made here have their own key."""
    found: dict[tuple[str, str], Offer] = {}
    by_source: dict[str, list[str]] = {}
    for source, key in keys:
        by_source.setdefault(source, []).append(key)
    whole = (selectinload(Offer.gatherings), selectinload(Offer.texts))
    for source, wanted in by_source.items():
        for at in range(0, len(wanted), AT_ONCE):
            part = wanted[at : at + AT_ONCE]
            if source == own_source:
                numbers = [int(key) for key in part if key.isascii() and key.isdecimal() and len(key) < 10]
                made = select(Offer).where(
                    Offer.id.in_(numbers), Offer.source.is_(None), Offer.state.is_not(None)
                )
            else:
                made = select(Offer).where(Offer.source == source, Offer.source_id.in_(part))
            for offer in rows(made.options(*whole)):
                found[source, offer.source_id or str(offer.id)] = offer
    return found


def may_come_back(offers: Iterable[Offer], *, reason: str) -> set[int]:
    """The keys of those of these activities that ended, but not because somebody here said so: a list did, for that
    reason, or their last day was over.
    """
    ended = [offer.id for offer in offers if offer.state is OfferState.ENDED]
    found: set[int] = set()
    for at in range(0, len(ended), AT_ONCE):
        steps = (
            select(Transition.subject_id, Transition.reason, Transition.actor_id)
            .where(Transition.subject == Subject.OFFER, Transition.subject_id.in_(ended[at : at + AT_ONCE]))
            .order_by(Transition.id)
        )
        last = {key: why == reason or who is None for key, why, who in session().execute(steps)}
        found |= {key for key, back in last.items() if back}
    return found
