"""P3, P4 and P5 (DOMAIN 5a): finished trajectories, those under way by accepted hours, and what the hours were spent on.

For everybody all of them count and what is small is held back (app/queries/disclosure). For staff only the people
count whom their permission reaches. Who may see of each of them whether she is obliged or entitled gets the counts of
P3 and P4 as they are; the others, who may not, get them protected as the public does (SECURITY, matrix).
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, distinct, exists, func, or_, select
from sqlalchemy.orm import QueryableAttribute, aliased

from app.clock import in_brussels, start_of_day
from app.db import session
from app.models import ContractVersion, HourEntry, Newcomer, Offer, TrajectoryReached
from app.queries.contracts import Term, target_rules
from app.queries.disclosure import LEAST, Figure, Key, Sums, protect, whole_shares
from app.queries.exemptions import exempt_on
from app.queries.hours import NO_COUNTER
from app.queries.newcomers import newcomers_for
from app.security.permissions import Permission
from app.security.viewer import Viewer
from app.vocabulary import EntryState, Obligation, OfferKind

TOTAL = "total"
CONFIRMED = (EntryState.CONFIRMED, EntryState.ACCEPTED)
STATUSES = tuple(obligation.value for obligation in Obligation)
BAND = 10  # hours
HOUR = 60
Figures = dict[str, Figure]
People = Select[tuple[int]]  # the ids of the newcomers who count
Column = (
    QueryableAttribute[datetime] | QueryableAttribute[datetime | None] | ColumnElement[Any]
)  # of an instant
Place = tuple[str, str]  # (status or "total", name of a band or "total")


@dataclass(frozen=True)
class Period:
    """The days that count, both included; without a first day everything up to the last, the reference date."""

    last: date
    first: date | None = None

    def holds(self, column: Column) -> ColumnElement[bool]:
        """The condition that an instant lies on one of these days in Brussels."""
        until = column < start_of_day(self.last + timedelta(days=1))
        return until if self.first is None else and_(until, column >= start_of_day(self.first))


@dataclass(frozen=True)
class Running:
    """P4: for `obliged`, `entitled` and `total`, the people of each band of accepted hours, and `total` of all bands."""

    bands: tuple[str, ...]
    rows: dict[str, Figures]


@dataclass(frozen=True)
class HoursOfKind:
    """One line of P5: whole hours and whole percents of all confirmed time; None = held back."""

    kind: OfferKind
    hours: int | None
    percent: int | None


@dataclass(frozen=True)
class Hours:
    """P5: the nine kinds in the order of the answer, and the whole hours of all (None = held back)."""

    kinds: list[HoursOfKind]
    total: int | None


def finished(period: Period, viewer: Viewer | None = None) -> Figures:
    """P3: trajectories that came to the target within the period (R37), `obliged`, `entitled` and `total`.

    Of everybody, or with a viewer of the people whom SEE_REPORT reaches.
    """
    found = select(TrajectoryReached.obligation, func.count()).where(
        TrajectoryReached.on <= period.last, TrajectoryReached.on >= (period.first or date.min)
    )
    if viewer is not None:
        found = found.where(TrajectoryReached.newcomer_id.in_(_people(viewer)))
    counted = dict.fromkeys(STATUSES, 0)
    for status, count in session().execute(found.group_by(TrajectoryReached.obligation)):
        counted[status.value] = count
    values = {**counted, TOTAL: sum(counted.values())}
    return exactly(values) if _sees_contracts(viewer) else protect(values, [(TOTAL, STATUSES)])


def running(on: date, viewer: Viewer | None = None) -> Running:
    """P4: trajectories under way on that day, by status and by hours accepted until then.

    Under way is whose contract contains the trajectory and has begun, and who has not come to the target: also when the
    term is over, for the duty stays (R27). The version that held on that day counts; the first one holds from its first
    day, whenever it was written down. Of everybody, or with a viewer of the people whom SEE_REPORT reaches.
    """
    bands = band_names(max(rule.minutes for rule in target_rules()))
    counted = Counter(
        (obligation.value, bands[min(_band(minutes), len(bands) - 1)])
        for obligation, minutes in _under_way(on, viewer)
    )
    values: dict[Place, int] = {
        (status, band): counted[status, band] for status in STATUSES for band in bands
    }
    values |= {(status, TOTAL): sum(counted[status, band] for band in bands) for status in STATUSES}
    values |= {(TOTAL, band): sum(values[status, band] for status in STATUSES) for band in (*bands, TOTAL)}
    shown = exactly(values) if _sees_contracts(viewer) else protect(values, _sums(bands))
    by_row = {row: {band: shown[row, band] for band in (TOTAL, *bands)} for row in (*STATUSES, TOTAL)}
    return Running(bands, by_row)


def hours(period: Period, viewer: Viewer | None = None) -> Hours:
    """P5: how the confirmed time of the period is divided over the nine kinds (R51).

    Of everybody: a kind with fewer than five people is held back, and the next smallest ones until its share stays
    open (R52). With a viewer: of the people whom SEE_REPORT reaches, as it is.
    """
    found = (
        select(Offer.kind, func.sum(HourEntry.minutes), func.count(distinct(HourEntry.newcomer_id)))
        .join(Offer, Offer.id == HourEntry.offer_id)
        .where(HourEntry.state.in_(CONFIRMED), period.holds(HourEntry.starts_at))
        .group_by(Offer.kind)
    )
    if viewer is not None:
        found = found.where(HourEntry.newcomer_id.in_(_people(viewer)))
    minutes, people = dict.fromkeys(OfferKind, 0), dict.fromkeys(OfferKind, 0)
    for kind, spent, count in session().execute(found):
        minutes[kind], people[kind] = int(spent), count
    percents = whole_shares(list(minutes.values()))
    total = (sum(minutes.values()) + 30) // 60
    whole_hours = whole_shares(list(minutes.values()), total)
    hidden = _hidden_kinds(people, dict(zip(OfferKind, percents, strict=True))) if viewer is None else set()
    kinds = [
        HoursOfKind(kind, None, None) if kind in hidden else HoursOfKind(kind, spent, percent)
        for kind, spent, percent in zip(OfferKind, whole_hours, percents, strict=True)
    ]
    return Hours(kinds, None if len(hidden) == len(OfferKind) else total)


def exactly(values: Mapping[Key, int]) -> dict[Key, Figure]:
    """The figures of staff who may see whom they are about: nothing is held back."""
    return {key: Figure(value) for key, value in values.items()}


def band_names(most: int) -> tuple[str, ...]:
    """The bands of whole hours below a target in minutes: 0, 1–9, 10–19, and so on; the last one ends at the target."""
    target = -(-most // 60)
    return ("0", *(f"{max(first, 1)}–{min(first + BAND, target) - 1}" for first in range(0, target, BAND)))


def _band(minutes: int) -> int:
    """The number of the band; the whole hours count, so that 9:59 lies among 1–9."""
    return 0 if minutes < HOUR else 1 + minutes // (HOUR * BAND)


def _sums(bands: Sequence[str]) -> Sums[Place]:
    """How the counts of P4 add up: each line over its bands, each column over the statuses."""
    across = [((row, TOTAL), [(row, band) for band in bands]) for row in (*STATUSES, TOTAL)]
    down = [((TOTAL, band), [(status, band) for status in STATUSES]) for band in (*bands, TOTAL)]
    return [*across, *down]


def _people(viewer: Viewer) -> People:
    return newcomers_for(viewer, Permission.SEE_REPORT).with_only_columns(Newcomer.id)


def _sees_contracts(viewer: Viewer | None) -> bool:
    """Whether the viewer may see the contract of everybody whom her report reaches."""
    if viewer is None:
        return False
    return viewer.scopes(Permission.SEE_REPORT) <= viewer.scopes(Permission.SEE_CONTRACT)


def _under_way(on: date, viewer: Viewer | None) -> list[tuple[Obligation, int]]:
    """Status, and minutes accepted until the end of that day within the term (R03), of each trajectory under way."""
    end = start_of_day(on + timedelta(days=1))
    # Compared as they stand in the database, a day is the midnight of UTC with which it begins. What lies between the
    # two midnights is surely within the term as it is counted in Brussels; the little that is left comes line by line.
    inside = and_(
        HourEntry.starts_at >= ContractVersion.starts_on, HourEntry.starts_at < ContractVersion.ends_on
    )
    joined = and_(HourEntry.newcomer_id == Newcomer.id, _accepted_until(end))
    at_the_edge = case((inside, None), else_=HourEntry.id)
    found = (
        select(
            Newcomer.id, ContractVersion.obligation, ContractVersion.starts_on, ContractVersion.ends_on,
            at_the_edge, func.min(HourEntry.starts_at), func.coalesce(func.sum(HourEntry.minutes), 0),
        )
        .join(ContractVersion, ContractVersion.newcomer_id == Newcomer.id).outerjoin(HourEntry, joined)
        .where(*_conditions(on, end, viewer)).group_by(Newcomer.id, ContractVersion.id, at_the_edge)
    )  # fmt: skip
    minutes: dict[int, int] = defaultdict(int)
    statuses: dict[int, Obligation] = {}
    for newcomer_id, obligation, first, last, entry_id, starts_at, spent in session().execute(found):
        statuses[newcomer_id] = obligation
        if entry_id is None or in_brussels(starts_at).date() in Term(first, last):
            minutes[newcomer_id] += int(spent)
    return [(obligation, minutes[newcomer_id]) for newcomer_id, obligation in statuses.items()]


def _accepted_until(end: datetime) -> ColumnElement[bool]:
    """Hours that were accepted before that instant and not taken back before it."""
    counter = aliased(HourEntry)
    taken_back = exists().where(counter.reverses_id == HourEntry.id, counter.entered_at < end)
    return and_(HourEntry.accepted_at < end, NO_COUNTER, ~taken_back)


def _conditions(on: date, end: datetime, viewer: Viewer | None) -> list[ColumnElement[bool]]:
    """That a contract version is the one that held on that day, and its trajectory was under way then: nobody exempt (R18)."""
    other = aliased(ContractVersion)
    held = select(func.max(other.number)).where(
        other.newcomer_id == Newcomer.id, or_(other.number == 1, other.created_at < end)
    )
    reached = exists().where(TrajectoryReached.newcomer_id == Newcomer.id, TrajectoryReached.on <= on)
    conditions = [
        ContractVersion.number == held.correlate(Newcomer).scalar_subquery(),
        ContractVersion.contains_trajectory.is_(True), ContractVersion.starts_on <= on, ~reached, ~exempt_on(on),
    ]  # fmt: skip
    return conditions if viewer is None else [*conditions, Newcomer.id.in_(_people(viewer))]


def _hidden_kinds(people: dict[OfferKind, int], percents: dict[OfferKind, int]) -> set[OfferKind]:
    hidden = {kind for kind, count in people.items() if 0 < count < LEAST}
    rest = sorted(set(OfferKind) - hidden, key=lambda kind: (percents[kind], kind.value))
    while hidden and rest and (len(hidden) < 2 or sum(percents[kind] for kind in hidden) < 2):
        hidden.add(rest.pop(0))
    told = {kind for kind, count in people.items() if count} - hidden
    return hidden if told else set(OfferKind)
