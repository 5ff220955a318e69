"""A counsellor's caseload, the most urgent first: found, filtered and cut in SQL from sums that are kept in step.

However long it is, it takes five statements: the rules of law, how many stand how, and of one page the figures, the
people with what was decided about them, and the proofs to judge.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Float, Select, Subquery, and_, case, cast, exists, func, literal, select

from app.clock import today
from app.db import session
from app.models import (
    ContractVersion,
    Exemption,
    Newcomer,
    Person,
    Proof,
    TrajectoryDecision,
    TrajectoryReached,
    TrajectorySum,
)
from app.queries.contracts import target_rules
from app.queries.exemptions import holds_on
from app.queries.newcomers import newcomers_for
from app.queries.pages import SIZE
from app.queries.people import named
from app.queries.proofs import to_judge
from app.queries.trajectories import DAYS_UNTIL_PACE, HARD_MINUTES_A_WEEK, TIGHT_MINUTES_A_WEEK, Risk
from app.queries.trajectory_states import facts_of, followed, state_of
from app.security.permissions import Permission
from app.security.viewer import Viewer
from app.vocabulary import Obligation
from app.vocabulary.contracts import TrajectoryState
from app.vocabulary.records import ProofState

BAND = 600  # minutes
BANDS = 6  # none, up to 10, 20, 30 and 40 hours, more
TO_JUDGE = (ProofState.SIGNED, ProofState.IN_VERIFICATION)
Number = ColumnElement[int]


@dataclass(frozen=True)
class Asked:
    """Which newcomers the list shows; empty = all of them. `band` counts from 0 (BANDS), `idle_weeks` from the last day told."""

    words: str = ""
    risk: Risk | None = None
    band: int | None = None
    obligation: str = ""
    ends_before: date | None = None
    waits: bool = False
    idle_weeks: int = 0


@dataclass(frozen=True)
class Case:
    """One line of the caseload. Minutes; `short` = what will lack at the end at the pace until now; days left with today."""

    newcomer: Newcomer
    risk: Risk
    state: TrajectoryState
    accepted: int
    confirmed: int
    told: int
    owed: int
    short: int
    days_left: int
    ends_on: date | None
    last_on: date | None
    to_judge: int


@dataclass(frozen=True)
class Caseload:
    """One page of the list, its number from 1, how many pages there are, and how many stand how, whatever `risk` is asked."""

    cases: list[Case]
    counts: dict[Risk, int]
    page: int
    pages: int
    total: int


class _Figures:
    """The figures of a newcomer as expressions over `trajectory_sum`: `Standing` in SQL, on one day and under these rules."""

    def __init__(self) -> None:
        self.day = today().toordinal()
        self.rules = sorted(target_rules(), key=lambda rule: rule.since)

    @cached_property
    def accepted(self) -> Number:
        return func.coalesce(TrajectorySum.accepted, 0)

    @cached_property
    def target(self) -> Number:
        """R01 under the rules of the contract's day; before the first rule, the first."""
        began = func.coalesce(TrajectorySum.rules_day, self.day)
        later = [
            (began >= rule.since.toordinal(), literal(rule.minutes)) for rule in reversed(self.rules[1:])
        ]
        first = literal(self.rules[0].minutes)
        return case(*later, else_=first) if later else first

    @cached_property
    def held(self) -> Subquery:
        """Whose valid version obliges, and who is exempt today (R18): few, and so found once and joined."""
        return (
            select(Exemption.newcomer_id)
            .join(TrajectorySum, TrajectorySum.newcomer_id == Exemption.newcomer_id)
            .join(ContractVersion, ContractVersion.id == TrajectorySum.contract_id)
            .where(ContractVersion.obligation == Obligation.OBLIGED, holds_on(date.fromordinal(self.day)))
            .distinct().subquery("held")
        )  # fmt: skip

    @cached_property
    def exempt(self) -> ColumnElement[bool]:
        return self.held.c.newcomer_id.is_not(None)

    @cached_property
    def owed(self) -> Number:
        return case((self.exempt, 0), else_=_not_below_zero(self.target - self.accepted))

    @cached_property
    def days_left(self) -> Number:
        return _not_below_zero(func.coalesce(TrajectorySum.ends_day, self.day - 1) - self.day + 1)

    @cached_property
    def days_gone(self) -> Number:
        return _not_below_zero(self.day + 1 - func.coalesce(TrajectorySum.starts_day, self.day + 1))

    @cached_property
    def short(self) -> Number:
        done = func.coalesce(TrajectorySum.told + TrajectorySum.confirmed + TrajectorySum.accepted, 0)
        gone = case((self.days_gone > 0, self.days_gone), else_=1)
        return case(
            (self.exempt, 0), else_=_not_below_zero(self.target - done - done * self.days_left // gone)
        )

    @cached_property
    def risk(self) -> Number:
        too_slow = and_(self.days_gone > DAYS_UNTIL_PACE, self.short > 0)
        full = and_(TrajectorySum.in_contract, self.accepted >= self.target)
        return case(
            (TrajectorySum.contract_id.is_(None), Risk.NO_CONTRACT.value),
            (self.exempt & ~full, Risk.EXEMPT.value),
            (TrajectorySum.in_contract.is_(False), Risk.NOT_IN_CONTRACT.value),
            (self.owed == 0, Risk.REACHED.value),
            (self.days_left == 0, Risk.TERM_OVER.value),
            (self.owed * 7 > HARD_MINUTES_A_WEEK * self.days_left, Risk.HARD.value),
            (too_slow | (self.owed * 7 > TIGHT_MINUTES_A_WEEK * self.days_left), Risk.TIGHT.value),
            else_=Risk.ON_TRACK.value,
        )

    @cached_property
    def needed(self) -> ColumnElement[Any]:
        """Minutes a day that are still needed: what orders those who stand alike."""
        return cast(self.owed, Float) / case((self.days_left > 0, self.days_left), else_=1)


def _not_below_zero(number: ColumnElement[Any]) -> Number:
    return case((number > 0, number), else_=0)


def caseload_of(viewer: Viewer, asked: Asked, page: int = 1, *, size: int = SIZE) -> Caseload:
    """That page of the own caseload, the most urgent first; a number that is too high gives the last page."""
    figures = _Figures()
    here = newcomers_for(viewer, Permission.ACCEPT_HOURS).where(
        Newcomer.postcode != ""
    )  # who was erased has none
    found = _narrowed(here, asked, figures)
    counts = _counts(found, figures)
    total = sum(counts.values()) if asked.risk is None else counts[asked.risk]
    pages = max(1, -(-total // size))
    page = min(max(1, page), pages)
    if asked.risk is not None:
        found = found.where(figures.risk == asked.risk.value)
    return Caseload(_cases(viewer, found, figures, page, size), counts, page, pages, total)


def _narrowed(found: Select[Newcomer], asked: Asked, figures: _Figures) -> Select[Any]:
    found = found.outerjoin(TrajectorySum, TrajectorySum.newcomer_id == Newcomer.id).outerjoin(
        figures.held, figures.held.c.newcomer_id == Newcomer.id
    )
    if asked.words:
        found = found.join(Person, Person.id == Newcomer.person_id).where(named(asked.words))
    if asked.band is not None:
        last = asked.band == BANDS - 1
        least, most = max((asked.band - 1) * BAND, 1), asked.band * BAND
        found = found.where(
            figures.accepted == 0
            if not asked.band
            else figures.accepted >= least
            if last
            else figures.accepted.between(least, most - 1)
        )
    if asked.obligation:
        found = found.join(ContractVersion, ContractVersion.id == TrajectorySum.contract_id).where(
            cast(ContractVersion.obligation, Person.full_name.type) == asked.obligation
        )
    if asked.ends_before:
        found = found.where(TrajectorySum.ends_day < asked.ends_before.toordinal())
    if asked.waits:
        found = found.where(exists().where(Proof.newcomer_id == Newcomer.id, Proof.state.in_(TO_JUDGE)))
    if asked.idle_weeks:
        found = found.where(func.coalesce(TrajectorySum.last_day, 0) <= figures.day - 7 * asked.idle_weeks)
    return found


def _counts(found: Select[Any], figures: _Figures) -> dict[Risk, int]:
    counted = found.with_only_columns(figures.risk.label("risk"), func.count()).group_by(figures.risk)
    by_risk = {Risk(risk): many for risk, many in session().execute(counted)}
    return {risk: by_risk.get(risk, 0) for risk in Risk}


def _cases(viewer: Viewer, found: Select[Any], figures: _Figures, page: int, size: int) -> list[Case]:
    columns: dict[str, Any] = {
        "risk": figures.risk, "accepted": figures.accepted, "confirmed": func.coalesce(TrajectorySum.confirmed, 0),
        "told": func.coalesce(TrajectorySum.told, 0), "owed": figures.owed, "short": figures.short,
        "days_left": figures.days_left, "ends_day": TrajectorySum.ends_day, "last_day": TrajectorySum.last_day,
    }  # fmt: skip
    lines: Sequence[Any] = session().execute(
        found.with_only_columns(Newcomer.id, *(value.label(name) for name, value in columns.items()))
        .order_by(figures.risk, figures.needed.desc(), Newcomer.id)
        .limit(size).offset((page - 1) * size)
    ).all()  # fmt: skip
    keys = [line.id for line in lines]
    people, waiting = _people(keys), to_judge(viewer, keys)
    return [
        Case(
            people[line.id][0], Risk(line.risk), people[line.id][1], line.accepted, line.confirmed, line.told, line.owed, line.short,
            line.days_left, _day(line.ends_day), _day(line.last_day), waiting.get(line.id, 0),
        )
        for line in lines
    ]  # fmt: skip


def _people(keys: Sequence[int]) -> dict[int, tuple[Newcomer, TrajectoryState]]:
    """These newcomers and where each trajectory stands, in one query: people have few exemptions and decisions."""
    found = session().execute(
        select(Exemption, TrajectoryDecision, Newcomer, ContractVersion, TrajectoryReached).select_from(Newcomer)
        .outerjoin(TrajectorySum, TrajectorySum.newcomer_id == Newcomer.id)
        .outerjoin(ContractVersion, ContractVersion.id == TrajectorySum.contract_id)
        .outerjoin(TrajectoryReached, TrajectoryReached.newcomer_id == Newcomer.id)
        .outerjoin(Exemption, Exemption.newcomer_id == Newcomer.id)
        .outerjoin(TrajectoryDecision, TrajectoryDecision.newcomer_id == Newcomer.id)
        .where(Newcomer.id.in_(keys))
    ).unique().all()  # fmt: skip
    joined: dict[int, list[Sequence[Any]]] = defaultdict(list)
    for row in found:
        joined[row.Newcomer.id].append(row)
    people = {}
    for key, of_one in joined.items():
        *_decided, newcomer, contract, reached = of_one[0]
        facts = facts_of(contract, reached=reached is not None, followed=followed(of_one))
        people[key] = (newcomer, state_of(facts))
    return people


def _day(ordinal: int | None) -> date | None:
    return None if ordinal is None else date.fromordinal(ordinal)
