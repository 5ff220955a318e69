"""The tables that were asked in parliament (DOMAIN 5a: P1, P2, P3, P5), for everybody and for any period.

Counting is done by the database. Every number that leaves here may be shown in public (app/queries/disclosure).
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from sqlalchemy import ColumnElement, and_, case, distinct, exists, func, or_, select
from sqlalchemy.orm import QueryableAttribute

from app.clock import start_of_day
from app.db import session
from app.models import Buddy, Duo, HourEntry, Newcomer, Offer, Person, TrajectoryReached, Transition
from app.queries.disclosure import LEAST, Figure, protect, whole_shares
from app.reference.networks import networks
from app.vocabulary import BuddyState, EntryState, NewcomerState, Obligation, OfferKind, Province
from app.vocabulary.records import Subject

COUNTED = ("candidates", "approved", "active")
WAITING = "waiting"
MEASURES = (*COUNTED, WAITING)
TOTAL = "total"
CONFIRMED = (EntryState.CONFIRMED, EntryState.ACCEPTED)
Figures = dict[str, Figure]
Cell = tuple[
    str, str, str
]  # (measure, "province", "network" or "total", area); two names are both of a province and a network


@dataclass(frozen=True)
class Period:
    """The days that count, both included; without a first day everything up to the last, the reference date."""

    last: date
    first: date | None = None

    def holds(self, column: QueryableAttribute[datetime]) -> ColumnElement[bool]:
        """The condition that an instant lies on one of these days in Brussels."""
        until = column < start_of_day(self.last + timedelta(days=1))
        return until if self.first is None else and_(until, column >= start_of_day(self.first))


@dataclass(frozen=True)
class Buddies:
    """P1 and P2: for each province, each network and all of them `candidates`, `approved` and `active`.

    Networks also have `waiting`: the newcomers who wait for a buddy now, whatever the period.
    """

    provinces: dict[str, Figures]
    networks: dict[str, Figures]
    total: Figures


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


def invented() -> bool:
    """Whether the people of this database are those of the demo, which is refused where anybody else is."""
    return bool(session().scalar(select(Person.demo).order_by(Person.id).limit(1)))


def candidates_by_province() -> Figures:
    """How many people signed up as candidate buddy, by province and `total`: the picture of the home page."""
    counted = dict.fromkeys([province.value for province in Province], 0)
    found = session().execute(select(Buddy.province, func.count()).group_by(Buddy.province))
    for province, count in found:
        counted[province] = count
    return protect({**counted, TOTAL: sum(counted.values())}, [(TOTAL, list(counted))])


def buddies(period: Period) -> Buddies:
    """P1 and P2: who signed up or was found ready in the period, and who was active in a duo on its last day."""
    values = _counted(period)
    shown = protect(values, _sums(values), _orders(values))

    def figures(kind: str, area: str) -> Figures:
        return {name: shown[name, kind, area] for name in MEASURES if (name, kind, area) in shown}

    return Buddies(
        {province.value: figures("province", province.value) for province in Province},
        {network.slug: figures("network", network.slug) for network in networks()},
        figures(TOTAL, TOTAL),
    )


def _counted(period: Period) -> dict[Cell, int]:
    """Every count of P1 and P2 as it is."""
    found_ready = exists().where(
        Transition.subject == Subject.BUDDY, Transition.subject_id == Buddy.id,
        Transition.to_state == BuddyState.APPROVED.value, period.holds(Transition.at),
    )  # fmt: skip
    over = Duo.ended_at < start_of_day(period.last + timedelta(days=1))
    in_duo = exists().where(
        Duo.buddy_id == Buddy.id, Duo.starts_on <= period.last, or_(Duo.ended_at.is_(None), ~over)
    )
    conditions = (period.holds(Buddy.registered_at), found_ready, in_duo)
    values = {(name, TOTAL, TOTAL): 0 for name in MEASURES}
    values |= {(name, "province", province.value): 0 for name in COUNTED for province in Province}
    values |= {(name, "network", network.slug): 0 for name in MEASURES for network in networks()}
    found = session().execute(
        select(Buddy.province, Buddy.network_slug, *(func.sum(case((it, 1), else_=0)) for it in conditions))
        .group_by(Buddy.province, Buddy.network_slug)
    )  # fmt: skip
    for province, network, *counts in found:
        for name, count in zip(COUNTED, counts, strict=True):
            for cell in ((name, "province", province), (name, "network", network), (name, TOTAL, TOTAL)):
                values[cell] += count
    waiting = session().execute(
        select(Newcomer.network_slug, func.count())
        .where(Newcomer.state == NewcomerState.WAITING).group_by(Newcomer.network_slug)
    )  # fmt: skip
    for network, count in waiting:
        values[WAITING, "network", network] += count
        values[WAITING, TOTAL, TOTAL] += count
    return values


def _sums(values: dict[Cell, int]) -> list[tuple[Cell, list[Cell]]]:
    """How the counts add up: all = the provinces = the networks, and a province = the networks inside it."""
    sums = [
        ((name, TOTAL, TOTAL), [cell for cell in values if cell[:2] == (name, kind)])
        for name in MEASURES
        for kind in ("province", "network")
        if name in COUNTED or kind == "network"
    ]
    for name in COUNTED:
        for province in Province:
            inside = [(name, "network", it.slug) for it in networks() if it.provinces == (province.value,)]
            sums.append(((name, "province", province.value), inside))
    return [(whole, parts) for whole, parts in sums if values[whole] == sum(values[part] for part in parts)]


def _orders(values: dict[Cell, int]) -> list[tuple[Cell, Cell]]:
    """Who is active was found ready, and who was found ready signed up: so a reader reasons, where it is so."""
    pairs = [
        ((larger, kind, area), (smaller, kind, area))
        for larger, smaller in pairwise(COUNTED)
        for name, kind, area in values
        if name == larger
    ]
    return [(larger, smaller) for larger, smaller in pairs if values[larger] >= values[smaller]]


def finished(period: Period) -> Figures:
    """P3: trajectories that came to the target within the period, `obliged`, `entitled` and `total`."""
    found = session().execute(
        select(TrajectoryReached.obligation, func.count())
        .where(
            TrajectoryReached.on <= period.last,
            TrajectoryReached.on >= (period.first or date.min),
        )
        .group_by(TrajectoryReached.obligation)
    )  # fmt: skip
    counted = {obligation.value: 0 for obligation in Obligation}
    counted.update({obligation.value: count for obligation, count in found})
    return protect({**counted, TOTAL: sum(counted.values())}, [(TOTAL, list(counted))])


def hours(period: Period) -> Hours:
    """P5: how the confirmed time of the period is divided over the nine kinds (R51).

    A kind with fewer than five people is held back, and the next smallest ones until its share stays open.
    """
    found = session().execute(
        select(Offer.kind, func.sum(HourEntry.minutes), func.count(distinct(HourEntry.newcomer_id)))
        .join(Offer, Offer.id == HourEntry.offer_id)
        .where(HourEntry.state.in_(CONFIRMED), period.holds(HourEntry.starts_at))
        .group_by(Offer.kind)
    )  # fmt: skip
    minutes, people = dict.fromkeys(OfferKind, 0), dict.fromkeys(OfferKind, 0)
    for kind, spent, count in found:
        minutes[kind], people[kind] = int(spent), count
    percents = whole_shares(list(minutes.values()))
    total = (sum(minutes.values()) + 30) // 60
    whole_hours = whole_shares(list(minutes.values()), total)
    hidden = _hidden_kinds(people, dict(zip(OfferKind, percents, strict=True)))
    kinds = [
        HoursOfKind(kind, None, None) if kind in hidden else HoursOfKind(kind, spent, percent)
        for kind, spent, percent in zip(OfferKind, whole_hours, percents, strict=True)
    ]
    return Hours(kinds, None if len(hidden) == len(OfferKind) else total)


def _hidden_kinds(people: dict[OfferKind, int], percents: dict[OfferKind, int]) -> set[OfferKind]:
    hidden = {kind for kind, count in people.items() if 0 < count < LEAST}
    rest = sorted(set(OfferKind) - hidden, key=lambda kind: (percents[kind], kind.value))
    while hidden and rest and (len(hidden) < 2 or sum(percents[kind] for kind in hidden) < 2):
        hidden.add(rest.pop(0))
    told = {kind for kind, count in people.items() if count} - hidden
    return hidden if told else set(OfferKind)
