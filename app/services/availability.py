"""Are you still available? A ready buddy of whom nothing was heard is asked, reminded, and then left in peace.

- after the silence that the network has set: a question, answered by one tap
- FIRST days later: a reminder
- LAST days later: out of the pool (`away`), with a link that brings back by one tap
- a year after the question: the buddy has stopped (DOMAIN 6a)
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, exists, select, update

from app.clock import now, today
from app.db import lock, session, transaction
from app.errors import Gone, Moved
from app.models import Buddy, Duo, Network, Person
from app.queries.accounts import viewer_of
from app.queries.buddies import buddies_for
from app.queries.reach import one
from app.security.permissions import Permission
from app.security.predicates import demand
from app.security.viewer import Viewer
from app.services.accounts import new_link, open_link
from app.services.outbox import tell
from app.services.records import move, record_transition
from app.vocabulary import BuddyState, Role
from app.vocabulary.records import Available, LinkPurpose, Subject
from app.vocabulary.screening import LetGoReason

LinkFor = Callable[[str, str], str]  # (locale, token) -> the absolute address of the page that asks
FIRST, LAST = timedelta(days=7), timedelta(days=14)
GIVEN_UP = timedelta(days=365)
BREAK = timedelta(days=90)
HEARD: dict[str, Any] = {"asked_at": None, "reminded_at": None}  # a question that needs no answer any more
ASKED = (BuddyState.APPROVED, BuddyState.AWAY, BuddyState.LAPSED, BuddyState.PAUSED)


def say(actor: Viewer, says: Available) -> BuddyState:
    """Still available, or later. Returns the state afterwards; the same answer twice changes nothing more.

    Raises Moved for who is not ready to be a buddy, Forbidden, NotFound.
    """
    demand(actor, Permission.OWN_BUDDY)
    with transaction():
        found = one(buddies_for(actor, Permission.OWN_BUDDY))
        lock(Buddy, found.id)
        session().refresh(found)
        before = found.state
        if before not in ASKED:
            raise Moved()
        after, until = _after(before, says), today() + BREAK if says is Available.LATER else None
        move(
            update(Buddy).where(Buddy.id == found.id, Buddy.state == before)
            .values(state=after, paused_until=until, heard_at=now(), **HEARD)
        )  # fmt: skip
        if after is not before:
            record_transition(Subject.BUDDY, found.id, before, after, actor=actor, role=Role.BUDDY)
        return after


def _after(before: BuddyState, says: Available) -> BuddyState:
    """A screening that lapsed is renewed by the coordinator alone, whatever the buddy says."""
    if before is BuddyState.LAPSED:
        return before
    return BuddyState.APPROVED if says is Available.YES else BuddyState.PAUSED


def holder_of(token: str) -> Viewer:
    """Who holds the link of the question; opening it answers nothing. Raises NotFound or Gone."""
    link = open_link(token, LinkPurpose.STILL_AVAILABLE)
    person = session().get_one(Person, link.person_id)
    if not person.active:
        raise Gone()
    return viewer_of(person)


def ask_the_silent(link_for: LinkFor) -> int:
    """Ask, remind, take out of the pool, and give up; returns how many buddies that concerned. For the worker, each night.

    Run twice it does the same once: what was done is written down under the lock of the buddy.
    """
    at = now()
    steps = (
        (_silent(at), _ask),
        (_to_remind(at), _remind),
        (_unanswered(at), _put_aside),
        (_given_up(at), _give_up),
    )
    done = 0
    for due, step in steps:
        for buddy_id in list(session().scalars(due.with_only_columns(Buddy.id).order_by(Buddy.id))):
            with transaction():
                lock(Buddy, buddy_id)
                found = session().scalars(
                    due.where(Buddy.id == buddy_id).execution_options(populate_existing=True)
                ).unique().one_or_none()  # fmt: skip
                if found is not None:
                    step(found, link_for)
                    done += 1
    return done


def _ready() -> Select[Buddy]:
    return (
        select(Buddy).join(Person, Person.id == Buddy.person_id)
        .where(Buddy.state == BuddyState.APPROVED, Buddy.places_taken == 0, Person.active)
    )  # fmt: skip


def _silent(at: datetime) -> Select[Buddy]:
    """Ready buddies without a duo of whom nothing was heard for the weeks that their network has set."""
    weeks = session().execute(select(Network.slug, Network.buddy_ask_weeks)).all()
    since = {slug: at - timedelta(weeks=count) for slug, count in weeks}
    lately = [
        (Buddy.network_slug == slug) & (Buddy.heard_at < moment)
        & ~exists(select(Duo.id).where(Duo.buddy_id == Buddy.id, (Duo.approved_at > moment) | (Duo.ended_at > moment)))
        for slug, moment in since.items()
    ]  # fmt: skip
    silent = lately[0]
    for condition in lately[1:]:
        silent = silent | condition
    return _ready().where(Buddy.asked_at.is_(None), silent)


def _to_remind(at: datetime) -> Select[Buddy]:
    return _ready().where(Buddy.asked_at < at - FIRST, Buddy.reminded_at.is_(None))


def _unanswered(at: datetime) -> Select[Buddy]:
    return _ready().where(Buddy.asked_at < at - LAST, Buddy.reminded_at < at - (LAST - FIRST))


def _given_up(at: datetime) -> Select[Buddy]:
    return select(Buddy).where(
        Buddy.state == BuddyState.AWAY, Buddy.asked_at < at - GIVEN_UP, Buddy.places_taken == 0
    )


def _ask(buddy: Buddy, link_for: LinkFor) -> None:
    buddy.asked_at = now()
    _tell(buddy, "still-available", link_for)


def _remind(buddy: Buddy, link_for: LinkFor) -> None:
    buddy.reminded_at = now()
    _tell(buddy, "still-available-again", link_for)


def _put_aside(buddy: Buddy, link_for: LinkFor) -> None:
    _turn(buddy, BuddyState.AWAY, "no-answer")
    _tell(buddy, "out-of-the-pool", link_for)


def _give_up(buddy: Buddy, _link_for: LinkFor) -> None:
    _turn(buddy, BuddyState.LEFT, LetGoReason.NO_ANSWER.value)
    tell(buddy.person, "nothing-heard", network=buddy.network_slug)


def _turn(buddy: Buddy, after: BuddyState, reason: str) -> None:
    before = buddy.state
    move(update(Buddy).where(Buddy.id == buddy.id, Buddy.state == before).values(state=after))
    record_transition(Subject.BUDDY, buddy.id, before, after, actor=None, reason=reason)


def _tell(buddy: Buddy, kind: str, link_for: LinkFor) -> None:
    person = buddy.person
    token = new_link(LinkPurpose.STILL_AVAILABLE, locale=person.locale, person_id=person.id)
    tell(person, kind, network=buddy.network_slug, link=link_for(person.locale, token))
