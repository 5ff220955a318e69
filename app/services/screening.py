"""A coordinator's acts on buddies: talk, screening, ready or not, break, stop (DOMAIN 6a, R42 to R45)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from sqlalchemy import exists, func, select, update

from app.clock import now, today
from app.db import lock, session, transaction
from app.errors import Invalid, Moved, Refusal
from app.i18n import lazy_gettext as _
from app.models import AuditEntry, BlockHit, Buddy, Consent, Network, Newcomer, Person
from app.queries.appointments import talk_of
from app.queries.buddies import buddies_for
from app.queries.reach import one
from app.security.permissions import Permission
from app.security.predicates import demand, not_about_oneself
from app.security.viewer import Viewer
from app.services import talks
from app.services.agreements import months_later
from app.services.availability import HEARD
from app.services.block_hits import look_up
from app.services.networks import screening_months
from app.services.outbox import tell
from app.services.publishing import let_go_of
from app.services.records import audit, move, record_transition
from app.vocabulary import BuddyState, Role
from app.vocabulary.exports import ExportReason
from app.vocabulary.intake import TalkState
from app.vocabulary.records import Subject
from app.vocabulary.screening import BuddyRefusal, LetGoReason

PageFor = Callable[[str], str]  # locale -> the absolute address of the page that a letter leads to

NOTE = "organisation-note"  # the written form of the five duties to inform a volunteer (R42)
LONGEST_AHEAD = timedelta(days=180)
LONGEST_BEHIND = timedelta(days=60)
EXPORTS = ("buddies-exported", "newcomers-exported")
FILES_A_DAY = 20

S = BuddyState
CANDIDATE = frozenset({S.REGISTERED, S.VERIFIED})
GONE = frozenset({S.LEFT, S.REJECTED})


@dataclass(frozen=True)
class Change:
    """A change of state: from any of these, to that."""

    before: frozenset[BuddyState]
    after: BuddyState


class BuddyAct(StrEnum):
    """What a coordinator may do that changes where a buddy stands."""

    PLAN_TALK = "plan_talk"
    TALK_HELD = "talk_held"
    TALK_AGAIN = "talk_again"
    APPROVE = "approve"
    RENEW = "renew"
    REFUSE = "refuse"
    PAUSE = "pause"
    RESUME = "resume"
    LET_GO = "let_go"


BUDDY_CHANGES: Mapping[BuddyAct, Change] = MappingProxyType({
    BuddyAct.PLAN_TALK: Change(CANDIDATE | {S.INTAKE_PLANNED, S.SCREENING}, S.INTAKE_PLANNED),
    BuddyAct.TALK_HELD: Change(frozenset({S.INTAKE_PLANNED}), S.SCREENING),
    BuddyAct.TALK_AGAIN: Change(frozenset({S.INTAKE_PLANNED}), S.INTAKE_PLANNED),
    BuddyAct.APPROVE: Change(frozenset({S.SCREENING}), S.APPROVED),
    BuddyAct.RENEW: Change(frozenset({S.APPROVED, S.LAPSED}), S.APPROVED),
    BuddyAct.REFUSE: Change(CANDIDATE | {S.INTAKE_PLANNED, S.SCREENING}, S.REJECTED),
    BuddyAct.PAUSE: Change(frozenset({S.APPROVED, S.AWAY}), S.PAUSED),
    BuddyAct.RESUME: Change(frozenset({S.PAUSED, S.AWAY}), S.APPROVED),
    BuddyAct.LET_GO: Change(frozenset(S) - GONE, S.LEFT),
})  # fmt: skip


def plan_talk(actor: Viewer, buddy_id: int, *, at: datetime, page_for: PageFor) -> None:
    """Plan a talk: the first, one more, or one planned before on another day. Raises Invalid, Moved, NotFound."""
    _plan_talk(actor, buddy_id, BuddyAct.PLAN_TALK, at, page_for)


def talk_again(actor: Viewer, buddy_id: int, *, at: datetime, page_for: PageFor) -> None:
    """Note that the talk took place, and plan the next one. Raises Invalid, Moved, NotFound."""
    _plan_talk(actor, buddy_id, BuddyAct.TALK_AGAIN, at, page_for)


def _plan_talk(actor: Viewer, buddy_id: int, act: BuddyAct, at: datetime, page_for: PageFor) -> None:
    check_talk(at)
    with transaction():
        buddy = _turn(actor, buddy_to_judge(actor, buddy_id), act, talk_at=at)
        if act is BuddyAct.TALK_AGAIN:
            talks.end_planned(buddy, TalkState.HELD)
        talks.plan(actor, buddy, at)
        audit(actor, "talk-planned", "buddy", buddy.id, network=buddy.network_slug, when=at.isoformat())
        tell_talk(buddy, page_for)


def talk_held(actor: Viewer, buddy_id: int) -> None:
    """Note that the talk took place: screening begins."""
    with transaction():
        buddy = buddy_to_judge(actor, buddy_id)
        talks.end_planned(_turn(actor, buddy, BuddyAct.TALK_HELD), TalkState.HELD)


def hand_over_note(actor: Viewer, buddy_id: int, *, version: str) -> None:
    """Note which version of the organisation's information was handed over, and when (R42)."""
    with transaction() as db:
        buddy = buddy_to_judge(actor, buddy_id)
        _refuse_gone(buddy)
        person = buddy.person
        db.add(
            Consent(
                person_id=person.id, text=NOTE, version=version, locale=person.locale, helped_by_id=actor.person_id
            )
        )  # fmt: skip
        audit(actor, "note-handed-over", "buddy", buddy.id, network=buddy.network_slug, version=version)


