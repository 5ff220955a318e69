"""What was kept long enough goes: dated settings, done each night in small steps that can be stopped at any moment.

Each step is a transaction of its own over at most STEP rows, so nobody waits for it, and what is stopped half-way goes
on the next night where it was.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from time import monotonic
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, delete, exists, func, or_, select, update

from app.clock import days_ago, now, start_of_day, today
from app.db import transaction
from app.errors import Invalid
from app.i18n import lazy_gettext as _
from app.models import (
    AuditEntry,
    Buddy,
    BuddyImport,
    ContractVersion,
    Exemption,
    Grant,
    HourEntry,
    KeptForm,
    Link,
    Message,
    Newcomer,
    OfferList,
    Person,
    Proof,
    Registration,
    RetentionRule,
    SafetyNote,
    SafetyReport,
    SignIn,
    TrajectoryDecision,
    Transition,
)
from app.queries.retention import days_kept, retention_rules
from app.security.permissions import Permission
from app.security.predicates import demand
from app.security.viewer import Viewer
from app.services.duo_letters import DuoLinks
from app.services.erasures import EMPTY_MESSAGE, empty_records, erase_found
from app.services.records import audit
from app.vocabulary import BuddyState, NewcomerState
from app.vocabulary.offer_lists import OfferListState
from app.vocabulary.records import Channel, MessageState, Subject
from app.vocabulary.retention import LEAST_DAYS, MOST_DAYS, RetentionKind

STEP = 200
SECONDS = 1_800
Step = Callable[[], int]


def add_rule(actor: Viewer, *, kind: RetentionKind, since: date, days: int) -> None:
    """From that day on things of this kind are kept so many days. Raises Forbidden, or Invalid with the field."""
    demand(actor, Permission.ADMINISTER)
    least = LEAST_DAYS.get(kind, 1)
    with transaction() as db:
        if since <= today() or any(rule.since >= since for rule in retention_rules() if rule.kind is kind):
            raise Invalid("since", _("Choose a day to come, after the settings that are here."))
        if not least <= days <= MOST_DAYS:
            raise Invalid(
                "days", _("Write a whole number from %(min)s to %(max)s.", min=least, max=MOST_DAYS)
            )
        db.add(RetentionRule(kind=kind, since=since, days=days, by_person_id=actor.person_id))
        audit(actor, "retention-set", kind=kind.value, since=since.isoformat(), days=days)


def purge(
    links: DuoLinks, *, seconds: float = SECONDS, stop: Callable[[], bool] = lambda: False
) -> dict[str, int]:
    """Let go of everything that was kept long enough; how much of each kind. Ends early when told to, or after so many seconds."""
    end = monotonic() + seconds
    done: dict[str, int] = {}
    for kind, step in _steps(links):
        done.setdefault(kind.value, 0)
        while not stop() and monotonic() < end:
            many = step()
            done[kind.value] += many
            if many < STEP:
                break
    return done


def _steps(links: DuoLinks) -> Iterator[tuple[RetentionKind, Step]]:
    days = days_kept()
    before = {kind: now() - timedelta(days=days[kind]) for kind in RetentionKind}
    kinds = RetentionKind
    yield kinds.REGISTRATIONS, _deleting(Registration, Registration.touched_at < before[kinds.REGISTRATIONS])
    yield (
        kinds.SIGN_INS,
        _deleting(SignIn, func.coalesce(SignIn.ended_at, SignIn.expires_at) < before[kinds.SIGN_INS]),
    )
    yield kinds.SIGN_INS, _deleting(Link, Link.expires_at < before[kinds.SIGN_INS])
    yield kinds.SIGN_INS, _deleting(KeptForm, KeptForm.created_at < days_ago(1))
    yield kinds.LETTERS, _emptying(
        Message, EMPTY_MESSAGE | {"subject": Message.subject, "to_email": None, "to_phone": None},
        _goes_out_no_more(before[kinds.LETTERS]), Message.text != "", Message.created_at < before[kinds.LETTERS],
        func.coalesce(Message.done_at, Message.created_at) < before[kinds.LETTERS],
    )  # fmt: skip
    yield (
        kinds.LISTS,
        _emptying(
            BuddyImport,
            {"content": ""},
            BuddyImport.content != "",
            BuddyImport.created_at < before[kinds.LISTS],
        ),
    )
    # A list without its rows would end every activity that it does not name, so nobody may take it over any more.
    yield kinds.LISTS, _emptying(
        OfferList, {"content": b"", "state": OfferListState.STOPPED}, OfferList.content != b"",
        OfferList.created_at < before[kinds.LISTS],
    )  # fmt: skip
    yield kinds.SAFETY, _emptying(
        SafetyReport, {"words": "", "words_language": None}, SafetyReport.words != "", SafetyReport.decided_at < before[kinds.SAFETY]
    )  # fmt: skip
    closed = select(SafetyReport.id).where(SafetyReport.decided_at < before[kinds.SAFETY])
    yield (
        kinds.SAFETY,
        _emptying(SafetyNote, {"words": ""}, SafetyNote.words != "", SafetyNote.report_id.in_(closed)),
    )
    yield kinds.AUDIT, _deleting(AuditEntry, AuditEntry.at < before[kinds.AUDIT])
    yield kinds.HOURS, lambda: _empty_old_records(today() - timedelta(days=days[kinds.HOURS]))
    yield kinds.STOPPED, lambda: _erase_who_stopped(before[kinds.STOPPED], links)


def _goes_out_no_more(before: datetime) -> ColumnElement[bool]:
    """Messages that are over, and those that failed or are tasks of no network, which nobody sees, since before that moment."""
    nobodys = and_(
        Message.channel == Channel.TASK, Message.state == MessageState.QUEUED, Message.network_slug.is_(None)
    )
    failed = Message.state == MessageState.FAILED
    return or_(
        Message.state.in_((MessageState.SENT, MessageState.DONE)),
        and_(Message.next_try_at < before, or_(failed, nobodys)),
    )


def _deleting(model: Any, *conditions: Any) -> Step:
    def step() -> int:
        with transaction() as db:
            keys = list(db.scalars(select(model.id).where(*conditions).order_by(model.id).limit(STEP)))
            db.execute(delete(model).where(model.id.in_(keys)))
            return len(keys)

    return step


def _emptying(model: Any, values: dict[str, Any], *conditions: Any) -> Step:
    def step() -> int:
        with transaction() as db:
            keys = list(db.scalars(select(model.id).where(*conditions).order_by(model.id).limit(STEP)))
            db.execute(update(model).where(model.id.in_(keys)).values(values))
            return len(keys)

    return step


def _empty_old_records(last: date) -> int:
    """Newcomers whose contract, or without one whose last hour, is longer ago than `last`.

    Words that came after they were emptied, such as the name of who confirmed a late hour, go too: of who was erased the
    next night, of who is here when nothing happened for as long again.
    """
    ends = (
        select(func.max(ContractVersion.ends_on)).where(ContractVersion.newcomer_id == Newcomer.id)
        .correlate(Newcomer).scalar_subquery()
    )  # fmt: skip
    hour = (
        select(func.max(HourEntry.starts_at)).where(HourEntry.newcomer_id == Newcomer.id)
        .correlate(Newcomer).scalar_subquery()
    )  # fmt: skip
    erased = Person.erased_at.is_not(None)
    late = _touched_after(Newcomer.records_emptied_at) & or_(erased, ~_touched_after(start_of_day(last)))
    with transaction() as db:
        found = db.scalars(
            select(Newcomer).join(Person, Person.id == Newcomer.person_id).where(
                or_(Newcomer.records_emptied_at.is_(None), late),
                or_(ends < last, ends.is_(None) & or_(hour < start_of_day(last), erased)),
            ).order_by(Newcomer.id).limit(STEP)
        ).unique().all()  # fmt: skip
        for newcomer in found:
            empty_records(newcomer)
        return len(found)


def _touched_after(moment: Any) -> ColumnElement[bool]:
    """Whether something was told, answered, signed or decided about a newcomer's hours or contract after that moment."""
    answered = exists().where(
        HourEntry.newcomer_id == Newcomer.id, Transition.subject == Subject.HOUR_ENTRY,
        Transition.subject_id == HourEntry.id, Transition.at > moment,
    )  # fmt: skip
    columns = (
        HourEntry.entered_at, Proof.signed_at, ContractVersion.created_at, TrajectoryDecision.created_at,
        Exemption.created_at,
    )  # fmt: skip
    made = (exists().where(column.class_.newcomer_id == Newcomer.id, column > moment) for column in columns)
    return or_(answered, *made)


