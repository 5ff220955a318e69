"""One time of an activity that does not take place, and one that does after all: the rhythm stays as it is."""

from app.clock import in_brussels, now
from app.db import session, transaction
from app.errors import Moved
from app.models import Gathering, Occurrence, Offer
from app.queries.offer_days import times_ahead
from app.queries.reach import one
from app.security.viewer import Viewer
from app.services import listings
from app.services.offers import held
from app.services.records import audit
from app.vocabulary.activities import OfferState
from app.vocabulary.records import Subject


def call_off(actor: Viewer, offer_id: int, occurrence_id: int) -> None:
    """It does not take place that time. Raises NotFound, or Moved when it is no longer published or was called off."""
    with transaction():
        offer, place, day = _held(actor, offer_id, occurrence_id)
        if day in place.except_dates:
            raise Moved()
        place.except_dates = sorted({*place.except_dates, day})
        _changed(actor, offer)


def put_back(actor: Viewer, offer_id: int, occurrence_id: int) -> None:
    """It takes place after all. Raises NotFound, or Moved when it is no longer published or was put back."""
    with transaction():
        offer, place, day = _held(actor, offer_id, occurrence_id)
        if day not in place.except_dates:
            raise Moved()
        place.except_dates = [kept for kept in place.except_dates if kept != day]
        _changed(actor, offer)


def _held(actor: Viewer, offer_id: int, occurrence_id: int) -> tuple[Offer, Gathering, str]:
    """The activity, held, with the place of that time and its day as an ISO date."""
    offer = held(actor, offer_id)
    time = one(times_ahead(offer.id).where(Occurrence.id == occurrence_id))
    if offer.state is not OfferState.PUBLISHED:
        raise Moved()
    place = next(place for place in offer.gatherings if place.id == time.gathering_id)
    session().refresh(place)
    return offer, place, in_brussels(time.starts_at).date().isoformat()


def _changed(actor: Viewer, offer: Offer) -> None:
    offer.changed_at = now()
    audit(actor, "offer-changed", Subject.OFFER, offer.id, network=offer.network_slug)
    listings.refresh([offer.id])
