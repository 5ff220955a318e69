"""The contract that holds, its term, and the dated target of law."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, select

from app.db import session
from app.models import ContractVersion, Newcomer, TargetRule
from app.queries.reach import rows


@dataclass(frozen=True)
class Term:
    """The days, both included, on which time counts: the term of the valid contract version (R03)."""

    starts_on: date
    ends_on: date

    def __contains__(self, day: date) -> bool:
        return self.starts_on <= day <= self.ends_on


def term_of(contract: ContractVersion | None) -> Term | None:
    """The term in which time counts, if the contract contains the trajectory (R24)."""
    if contract is None or not contract.contains_trajectory:
        return None
    return Term(contract.starts_on, contract.ends_on)


def valid_version() -> ColumnElement[bool]:
    """The condition that a contract version is the one that holds: no other of its newcomer has a higher number."""
    later = select(func.max(ContractVersion.number)).where(ContractVersion.newcomer_id == Newcomer.id)
    return ContractVersion.number == later.correlate(Newcomer).scalar_subquery()


def contract_of(newcomer_id: int) -> ContractVersion | None:
    """The contract version of a newcomer that holds."""
    return session().scalars(
        select(ContractVersion).where(ContractVersion.newcomer_id == newcomer_id).order_by(ContractVersion.number.desc()).limit(1)
    ).first()  # fmt: skip


def target_minutes(rules: list[TargetRule], on: date) -> int:
    """The minutes that a trajectory whose contract begins on that day needs; before the first rule, the first."""
    known = sorted(rules, key=lambda rule: rule.since)
    return next((rule.minutes for rule in reversed(known) if rule.since <= on), known[0].minutes)


def target_rules() -> list[TargetRule]:
    """All dated rules; they are few."""
    return rows(select(TargetRule))