def _erase_who_stopped(before: datetime, links: DuoLinks) -> int:
    """Buddies and newcomers who stopped so long ago and have no other role here."""
    return erase_found(_stopped(before).limit(STEP), links)


def _stopped(before: datetime) -> Select[int]:
    def gone(model: Any, subject: Subject, states: tuple[Any, ...]) -> Any:
        since = (
            select(func.max(Transition.at)).where(Transition.subject == subject, Transition.subject_id == model.id)
            .correlate(model).scalar_subquery()
        )  # fmt: skip
        return select(model.person_id).where(
            model.state.in_(states), func.coalesce(since, model.registered_at) < before
        )

    def here(model: Any, states: tuple[Any, ...]) -> Any:
        return exists().where(model.person_id == Person.id, model.state.not_in(states))

    buddies, newcomers = (BuddyState.LEFT, BuddyState.REJECTED), (NewcomerState.LEFT,)
    stopped = gone(Buddy, Subject.BUDDY, buddies).union(gone(Newcomer, Subject.NEWCOMER, newcomers))
    others = exists().where(Grant.person_id == Person.id, Grant.role.not_in(("buddy", "newcomer")))
    return (
        select(Person.id)
        .where(Person.erased_at.is_(None), Person.id.in_(stopped), ~others, ~here(Buddy, buddies), ~here(Newcomer, newcomers))
        .order_by(Person.id)
    )  # fmt: skip
