"""Activities that can be joined now: published, not over, by organisations that a coordinator knows. For everybody."""

from datetime import date

from sqlalchemy import ColumnElement, Select, or_, select

from app.clock import today
from app.db import session
from app.models import Offer, Organisation
from app.queries.reach import count, rows
from app.vocabulary import OfferKind, Slot

PAGE = 24
LOOKED_THROUGH = 60
SHOWN_AT_HOME = 3


def is_open_to_all() -> ColumnElement[bool]:
    """Whether an activity was published for everybody: what belongs to a duo or to one newcomer never is."""
    return Offer.published_at.is_not(None) & Offer.duo_id.is_(None) & Offer.newcomer_id.is_(None)


def joinable(*, network: str | None = None, kind: OfferKind | None = None) -> Select[Offer]:
    """The activities that can be joined today, of one network and one kind where they are given."""
    found = (
        select(Offer)
        .outerjoin(Organisation, Organisation.id == Offer.organisation_id)
        .where(
            is_open_to_all(),
            or_(Offer.ends_on.is_(None), Offer.ends_on >= today()),
            or_(Offer.organisation_id.is_(None), Organisation.verified_at.is_not(None)),
        )
    )
    if network:
        found = found.where(Offer.network_slug == network)
    return found.where(Offer.kind == kind) if kind else found


def page_of(found: Select[Offer], number: int, *, nearest: str = "") -> tuple[list[Offer], int, int]:
    """One page of activities, those of the municipality `nearest` first: (activities, number of the page, pages)."""
    pages = max(1, -(-count(found) // PAGE))
    number = min(max(number, 1), pages)
    ordered = found.order_by(Offer.municipality != nearest, Offer.municipality, Offer.title, Offer.id)
    return rows(ordered.limit(PAGE).offset((number - 1) * PAGE)), number, pages


def this_week(on: date) -> list[Offer]:
    """A few activities of different kinds for the home page, the soonest in the week first."""
    newest = rows(
        joinable().where(Offer.slot.is_not(None)).order_by(Offer.published_at.desc(), Offer.id.desc()).limit(LOOKED_THROUGH)
    )  # fmt: skip
    soonest = sorted(newest, key=lambda offer: (_days_until(offer.slot, on), offer.id))
    one_each: dict[OfferKind, Offer] = {}
    for offer in soonest:
        one_each.setdefault(offer.kind, offer)
    return list(one_each.values())[:SHOWN_AT_HOME]


def networks_with_offers() -> list[str]:
    """The slugs of the networks where something can be joined."""
    return list(session().scalars(joinable().with_only_columns(Offer.network_slug).distinct()))


def _days_until(slot: str | None, on: date) -> int:
    """Whole days until that moment of the week comes next; a week when it is not known."""
    days = [day.value for day in dict.fromkeys(moment.weekday for moment in Slot)]
    day = (slot or "").partition("-")[0]
    return (days.index(day) - on.weekday()) % 7 if day in days else 7
