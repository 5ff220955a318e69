"""What a coordinator owes, oldest promise first. A thing leaves the list only when it is done."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, func, literal, or_, select, union_all

from app.clock import now, start_of_day, today
from app.db import session
from app.models import (
    Buddy,
    Duo,
    Message,
    Network,
    Newcomer,
    Person,
    Proposal,
    Run,
    SafetyReport,
    Training,
    Transition,
)
from app.queries.buddies import buddies_for
from app.queries.matches import duos_for, runs_for
from app.queries.newcomers import newcomers_for
from app.queries.reach import reach
from app.queries.safety import reports_for
from app.security.permissions import Permission, Scope
from app.security.viewer import Viewer
from app.vocabulary import BuddyState, DuoState, NewcomerState, ProposalState
from app.vocabulary.records import Channel, MessageState, RunState, Subject
from app.vocabulary.today import Owing

EACH = 25  # of one kind on the page; the count says how many there are in all
LONGEST_WAITING = 5
RENEW_WITHIN = timedelta(days=30)
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
    for row in session().execute(union_all(*(_part(owing, find(viewer)) for owing, find in FINDERS.items()))):
        owing = Owing(row.kind)
        counts[owing] = row.total
        if kind in ("", owing.value):
            due = row.at + days[row.network] if owing in CALLS else row.at
            owed.append(Owed(owing, due, tuple(filter(None, (row.name, row.other))), row.id, row.number))
    owed.sort(key=lambda item: (item.kind is not Owing.SAFETY, item.due))
    counts = {owing: counts[owing] for owing in FINDERS if owing in counts}
    return Today(owed=owed, counts=counts, waiting=_longest_waiting(viewer))


CALLS = (Owing.CALL_BUDDY, Owing.CALL_NEWCOMER)
NOTHING = literal("")
Found = Select[Any]


def _columns(
    found: Found,
    key: Any,
    name: Any,
    at: Any,
    *,
    other: Any = NOTHING,
    network: Any = NOTHING,
    number: Any = None,
) -> Found:
    """A selection with the columns that all kinds share, so that one statement asks for all of them."""
    return found.with_only_columns(
        key.label("id"), name.label("name"), other.label("other"), at.label("at"), network.label("network"),
        (literal(0) if number is None else number).label("number"),
    ).order_by(at)  # fmt: skip


def _part(owing: Owing, found: Found) -> Found:
    """The first rows of one kind with how many there are in all."""
    first = found.add_columns(func.count().over().label("total")).limit(EACH).subquery()
    return select(literal(owing.value).label("kind"), first)


def _buddies(viewer: Viewer, at: Any, *states: BuddyState) -> Found:
    found = (
        buddies_for(viewer, Permission.JUDGE_BUDDY).join(Person, Person.id == Buddy.person_id)
        .where(Buddy.state.in_(states))
    )  # fmt: skip
    return _columns(found, Buddy.id, Person.full_name, at, network=Buddy.network_slug)


def _newcomers(viewer: Viewer, at: Any, *states: NewcomerState) -> Found:
    found = (
        newcomers_for(viewer, Permission.JUDGE_NEWCOMER).join(Person, Person.id == Newcomer.person_id)
        .where(Newcomer.state.in_(states))
    )  # fmt: skip
    return _columns(found, Newcomer.id, Person.full_name, at, network=Newcomer.network_slug)


def _to_call(viewer: Viewer) -> Found:
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


def _runs(viewer: Viewer) -> Found:
    """The last finished run of each network, while it holds proposals that nobody decided on."""
    later = select(Run.network_slug, func.max(Run.id).label("id")).where(Run.state == RunState.DONE).group_by(
        Run.network_slug
    ).subquery()  # fmt: skip
    found = (
        runs_for(viewer, Permission.JUDGE_PROPOSAL).join(later, later.c.id == Run.id)
        .join(Proposal, and_(Proposal.run_id == Run.id, Proposal.state.in_(UNDECIDED)))
        .join(Network, Network.slug == Run.network_slug)
        .group_by(Run.id, Run.finished_at, Run.created_at, Network.name)
    )  # fmt: skip
    made = func.coalesce(Run.finished_at, Run.created_at)
    return _columns(found, func.min(Proposal.id), Network.name, made, number=func.count(Proposal.id))


def _duos(viewer: Viewer, at: Any, *conditions: Any) -> Found:
    found = duos_for(viewer, Permission.FOLLOW_DUO).where(*conditions)
    return _columns(found, Duo.id, _person_of(Newcomer), at, other=_person_of(Buddy))


def _person_of(kind: type[Buddy | Newcomer]) -> Any:
    of_duo = Duo.buddy_id if kind is Buddy else Duo.newcomer_id
    return (
        select(Person.full_name).join(kind, kind.person_id == Person.id).where(kind.id == of_duo)
        .correlate(Duo).scalar_subquery()
    )  # fmt: skip


def _silent(viewer: Viewer) -> Found:
    return _duos(viewer, Duo.answer_before, Duo.state == DuoState.ASKED, Duo.answer_before < now())


def _met(viewer: Viewer) -> Found:
    unanswered = or_(Duo.newcomer_after.is_(None), Duo.buddy_after.is_(None))
    return _duos(
        viewer, Duo.first_meeting_at, Duo.state == DuoState.MEETING, Duo.first_meeting_at < now(), unanswered
    )


def _uninsured(viewer: Viewer) -> Found:
    """Duos that cannot begin, or should not go on, because nobody insures the buddy (R43)."""
    both_yes = and_(Duo.newcomer_after.is_not(None), Duo.buddy_after.is_not(None))
    begun = Duo.state.in_((DuoState.ACTIVE, DuoState.PAUSED))
    return _duos(
        viewer, Duo.approved_at, Duo.insurer == "", or_(begun, and_(Duo.state == DuoState.MEETING, both_yes))
    )


def messages_to_do(viewer: Viewer) -> Select[Message]:
    """Messages of the viewer's networks that need a person: to call or send, and mails that did not arrive."""
    return select(Message).where(
        reach(viewer, Permission.JUDGE_NEWCOMER, {Scope.NETWORK: Message.network_slug.in_(viewer.networks)}),
        or_(
            and_(Message.channel == Channel.TASK, Message.state == MessageState.QUEUED, Message.next_try_at <= now()),
            and_(Message.channel == Channel.MAIL, Message.state == MessageState.FAILED),
        ),
    )  # fmt: skip


