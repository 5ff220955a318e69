"""Duos that go quiet: nothing planned, no hours and no talk, a talk that is due, a period that ends."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Date, Select, and_, case, func, or_, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from app.clock import days_ago, start_of_day, today
from app.db import UtcDateTime
from app.models import CheckIn, Duo, HourEntry
from app.queries.owing import Found, owing_duos
from app.security.viewer import Viewer
from app.vocabulary import DuoState
from app.vocabulary.today import Owing

PLAN_WITHIN_DAYS = 7
ENDS_WITHIN = timedelta(days=14)
UNDER_WAY = (DuoState.ACTIVE, DuoState.PAUSED)


@dataclass(frozen=True)
class Pace:
    """How soon a network calls new people (days), calls a duo silent and talks with it (weeks)."""

    call_within_days: int
    duo_silent_weeks: int
    check_in_weeks: int


def quiet_finders(paces: Mapping[str, Pace]) -> dict[Owing, Callable[[Viewer], Found]]:
    """What to look for, with the pace of each network (by slug)."""
    silent = _later_than(paces, _silent, lambda pace: pace.duo_silent_weeks)
    due = _later_than(paces, _untalked, lambda pace: pace.check_in_weeks)
    return {
        Owing.FIRST_MEETING: _unplanned,
        Owing.SILENT: partial(_quiet, silent),
        Owing.CHECK_IN: partial(_check_in_due, and_(due, or_(Duo.state == DuoState.PAUSED, ~silent))),
        Owing.PERIOD_ENDS: _period_ends,
    }


class noon(FunctionElement[Any]):  # noqa: N801 - written as a function in a statement
    """A day as an instant, so that it stands in one column with instants."""

    type = UtcDateTime()
    inherit_cache = True


@compiles(noon, "sqlite")
def _noon_in_sqlite(element: noon, compiler: Any, **options: Any) -> str:
    return f"({compiler.process(element.clauses, **options)} || ' 12:00:00.000000')"


@compiles(noon, "postgresql")
def _noon_in_postgresql(element: noon, compiler: Any, **options: Any) -> str:
    day = compiler.process(element.clauses, **options)
    return f"((CAST({day} AS timestamp) + interval '12 hours') AT TIME ZONE 'UTC')"


def _later_than(
    paces: Mapping[str, Pace],
    condition: Callable[[date], ColumnElement[bool]],
    weeks: Callable[[Pace], int],
) -> ColumnElement[bool]:
    """The condition with the first day that still counts, which differs where networks set another pace."""
    slugs: dict[int, list[str]] = {}
    for slug, pace in paces.items():
        slugs.setdefault(weeks(pace), []).append(slug)
    return or_(
        *(
            and_(Duo.network_slug.in_(some), condition(today() - timedelta(weeks=number)))
            for number, some in sorted(slugs.items())
        )
    )


def _silent(since: date) -> ColumnElement[bool]:
    met = select(HourEntry.id).where(HourEntry.duo_id == Duo.id, HourEntry.starts_at >= start_of_day(since))
    return and_(_untalked(since), ~met.correlate(Duo).exists())


def _untalked(since: date) -> ColumnElement[bool]:
    talked = select(CheckIn.id).where(CheckIn.duo_id == Duo.id, CheckIn.on >= since)
    return and_(Duo.starts_on < since, ~talked.correlate(Duo).exists())


def _quiet(silent: ColumnElement[bool], viewer: Viewer) -> Found:
    """Active duos of whom nothing was heard; a break is no silence."""
    heard = select(func.max(HourEntry.starts_at)).where(HourEntry.duo_id == Duo.id)
    last = _latest(_last_talk(), func.date(heard.correlate(Duo).scalar_subquery(), type_=Date))
    return owing_duos(viewer, noon(last), Duo.state == DuoState.ACTIVE, silent)


def _check_in_due(due: ColumnElement[bool], viewer: Viewer) -> Found:
    """Duos under way with whom nobody talked for a while; a silent one is asked about its silence instead."""
    return owing_duos(viewer, noon(_last_talk()), Duo.state.in_(UNDER_WAY), due)


def _last_talk() -> ColumnElement[Any]:
    talked: Select[Any] = select(func.max(CheckIn.on)).where(CheckIn.duo_id == Duo.id)
    return _latest(Duo.starts_on, talked.correlate(Duo).scalar_subquery())


def _latest(day: Any, other: Any) -> ColumnElement[Any]:
    """The later of two days; the second may be missing."""
    return case((other > day, other), else_=day)


def _unplanned(viewer: Viewer) -> Found:
    """Both want to meet, and after a week there is no day for it."""
    return owing_duos(
        viewer, Duo.contact_shared_at, Duo.state == DuoState.MEETING, Duo.first_meeting_at.is_(None),
        Duo.contact_shared_at < days_ago(PLAN_WITHIN_DAYS),
    )  # fmt: skip


def _period_ends(viewer: Viewer) -> Found:
    """The agreed period is over, or nearly: stop well, or agree to go on (R39)."""
    return owing_duos(
        viewer, noon(Duo.ends_on), Duo.state.in_(UNDER_WAY), Duo.ends_on < today() + ENDS_WITHIN
    )
