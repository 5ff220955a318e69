"""For how many days things are kept: the dated settings."""

from datetime import date

from sqlalchemy import select

from app.clock import today
from app.db import session
from app.models import RetentionRule
from app.vocabulary.retention import RetentionKind


def retention_rules() -> list[RetentionRule]:
    """All settings, the latest first."""
    wanted = select(RetentionRule).order_by(RetentionRule.since.desc(), RetentionRule.id.desc())
    return list(session().scalars(wanted))


def days_kept(on: date | None = None) -> dict[RetentionKind, int]:
    """How many days each kind is kept on that day (today when not said)."""
    day = on or today()
    kept = {rule.kind: rule.days for rule in reversed(retention_rules()) if rule.since <= day}
    return {kind: kept[kind] for kind in RetentionKind}
