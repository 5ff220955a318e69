"""Where a trajectory stands (DOMAIN 6b): one function of what is written down, and the reading of it."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from app.clock import today
from app.db import session
from app.models import ContractVersion, Exemption, Newcomer, TrajectoryDecision
from app.vocabulary import Obligation
from app.vocabulary.contracts import DecisionKind, TrajectoryState, VersionKind

UNDER_WAY = (TrajectoryState.RUNNING, TrajectoryState.EXTENDED)
# Where a later end is an extension and needs its cause (R30): what is settled later would otherwise bring it in unseen.
EXTENDABLE = (*UNDER_WAY, TrajectoryState.EXEMPT, TrajectoryState.TO_REVIEW)


@dataclass(frozen=True)
class Facts:
    """What decides where a trajectory stands; `included` None = there is no contract.

    `decision` is the latest on the valid version; `ground_over` = the last exemption has ended and nobody has looked.
    """

    included: bool | None
    extended: bool = False
    reached: bool = False
    exempt: bool = False
    ground_over: bool = False
    decision: DecisionKind | None = None


@dataclass(frozen=True)
class Followed:
    """What was decided about one newcomer, the latest first."""

    exemptions: tuple[Exemption, ...] = ()
    decisions: tuple[TrajectoryDecision, ...] = ()

    def exemption_on(self, day: date) -> Exemption | None:
        """The exemption that holds on that day."""
        return next((item for item in self.exemptions if item.holds_on(day)), None)

    def ground_over(self, on: date) -> bool:
        """Whether the last exemption has ended and no counsellor has looked since (R23)."""
        ends = max((item.last_day for item in self.exemptions), default=date.max)
        looked = max(
            (item.on for item in self.decisions if item.kind is DecisionKind.LOOKED_AT), default=date.min
        )
        return ends < on and looked <= ends


def state_of(facts: Facts) -> TrajectoryState:
    """Where the trajectory stands. A contract that is changed, and hours taken back, open the question again."""
    if facts.included is None:
        return TrajectoryState.NO_TRAJECTORY
    if facts.decision is DecisionKind.COMPLETED:
        return TrajectoryState.COMPLETED if facts.reached else TrajectoryState.TO_REVIEW
    if facts.reached:
        return TrajectoryState.HOURS_REACHED
    return _before_reaching(facts)


def _before_reaching(facts: Facts) -> TrajectoryState:
    if facts.exempt:
        return TrajectoryState.EXEMPT
    if facts.ground_over:
        return TrajectoryState.TO_REVIEW
    if not facts.included:
        return TrajectoryState.NOT_INCLUDED
    if facts.decision is DecisionKind.NOT_REACHED:
        return TrajectoryState.NOT_REACHED
    return TrajectoryState.EXTENDED if facts.extended else TrajectoryState.RUNNING


def facts_of(
    contract: ContractVersion | None, *, reached: bool, followed: Followed, on: date | None = None
) -> Facts:
    """The facts of one newcomer on a day, today unless said otherwise."""
    day = on or today()
    if contract is None:
        return Facts(None)
    obliged = contract.obligation is Obligation.OBLIGED
    taken = [item.kind for item in followed.decisions if item.version_number == contract.number]
    return Facts(
        included=contract.contains_trajectory,
        extended=contract.kind is VersionKind.EXTENSION,
        reached=reached,
        exempt=obliged and followed.exemption_on(day) is not None,
        ground_over=obliged and followed.ground_over(day),
        decision=taken[0] if taken else None,
    )


def followed_of(newcomer_ids: Collection[int]) -> Mapping[int, Followed]:
    """What was decided about each of these, in one query: people have few of both, so their product is small."""
    found = session().execute(
        select(Newcomer.id, Exemption, TrajectoryDecision)
        .outerjoin(Exemption, Exemption.newcomer_id == Newcomer.id)
        .outerjoin(TrajectoryDecision, TrajectoryDecision.newcomer_id == Newcomer.id)
        .where(Newcomer.id.in_(newcomer_ids))
    )  # fmt: skip
    by_newcomer: dict[int, list[Sequence[Any]]] = defaultdict(list)
    for key, *both in found:
        by_newcomer[key].append(both)
    return {key: followed(by_newcomer[key]) for key in newcomer_ids}


def followed(joined: Iterable[Sequence[Any]]) -> Followed:
    """What was decided, out of rows of a join that begin with an exemption and a decision, either of them None."""
    exemptions: dict[int, Exemption] = {}
    decisions: dict[int, TrajectoryDecision] = {}
    for exemption, decision, *_more in joined:
        if exemption is not None:
            exemptions[exemption.id] = exemption
        if decision is not None:
            decisions[decision.id] = decision
    return Followed(
        tuple(sorted(exemptions.values(), key=lambda item: (item.valid_from, item.id), reverse=True)),
        tuple(decisions[key] for key in sorted(decisions, reverse=True)),
    )


def can_extend(contract: ContractVersion | None, state: TrajectoryState) -> bool:
    """Whether the term of that version can be extended (R25): its trajectory is in it, and not settled."""
    return contract is not None and contract.contains_trajectory and state in EXTENDABLE


def possible(contract: ContractVersion, state: TrajectoryState) -> tuple[DecisionKind, ...]:
    """The decisions that fit with that contract version and where it stands."""
    if state is TrajectoryState.HOURS_REACHED:
        return (DecisionKind.COMPLETED,)
    if state is TrajectoryState.TO_REVIEW:
        return (DecisionKind.LOOKED_AT,)
    over = contract.ends_on < today() and contract.obligation is Obligation.OBLIGED
    return (DecisionKind.NOT_REACHED,) if over and state in UNDER_WAY else ()