def name_insurer(actor: Viewer, buddy_id: int, *, insurer: str) -> None:
    """Name who insures this volunteer (R43)."""
    with transaction():
        buddy = buddy_to_judge(actor, buddy_id)
        _refuse_gone(buddy)
        buddy.insurer = insurer
        audit(actor, "insurer-named", "buddy", buddy.id, network=buddy.network_slug)


def see_extract(actor: Viewer, buddy_id: int, *, with_minors: bool, seen_on: date | None) -> None:
    """Note whether minors are involved and, only then, on which day an extract was seen. Nothing of it is kept (R44)."""
    if seen_on is not None and seen_on > today():
        raise Invalid("seen_on", _("Choose today or an earlier day."))
    with transaction():
        buddy = buddy_to_judge(actor, buddy_id)
        _refuse_gone(buddy)
        buddy.with_minors, buddy.extract_seen_on = with_minors, seen_on if with_minors else None
        audit(actor, "extract-noted", "buddy", buddy.id, network=buddy.network_slug, with_minors=with_minors)


def approve(actor: Viewer, buddy_id: int, *, page_for: PageFor) -> None:
    """The buddy is ready: told about insurance and duties, insured, and checked where minors are involved.

    Raises Invalid that names the first thing that is missing.
    """
    _make_ready(actor, buddy_id, BuddyAct.APPROVE, page_for)


def renew(actor: Viewer, buddy_id: int, *, page_for: PageFor) -> None:
    """Screen anew, before or after the screening lapsed: it holds again for the time that the network has set.

    Raises Invalid that names the first thing that is missing; an extract must be newer than the last screening.
    """
    _make_ready(actor, buddy_id, BuddyAct.RENEW, page_for)


def _make_ready(actor: Viewer, buddy_id: int, act: BuddyAct, page_for: PageFor) -> None:
    with transaction():  # kept also when the rest is refused
        buddy = buddy_to_judge(actor, buddy_id)
        look_up(buddy.person, buddy.network_slug)
    with transaction():
        buddy = buddy_to_judge(actor, buddy_id)
        if buddy.state not in BUDDY_CHANGES[act].before:
            raise Moved()
        insurer = buddy.insurer or session().get_one(Network, buddy.network_slug).insurer
        missing = missing_for_approval(buddy, insurer)
        if missing:
            raise Invalid(None, missing[0])
        was_ready = buddy.state is S.APPROVED
        until = months_later(today(), screening_months(buddy.network_slug))
        _turn(
            actor,
            buddy,
            act,
            screened_on=today(),
            screened_until=until,
            insurer=insurer,
            **HEARD,
            heard_at=now(),
        )
        if not was_ready:
            tell(buddy.person, "buddy-ready", network=buddy.network_slug, link=page_for(buddy.person.locale))


def missing_for_approval(buddy: Buddy, insurer: str) -> list[object]:
    """What must still be done before this buddy can be ready, in words."""
    noted, undecided = session().execute(
        select(
            exists().where(Consent.person_id == buddy.person_id, Consent.text == NOTE),
            exists().where(BlockHit.person_id == buddy.person_id, BlockHit.outcome.is_(None)),
        )
    ).one()  # fmt: skip
    missing: list[object] = []
    if undecided:
        missing.append(_("First decide about the block list."))
    if not noted:
        missing.append(_("First hand over the information of your organisation."))
    if not insurer:
        missing.append(_("First name the insurer of this volunteer."))
    if buddy.with_minors and buddy.extract_seen_on is None:
        missing.append(_("Minors are involved: first note the day on which you saw the extract."))
    elif (
        buddy.with_minors
        and buddy.extract_seen_on
        and buddy.screened_on
        and buddy.extract_seen_on <= buddy.screened_on
    ):
        missing.append(_("Minors are involved: first look at a new extract, and note that day."))
    return missing


def refuse(actor: Viewer, buddy_id: int, *, reason: BuddyRefusal, note: str = "") -> None:
    """Not accepted, with a reason that only staff see; the candidate is told, and by whom to hear more."""
    with transaction():
        buddy = _turn(actor, buddy_to_judge(actor, buddy_id), BuddyAct.REFUSE, reason=reason.value, note=note)
        over = talk_of(buddy, cancelled=True)
        talks.end_planned(buddy, TalkState.CANCELLED)
        tell(buddy.person, "buddy-not-accepted", network=buddy.network_slug, planned=over)


