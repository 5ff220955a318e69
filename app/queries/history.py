"""Everything that happened with one buddy or newcomer, on one line of time, as far as staff may see it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Date,
    Integer,
    Select,
    Text,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import aliased

from app.clock import start_of_day
from app.db import UtcDateTime, session
from app.models import (
    AuditEntry,
    Buddy,
    CheckIn,
    Duo,
    Merger,
    Message,
    Newcomer,
    Person,
    Proposal,
    Run,
    StaffNote,
    Transition,
)
from app.queries.reach import one, reach
from app.security.permissions import Permission, Scope
from app.security.viewer import Viewer
from app.vocabulary.records import Subject

HISTORY = 100
SHOWN_ACTS = (
    "talk-planned", "note-handed-over", "insurer-named", "extract-noted", "code-renewed", "counsellor-linked",
    "answers-changed", "contact-seen", "consent-asked", "account-taken-over", "channel-noted", "blocked",
    "people-merged",
)  # fmt: skip
Part = Select[Any]


@dataclass(frozen=True)
class Happening:
    """One line: a change of `state`, an `act` that changed none, or what happened to a `duo`, a `proposal`, by `message`,
    at a `check-in`, or a `note` (`id` is that of the note). `what` is a state, an act, a mood; `other` the name of the
    other person of a pair; `note` the words of staff, of a message its subject.
    """

    kind: str
    id: int
    at: datetime
    who: str
    what: str = ""
    reason: str = ""
    note: str = ""
    other: str = ""
    language: str = ""
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def when(self) -> datetime | None:
        """The moment that an act is about, such as that of a talk that was planned."""
        when = self.facts.get("when")
        return datetime.fromisoformat(when) if when else None

    @property
    def version(self) -> str:
        """The version of a text that was handed over."""
        return str(self.facts.get("version", ""))


def notes_for(viewer: Viewer) -> Select[StaffNote]:
    """The notes of staff of the viewer's networks."""
    own = StaffNote.network_slug.in_(viewer.networks)
    return select(StaffNote).where(reach(viewer, Permission.JUDGE_BUDDY, {Scope.NETWORK: own}))


def records_of_note(viewer: Viewer, note_id: int) -> tuple[int | None, int | None]:
    """The ids of the buddy and of the newcomer whom a note of the viewer's networks is about. Raises NotFound."""
    note = one(notes_for(viewer).where(StaffNote.id == note_id))
    buddy = select(Buddy.id).where(Buddy.person_id == note.person_id).scalar_subquery()
    newcomer = select(Newcomer.id).where(Newcomer.person_id == note.person_id).scalar_subquery()
    found = session().execute(select(buddy, newcomer)).one()
    return found[0], found[1]


def history_of(viewer: Viewer, record: Buddy | Newcomer) -> list[Happening]:
    """What happened to a buddy or newcomer whom the caller found within the viewer's reach, newest first."""
    parts = (part(viewer, record) for part in PARTS)
    found = session().execute(union_all(*(select(part.limit(HISTORY).subquery()) for part in parts)))
    lines = [_line(row) for row in found]
    return sorted(lines, key=lambda line: (line.at, line.id), reverse=True)[:HISTORY]


def _line(row: Any) -> Happening:
    at = row.at or start_of_day(row.on)
    texts = {
        name: getattr(row, name) or "" for name in ("who", "what", "reason", "note", "other", "language")
    }
    return Happening(kind=row.kind, id=row.id, at=at, facts=row.facts or {}, **texts)


Actor = aliased(Person)
Other = aliased(Person)
NO = cast(literal(""), Text)


def _columns(
    kind: str, key: Any, at: Any, *, who: Any = NO, what: Any = NO, reason: Any = NO, note: Any = NO, other: Any = NO,
    language: Any = NO, facts: Any = None, on: Any = None,
) -> Part:  # fmt: skip
    """A selection with the columns that all kinds share, newest first."""
    moment = cast(null(), UtcDateTime) if at is None else type_coerce(at, UtcDateTime)
    day: Any = cast(null(), Date) if on is None else on
    texts = {"who": who, "what": what, "reason": reason, "note": note, "other": other, "language": language}
    return select(
        literal(kind).label("kind"), cast(key, Integer).label("id"), moment.label("at"), day.label("on"),
        *(cast(words, Text).label(name) for name, words in texts.items()),
        (cast(null(), JSON) if facts is None else facts).label("facts"),
    ).order_by(day.desc() if at is None else moment.desc())  # fmt: skip


def _subject(record: Buddy | Newcomer) -> Subject:
    return Subject.BUDDY if isinstance(record, Buddy) else Subject.NEWCOMER


