"""Who comes to activities in the demo: a full group with a waiting list, and last week's group with its hours."""

from datetime import datetime, time, timedelta

from sqlalchemy import select, update

from app.clock import BRUSSELS, now, today
from app.db import session, transaction
from app.models import ContactPerson, HourEntry, Newcomer, Occurrence, Offer, Person, SignUp
from app.queries.accounts import viewer_of
from app.services import presence, sign_ups
from app.services.demo.people_to_try import NETWORK
from app.vocabulary import NewcomerState, OfferKind
from app.vocabulary.activities import OfferState

PLACES, WAITING, COMING, THERE = 8, 4, 9, 4
MINUTES = 120


def join_activities(tried: Newcomer, contact: ContactPerson) -> None:
    """Let people of the network that is tried come to the conversation group of its neighbourhood house.

    `contact` signs there and has an account.
    """
    with transaction() as db:
        group = db.scalars(
            select(Offer).where(
                Offer.contact_person_id == contact.id, Offer.kind == OfferKind.CONVERSATION_GROUP,
                Offer.state == OfferState.PUBLISHED,
            ).order_by(Offer.id).limit(1)
        ).unique().one()  # fmt: skip
        db.execute(update(Offer).where(Offer.id == group.id).values(places=PLACES, waiting_places=WAITING))
        for person in [tried.person, *_people(tried)]:
            sign_ups.join(viewer_of(person), group.id)
        long_ago = now() - timedelta(days=20)
        # Nobody who is invented gets a letter about the place; the group met last week already.
        db.execute(update(SignUp).values(told=True))
        db.execute(
            update(SignUp)
            .where(SignUp.joined_at.is_not(None))
            .values(joined_at=long_ago, created_at=long_ago)
        )
        db.expire_all()
        _met(group, contact)


def _people(tried: Newcomer) -> list[Person]:
    """People of the network who told no hours, so that nothing is at the same time."""
    told = select(HourEntry.newcomer_id)
    found = session().scalars(
        select(Newcomer)
        .where(
            Newcomer.network_slug == NETWORK, Newcomer.id != tried.id, Newcomer.id.not_in(told),
            Newcomer.state == NewcomerState.WAITING,
        )
        .order_by(Newcomer.id).limit(COMING)
    ).unique()  # fmt: skip
    return [newcomer.person for newcomer in found]


def _met(group: Offer, contact: ContactPerson) -> None:
    """The group met last week: half of it was there."""
    day = today() - timedelta(days=today().weekday() + 6)  # the Tuesday of last week
    begins = datetime.combine(day, time(10), tzinfo=BRUSSELS)
    met = Occurrence(
        offer_id=group.id, gathering_id=group.gatherings[0].id, starts_at=begins,
        ends_at=begins + timedelta(minutes=MINUTES), announced_at=begins, asked_at=begins,
    )  # fmt: skip
    session().add(met)
    session().flush()
    assert contact.person_id is not None
    host = presence.host_by_account(viewer_of(session().get_one(Person, contact.person_id)), group.id)
    told = select(HourEntry.newcomer_id)
    there = select(SignUp.id).where(
        SignUp.offer_id == group.id, SignUp.joined_at.is_not(None), SignUp.newcomer_id.not_in(told)
    )  # fmt: skip
    came = session().scalars(there.order_by(SignUp.id).limit(THERE)).all()
    presence.mark(host, met.id, came, MINUTES)
