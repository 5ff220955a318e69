"""From two people who are asked to a duo that goes on, and its end. The order is that of EXPERIENCE.

asked → both want to meet → meeting (contact is shared) → both want to go on → active ⇄ paused → completed or
ended. A no at any point frees the place, keeps the newcomer's waiting time, and is not shown to the other.
"""

from datetime import date, datetime, timedelta

from sqlalchemy import Select, true, update

from app.clock import now, today
from app.db import lock, session, transaction
from app.errors import Invalid, Moved, NotFound
from app.i18n import lazy_gettext as _
from app.models import Buddy, CheckIn, Duo, Link, Newcomer, Person
from app.queries.accounts import viewer_of
from app.queries.appointments import PLANNED
from app.queries.matches import duos_for
from app.queries.reach import one
from app.security.permissions import Permission
from app.security.predicates import demand, not_about_oneself
from app.security.viewer import Viewer
from app.services.accounts import open_link
from app.services.agreements import begin, close_offer, insurers_of
from app.services.duo_letters import (
    ENDED,
    PEOPLE_OF_DUO,
    DuoLinks,
    Question,
    ask,
    forget_planned,
    other_of,
    person_of,
    planned_meeting,
    tell_active,
    tell_one,
)
from app.services.loans import return_loan
from app.services.records import audit, move, record_transition
from app.vocabulary import DuoState, EndReason, Mood, NewcomerState, Role
from app.vocabulary.records import Answer, LinkPurpose, Subject

LONGEST_PLAN = timedelta(days=120)
ASK_AFTER_MEETING = timedelta(hours=2)


def answer(actor: Viewer, duo_id: int, question: Question, says: Answer, *, links: DuoLinks) -> DuoState:
    """What one of the two says, in private; returns the state of the duo afterwards.

    The same answer twice is one answer, and a yes can still become a no. Raises Moved when the question is
    over, NotFound for a duo of others.
    """
    with transaction():
        duo, role = _mine(actor, duo_id)
        column = _column(question, role)
        if getattr(duo, column) is says:
            return duo.state
        unanswered = getattr(Duo, column).is_(None)
        move(
            update(Duo)
            .where(Duo.id == duo.id, Duo.state == question.state, unanswered if says is Answer.YES else true())
            .values({column: says})
        )  # fmt: skip
        audit(actor, "duo-answered", "duo", duo.id, network=duo.network_slug, question=question.value)
        if says is Answer.NO:
            _stop(duo, actor, role, DuoState.DECLINED, reason=f"no_to_{question.value}", links=links)
        elif question is Question.MEET:
            _share_contact(duo, actor, role, links=links)
        elif duo.newcomer_after is Answer.YES and duo.buddy_after is Answer.YES and all(insurers_of(duo)):
            begin(duo, actor, role)
            tell_active(duo, links)
        return duo.state


def link_for_answer(token: str) -> tuple[Link, Viewer, Question]:
    """Who holds an answer link, and to which question; opening it answers nothing. Raises NotFound or Gone."""
    link = open_link(token, LinkPurpose.ANSWER_DUO)
    if "duo" not in link.facts:
        raise NotFound
    return link, viewer_of(session().get_one(Person, link.person_id)), Question(link.facts["question"])


def answer_by_link(token: str, says: Answer, *, links: DuoLinks) -> DuoState:
    """Answer through the link of a letter, without being signed in. Raises NotFound, Gone or Moved."""
    link, holder, question = link_for_answer(token)
    return answer(holder, int(link.facts["duo"]), question, says, links=links)


def plan_meeting(actor: Viewer, duo_id: int, *, at: datetime, where: str, links: DuoLinks) -> None:
    """When and where the first meeting is; by either of the two or the coordinator, and as often as needed."""
    with transaction():
        duo, role = _mine_orfollowed_duo(actor, duo_id)
        if not now() < at < now() + LONGEST_PLAN:
            raise Invalid("day", _("Choose a day and a time in the next four months."))
        move(
            update(Duo).where(Duo.id == duo.id, Duo.state == DuoState.MEETING)
            .values(first_meeting_at=at, first_meeting_where=where)
        )  # fmt: skip
        record_transition(
            Subject.DUO,
            duo.id,
            DuoState.MEETING,
            DuoState.MEETING,
            actor=actor,
            role=role,
            reason=PLANNED,
        )
        for side in PEOPLE_OF_DUO:
            planned = planned_meeting(duo, side, links)
            tell_one(
                duo, side, "duo-meeting-planned", links, planned=planned, when=at.isoformat(), where=where
            )
        ask(duo, Question.GO_ON, links, at=at + ASK_AFTER_MEETING)


