"""The tables of buddies that were asked in parliament (DOMAIN 5a: P1, P2), for everybody and for any period.

Those of trajectories are in app/queries/trajectory_reports. Counting is done by the database. Every number that leaves
here may be shown in public (app/queries/disclosure).
"""

from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

from sqlalchemy import case, exists, func, literal, or_, select, union_all

from app.clock import start_of_day
from app.db import session
from app.models import Buddy, Duo, Newcomer, Person, Transition
from app.queries.disclosure import protect
from app.queries.trajectory_reports import TOTAL, Figures, Period
from app.reference.networks import networks
from app.vocabulary import BuddyState, NewcomerState, Province
from app.vocabulary.records import Subject

COUNTED = ("candidates", "approved", "active")
WAITING = "waiting"
DEMO = "demo"
MEASURES = (*COUNTED, WAITING)
Cell = tuple[
    str, str, str
]  # (measure, "province", "network" or "total", area); two names are both of a province and a network


@dataclass(frozen=True)
class Buddies:
    """P1 and P2: for each province, each network and all of them `candidates`, `approved` and `active`.

    Networks also have `waiting`: the newcomers who wait for a buddy now, whatever the period.
    """

    provinces: dict[str, Figures]
    networks: dict[str, Figures]
    total: Figures
    invented: bool  # as invented() below, asked in the same statement


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
    values, of_the_demo = _counted(period)
    shown = protect(values, _sums(values), _orders(values))

    def figures(kind: str, area: str) -> Figures:
        return {name: shown[name, kind, area] for name in MEASURES if (name, kind, area) in shown}

    return Buddies(
        {province.value: figures("province", province.value) for province in Province},
        {network.slug: figures("network", network.slug) for network in networks()},
        figures(TOTAL, TOTAL),
        of_the_demo,
    )


def _counted(period: Period) -> tuple[dict[Cell, int], bool]:
    """Every count of P1 and P2 as it is, and whether the people are invented."""
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
    buddies = select(
        Buddy.province,
        Buddy.network_slug,
        *(func.sum(case((it, 1), else_=0)) for it in conditions),
        literal(0),
    ).group_by(Buddy.province, Buddy.network_slug)
    waiting = (
        select(literal(""), Newcomer.network_slug, *(literal(0) for _ in conditions), func.count())
        .where(Newcomer.state == NewcomerState.WAITING)
        .group_by(Newcomer.network_slug)
    )
    first_person = select(func.min(Person.id)).scalar_subquery()
    of_the_demo = select(literal(DEMO), literal(""), *(literal(0) for _ in MEASURES)).where(
        Person.id == first_person, Person.demo
    )
    demo = False
    for province, network, *counts in session().execute(union_all(buddies, waiting, of_the_demo)):
        demo = demo or province == DEMO
        for name, count in zip(MEASURES, counts, strict=True):
            for cell in ((name, "province", province), (name, "network", network), (name, TOTAL, TOTAL)):
                if cell in values:
                    values[cell] += count
    return values, demo


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