def _ids(record: Buddy | Newcomer) -> Any:
    """The record, and those that went up in it."""
    gone = select(Merger.gone_id).where(Merger.kind == _subject(record).value, Merger.kept_id == record.id)
    return gone.union_all(select(literal(record.id)))


def _own_states(_viewer: Viewer, record: Buddy | Newcomer) -> Part:
    return _columns(
        "state", Transition.id, Transition.at, who=Actor.full_name, what=Transition.to_state, reason=Transition.reason,
        note=Transition.note,
    ).select_from(Transition).outerjoin(Actor, Actor.id == Transition.actor_id).where(
        Transition.subject == _subject(record), Transition.subject_id.in_(_ids(record))
    )  # fmt: skip


def _acts(_viewer: Viewer, record: Buddy | Newcomer) -> Part:
    return _columns(
        "act", AuditEntry.id, AuditEntry.at, who=Actor.full_name, what=AuditEntry.action, facts=AuditEntry.facts
    ).select_from(AuditEntry).outerjoin(Actor, Actor.id == AuditEntry.actor_id).where(
        AuditEntry.subject == _subject(record).value, AuditEntry.subject_id.in_(_ids(record)),
        AuditEntry.action.in_(SHOWN_ACTS),
    )  # fmt: skip


def _other_of(found: Part, pair: type[Duo | Proposal], record: Buddy | Newcomer) -> Part:
    """Only the pairs of that record, with the person on the other side."""
    if isinstance(record, Buddy):
        found = found.join(Newcomer, Newcomer.id == pair.newcomer_id).where(pair.buddy_id == record.id)
        return found.join(Other, Other.id == Newcomer.person_id)
    found = found.join(Buddy, Buddy.id == pair.buddy_id).where(pair.newcomer_id == record.id)
    return found.join(Other, Other.id == Buddy.person_id)


def _duos(_viewer: Viewer, record: Buddy | Newcomer) -> Part:
    found = _columns(
        "duo", Transition.id, Transition.at, who=Actor.full_name, what=Transition.to_state, reason=Transition.reason,
        note=Transition.note, other=Other.full_name,
    ).select_from(Transition).outerjoin(Actor, Actor.id == Transition.actor_id)  # fmt: skip
    found = found.join(Duo, Duo.id == Transition.subject_id).where(Transition.subject == Subject.DUO)
    return _other_of(found, Duo, record)


def _proposals(viewer: Viewer, record: Buddy | Newcomer) -> Part:
    """Pairs of plans of the viewer's networks that were offered or decided on; nobody else's."""
    at = func.coalesce(Proposal.decided_at, Proposal.offered_at)
    found = _columns(
        "proposal", Proposal.id, at, who=Actor.full_name, what=Proposal.state, reason=Proposal.refusal,
        note=Proposal.note, other=Other.full_name,
    ).select_from(Proposal).outerjoin(Actor, Actor.id == Proposal.decided_by_id)  # fmt: skip
    found = found.join(Run, Run.id == Proposal.run_id).where(
        at.is_not(None), Run.network_slug.in_(viewer.networks)
    )
    return _other_of(found, Proposal, record)


def _check_ins(_viewer: Viewer, record: Buddy | Newcomer) -> Part:
    found = _columns(
        "check-in", CheckIn.id, None, on=CheckIn.on, who=Actor.full_name, what=CheckIn.mood, note=CheckIn.note,
        other=Other.full_name,
    ).select_from(CheckIn).outerjoin(Actor, Actor.id == CheckIn.by_person_id)  # fmt: skip
    return _other_of(found.join(Duo, Duo.id == CheckIn.duo_id), Duo, record)


def _messages(viewer: Viewer, record: Buddy | Newcomer) -> Part:
    """What was written to the person about this network or the account."""
    return _columns(
        "message", Message.id, Message.created_at, what=Message.state, note=Message.subject, language=Message.locale
    ).select_from(Message).where(
        Message.person_id == record.person_id,
        or_(Message.network_slug.is_(None), Message.network_slug.in_(viewer.networks)),
    )  # fmt: skip


def _notes(viewer: Viewer, record: Buddy | Newcomer) -> Part:
    found = _columns("note", StaffNote.id, StaffNote.at, who=Actor.full_name, note=StaffNote.text)
    own = notes_for(viewer).with_only_columns(StaffNote.id)
    return found.select_from(StaffNote).outerjoin(Actor, Actor.id == StaffNote.by_person_id).where(
        StaffNote.person_id == record.person_id, StaffNote.id.in_(own)
    )  # fmt: skip


PARTS: tuple[Callable[[Viewer, Buddy | Newcomer], Part], ...] = (
    _own_states, _acts, _duos, _proposals, _check_ins, _messages, _notes,
)  # fmt: skip
