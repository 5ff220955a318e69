"""All that happened in one trajectory, newest first: contract, hours, answers, decisions, letters, and the buddy side.

The lines come from four tables. One statement puts them in order, cuts the page and reads it, and one more the changes of state.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    Subquery,
    and_,
    case,
    func,
    literal,
    or_,
    select,
    union_all,
)

from app.db import session
from app.i18n import Lazy
from app.models import (
    AuditEntry,
    ContractVersion,
    Duo,
    HourEntry,
    Message,
    Newcomer,
    Offer,
    Person,
    Proof,
    Transition,
)
from app.queries.buddies import CONTACT_SHARED
from app.queries.pages import SIZE
from app.vocabulary import DuoState, EntryState, NewcomerState, Role
from app.vocabulary.labels import Labelled
from app.vocabulary.records import ProofState, Subject
from app.vocabulary.trajectories import Part

ACTS = (
    "counsellor-linked", "target-reached", "target-not-reached", "contact-asked-again", "exemption-decided", "exemption-ended",
    "trajectory-completed", "trajectory-not-reached", "trajectory-looked-at", "newcomer-transferred", "handover-planned", "handover-done",
)  # fmt: skip
LETTERS = (
    "hours-corrected",
    "hours-refused",
    "hours-returned",
    "proof-signed",
    "proof-returned",
    "target-reached",
)
ANSWERS = (
    EntryState.CONFIRMED.value,
    EntryState.CORRECTED.value,
    EntryState.REFUSED.value,
    ProofState.SIGNED.value,
)
TURN, CONTRACT, LETTER, ACT = "turn", "contract", "letter", "act"


STATES: dict[Subject, type[Labelled]] = {
    Subject.HOUR_ENTRY: EntryState, Subject.PROOF: ProofState, Subject.NEWCOMER: NewcomerState, Subject.DUO: DuoState,
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One thing that happened: `what` holds the row of its table; `about` the entry, proof or duo of a change of state."""

    at: datetime
    part: Part
    table: str
    what: Any
    who: str
    about: Any = None

    @property
    def state(self) -> Lazy | None:
        """The new state in words, of a change of state."""
        kind = STATES.get(self.what.subject) if self.table == TURN else None
        return kind(self.what.to_state).label if kind else None

    @property
    def note(self) -> str:
        """What a counsellor wrote with it; other notes are codes or belong to others."""
        by_counsellor = self.table == TURN and self.what.actor_role is Role.COUNSELLOR
        return self.what.note if by_counsellor and self.what.reason != "counter-entry" else ""


@dataclass(frozen=True)
class History:
    """One page of a history, and whether there is more behind it."""

    lines: list[Line]
    page: int
    more: bool


def history_of(newcomer: Newcomer, part: Part | None = None, page: int = 1, *, size: int = SIZE) -> History:
    """That page of the history of a newcomer whom the caller found in the own caseload; two statements."""
    page = max(page, 1)
    wanted = union_all(*_sources(newcomer)).subquery()
    statement = select(wanted)
    if part is not None:
        statement = statement.where(wanted.c.part == part.value)
    found = _read(statement.order_by(*_latest(wanted)).limit(size + 1).offset((page - 1) * size).subquery())
    shown = found[:size]
    turns = _turns([row.id for row in shown if row.source == TURN])
    lines = [
        Line(row.at, Part(row.part), TURN, *turns[row.id])
        if row.source == TURN
        else Line(
            row.at,
            Part(row.part),
            row.source,
            row.ContractVersion or row.Message or row.AuditEntry,
            row.full_name or "",
        )
        for row in shown
    ]
    return History(lines, page, len(found) > size)


def _latest(of: FromClause) -> tuple[ColumnElement[Any], ...]:
    return of.c.at.desc(), of.c.source, of.c.id.desc()


