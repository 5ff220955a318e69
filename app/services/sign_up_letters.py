"""What is written about activities: a place, a time that falls out, the day before; and to contact persons, who comes and who was there.

All of it is work for the worker, which may be run as often as one likes: what was written is marked in the same
transaction, so that nothing is written twice, and what a stopped worker left is written by the next.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Select, func, or_, select, update
from sqlalchemy.orm import joinedload

from app.clock import in_brussels, now, start_of_day, today
from app.db import session, transaction
from app.models import ContactPerson, Newcomer, Occurrence, Offer, OfferText, Organisation, Presence, SignUp
from app.queries.reach import rows
from app.queries.sign_ups import LIVE, going_on_at, there, was_to_come
from app.services.accounts import new_link
from app.services.outbox import tell, tell_contact
from app.services.sign_ups import changed, move_up
from app.vocabulary.activities import OfferState
from app.vocabulary.records import LinkPurpose
from app.vocabulary.sign_ups import PresenceState, SignUpState

LOOKS_BACK: Final = timedelta(days=14)
"""A time that is over for longer is not asked about any more."""
DAYS_NAMED: Final = 6
JUST_NOW: Final = timedelta(hours=3)
"""Who took a place since then knows when it is."""


@dataclass(frozen=True)
class ActivityLinks:
    """Absolute addresses for letters: of (locale, token) the page to stop, and that of who comes; `find(locale)` the list."""

    leave: Callable[[str, str], str]
    people: Callable[[str, str], str]
    find: Callable[[str], str]


def tell_about_activities(links: ActivityLinks) -> int:
    """Write of places that were taken or came free, and of times that fell out; returns how many letters."""
    for offer_id in session().scalars(_could_move_up()).all():
        move_up(offer_id)
    placed = session().scalars(select(SignUp.id).where(SignUp.told.is_(False)).order_by(SignUp.id)).all()
    fallen = session().scalars(_fallen_out().with_only_columns(Occurrence.offer_id).distinct()).all()
    return sum(_tell_placed(key, links) for key in placed) + sum(
        _tell_fallen_out(key, links) for key in fallen
    )


def remind_about_activities(links: ActivityLinks) -> int:
    """Write to who comes tomorrow, and to contact persons who comes and who was there; returns how many letters."""
    tomorrow = today() + timedelta(days=1)
    begins, ends = start_of_day(tomorrow), start_of_day(tomorrow + timedelta(days=1))
    coming = session().execute(
        select(SignUp.id, func.min(Occurrence.starts_at)).join(Occurrence, there()).join(Offer, Offer.id == SignUp.offer_id)
        .where(
            SignUp.state == SignUpState.JOINED, Offer.state == OfferState.PUBLISHED,
            or_(SignUp.reminded_on.is_(None), SignUp.reminded_on < tomorrow), Occurrence.cancelled_at.is_(None),
            Occurrence.starts_at >= begins, Occurrence.starts_at < ends, SignUp.joined_at < now() - JUST_NOW, ~_excused(),
        ).group_by(SignUp.id).order_by(SignUp.id)
    ).all()  # fmt: skip
    done = sum(_remind(key, at, tomorrow, links) for key, at in coming)
    soon = _with_people().where(
        Occurrence.announced_at.is_(None), Occurrence.starts_at >= begins, Occurrence.starts_at < ends
    )
    over = _with_people().where(
        Occurrence.asked_at.is_(None), Occurrence.ends_at <= now(), Occurrence.ends_at > now() - LOOKS_BACK, _unmarked()
    )  # fmt: skip
    done += sum(_write_to_contact(key, "who-comes", links) for key in session().scalars(soon).all())
    return done + sum(_write_to_contact(key, "who-was-there", links) for key in session().scalars(over).all())


def _could_move_up() -> Select[int]:
    free = or_(Offer.places.is_(None), Offer.places_taken < Offer.places)
    return select(Offer.id).where(Offer.state == OfferState.PUBLISHED, Offer.waiting_taken > 0, free)


def _fallen_out() -> Select[Occurrence]:
    """Times to come that do not take place, for which somebody signed up who was not told. While it is checked again, all waits."""
    return (
        select(Occurrence)
        .join(Offer, Offer.id == Occurrence.offer_id)
        .join(SignUp, there())
        .where(
            Occurrence.cancelled_at.is_not(None), Occurrence.told_at.is_(None), Occurrence.starts_at > now(),
            SignUp.state.in_(LIVE), Offer.state.not_in((OfferState.TO_CHECK, OfferState.DRAFT)),
        )
    )  # fmt: skip


def _with_people() -> Select[int]:
    """Times for which somebody has a place, of organisations that are known."""
    return (
        select(Occurrence.id).distinct()
        .join(Offer, Offer.id == Occurrence.offer_id).join(Organisation, Organisation.id == Offer.organisation_id)
        .join(SignUp, there() & was_to_come())
        .where(Occurrence.cancelled_at.is_(None), Organisation.verified_at.is_not(None))
        .order_by(Occurrence.id)
    )  # fmt: skip


def _excused() -> Any:
    return (
        select(Presence.id)
        .where(
            Presence.sign_up_id == SignUp.id,
            Presence.occurrence_id == Occurrence.id,
            Presence.state == PresenceState.EXCUSED,
        )
        .exists()
    )


def _unmarked() -> Any:
    return ~select(Presence.id).where(
        Presence.sign_up_id == SignUp.id, Presence.occurrence_id == Occurrence.id
    ).correlate(SignUp, Occurrence).exists()  # fmt: skip


def _tell_placed(key: int, links: ActivityLinks) -> int:
    with transaction():
        if not changed(update(SignUp).where(SignUp.id == key, SignUp.told.is_(False)).values(told=True)):
            return 0
        sign_up = _whole(key)
        if sign_up.state is not SignUpState.JOINED:
            return 0
        time = going_on_at([key], now()).get(key)
        moved = sign_up.joined_at != sign_up.created_at
        _write(
            sign_up, "place-free" if moved else "activity-joined", links, at=time.starts_at if time else None
        )
        return 1


def _tell_fallen_out(offer_id: int, links: ActivityLinks) -> int:
    """One letter a person, with all the times that fell out."""
    with transaction():
        # who comes second waits for these rows, and then finds none that was not told
        times = rows(
            select(Occurrence).where(
                Occurrence.offer_id == offer_id, Occurrence.cancelled_at.is_not(None), Occurrence.told_at.is_(None),
                Occurrence.starts_at > now(),
            ).order_by(Occurrence.starts_at, Occurrence.id).with_for_update()
        )  # fmt: skip
        found = session().execute(
            select(SignUp.id, Occurrence.starts_at).join(Occurrence, there())
            .where(Occurrence.id.in_([time.id for time in times]), SignUp.state.in_(LIVE))
            .order_by(SignUp.id, Occurrence.starts_at)
        )  # fmt: skip
        missed: dict[int, list[datetime]] = {}
        for key, at in found:
            missed.setdefault(key, []).append(at)
        following = going_on_at(missed, now())
        for key, days in missed.items():
            then = following.get(key)
            named = [at.isoformat() for at in days[:DAYS_NAMED]]
            if then is None:
                _write(_whole(key), "activity-over", links, days=named, leave=False)
            else:
                _write(_whole(key), "activity-changed", links, days=named, at=then.starts_at)
        for time in times:
            time.told_at = now()
        return len(missed)


def _remind(key: int, at: datetime, day: date, links: ActivityLinks) -> int:
    with transaction():
        fresh = or_(SignUp.reminded_on.is_(None), SignUp.reminded_on < day)
        if not changed(
            update(SignUp)
            .where(SignUp.id == key, fresh, SignUp.state == SignUpState.JOINED)
            .values(reminded_on=day)
        ):
            return 0
        _write(_whole(key), "activity-tomorrow", links, at=at)
        return 1


def _write_to_contact(key: int, kind: str, links: ActivityLinks) -> int:
    column = Occurrence.announced_at if kind == "who-comes" else Occurrence.asked_at
    with transaction() as db:
        if not changed(
            update(Occurrence).where(Occurrence.id == key, column.is_(None)).values({column.key: now()})
        ):
            return 0
        time = db.get_one(Occurrence, key, populate_existing=True)
        offer = db.get_one(Offer, time.offer_id)
        contact = offer.contact_person
        if contact.left_at is not None:
            return 0
        people = db.scalar(
            select(func.count(SignUp.id)).join(Occurrence, Occurrence.id == key).where(there(), was_to_come(), ~_excused())
        )  # fmt: skip
        tell_contact(
            contact, kind, network=offer.network_slug, link=links.people(contact.locale, link_of(contact, offer)),
            activity=offer.title, when=time.starts_at.isoformat(), people=people,
        )  # fmt: skip
        return 1


def link_of(contact: ContactPerson, offer: Offer) -> str:
    """A new secret that opens who comes to that activity, for that contact person."""
    return new_link(
        LinkPurpose.WHO_COMES, locale=contact.locale, contact_person_id=contact.id, offer=offer.id
    )


def _whole(key: int) -> SignUp:
    return session().scalars(
        select(SignUp).where(SignUp.id == key).execution_options(populate_existing=True)
        .options(joinedload(SignUp.newcomer).joinedload(Newcomer.person), joinedload(SignUp.gathering))
    ).unique().one()  # fmt: skip


def _write(
    sign_up: SignUp,
    kind: str,
    links: ActivityLinks,
    *,
    at: datetime | None = None,
    leave: bool = True,
    **facts: Any,
) -> None:
    """Write to the newcomer in the own language, with the activity as it is called in it; a link to stop goes along."""
    person, offer = sign_up.newcomer.person, sign_up.offer
    text = session().scalars(
        select(OfferText).where(OfferText.offer_id == offer.id, OfferText.language == person.locale)
    ).one_or_none()  # fmt: skip
    link = links.find(person.locale)
    if leave:
        token = new_link(
            LinkPurpose.LEAVE_ACTIVITY, locale=person.locale, person_id=person.id, sign_up=sign_up.id
        )
        link = links.leave(person.locale, token)
    tell(
        person, kind, network=sign_up.newcomer.network_slug, link=link, activity=text.title if text else offer.title,
        where=_where(sign_up), when=at and in_brussels(at).isoformat(), **facts,
    )  # fmt: skip


def _where(sign_up: SignUp) -> str:
    """The building, street and town of the place that is come to."""
    place = sign_up.gathering or next(iter(sign_up.offer.gatherings), None)
    if place is None:
        return sign_up.offer.municipality
    parts = (
        place.place,
        place.address,
        f"{place.postcode} {place.locality or place.municipality}".strip(),
    )
    return ", ".join(dict.fromkeys(filter(None, parts)))
