"""To be erased: asked, taken back by one tap within fourteen days, and then carried through everything that is kept.

The row of the person stays, without anything about the person, so that what was decided keeps who decided it, and
hours that were signed keep their minutes. What the law still wants to be able to check (R13, R14: proofs, the contract)
loses its words and names when that time is over (app/services/retention.py).
"""

import logging
from collections.abc import Callable, Iterable
from datetime import timedelta
from functools import partial

from sqlalchemy import Select, delete, select, update

from app.clock import in_brussels, now
from app.db import lock, session, transaction
from app.errors import Refusal
from app.i18n import lazy_gettext as _
from app.models import Buddy, ContactPerson, Duo, Erasure, Grant, Message, Newcomer, Offer, Person, Tombstone
from app.queries.duos import LIVE
from app.queries.erasures import law_wants_until, open_erasure
from app.queries.reach import count
from app.security.permissions import Permission
from app.security.predicates import demand
from app.security.viewer import Viewer
from app.services import sign_ups
from app.services.duo_letters import DuoLinks
from app.services.duos import stop_erased
from app.services.erasures.columns import AFTER_LAW, AT_ONCE, Rule, mentioned
from app.services.erasures.whose import Whose, whose_person, whose_records
from app.services.organisations import LIVING
from app.services.outbox import tell
from app.services.publishing import let_go_of
from app.services.records import audit, move, record_transition
from app.services.talks import end_planned
from app.vocabulary import BuddyState, NewcomerState, Role
from app.vocabulary.intake import TalkState
from app.vocabulary.records import MessageState, Subject

COOLING_OFF = timedelta(days=14)
STOPPED = (BuddyState.LEFT, BuddyState.REJECTED)

log = logging.getLogger(__name__)


def ask(actor: Viewer, *, page: str) -> Erasure:
    """Ask to be erased; asked twice is asked once. `page` is where it can be taken back, for the letter.

    Raises Refusal for a counsellor who still has newcomers, who signs for an activity that goes on, and the last administrator.
    """
    demand(actor, Permission.OWN_ACCOUNT)
    with transaction() as db:
        person = db.get_one(Person, actor.person_id)
        lock(Person, person.id)
        found = open_erasure(person.id)
        if found is not None:
            return found
        _refuse_who_is_needed(person.id)
        made = Erasure(person_id=person.id, due_at=now() + COOLING_OFF)
        db.add(made)
        db.flush()
        audit(actor, "erasure-asked", "person", person.id)
        if person.email:
            tell(person, "erasure-asked", until=in_brussels(made.due_at).date().isoformat(), link=page)
        return made


def take_back(actor: Viewer) -> None:
    """No longer want to be erased. Raises Moved when nothing was asked, or it is done."""
    demand(actor, Permission.OWN_ACCOUNT)
    with transaction():
        lock(Person, actor.person_id)
        move(
            update(Erasure)
            .where(Erasure.person_id == actor.person_id, Erasure.taken_back_at.is_(None), Erasure.done_at.is_(None))
            .values(taken_back_at=now())
        )  # fmt: skip
        audit(actor, "erasure-taken-back", "person", actor.person_id)


def carry_out_due(links: DuoLinks) -> int:
    """Erase everybody whose fourteen days are over; returns how many. For the worker, each night."""
    due = select(Person.id).join(Erasure, Erasure.person_id == Person.id).where(
        Erasure.taken_back_at.is_(None), Erasure.done_at.is_(None), Erasure.due_at <= now()
    )  # fmt: skip
    return erase_found(due.order_by(Erasure.id), links)


def erase_found(wanted: Select[int], links: DuoLinks) -> int:
    """Erase everybody whose key that finds, as far as it still does when the turn comes; returns how many.

    Everybody in a transaction of their own: one that fails is tried again the next night, and holds up nobody.
    """
    people = list(session().scalars(wanted))
    return sum(tried(person_id, partial(_erase_still, person_id, wanted, links)) for person_id in people)


def tried(person_id: int, work: Callable[[], bool]) -> bool:
    """What that work for one person says, and False when it fails, which is logged: it holds up nobody else."""
    try:
        return work()
    except Exception:
        log.exception("what was to be done for person %s failed", person_id)
        return False


def _erase_still(person_id: int, wanted: Select[int], links: DuoLinks) -> bool:
    with transaction() as db:
        lock(Person, person_id)
        still = db.scalar(wanted.where(Person.id == person_id)) is not None
        return still and erase(person_id, links=links)


