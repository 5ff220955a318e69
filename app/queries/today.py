"""What a coordinator owes, oldest promise first. A thing leaves the list only when it is done."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select, union_all

from app.clock import days_ago, now, start_of_day, today
from app.db import session
from app.models import (
    Block,
    BlockHit,
    Buddy,
    Duo,
    Grant,
    Message,
    MondayList,
    Network,
    Newcomer,
    Offer,
    Organisation,
    Person,
    SafetyReport,
    Training,
    Transition,
)
from app.queries.blocks import due_blocks, hits_for
from app.queries.buddies import buddies_for
from app.queries.care import care_owed
from app.queries.criteria import tasks_open
from app.queries.matching_owed import MATCHING
from app.queries.newcomers import newcomers_for
from app.queries.organisations import to_check, to_verify
from app.queries.owing import Found, columns, owing_duos
from app.queries.quiet import Pace, quiet_finders
from app.queries.reach import reach
from app.queries.safety import reports_for
from app.security.permissions import Permission, Scope
from app.security.viewer import Viewer
from app.vocabulary import BuddyState, DuoState, NewcomerState, Role
from app.vocabulary.records import Channel, MessageState, Subject
from app.vocabulary.today import Owing

EACH = 25  # of one kind on the page; the count says how many there are in all
LONGEST_WAITING = 5
NO_TALK_DAYS = 14  # after which a candidate without a planned talk is a thing to do of its own
UNDECIDED_PEOPLE = select(BlockHit.person_id).where(
    BlockHit.outcome.is_(None)
)  # on the block list: first that
RENEW_WITHIN = timedelta(days=30)


@dataclass(frozen=True)
class Owed:
    """One thing to do: for whom, remembered since when, promised until when, and the record that it is about.

    `network` is the slug of the network where it is to be done, empty where the record says it.
    """

    kind: Owing
    since: datetime
    due: datetime
    names: tuple[str, ...]
    id: int
    number: int = 0
    network: str = ""

    @property
    def late(self) -> bool:
        """Whether the promise is past."""
        return self.due < now()


@dataclass(frozen=True)
class Today:
    """The page: what is owed, how many of each kind, who waits longest, and what is owed as a counsellor."""

    owed: list[Owed]
    counts: dict[Owing, int]
    waiting: list[Newcomer]
    about_hours: int = 0


def today_of(viewer: Viewer, kind: str = "") -> Today:
    """Everything that the viewer owes in the own networks, or one kind of it."""
    paces = {
        row.slug: Pace(row.call_within_days, row.duo_silent_weeks, row.check_in_weeks)
        for row in session().execute(
            select(Network.slug, Network.call_within_days, Network.duo_silent_weeks, Network.check_in_weeks)
        )
    }
    owed: list[Owed] = []
    counts: dict[Owing, int] = {}
    for row in session().execute(union_all(*_parts(viewer, paces))):
        owing = Owing(row.kind)
        counts[owing] = row.total
        if kind in ("", owing.value):
            due = row.at + PROMISED[owing](paces[row.network]) if owing in PROMISED else row.at
            names = tuple(filter(None, (row.name, row.other)))
            owed.append(Owed(owing, row.at, due, names, row.id, row.number, row.network))
    owed.sort(key=lambda item: (item.kind is not Owing.SAFETY, item.due))
    counts = {owing: counts[owing] for owing in Owing if owing in counts}
    about_hours = tasks_open(viewer) if viewer.can(Permission.ACCEPT_HOURS) else 0
    return Today(owed, counts, _longest_waiting(viewer), about_hours)


def _parts(viewer: Viewer, paces: Mapping[str, Pace]) -> Iterator[Found]:
    for owing, find in {**FINDERS, **quiet_finders(paces)}.items():
        yield _part(owing, find(viewer))


def _part(owing: Owing, found: Found) -> Found:
    """The first rows of one kind with how many there are in all."""
    first = found.add_columns(func.count().over().label("total")).limit(EACH).subquery()
    return select(literal(owing.value).label("kind"), first)


def _buddies(viewer: Viewer, at: Any, *states: BuddyState) -> Found:
    found = (
        buddies_for(viewer, Permission.JUDGE_BUDDY).join(Person, Person.id == Buddy.person_id)
        .where(Buddy.state.in_(states), Person.id.not_in(UNDECIDED_PEOPLE))
    )  # fmt: skip
    return columns(found, Buddy.id, Person.full_name, at, network=Buddy.network_slug)


def _newcomers(viewer: Viewer, at: Any, *states: NewcomerState) -> Found:
    found = (
        newcomers_for(viewer, Permission.JUDGE_NEWCOMER).join(Person, Person.id == Newcomer.person_id)
        .where(Newcomer.state.in_(states), Person.id.not_in(UNDECIDED_PEOPLE))
    )  # fmt: skip
    return columns(found, Newcomer.id, Person.full_name, at, network=Newcomer.network_slug)


def _to_call(viewer: Viewer) -> Found:
    return _no_talk_yet(viewer).where(Buddy.registered_at >= days_ago(NO_TALK_DAYS))


def _without_talk(viewer: Viewer) -> Found:
    """Candidates with whom nobody planned a talk for so long that they may be lost."""
    return _no_talk_yet(viewer).where(Buddy.registered_at < days_ago(NO_TALK_DAYS))


def _no_talk_yet(viewer: Viewer) -> Found:
    return _buddies(viewer, Buddy.registered_at, BuddyState.REGISTERED, BuddyState.VERIFIED)


def _newcomers_to_call(viewer: Viewer) -> Found:
    return _newcomers(viewer, Newcomer.registered_at, NewcomerState.REGISTERED)


def _until_tonight() -> datetime:
    return start_of_day(today() + timedelta(days=1))


def _talks(viewer: Viewer) -> Found:
    found = _buddies(viewer, Buddy.talk_at, BuddyState.INTAKE_PLANNED)
    return found.where(Buddy.talk_at < _until_tonight())


def _newcomer_talks(viewer: Viewer) -> Found:
    found = _newcomers(viewer, Newcomer.talk_at, NewcomerState.INTAKE_PLANNED)
    return found.where(Newcomer.talk_at < _until_tonight())


def _screening(viewer: Viewer) -> Found:
    return _buddies(viewer, func.coalesce(Buddy.talk_at, Buddy.registered_at), BuddyState.SCREENING)


def _ready_newcomers(viewer: Viewer) -> Found:
    return _newcomers(viewer, func.coalesce(Newcomer.talk_at, Newcomer.registered_at), NewcomerState.READY)


def _silent(viewer: Viewer) -> Found:
    return owing_duos(viewer, Duo.answer_before, Duo.state == DuoState.ASKED, Duo.answer_before < now())


def _met(viewer: Viewer) -> Found:
    unanswered = or_(Duo.newcomer_after.is_(None), Duo.buddy_after.is_(None))
    return owing_duos(
        viewer, Duo.first_meeting_at, Duo.state == DuoState.MEETING, Duo.first_meeting_at < now(), unanswered
    )


def _uninsured(viewer: Viewer) -> Found:
    """Duos that cannot begin, or should not go on, because nobody insures the buddy (R43)."""
    both_yes = and_(Duo.newcomer_after.is_not(None), Duo.buddy_after.is_not(None))
    begun = Duo.state.in_((DuoState.ACTIVE, DuoState.PAUSED))
    return owing_duos(
        viewer, Duo.approved_at, Duo.insurer == "", or_(begun, and_(Duo.state == DuoState.MEETING, both_yes))
    )


def messages_to_do(viewer: Viewer) -> Select[Message]:
    """Messages of the viewer's networks that need a person: to call or send, and mails that did not arrive.

    Of a mail whose words are no longer kept nobody can tell what it said.
    """
    return select(Message).where(
        reach(viewer, Permission.JUDGE_NEWCOMER, {Scope.NETWORK: Message.network_slug.in_(viewer.networks)}),
        or_(
            and_(Message.channel == Channel.TASK, Message.state == MessageState.QUEUED, Message.next_try_at <= now()),
            and_(Message.channel == Channel.MAIL, Message.state == MessageState.FAILED, Message.text != ""),
        ),
    )  # fmt: skip


def _messages(viewer: Viewer, channel: Channel) -> Found:
    found = messages_to_do(viewer).where(Message.channel == channel)
    return columns(found, Message.id, Message.to_name, Message.created_at)


def _tasks(viewer: Viewer) -> Found:
    return _messages(viewer, Channel.TASK)


def _failed_mails(viewer: Viewer) -> Found:
    return _messages(viewer, Channel.MAIL)


def _blocked(viewer: Viewer) -> Found:
    found = hits_for(viewer).join(Person, Person.id == BlockHit.person_id)
    return columns(found, BlockHit.id, Person.full_name, BlockHit.at, network=BlockHit.network_slug)


def _blocks_to_review(viewer: Viewer) -> Found:
    return columns(due_blocks(viewer), Block.id, Network.name, Block.created_at).join(
        Network, Network.slug == Block.network_slug
    )


def _calls_for_help(viewer: Viewer) -> Found:
    asking = select(Person.full_name).where(Person.id == SafetyReport.by_person_id).scalar_subquery()
    return columns(
        reports_for(viewer).where(SafetyReport.decided_at.is_(None)),
        SafetyReport.id,
        asking,
        SafetyReport.created_at,
    )


def _to_renew(viewer: Viewer) -> Found:
    """Buddies whose screening is over, and those for whom it soon will be: they go on without a break when it is renewed."""
    over = Buddy.state == BuddyState.LAPSED
    soon = (Buddy.state == BuddyState.APPROVED) & (Buddy.screened_until < today() + RENEW_WITHIN)
    found = (
        buddies_for(viewer, Permission.JUDGE_BUDDY)
        .join(Person, Person.id == Buddy.person_id)
        .where(over | soon)
    )
    lapsed_at = (
        select(func.max(Transition.at))
        .where(
            Transition.subject == Subject.BUDDY, Transition.subject_id == Buddy.id,
            Transition.to_state == Buddy.state, Transition.to_state == BuddyState.LAPSED.value,
        )
        .correlate(Buddy).scalar_subquery()
    )  # fmt: skip
    return columns(
        found,
        Buddy.id,
        Person.full_name,
        func.coalesce(lapsed_at, literal(now(), Buddy.registered_at.type)),
        network=Buddy.network_slug,
    )


def _trainings(viewer: Viewer) -> Found:
    found = (
        buddies_for(viewer, Permission.JUDGE_BUDDY).join(Person, Person.id == Buddy.person_id)
        .join(Training, (Training.buddy_id == Buddy.id) & Training.checked_at.is_(None))
    )  # fmt: skip
    return columns(found, Buddy.id, Person.full_name, Training.created_at, network=Buddy.network_slug)


def _organisations(viewer: Viewer) -> Found:
    return columns(
        to_verify(viewer),
        Organisation.id,
        Organisation.name,
        Organisation.confirmed_at,
        network=Organisation.network_slug,
    )


def _activities(viewer: Viewer) -> Found:
    return columns(to_check(viewer), Offer.id, Offer.title, Offer.changed_at, network=Offer.network_slug)


FINDERS: dict[Owing, Callable[[Viewer], Found]] = {
    Owing.SAFETY: _calls_for_help,
    Owing.CALL_BUDDY: _to_call,
    Owing.NO_TALK: _without_talk,
    Owing.CALL_NEWCOMER: _newcomers_to_call,
    Owing.TALK_BUDDY: _talks,
    Owing.TALK_NEWCOMER: _newcomer_talks,
    Owing.SCREENING: _screening,
    Owing.DECIDE_NEWCOMER: _ready_newcomers,
    Owing.RENEW_SCREENING: _to_renew,
    Owing.TRAINING: _trainings,
    **MATCHING,
    Owing.NO_ANSWER: _silent,
    Owing.AFTER_MEETING: _met,
    Owing.INSURER: _uninsured,
    Owing.VERIFY_ORGANISATION: _organisations,
    Owing.CHECK_ACTIVITY: _activities,
    Owing.CARE: care_owed,
    Owing.SEND: _tasks,
    Owing.BLOCKED: _blocked,
    Owing.REVIEW_BLOCK: _blocks_to_review,
    Owing.MAIL_FAILED: _failed_mails,
}


# What was promised, counted from the moment that is remembered; without a line here that moment is the promise.
PROMISED: dict[Owing, Callable[[Pace], timedelta]] = {
    Owing.CALL_BUDDY: lambda pace: timedelta(days=pace.call_within_days),
    Owing.NO_TALK: lambda pace: timedelta(days=pace.call_within_days),
    Owing.CALL_NEWCOMER: lambda pace: timedelta(days=pace.call_within_days),
    Owing.SILENT: lambda pace: timedelta(weeks=pace.duo_silent_weeks),
    Owing.CHECK_IN: lambda pace: timedelta(weeks=pace.check_in_weeks),
}


def _longest_waiting(viewer: Viewer) -> list[Newcomer]:
    found = newcomers_for(viewer, Permission.JUDGE_NEWCOMER).where(Newcomer.state == NewcomerState.WAITING)
    return list(session().scalars(found.order_by(Newcomer.waiting_since, Newcomer.id).limit(LONGEST_WAITING)))


def monday_list(viewer: Viewer) -> bool:
    """Whether the viewer wants the list of the week by mail; who never said so gets it."""
    wanted = session().scalar(select(MondayList.wanted).where(MondayList.person_id == viewer.person_id))
    return wanted is not False


def monday_readers(monday: date) -> Select[int]:
    """Coordinators with an address who want the list, and did not get that of this week."""
    coordinates = select(Grant.id).where(Grant.person_id == Person.id, Grant.role == Role.COORDINATOR)
    return (
        select(Person.id).outerjoin(MondayList, MondayList.person_id == Person.id)
        .where(
            Person.active, Person.email.is_not(None), coordinates.exists(),
            or_(MondayList.person_id.is_(None), and_(MondayList.wanted, not_sent(monday))),
        )
        .order_by(Person.id)
    )  # fmt: skip


def not_sent(monday: date) -> ColumnElement[bool]:
    """Whether the list of the week that begins on that day was not written yet."""
    return or_(MondayList.sent_for.is_(None), MondayList.sent_for < monday)
