"""Selections for administration: people with roles of staff, messages, the audit log."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.clock import now, start_of_day
from app.models import AdministratorRequest, AuditEntry, Grant, Message, Person
from app.queries.reach import reach
from app.reference.folding import fold
from app.security.permissions import Permission, Scope
from app.security.viewer import Viewer
from app.vocabulary import Role
from app.vocabulary.records import Channel

REQUEST_WAITS = timedelta(days=7)
STAFF = (Role.COORDINATOR, Role.COUNSELLOR, Role.HELPER, Role.ORGANISATION, Role.ADMINISTRATOR)


def staff_for(viewer: Viewer, words: str = "") -> Select[Person]:
    """People with a role of staff, by name; `words` narrows to a part of name or address."""
    found = (
        select(Person).where(reach(viewer, Permission.SET_STAFF, {}), Person.id.in_(select(Grant.person_id).where(Grant.role.in_(STAFF))))
        .options(selectinload(Person.grants)).order_by(Person.full_name, Person.id)
    )  # fmt: skip
    if words:
        found = found.where(
            or_(
                Person.full_name.icontains(words, autoescape=True),
                Person.email.icontains(words, autoescape=True),
            )
        )
    return found


def standing() -> ColumnElement[bool]:
    """Requests for an administrator that still stand: young enough, and asked by who still is one."""
    asked_by = exists().where(
        Person.id == AdministratorRequest.asked_by_id, Person.active, Grant.person_id == Person.id,
        Grant.role == Role.ADMINISTRATOR,
    )  # fmt: skip
    return and_(AdministratorRequest.asked_at > now() - REQUEST_WAITS, asked_by)


def requests_for(viewer: Viewer) -> Select[AdministratorRequest]:
    """Who is to become an administrator when a second one agrees, the oldest first."""
    return (
        select(AdministratorRequest).where(reach(viewer, Permission.SET_STAFF, {}), standing())
        .options(joinedload(AdministratorRequest.asked_by)).order_by(AdministratorRequest.id)
    )  # fmt: skip


def messages_for(viewer: Viewer) -> Select[Message]:
    """All mails of the outbox, newest first; tasks stand on the coordinators' page."""
    return (
        select(Message).where(reach(viewer, Permission.ADMINISTER, {}), Message.channel == Channel.MAIL)
        .order_by(Message.id.desc())
    )  # fmt: skip


@dataclass(frozen=True)
class AuditWanted:
    """What is looked for in the audit log: a part of the name of who acted, an action, a number it is about, and days."""

    who: str = ""
    action: str = ""
    about: int | None = None
    since: date | None = None
    until: date | None = None


def audit_for(viewer: Viewer, wanted: AuditWanted = AuditWanted()) -> Select[AuditEntry, Person]:
    """The audit log with who acted, newest first: of the viewer's networks, or all of it, as far as it is looked for."""
    own = AuditEntry.network_slug.in_(viewer.networks)
    found = (
        select(AuditEntry, Person).outerjoin(Person, Person.id == AuditEntry.actor_id)
        .where(reach(viewer, Permission.READ_AUDIT, {Scope.NETWORK: own})).order_by(AuditEntry.id.desc())
    )  # fmt: skip
    for word in fold(wanted.who).split():
        found = found.where(Person.search_key.contains(word, autoescape=True))
    if wanted.action:
        found = found.where(AuditEntry.action == wanted.action)
    if wanted.about is not None:
        found = found.where(AuditEntry.subject_id == wanted.about)
    if wanted.since:
        found = found.where(AuditEntry.at >= start_of_day(wanted.since))
    if wanted.until:
        found = found.where(AuditEntry.at < start_of_day(wanted.until + timedelta(days=1)))
    return found
