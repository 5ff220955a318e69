"""For how many days things are kept: the dated settings."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from app.clock import today
from app.db import session
from app.models import RetentionRule
from app.vocabulary.retention import FIRST_DAYS, RetentionKind


@dataclass(frozen=True)
class Kept:
    """For how many days a kind is kept from a day on; from the beginning where no day is said."""

    kind: RetentionKind
    since: date | None
    days: int


def retention_rules() -> list[RetentionRule]:
    """All settings, the latest first."""
    wanted = select(RetentionRule).order_by(RetentionRule.since.desc(), RetentionRule.id.desc())
    return list(session().scalars(wanted))


def kept_for(on: date | None = None) -> list[Kept]:
    """All settings, the latest first, and at the end the days of kinds for which none holds yet on that day (today when not said)."""
    day = on or today()
    found = [Kept(rule.kind, rule.since, rule.days) for rule in retention_rules()]
    holding = {rule.kind for rule in found if rule.since is not None and rule.since <= day}
    return found + [Kept(kind, None, days) for kind, days in FIRST_DAYS.items() if kind not in holding]


def days_kept(on: date | None = None) -> dict[RetentionKind, int]:
    """How many days each kind is kept on that day (today when not said)."""
    day = on or today()
    kept = {one.kind: one.days for one in reversed(kept_for(day)) if one.since is None or one.since <= day}
    return {kind: kept[kind] for kind in RetentionKind}
