"""What is written to the two of a duo: the questions, the meeting, what is agreed; each in the own language."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import select

from app.calendars import Appointment
from app.clock import now
from app.db import session
from app.models import Buddy, Duo, Message, Newcomer, Person
from app.queries.appointments import meeting_of
from app.queries.duos import reasons_of
from app.services.accounts import new_link
from app.services.outbox import tell
from app.vocabulary import DuoState, Role
from app.vocabulary.records import LinkPurpose, MessageState

WITH_REPORT = ("duo-contact-shared", "duo-meeting-planned", "duo-active")
ENDED = "duo-ended"
PEOPLE_OF_DUO = (Role.NEWCOMER, Role.BUDDY)


class Question(StrEnum):
    """What both are asked, each in private: first whether to meet, after the meeting whether to go on."""

    MEET = "meet"
    GO_ON = "go_on"

    @property
    def state(self) -> DuoState:
        """The state in which it is asked."""
        return DuoState.ASKED if self is Question.MEET else DuoState.MEETING


ASKING = {Question.MEET: "duo-ask-meet", Question.GO_ON: "duo-ask-go-on"}


@dataclass(frozen=True)
class DuoLinks:
    """Absolute addresses for letters: `mine(locale)`, and of `(locale, token)` the pages that need no signing in."""

    answer: Callable[[str, str], str]
    mine: Callable[[str], str]
    report: Callable[[str, str], str]
    look_back: Callable[[str, str], str]


def ask_both(duo: Duo, *, links: DuoLinks) -> None:
    """Ask both whether they want to meet, each in the own language; for the approval of a proposal."""
    ask(duo, Question.MEET, links)


def ask(duo: Duo, question: Question, links: DuoLinks, at: datetime | None = None) -> None:
    """Write to both with a link that opens the question; one that was planned earlier is replaced."""
    forget_planned(duo)
    for role in PEOPLE_OF_DUO:
        ask_one(duo, role, question, links, at)


def ask_one(duo: Duo, role: Role, question: Question, links: DuoLinks, at: datetime | None = None) -> None:
    """Write to one of the two with a link that opens the question; `at` delays it."""
    reasons = [{"code": code, "facts": facts} for code, facts in reasons_of(duo)]
    person, other = person_of(duo, role), place_of(duo, other_of(role))
    token = new_link(
        LinkPurpose.ANSWER_DUO, locale=person.locale, person_id=person.id, duo=duo.id, question=question.value
    )  # fmt: skip
    facts: dict[str, Any] = {
        "other": other.person.first_name, "municipality": other.municipality, "reasons": reasons,
        "before": (at + timedelta(days=7) if at else duo.answer_before).date().isoformat(),
        "link": links.answer(person.locale, token),
    }  # fmt: skip
    message = tell(person, ASKING[question], network=duo.network_slug, at=at, **facts)
    message.facts = {**message.facts, "duo": duo.id}


def forget_planned(duo: Duo) -> None:
    """A question that was to be sent later has no sense when the meeting is moved or the duo has stopped."""
    planned = session().scalars(
        select(Message).where(
            Message.kind == ASKING[Question.GO_ON], Message.state == MessageState.QUEUED, Message.next_try_at > now(),
            Message.person_id.in_([duo.newcomer.person_id, duo.buddy.person_id]),
        )
    )  # fmt: skip
    for message in planned:
        if message.facts.get("duo") == duo.id:
            message.state, message.done_at = MessageState.DONE, now()


def tell_active(duo: Duo, links: DuoLinks) -> None:
    """Write to both what is agreed."""
    until = duo.ends_on.isoformat() if duo.ends_on else ""
    for side in PEOPLE_OF_DUO:
        tell_one(
            duo,
            side,
            "duo-active",
            links,
            until=until,
            weeks=duo.weeks_between,
            insurer=duo.insurer,
            newcomer_insurer=duo.newcomer_insurer,
        )


def planned_meeting(duo: Duo, side: Role, links: DuoLinks, *, cancelled: bool = False) -> Appointment:
    """The first meeting for the calendar of one of the two."""
    link = links.mine(person_of(duo, side).locale)
    return meeting_of(duo, for_buddy=side is Role.BUDDY, link=link, cancelled=cancelled)


def tell_one(
    duo: Duo, side: Role, kind: str, links: DuoLinks, *, planned: Appointment | None = None, **facts: object
) -> None:  # fmt: skip
    """Write to one of the two, who knows the other by first name; a moment among the facts is `when`."""
    person, other = person_of(duo, side), person_of(duo, other_of(side))
    facts = {"other": other.first_name, "link": links.mine(person.locale), **facts}
    if kind in WITH_REPORT:
        token = new_link(LinkPurpose.REPORT_DUO, locale=person.locale, person_id=person.id, duo=duo.id)
        facts["report"] = links.report(person.locale, token)
    if kind == ENDED:
        facts |= _looking_back(duo, person, links)
    message = tell(person, kind, network=duo.network_slug, at=None, planned=planned, **facts)
    message.facts = {**message.facts, "duo": duo.id}


def _looking_back(duo: Duo, person: Person, links: DuoLinks) -> dict[str, object]:
    """Who began together is asked how it was, on a page that needs no signing in."""
    if duo.starts_on is None:
        return {"looks_back": False}
    token = new_link(LinkPurpose.REPORT_DUO, locale=person.locale, person_id=person.id, duo=duo.id)
    return {"looks_back": True, "link": links.look_back(person.locale, token)}


def other_of(role: Role) -> Role:
    """The other of the two."""
    return Role.BUDDY if role is Role.NEWCOMER else Role.NEWCOMER


def place_of(duo: Duo, role: Role) -> Newcomer | Buddy:
    """Who takes that place in the duo."""
    return duo.newcomer if role is Role.NEWCOMER else duo.buddy


def person_of(duo: Duo, role: Role) -> Person:
    """The person who takes that place in the duo."""
    return place_of(duo, role).person
