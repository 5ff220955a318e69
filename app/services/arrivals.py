"""What people hand in with an e-mail address: kept by the request, made by the worker (B14).

Whether somebody has that address is found out only there, so that neither the answer nor its time can tell. What was
handed in waits in its registration: a finished one that still has answers is what the worker has to do, and it is found
again each minute when the queue loses it.
"""

from __future__ import annotations

from dataclasses import asdict
from functools import partial

from sqlalchemy import String, cast, select

from app.clock import now
from app.db import after_commit, lock, session, transaction
from app.errors import Gone
from app.extensions import queue
from app.models import Person, Registration
from app.security.secrets import new_token, token_hash
from app.security.viewer import Viewer
from app.services import organisations
from app.services.answers import BuddyAnswers, NewcomerAnswers
from app.services.organisations import About, Contact
from app.services.registrations import (
    SENT_TWICE,
    Addresses,
    Registered,
    claim_address,
    columns_of,
    held,
    register_buddy,
    register_newcomer,
)
from app.vocabulary import Role
from app.vocabulary.activities import OrganisationKind

WAITS: dict[str, object] = {"address": {}}


def hand_in(actor: Viewer, role: Role, token: str, locale: str, *, spoken: str | None = None) -> Registered:
    """Finish a registration. The same form sent twice makes one person.

    A newcomer comes in at once, and so does a buddy without an address; the buddy with one is made by the worker, and
    so is the account that goes with a newcomer's address. `spoken` is the language in which a helper asked whether the
    newcomer agrees; with a helper it is needed. Raises NotFound, Invalid when an answer is missing or wrong, Gone when it
    was finished a while ago.
    """
    with transaction():
        row = held(actor, role, token)
        if row.finished_at:
            if now() - row.finished_at > SENT_TWICE:
                raise Gone()
            return Registered(row.person_id, row.network_slug or "")
        row.finished_at, row.locale = now(), locale
        given = {name: value for step in row.answers.values() for name, value in step.items()}
        made = _buddy(row, given) if role is Role.BUDDY else _newcomer(row, given, actor, spoken)
        row.person_id, row.network_slug = made.person_id, made.network_slug
        if row.answers:
            _make_soon(row)
        return made


def hand_in_organisation(about: About, contact: Contact) -> str:
    """Keep what an organisation says of itself until the worker makes it; returns its network. Raises Invalid for a place."""
    network = about.network
    with transaction():
        _keep(
            Role.ORGANISATION, contact.locale, network=network, answers={"about": asdict(about), "contact": asdict(contact)}
        )  # fmt: skip
    return network


def let_claim(person: Person) -> None:
    """Let the worker find out whether the address of that person can be an account."""
    _keep(Role.NEWCOMER, person.locale, person_id=person.id, answers=WAITS)


def waiting() -> list[int]:
    """The registrations that were handed in and not made yet, the oldest first."""
    unmade = Registration.finished_at.is_not(None), cast(Registration.answers, String) != "{}"
    return list(session().scalars(select(Registration.id).where(*unmade).order_by(Registration.id)))


def make_waiting() -> None:
    """Let the worker make what it was not told of, or could not make when it was."""
    for key in waiting():
        queue.put("make_arrival", key)


def make(key: int, addresses: Addresses) -> None:
    """Make what was handed in, once."""
    with transaction() as db:
        lock(Registration, key)
        row = db.get(Registration, key, populate_existing=True)
        if row is None or row.finished_at is None or not row.answers:
            return
        given, row.answers = row.answers, {}
        if row.person_id is not None:
            lock(Person, row.person_id)  # who adds another address meanwhile does so before or after
            _claim(db.get_one(Person, row.person_id, populate_existing=True), addresses)
        elif row.role is Role.ORGANISATION:
            about = dict(given["about"])
            kind = about.pop("kind")
            organisations.register(
                About(kind=kind and OrganisationKind(kind), **about), Contact(**given["contact"]), addresses=addresses
            )  # fmt: skip
        else:
            flat = {name: value for step in given.values() for name, value in step.items()}
            made = register_buddy(
                BuddyAnswers.of(flat), locale=row.locale, addresses=addresses, source=row.source
            )
            row.person_id = made.person_id


def _buddy(row: Registration, given: dict[str, object]) -> Registered:
    answers = BuddyAnswers.of(given)
    if answers.email:
        return Registered(None, columns_of(answers)["network_slug"])
    made = register_buddy(answers, locale=row.locale, addresses=None, source=row.source)
    row.answers = {}
    return made


def _newcomer(row: Registration, given: dict[str, object], actor: Viewer, spoken: str | None) -> Registered:
    answers = NewcomerAnswers.of(given)
    made = register_newcomer(
        answers, locale=row.locale, addresses=None, helper=actor, spoken=spoken, claims=False
    )
    row.answers = WAITS if answers.email else {}
    return made


def _claim(person: Person, addresses: Addresses) -> None:
    if person.email and person.email_canonical is None:
        claim_address(person, addresses)


def _keep(
    role: Role, locale: str, *, answers: dict[str, object], network: str | None = None, person_id: int | None = None
) -> None:  # fmt: skip
    row = Registration(
        token_hash=token_hash(new_token()), role=role, locale=locale, answers=answers, network_slug=network,
        person_id=person_id, finished_at=now(),
    )  # fmt: skip
    session().add(row)
    session().flush()
    _make_soon(row)


def _make_soon(row: Registration) -> None:
    after_commit(partial(queue.hint, "make_arrival", row.id))
