"""Selections about one trajectory of a counsellor's caseload, and how it stands."""

from dataclasses import dataclass
from enum import IntEnum

from sqlalchemy import select

from app.clock import today
from app.db import session
from app.errors import NotFound
from app.i18n import Lazy
from app.models import ContractVersion, HourEntry, Newcomer, TargetRule, TrajectoryReached, Transition
from app.queries.contracts import target_minutes, target_rules, term_of
from app.queries.hours import Totals, entries_for, totals_of
from app.queries.newcomers import newcomers_for
from app.queries.reach import one
from app.security.permissions import Permission
from app.security.viewer import Viewer
from app.vocabulary import EntryState
from app.vocabulary.records import Subject
from app.vocabulary.trajectories import RISK_WORDS

TIGHT_MINUTES_A_WEEK = 120
HARD_MINUTES_A_WEEK = 240
DAYS_UNTIL_PACE = 28  # before that, nobody has a pace


class Risk(IntEnum):
    """How a trajectory stands, the most urgent first; our own measure, no rule of law."""

    TERM_OVER = 0
    HARD = 1
    TIGHT = 2
    ON_TRACK = 3
    NO_CONTRACT = 4
    NOT_IN_CONTRACT = 5
    EXEMPT = 6
    REACHED = 7

    @property
    def label(self) -> Lazy:
        """In words, for staff."""
        return RISK_WORDS[self.name]


@dataclass(frozen=True)
class Standing:
    """Where one newcomer stands: the valid contract version if there is one, target and totals in minutes.

    `exempt` = obliged by that version, and exempt today: then no hours are owed (R18).
    """

    newcomer: Newcomer
    contract: ContractVersion | None
    target: int
    totals: Totals
    reached: TrajectoryReached | None = None
    exempt: bool = False

    @property
    def owed(self) -> int:
        """Minutes that are still to be accepted."""
        return 0 if self.exempt else max(self.target - self.totals.accepted, 0)

    @property
    def days_left(self) -> int:
        """Days until the end of the term, that day included; 0 when it is over or there is no contract."""
        return max((self.contract.ends_on - today()).days + 1, 0) if self.contract else 0

    def counts(self, entry: HourEntry) -> bool:
        """Whether the entry lies within the term, so that it can be accepted (R03)."""
        term = term_of(self.contract)
        return term is not None and entry.day in term

    @property
    def short(self) -> int:
        """Minutes that will lack at the end of the term when the newcomer goes on as she did since it began."""
        gone = max((today() - self.contract.starts_on).days + 1, 0) if self.contract else 0
        done = self.totals.told + self.totals.confirmed + self.totals.accepted
        return 0 if self.exempt else max(self.target - done - done * self.days_left // max(gone, 1), 0)

    @property
    def risk(self) -> Risk:
        """Hours still owed against days left, and the pace until now; the same in SQL in app/queries/caseload.py."""
        if self.contract is None:
            return Risk.NO_CONTRACT
        included = self.contract.contains_trajectory
        if self.exempt and not (included and self.totals.accepted >= self.target):
            return Risk.EXEMPT
        if not included:
            return Risk.NOT_IN_CONTRACT
        if not self.owed:
            return Risk.REACHED
        if not self.days_left:
            return Risk.TERM_OVER
        if self.owed * 7 > HARD_MINUTES_A_WEEK * self.days_left:
            return Risk.HARD
        has_pace = (today() - self.contract.starts_on).days >= DAYS_UNTIL_PACE
        too_slow = has_pace and self.short > 0
        return (
            Risk.TIGHT if too_slow or self.owed * 7 > TIGHT_MINUTES_A_WEEK * self.days_left else Risk.ON_TRACK
        )


def _target(rules: list[TargetRule], contract: ContractVersion | None) -> int:
    return target_minutes(rules, contract.rules_on if contract else today())


def caseload_newcomer(viewer: Viewer, newcomer_id: int) -> Newcomer:
    """One newcomer of the caseload. Raises NotFound."""
    return one(newcomers_for(viewer, Permission.ACCEPT_HOURS).where(Newcomer.id == newcomer_id))


def whole_of(
    viewer: Viewer, newcomer_id: int
) -> tuple[Newcomer, TrajectoryReached | None, list[ContractVersion]]:
    """As `caseload_newcomer`, and all contract versions, the valid one first; in one query. Raises NotFound."""
    found = session().execute(
        newcomers_for(viewer, Permission.ACCEPT_HOURS).where(Newcomer.id == newcomer_id)
        .add_columns(TrajectoryReached, ContractVersion)
        .outerjoin(TrajectoryReached, TrajectoryReached.newcomer_id == Newcomer.id)
        .outerjoin(ContractVersion, ContractVersion.newcomer_id == Newcomer.id)
        .order_by(ContractVersion.number.desc())
    ).unique().all()  # fmt: skip
    if not found:
        raise NotFound()
    newcomer, reached, _version = found[0]
    return newcomer, reached, [version for *_rest, version in found if version is not None]


def entries_of(viewer: Viewer, newcomer_id: int) -> tuple[list[HourEntry], dict[int, str]]:
    """All entries of a newcomer of the caseload, counter-entries too, the latest first, and how each was confirmed.

    That is the code of the way, by entry (letters of app/services/confirmations). One statement.
    """
    way = (
        select(Transition.reason)
        .where(
            Transition.subject == Subject.HOUR_ENTRY, Transition.subject_id == HourEntry.id,
            Transition.to_state == EntryState.CONFIRMED.value,
        )
        .order_by(Transition.id.desc()).limit(1).correlate(HourEntry).scalar_subquery()
    )  # fmt: skip
    found = session().execute(
        entries_for(viewer, Permission.ACCEPT_HOURS).where(HourEntry.newcomer_id == newcomer_id).add_columns(way)
        .order_by(HourEntry.starts_at.desc(), HourEntry.id.desc())
    ).unique().all()  # fmt: skip
    ways = {entry.id: reason for entry, reason in found if reason is not None}
    return [entry for entry, _reason in found], ways


def standing_of(
    newcomer: Newcomer,
    entries: list[HourEntry],
    contract: ContractVersion | None,
    reached: TrajectoryReached | None,
    *,
    exempt: bool,
) -> Standing:
    """Where that newcomer stands; `entries` are all of the newcomer's."""
    totals = totals_of(entries, term_of(contract))
    return Standing(newcomer, contract, _target(target_rules(), contract), totals, reached, exempt)
