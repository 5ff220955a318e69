"""Dated rules of law, kept by administrators: a change of law is a new row, and earlier rows are never touched."""

from collections.abc import Sequence
from datetime import date

from app.clock import today
from app.db import transaction
from app.errors import Invalid
from app.i18n import lazy_gettext as _
from app.models import ExemptionRule, TargetRule, TermRule
from app.queries.contracts import exemption_rules, target_rules, term_rules
from app.security.permissions import Permission
from app.security.predicates import demand
from app.security.viewer import Viewer
from app.services.records import audit
from app.vocabulary.contracts import ExemptionGround

MOST_HOURS = 400
MOST_MONTHS = 240
MOST_LEAST_MONTHS = 120


def add_target(actor: Viewer, *, since: date, hours: int, source: str) -> None:
    """From that day on a new trajectory needs so many hours (R01). Raises Forbidden, or Invalid with the field."""
    with transaction() as db:
        demand(actor, Permission.ADMINISTER)
        _check(target_rules(), since, source)
        _within("number", hours, 1, MOST_HOURS)
        db.add(TargetRule(since=since, minutes=hours * 60, source=source))
        audit(actor, "rule-added", kind="target", since=since.isoformat(), hours=hours)


def add_term(actor: Viewer, *, since: date, months: int, source: str) -> None:
    """From that day on the term of a new contract lasts at most so many months. Raises Forbidden, or Invalid with the field."""
    with transaction() as db:
        demand(actor, Permission.ADMINISTER)
        _check(term_rules(), since, source)
        _within("number", months, 1, MOST_MONTHS)
        db.add(TermRule(since=since, longest_months=months, source=source))
        audit(actor, "rule-added", kind="term", since=since.isoformat(), months=months)


def add_ground(
    actor: Viewer, *, since: date, ground: ExemptionGround, counts: bool, months: int, source: str
) -> None:
    """From that day on a ground counts or not, with so many months at least (R20). Raises Forbidden, or Invalid with the field."""
    with transaction() as db:
        demand(actor, Permission.ADMINISTER)
        _check(exemption_rules(ground), since, source)
        _within("number", months, 0, MOST_LEAST_MONTHS)
        db.add(ExemptionRule(ground=ground, since=since, counts=counts, least_months=months, source=source))
        audit(actor, "rule-added", kind="ground", ground=ground.value, since=since.isoformat(), months=months)


def _check(known: Sequence[TargetRule | TermRule | ExemptionRule], since: date, source: str) -> None:
    """A rule begins after today and after all others, so that no trajectory that began gets another rule."""
    if since <= today() or any(rule.since >= since for rule in known):
        raise Invalid("since", _("A rule begins on a day to come, after the rules that are here. Trajectories that began keep theirs."))  # fmt: skip
    if not source:
        raise Invalid("source", _("Write where this stands: the law or the decision, with its date."))


def _within(field: str, value: int, least: int, most: int) -> None:
    if not least <= value <= most:
        raise Invalid(field, _("Write a whole number from %(min)s to %(max)s.", min=least, max=most))
