"""The first administrator of an empty site, and every further one, whom two administrators make together."""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from app.db import lock, session, transaction
from app.errors import Forbidden, Invalid, Moved, NotFound
from app.i18n import is_language
from app.i18n import lazy_gettext as _
from app.models import AdministratorRequest, Grant, Person
from app.queries.accounts import person_by_email
from app.queries.admin import requests_for, standing
from app.queries.reach import one
from app.security.identity import canonical_email, tidy, tidy_email
from app.security.permissions import Permission
from app.security.predicates import demand, not_about_oneself
from app.security.viewer import Viewer
from app.services.accounts import LinkFor, new_link
from app.services.records import audit
from app.services.staff import HAS_ROLE, give, person_at, welcome
from app.vocabulary import Role
from app.vocabulary.records import LinkPurpose


def first(*, full_name: str, email: str, locale: str) -> str:
    """Make the first administrator and return the secret of the link that lets her choose a password.

    Raises Forbidden when there is an administrator already, Invalid for a name, address or language that is none.
    """
    name = tidy(full_name)
    if not name:
        raise Invalid("full_name", _("Fill in a name."))
    if not is_language(locale):
        raise Invalid("locale", _("This site does not speak that language."))
    try:
        address, canonical = tidy_email(email), canonical_email(email)
    except ValueError as error:
        raise Invalid("email", _("This is not an e-mail address.")) from error
    with transaction() as db:
        if db.scalars(select(Grant.id).where(Grant.role == Role.ADMINISTRATOR).limit(1)).first() is not None:
            raise Forbidden(_("There is an administrator already. Ask that person for an invitation."))
        person = Person(full_name=name, locale=locale, email=address, email_canonical=canonical)
        person.grants.append(Grant(role=Role.ADMINISTRATOR))
        db.add(person)
        db.flush()
        audit(None, "first-administrator", "person", person.id)
        return new_link(LinkPurpose.INVITATION, locale=locale, person_id=person.id)


def ask(actor: Viewer, *, full_name: str, email: str, locale: str, link_for: LinkFor) -> bool:
    """Ask that the person with that address becomes an administrator; the second administrator who asks makes it so.

    Returns whether she is one now. Raises Invalid when she was one, and Forbidden about oneself.
    """
    demand(actor, Permission.SET_STAFF)
    canonical = canonical_email(email)
    with transaction() as db:
        _forget_lapsed()
        person = person_by_email(canonical)
        if person is not None:
            not_about_oneself(actor, person.id)
            if any(grant.role is Role.ADMINISTRATOR for grant in person.grants):
                raise Invalid("role", HAS_ROLE)
        found = db.scalar(
            select(AdministratorRequest.id).where(AdministratorRequest.email_canonical == canonical)
        )
        if found is not None:
            return agree(actor, found, link_for=link_for)
        row = AdministratorRequest(
            full_name=full_name, email=tidy_email(email), email_canonical=canonical, locale=locale, asked_by_id=actor.person_id
        )  # fmt: skip
        try:
            with db.begin_nested():
                db.add(row)
                db.flush()
        except IntegrityError as error:  # in this very moment a second one asked
            raise Moved() from error
        audit(actor, "administrator-asked", "person", person.id if person else None, request=row.id)
        return False


def agree(actor: Viewer, request_id: int, *, link_for: LinkFor) -> bool:
    """Agree that somebody becomes an administrator, as the second one; of who asked, nothing changes (False).

    Raises NotFound when that was refused, took too long, or was asked by who is no administrator any more; Forbidden
    about oneself.
    """
    demand(actor, Permission.SET_STAFF)
    with transaction():
        lock(AdministratorRequest, request_id)
        row = one(requests_for(actor).where(AdministratorRequest.id == request_id))
        if row.asked_by_id == actor.person_id:
            return False
        _make(actor, row, link_for)
        return True


def agree_by_hand(email: str, *, link_for: LinkFor) -> None:
    """The same by who runs the server, for a site with a single administrator. Raises NotFound."""
    with transaction() as db:
        row = db.scalar(
            select(AdministratorRequest).where(
                AdministratorRequest.email_canonical == canonical_email(email), standing()
            )
        )
        if row is None:
            raise NotFound()
        _make(None, row, link_for)


def refuse(actor: Viewer, request_id: int) -> None:
    """Say no, or take back what one asked. Raises NotFound."""
    demand(actor, Permission.SET_STAFF)
    with transaction() as db:
        row = one(requests_for(actor).where(AdministratorRequest.id == request_id))
        audit(actor, "administrator-refused", request=row.id, asked_by=row.asked_by_id)
        db.delete(row)


def forget_requests() -> int:
    """Forget whom no second administrator agreed to in time; returns how many. For the worker, each night."""
    with transaction():
        return _forget_lapsed()


def _make(actor: Viewer | None, row: AdministratorRequest, link_for: LinkFor) -> None:
    person, new = person_at(full_name=row.full_name, email=row.email, locale=row.locale)
    if actor is not None:
        not_about_oneself(actor, person.id)
    give(actor, person.id, role=Role.ADMINISTRATOR, asked_by=row.asked_by_id)
    session().delete(row)
    if new:
        welcome(person, link_for)


def _forget_lapsed() -> int:
    lapsed = delete(AdministratorRequest).where(~standing()).returning(AdministratorRequest.id)
    return len(session().execute(lapsed).all())