def pause(actor: Viewer, buddy_id: int, *, until: date) -> None:
    """A break until that day: nobody new is proposed. Raises Invalid for a day that is over."""
    if until <= today():
        raise Invalid("until", _("Choose a day after today."))
    with transaction():
        _turn(
            actor,
            buddy_to_judge(actor, buddy_id),
            BuddyAct.PAUSE,
            paused_until=until,
            **HEARD,
            heard_at=now(),
        )


def resume(actor: Viewer, buddy_id: int) -> None:
    """The end of a break."""
    with transaction():
        _turn(
            actor,
            buddy_to_judge(actor, buddy_id),
            BuddyAct.RESUME,
            paused_until=None,
            **HEARD,
            heard_at=now(),
        )


def let_go(actor: Viewer, buddy_id: int, *, reason: LetGoReason, note: str = "") -> None:
    """The buddy stops. Raises Invalid while a newcomer counts on this buddy: the duo is ended first."""
    with transaction():
        demand(actor, Permission.JUDGE_BUDDY)
        let_go_of(one(buddies_for(actor, Permission.JUDGE_BUDDY).where(Buddy.id == buddy_id)))
        buddy = buddy_to_judge(actor, buddy_id)
        if buddy.places_taken:
            raise Invalid(None, _("A newcomer counts on this buddy. End the duo first."))
        _turn(actor, buddy, BuddyAct.LET_GO, reason=reason.value, note=note, paused_until=None)
        talks.end_planned(buddy, TalkState.CANCELLED)


def note_look(actor: Viewer, subject: Subject, subject_id: int, network: str) -> None:
    """Write down that somebody looked at contact details (T18)."""
    with transaction():
        audit(actor, "contact-seen", subject.value, subject_id, network=network)


def note_export(
    actor: Viewer, action: str, rows: int, networks: frozenset[str], *, why: ExportReason
) -> None:
    """Write down that a list of people was taken away, how long and what for, once for every network (T18).

    Raises Refusal after so many files in one day.
    """
    with transaction() as db:
        lock(Person, actor.person_id)
        taken = select(func.count()).select_from(AuditEntry).where(
            AuditEntry.actor_id == actor.person_id, AuditEntry.action.in_(EXPORTS), AuditEntry.at > now() - timedelta(days=1),
            AuditEntry.network_slug == min(networks, default=None),
        )  # fmt: skip
        if (db.scalar(taken) or 0) >= FILES_A_DAY:
            raise Refusal(_("You took many files today. Go on tomorrow."), code="many_files")
        for network in sorted(networks):
            audit(actor, action, network=network, rows=rows, why=why.value)


def check_talk(at: datetime) -> None:
    """Raise Invalid when no talk can be planned at that moment; one that just took place may still be noted."""
    if not now() - LONGEST_BEHIND < at < now() + LONGEST_AHEAD:
        raise Invalid("day", _("Choose a day in the next six months."))


def tell_talk(record: Buddy | Newcomer, page_for: PageFor) -> None:
    """Write when the talk is, with a calendar file, unless it is over already."""
    link = page_for(record.person.locale)
    talk = talk_of(record, link)
    if talk is None:
        return
    tell(
        record.person, "talk-planned", network=record.network_slug, link=link, when=talk.starts_at.isoformat(),
        planned=talk, **talk.facts,
    )  # fmt: skip


def buddy_to_judge(actor: Viewer, buddy_id: int) -> Buddy:
    """The buddy within the actor's reach, held until the transaction ends, as it is now. Never oneself."""
    demand(actor, Permission.JUDGE_BUDDY)
    lock(Buddy, buddy_id)
    wanted = buddies_for(actor, Permission.JUDGE_BUDDY).where(Buddy.id == buddy_id)
    buddy = one(wanted.execution_options(populate_existing=True))
    not_about_oneself(actor, buddy.person_id)
    return buddy


def _refuse_gone(buddy: Buddy) -> None:
    if buddy.state in GONE:
        raise Moved()


def _turn(
    actor: Viewer, buddy: Buddy, act: BuddyAct, *, reason: str = "", note: str = "", **values: Any
) -> Buddy:  # fmt: skip
    """Move a buddy whom the actor holds (`buddy_to_judge`). Raises Moved."""
    before, change = buddy.state, BUDDY_CHANGES[act]
    if before not in change.before:
        raise Moved()
    move(
        update(Buddy).where(Buddy.id == buddy.id, Buddy.state == before).values(state=change.after, **values)
    )
    record_transition(
        Subject.BUDDY, buddy.id, before, change.after, actor=actor, role=Role.COORDINATOR, reason=reason, note=note
    )  # fmt: skip
    audit(actor, f"buddy-{act.value.replace('_', '-')}", "buddy", buddy.id, network=buddy.network_slug)
    return buddy
