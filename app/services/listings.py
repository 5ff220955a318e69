"""What searches go by, and the days that lie ahead: made from the activities, at once when one changes and each night.

`Listing` and `Occurrence` hold nothing that cannot be made again from offers and gatherings.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import selectinload

from app.clock import now, today
from app.db import after_commit, session, transaction
from app.extensions import queue
from app.models import Gathering, Listing, Occurrence, Offer
from app.reference import gazetteer
from app.reference.folding import fold
from app.rhythms import times_of
from app.vocabulary.activities import OfferState
from app.vocabulary.masks import GOALS, LIKINGS, SLOTS, SUITED, mask, rank

AHEAD: Final = timedelta(weeks=9)
"""How far ahead days are known; the nightly job moves it on."""
AT_ONCE: Final = 500


def refresh(offer_ids: Iterable[int]) -> None:
    """Make the days ahead and the listings of these activities anew; belongs to each change of one."""
    wanted = sorted(set(offer_ids))
    with transaction() as db:
        db.flush()
        for at in range(0, len(wanted), AT_ONCE):
            part = wanted[at : at + AT_ONCE]
            # who comes second waits here, and then sees what the first made
            db.scalars(select(Offer.id).where(Offer.id.in_(part)).order_by(Offer.id).with_for_update()).all()
            offers = db.scalars(
                select(Offer).where(Offer.id.in_(part)).options(selectinload(Offer.gatherings))
                .execution_options(populate_existing=True)
            ).unique().all()  # fmt: skip
            for offer in offers:
                offer.gatherings.sort(key=lambda gathering: gathering.position)
            _keep_days(offers)
            _keep_listings(offers)


def refresh_listings() -> int:
    """Move the days ahead on for all published activities; returns how many. For the worker, each night."""
    shown = list(
        session().scalars(select(Offer.id).where(Offer.state == OfferState.PUBLISHED).order_by(Offer.id))
    )
    left_over = select(Listing.offer_id).join(Offer, Offer.id == Listing.offer_id)
    wanted = [*shown, *session().scalars(left_over.where(Offer.state != OfferState.PUBLISHED).distinct())]
    for at in range(0, len(wanted), AT_ONCE):
        refresh(wanted[at : at + AT_ONCE])
    return len(shown)


def seats_changed(offer: Offer) -> None:
    """Say in the listings whether somebody can still come in; belongs to each sign-up and each place given back."""
    session().execute(
        update(Listing).where(Listing.offer_id == offer.id).values(joinable=offer.can_be_joined)
    )


def _shown(offer: Offer) -> bool:
    known = offer.organisation is None or offer.organisation.verified_at is not None
    going_on = offer.ends_on is None or offer.ends_on >= today()
    return offer.state is OfferState.PUBLISHED and known and going_on


def _keep_days(offers: Iterable[Offer]) -> None:
    """The days ahead as they follow from the gatherings now: new ones are added, those that fell out are cancelled."""
    first, last = today(), today() + AHEAD
    wanted = {key: at for offer in offers if _shown(offer) for key, at in _days(offer, first, last).items()}
    ids = [offer.id for offer in offers]
    kept = session().scalars(
        select(Occurrence).where(Occurrence.offer_id.in_(ids), Occurrence.starts_at > now())
    )
    for day in kept:
        ends_at = wanted.pop((day.offer_id, day.gathering_id, day.starts_at), None)
        if ends_at is None:
            if day.cancelled_at is None:
                after_commit(_tell)
            day.cancelled_at = day.cancelled_at or now()
        else:
            day.ends_at, day.cancelled_at, day.told_at = ends_at, None, None
    session().add_all(
        Occurrence(offer_id=offer_id, gathering_id=gathering_id, starts_at=starts_at, ends_at=ends_at)
        for (offer_id, gathering_id, starts_at), ends_at in wanted.items()
    )
    session().flush()


def _tell() -> None:
    """Who would come hears of what fell out."""
    queue.hint("tell_about_activities")


def _days(offer: Offer, first: date, last: date) -> dict[tuple[int, int | None, datetime], datetime]:
    last = min(last, offer.ends_on) if offer.ends_on else last
    return {
        (offer.id, gathering.id, start): end
        for gathering in offer.gatherings
        for start, end in times_of(gathering.rhythm, first, last)
        if start > now()
    }


def _keep_listings(offers: Iterable[Offer]) -> None:
    """The rows that searches go by; an activity that may not be seen has none."""
    ids = [offer.id for offer in offers]
    session().execute(delete(Listing).where(Listing.offer_id.in_(ids)))
    ahead = (
        select(Occurrence.gathering_id, func.min(Occurrence.starts_at))
        .where(Occurrence.offer_id.in_(ids), Occurrence.starts_at > now(), Occurrence.cancelled_at.is_(None))
        .group_by(Occurrence.gathering_id)
    )
    coming = dict(session().execute(ahead).all())
    session().add_all(
        _listing(offer, gathering, coming.get(gathering.id))
        for offer in offers
        if _shown(offer)
        for gathering in offer.gatherings
    )
    session().flush()


def _listing(offer: Offer, gathering: Gathering, next_at: datetime | None) -> Listing:
    lat, lon, network = _point(gathering)
    house = offer.organisation.name if offer.organisation else ""
    where = gathering.municipality or offer.municipality
    return Listing(
        offer_id=offer.id, gathering_id=gathering.id, network_slug=network or offer.network_slug, municipality=where,
        lat=lat, lon=lon, kind=offer.kind, level=rank(offer.dutch_level), goal_bits=mask(offer.goals, GOALS),
        interest_bits=mask(offer.interests, LIKINGS), slot_bits=mask(gathering.moments, SLOTS),
        suited_bits=mask(offer.suited, SUITED), price_cents=offer.price_cents, joinable=offer.can_be_joined,
        next_at=next_at, ends_on=offer.ends_on,
        search_key=fold(f"{offer.title} {house} {gathering.place} {gathering.locality} {where}"),
    )  # fmt: skip


def _point(gathering: Gathering) -> tuple[float | None, float | None, str | None]:
    """Where the gazetteer puts it: latitude, longitude, network; nothing when the place is not known for sure."""
    named = f"{gathering.postcode} {gathering.locality}".strip() or gathering.municipality
    match gazetteer.resolve(named):
        case gazetteer.Found(place):
            return place.lat, place.lon, place.network
        case _:
            return None, None, None
