"""Selections of newcomers, each limited to what the viewer may see, and a newcomer's own track."""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ScalarSelect, Select, exists, func, select
from sqlalchemy.orm import aliased, joinedload

from app.clock import now, today
from app.db import session
from app.errors import NotFound
from app.models import (
    Buddy,
    ContractVersion,
    Duo,
    HourEntry,
    Network,
    Newcomer,
    TargetRule,
    Wish,
)
from app.queries.buddies import CONTACT_SHARED
from app.queries.contracts import Term, term_of, valid_version
from app.queries.hours import AWAITING, NO_COUNTER, Totals, totals_of
from app.queries.plans import LeftOut, left_out
from app.queries.reach import reach, rows
from app.security.permissions import Permission, Scope
from app.security.viewer import Viewer
from app.vocabulary import DuoState, EntryState
from app.vocabulary.following import WishState

LIVING = (DuoState.ASKED, *CONTACT_SHARED)
DAYS_BETWEEN_MEETINGS = 14  # R39: at least every two weeks
MINUTES_A_MEETING = 120


def newcomers_for(viewer: Viewer, permission: Permission = Permission.SEE_NEWCOMERS) -> Select[Newcomer]:
    """The newcomers that the permission reaches."""
    shared = exists(
        select(Duo.id).join(Buddy, Buddy.id == Duo.buddy_id)
        .where(Duo.newcomer_id == Newcomer.id, Buddy.person_id == viewer.person_id, Duo.state.in_(CONTACT_SHARED))
    )  # fmt: skip
    return select(Newcomer).where(
        reach(viewer, permission, {
            Scope.OWN: Newcomer.person_id == viewer.person_id,
            Scope.CASELOAD: Newcomer.counsellor_id == viewer.person_id,
            Scope.NETWORK: Newcomer.network_slug.in_(viewer.networks),
            Scope.DUO: shared,
        })
    )  # fmt: skip


class NextStep(StrEnum):
    """The one thing that a newcomer can do now, the most pressing first."""

    CHOOSE = "choose"  # with whom of up to three buddies do you want to meet?
    ANSWER = "answer"  # do you want to meet this buddy?
    PLAN_MEETING = "plan-meeting"
    SAY_HOW_IT_WAS = "say-how-it-was"  # the first meeting is over
    AGREE = "agree"  # a contact person gave another length
    SEND = "send"  # told, not sent yet
    SEND_AGAIN = "send-again"
    REACHED = "reached"
    TELL = "tell"
    WAIT = "wait"  # somebody calls, or looks for a buddy


