"""How long people of a network wait for a buddy, from what happened there in the last months.

Who still waits counts as well: a table of weeks is made as for lives (Kaplan and Meier, by week and for a period), so
that a network where hardly anybody finds a buddy does not look quick.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import select

from app.clock import in_brussels, start_of_day, today
from app.db import session
from app.models import Newcomer, Transition
from app.vocabulary import NewcomerState
from app.vocabulary.records import Subject

WEEKS_LOOKED_AT: Final = 26
LEAST: Final = 5
"""Fewer people than this who found a buddy say nothing about the others (R52)."""
QUARTER, THREE_QUARTERS = 0.75, 0.25
STILL_WAITING: Final = (NewcomerState.WAITING, NewcomerState.PROPOSED)


@dataclass(frozen=True)
class Spell:
    """Somebody's waiting: from that day until that day, when a buddy was there or (`found` false) as it stands now."""

    since: date
    until: date
    found: bool


@dataclass(frozen=True)
class Waiting:
    """After `shortest` weeks a quarter of the people have a buddy, after `longest` three quarters; None = not known."""

    shortest: int
    longest: int | None


def waiting_in(network: str, on: date | None = None) -> Waiting | None:
    """The waiting time in a network; None when too few people found a buddy to say it. One statement."""
    on = on or today()
    begins = on - timedelta(weeks=WEEKS_LOOKED_AT)
    found = (
        (Transition.subject == Subject.NEWCOMER) & (Transition.subject_id == Newcomer.id)
        & (Transition.to_state == NewcomerState.IN_DUO.value) & (Transition.at >= start_of_day(begins))
    )  # fmt: skip
    rows = session().execute(
        select(Newcomer.waiting_since, Newcomer.state, Transition.at).outerjoin(Transition, found)
        .where(Newcomer.network_slug == network, Newcomer.state.in_(STILL_WAITING) | Transition.id.is_not(None))
        .order_by(Newcomer.id)
    )  # fmt: skip
    spells = [_spell(since, at, on) for since, _state, at in rows]
    return waiting_of([spell for spell in spells if spell.since <= spell.until], begins, on)


def _spell(since: date, at: datetime | None, on: date) -> Spell:
    return Spell(since, on if at is None else in_brussels(at).date(), at is not None)


def waiting_of(spells: Iterable[Spell], begins: date, on: date) -> Waiting | None:
    """The weeks after which a quarter and three quarters have a buddy, going by what happened between these days."""
    at_risk: Counter[int] = Counter()
    ended: Counter[int] = Counter()
    for spell in spells:
        last = (min(spell.until, on) - spell.since).days // 7
        first = max(0, -(-(begins - spell.since).days // 7))
        at_risk.update(range(first, last + 1))
        ended[last] += spell.found and last >= first
    if ended.total() < LEAST:
        return None
    left, shortest, enough = 1.0, None, False
    for week in sorted(at_risk):
        # Weeks that only those went through who had waited long when the period began say little of how it begins.
        enough = enough or at_risk[week] >= LEAST
        if not enough:
            continue
        left *= 1 - ended[week] / at_risk[week]
        if shortest is None and left <= QUARTER:
            shortest = week
        if left <= THREE_QUARTERS:
            return Waiting(shortest or 0, week + 1)
    return None if shortest is None else Waiting(shortest, None)
