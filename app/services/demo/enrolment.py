"""The invented people register as on the site, and their coordinators call, screen and decide."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import select

from app.clock import start_of_day, today
from app.db import session
from app.models import Buddy, Newcomer
from app.queries.accounts import viewer_of
from app.security.viewer import Viewer
from app.services import intake, screening
from app.services.accounts import confirm_address, new_link
from app.services.demo.population import Arrival, Candidate
from app.services.demo.staff import Staff
from app.services.registrations import Addresses, register_buddy, register_newcomer
from app.services.screening import PageFor
from app.vocabulary import BuddyState, NewcomerState
from app.vocabulary.channels import Channel
from app.vocabulary.records import LinkPurpose
from app.vocabulary.screening import BuddyRefusal, LetGoReason

NOTE_VERSION = "2025-1"
WRITTEN_TO = 25  # so many of the newest candidates get the letter that asks to confirm an address
TALKED = (1, 6)  # so many days ago was the talk of who waits for a decision
AFTER_THE_TALK = (BuddyState.SCREENING, BuddyState.APPROVED, BuddyState.PAUSED, BuddyState.LEFT)
READY = (BuddyState.APPROVED, BuddyState.PAUSED, BuddyState.LEFT)

CAME_THROUGH = (
    *[Channel.AGENCY] * 4, *[Channel.CVO] * 3, *[Channel.OCMW] * 2, *[Channel.WORD_OF_MOUTH] * 2, Channel.OTHER,
    Channel.UNKNOWN,
)  # fmt: skip


@dataclass(frozen=True)
class Enrolled:
    """The keys of buddies and newcomers with how many days ago each registered."""

    buddies: dict[int, int]
    newcomers: dict[int, int]


def first_steps(age: timedelta) -> timedelta:
    """How long it took from registering until ready, for who registered so long ago: three weeks at most."""
    return min(timedelta(days=21), age * 0.8)


def enrol(
    candidates: list[Candidate],
    arrivals: list[Arrival],
    staff: Staff,
    *,
    addresses: Addresses,
    page_for: PageFor,
) -> Enrolled:
    """Register everybody, the oldest first, and bring each to where the plan wants this person."""
    desks = {slug: viewer_of(coordinator) for slug, coordinator in staff.coordinators.items()}
    random = Random(len(candidates))  # noqa: S311 - dates of talks, not secrets
    buddies, newcomers = {}, {}
    by_age = sorted(candidates, key=lambda person: -person.days_ago)
    for at, candidate in enumerate(by_age):
        letters = addresses if at >= len(by_age) - WRITTEN_TO else None
        buddy = _registered_buddy(candidate, letters)
        buddies[buddy.id] = candidate.days_ago
        _screen(desks[buddy.network_slug], buddy.id, candidate.state, random, page_for)
    for arrival in sorted(arrivals, key=lambda person: -person.days_ago):
        newcomer = _registered_newcomer(arrival)
        newcomers[newcomer.id] = arrival.days_ago
        _take_in(desks[newcomer.network_slug], newcomer.id, arrival.state, random, page_for)
    return Enrolled(buddies, newcomers)


def _registered_buddy(candidate: Candidate, addresses: Addresses | None) -> Buddy:
    made = register_buddy(
        candidate.answers, locale=candidate.locale, addresses=addresses, source="mijnbuddy.be"
    )
    return session().scalars(select(Buddy).where(Buddy.person_id == made.person_id)).one()


def _registered_newcomer(arrival: Arrival) -> Newcomer:
    made = register_newcomer(arrival.answers, locale=arrival.locale, addresses=None)
    newcomer = session().scalars(select(Newcomer).where(Newcomer.person_id == made.person_id)).one()
    newcomer.waiting_since = today() - timedelta(days=arrival.days_ago)
    newcomer.heard_through = CAME_THROUGH[newcomer.id % len(CAME_THROUGH)].value
    return newcomer


def _screen(desk: Viewer, buddy_id: int, wanted: BuddyState, random: Random, page_for: PageFor) -> None:
    """The acts of the candidate and of a coordinator that lead to the wanted state."""
    if wanted is BuddyState.VERIFIED:
        person_id = session().get_one(Buddy, buddy_id).person_id
        confirm_address(new_link(LinkPurpose.CONFIRM_ADDRESS, locale="nl", person_id=person_id))
    elif wanted is BuddyState.INTAKE_PLANNED:
        at = _office_hour(random, random.randint(0, 9))
        screening.plan_talk(desk, buddy_id, at=at, page_for=page_for)
    elif wanted is BuddyState.REJECTED:
        screening.refuse(desk, buddy_id, reason=BuddyRefusal.NO_ANSWER)
    elif wanted in AFTER_THE_TALK:
        at = _office_hour(random, -random.randint(*TALKED))
        screening.plan_talk(desk, buddy_id, at=at, page_for=page_for)
        screening.talk_held(desk, buddy_id)
    if wanted in READY:
        screening.hand_over_note(desk, buddy_id, version=NOTE_VERSION)
        screening.approve(desk, buddy_id, page_for=page_for)
    if wanted is BuddyState.PAUSED:
        screening.pause(desk, buddy_id, until=today() + timedelta(days=random.randint(10, 60)))
    elif wanted is BuddyState.LEFT:
        screening.let_go(desk, buddy_id, reason=LetGoReason.ASKED)


def _office_hour(random: Random, days: int) -> datetime:
    """A whole hour between nine and five, so many days from today."""
    return start_of_day(today() + timedelta(days=days)) + timedelta(hours=random.randint(9, 17))


def _take_in(
    desk: Viewer, newcomer_id: int, wanted: NewcomerState, random: Random, page_for: PageFor
) -> None:
    if wanted is NewcomerState.INTAKE_PLANNED:
        at = _office_hour(random, random.randint(0, 9))
        intake.plan_talk(desk, newcomer_id, at=at, page_for=page_for)
    elif wanted is NewcomerState.READY:
        at = _office_hour(random, -random.randint(*TALKED))
        intake.plan_talk(desk, newcomer_id, at=at, page_for=page_for)
        intake.talk_held(desk, newcomer_id)
    elif wanted is NewcomerState.WAITING:
        intake.wait(desk, newcomer_id)
    elif wanted is NewcomerState.ADVISED_OTHER_OFFER:
        intake.advise(desk, newcomer_id, page_for=page_for)
    elif wanted is NewcomerState.LEFT:
        intake.leave(desk, newcomer_id, reason=LetGoReason.MOVED)
