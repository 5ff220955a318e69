"""Activities of organisations: sent to check, published, ended, and taken up again. Writing them: offer_writing.

An organisation sends to check; a coordinator of the network publishes.
"""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import update

from app.clock import now, today
from app.db import lock, session, transaction
from app.errors import Invalid, Moved, Refusal
from app.i18n import lazy_gettext as _
from app.models import ContactPerson, Offer, Organisation
from app.queries.organisations import contacts_of, offers_for
from app.queries.reach import one, rows
from app.rhythms import last_day
from app.security.permissions import Permission
from app.security.predicates import demand, not_about_oneself
from app.security.viewer import Viewer
from app.services import listings
from app.services.outbox import tell_contact
from app.services.records import audit, move, record_transition
from app.vocabulary import Role
from app.vocabulary.activities import OfferState
from app.vocabulary.records import Subject

PageFor = Callable[[str, int], str]
"""(locale, key of the activity) -> the absolute address of its page for the organisation."""

LONGEST: Final = timedelta(days=366)
USUAL: Final = timedelta(days=183)
"""How long an activity without an end of its own is shown before the organisation is asked whether it goes on."""
FURTHEST: Final = timedelta(days=365 * 3)


def send_to_check(actor: Viewer, offer_id: int) -> None:
    """Ask the coordinator to publish it. Raises NotFound, Moved, or Invalid that says what is missing still."""
    with transaction():
        offer = held(actor, offer_id)
        missing = still_missing(offer)
        if missing:
            raise Invalid(None, missing[0], code="incomplete")
        move_offer(
            actor, offer, (OfferState.DRAFT, OfferState.TAKEN_BACK), OfferState.TO_CHECK, check_note=""
        )


def publish(actor: Viewer, offer_id: int, *, page_for: PageFor, seen: str | None = None) -> None:
    """Show it to everybody: Dutch is spoken there by people who speak it well, and people meet (R06, R07).

    `seen` is `version` of what the coordinator looked at. Raises NotFound, Forbidden about an own activity, Moved when
    it is no longer to be checked or was changed since it was seen, or Refusal when its organisation is not verified, it
    is over, or a counsellor judged that it does not count.
    """
    with transaction():
        offer = _judged(actor, offer_id)
        if seen is not None and seen != version(offer):
            raise Moved(
                _("The organisation changed this activity a moment ago. Look at it again."), code="changed"
            )
        demand_verified(offer)
        if offer.meets_criteria is False:
            raise Refusal(_("A counsellor judged that this activity does not count."), code="criteria")
        until = offer.ends_on or _own_end(offer)
        if until < today():
            raise Refusal(_("All dates of this activity are past."), code="past")
        move_offer(
            actor,
            offer,
            (OfferState.TO_CHECK,),
            OfferState.PUBLISHED,
            published_at=now(),
            ends_on=until,
            asked_at=None,
        )
        _tell(offer, "offer-published", page_for)


def send_back(actor: Viewer, offer_id: int, *, note: str, page_for: PageFor) -> None:
    """Give it back to the organisation with what should be better. Raises as `publish`, or Invalid without words."""
    with transaction():
        offer = _judged(actor, offer_id)
        if not note:
            raise Invalid("note", _("Write in a few words what should be better."))
        move_offer(actor, offer, (OfferState.TO_CHECK,), OfferState.DRAFT, check_note=note)
        _tell(offer, "offer-sent-back", page_for, note=note)


def take_back(actor: Viewer, offer_id: int) -> None:
    """Show it no longer; it can be sent to check again. Raises NotFound or Moved."""
    with transaction():
        offer = held(actor, offer_id)
        move_offer(actor, offer, (OfferState.TO_CHECK, OfferState.PUBLISHED), OfferState.TAKEN_BACK)


def end(actor: Viewer, offer_id: int) -> None:
    """It is over: what was told and signed for it stays. Raises NotFound or Moved."""
    with transaction():
        offer = held(actor, offer_id)
        move_offer(
            actor,
            offer,
            (OfferState.PUBLISHED,),
            OfferState.ENDED,
            ends_on=min(today(), offer.ends_on or today()),
        )


def go_on(actor: Viewer, offer_id: int, until: date) -> None:
    """It goes on until and with that day, without another check. Raises NotFound, Moved, Invalid, or Refusal."""
    with transaction():
        continue_until(held(actor, offer_id), until, actor)


