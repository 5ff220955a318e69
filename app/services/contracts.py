"""The integration contract as its counsellor writes it: versions, extensions, and whether the hours are reached."""

from datetime import date, datetime

from sqlalchemy import delete, select

from app.clock import now, today
from app.db import before_commit, lock, session, transaction
from app.errors import Invalid, Refusal
from app.i18n import lazy_gettext as _
from app.i18n import lazy_ngettext
from app.models import ContractVersion, HourEntry, Newcomer, TrajectoryReached
from app.queries.contracts import contract_of, rule_on, target_minutes, target_rules, term_of, term_rules
from app.queries.hours import totals_of
from app.queries.newcomers import newcomers_for
from app.queries.reach import one, rows
from app.queries.trajectory_states import can_extend, facts_of, followed_of, state_of
from app.security.permissions import Permission
from app.security.predicates import demand, not_about_oneself
from app.security.viewer import Viewer
from app.services.records import audit
from app.services.sums import count_newcomers
from app.vocabulary import EntryState, Obligation
from app.vocabulary.contracts import ExtensionCause, TrajectoryState, VersionKind
from app.vocabulary.terms import ONE_DAY, months_on


def own_newcomer(actor: Viewer, newcomer_id: int, permission: Permission) -> Newcomer:
    """A newcomer of the actor's caseload, and not the actor. Raises Forbidden or NotFound."""
    demand(actor, permission)
    newcomer = one(newcomers_for(actor, permission).where(Newcomer.id == newcomer_id))
    not_about_oneself(actor, newcomer.person_id)
    return newcomer


def standing_state(newcomer: Newcomer, contract: ContractVersion | None) -> TrajectoryState:
    """Where that newcomer's trajectory stands now (DOMAIN 6b)."""
    reached = session().get(TrajectoryReached, newcomer.id) is not None
    return state_of(facts_of(contract, reached=reached, followed=followed_of([newcomer.id])[newcomer.id]))


def write_version(
    actor: Viewer, newcomer_id: int, *, agency: str, obligation: Obligation, contains_trajectory: bool,
    starts_on: date, ends_on: date, reason: str = "", at: datetime | None = None,
) -> ContractVersion:  # fmt: skip
    """Write the contract, or what changed in it as its next version (R24); no version is ever edited.

    A later end of a trajectory that is not settled is an extension and needs its cause (R25, R30): see `extend`. One
    that was not reached goes on with a new term (R27). `at` is when it was written: now, unless a past is told (the
    demo); a version cannot be moved in time afterwards. Raises NotFound, Forbidden, or Invalid with the field.
    """
    with transaction():
        newcomer = own_newcomer(actor, newcomer_id, Permission.SET_CONTRACT)
        lock(Newcomer, newcomer.id)
        if agency not in actor.agencies:
            raise Invalid("agency", _("Choose the agency where you work."))
        earlier = contract_of(newcomer.id)
        _check_term(starts_on, ends_on, earlier)
        if earlier is not None and not reason:
            raise Invalid("reason", _("Write why the contract changes."))
        if not contains_trajectory and obligation is Obligation.OBLIGED and not _is_exempt(newcomer):
            raise Invalid(
                "contains_trajectory",
                _("For who is obliged, the trajectory is in the contract. Or write down an exemption."),
            )
        made = ContractVersion(
            newcomer_id=newcomer.id, by_person_id=actor.person_id, agency_slug=agency, obligation=obligation,
            contains_trajectory=contains_trajectory, starts_on=starts_on, ends_on=ends_on, reason=reason,
            kind=_kind_of(newcomer, earlier, ends_on), created_at=at or now(),
        )  # fmt: skip
        return _add(actor, newcomer, earlier, made)