def start(
    actor: Viewer, duo_id: int, *, insurer: str, newcomer_insurer: str, starts_on: date, months: int,
    weeks_between: int, links: DuoLinks,
) -> None:  # fmt: skip
    """The coordinator names both insurers and the agreement after both said yes (R39, R43). Raises Invalid."""
    with transaction():
        duo = followed_duo(actor, duo_id)
        if (
            duo.state is not DuoState.MEETING
            or duo.newcomer_after is not Answer.YES
            or duo.buddy_after is not Answer.YES
        ):
            raise Moved
        begin(
            duo, actor, Role.COORDINATOR, insurer=insurer, newcomer_insurer=newcomer_insurer, starts_on=starts_on,
            months=months, weeks_between=weeks_between,
        )  # fmt: skip
        tell_active(duo, links)


def take_back(actor: Viewer, duo_id: int, *, note: str = "", links: DuoLinks) -> None:
    """The coordinator stops what has not become a duo yet, for instance when nobody answers."""
    with transaction():
        duo = followed_duo(actor, duo_id)
        if duo.state not in (DuoState.ASKED, DuoState.MEETING):
            raise Moved
        _stop(duo, actor, Role.COORDINATOR, DuoState.DECLINED, reason="taken_back", note=note, links=links)


def pause(actor: Viewer, duo_id: int) -> None:
    """A break, at the wish of either of the two or of the coordinator; the place stays taken."""
    _turn(actor, duo_id, DuoState.ACTIVE, DuoState.PAUSED)


def resume(actor: Viewer, duo_id: int) -> None:
    """The end of a break."""
    _turn(actor, duo_id, DuoState.PAUSED, DuoState.ACTIVE)


def end(
    actor: Viewer, duo_id: int, *, reason: EndReason, note: str = "", goes_on: bool | None = None, links: DuoLinks
) -> None:  # fmt: skip
    """End a duo with one of the kept reasons; by one of the two, the coordinator or the counsellor.

    `goes_on` = the two still see each other without the organisation; None when nobody said so.

    Completed as planned finishes the newcomer's search; otherwise the newcomer waits again since the same day.
    """
    demand(actor, Permission.END_DUO)
    with transaction():
        duo = _held(duo_id, duos_for(actor, Permission.END_DUO))
        role = _side(actor, duo) or actor.role_for(Permission.END_DUO)
        if duo.state not in (DuoState.ACTIVE, DuoState.PAUSED):
            raise Moved
        after = DuoState.COMPLETED if reason is EndReason.COMPLETED else DuoState.ENDED
        duo.goes_on = goes_on
        _stop(duo, actor, role, after, reason=reason.value, note=note, links=links, end_reason=reason)


def check_in(actor: Viewer, duo_id: int, *, on: date, mood: Mood, note: str = "") -> None:
    """Note a talk with a duo under way. Raises Invalid for a day to come."""
    with transaction() as db:
        duo = followed_duo(actor, duo_id)
        if on > today():
            raise Invalid("on", _("Choose today or an earlier day."))
        if duo.state not in (DuoState.MEETING, DuoState.ACTIVE, DuoState.PAUSED):
            raise Moved
        db.add(CheckIn(duo_id=duo.id, on=on, by_person_id=actor.person_id, mood=mood.value, note=note))


def thaw(duo: Duo, before: DuoState, actor: Viewer, role: Role | None, *, links: DuoLinks) -> None:
    """Let a duo go on where it was; both are told in the same words, and asked anew what they were asked then."""
    move(update(Duo).where(Duo.id == duo.id, Duo.state == DuoState.FROZEN).values(state=before))
    record_transition(Subject.DUO, duo.id, DuoState.FROZEN, before, actor=actor, role=role)
    for side in PEOPLE_OF_DUO:
        tell_one(duo, side, "duo-contact-again", links)
    if before is DuoState.MEETING and duo.first_meeting_at is not None:
        ask(duo, Question.GO_ON, links, at=max(duo.first_meeting_at, now()) + ASK_AFTER_MEETING)


def stop_frozen(duo: Duo, actor: Viewer, role: Role | None, *, links: DuoLinks) -> None:
    """End a duo that is stopped, or still lives, after a call for help; of why, nothing is written here."""
    _stop(
        duo,
        actor,
        role,
        DuoState.ENDED,
        reason=EndReason.OTHER.value,
        links=links,
        end_reason=EndReason.OTHER,
    )


def stop_unanswered(duo: Duo, *, links: DuoLinks) -> None:
    """End a question that nobody answered; both read the same words as after a no."""
    _stop(duo, None, None, DuoState.DECLINED, reason="no_answer", links=links)


def stop_erased(duo: Duo, *, links: DuoLinks | None) -> None:
    """End a duo of which one was erased; `links` None = after a restore, when both were told before."""
    _stop(duo, None, None, DuoState.ENDED, reason="erased", links=links, end_reason=EndReason.OTHER)