def continue_until(offer: Offer, until: date, actor: Viewer | None, *, role: Role | None = None) -> None:
    """As `go_on`, for who holds the activity already; `actor` None = by a link."""
    if not today() <= until <= today() + LONGEST:
        raise Invalid("until", _("Choose a day in the coming year."))
    last = _known_end(offer)
    if last is not None and last < today():
        raise Refusal(_("All dates of this activity are past. Give new dates first."), code="past")
    demand_verified(offer)
    move_offer(
        actor, offer, (OfferState.PUBLISHED, OfferState.ENDED), OfferState.PUBLISHED, role=role, ends_on=until,
        asked_at=None,
    )  # fmt: skip


def version(offer: Offer) -> str:
    """What differs as soon as the organisation changes the activity."""
    return offer.changed_at.isoformat()


def still_missing(offer: Offer) -> list[Any]:
    """What an activity needs before it can be checked, as sentences in the order of the form."""
    wanted = {
        _("Write in a few words what people do there."): bool(offer.words),
        _("Choose at least one goal."): bool(offer.goals),
        _("Say where it is."): bool(offer.gatherings),
        _("Say when it is: give dates or days of the week, or in which parts of the week."): all(
            gathering.rhythm.fixed or gathering.slots for gathering in offer.gatherings
        ),
        _("Say how many people are there who speak Dutch well."): bool(offer.fluent_speakers),
        _("Write in a few words how people meet each other."): bool(offer.meeting_words),
        _("Name who insures the participants."): bool(offer.insurer),
    }
    return [sentence for sentence, there in wanted.items() if not there]


def held(actor: Viewer, offer_id: int) -> Offer:
    """An activity that the actor may change, held until the transaction ends, as it is now. Raises NotFound."""
    demand(actor, Permission.EDIT_OFFER)
    return held_with_house(one(offers_for(actor).where(Offer.id == offer_id)))


def _judged(actor: Viewer, offer_id: int) -> Offer:
    demand(actor, Permission.PUBLISH_OFFER)
    offer = held_with_house(one(offers_for(actor, Permission.PUBLISH_OFFER).where(Offer.id == offer_id)))
    not_about_oneself(
        actor, *(contact.person_id for contact in rows(contacts_of(offer.organisation_id or 0)))
    )
    return offer


def held_with_house(offer: Offer) -> Offer:
    """This activity and its organisation as they are now, both held until the transaction ends.

    The organisation first, as whoever decides about it holds that before its activities.
    """
    if offer.organisation is not None:
        lock(Organisation, offer.organisation.id)
        session().refresh(offer.organisation)
    lock(Offer, offer.id)
    session().refresh(offer)
    return offer


def demand_verified(offer: Offer) -> None:
    """Raises Refusal where no coordinator knows the organisation of the activity (any more)."""
    if offer.organisation is None or offer.organisation.verified_at is None:
        raise Refusal(
            _(
                "This activity is not shown: the coordinator of the network has to verify the organisation first."
            ),
            code="not-verified",
        )


def move_offer(
    actor: Viewer | None, offer: Offer, before: Sequence[OfferState], after: OfferState, *, role: Role | None = None,
    **values: Any,
) -> None:  # fmt: skip
    """Move an activity that is held from one of these states, with what is written beside it. Raises Moved."""
    was = offer.state
    move(
        update(Offer).where(Offer.id == offer.id, Offer.state.in_(before))
        .values(state=after, changed_at=now(), **values)
    )  # fmt: skip
    session().refresh(offer)
    role = role or (actor.role_for(Permission.EDIT_OFFER) if actor else None)
    record_transition(Subject.OFFER, offer.id, was, after, actor=actor, role=role)
    audit(actor, f"offer-{after.value}", Subject.OFFER, offer.id, network=offer.network_slug)
    listings.refresh([offer.id])


def _known_end(offer: Offer) -> date | None:
    """The last day that follows from the dates; None when one of the places goes on without an end."""
    ends = [last_day(gathering.rhythm, today() + FURTHEST) for gathering in offer.gatherings]
    return max((day for day in ends if day), default=None) if all(ends) else None


def _own_end(offer: Offer) -> date:
    """When it is over or asked about, where the organisation names no day."""
    return min(_known_end(offer) or today() + USUAL, today() + LONGEST)


def _tell(offer: Offer, kind: str, page_for: PageFor, **facts: Any) -> None:
    """Write to all of the organisation who can sign in."""
    for contact in rows(contacts_of(offer.organisation_id or 0).where(ContactPerson.person_id.is_not(None))):
        tell_contact(
            contact, kind, network=offer.network_slug, link=page_for(contact.locale, offer.id), activity=offer.title,
            **facts,
        )  # fmt: skip