def extend(actor: Viewer, newcomer_id: int, *, ends_on: date, cause: ExtensionCause, reason: str) -> ContractVersion:  # fmt: skip
    """Make the term longer for a cause outside the will of the newcomer (R25, R30), as a version of that kind.

    Raises NotFound, Forbidden, Refusal when no trajectory is under way, or Invalid with the field.
    """
    with transaction():
        newcomer = own_newcomer(actor, newcomer_id, Permission.SET_CONTRACT)
        lock(Newcomer, newcomer.id)
        earlier = contract_of(newcomer.id)
        if earlier is None or not can_extend(earlier, standing_state(newcomer, earlier)):
            raise Refusal(_("Only a trajectory under way can get a longer term."), code="not-under-way")
        if ends_on <= earlier.ends_on:
            raise Invalid("ends_on", _("The new end must be later than the end of the term now."))
        _check_term(earlier.starts_on, ends_on, earlier)
        if not reason:
            raise Invalid("reason", _("Write what happened."))
        made = ContractVersion(
            newcomer_id=newcomer.id, by_person_id=actor.person_id, agency_slug=earlier.agency_slug,
            obligation=earlier.obligation, contains_trajectory=True, starts_on=earlier.starts_on, ends_on=ends_on, reason=reason, kind=VersionKind.EXTENSION, cause=cause,
        )  # fmt: skip
        return _add(actor, newcomer, earlier, made)


def settle_reached(newcomer: Newcomer, contract: ContractVersion | None) -> bool:
    """Keep the one row that says when the target was reached in step with the accepted minutes (R01); True when new.

    The caller holds the newcomer's row. What falls below the target again is no longer reached.
    """
    db = session()
    term = term_of(contract)
    known = db.get(TrajectoryReached, newcomer.id)
    accepted = 0
    if term is not None:
        entries = rows(
            select(HourEntry).where(
                HourEntry.newcomer_id == newcomer.id, HourEntry.state == EntryState.ACCEPTED
            )
        )
        accepted = totals_of(entries, term).accepted
    reached = (
        contract is not None
        and term is not None
        and accepted >= target_minutes(target_rules(), contract.rules_on)
    )
    if reached and contract is not None and known is None:
        db.add(
            TrajectoryReached(
                newcomer_id=newcomer.id, obligation=contract.obligation, on=today(), minutes=accepted
            )
        )
        audit(None, "target-reached", "newcomer", newcomer.id, minutes=accepted)
        return True
    if not reached and known is not None:
        db.execute(delete(TrajectoryReached).where(TrajectoryReached.newcomer_id == newcomer.id))
        audit(None, "target-not-reached", "newcomer", newcomer.id, minutes=accepted)
    return False


def _check_term(starts_on: date, ends_on: date, earlier: ContractVersion | None) -> None:
    longest = rule_on(term_rules(), earlier.rules_on if earlier else starts_on).longest_months
    try:
        last = months_on(starts_on, longest) - ONE_DAY
    except OverflowError:
        last = date.max
    if not starts_on <= ends_on <= last:
        message = lazy_ngettext(
            "The term must end after it begins, and within %(num)s month.",
            "The term must end after it begins, and within %(num)s months.",
            longest,
        )
        raise Invalid("ends_on", message)


def _is_exempt(newcomer: Newcomer) -> bool:
    return followed_of([newcomer.id])[newcomer.id].exemption_on(today()) is not None


def _kind_of(newcomer: Newcomer, earlier: ContractVersion | None, ends_on: date) -> VersionKind:
    """Why this version is written, seen from where the trajectory stands. Raises Invalid for an extension without a cause."""
    if earlier is None:
        return VersionKind.FIRST
    later = ends_on > earlier.ends_on
    state = standing_state(newcomer, earlier)
    if later and state is TrajectoryState.NOT_REACHED:
        return VersionKind.CONTINUED
    if later and can_extend(earlier, state):
        raise Invalid(
            "ends_on", _("A later end is an extension and needs its cause. Choose: Make the term longer.")
        )
    return VersionKind.CHANGE


def _add(
    actor: Viewer, newcomer: Newcomer, earlier: ContractVersion | None, made: ContractVersion
) -> ContractVersion:
    made.number = earlier.number + 1 if earlier else 1
    made.rules_on = earlier.rules_on if earlier else made.starts_on
    db = session()
    db.add(made)
    db.flush()
    audit(
        actor, "contract-version-written", "newcomer", newcomer.id, number=made.number, kind=made.kind.value
    )
    before_commit(count_newcomers, newcomer.id)
    settle_reached(newcomer, made)
    return made
