"""The times at which an activity takes place, for who makes it."""

from sqlalchemy import Select, select

from app.clock import in_brussels, now
from app.models import Gathering, Occurrence, Offer
from app.queries.reach import rows


def times_ahead(offer_id: int) -> Select[Occurrence]:
    """Each time ahead at a place that is still there, called off or not, the soonest first.

    For who may change the activity.
    """
    return (
        select(Occurrence).join(Gathering, Gathering.id == Occurrence.gathering_id)
        .where(Occurrence.offer_id == offer_id, Occurrence.starts_at > now())
        .order_by(Occurrence.starts_at, Occurrence.id)
    )  # fmt: skip


def next_times(offer: Offer, at_most: int = 8) -> list[Occurrence]:
    """The next times that stand, and those that were called off one by one and can be put back."""
    called_off = {(place.id, day) for place in offer.gatherings for day in place.except_dates}
    return [
        time
        for time in rows(times_ahead(offer.id))
        if time.cancelled_at is None
        or (time.gathering_id, in_brussels(time.starts_at).date().isoformat()) in called_off
    ][:at_most]
