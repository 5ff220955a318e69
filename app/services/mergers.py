"""Two records that are the same person become one: everything moves in one transaction, or nothing does."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Column, Table, UniqueConstraint, delete, func, select, update
from sqlalchemy.exc import IntegrityError

from app.db import Base, lock, session, transaction
from app.errors import Invalid
from app.i18n import lazy_gettext as _
from app.models import (
    Buddy,
    BuddyProgramme,
    ContractVersion,
    Duo,
    Exemption,
    Grant,
    Link,
    MergedPerson,
    Merger,
    Newcomer,
    Person,
    Proposal,
    RecoveryCode,
    SecondFactor,
    SignIn,
    TrajectoryDecision,
    TrajectorySum,
)
from app.queries.duos import LIVE
from app.queries.duplicates import TABLES, two_records
from app.security.identity import canonical_email
from app.security.permissions import Permission
from app.security.predicates import demand, not_about_oneself
from app.security.viewer import Viewer
from app.services import sign_ups
from app.services.block_hits import look_up
from app.services.records import audit
from app.services.sums import count_newcomers
from app.vocabulary.lists import ListKind

OF_PERSON = ("full_name", "call_name", "latin_name", "locale", "email", "phone")
OF_BOTH = ("place", "languages", "interests", "availability", "max_km", "words")
OF_KIND = {ListKind.BUDDY: ("capacity",), ListKind.NEWCOMER: ("dutch_level", "goals", "heard_through")}
PLACE = ("postcode", "locality", "municipality", "province", "network_slug")
NEEDED = {ListKind.BUDDY: Permission.JUDGE_BUDDY, ListKind.NEWCOMER: Permission.JUDGE_NEWCOMER}


def fields_of(kind: ListKind) -> tuple[str, ...]:
    """What is chosen of one record or the other; `place` stands for all of a place."""
    return (*OF_PERSON, *OF_BOTH, *OF_KIND[kind])


def merge(
    actor: Viewer, kind: ListKind, kept_id: int, gone_id: int, *, from_gone: Collection[str] = ()
) -> None:
    """Let one record go up in another; `from_gone` names the fields that are taken from the one that goes.

    State, duos, programmes and waiting time are those of the record that is kept (a programme follows the place), but who waited longest goes on so.
    Raises NotFound, and Invalid where both have a contract, both live in duos as newcomer, or roles would mix.
    """
    demand(actor, NEEDED[kind])
    try:
        _merge(actor, kind, kept_id, gone_id, set(from_gone) & set(fields_of(kind)))
    except IntegrityError as error:
        raise Invalid(None, _("These two cannot be put together here. Ask an administrator.")) from error


def _merge(actor: Viewer, kind: ListKind, kept_id: int, gone_id: int, taken: set[str]) -> None:
    with transaction() as db:
        for key in sorted((kept_id, gone_id)):
            lock(TABLES[kind], key)
        pair = two_records(actor, kind, kept_id, gone_id)
        kept, gone = pair.first, pair.second
        for record in (kept, gone):
            db.refresh(record)
            not_about_oneself(actor, record.person_id)
        _refuse_what_cannot_be_one(kind, kept, gone)
        values = _chosen(kind, kept, gone, taken)
        one_of, other_of = kept.person, gone.person
        if isinstance(kept, Buddy) and isinstance(gone, Buddy):
            _move_buddy(kept, gone)
        else:
            sign_ups.unite(actor, kept.id, gone.id)
            _move_newcomer(kept, gone)
        _move(Base.metadata.tables[kept.__tablename__], kept.id, gone.id)
        db.execute(delete(TABLES[kind]).where(TABLES[kind].id == gone.id))
        _move_person(one_of.id, other_of.id)
        _write(kept, values)
        look_up(kept.person, kept.network_slug)
        db.add(
            Merger(
                kind=kind, gone_id=gone_id, kept_id=kept_id, network_slug=kept.network_slug, by_person_id=actor.person_id
            )
        )  # fmt: skip
        audit(
            actor, "people-merged", kind.value, kept_id, network=kept.network_slug, gone=gone_id, taken=sorted(taken),
        )  # fmt: skip
        if kind is ListKind.NEWCOMER:
            count_newcomers([kept_id])


def _refuse_what_cannot_be_one(kind: ListKind, kept: Buddy | Newcomer, gone: Buddy | Newcomer) -> None:
    roles = select(Grant.role).where(Grant.person_id == gone.person_id, Grant.role != kind.value)
    if session().scalar(roles.limit(1)) is not None:
        raise Invalid(None, _("The record that goes also has another role here. Ask an administrator."))
    if kind is ListKind.BUDDY:
        return
    both = (kept.id, gone.id)
    if len(set(session().scalars(select(ContractVersion.newcomer_id).where(ContractVersion.newcomer_id.in_(both))))) > 1:  # fmt: skip
        raise Invalid(None, _("Both have a contract. Ask the counsellor which one counts."))
    decided = (ContractVersion, Exemption, TrajectoryDecision)
    if any(session().scalar(select(one.id).where(one.newcomer_id == gone.id).limit(1)) for one in decided):
        raise Invalid(
            None, _("Keep the other record instead: the counsellor wrote down something about this one.")
        )
    living = select(func.count()).select_from(Duo).where(Duo.newcomer_id.in_(both), Duo.state.in_(LIVE))
    if (session().scalar(living) or 0) > 1:
        raise Invalid(None, _("Both have a buddy or are asked about one. End one of the duos first."))


def _chosen(
    kind: ListKind, kept: Buddy | Newcomer, gone: Buddy | Newcomer, taken: set[str]
) -> dict[str, dict[str, Any]]:
    """The values of person and record after the merger; what is empty in the one that is chosen comes from the other."""

    def choose(field: str, one: Any, other: Any) -> Any:
        first, second = (getattr(other, field), getattr(one, field))
        if field not in taken:
            first, second = second, first
        return first if first not in ("", None, []) else second

    person = {field: choose(field, kept.person, gone.person) for field in OF_PERSON}
    owner = gone.person if person["email"] == gone.person.email and person["email"] else kept.person
    person["email_canonical"] = canonical_email(person["email"]) if person["email"] else None
    person["email_confirmed_at"] = owner.email_confirmed_at
    person["password_hash"] = owner.password_hash
    names = [field for field in fields_of(kind) if field not in (*OF_PERSON, "place")]
    record = {field: choose(field, kept, gone) for field in names}
    place = gone if "place" in taken else kept
    record |= {field: getattr(place, field) for field in PLACE}
    record["words_language"] = (gone if record["words"] == gone.words != kept.words else kept).words_language
    if isinstance(kept, Newcomer) and isinstance(gone, Newcomer):
        record["programme_id"] = (gone if "place" in taken else kept).programme_id
        record["waiting_since"] = min(kept.waiting_since, gone.waiting_since)
        record["counsellor_id"] = kept.counsellor_id or gone.counsellor_id
    record["registered_at"] = min(kept.registered_at, gone.registered_at)
    return {"person": person, "record": record}


def _write(kept: Buddy | Newcomer, values: dict[str, dict[str, Any]]) -> None:
    db = session()
    person = db.get_one(Person, kept.person_id, populate_existing=True)
    db.refresh(kept)
    for name, value in values["person"].items():
        setattr(person, name, value)
    for name, value in values["record"].items():
        setattr(kept, name, value)
    if isinstance(kept, Buddy):
        kept.capacity = max(kept.capacity, kept.places_taken)
    db.flush()


def _move_buddy(kept: Buddy, gone: Buddy) -> None:
    db = session()
    _drop_doubles(Proposal.buddy_id, Proposal.newcomer_id, kept.id, gone.id)
    db.execute(delete(BuddyProgramme).where(BuddyProgramme.buddy_id == gone.id))
    taken = gone.places_taken
    db.execute(update(Buddy).where(Buddy.id == gone.id).values(places_taken=0))
    capacity = max(kept.capacity, kept.places_taken + taken)
    db.execute(
        update(Buddy).where(Buddy.id == kept.id).values(capacity=capacity, places_taken=kept.places_taken + taken)
    )  # fmt: skip


def _move_newcomer(kept: Buddy | Newcomer, gone: Buddy | Newcomer) -> None:
    db = session()
    _drop_doubles(Proposal.newcomer_id, Proposal.buddy_id, kept.id, gone.id)
    living = select(Duo.id).where(Duo.newcomer_id == gone.id, Duo.state.in_(LIVE))
    if db.scalar(living.limit(1)) is not None:
        db.execute(update(Newcomer).where(Newcomer.id == kept.id).values(state=gone.state))
    db.execute(delete(TrajectorySum).where(TrajectorySum.newcomer_id == gone.id))


def _drop_doubles(side: Any, other: Any, kept_id: int, gone_id: int) -> None:
    """Take away proposals of the record that goes where the same plan has the same pair with the one that is kept."""
    same = select(Proposal.run_id, other).where(side == kept_id)
    doubles = [
        proposal.id
        for proposal in session().scalars(select(Proposal).where(side == gone_id)).unique()
        if (proposal.run_id, getattr(proposal, other.key)) in {tuple(row) for row in session().execute(same)}
    ]
    session().execute(update(Duo).where(Duo.proposal_id.in_(doubles)).values(proposal_id=None))
    session().execute(delete(Proposal).where(Proposal.id.in_(doubles)))


def _move_person(kept_id: int, gone_id: int) -> None:
    """Everything of the person that goes, without what lets somebody in (links, sign-ins, a second factor) and the role twice."""
    db = session()
    for table in (Link, SignIn, RecoveryCode, SecondFactor, Grant):
        db.execute(delete(table).where(table.person_id == gone_id))
    db.execute(update(Person).where(Person.id == gone_id).values(email=None, email_canonical=None))
    made_at = db.scalars(select(Person.created_at).where(Person.id == gone_id)).one()
    db.add(
        MergedPerson(gone_id=gone_id, gone_made_at=made_at, kept_id=kept_id)
    )  # also lets the audit log follow
    db.flush()
    _move(Base.metadata.tables["person"], kept_id, gone_id)
    db.execute(delete(Person).where(Person.id == gone_id))
    db.expire_all()


def _move(target: Table, kept_id: int, gone_id: int) -> None:
    """Let every row that points to the record that goes point to the one that is kept; a row that cannot be twice goes."""
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if any(key.column.table is target for key in column.foreign_keys):
                _drop_what_would_be_twice(table, column, kept_id, gone_id)
                session().execute(update(table).where(column == gone_id).values({column.name: kept_id}))


def _drop_what_would_be_twice(table: Table, column: Column[Any], kept_id: int, gone_id: int) -> None:
    """Delete rows of the one that goes whose unique columns would then equal those of the one that is kept."""
    if table.name in ("buddy", "newcomer"):
        return
    key = next(iter(table.primary_key))
    for unique in _unique_columns(table):
        if column not in unique:
            continue
        mine = table.alias()
        others = [mine.c[one.name] == one for one in unique if one is not column]
        twice = select(mine.c[key.name]).where(mine.c[column.name] == kept_id, *others).exists()
        session().execute(delete(table).where(column == gone_id, twice))


def _unique_columns(table: Table) -> list[list[Column[Any]]]:
    constraints = [list(one.columns) for one in table.constraints if isinstance(one, UniqueConstraint)]
    keys = [list(table.primary_key)]
    return [*constraints, *keys]
