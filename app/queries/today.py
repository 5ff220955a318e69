"""What a coordinator owes, oldest promise first. A thing leaves the list only when it is done."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, func, or_, select

from app.clock import now, start_of_day, today
from app.db import session
from app.models import Buddy, Duo, Message, Network, Newcomer, Person, Proposal, Run
from app.queries.buddies import buddies_for
from app.queries.matches import duos_for, runs_for
from app.queries.newcomers import newcomers_for
from app.queries.reach import reach
from app.security.permissions import Permission, Scope
from app.security.viewer import Viewer
from app.vocabulary import BuddyState, DuoState, NewcomerState, ProposalState
from app.vocabulary.records import Channel, MessageState, RunState
from app.vocabulary.today import Owing

EACH = 25  # of one kind on the page; the count says how many there are in all
LONGEST_WAITING = 5
UNDECIDED = (ProposalState.SUGGESTED, ProposalState.HELD)


@dataclass(frozen=True)
class Owed:
    """One thing to do: for whom, since when promised, and the record that it is about."""

    kind: Owing
    due: datetime
    names: tuple[str, ...]
    id: int
    number: int = 0

    @property
    def late(self) -> bool:
        """Whether the promise is past."""
        return self.due < now()


@dataclass(frozen=True)
class Today:
    """The page: what is owed, how many of each kind, and who waits longest."""

    owed: list[Owed]
    counts: dict[Owing, int]
    waiting: list[Newcomer]


def today_of(viewer: Viewer, kind: str = "") -> Today:
    """Everything that the viewer owes in the own networks, or one kind of it."""
    days = {
        slug: timedelta(days=within)
        for slug, within in session().execute(
            select(Network.slug, Network.call_within_days).where(Network.slug.in_(viewer.networks))
        )
    }
    owed: list[Owed] = []
    counts: dict[Owing, int] = {}
    for owing, find in FINDERS.items():
        for total, item in find(viewer, days):
            counts[owing] = total
            if kind in ("", owing.value):
                owed.append(item)
    owed.sort(key=lambda item: item.due)
    return Today(owed=owed, counts=counts, waiting=_longest_waiting(viewer))


Found = Iterator[tuple[int, Owed]]
Days = dict[str, timedelta]


def _limited(statement: Any, order: Any) -> Any:
    """The first rows of a selection with, in front, how many there are in all."""
    return session().execute(
        statement.with_only_columns(func.count().over(), *statement.selected_columns)
        .order_by(order)
        .limit(EACH)
    )


def _buddies(viewer: Viewer, *states: BuddyState) -> Any:
    return (
        buddies_for(viewer, Permission.JUDGE_BUDDY).join(Person, Person.id == Buddy.person_id)
        .where(Buddy.state.in_(states))
        .with_only_columns(Buddy.id, Person.full_name, Buddy.registered_at, Buddy.talk_at, Buddy.network_slug)
    )  # fmt: skip


def _newcomers(viewer: Viewer, *states: NewcomerState) -> Any:
    return (
        newcomers_for(viewer, Permission.JUDGE_NEWCOMER).join(Person, Person.id == Newcomer.person_id)
        .where(Newcomer.state.in_(states))
        .with_only_columns(Newcomer.id, Person.full_name, Newcomer.registered_at, Newcomer.talk_at, Newcomer.network_slug)
    )  # fmt: skip


def _to_call(viewer: Viewer, days: Days) -> Found:
    found = _buddies(viewer, BuddyState.REGISTERED, BuddyState.VERIFIED)
    for total, key, name, registered, _talk, slug in _limited(found, Buddy.registered_at):
        yield total, Owed(Owing.CALL_BUDDY, registered + days[slug], (name,), key)


def _newcomers_to_call(viewer: Viewer, days: Days) -> Found:
    found = _newcomers(viewer, NewcomerState.REGISTERED)
    for total, key, name, registered, _talk, slug in _limited(found, Newcomer.registered_at):
        yield total, Owed(Owing.CALL_NEWCOMER, registered + days[slug], (name,), key)


def _until_tonight() -> datetime:
    return start_of_day(today() + timedelta(days=1))


def _talks(viewer: Viewer, _days: Days) -> Found:
    found = _buddies(viewer, BuddyState.INTAKE_PLANNED).where(Buddy.talk_at < _until_tonight())
    for total, key, name, _registered, talk, _slug in _limited(found, Buddy.talk_at):
        yield total, Owed(Owing.TALK_BUDDY, talk, (name,), key)


def _newcomer_talks(viewer: Viewer, _days: Days) -> Found:
    found = _newcomers(viewer, NewcomerState.INTAKE_PLANNED).where(Newcomer.talk_at < _until_tonight())
    for total, key, name, _registered, talk, _slug in _limited(found, Newcomer.talk_at):
        yield total, Owed(Owing.TALK_NEWCOMER, talk, (name,), key)


def _screening(viewer: Viewer, _days: Days) -> Found:
    found = _buddies(viewer, BuddyState.SCREENING)
    for total, key, name, registered, talk, _slug in _limited(found, Buddy.talk_at):
        yield total, Owed(Owing.SCREENING, talk or registered, (name,), key)


def _ready_newcomers(viewer: Viewer, _days: Days) -> Found:
    found = _newcomers(viewer, NewcomerState.READY)
    for total, key, name, registered, talk, _slug in _limited(found, Newcomer.talk_at):
        yield total, Owed(Owing.DECIDE_NEWCOMER, talk or registered, (name,), key)


def _runs(viewer: Viewer, _days: Days) -> Found:
    """The last finished run of each network, while it holds proposals that nobody decided on."""
    later = select(Run.network_slug, func.max(Run.id).label("id")).where(Run.state == RunState.DONE).group_by(
        Run.network_slug
    ).subquery()  # fmt: skip
    found = (
        runs_for(viewer, Permission.JUDGE_PROPOSAL).join(later, later.c.id == Run.id)
        .join(Proposal, and_(Proposal.run_id == Run.id, Proposal.state.in_(UNDECIDED)))
        .join(Network, Network.slug == Run.network_slug)
        .group_by(Run.id, Run.finished_at, Run.created_at, Network.name)
        .with_only_columns(Run.id, Network.name, Run.finished_at, Run.created_at, func.count(Proposal.id), func.min(Proposal.id))
    )  # fmt: skip
    found_rows = session().execute(found).all()
    for _key, name, finished, created, proposals, first in found_rows:
        yield len(found_rows), Owed(Owing.PROPOSALS, finished or created, (name,), first, proposals)


def _duos(viewer: Viewer, *conditions: Any) -> Any:
    buddy_person, newcomer_person = _person_of(Buddy), _person_of(Newcomer)
    return (
        duos_for(viewer, Permission.FOLLOW_DUO).where(*conditions)
        .with_only_columns(Duo.id, newcomer_person, buddy_person, Duo.answer_before, Duo.first_meeting_at, Duo.approved_at)
    )  # fmt: skip


def _person_of(kind: type[Buddy | Newcomer]) -> Any:
    of_duo = Duo.buddy_id if kind is Buddy else Duo.newcomer_id
    return (
        select(Person.full_name).join(kind, kind.person_id == Person.id).where(kind.id == of_duo)
        .correlate(Duo).scalar_subquery()
    )  # fmt: skip


def _silent(viewer: Viewer, _days: Days) -> Found:
    found = _duos(viewer, Duo.state == DuoState.ASKED, Duo.answer_before < now())
    for total, key, newcomer, buddy, before, _met, _approved in _limited(found, Duo.answer_before):
        yield total, Owed(Owing.NO_ANSWER, before, (newcomer, buddy), key)


def _met(viewer: Viewer, _days: Days) -> Found:
    unanswered = or_(Duo.newcomer_after.is_(None), Duo.buddy_after.is_(None))
    found = _duos(viewer, Duo.state == DuoState.MEETING, Duo.first_meeting_at < now(), unanswered)
    for total, key, newcomer, buddy, _before, met, _approved in _limited(found, Duo.first_meeting_at):
        yield total, Owed(Owing.AFTER_MEETING, met, (newcomer, buddy), key)


def _uninsured(viewer: Viewer, _days: Days) -> Found:
    """Duos that cannot begin, or should not go on, because nobody insures the buddy (R43)."""
    both_yes = and_(Duo.newcomer_after.is_not(None), Duo.buddy_after.is_not(None))
    begun = Duo.state.in_((DuoState.ACTIVE, DuoState.PAUSED))
    found = _duos(viewer, Duo.insurer == "", or_(begun, and_(Duo.state == DuoState.MEETING, both_yes)))
    for total, key, newcomer, buddy, _before, _met, approved in _limited(found, Duo.approved_at):
        yield total, Owed(Owing.INSURER, approved, (newcomer, buddy), key)


def messages_to_do(viewer: Viewer) -> Select[Message]:
    """Messages of the viewer's networks that need a person: to call or send, and mails that did not arrive."""
    return select(Message).where(
        reach(viewer, Permission.JUDGE_NEWCOMER, {Scope.NETWORK: Message.network_slug.in_(viewer.networks)}),
        or_(
            and_(Message.channel == Channel.TASK, Message.state == MessageState.QUEUED, Message.next_try_at <= now()),
            and_(Message.channel == Channel.MAIL, Message.state == MessageState.FAILED),
        ),
    )  # fmt: skip


