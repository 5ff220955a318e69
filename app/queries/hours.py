"""Selections of hour entries, each limited to what the viewer may see, and the three totals of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from sqlalchemy import ColumnElement, Select, case, exists, false, or_, select

from app.clock import days_ago, in_brussels, today
from app.db import session
from app.models import (
    Buddy,
    ContactPerson,
    Duo,
    HourEntry,
    Newcomer,
    Offer,
    Organisation,
    Person,
    SignUp,
    Transition,
)
from app.queries.buddies import CONTACT_SHARED
from app.queries.contracts import Term
from app.queries.offers import is_open_to_all
from app.queries.reach import reach, rows
from app.security.permissions import Permission, Scope
from app.security.viewer import Viewer
from app.vocabulary import DuoState, EntryState
from app.vocabulary.records import Subject

AWAITING = (EntryState.SUBMITTED, EntryState.OVERDUE)
TOLD = (EntryState.DRAFT, *AWAITING, EntryState.CORRECTED)
STANDING = (*TOLD, EntryState.CONFIRMED, EntryState.ACCEPTED)
ANSWERED = (EntryState.CORRECTED, EntryState.CONFIRMED, EntryState.REFUSED, EntryState.ACCEPTED)
# Counter-entries alone have negative minutes, which the database sees to. That they name what they take back says the
# same, but then SQLite takes the unique index of `reverses_id` for a narrow one and reads the entries of everybody.
NO_COUNTER = HourEntry.minutes > 0
ANSWERS_SHOWN_DAYS = 60
OFFERS_SHOWN = 40


class Line(Protocol):
    """What the totals need of an entry."""

    @property
    def state(self) -> EntryState: ...
    @property
    def minutes(self) -> int: ...
    @property
    def day(self) -> date: ...


@dataclass(frozen=True)
class EntryLine:
    """Of an entry only what the totals need."""

    state: EntryState
    minutes: int
    starts_at: datetime

    @property
    def day(self) -> date:
        """The day in Brussels on which it began."""
        return in_brussels(self.starts_at).date()


@dataclass(frozen=True)
class Totals:
    """Whole minutes that do not overlap: told and waiting, confirmed and waiting, accepted; `held` lies outside the term."""

    told: int = 0
    confirmed: int = 0
    accepted: int = 0
    held: int = 0


def totals_of(lines: Iterable[Line], term: Term | None) -> Totals:
    """The three totals of one newcomer within the term; without a contract there is no term and nothing is held."""
    sums = {"told": 0, "confirmed": 0, "accepted": 0, "held": 0}
    for line in lines:
        if line.state not in STANDING:
            continue
        inside = term is None or line.day in term
        name = "told" if line.state in TOLD else line.state.value
        sums[name if inside else "held"] += line.minutes
    return Totals(**sums)


def is_told_by_somebody() -> ColumnElement[bool]:
    """Not of who was erased and of whom nothing is kept for the law: nobody judges those hours, and no name comes back into them."""
    gone = exists().where(
        Newcomer.id == HourEntry.newcomer_id, Newcomer.records_emptied_at.is_not(None),
        Person.id == Newcomer.person_id, Person.erased_at.is_not(None),
    )  # fmt: skip
    return ~gone


def entries_for(viewer: Viewer, permission: Permission = Permission.SEE_HOURS) -> Select[HourEntry]:
    """The hour entries that the permission reaches.

    For SIGN_HOURS, OWN means addressed to the viewer as contact person; for the others, the own time.
    """
    addressed = HourEntry.contact_person_id.in_(
        select(ContactPerson.id).where(ContactPerson.person_id == viewer.person_id)
    )
    own_time = HourEntry.newcomer_id.in_(select(Newcomer.id).where(Newcomer.person_id == viewer.person_id))
    own_duo = HourEntry.duo_id.in_(
        select(Duo.id).join(Buddy, Buddy.id == Duo.buddy_id).where(Buddy.person_id == viewer.person_id)
    )
    own_caseload = select(Newcomer.id).where(Newcomer.counsellor_id == viewer.person_id)
    own_clubs = select(ContactPerson.id).where(ContactPerson.organisation_id.in_(viewer.organisations))
    found = select(HourEntry).where(
        reach(viewer, permission, {
            Scope.OWN: addressed if permission is Permission.SIGN_HOURS else own_time,
            Scope.DUO: own_duo,
            Scope.CASELOAD: HourEntry.newcomer_id.in_(own_caseload),
            Scope.OFFER: HourEntry.contact_person_id.in_(own_clubs),
        })
    )  # fmt: skip
    return found.where(is_told_by_somebody()) if permission is Permission.SIGN_HOURS else found


def addressed_by_link(contact_person_id: int, newcomer_id: int | None) -> Select[HourEntry]:
    """The entries that a link opens: those addressed to its contact person, of one newcomer if it names one (T5)."""
    lines = select(HourEntry).where(HourEntry.contact_person_id == contact_person_id, is_told_by_somebody())
    return lines if newcomer_id is None else lines.where(HourEntry.newcomer_id == newcomer_id)


def to_answer(lines: Select[HourEntry]) -> Select[HourEntry]:
    """Of these lines those that wait for the contact person, and what was answered lately; the waiting ones first."""
    return lines.where(
        NO_COUNTER,
        or_(
            HourEntry.state.in_(AWAITING),
            HourEntry.state.in_(ANSWERED) & (HourEntry.ends_at > days_ago(ANSWERS_SHOWN_DAYS)),
        ),
    ).order_by(case((HourEntry.state.in_(AWAITING), 0), else_=1), HourEntry.starts_at.desc(), HourEntry.id)  # fmt: skip


def overlapping(newcomer_id: int, starts_at: datetime, ends_at: datetime) -> Select[HourEntry]:
    """Standing entries of a newcomer that share time with that stretch (R49); what touches does not overlap."""
    return select(HourEntry).where(
        HourEntry.newcomer_id == newcomer_id, HourEntry.state.in_(STANDING),
        HourEntry.starts_at < ends_at, HourEntry.ends_at > starts_at,
    ).order_by(HourEntry.starts_at)  # fmt: skip


def offers_to_tell(viewer: Viewer) -> Select[Offer]:
    """What the viewer may tell hours for: the own duo first, then what was joined before, then published offers near.

    A buddy tells the meetings of the own duos; a newcomer the own time.
    """
    shared = select(Duo.id).where(Duo.buddy_id == viewer.buddy_id, Duo.state.in_(CONTACT_SHARED))
    own_duos = select(Duo.id).where(Duo.newcomer_id == viewer.newcomer_id, Duo.state != DuoState.FROZEN)
    before = select(HourEntry.offer_id).where(HourEntry.newcomer_id == viewer.newcomer_id)
    network = select(Newcomer.network_slug).where(Newcomer.id == viewer.newcomer_id).scalar_subquery()
    signed_up = select(SignUp.offer_id).where(
        SignUp.newcomer_id == viewer.newcomer_id, SignUp.joined_at.is_not(None)
    )
    joined = or_(Offer.newcomer_id == viewer.newcomer_id, Offer.id.in_(before), Offer.id.in_(signed_up))
    verified = select(Organisation.id).where(Organisation.verified_at.is_not(None))
    published = (
        (Offer.network_slug == network)
        & is_open_to_all()
        & or_(Offer.organisation_id.is_(None), Offer.organisation_id.in_(verified))
        & or_(Offer.ends_on.is_(None), Offer.ends_on >= today())
    )
    conditions: list[ColumnElement[bool]] = [Offer.duo_id.in_(shared)] if viewer.buddy_id else []
    if viewer.newcomer_id:
        conditions += [Offer.duo_id.in_(own_duos), joined, published]
    return select(Offer).where(
        reach(viewer, Permission.TELL_HOURS, {Scope.OWN: or_(false(), *conditions), Scope.DUO: Offer.duo_id.in_(shared)})
    ).order_by(case((Offer.duo_id.is_not(None), 0), (joined, 1), else_=2), Offer.title, Offer.id).limit(OFFERS_SHOWN)  # fmt: skip


def partners_of(viewer: Viewer) -> dict[int, str]:
    """What to call the newcomer of each own duo in which contact is shared, for a buddy; by duo."""
    if viewer.buddy_id is None:
        return {}
    own = select(Duo).where(Duo.buddy_id == viewer.buddy_id, Duo.state.in_(CONTACT_SHARED))
    return {duo.id: duo.newcomer.person.first_name for duo in rows(own)}


def last_notes(entry_ids: list[int]) -> dict[int, str]:
    """What the counsellor wrote on entries that were returned and wait for the contact person again, by entry."""
    found = session().execute(
        select(Transition.subject_id, Transition.reason, Transition.note)
        .where(
            Transition.subject == Subject.HOUR_ENTRY, Transition.subject_id.in_(entry_ids),
            or_(Transition.from_state.is_(None), Transition.from_state != Transition.to_state),  # not reminders and calls
            Transition.to_state != EntryState.OVERDUE.value,
        )
        .order_by(Transition.id)
    )  # fmt: skip
    last = {entry_id: (reason, note) for entry_id, reason, note in found}
    return {entry_id: note for entry_id, (reason, note) in last.items() if reason == "returned"}