def _read(cut: Subquery) -> Sequence[Any]:
    """The lines of a page, each with its contract version, letter or act, and who wrote it; changes of state have none."""
    by = func.coalesce(ContractVersion.by_person_id, AuditEntry.actor_id)
    return session().execute(
        select(cut, ContractVersion, Message, AuditEntry, Person.full_name)
        .outerjoin(ContractVersion, and_(cut.c.source == CONTRACT, ContractVersion.id == cut.c.id))
        .outerjoin(Message, and_(cut.c.source == LETTER, Message.id == cut.c.id))
        .outerjoin(AuditEntry, and_(cut.c.source == ACT, AuditEntry.id == cut.c.id))
        .outerjoin(Person, Person.id == by)
        .order_by(*_latest(cut))
    ).all()  # fmt: skip


# That contact was stopped and goes on again is nobody's business but who handles it (app/services/safety.py).
CONTACT_STOPPED = or_(
    Transition.to_state == DuoState.FROZEN.value,
    and_(
        func.coalesce(Transition.from_state, "") == DuoState.FROZEN.value,
        Transition.to_state.in_([state.value for state in CONTACT_SHARED]),
    ),
)


def _sources(newcomer: Newcomer) -> list[Select[Any]]:
    of_entries = select(HourEntry.id).where(HourEntry.newcomer_id == newcomer.id)
    of_proofs = select(Proof.id).where(Proof.newcomer_id == newcomer.id)
    of_duos = select(Duo.id).where(Duo.newcomer_id == newcomer.id)
    hours = or_(
        and_(Transition.subject == Subject.HOUR_ENTRY, Transition.subject_id.in_(of_entries)),
        and_(Transition.subject == Subject.PROOF, Transition.subject_id.in_(of_proofs)),
    )
    buddy = or_(
        and_(Transition.subject == Subject.NEWCOMER, Transition.subject_id == newcomer.id),
        and_(Transition.subject == Subject.DUO, Transition.subject_id.in_(of_duos), ~CONTACT_STOPPED),
    )
    part_of_hours = case(
        (Transition.actor_role == Role.COUNSELLOR, Part.DECISIONS.value),
        (Transition.to_state.in_(ANSWERS), Part.ANSWERS.value),
        else_=Part.HOURS.value,
    )
    return [
        _source(TURN, Transition.at, Transition.id, part_of_hours).where(hours),
        _source(TURN, Transition.at, Transition.id, literal(Part.BUDDY.value)).where(buddy),
        _source(CONTRACT, ContractVersion.created_at, ContractVersion.id, literal(Part.CONTRACT.value))
        .where(ContractVersion.newcomer_id == newcomer.id),
        _source(LETTER, Message.created_at, Message.id, literal(Part.LETTERS.value))
        .where(Message.person_id == newcomer.person_id, Message.kind.in_(LETTERS)),
        _source(ACT, AuditEntry.at, AuditEntry.id, literal(Part.DECISIONS.value))
        .where(AuditEntry.subject == Subject.NEWCOMER.value, AuditEntry.subject_id == newcomer.id, AuditEntry.action.in_(ACTS)),
    ]  # fmt: skip


def _source(table: str, at: Any, key: Any, part: ColumnElement[str]) -> Select[Any]:
    return select(literal(table).label("source"), at.label("at"), key.label("id"), part.label("part"))


Read = dict[int, tuple[Any, ...]]


def _turns(keys: Sequence[int]) -> Read:
    """Changes of state with who made them, and the entry, proof or duo that they are of."""
    about_entry = and_(Transition.subject == Subject.HOUR_ENTRY, HourEntry.id == Transition.subject_id)
    about_proof = and_(Transition.subject == Subject.PROOF, Proof.id == Transition.subject_id)
    found = session().execute(
        select(
            Transition, Person.full_name, HourEntry.starts_at, HourEntry.minutes, HourEntry.confirmed_name, Offer.title,
            Proof.number, Proof.signed_name,
        )
        .outerjoin(Person, Person.id == Transition.actor_id)
        .outerjoin(HourEntry, about_entry).outerjoin(Offer, Offer.id == HourEntry.offer_id)
        .outerjoin(Proof, about_proof).where(Transition.id.in_(keys))
    )  # fmt: skip
    read: Read = {}
    for row in found:
        by_link = (row.confirmed_name or row.signed_name or "") if row.Transition.to_state in ANSWERS else ""
        read[row.Transition.id] = (row.Transition, row.full_name or by_link, row)
    return read