@dataclass(frozen=True)
class Track:
    """All that stands on a newcomer's own track. Minutes; `entries` without counter-entries, the latest first."""

    newcomer: Newcomer
    network: Network
    contract: ContractVersion | None
    target: int
    entries: list[HourEntry]
    totals: Totals
    duo: Duo | None
    left_out: LeftOut | None
    may_choose: bool = False

    @property
    def term(self) -> Term | None:
        """The term of the contract, when the trajectory is in it."""
        return term_of(self.contract)

    @property
    def contact_shared(self) -> bool:
        """Whether the two of the duo may know how to reach each other."""
        return self.duo is not None and self.duo.state in CONTACT_SHARED

    @property
    def unanswered(self) -> list[HourEntry]:
        """Of each contact person who has not answered the time that was told first, who waits longest in front."""
        waiting = sorted(
            (entry for entry in self.entries if entry.state in AWAITING), key=lambda entry: entry.entered_at
        )
        first: dict[int, HourEntry] = {}
        for entry in waiting:
            first.setdefault(entry.contact_person_id, entry)
        return list(first.values())

    @property
    def needs_activities(self) -> bool:
        """Whether a buddy alone, met as often as duos meet, is too little to come to all hours in time (R04, R39)."""
        if self.term is None or self.term.ends_on < today():
            return False
        totals = self.totals
        lacking = self.target - totals.told - totals.confirmed - totals.accepted
        meetings = ((self.term.ends_on - today()).days + 1) // DAYS_BETWEEN_MEETINGS
        return lacking > meetings * MINUTES_A_MEETING

    @property
    def step(self) -> NextStep:
        """What to do next."""
        return (self._step_of_duo() or self._step_of_hours()) or NextStep.WAIT

    @property
    def about(self) -> HourEntry | None:
        """The entry that the next step is about."""
        states = {
            NextStep.AGREE: (EntryState.CORRECTED,), NextStep.SEND: (EntryState.DRAFT,), NextStep.SEND_AGAIN: AWAITING,
        }.get(self.step, ())  # fmt: skip
        return next((entry for entry in reversed(self.entries) if entry.state in states), None)

    def _step_of_duo(self) -> NextStep | None:
        duo = self.duo
        if duo is None:
            return NextStep.CHOOSE if self.may_choose else None
        if duo.state is DuoState.ASKED and duo.newcomer_wants is None:
            return NextStep.ANSWER
        if duo.state is not DuoState.MEETING:
            return None
        if duo.first_meeting_at is None:
            return NextStep.PLAN_MEETING
        return (
            NextStep.SAY_HOW_IT_WAS if duo.first_meeting_at < now() and duo.newcomer_after is None else None
        )

    def _step_of_hours(self) -> NextStep | None:
        states = {entry.state for entry in self.entries}
        if EntryState.CORRECTED in states:
            return NextStep.AGREE
        if EntryState.DRAFT in states:
            return NextStep.SEND
        if states.intersection(AWAITING):
            return NextStep.SEND_AGAIN
        if self.contract is not None and self.totals.accepted >= self.target:
            return NextStep.REACHED
        has_begun = (
            bool(states)
            or self.contract is not None
            or (self.duo is not None and self.duo.state is DuoState.ACTIVE)
        )
        return NextStep.TELL if has_begun else None


def track_of(viewer: Viewer) -> Track:
    """The own track of a newcomer, in three queries, and one more for who waits. Raises NotFound when the viewer is no newcomer."""
    target = (
        select(TargetRule.minutes).where(TargetRule.since <= func.coalesce(ContractVersion.rules_on, today()))
        .order_by(TargetRule.since.desc()).limit(1).correlate(ContractVersion).scalar_subquery()
    )  # fmt: skip
    first = select(TargetRule.minutes).order_by(TargetRule.since).limit(1).scalar_subquery()
    asked = exists(
        select(Wish.id)
        .where(Wish.newcomer_id == Newcomer.id, Wish.state == WishState.OPEN, Wish.answer_before > now())
    )  # fmt: skip
    found = session().execute(
        newcomers_for(viewer, Permission.OWN_TRACK)
        .add_columns(Network, ContractVersion, func.coalesce(target, first), asked, Duo)
        .join(Network, Network.slug == Newcomer.network_slug)
        .outerjoin(ContractVersion, (ContractVersion.newcomer_id == Newcomer.id) & valid_version())
        .outerjoin(Duo, Duo.id == _living_duo())
        .options(joinedload(Newcomer.counsellor))
    ).unique().one_or_none()  # fmt: skip
    if found is None:
        raise NotFound()
    newcomer, network, contract, minutes, may_choose, duo = found
    entries = own_entries(newcomer.id)
    return Track(
        newcomer=newcomer, network=network, contract=contract, target=minutes, entries=entries,
        totals=totals_of(entries, term_of(contract)), duo=duo,
        left_out=left_out(newcomer), may_choose=may_choose,
    )  # fmt: skip


def own_entries(newcomer_id: int) -> list[HourEntry]:
    """What a newcomer told, without counter-entries, the latest first."""
    return rows(
        select(HourEntry).where(HourEntry.newcomer_id == newcomer_id, NO_COUNTER)
        .order_by(HourEntry.starts_at.desc(), HourEntry.id.desc())
    )  # fmt: skip


def _living_duo() -> ScalarSelect[int]:
    """The key of the duo in which the newcomer of the row lives; there is at most one."""
    duo = aliased(Duo)
    return select(func.max(duo.id)).where(
        duo.newcomer_id == Newcomer.id, duo.state.in_(LIVING)
    ).correlate(Newcomer).scalar_subquery()  # fmt: skip
