"""Telling hours, and what the newcomer does with an entry until somebody else has confirmed it.

- draft -> submitted -> confirmed, corrected or refused (app/services/confirmations.py)
- corrected -> confirmed when the newcomer agrees, submitted when not
- confirmed -> accepted or submitted; accepted -> reversed (app/services/trajectories.py)
- draft, submitted, corrected -> reversed: taken back before anybody confirmed it
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import func, select, update

from app.clock import BRUSSELS, days_ago, in_brussels, now
from app.db import lock, session, transaction
from app.errors import Forbidden, Invalid, Moved
from app.i18n import lazy_gettext as _
from app.models import ContactPerson, Duo, HourEntry, Message, Newcomer, Offer, Person, Proof
from app.queries.hours import AWAITING, STANDING, entries_for, offers_to_tell, overlapping
from app.queries.proofs import proofs_for
from app.queries.reach import one
from app.security.identity import canonical_email
from app.security.permissions import Permission
from app.security.predicates import demand
from app.security.viewer import Viewer
from app.services import proofs
from app.services.accounts import new_link
from app.services.outbox import tell_contact
from app.services.records import move, record_transition
from app.vocabulary import DuoState, EntryState, OfferKind, Role
from app.vocabulary.records import LinkPurpose, ProofState, Subject

LinkFor = Callable[
    [str, str], str
]  # (locale, token) -> the absolute address of the page that the token opens

LONGEST_MINUTES = 24 * 60
LONG_DAY_MINUTES = 10 * 60
OLDEST_DAYS = 3 * 366
MAILS_AN_HOUR = 3
TAKEN_BACK_FROM = (EntryState.DRAFT, *AWAITING, EntryState.CORRECTED)


@dataclass(frozen=True)
class Telling:
    """When and how long, in Brussels time and whole minutes. `key` marks one form: sent twice, it is one entry.

    `sure` says that a day of more than ten hours is meant.
    """

    day: date
    at: time
    minutes: int
    dutch_company: bool
    key: str
    sure: bool = False


@dataclass(frozen=True)
class Occasion:
    """Something that is not in the list yet: what it was, and who was there and can confirm it."""

    kind: OfferKind
    title: str
    contact_name: str
    contact_email: str | None
    contact_phone: str | None
    language: str


def tell(actor: Viewer, offer_id: int, telling: Telling, link_for: LinkFor) -> HourEntry:
    """Keep hours spent on an offer. A buddy's go to the contact person at once, a newcomer's wait for `send`.

    Raises NotFound, Forbidden, or Invalid with the field `day`, `at`, `minutes` or `sure`.
    """
    with transaction():
        demand(actor, Permission.TELL_HOURS)
        offer = one(offers_to_tell(actor).where(Offer.id == offer_id))
        duo = session().get(Duo, offer.duo_id) if offer.duo_id else None
        by_buddy = duo is not None and duo.buddy_id == actor.buddy_id
        newcomer_id = duo.newcomer_id if duo is not None else actor.newcomer_id
        assert newcomer_id is not None  # what is no duo's is told by newcomers only
        role = Role.BUDDY if by_buddy else Role.NEWCOMER
        entry, fresh = keep(actor, telling, role=role, newcomer_id=newcomer_id, offer=lambda: offer, duo=duo)
        if fresh and by_buddy:
            _submit(actor, role, entry, link_for)
        return entry


def tell_other(actor: Viewer, occasion: Occasion, telling: Telling) -> HourEntry:
    """Keep the own hours spent on something that is not in the list, and make it an offer of the own.

    Raises Forbidden, or Invalid with the field `contact_email`, `contact_phone`, `day`, `at`, `minutes` or `sure`.
    """
    with transaction():
        demand(actor, Permission.TELL_HOURS)
        if actor.newcomer_id is None:
            raise Forbidden()
        newcomer = session().get_one(Newcomer, actor.newcomer_id)
        _refuse_own_address(newcomer.person, occasion)
        entry, _fresh = keep(
            actor,
            telling,
            role=Role.NEWCOMER,
            newcomer_id=newcomer.id,
            offer=lambda: _offer_of(newcomer, occasion),
        )
        return entry


def send(actor: Viewer, entry_id: int, link_for: LinkFor) -> str:
    """Send a draft to its contact person, or send the link once more; returns the secret of a link to pass on.

    The contact person gets the link by mail too, when the address is known. The link that the newcomer passes on
    opens her own lines only. Raises NotFound, or Moved when the contact person has answered.
    """
    with transaction():
        entry = one(entries_for(actor, Permission.TELL_HOURS).where(HourEntry.id == entry_id))
        role = Role.NEWCOMER if entry.newcomer_id == actor.newcomer_id else Role.BUDDY
        if entry.state is EntryState.DRAFT:
            _submit(actor, role, entry, link_for)
        elif entry.state in AWAITING:
            _ask_about(entry, link_for)
        else:
            raise Moved()
        return new_link(
            LinkPurpose.CONFIRM_HOURS, locale=entry.contact_person.locale, person_id=actor.person_id,
            contact_person_id=entry.contact_person_id, newcomer=entry.newcomer_id,
        )  # fmt: skip


def ask_to_sign(actor: Viewer, proof_id: int, link_for: LinkFor) -> str:
    """Ask the contact person to sign an own open proof; returns the secret of a link to pass on. Raises NotFound, or Moved."""
    with transaction():
        proof = one(proofs_for(actor, Permission.OWN_TRACK).where(Proof.id == proof_id))
        if proof.state is not ProofState.OPEN:
            raise Moved()
        contact = proof.contact_person
        ask_contact(contact, link_for)
        return new_link(
            LinkPurpose.CONFIRM_HOURS, locale=contact.locale, person_id=actor.person_id,
            contact_person_id=contact.id, newcomer=proof.newcomer_id,
        )  # fmt: skip


def take_back(actor: Viewer, entry_id: int) -> None:
    """Take back what was told by mistake, as long as nobody has confirmed it; it stays as a record. Raises Moved."""
    with transaction():
        entry = one(entries_for(actor, Permission.TELL_HOURS).where(HourEntry.id == entry_id))
        before = entry.state
        move(
            update(HourEntry).where(HourEntry.id == entry.id, HourEntry.state == before, HourEntry.state.in_(TAKEN_BACK_FROM))
            .values(state=EntryState.REVERSED)
        )  # fmt: skip
        role = Role.NEWCOMER if entry.newcomer_id == actor.newcomer_id else Role.BUDDY
        record_transition(
            Subject.HOUR_ENTRY,
            entry.id,
            before,
            EntryState.REVERSED,
            actor=actor,
            role=role,
            reason="taken-back",
        )


def agree(actor: Viewer, entry_id: int) -> None:
    """Agree with the length that the contact person gave: the entry is confirmed with that length.

    Raises Invalid when the new length runs into another entry, and Moved when there is nothing to agree with.
    """
    with transaction():
        entry, asked = _own_corrected(actor, entry_id)
        lock(Newcomer, entry.newcomer_id)
        ends_at = HourEntry.end(entry.starts_at, asked)
        _refuse_overlap(entry.newcomer_id, entry.starts_at, ends_at, but=entry.id)
        move(
            update(HourEntry).where(HourEntry.id == entry.id, HourEntry.state == EntryState.CORRECTED)
            .values(state=EntryState.CONFIRMED, minutes=asked, ends_at=ends_at, confirmed_at=now())
        )  # fmt: skip
        record_transition(
            Subject.HOUR_ENTRY, entry.id, EntryState.CORRECTED, EntryState.CONFIRMED,
            actor=actor, role=Role.NEWCOMER, reason="agreed", note=str(asked),
        )  # fmt: skip
        proofs.join(entry)


def disagree(actor: Viewer, entry_id: int, link_for: LinkFor) -> None:
    """Do not agree with a correction: the contact person is asked to look again. Raises Moved."""
    with transaction():
        entry, _asked = _own_corrected(actor, entry_id)
        move(
            update(HourEntry).where(HourEntry.id == entry.id, HourEntry.state == EntryState.CORRECTED)
            .values(state=EntryState.SUBMITTED, confirmed_name="", confirmed_by_id=None)
        )  # fmt: skip
        record_transition(
            Subject.HOUR_ENTRY, entry.id, EntryState.CORRECTED, EntryState.SUBMITTED,
            actor=actor, role=Role.NEWCOMER, reason="not-agreed",
        )  # fmt: skip
        ask_contact(entry.contact_person, link_for)


def instant_of(day: date, at: time) -> datetime:
    """The instant of that clock time in Brussels; of the hour that comes twice, the first.

    Raises Invalid for a clock time that was skipped when summer time began.
    """
    local = datetime.combine(day, at, tzinfo=BRUSSELS)
    instant = local.astimezone(UTC)
    if in_brussels(instant).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise Invalid(
            "at",
            _("This time did not exist: the clock went one hour ahead that night. Choose another time."),
        )
    return instant


def keep(
    actor: Viewer,
    telling: Telling,
    *,
    role: Role,
    newcomer_id: int,
    offer: Callable[[], Offer],
    duo: Duo | None = None,
    entered_by: int | None = None,
) -> tuple[HourEntry, bool]:
    """A draft of that form and whether it is new. The newcomer's row is held, so that no two overlap (R49).

    The caller has seen to it that `actor` may. Raises Forbidden, or Invalid with the field `day`, `at`, `minutes` or `sure`.
    """
    lock(Newcomer, newcomer_id)
    key = hashlib.sha256(f"{actor.person_id}:{telling.key}".encode()).hexdigest()
    earlier = session().scalars(select(HourEntry).where(HourEntry.submission_key == key)).one_or_none()
    if earlier is not None:
        return earlier, False
    starts_at, ends_at = _stretch(telling, duo)
    _refuse_overlap(newcomer_id, starts_at, ends_at)
    _ask_about_long_day(newcomer_id, telling)
    about = offer()
    entry = HourEntry(
        newcomer_id=newcomer_id, offer_id=about.id, contact_person_id=about.contact_person_id, duo_id=about.duo_id,
        starts_at=starts_at, ends_at=ends_at, minutes=telling.minutes, dutch_company=telling.dutch_company,
        state=EntryState.DRAFT, entered_by_id=actor.person_id or entered_by, submission_key=key,
    )  # fmt: skip
    session().add(entry)
    session().flush()
    record_transition(
        Subject.HOUR_ENTRY,
        entry.id,
        None,
        EntryState.DRAFT,
        actor=actor,
        role=role,
        note=str(telling.minutes),
    )
    return entry, True


def _stretch(telling: Telling, duo: Duo | None) -> tuple[datetime, datetime]:
    """From when until when; refuses what is not over, lies too far back, or is longer than a day."""
    if not 1 <= telling.minutes <= LONGEST_MINUTES:
        raise Invalid("minutes", _("One time cannot be longer than 24 hours."))
    if not days_ago(OLDEST_DAYS).date() < telling.day <= in_brussels(now()).date():
        raise Invalid("day", _("Choose a day that is not in the future and not too long ago."))
    starts_at = instant_of(telling.day, telling.at)
    ends_at = HourEntry.end(starts_at, telling.minutes)
    if ends_at > now():
        raise Invalid("at", _("This time is not over yet. You can tell it afterwards."))
    if duo is not None and duo.ended_at and starts_at > duo.ended_at:
        raise Forbidden(_("You no longer met as a duo on that day."))
    return starts_at, ends_at


def _refuse_overlap(newcomer_id: int, starts_at: datetime, ends_at: datetime, but: int | None = None) -> None:
    found = (
        session()
        .scalars(overlapping(newcomer_id, starts_at, ends_at).where(HourEntry.id != (but or 0)).limit(1))
        .first()
    )
    if found is not None:
        first, last = in_brussels(found.starts_at), in_brussels(found.ends_at)
        raise Invalid(
            "at",
            _("This is at the same time as %(what)s, from %(start)s to %(end)s. Choose another time.",
              what=found.offer.title, start=f"{first:%H:%M}", end=f"{last:%H:%M}"),
            code="overlap",
        )  # fmt: skip


def _ask_about_long_day(newcomer_id: int, telling: Telling) -> None:
    """Ask back once when a day comes to more than ten hours (R49)."""
    begin = datetime.combine(telling.day, time(), tzinfo=BRUSSELS).astimezone(UTC)
    end = datetime.combine(telling.day + timedelta(days=1), time(), tzinfo=BRUSSELS).astimezone(UTC)
    told = session().scalar(
        select(func.coalesce(func.sum(HourEntry.minutes), 0)).where(
            HourEntry.newcomer_id == newcomer_id, HourEntry.state.in_(STANDING),
            HourEntry.starts_at >= begin, HourEntry.starts_at < end,
        )
    )  # fmt: skip
    if not telling.sure and (told or 0) + telling.minutes > LONG_DAY_MINUTES:
        raise Invalid("sure", _("This is more than 10 hours on one day. Is that right?"), code="long-day")


def _refuse_own_address(person: Person, occasion: Occasion) -> None:
    """The newcomer is nobody's contact person: not by the own address, and not by the own number (R13)."""
    if occasion.contact_email and person.email_canonical == canonical_email(occasion.contact_email):
        raise Invalid(
            "contact_email",
            _("This is your own address. Give the address of somebody who was there with you."),
        )
    if occasion.contact_phone and occasion.contact_phone == person.phone:
        raise Invalid(
            "contact_phone", _("This is your own number. Give the number of somebody who was there with you.")
        )


