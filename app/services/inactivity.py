"""Accounts that nobody uses: asked whether the person stays, by a link that keeps the account, and erased when nothing is heard.

When is a dated setting (retention ASKED_TO_STAY and INACTIVE), shown in the privacy notice. Whoever takes part without
signing in is not asked: who is in a duo, is expected somewhere, told hours, has a contract that runs, or works here.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select, update

from app.clock import start_of_day, today
from app.db import lock, session, transaction
from app.errors import Gone
from app.models import Buddy, ContractVersion, Duo, Erasure, Grant, HourEntry, Newcomer, Offer, Person, SignUp
from app.queries.duos import LIVE
from app.queries.retention import days_kept
from app.services.accounts import new_link, open_link
from app.services.duo_letters import DuoLinks
from app.services.erasures import erase_found, tried
from app.services.organisations import LIVING
from app.services.outbox import tell
from app.services.records import audit
from app.vocabulary import Role
from app.vocabulary.records import LinkPurpose
from app.vocabulary.retention import RetentionKind
from app.vocabulary.sign_ups import SignUpState

LinkFor = Callable[[str, str], str]
"""(locale, token) -> the absolute address of the page that keeps the account."""

STEP = 200
LEAST_NOTICE = timedelta(days=30)
"""Between the question and the end there are always so many days, whatever the settings say."""
NIGHTS = timedelta(days=2)
"""The last day of the notice is whole, and the night that erases may come a day late: the link still works."""


def asked_of(token: str) -> Person:
    """Who was asked whether to stay; looking keeps nothing. Raises NotFound, or Gone when that person is no longer here."""
    link = open_link(token, LinkPurpose.STAY)
    person = session().get_one(Person, link.person_id)
    if not person.active:
        raise Gone()
    return person


def stay(token: str) -> None:
    """The holder of the link stays: the time begins anew. Said twice is said once. Raises as `asked_of`."""
    with transaction() as db:
        lock(Person, asked_of(token).id)
        person_id = asked_of(token).id  # again: of who was erased in this very moment the link is gone
        db.execute(update(Person).where(Person.id == person_id).values(seen_on=today(), stay_asked_on=None))
        audit(None, "stays", "person", person_id)


def ask_who_stays(link_for: LinkFor) -> int:
    """Ask everybody of whom nothing was heard for so long, once; returns how many. For the worker, each night.

    Who has no e-mail address is called by the staff of the network, who get a task.
    """
    days = days_kept()
    before = today() - timedelta(days=days[RetentionKind.ASKED_TO_STAY])
    people = list(session().scalars(_silent_since(before, Person.stay_asked_on.is_(None)).limit(STEP)))
    return sum(tried(person_id, partial(_ask, person_id, before, days, link_for)) for person_id in people)


def _ask(person_id: int, before: date, days: dict[RetentionKind, int], link_for: LinkFor) -> bool:
    with transaction() as db:
        lock(Person, person_id)
        again = _silent_since(before, Person.stay_asked_on.is_(None)).where(Person.id == person_id)
        if db.scalar(again) is None:
            return False
        person = db.get_one(Person, person_id)
        notice = _notice(days)
        token = new_link(
            LinkPurpose.STAY, locale=person.locale, person_id=person_id, at_least=notice + NIGHTS
        )
        until = today() + notice
        network = db.scalar(
            select(Newcomer.network_slug).where(Newcomer.person_id == person_id)
            .union_all(select(Buddy.network_slug).where(Buddy.person_id == person_id)).limit(1)
        )  # fmt: skip
        tell(
            person,
            "stay-asked",
            network=network,
            until=until.isoformat(),
            link=link_for(person.locale, token),
        )
        person.stay_asked_on = today()
        audit(None, "stay-asked", "person", person_id, network=network)
        return True


def erase_silent(links: DuoLinks) -> int:
    """Erase everybody who was asked, and of whom nothing was heard until the end; returns how many."""
    days = days_kept()
    asked = and_(Person.stay_asked_on.is_not(None), Person.stay_asked_on <= today() - _notice(days))
    before = today() - timedelta(days=days[RetentionKind.INACTIVE])
    return erase_found(_silent_since(before, asked).limit(STEP), links)


def _notice(days: dict[RetentionKind, int]) -> timedelta:
    """How long somebody who was asked has to answer."""
    return max(LEAST_NOTICE, timedelta(days=days[RetentionKind.INACTIVE] - days[RetentionKind.ASKED_TO_STAY]))


def _silent_since(day: date, asked: ColumnElement[bool]) -> Select[int]:
    """People of whom nothing was heard since before that day, and who take part in nothing."""
    moment = start_of_day(day)
    unseen = or_(Person.seen_on < day, and_(Person.seen_on.is_(None), Person.created_at < moment))
    return select(Person.id).where(
        Person.erased_at.is_(None), Person.active, Person.demo.is_(False), unseen, asked, *(~here for here in _here(moment))
    ).order_by(Person.id)  # fmt: skip


def _here(moment: datetime) -> list[ColumnElement[bool]]:
    """What keeps an account without signing in."""
    mine = Newcomer.person_id == Person.id
    works: ColumnElement[bool] = exists().where(
        Grant.person_id == Person.id, Grant.role.not_in((Role.BUDDY, Role.NEWCOMER))
    )  # fmt: skip
    runs = exists().where(
        mine, ContractVersion.newcomer_id == Newcomer.id, ContractVersion.ends_on >= moment.date()
    )
    hours = exists().where(mine, HourEntry.newcomer_id == Newcomer.id, HourEntry.entered_at >= moment)
    expected = exists().where(
        mine, SignUp.newcomer_id == Newcomer.id, SignUp.state == SignUpState.JOINED,
        Offer.id == SignUp.offer_id, Offer.state.in_(LIVING),
    )  # fmt: skip
    live: Any = Duo.state.in_(LIVE)
    duos = or_(
        exists().where(mine, Duo.newcomer_id == Newcomer.id, live),
        exists().where(Buddy.person_id == Person.id, Duo.buddy_id == Buddy.id, live),
    )
    heard = or_(
        exists().where(mine, Newcomer.registered_at >= moment),
        exists().where(
            Buddy.person_id == Person.id, or_(Buddy.registered_at >= moment, Buddy.heard_at >= moment)
        ),
    )
    leaving = exists().where(
        Erasure.person_id == Person.id, Erasure.taken_back_at.is_(None), Erasure.done_at.is_(None)
    )
    return [works, runs, hours, expected, duos, heard, leaving]
