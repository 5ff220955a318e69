"""Activities that can be joined now: published, not over, by organisations that a coordinator knows. For everybody."""

from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, or_, select

from app.clock import in_brussels, today
from app.db import session
from app.models import Listing, Offer, Organisation
from app.vocabulary import OfferKind, Weekday
from app.vocabulary.activities import OfferState
from app.vocabulary.masks import SLOTS, tags_of

LOOKED_THROUGH = 60
SHOWN_AT_HOME = 3


def is_open_to_all() -> ColumnElement[bool]:
    """Whether an activity was published for everybody: what belongs to a duo or to one newcomer never is."""
    return Offer.state == OfferState.PUBLISHED


def joinable() -> Select[Offer]:
    """The activities that can be joined today."""
    return (
        select(Offer)
        .outerjoin(Organisation, Organisation.id == Offer.organisation_id)
        .where(
            is_open_to_all(),
            or_(Offer.ends_on.is_(None), Offer.ends_on >= today()),
            or_(Offer.organisation_id.is_(None), Organisation.verified_at.is_not(None)),
        )
    )


def of_organisation(organisation_id: int) -> Select[Offer]:
    """What can be joined at that organisation, by title."""
    return joinable().where(Offer.organisation_id == organisation_id).order_by(Offer.title, Offer.id)


def this_week(on: date) -> list[Offer]:
    """A few activities of different kinds for the home page, the soonest in the week first."""
    newest = session().execute(
        joinable().join(Listing, Listing.offer_id == Offer.id).where(Listing.slot_bits != 0)
        .add_columns(Listing.next_at, Listing.slot_bits)
        .order_by(Offer.published_at.desc(), Offer.id.desc()).limit(LOOKED_THROUGH)
    )  # fmt: skip
    waits = [(_days_until(next_at, bits, on), offer.id, offer) for offer, next_at, bits in newest]
    one_each: dict[OfferKind, Offer] = {}
    for _, _, offer in sorted(waits, key=lambda wait: wait[:2]):
        one_each.setdefault(offer.kind, offer)
    return list(one_each.values())[:SHOWN_AT_HOME]


def networks_with_offers() -> list[str]:
    """The slugs of the networks where something can be joined."""
    return list(session().scalars(joinable().with_only_columns(Offer.network_slug).distinct()))


def _days_until(next_at: datetime | None, bits: int, on: date) -> int:
    """Whole days until it takes place next, by its date or else by the moments of the week."""
    if next_at is not None:
        return (in_brussels(next_at).date() - on).days
    days = [day.value for day in Weekday]
    return min((days.index(slot.partition("-")[0]) - on.weekday()) % 7 for slot in tags_of(bits, SLOTS))
