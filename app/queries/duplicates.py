"""Records of the same kind that may be the same person, and where a record went that is gone."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import aliased

from app.db import session
from app.errors import NotFound
from app.models import Buddy, Merger, Newcomer, Person
from app.queries.buddies import buddies_for
from app.queries.newcomers import newcomers_for
from app.queries.reach import one
from app.reference.folding import fold
from app.security.permissions import Permission
from app.security.viewer import Viewer
from app.vocabulary.lists import ListKind

MOST = 100  # pairs shown; the rest follow when these are decided
TABLES: dict[ListKind, type[Buddy] | type[Newcomer]] = {ListKind.BUDDY: Buddy, ListKind.NEWCOMER: Newcomer}


@dataclass(frozen=True)
class Pair:
    """Two records, the older first, and what they share beside the name: "email", "phone", "place"."""

    first: Buddy | Newcomer
    second: Buddy | Newcomer
    shared: tuple[str, ...]


def records_for(viewer: Viewer, kind: ListKind) -> Select[Buddy] | Select[Newcomer]:
    """The records of that kind of the viewer's networks."""
    if kind is ListKind.BUDDY:
        return buddies_for(viewer, Permission.JUDGE_BUDDY)
    return newcomers_for(viewer, Permission.JUDGE_NEWCOMER)


def duplicates_of(viewer: Viewer, kind: ListKind) -> list[Pair]:
    """Pairs that share a name, however it is spelled, and an address, number or municipality; or both of the latter two.

    A number alone is not enough: families share one.
    """
    table = TABLES[kind]
    one_person, other_person, other = aliased(Person), aliased(Person), aliased(table)
    within = records_for(viewer, kind).with_only_columns(table.id)
    same_phone = one_person.phone == other_person.phone
    same_email = func.lower(one_person.email) == func.lower(other_person.email)
    same_name = one_person.plain_key == other_person.plain_key
    found = (
        select(table, other).join(one_person, one_person.id == table.person_id)
        .join(other_person, or_(and_(same_name, one_person.plain_key != ""), same_phone))
        .join(other, other.person_id == other_person.id)
        .where(
            table.id < other.id, table.id.in_(within), other.id.in_(within),
            or_(same_phone, same_email, table.municipality == other.municipality),
        )
        .order_by(table.id, other.id).limit(MOST * 5)
    )  # fmt: skip
    pairs = (_pair(first, second) for first, second in session().execute(found).unique())
    return [pair for pair in pairs if pair is not None][:MOST]


def _pair(first: Any, second: Any) -> Pair | None:
    """What the two share, or None when it is not enough."""
    one_of, other_of = first.person, second.person
    shared = []
    if one_of.email and other_of.email and one_of.email.lower() == other_of.email.lower():
        shared.append("email")
    if one_of.phone and one_of.phone == other_of.phone:
        shared.append("phone")
    if first.municipality == second.municipality:
        shared.append("place")
    return Pair(first, second, tuple(shared)) if shared and same_name(one_of, other_of) else None


def same_name(one_of: Person, other_of: Person) -> bool:
    """Whether two names are the same, spelled however and with its words in any order."""
    return sorted(fold(one_of.full_name).split()) == sorted(fold(other_of.full_name).split())


def two_records(viewer: Viewer, kind: ListKind, first_id: int, second_id: int) -> Pair:
    """Two different records of the viewer's networks, whatever they share. Raises NotFound."""
    if first_id == second_id:
        raise NotFound()
    first, second = (_record(viewer, kind, key) for key in (first_id, second_id))
    return _pair(first, second) or Pair(first, second, ())


def _record(viewer: Viewer, kind: ListKind, key: int) -> Buddy | Newcomer:
    table: Any = TABLES[kind]
    wanted: Select[Any] = records_for(viewer, kind).where(table.id == key)
    found: Buddy | Newcomer = one(wanted)
    return found


def went_to(viewer: Viewer, kind: ListKind, record_id: int) -> int | None:
    """The record in which that one went up, when the viewer may see it."""
    table, key = TABLES[kind], record_id
    while (kept := session().scalar(select(Merger.kept_id).where(Merger.kind == kind, Merger.gone_id == key))) is not None:  # fmt: skip
        key = kept
    if key == record_id:
        return None
    return session().scalar(records_for(viewer, kind).with_only_columns(table.id).where(table.id == key))
