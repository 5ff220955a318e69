"""The first administrator of an empty site; all further staff are invited from the screens."""

from __future__ import annotations

from sqlalchemy import select

from app.db import transaction
from app.errors import Forbidden, Invalid
from app.i18n import is_language
from app.i18n import lazy_gettext as _
from app.models import Grant, Person
from app.security.identity import canonical_email, tidy, tidy_email
from app.services.accounts import new_link
from app.services.records import audit
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
