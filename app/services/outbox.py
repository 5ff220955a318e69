"""Telling people something: a message row in the transaction of its cause, in the reader's language."""

from datetime import datetime
from typing import Any

from app.calendars import Appointment
from app.clock import now
from app.db import after_commit, session
from app.extensions import queue
from app.mailer import compose, file_of, new_message_id
from app.models import ContactPerson, Message, Person
from app.vocabulary import Role
from app.vocabulary.records import Channel, MessageState


def tell(
    person: Person, kind: str, *, network: str | None = None, at: datetime | None = None,
    planned: Appointment | None = None, **facts: Any,
) -> Message:  # fmt: skip
    """Write to a person. Who has no e-mail gets a task for the network's staff to call or send to instead.

    `facts` are what the letter needs, as JSON values; a `link` must be absolute. `at` delays the mail. What is
    `planned`, or taken back, goes along as a calendar file.
    """
    roles = {grant.role for grant in person.grants}
    facts = {"name": person.called, **facts}
    return _write(
        kind, facts, locale=person.locale, email=person.email, phone=person.phone, name=person.called,
        person_id=person.id, network=network, at=at, also_dutch=Role.NEWCOMER in roles, planned=planned,
    )  # fmt: skip


def tell_contact(
    contact: ContactPerson, kind: str, *, network: str | None = None, at: datetime | None = None, **facts: Any
) -> Message:
    """Write to a contact person of an offer, who may have no account."""
    facts = {"name": contact.name, **facts}
    return _write(
        kind, facts, locale=contact.locale, email=contact.email, phone=contact.phone, name=contact.name,
        person_id=contact.person_id, network=network, at=at, also_dutch=False,
    )  # fmt: skip


def _write(
    kind: str, facts: dict[str, Any], *, locale: str, email: str | None, phone: str | None, name: str,
    person_id: int | None, network: str | None, at: datetime | None, also_dutch: bool,
    planned: Appointment | None = None,
) -> Message:  # fmt: skip
    composed = compose(
        kind, locale=locale, facts=facts, also_dutch=also_dutch or not email
    )  # staff read it first
    message = Message(
        channel=Channel.MAIL if email else Channel.TASK, state=MessageState.QUEUED, kind=kind, person_id=person_id,
        to_name=name, to_email=email, to_phone=phone, network_slug=network, locale=locale,
        subject=composed.subject[:300], text=composed.text, html=composed.html,
        facts={"sms": composed.short, **_calendar(planned, locale, also_dutch=also_dutch)},
        message_id=new_message_id(), next_try_at=at or now(),
    )  # fmt: skip
    session().add(message)
    if email:
        after_commit(_deliver_soon)
    return message


def _calendar(planned: Appointment | None, locale: str, *, also_dutch: bool) -> dict[str, str]:
    if planned is None:
        return {}
    return {"calendar": file_of(planned, locale=locale, also_dutch=also_dutch)}


def _deliver_soon() -> None:
    queue.hint("deliver_mail")