def _offer_of(newcomer: Newcomer, occasion: Occasion) -> Offer:
    """The newcomer's own offer of that kind, title and contact person; the one from before when all is the same."""
    db = session()
    contact = db.scalars(
        select(ContactPerson).where(
            ContactPerson.named_by_id == newcomer.person_id, ContactPerson.name == occasion.contact_name,
            ContactPerson.email == occasion.contact_email, ContactPerson.phone == occasion.contact_phone,
        ).limit(1)
    ).first()  # fmt: skip
    if contact is None:
        contact = ContactPerson(
            name=occasion.contact_name,
            email=occasion.contact_email,
            phone=occasion.contact_phone,
            named_by_id=newcomer.person_id,
        )
        db.add(contact)
        db.flush()
    about = db.scalars(
        select(Offer).where(
            Offer.newcomer_id == newcomer.id, Offer.kind == occasion.kind, Offer.title == occasion.title,
            Offer.contact_person_id == contact.id,
        ).limit(1)
    ).first()  # fmt: skip
    if about is None:
        about = Offer(
            kind=occasion.kind, title=occasion.title, words_language=occasion.language, newcomer_id=newcomer.id,
            network_slug=newcomer.network_slug, municipality=newcomer.municipality, contact_person_id=contact.id,
        )  # fmt: skip
        db.add(about)
        db.flush()
    return about


