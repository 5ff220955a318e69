"""What waits for a counsellor beside hours: grounds and terms that ended, decisions to take, who was handed over."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import Date, Select, and_, case, func, literal, or_, select, union_all
from sqlalchemy.orm import joinedload

from app.clock import today
from app.db import session
from app.models import (
    ContractVersion,
    CounsellorTransfer,
    Exemption,
    Grant,
    Newcomer,
    Person,
    TrajectoryDecision,
    TrajectoryReached,
    TrajectorySum,
    WarmHandover,
)
from app.queries.exemptions import exempt_on, last_day
from app.queries.newcomers import newcomers_for
from app.queries.trajectory_states import Followed, can_extend, facts_of, followed, possible, state_of
from app.security.permissions import Permission
from app.security.viewer import Viewer
from app.vocabulary import Obligation, Role
from app.vocabulary.contracts import DecisionKind, Look, TrajectoryState

SHOWN = 50
Passed = TypeVar("Passed", WarmHandover, CounsellorTransfer)


@dataclass(frozen=True)
class LookAt:
    """One newcomer to look at: why, and since which day."""

    kind: Look
    newcomer_id: int
    name: str
    on: date


def to_look_at(viewer: Viewer) -> list[LookAt]:
    """What a counsellor should look at, the oldest first, in one query; at most so many as the page shows."""
    found = union_all(
        _part(Look.GROUND_ENDED, _ground_ended(viewer)),
        _part(Look.TERM_OVER, _term_over(viewer)),
        _part(Look.TO_COMPLETE, _to_complete(viewer)),
        _part(Look.BELOW_AGAIN, _below_again(viewer)),
        _part(Look.HANDED_TO_YOU, _handed(viewer)),
        _part(Look.HANDOVER_PLANNED, _planned(viewer)),
    ).subquery()
    listed = session().execute(select(found).order_by(found.c.on, found.c.id).limit(SHOWN))
    return [LookAt(Look(row.kind), row.id, row.name, row.on) for row in listed]


@dataclass(frozen=True)
class Story:
    """What a counsellor sees of one trajectory beside its contract and hours."""

    state: TrajectoryState
    exempt: bool
    followed: Followed
    possible: tuple[DecisionKind, ...]
    can_extend: bool
    can_exempt: bool
    handovers: list[WarmHandover]
    transfers: list[CounsellorTransfer]
    unseen: bool


def story_of(viewer: Viewer, newcomer: Newcomer, contract: ContractVersion | None, *, reached: bool) -> Story:
    """The story of a newcomer of the caseload, in one query; the caller has made sure that it is one."""
    found = session().execute(
        select(Exemption, TrajectoryDecision, WarmHandover, CounsellorTransfer).select_from(Newcomer)
        .outerjoin(Exemption, Exemption.newcomer_id == Newcomer.id)
        .outerjoin(TrajectoryDecision, TrajectoryDecision.newcomer_id == Newcomer.id)
        .outerjoin(WarmHandover, WarmHandover.newcomer_id == Newcomer.id)
        .outerjoin(CounsellorTransfer, CounsellorTransfer.newcomer_id == Newcomer.id)
        .where(Newcomer.id == newcomer.id)
        .options(
            joinedload(Exemption.contracts), joinedload(Exemption.decided_by), joinedload(TrajectoryDecision.by),
            joinedload(CounsellorTransfer.from_person), joinedload(CounsellorTransfer.to_person),
        )
    ).unique().all()  # fmt: skip
    decided = followed(found)
    facts = facts_of(contract, reached=reached, followed=decided)
    state = state_of(facts)
    transfers = _latest(row[3] for row in found)
    return Story(
        state=state,
        exempt=facts.exempt,
        followed=decided,
        possible=possible(contract, state) if contract else (),
        can_extend=can_extend(contract, state),
        can_exempt=contract is not None and contract.obligation is Obligation.OBLIGED,
        handovers=_latest(row[2] for row in found),
        transfers=transfers,
        unseen=any(row.to_person_id == viewer.person_id and row.seen_at is None for row in transfers),
    )


def _latest(found: Iterable[Passed | None]) -> list[Passed]:
    """Each row once, the latest first."""
    once = {row.id: row for row in found if row is not None}
    return [once[key] for key in sorted(once, reverse=True)]


def colleagues_of(
    viewer: Viewer, newcomer: Newcomer, contract: ContractVersion | None
) -> list[tuple[Person, str]]:
    """To whom a counsellor can pass a newcomer: other counsellors of the agency of the contract, by name.

    Without a contract, or with one of an agency where the viewer does not work, of the agencies of the viewer.
    """
    own = viewer.agencies
    agencies = {contract.agency_slug} if contract is not None and contract.agency_slug in own else own
    found = session().execute(
        select(Person, func.min(Grant.agency_slug)).join(Grant, Grant.person_id == Person.id)
        .where(
            Grant.role == Role.COUNSELLOR, Grant.agency_slug.in_(agencies), Person.active,
            Person.id.not_in([viewer.person_id, newcomer.person_id]),
        )
        .group_by(Person.id).order_by(Person.full_name, Person.id)
    )  # fmt: skip
    return [(person, agency) for person, agency in found if agency]


Found = Select[Any]


def _part(kind: Look, found: Found) -> Any:
    first = found.order_by("on").limit(SHOWN).subquery()
    return select(literal(kind.value).label("kind"), first)


def _own(viewer: Viewer, on: Any) -> Found:
    return (
        newcomers_for(viewer, Permission.SET_CONTRACT).join(Person, Person.id == Newcomer.person_id)
        .with_only_columns(Newcomer.id.label("id"), Person.full_name.label("name"), on.label("on"))
    )  # fmt: skip


def _contracted(viewer: Viewer, on: Any) -> Found:
    """Own newcomers with their valid version, when the hours were reached, and the latest decision on that version.

    The version that is valid stands with the sums: to seek it for each of twenty thousand takes longer than all else.
    """
    return (
        _own(viewer, on)
        .join(TrajectorySum, TrajectorySum.newcomer_id == Newcomer.id)
        .join(ContractVersion, ContractVersion.id == TrajectorySum.contract_id)
        .outerjoin(TrajectoryReached, TrajectoryReached.newcomer_id == Newcomer.id)
        .outerjoin(TrajectoryDecision, TrajectoryDecision.id == _latest_decision())
    )


def _latest_decision() -> Any:
    inner = TrajectoryDecision.__table__.alias("decided")
    return (
        select(func.max(inner.c.id))
        .where(inner.c.newcomer_id == Newcomer.id, inner.c.version_number == ContractVersion.number)
        .correlate(Newcomer, ContractVersion).scalar_subquery()
    )  # fmt: skip


def _undecided(kind: DecisionKind) -> Any:
    return or_(TrajectoryDecision.kind.is_(None), TrajectoryDecision.kind != kind)


def _grounds() -> Any:
    """Of each newcomer the last day of all exemptions, and how many have no end."""
    last = last_day()
    return (
        select(
            Exemption.newcomer_id, func.max(last, type_=Date).label("last_day"),
            func.sum(case((last.is_(None), 1), else_=0)).label("endless"),
        )
        .group_by(Exemption.newcomer_id).subquery()
    )  # fmt: skip


def _ground_is_over(grounds: Any) -> Any:
    looked = (
        select(TrajectoryDecision.id)
        .where(
            TrajectoryDecision.newcomer_id == Newcomer.id, TrajectoryDecision.kind == DecisionKind.LOOKED_AT,
            TrajectoryDecision.on > grounds.c.last_day,
        )
        .correlate(Newcomer, grounds).exists()
    )  # fmt: skip
    return and_(grounds.c.endless == 0, grounds.c.last_day < today(), ~looked)


def _ground_ended(viewer: Viewer) -> Found:
    grounds = _grounds()
    return _contracted(viewer, grounds.c.last_day).join(grounds, grounds.c.newcomer_id == Newcomer.id).where(
        ContractVersion.obligation == Obligation.OBLIGED, TrajectoryReached.newcomer_id.is_(None),
        _undecided(DecisionKind.COMPLETED), _ground_is_over(grounds),
    )  # fmt: skip


def _term_over(viewer: Viewer) -> Found:
    nothing_decided = and_(_undecided(DecisionKind.COMPLETED), _undecided(DecisionKind.NOT_REACHED))
    return _contracted(viewer, ContractVersion.ends_on).where(
        TrajectorySum.in_contract, TrajectorySum.ends_day < today().toordinal(), TrajectoryReached.newcomer_id.is_(None),
        nothing_decided, ~exempt_on(today()),
    )  # fmt: skip


def _to_complete(viewer: Viewer) -> Found:
    return _contracted(viewer, TrajectoryReached.on).where(
        Newcomer.id.in_(select(TrajectoryReached.newcomer_id)),
        TrajectoryReached.newcomer_id.is_not(None),
        _undecided(DecisionKind.COMPLETED),
    )


def _below_again(viewer: Viewer) -> Found:
    completed = select(TrajectoryDecision.newcomer_id).where(
        TrajectoryDecision.kind == DecisionKind.COMPLETED
    )
    return _contracted(viewer, TrajectoryDecision.on).where(
        Newcomer.id.in_(completed),
        TrajectoryReached.newcomer_id.is_(None),
        TrajectoryDecision.kind == DecisionKind.COMPLETED,
    )


def _handed(viewer: Viewer) -> Found:
    found = _own(viewer, func.date(CounsellorTransfer.created_at, type_=Date))
    return found.join(CounsellorTransfer, CounsellorTransfer.newcomer_id == Newcomer.id).where(
        CounsellorTransfer.to_person_id == viewer.person_id, CounsellorTransfer.seen_at.is_(None)
    )


def _planned(viewer: Viewer) -> Found:
    found = _own(viewer, WarmHandover.planned_on)
    return found.join(WarmHandover, WarmHandover.newcomer_id == Newcomer.id).where(
        WarmHandover.done_on.is_(None)
    )
