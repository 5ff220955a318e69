"""Who was there: a contact person ticks a group in one go, by a link or signed in, and the hours of who came are confirmed.

The newcomer told that she would come; who was there says that she did. So the hours go the way of all hours: kept
once, free of overlap (R49), and confirmed by the contact person, never by oneself (R13), never by an organisation that
nobody knows (T6). Who was not there gets no hours, and nothing else follows from it.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import time as clock

from sqlalchemy import select, update

from app.clock import in_brussels, now
from app.db import lock, session, transaction
from app.errors import Forbidden, Invalid, Moved, NotFound
from app.i18n import lazy_gettext as _
from app.models import ContactPerson, HourEntry, Occurrence, Offer, Presence
from app.queries.hours import AWAITING, entries_for, overlapping
from app.queries.reach import one, rows
from app.queries.sign_ups import Expected, expected_at, hosted_by, hosted_by_contact
from app.security.permissions import Permission
from app.security.predicates import demand
from app.security.viewer import Viewer
from app.services import confirmations, hours
from app.services.accounts import open_link
from app.services.confirmations import BY_ACCOUNT, BY_MAIL, Signer, is_same_person, refuse_unverified
from app.services.hours import Telling
from app.services.records import audit, move, record_transition
from app.vocabulary import EntryState, Role
from app.vocabulary.records import LinkPurpose, Subject
from app.vocabulary.sign_ups import PresenceState

TOLD_BY_SIGN_UP = "sign-up"


@dataclass(frozen=True)
class Host:
    """Who looks at the people of an activity, and signs for them."""

    offer: Offer
    signer: Signer


def host_by_link(token: str, actor: Viewer) -> Host:
    """The holder of a link to who comes. Raises NotFound, Gone, or Forbidden for who left and for who is not known."""
    link = open_link(token, LinkPurpose.WHO_COMES)
    contact = session().get_one(ContactPerson, link.contact_person_id)
    if contact.left_at is not None:
        raise Forbidden()
    offer = one(hosted_by_contact(contact, link.facts.get("offer", 0)))
    refuse_unverified(contact)
    lines = select(HourEntry).where(HourEntry.contact_person_id == contact.id)
    return Host(offer, Signer(lines, contact.name, BY_MAIL, actor))


def host_by_account(actor: Viewer, offer_id: int) -> Host:
    """Somebody of the organisation, signed in. Raises NotFound, or Forbidden while the organisation is not known."""
    demand(actor, Permission.SIGN_HOURS)
    offer = one(hosted_by(actor).where(Offer.id == offer_id))
    refuse_unverified(offer.contact_person)
    lines = entries_for(actor, Permission.SIGN_HOURS)
    role = actor.role_for(Permission.SEE_SIGN_UPS)
    return Host(offer, Signer(lines, actor.name, BY_ACCOUNT, actor, role))


def meeting_at(host: Host, occurrence_id: int) -> Occurrence:
    """A time of the activity that takes place. Raises NotFound."""
    wanted = select(Occurrence).where(
        Occurrence.id == occurrence_id, Occurrence.offer_id == host.offer.id, Occurrence.cancelled_at.is_(None)
    )  # fmt: skip
    return one(wanted)


def is_own(host: Host, expected: Expected) -> bool:
    """Whether who signs is that newcomer: somebody else has to (R13)."""
    person = expected.sign_up.newcomer.person
    return host.signer.actor.person_id == person.id or is_same_person(person, host.offer.contact_person)


def mark(host: Host, occurrence_id: int, came: Collection[int], minutes: int) -> int:
    """Say who was there (keys of sign-ups) and how long; returns how many times are confirmed now. All, or none.

    Who is not named was not there; that can be mended by naming her later. Raises NotFound; Forbidden for the own time;
    Moved when nothing is new; Invalid with the field `minutes` or `came` when it is not over, or hours are in the way.
    """
    with transaction():
        lock(Occurrence, occurrence_id)
        time = meeting_at(host, occurrence_id)
        if time.ends_at > now():
            raise Invalid("came", _("This time is not over yet. You can tell it afterwards."))
        people = {one_of.sign_up.id: one_of for one_of in expected_at(time)}
        if not set(came) <= set(people):
            raise NotFound()
        fresh = [key for key in came if people[key].state is not PresenceState.CAME]
        fresh.sort(key=lambda key: people[key].sign_up.newcomer_id)  # held in one order by everybody
        if any(is_own(host, people[key]) for key in fresh):
            raise Forbidden(_("Nobody can confirm the own hours."))
        told = [_keep(host, time, people[key], minutes) for key in fresh]
        _confirm(host, [entry.id for entry in told if entry.state in AWAITING])
        absent = [one_of for key, one_of in people.items() if key not in came and one_of.presence is None]
        if came and not fresh and not absent:
            raise Moved(_("You told this already. Thank you."), code="marked")
        for one_of in absent:
            _note(one_of, time, PresenceState.MISSED)
        audit(
            host.signer.actor, "attendance-marked", Subject.OFFER, host.offer.id, network=host.offer.network_slug,
            time=time.id, came=len(fresh), missed=len(absent),
        )  # fmt: skip
        return len(fresh)


def _keep(host: Host, time: Occurrence, expected: Expected, minutes: int) -> HourEntry:
    """The hours of one person at that time: told before, or kept now; they wait to be confirmed."""
    newcomer, begins = expected.sign_up.newcomer, in_brussels(time.starts_at)
    telling = Telling(
        day=begins.date(), at=clock(begins.hour, begins.minute), minutes=minutes, dutch_company=_in_dutch(host.offer),
        key=f"time-{time.id}-{newcomer.id}", sure=True,
    )  # fmt: skip
    entry = _told_before(host, expected, telling)
    if entry is None:
        entry, _fresh = hours.keep(
            host.signer.actor, telling, role=Role.ORGANISATION, newcomer_id=newcomer.id, offer=lambda: host.offer,
            entered_by=newcomer.person_id,
        )  # fmt: skip
    if entry.state is EntryState.DRAFT:
        move(
            update(HourEntry).where(HourEntry.id == entry.id, HourEntry.state == EntryState.DRAFT)
            .values(state=EntryState.SUBMITTED)
        )  # fmt: skip
        record_transition(
            Subject.HOUR_ENTRY, entry.id, EntryState.DRAFT, EntryState.SUBMITTED, actor=host.signer.actor,
            role=Role.ORGANISATION, reason=TOLD_BY_SIGN_UP,
        )  # fmt: skip
        session().refresh(entry)
    _note(expected, time, PresenceState.CAME, entry.id)
    return entry


def _told_before(host: Host, expected: Expected, telling: Telling) -> HourEntry | None:
    """The same time that the newcomer told herself. Raises Invalid when other hours are in the way; not of what."""
    starts_at = hours.instant_of(telling.day, telling.at)
    ends_at = HourEntry.end(starts_at, telling.minutes)
    lock_first = expected.sign_up.newcomer
    lock(type(lock_first), lock_first.id)
    found = rows(overlapping(lock_first.id, starts_at, ends_at))
    if not found:
        return None
    entry = found[0]
    same = (entry.offer_id, entry.starts_at, entry.minutes) == (host.offer.id, starts_at, telling.minutes)
    if same and len(found) == 1 and entry.state is not EntryState.CORRECTED:
        return entry
    raise Invalid(
        "came",
        _(
            "%(name)s told other hours at that time. Leave out this name, and talk about it together.",
            name=lock_first.person.first_name,
        ),
        code="overlap",
    )


def _confirm(host: Host, entry_ids: Collection[int]) -> None:
    if entry_ids:
        session().flush()
        lines = select(HourEntry).where(HourEntry.id.in_(entry_ids))
        signer = host.signer
        confirmations.confirm(Signer(lines, signer.name, signer.way, signer.actor, signer.role), entry_ids)


def _note(expected: Expected, time: Occurrence, state: PresenceState, entry_id: int | None = None) -> None:
    presence = expected.presence
    if presence is None:
        session().add(
            Presence(sign_up_id=expected.sign_up.id, occurrence_id=time.id, state=state, entry_id=entry_id)
        )
    else:
        presence.state, presence.entry_id = state, entry_id


def _in_dutch(offer: Offer) -> bool:
    """Whether it was in the company of people who speak Dutch: as a counsellor judged, else as the organisation answered."""
    return bool(offer.fluent_speakers) if offer.dutch_spoken is None else offer.dutch_spoken


def contacts_seen(host: Host) -> None:
    """Write down that somebody of the organisation looked how to reach who comes (who saw whose contact details)."""
    with transaction():
        audit(
            host.signer.actor, "sign-up-contacts-seen", Subject.OFFER, host.offer.id, network=host.offer.network_slug
        )  # fmt: skip