def _messages(viewer: Viewer, channel: Channel) -> Any:
    found = messages_to_do(viewer).where(Message.channel == channel)
    return _limited(
        found.with_only_columns(Message.id, Message.to_name, Message.created_at), Message.created_at
    )


def _tasks(viewer: Viewer, _days: Days) -> Found:
    for total, key, name, written in _messages(viewer, Channel.TASK):
        yield total, Owed(Owing.SEND, written, (name,), key)


def _failed_mails(viewer: Viewer, _days: Days) -> Found:
    for total, key, name, written in _messages(viewer, Channel.MAIL):
        yield total, Owed(Owing.MAIL_FAILED, written, (name,), key)


FINDERS: dict[Owing, Callable[[Viewer, Days], Found]] = {
    Owing.CALL_BUDDY: _to_call,
    Owing.CALL_NEWCOMER: _newcomers_to_call,
    Owing.TALK_BUDDY: _talks,
    Owing.TALK_NEWCOMER: _newcomer_talks,
    Owing.SCREENING: _screening,
    Owing.DECIDE_NEWCOMER: _ready_newcomers,
    Owing.PROPOSALS: _runs,
    Owing.NO_ANSWER: _silent,
    Owing.AFTER_MEETING: _met,
    Owing.INSURER: _uninsured,
    Owing.SEND: _tasks,
    Owing.MAIL_FAILED: _failed_mails,
}


def _longest_waiting(viewer: Viewer) -> list[Newcomer]:
    found = newcomers_for(viewer, Permission.JUDGE_NEWCOMER).where(Newcomer.state == NewcomerState.WAITING)
    return list(session().scalars(found.order_by(Newcomer.waiting_since, Newcomer.id).limit(LONGEST_WAITING)))
