"""P12 and P13 (DOMAIN 5a): the flow of matching in a period, and through whom newcomers came.

For everybody all networks count and what is small is held back; with a viewer those newcomers count whom SEE_REPORT
reaches, as it is.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from statistics import median
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Select,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import QueryableAttribute, aliased

from app.clock import in_brussels
from app.db import UtcDateTime, session
from app.models import Duo, Grant, Newcomer, Proposal, Transition
from app.queries.disclosure import LEAST, Figure, protect
from app.queries.newcomers import newcomers_for
from app.queries.trajectory_reports import TOTAL, Figures, People, Period, exactly
from app.security.permissions import Permission
from app.security.viewer import Viewer
from app.vocabulary import DuoState, NewcomerState, ProposalState, Role
from app.vocabulary.channels import Channel
from app.vocabulary.records import Subject
from app.vocabulary.together import EndReason

STEPS = ("proposed", "approved", "accepted", "started", "mismatch", "completed")
INTAKES = ("agency", "network", "organisation", "none")
MOST_QUARTERS = 12
Cell = tuple[str, str]


@dataclass(frozen=True)
class Flow:
    """P12: for each part of the period and `total`, how often each of STEPS happened.

    `days` is the median of the days from the beginning of the waiting to the approval of a pair; None = no pair.
    """

    parts: dict[str, Figures]
    days: dict[str, Figure | None]


def flow(period: Period, viewer: Viewer | None = None) -> Flow:
    """P12: what happened to pairs in the period, by quarter, or by year when it is long; named 2026-Q3 or 2026."""
    events = _events(period, viewer)
    first = period.first or min((event.day for event in events), default=period.last)
    names, starts = _parts(first, period.last)
    values: dict[Cell, int] = {(name, step): 0 for name in (*names, TOTAL) for step in STEPS}
    waited: dict[str, list[int]] = {name: [] for name in (*names, TOTAL)}
    for event in events:
        for name in (names[bisect_right(starts, event.day) - 1], TOTAL):
            values[name, event.step] += 1
            if event.waited is not None:
                waited[name].append(event.waited)
    shown = exactly(values) if viewer else protect(values, _sums(names), _orders(values, names))
    by_part = {name: {step: shown[name, step] for step in STEPS} for name in (*names, TOTAL)}
    return Flow(by_part, {name: _median(found, public=viewer is None) for name, found in waited.items()})


def _median(waits: Sequence[int], *, public: bool) -> Figure | None:
    if public and len(waits) < LEAST:
        return Figure(None)  # also of none: that nobody was approved is not told either
    return Figure(round(median(waits))) if waits else None


def _parts(first: date, last: date) -> tuple[list[str], list[date]]:
    """Names and first days of the quarters from `first` to `last`; of the years, when there are too many quarters."""
    months = (last.year - first.year) * 12 + last.month - first.month
    step = 3 if months < MOST_QUARTERS * 3 else 12
    year, month = first.year, (first.month - 1) // step * step + 1
    names, starts = [], []
    while (day := date(year, month, 1)) <= last:
        starts.append(day)
        names.append(f"{year}-Q{(month + 2) // 3}" if step == 3 else str(year))
        month += step
        year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return names, starts


@dataclass(frozen=True)
class _Event:
    step: str
    day: date
    waited: int | None  # days, of an approval


def _events(period: Period, viewer: Viewer | None) -> list[_Event]:
    """Each time that a step was made within the period, with its day in Brussels; one statement."""
    put = func.coalesce(Proposal.offered_at, Proposal.decided_at)
    put_to_people = or_(Proposal.offered_at.is_not(None), Proposal.state == ProposalState.APPROVED)
    begun = and_(Duo.starts_on <= period.last, Duo.starts_on >= (period.first or date.min))
    over = period.holds(Duo.ended_at)
    parts = (
        _part("proposed", Proposal, put, and_(put_to_people, period.holds(put))),
        _part("approved", Duo, Duo.approved_at, period.holds(Duo.approved_at)),
        _part("accepted", Duo, Duo.contact_shared_at, period.holds(Duo.contact_shared_at)),
        _part("started", Duo, None, begun, on=Duo.starts_on),
        _part("mismatch", Duo, Duo.ended_at, and_(over, Duo.end_reason == EndReason.MISMATCH)),
        _part("completed", Duo, Duo.ended_at, and_(over, Duo.state == DuoState.COMPLETED)),
    )
    found = union_all(*(_of(viewer, part, Newcomer.id) for part in parts))
    events = []
    for step, at, on, since in session().execute(found):
        day = on or in_brussels(at).date()
        events.append(_Event(step, day, max(0, (day - since).days) if step == "approved" else None))
    return events


def _part(
    step: str, kind: type[Duo | Proposal], at: Any, condition: ColumnElement[bool], *, on: Any = None
) -> Select[Any]:
    moment = cast(null(), UtcDateTime) if at is None else type_coerce(at, UtcDateTime)
    day = cast(null(), Date) if on is None else on
    return (
        select(literal(step).label("step"), moment.label("at"), day.label("on"), Newcomer.waiting_since)
        .join_from(kind, Newcomer, Newcomer.id == kind.newcomer_id).where(condition)
    )  # fmt: skip


def _of(viewer: Viewer | None, found: Select[Any], newcomer: QueryableAttribute[int]) -> Select[Any]:
    """Of the newcomers in reach; of all without a viewer."""
    return found if viewer is None else found.where(newcomer.in_(_people(viewer)))


def _people(viewer: Viewer) -> People:
    return newcomers_for(viewer, Permission.SEE_REPORT).with_only_columns(Newcomer.id)


def _sums(names: Sequence[str]) -> list[tuple[Cell, list[Cell]]]:
    return [((TOTAL, step), [(name, step) for name in names]) for step in STEPS]


def _orders(values: dict[Cell, int], names: Sequence[str]) -> list[tuple[Cell, Cell]]:
    """What was started was accepted, approved and proposed: so a reader reasons, where it is so."""
    pairs = [((name, more), (name, less)) for more, less in pairwise(STEPS[:4]) for name in (*names, TOTAL)]
    return [(more, less) for more, less in pairs if values[more] >= values[less]]


def channels(period: Period, viewer: Viewer | None = None) -> dict[str, Figures]:
    """P13: newcomers who registered in the period, by channel and `total`: `all`, and by who did the intake (INTAKES).

    The channel is what staff noted; without a note it is the agency for whom a counsellor registered.
    """
    talked = exists().where(
        Transition.subject == Subject.NEWCOMER, Transition.subject_id == Newcomer.id,
        Transition.to_state.in_((NewcomerState.READY.value, NewcomerState.WAITING.value)),
    )  # fmt: skip
    by = case(
        (_helped_by(Role.COUNSELLOR), "agency"), (_helped_by(Role.COORDINATOR), "network"),
        (Newcomer.helped_by_id.is_not(None), "organisation"), (talked, "network"), else_="none",
    )  # fmt: skip
    through = case(
        (Newcomer.heard_through.in_([channel.value for channel in Channel if channel]), Newcomer.heard_through),
        (_helped_by(Role.COUNSELLOR), Channel.AGENCY.value), else_=Channel.UNKNOWN.value,
    )  # fmt: skip
    one_each = _of(
        viewer, select(through.label("through"), by.label("by")).where(period.holds(Newcomer.registered_at)),
        Newcomer.id,
    ).subquery()  # fmt: skip
    names = [channel.value for channel in Channel]
    values: dict[Cell, int] = {(name, column): 0 for name in (*names, TOTAL) for column in ("all", *INTAKES)}
    counted = select(one_each.c.through, one_each.c.by, func.count()).group_by(
        one_each.c.through, one_each.c.by
    )
    for name, column, count in session().execute(counted):
        for cell in ((name, column), (name, "all"), (TOTAL, column), (TOTAL, "all")):
            values[cell] += count
    across = [((row, "all"), [(row, column) for column in INTAKES]) for row in (*names, TOTAL)]
    down = [((TOTAL, column), [(name, column) for name in names]) for column in ("all", *INTAKES)]
    shown = exactly(values) if viewer else protect(values, [*across, *down])
    return {row: {column: shown[row, column] for column in ("all", *INTAKES)} for row in (*names, TOTAL)}


def _helped_by(role: Role) -> ColumnElement[bool]:
    """Whether the newcomer registered together with somebody who holds that role."""
    held = aliased(Grant)
    return exists().where(held.person_id == Newcomer.helped_by_id, held.role == role)