def _messages(viewer: Viewer, channel: Channel) -> Found:
    found = messages_to_do(viewer).where(Message.channel == channel)
    return _columns(found, Message.id, Message.to_name, Message.created_at)


def _tasks(viewer: Viewer) -> Found:
    return _messages(viewer, Channel.TASK)


def _failed_mails(viewer: Viewer) -> Found:
    return _messages(viewer, Channel.MAIL)


def _calls_for_help(viewer: Viewer) -> Found:
    asking = select(Person.full_name).where(Person.id == SafetyReport.by_person_id).scalar_subquery()
    return _columns(
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
    return _columns(
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
    return _columns(found, Buddy.id, Person.full_name, Training.created_at, network=Buddy.network_slug)


FINDERS: dict[Owing, Callable[[Viewer], Found]] = {
    Owing.SAFETY: _calls_for_help,
    Owing.CALL_BUDDY: _to_call,
    Owing.CALL_NEWCOMER: _newcomers_to_call,
    Owing.TALK_BUDDY: _talks,
    Owing.TALK_NEWCOMER: _newcomer_talks,
    Owing.SCREENING: _screening,
    Owing.DECIDE_NEWCOMER: _ready_newcomers,
    Owing.RENEW_SCREENING: _to_renew,
    Owing.TRAINING: _trainings,
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
