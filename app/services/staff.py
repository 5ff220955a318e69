"""Administrators make and end the roles of staff."""

from sqlalchemy import delete, select

from app.db import lock, session, transaction
from app.errors import Forbidden, Invalid, NotFound
from app.i18n import lazy_gettext as _
from app.models import Agency, Grant, Message, Network, Person
from app.queries.accounts import person_by_email
from app.security.identity import canonical_email, tidy_email
from app.security.permissions import Permission
from app.security.predicates import demand, not_about_oneself
from app.security.viewer import Viewer
from app.services.accounts import LinkFor, end_all_sign_ins, new_link
from app.services.outbox import tell
from app.services.records import audit
from app.vocabulary import Role
from app.vocabulary.exports import LookReason
from app.vocabulary.records import LinkPurpose

STAFF = (Role.COORDINATOR, Role.COUNSELLOR, Role.HELPER, Role.ADMINISTRATOR)
HAS_ROLE = _("This person has that role already.")


def invite(
    actor: Viewer, *, full_name: str, email: str, locale: str, role: Role, network: str | None, agency: str | None, link_for: LinkFor,
) -> Person:  # fmt: skip
    """Give that role to the person with that address, who is made and invited when new.

    Raises Invalid, and Forbidden for an administrator, whom two make (administrators.ask).
    """
    demand(actor, Permission.SET_STAFF)
    with transaction():
        person, new = person_at(full_name=full_name, email=email, locale=locale)
        grant(actor, person.id, role=role, network=network, agency=agency)
        if new:
            welcome(person, link_for)
        return person


def person_at(*, full_name: str, email: str, locale: str) -> tuple[Person, bool]:
    """The person with that address, and whether she was made just now."""
    found = person_by_email(canonical_email(email))
    if found is not None:
        return found, False
    person = Person(
        full_name=full_name, locale=locale, email=tidy_email(email), email_canonical=canonical_email(email)
    )
    session().add(person)
    session().flush()
    return person, True


def welcome(person: Person, link_for: LinkFor) -> None:
    """Invite a new person to choose a password."""
    token = new_link(LinkPurpose.INVITATION, locale=person.locale, person_id=person.id)
    tell(person, "invited", link=link_for(person.locale, token))


def grant(
    actor: Viewer, person_id: int, *, role: Role, network: str | None = None, agency: str | None = None
) -> None:
    """Give a person a role of staff; never to oneself, and never that of an administrator, which takes two (Forbidden).

    Raises Invalid where the network or agency is missing or the role is there.
    """
    demand(actor, Permission.SET_STAFF)
    not_about_oneself(actor, person_id)
    if role is Role.ADMINISTRATOR:
        raise Forbidden()
    if role not in STAFF:
        raise Invalid("role", _("This role is not given by hand."))
    if role is Role.COORDINATOR and (network is None or session().get(Network, network) is None):
        raise Invalid("network", _("Choose the network of this coordinator."))
    if role is Role.COUNSELLOR and (agency is None or session().get(Agency, agency) is None):
        raise Invalid("agency", _("Choose the agency of this counsellor."))
    network = network if role is Role.COORDINATOR else None
    agency = agency if role is Role.COUNSELLOR else None
    give(actor, person_id, role=role, network=network, agency=agency)


def give(
    actor: Viewer | None, person_id: int, *, role: Role, network: str | None = None, agency: str | None = None, **facts: object
) -> None:  # fmt: skip
    """Add a role that was decided on; the person's sign-ins end at once. Raises Invalid where the role is there."""
    with transaction() as db:
        lock(Person, person_id)
        same = select(Grant.id).where(
            Grant.person_id == person_id, Grant.role == role, Grant.network_slug.is_not_distinct_from(network)
        )
        if db.scalar(same) is not None:
            raise Invalid("role", HAS_ROLE)
        db.add(
            Grant(
                person_id=person_id, role=role, network_slug=network, agency_slug=agency,
                granted_by=actor.person_id if actor else None,
            )
        )  # fmt: skip
        end_all_sign_ins(person_id)
        audit(actor, "role-given", "person", person_id, network=network, role=role.value, **facts)


def revoke(actor: Viewer, grant_id: int) -> None:
    """Take a role of staff away; never one's own. The person's sign-ins end at once."""
    demand(actor, Permission.SET_STAFF)
    with transaction() as db:
        found = db.get(Grant, grant_id)
        if found is None or found.role not in STAFF:
            raise NotFound()
        not_about_oneself(actor, found.person_id)
        db.execute(delete(Grant).where(Grant.id == grant_id))
        end_all_sign_ins(found.person_id)
        audit(
            actor, "role-taken", "person", found.person_id, network=found.network_slug, role=found.role.value
        )


def note_address_seen(actor: Viewer, message: Message, why: LookReason) -> None:
    """Write down that an administrator looked at where a mail went, and why (T18)."""
    demand(actor, Permission.ADMINISTER)
    with transaction():
        audit(actor, "contact-seen", "message", message.id, network=message.network_slug, why=why.value)
