"""Reminding contact persons, and what becomes of hours that nobody answers (DOMAIN 6d).

- after FIRST days without an answer: a reminder, in the language of the contact person
- after SECOND days: another one, and the entry is `overdue`: a task for the counsellor (app/queries/calls.py)

A contact person without e-mail cannot be reminded: the newcomer is asked to, and it is the counsellor's task at once.
"""

from collections.abc import Callable
from itertools import groupby

from sqlalchemy import select, update

from app.clock import days_ago
from app.db import lock, session, transaction
from app.models import ContactPerson, HourEntry
from app.queries.calls import REMINDED, asked_before, to_remind
from app.queries.reach import rows
from app.services.accounts import new_link
from app.services.outbox import tell, tell_contact
from app.services.records import move, record_transition
from app.vocabulary import EntryState
from app.vocabulary.records import LinkPurpose, Subject

FIRST, SECOND = 7, 14
LinkFor = Callable[[str, str], str]  # (locale, token) -> the absolute address of the page of a link
HoursFor = Callable[[str, int], str]  # (locale, number of an entry) -> the absolute address of its page


def remind_contacts(link_for: LinkFor, hours_for: HoursFor) -> int:
    """Remind everybody who owes an answer, each with one mail; returns how many entries. For the worker, each night.

    Run twice it does the same once: what was reminded of is written down under the lock of its contact person.
    """
    due = to_remind(days_ago(FIRST), days_ago(SECOND)).with_only_columns(HourEntry.contact_person_id)
    contacts = sorted(set(session().scalars(due)))
    return sum(_remind(contact_id, link_for, hours_for) for contact_id in contacts)


def _remind(contact_id: int, link_for: LinkFor, hours_for: HoursFor) -> int:
    with transaction() as db:
        lock(ContactPerson, contact_id)
        contact = db.get_one(ContactPerson, contact_id)
        due = rows(
            to_remind(days_ago(FIRST), days_ago(SECOND)).where(HourEntry.contact_person_id == contact_id)
            .order_by(HourEntry.newcomer_id, HourEntry.starts_at).with_for_update(of=HourEntry)
        )  # fmt: skip
        late = set(db.scalars(
            select(HourEntry.id).where(HourEntry.id.in_([entry.id for entry in due]), asked_before(days_ago(SECOND)))
        ))  # fmt: skip
        for entry in due:
            _write_down(entry, overdue=entry.id in late)
        if due and contact.email is not None:
            token = new_link(LinkPurpose.CONFIRM_HOURS, locale=contact.locale, contact_person_id=contact.id)
            tell_contact(contact, "remind-hours", link=link_for(contact.locale, token))
        elif due:
            _tell_newcomers(contact, due, hours_for)
        return len(due)


def _write_down(entry: HourEntry, *, overdue: bool) -> None:
    after = EntryState.OVERDUE if overdue else EntryState.SUBMITTED
    move(
        update(HourEntry).where(HourEntry.id == entry.id, HourEntry.state == EntryState.SUBMITTED)
        .values(state=after)
    )  # fmt: skip
    reason = "no-answer" if overdue else REMINDED
    record_transition(Subject.HOUR_ENTRY, entry.id, EntryState.SUBMITTED, after, actor=None, reason=reason)


def _tell_newcomers(contact: ContactPerson, due: list[HourEntry], hours_for: HoursFor) -> None:
    """Ask each newcomer to pass the link on; who has no e-mail reads it on the own track."""
    for _newcomer_id, entries in groupby(due, key=lambda entry: entry.newcomer_id):
        entry = next(entries)
        person = entry.newcomer.person
        if person.email:
            tell(person, "hours-waiting", link=hours_for(person.locale, entry.id), contact=contact.name)
