"""An activity to which people come: one with a place, one who waits, and times that are over, for tests and pictures."""

from datetime import timedelta

from app.clock import now, today
from app.db import session, transaction
from app.models import Occurrence, SignUp
from app.services import sign_ups
from app.services.sign_up_letters import ActivityLinks, link_of
from tests import factories
from tests.factories import viewer

LINKS = ActivityLinks(
    leave=lambda locale, token: f"https://example.org/{locale}/j/{token}",
    people=lambda locale, token: f"https://example.org/{locale}/t/{token}",
    find=lambda locale: f"https://example.org/{locale}/activities",
)


def sign_up_of(newcomer, offer):
    """The last sign-up of that newcomer for that activity, as it is now."""
    session().expire_all()
    found = session().query(SignUp).filter_by(newcomer_id=newcomer.id, offer_id=offer.id)
    return found.order_by(SignUp.id.desc()).first()


def comes_to(offer, newcomer=None, *, days=10, **traits):
    """Somebody who signed up so many days ago."""
    newcomer = newcomer or factories.newcomer(**traits)
    sign_ups.join(viewer(newcomer.person), offer.id)
    with transaction():
        mine = sign_up_of(newcomer, offer)
        mine.joined_at = mine.joined_at and mine.joined_at - timedelta(days=days)
    return newcomer


def yesterday_at(offer, hour=10, minutes=120):
    """A time of the activity that was yesterday at that hour (UTC)."""
    starts_at = now().replace(hour=hour, minute=0, second=0, microsecond=0) - timedelta(days=1)
    return _time(offer, starts_at, minutes)


def tomorrow_at(offer, hour=10, minutes=120):
    """A time of the activity that is tomorrow at that hour (UTC)."""
    day = today() + timedelta(days=1)
    starts_at = now().replace(
        year=day.year, month=day.month, day=day.day, hour=hour, minute=0, second=0, microsecond=0
    )
    return _time(offer, starts_at, minutes)


def _time(offer, starts_at, minutes):
    with transaction() as db:
        found = db.query(Occurrence).filter_by(offer_id=offer.id, starts_at=starts_at).one_or_none()
        made = found or Occurrence(
            offer_id=offer.id, gathering_id=offer.gatherings[0].id, starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=minutes),
        )  # fmt: skip
        db.add(made)
    return made


def link_to(offer):
    """The secret that the contact person of that activity got."""
    with transaction():
        return link_of(offer.contact_person, offer)
