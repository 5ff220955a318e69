"""Whether a newcomer is exempt on a day, as conditions of a statement; `Exemption.holds_on` says the same of one record."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, case, or_, select

from app.models import ContractVersion, Exemption
from app.vocabulary import Obligation


def last_day() -> Any:
    """The last day of an exemption, empty when no end is known."""
    return case(
        (Exemption.ended_on.is_(None), Exemption.valid_to),
        (Exemption.valid_to.is_(None), Exemption.ended_on),
        (Exemption.ended_on < Exemption.valid_to, Exemption.ended_on),
        else_=Exemption.valid_to,
    )


def holds_on(on: date) -> ColumnElement[bool]:
    """That an exemption holds on that day."""
    return and_(Exemption.valid_from <= on, or_(last_day().is_(None), last_day() >= on))


def exempt_on(on: date) -> ColumnElement[bool]:
    """That the newcomer of a contract version is obliged by it, and exempt on that day (R18, R23)."""
    held = select(Exemption.id).where(Exemption.newcomer_id == ContractVersion.newcomer_id, holds_on(on))
    return and_(ContractVersion.obligation == Obligation.OBLIGED, held.correlate(ContractVersion).exists())