def erase(person_id: int, *, links: DuoLinks | None) -> bool:
    """Erase one person now, everywhere, in one transaction; whether there was something to erase.

    `links` None = after a restore: nobody is told again.
    """
    with transaction() as db:
        lock(Person, person_id)
        person = db.get(Person, person_id, populate_existing=True)
        if person is None or person.erased_at is not None:
            return False
        whose = whose_person(person)
        db.merge(Tombstone(person_id=person.id, made_at=person.created_at, erased_at=now()))
        _stop_taking_part(whose, tells=links is not None)
        _silence(whose)
        _apply(AT_ONCE[-1:], whose)  # the other of a duo is told without the name
        db.expire_all()
        for duo in db.scalars(select(Duo).where(Duo.id.in_(whose.duos), Duo.state.in_(LIVE))).unique().all():
            stop_erased(duo, links=links)
        _leave(whose)
        _apply(AT_ONCE, whose)
        db.execute(update(Person).where(Person.id == person_id).values(erased_at=now(), objects_at=None))
        db.expire_all()
        for newcomer in db.scalars(select(Newcomer).where(Newcomer.id.in_(whose.newcomers))).unique():
            if not law_wants_until(newcomer.id):
                empty_records(newcomer)
        db.execute(
            update(Erasure).where(Erasure.person_id == person_id, Erasure.taken_back_at.is_(None), Erasure.done_at.is_(None))
            .values(done_at=now())
        )  # fmt: skip
        audit(None, "person-erased", "person", person_id)
        return True


def empty_records(newcomer: Newcomer) -> None:
    """Take words, names and papers out of a newcomer's hours and proofs; days and minutes stay. In a transaction."""
    # First: the database lets nobody empty them before.
    session().execute(update(Newcomer).where(Newcomer.id == newcomer.id).values(records_emptied_at=now()))
    _apply(AFTER_LAW, whose_records(newcomer))


def _apply(rules: Iterable[Rule], whose: Whose) -> None:
    db = session()
    db.flush()
    for rule in rules:
        condition = rule.rows(whose)
        if rule.values is None:
            db.execute(delete(rule.table).where(condition))
        else:
            db.execute(update(rule.table).where(condition).values(dict(rule.values)))


def _refuse_who_is_needed(person_id: int) -> None:
    if count(select(Newcomer.id).where(Newcomer.counsellor_id == person_id)):
        raise Refusal(_("You are the counsellor of newcomers. Hand them over first."), code="counsellor")
    signs = select(Offer.id).join(ContactPerson, ContactPerson.id == Offer.contact_person_id).where(
        ContactPerson.person_id == person_id, Offer.state.in_(LIVING)
    )  # fmt: skip
    if count(signs):
        raise Refusal(
            _("You sign for an activity. First choose somebody else there, or end the activity."),
            code="signs",
        )
    administrators = select(Grant.person_id).where(Grant.role == Role.ADMINISTRATOR)
    if list(session().scalars(administrators)) == [person_id]:
        raise Refusal(_("You are the only administrator. Make another one first."), code="administrator")


def _stop_taking_part(whose: Whose, *, tells: bool) -> None:
    """Pairs that nobody knows of are taken back, talks that were planned do not take place, and places in activities are free."""
    db = session()
    people: list[Buddy | Newcomer] = [
        *db.scalars(select(Buddy).where(Buddy.id.in_(whose.buddies))).unique(),
        *db.scalars(select(Newcomer).where(Newcomer.id.in_(whose.newcomers))).unique(),
    ]
    for record in people:
        let_go_of(record)
        end_planned(record, TalkState.CANCELLED)
    for newcomer_id in whose.newcomers:
        lock(Newcomer, newcomer_id)
        sign_ups.end_all(None, newcomer_id, tells=tells)


def _silence(whose: Whose) -> None:
    """Messages to others that name the person: nothing of them stays, and those that wait are not sent."""
    found = mentioned(whose)
    session().execute(
        update(Message).where(found, Message.state == MessageState.QUEUED).values(state=MessageState.DONE, failure="erased")
    )  # fmt: skip
    session().execute(update(Message).where(found).values(EMPTY_MESSAGE))


EMPTY_MESSAGE = {"to_name": "", "subject": "—", "text": "", "html": "", "facts": {}}


def _leave(whose: Whose) -> None:
    """Buddy and newcomer have stopped, and the person speaks for no organisation; whoever had stopped before stays as it was."""
    db = session()
    db.execute(
        update(ContactPerson).where(
            ContactPerson.id.in_(whose.contacts), ContactPerson.organisation_id.is_not(None), ContactPerson.left_at.is_(None)
        ).values(left_at=now())
    )  # fmt: skip
    buddies = (
        db.scalars(select(Buddy).where(Buddy.id.in_(whose.buddies), Buddy.state.not_in(STOPPED)))
        .unique()
        .all()
    )
    for buddy in buddies:
        record_transition(Subject.BUDDY, buddy.id, buddy.state, BuddyState.LEFT, actor=None, reason="erased")
        buddy.state, buddy.paused_until = BuddyState.LEFT, None
    newcomers = select(Newcomer).where(Newcomer.id.in_(whose.newcomers), Newcomer.state != NewcomerState.LEFT)
    for newcomer in db.scalars(newcomers).unique().all():
        record_transition(
            Subject.NEWCOMER, newcomer.id, newcomer.state, NewcomerState.LEFT, actor=None, reason="erased"
        )
        newcomer.state = NewcomerState.LEFT
    db.flush()
