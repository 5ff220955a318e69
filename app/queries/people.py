"""A network's people as its coordinators see them: found, filtered, sorted, and one at a time with what happened."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, cast, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from app.db import session
from app.models import AuditEntry, Buddy, Consent, Duo, Newcomer, Person, Transition
from app.queries.buddies import buddies_for
from app.queries.newcomers import newcomers_for
from app.queries.ordering import by_name
from app.queries.reach import one
from app.reference.folding import fold
from app.reference.sorting import in_order
from app.security.identity import canonical_email, tidy_phone
from app.security.permissions import Permission
from app.security.viewer import Viewer
from app.vocabulary.records import Subject

MOST_WORDS = 6
HISTORY = 100


@dataclass(frozen=True)
class Wanted:
    """Which people a list shows, and in which order. Empty = all of them; unknown values find nobody.

    `reader` is the language in whose alphabet names are sorted.
    """

    words: str = ""
    state: str = ""
    municipality: str = ""
    language: str = ""
    interest: str = ""
    sort: str = ""
    descending: bool = False
    reader: str = "nl"


@dataclass(frozen=True)
class Happening:
    """One line of somebody's history: a change of state, or an act that changed none (`action`)."""

    at: datetime
    who: str
    before: str | None = None
    after: str = ""
    reason: str = ""
    note: str = ""
    action: str = ""
    when: datetime | None = None
    version: str = ""


def buddies_wanted(viewer: Viewer, wanted: Wanted) -> Select[Buddy]:
    """The buddies of the viewer's networks that fit, with their person."""
    found = buddies_for(viewer, Permission.JUDGE_BUDDY)
    return _narrowed(found, Buddy, wanted, {"places": Buddy.places_taken})


def newcomers_wanted(viewer: Viewer, wanted: Wanted) -> Select[Newcomer]:
    """The newcomers of the viewer's networks that fit, with their person."""
    found = newcomers_for(viewer, Permission.JUDGE_NEWCOMER)
    return _narrowed(
        found, Newcomer, wanted, {"waiting": Newcomer.waiting_since, "level": Newcomer.dutch_level}
    )


def _narrowed(
    found: Select[Any], kind: type[Buddy | Newcomer], wanted: Wanted, more: dict[str, Any]
) -> Select[Any]:
    if wanted.words or wanted.sort == "name":  # only then: the join is what costs time in a long list
        found = found.join(kind.person).options(contains_eager(kind.person))
    for column, value in ((cast(kind.state, Text), wanted.state), (kind.municipality, wanted.municipality)):
        if value:
            found = found.where(column == value)
    for tags, tag in ((kind.languages, wanted.language), (kind.interests, wanted.interest)):
        if tag:
            found = found.where(cast(tags, Text).contains(f'"{tag}"', autoescape=True))
    if wanted.words:
        found = found.where(named(wanted.words))
    sorts = {
        "name": by_name(wanted.reader), "place": kind.municipality, "state": kind.state,
        "registered": kind.registered_at, **more,
    }  # fmt: skip
    column = sorts.get(wanted.sort, kind.registered_at)
    descending = wanted.descending if wanted.sort in sorts else True
    return found.order_by(column.desc() if descending else column.asc(), kind.id.desc())


def named(words: str) -> ColumnElement[bool]:
    """People whose name holds each of these words, or whose whole address or number this is."""
    keys = fold(words).split()[:MOST_WORDS]
    ways: list[ColumnElement[bool]] = []
    with suppress(ValueError):
        ways.append(Person.email_canonical == canonical_email(words))
    with suppress(ValueError):
        ways.append(Person.phone == tidy_phone(words))
    if not keys and not ways:
        return Person.id < 0
    name = [Person.search_key.contains(key, autoescape=True) for key in keys]
    both = name[0] if name else Person.id < 0
    for part in name[1:]:
        both = both & part
    return or_(both, *ways)


def buddy_of_network(viewer: Viewer, buddy_id: int) -> Buddy:
    """One buddy of the viewer's networks. Raises NotFound."""
    return one(buddies_for(viewer, Permission.JUDGE_BUDDY).where(Buddy.id == buddy_id))


def newcomer_of_network(viewer: Viewer, newcomer_id: int) -> Newcomer:
    """One newcomer of the viewer's networks, with the name of the counsellor. Raises NotFound."""
    wanted = newcomers_for(viewer, Permission.JUDGE_NEWCOMER).options(joinedload(Newcomer.counsellor))
    return one(wanted.where(Newcomer.id == newcomer_id))


def notes_handed_over(person_id: int, text: str) -> list[Consent]:
    """The versions of that text that were handed over, newest first."""
    return list(
        session().scalars(
            select(Consent).where(Consent.person_id == person_id, Consent.text == text).order_by(Consent.id.desc())
        )
    )  # fmt: skip


def duos_of(buddy: Buddy | None = None, newcomer: Newcomer | None = None) -> list[Duo]:
    """The duos of a buddy or a newcomer, newest first, with both people."""
    whose = Duo.buddy_id == buddy.id if buddy else Duo.newcomer_id == newcomer.id if newcomer else Duo.id < 0
    return list(session().scalars(select(Duo).where(whose).order_by(Duo.id.desc()).limit(20)).unique())


SHOWN_ACTS = (
    "talk-planned", "note-handed-over", "insurer-named", "extract-noted", "code-renewed", "counsellor-linked",
    "answers-changed", "contact-seen", "consent-asked", "account-taken-over",
)  # fmt: skip


def history_of(subject: Subject, subject_id: int) -> list[Happening]:
    """What happened to a buddy or newcomer whom the caller found within the viewer's reach, newest first."""
    turns = session().execute(
        select(Transition, Person.full_name).outerjoin(Person, Person.id == Transition.actor_id)
        .where(Transition.subject == subject, Transition.subject_id == subject_id)
        .order_by(Transition.id.desc()).limit(HISTORY)
    )  # fmt: skip
    acts = session().execute(
        select(AuditEntry, Person.full_name).outerjoin(Person, Person.id == AuditEntry.actor_id)
        .where(AuditEntry.subject == subject.value, AuditEntry.subject_id == subject_id, AuditEntry.action.in_(SHOWN_ACTS))
        .order_by(AuditEntry.id.desc()).limit(HISTORY)
    )  # fmt: skip
    lines = [_turned(turn, name) for turn, name in turns] + [_acted(act, name) for act, name in acts]
    return sorted(lines, key=lambda line: line.at, reverse=True)[:HISTORY]


def _turned(turn: Transition, name: str | None) -> Happening:
    return Happening(
        at=turn.at, who=name or "", before=turn.from_state, after=turn.to_state, reason=turn.reason, note=turn.note
    )  # fmt: skip


def _acted(act: AuditEntry, name: str | None) -> Happening:
    when = act.facts.get("when")
    return Happening(
        at=act.at, who=name or "", action=act.action, version=str(act.facts.get("version", "")),
        when=datetime.fromisoformat(when) if when else None,
    )  # fmt: skip


def municipalities_of(viewer: Viewer, reader: str) -> Sequence[str]:
    """The names of the municipalities in the viewer's networks, in the order of that language."""
    from app.reference.networks import members  # noqa: PLC0415 - numpy is not needed by the other pages

    return in_order({town.name for slug in viewer.networks for town in members(slug)}, reader)
