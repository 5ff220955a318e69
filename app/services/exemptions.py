"""Exemptions of obliged newcomers, decided by their counsellor: ground, what was seen, and from when to when (R18-R23)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.clock import today
from app.db import lock, session, transaction
from app.errors import Invalid, NotFound, Refusal
from app.i18n import lazy_gettext as _
from app.i18n import lazy_ngettext
from app.models import ContractVersion, Exemption, Newcomer, SeenContract
from app.queries.contracts import contract_of, exemption_rules, rule_on
from app.security.permissions import Permission
from app.security.viewer import Viewer
from app.services.contracts import own_newcomer
from app.services.records import audit
from app.vocabulary import Obligation
from app.vocabulary.contracts import EVIDENCE_OF, Evidence, ExemptionGround
from app.vocabulary.terms import Span, join_up_to


@dataclass(frozen=True)
class Deciding:
    """What the counsellor fills in. Days; `contracts` are the employment contracts that were shown (R20)."""

    ground: ExemptionGround
    half_time: bool
    evidence: Evidence
    seen_on: date
    valid_from: date
    valid_to: date | None = None
    note: str = ""
    contracts: Sequence[Span] = ()


def exempt(actor: Viewer, newcomer_id: int, deciding: Deciding) -> Exemption:
    """Decide that an obliged newcomer is exempt; without a last day it ends with the employment contracts, if they end.

    Raises NotFound, Forbidden, Refusal or Invalid with the field.
    """
    with transaction() as db:
        newcomer = own_newcomer(actor, newcomer_id, Permission.SET_CONTRACT)
        lock(Newcomer, newcomer.id)
        contract = contract_of(newcomer.id)
        if contract is None or contract.obligation is not Obligation.OBLIGED:
            raise Refusal(
                _("Only who is obliged can be exempt. For who is entitled, leave the trajectory out of the contract."),
                code="not-obliged",
            )  # fmt: skip
        valid_to = _check(deciding, contract)
        made = Exemption(
            newcomer_id=newcomer.id, ground=deciding.ground, half_time=deciding.half_time, evidence=deciding.evidence,
            seen_on=deciding.seen_on, note=deciding.note, valid_from=deciding.valid_from, valid_to=valid_to,
            decided_by_id=actor.person_id, decided_on=today(),
            contracts=[SeenContract(starts_on=span.first, ends_on=span.last) for span in deciding.contracts],
        )  # fmt: skip
        db.add(made)
        db.flush()
        audit(actor, "exemption-decided", "newcomer", newcomer.id, ground=made.ground.value)
        return made


def end_ground(actor: Viewer, newcomer_id: int, exemption_id: int, *, ended_on: date) -> None:
    """Write the last day of a ground, such as the end of the work. It changes nothing else (R23).

    Raises NotFound, Forbidden, or Invalid with the field `ended_on`.
    """
    with transaction():
        newcomer = own_newcomer(actor, newcomer_id, Permission.SET_CONTRACT)
        lock(Newcomer, newcomer.id)
        exemption = session().get(Exemption, exemption_id)
        if exemption is None or exemption.newcomer_id != newcomer.id:
            raise NotFound()
        if not exemption.valid_from <= ended_on <= min(exemption.last_day, today()):
            raise Invalid("ended_on", _("Choose a day on which the exemption held, today or earlier."))
        exemption.ended_on, exemption.ended_by_id = ended_on, actor.person_id
        audit(actor, "exemption-ended", "newcomer", newcomer.id, exemption=exemption.id)


def _check(deciding: Deciding, contract: ContractVersion) -> date | None:
    """Refuse what does not fit; gives the last day of the exemption, None when no end is known."""
    rule = rule_on(exemption_rules(deciding.ground), contract.rules_on)
    if not rule.counts:
        raise Invalid("ground", _("This ground does not count for a contract that began on that day."))
    if deciding.ground.is_work and not deciding.half_time:
        raise Invalid("half_time", _("Work counts from half-time on."))
    if deciding.evidence not in EVIDENCE_OF[deciding.ground]:
        raise Invalid(
            "evidence", _("This paper does not prove that ground. Choose the paper that belongs to it.")
        )
    if deciding.seen_on > today():
        raise Invalid("seen_on", _("Choose the day on which you saw the paper, today or earlier."))
    if deciding.valid_to is not None and deciding.valid_to < deciding.valid_from:
        raise Invalid("valid_to", _("The last day cannot lie before the first."))
    if any(span.last is not None and span.last < span.first for span in deciding.contracts):
        raise Invalid("contracts", _("The last day cannot lie before the first."))
    return _end_of_work(deciding, rule.least_months) if rule.least_months else deciding.valid_to


def _end_of_work(deciding: Deciding, least_months: int) -> date | None:
    """The last day of an exemption that rests on employment contracts: it lies within those that join (R20).

    What was shown proves the work of these days only, and so the end of the last contract is the end of the ground.
    """
    stretches = join_up_to(deciding.contracts, least_months)
    if not stretches:
        message = lazy_ngettext(
            "The employment contracts must follow each other without a gap for at least %(num)s month.",
            "The employment contracts must follow each other without a gap for at least %(num)s months.",
            least_months,
        )
        raise Invalid("contracts", message)
    within = next((span for span in stretches if span.first <= deciding.valid_from <= span.end), None)
    if within is None:
        raise Invalid("valid_from", _("Choose a day within the employment contracts that you saw."))
    if deciding.valid_to is not None and deciding.valid_to > within.end:
        raise Invalid("valid_to", _("Choose a day within the employment contracts that you saw."))
    return deciding.valid_to or within.last