def _submit(actor: Viewer, role: Role, entry: HourEntry, link_for: LinkFor) -> None:
    move(
        update(HourEntry)
        .where(HourEntry.id == entry.id, HourEntry.state == EntryState.DRAFT)
        .values(state=EntryState.SUBMITTED)
    )
    record_transition(
        Subject.HOUR_ENTRY, entry.id, EntryState.DRAFT, EntryState.SUBMITTED, actor=actor, role=role
    )
    _ask_about(entry, link_for)


def _ask_about(entry: HourEntry, link_for: LinkFor) -> None:
    """Write to the contact person of an entry; not to a buddy with whom contact is stopped."""
    duo = session().get(Duo, entry.duo_id) if entry.duo_id else None
    if duo is None or duo.state is not DuoState.FROZEN:
        ask_contact(entry.contact_person, link_for)


def ask_contact(contact: ContactPerson, link_for: LinkFor) -> None:
    """Write to the contact person, but to no address more than a few times an hour (T21)."""
    if contact.email is None:
        return
    lately = session().scalar(
        select(func.count()).select_from(Message).where(
            Message.kind == "confirm-hours", Message.to_email == contact.email, Message.created_at > now() - timedelta(hours=1)
        )
    )  # fmt: skip
    if (lately or 0) < MAILS_AN_HOUR:
        token = new_link(LinkPurpose.CONFIRM_HOURS, locale=contact.locale, contact_person_id=contact.id)
        tell_contact(contact, "confirm-hours", link=link_for(contact.locale, token))


def _own_corrected(actor: Viewer, entry_id: int) -> tuple[HourEntry, int]:
    entry = one(entries_for(actor, Permission.TELL_HOURS).where(HourEntry.id == entry_id))
    if entry.newcomer_id != actor.newcomer_id:
        raise Forbidden()
    if entry.state is not EntryState.CORRECTED or entry.asked_minutes is None:
        raise Moved()
    return entry, entry.asked_minutes
