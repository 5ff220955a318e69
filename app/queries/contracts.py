"""The contract that holds, its term, and the dated rules of law: target, term, grounds of exemption."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from sqlalchemy import ColumnElement, func, select

from app.db import session
from app.models import ContractVersion, ExemptionRule, Newcomer, TargetRule, TermRule
from app.queries.reach import rows
from app.vocabulary.contracts import ExemptionGround


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


Rule = TypeVar("Rule", TargetRule, TermRule, ExemptionRule)


def rule_on(rules: Sequence[Rule], on: date) -> Rule:
    """The rule of that day: the latest that had begun; before the first, the first."""
    known = sorted(rules, key=lambda rule: rule.since)
    return next((rule for rule in reversed(known) if rule.since <= on), known[0])


def target_minutes(rules: Sequence[TargetRule], on: date) -> int:
    """The minutes that a trajectory under the rules of that day needs."""
    return rule_on(rules, on).minutes


def target_rules() -> list[TargetRule]:
    """All dated rules about the target, the latest first; they are few."""
    return rows(select(TargetRule).order_by(TargetRule.since.desc()))


def term_rules() -> list[TermRule]:
    """All dated rules about the longest term, the latest first."""
    return rows(select(TermRule).order_by(TermRule.since.desc()))


def exemption_rules(ground: ExemptionGround | None = None) -> list[ExemptionRule]:
    """All dated rules about grounds of exemption, or about one ground; the latest first."""
    found = select(ExemptionRule).order_by(ExemptionRule.since.desc(), ExemptionRule.id)
    return rows(found if ground is None else found.where(ExemptionRule.ground == ground))