def _share_contact(duo: Duo, actor: Viewer, role: Role, *, links: DuoLinks) -> None:
    """When both want to meet, and only then, each learns how to reach the other."""
    shared = session().execute(
        update(Duo)
        .where(
            Duo.id == duo.id, Duo.state == DuoState.ASKED,
            Duo.newcomer_wants == Answer.YES, Duo.buddy_wants == Answer.YES,
        )
        .values(state=DuoState.MEETING, contact_shared_at=now())
        .returning(Duo.id)
    ).first()  # fmt: skip
    if shared is None:
        return
    record_transition(Subject.DUO, duo.id, DuoState.ASKED, DuoState.MEETING, actor=actor, role=role)
    for side in PEOPLE_OF_DUO:
        other = person_of(duo, other_of(side))
        tell_one(duo, side, "duo-contact-shared", links, phone=other.phone or "", email=other.email or "")


def _stop(
    duo: Duo, actor: Viewer | None, role: Role | None, after: DuoState, *, reason: str, links: DuoLinks | None, note: str = "",
    end_reason: EndReason | None = None,
) -> None:  # fmt: skip
    """End what lives: the place is free, the newcomer waits on, and both are told the same words (without links: nobody)."""
    before = duo.state
    move(
        update(Duo).where(Duo.id == duo.id, Duo.state == before)
        .values(state=after, ended_at=now(), end_reason=end_reason)
    )  # fmt: skip
    record_transition(Subject.DUO, duo.id, before, after, actor=actor, role=role, reason=reason, note=note)
    audit(
        actor, "duo-stopped", "duo", duo.id, network=duo.network_slug, before=before.value, after=after.value
    )
    forget_planned(duo)
    _release(duo, actor, NewcomerState.COMPLETED if after is DuoState.COMPLETED else NewcomerState.WAITING)
    close_offer(duo)
    kind = "duo-declined" if after is DuoState.DECLINED else ENDED
    if links is None:
        return
    for side in PEOPLE_OF_DUO:
        to_come = duo.first_meeting_at is not None and duo.first_meeting_at > now()
        planned = planned_meeting(duo, side, links, cancelled=True) if to_come else None
        tell_one(duo, side, kind, links, planned=planned, role=side.value)


def _release(duo: Duo, actor: Viewer | None, after: NewcomerState) -> None:
    """Free the buddy's place; a newcomer who did not stop waits since the same day as before."""
    before = duo.newcomer.state
    if before in (NewcomerState.PROPOSED, NewcomerState.IN_DUO):
        move(
            update(Newcomer)
            .where(Newcomer.id == duo.newcomer_id, Newcomer.state == before)
            .values(state=after)
        )
        record_transition(Subject.NEWCOMER, duo.newcomer_id, before, after, actor=actor, reason="duo_stopped")
    move(
        update(Buddy).where(Buddy.id == duo.buddy_id, Buddy.places_taken > 0)
        .values(places_taken=Buddy.places_taken - 1)
    )  # fmt: skip
    return_loan(duo)


def _turn(actor: Viewer, duo_id: int, before: DuoState, after: DuoState) -> None:
    with transaction():
        duo, role = _mine_orfollowed_duo(actor, duo_id)
        move(update(Duo).where(Duo.id == duo.id, Duo.state == before).values(state=after))
        record_transition(Subject.DUO, duo.id, before, after, actor=actor, role=role)


def _held(duo_id: int, reached: Select[Duo]) -> Duo:
    """The duo within that reach, locked, as it is now. Raises NotFound."""
    lock(Duo, duo_id)
    return one(reached.where(Duo.id == duo_id).execution_options(populate_existing=True))


def _mine(actor: Viewer, duo_id: int) -> tuple[Duo, Role]:
    """One of the actor's own duos, and as whom. Raises NotFound or Forbidden."""
    demand(actor, Permission.ANSWER_DUO)
    duo = _held(duo_id, duos_for(actor, Permission.ANSWER_DUO))
    role = _side(actor, duo)
    if role is None:
        raise NotFound
    return duo, role


def followed_duo(actor: Viewer, duo_id: int) -> Duo:
    """A duo that the actor follows as coordinator, and is not in himself."""
    demand(actor, Permission.FOLLOW_DUO)
    duo = _held(duo_id, duos_for(actor, Permission.FOLLOW_DUO))
    not_about_oneself(actor, duo.newcomer.person_id, duo.buddy.person_id)
    return duo


def _mine_orfollowed_duo(actor: Viewer, duo_id: int) -> tuple[Duo, Role]:
    if actor.can(Permission.ANSWER_DUO):
        try:
            return _mine(actor, duo_id)
        except NotFound:
            if not actor.can(Permission.FOLLOW_DUO):
                raise
    return followed_duo(actor, duo_id), Role.COORDINATOR


def _side(actor: Viewer, duo: Duo) -> Role | None:
    """Which of the two the actor is; None for somebody else."""
    sides = {duo.newcomer.person_id: Role.NEWCOMER, duo.buddy.person_id: Role.BUDDY}
    return sides.get(actor.person_id) if actor.person_id is not None else None


def _column(question: Question, role: Role) -> str:
    return f"{role.value}_{'wants' if question is Question.MEET else 'after'}"
