"""Activities that come to their end: the organisation is asked once whether it goes on, and without a yes it is over."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

from sqlalchemy import ColumnElement, or_, select

from app.clock import now, today
from app.db import lock, session, transaction
from app.errors import Forbidden, Gone, Moved, NotFound
from app.models import ContactPerson, Link, Offer, Organisation
from app.queries.care import askable
from app.queries.offers import joinable
from app.queries.organisations import offers_for
from app.queries.reach import one
from app.security.permissions import Permission
from app.security.predicates import demand
from app.security.viewer import Viewer
from app.services.accounts import new_link, open_link, use_link
from app.services.offers import continue_until, demand_verified, held_with_house, move_offer
from app.services.outbox import tell_contact
from app.services.records import audit
from app.vocabulary import Role
from app.vocabulary.activities import OfferState
from app.vocabulary.records import LinkPurpose, Subject

LinkFor = Callable[[str, str], str]
"""(locale, token) -> the absolute address of the page where a contact person says whether it goes on."""
ASKED_BEFORE: Final = timedelta(days=21)
ASKED_EARLY: Final = ASKED_BEFORE + timedelta(days=2)
"""Who was asked longer ago was asked by a coordinator, not because of this end."""


def ask_who_goes_on(link_for: LinkFor) -> int:
    """Ask the contact person of each activity that ends within three weeks, once; returns how many were asked.

    What is on one day only is not asked about. For the worker, each night.
    """
    due = select(Offer.id).join(Organisation, Organisation.id == Offer.organisation_id).where(
        Offer.state == OfferState.PUBLISHED, _not_asked_for_this(), Offer.ends_on >= today(),
        Offer.ends_on <= today() + ASKED_BEFORE, Organisation.verified_at.is_not(None),
    ).order_by(Offer.id)  # fmt: skip
    return sum(_ask(key, link_for) for key in session().scalars(due).all())


def end_offers() -> int:
    """What had its last day is over; returns how many. For the worker, each night."""
    over = (
        select(Offer.id)
        .where(Offer.state == OfferState.PUBLISHED, Offer.ends_on < today())
        .order_by(Offer.id)
    )
    return sum(_end(key) for key in session().scalars(over).all())


def offer_of_link(token: str, actor: Viewer) -> Offer:
    """The activity that the link asks about. Raises NotFound, Gone, or Forbidden for a contact person who left.

    Gone also when the activity was taken back since, Refusal when its organisation is no longer verified.
    """
    return _offer_of(open_link(token, LinkPurpose.GOES_ON), actor)


def answer(token: str, actor: Viewer, *, until: date | None) -> Offer:
    """Say until when it goes on, or None = it does not: then it ends on its last day. The link works once.

    Raises as `offer_of_link` and `go_on`; after a refused day the link still works.
    """
    with transaction():
        offer = held_with_house(_offer_of(use_link(token, LinkPurpose.GOES_ON), actor))
        if until is None:
            audit(actor, "offer-not-going-on", Subject.OFFER, offer.id, network=offer.network_slug)
        else:
            continue_until(offer, until, actor, role=Role.ORGANISATION)
        return offer


def _offer_of(link: Link, actor: Viewer) -> Offer:
    offer = session().get(Offer, link.facts.get("offer"))
    contact = session().get(ContactPerson, link.contact_person_id)
    if offer is None or contact is None or contact.organisation_id != offer.organisation_id:
        raise NotFound()
    if contact.left_at is not None:
        raise Forbidden()
    if offer.state not in (OfferState.PUBLISHED, OfferState.ENDED):
        raise Gone()
    demand_verified(offer)
    return offer


def _ask(key: int, link_for: LinkFor) -> bool:
    with transaction() as db:
        lock(Offer, key)
        offer = db.get_one(Offer, key, populate_existing=True)
        early = offer.asked_at is not None and offer.asked_at < now() - ASKED_EARLY
        if (
            offer.state is not OfferState.PUBLISHED
            or _is_one_day(offer)
            or not (offer.asked_at is None or early)
        ):
            return False
        _send_question(offer, link_for)
        return True


def ask_now(actor: Viewer, offer_id: int, link_for: LinkFor) -> str:
    """Ask the contact person of a published activity whether it goes on, because a coordinator doubts it.

    Returns the network of the activity.

    Raises NotFound, or Moved when it was asked in the last four weeks, is no longer published, or has no last day.
    """
    demand(actor, Permission.PUBLISH_OFFER)
    with transaction() as db:
        found = offers_for(actor, Permission.PUBLISH_OFFER).where(Offer.id == offer_id)
        lock(Offer, one(found).id)
        offer = db.get_one(Offer, offer_id, populate_existing=True)
        fit = joinable().where(Offer.id == offer_id, askable()).with_only_columns(Offer.id)
        if db.scalar(fit) is None:
            raise Moved
        _send_question(offer, link_for)
        audit(actor, "offer-asked", Subject.OFFER, offer.id, network=offer.network_slug)
        return offer.network_slug


def _send_question(offer: Offer, link_for: LinkFor) -> None:
    """Write to the contact person of an activity that is held; its last day is known."""
    offer.asked_at = now()
    contact = offer.contact_person
    token = new_link(LinkPurpose.GOES_ON, locale=contact.locale, contact_person_id=contact.id, offer=offer.id)
    assert offer.ends_on is not None
    tell_contact(
        contact, "offer-goes-on", network=offer.network_slug, link=link_for(contact.locale, token),
        activity=offer.title, day=offer.ends_on.isoformat(),
    )  # fmt: skip


def _not_asked_for_this() -> ColumnElement[bool]:
    """Whether nobody asked, or a coordinator did so long before the end."""
    return or_(Offer.asked_at.is_(None), Offer.asked_at < now() - ASKED_EARLY)


def _is_one_day(offer: Offer) -> bool:
    return bool(offer.gatherings) and not any(
        place.rule or len(place.dates) != 1 for place in offer.gatherings
    )


def _end(key: int) -> bool:
    with transaction() as db:
        lock(Offer, key)
        offer = db.get_one(Offer, key, populate_existing=True)
        if offer.state is not OfferState.PUBLISHED or offer.ends_on is None or offer.ends_on >= today():
            return False
        move_offer(None, offer, (OfferState.PUBLISHED,), OfferState.ENDED)
        return True
