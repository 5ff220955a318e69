"""A network's people as its coordinators see them: found, filtered, sorted, and one at a time."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, cast, exists, func, or_, select
from sqlalchemy.orm import joinedload

from app.db import session
from app.models import Buddy, Consent, Duo, HourEntry, Newcomer, Person
from app.queries.buddies import buddies_for
from app.queries.newcomers import newcomers_for
from app.queries.ordering import by_name
from app.queries.pages import Cut, cut_long
from app.queries.reach import count, one
from app.reference.folding import fold
from app.reference.sorting import in_order
from app.security.identity import canonical_email, tidy_phone
from app.security.permissions import Permission
from app.security.viewer import Viewer
from app.vocabulary import EntryState
from app.vocabulary.lists import ListKind

MOST_WORDS = 6
NOT_COUNTED = (EntryState.REFUSED, EntryState.REVERSED)


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
class DuoLine:
    """A duo of somebody, with how often the two met and for how many minutes, as far as it was told."""

    duo: Duo
    meetings: int
    minutes: int


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


def page_of(viewer: Viewer, kind: ListKind, wanted: Wanted, page: int) -> Cut:
    """That page of the list.

    In the order of names, people are walked in the order that is kept for readers of most languages, until the page
    is full: to sort a hundred thousand of them for fifty takes ten times as long.
    """
    find, table = LISTS[kind]
    if wanted.sort != "name":
        return cut_long(find(viewer, wanted), page)
    found = find(viewer, replace(wanted, sort="")).order_by(None)
    key = by_name(wanted.reader)
    people = (
        select(Person).where(exists(found.where(table.person_id == Person.id).correlate(Person)))
        .order_by(key.desc() if wanted.descending else key.asc(), Person.id.desc())
    )  # fmt: skip
    cut = cut_long(people, page, total=count(found.with_only_columns(table.id)))
    keys = [person.id for person in cut.rows]
    records = {
        row.person_id: row
        for row in session().scalars(select(table).where(table.person_id.in_(keys))).unique()
    }
    return replace(cut, rows=[records[key] for key in keys])


def _narrowed(
    found: Select[Any], kind: type[Buddy | Newcomer], wanted: Wanted, more: dict[str, Any]
) -> Select[Any]:
    found = found.where(
        kind.postcode != ""
    )  # who was erased has none, and a look at the person would cost time
    if wanted.sort == "name":  # only then: the join is what costs time in a long list
        found = found.join(kind.person)
    for column, value in ((cast(kind.state, Text), wanted.state), (kind.municipality, wanted.municipality)):
        if value:
            found = found.where(column == value)
    for tags, tag in ((kind.languages, wanted.language), (kind.interests, wanted.interest)):
        if tag:
            found = found.where(cast(tags, Text).contains(f'"{tag}"', autoescape=True))
    if wanted.words:
        found = found.where(kind.person_id.in_(select(Person.id).where(named(wanted.words))))
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


LISTS: dict[ListKind, tuple[Callable[[Viewer, Wanted], Select[Any]], Any]] = {
    ListKind.BUDDY: (buddies_wanted, Buddy), ListKind.NEWCOMER: (newcomers_wanted, Newcomer),
}  # fmt: skip


def buddy_of_network(viewer: Viewer, buddy_id: int) -> Buddy:
    """One buddy of the viewer's networks. Raises NotFound."""
    here = Buddy.person.has(Person.erased_at.is_(None))
    return one(buddies_for(viewer, Permission.JUDGE_BUDDY).where(Buddy.id == buddy_id, here))


def newcomer_of_network(viewer: Viewer, newcomer_id: int) -> Newcomer:
    """One newcomer of the viewer's networks, with the name of the counsellor. Raises NotFound."""
    wanted = newcomers_for(viewer, Permission.JUDGE_NEWCOMER).options(joinedload(Newcomer.counsellor))
    return one(wanted.where(Newcomer.id == newcomer_id, Newcomer.person.has(Person.erased_at.is_(None))))


def notes_handed_over(person_id: int, text: str) -> list[Consent]:
    """The versions of that text that were handed over, newest first."""
    return list(
        session().scalars(
            select(Consent).where(Consent.person_id == person_id, Consent.text == text).order_by(Consent.id.desc())
        )
    )  # fmt: skip


def duos_of(record: Buddy | Newcomer) -> list[DuoLine]:
    """The duos of a buddy or a newcomer, newest first, with both people."""
    whose = Duo.buddy_id == record.id if isinstance(record, Buddy) else Duo.newcomer_id == record.id
    told = select(func.count(HourEntry.id)).where(
        HourEntry.duo_id == Duo.id, HourEntry.reverses_id.is_(None), HourEntry.state.not_in(NOT_COUNTED)
    )  # fmt: skip
    minutes = told.with_only_columns(func.coalesce(func.sum(HourEntry.minutes), 0)).scalar_subquery()
    found = select(Duo, told.scalar_subquery(), minutes).where(whose).order_by(Duo.id.desc()).limit(20)
    return [DuoLine(duo, met, int(spent)) for duo, met, spent in session().execute(found).unique()]


def municipalities_of(viewer: Viewer, reader: str) -> Sequence[str]:
    """The names of the municipalities in the viewer's networks, in the order of that language."""
    from app.reference.networks import members  # noqa: PLC0415 - numpy is not needed by the other pages

    return in_order({town.name for slug in viewer.networks for town in members(slug)}, reader)
