"""Taking over an account that was made together with a helper, and adding an e-mail address to it (S7)."""

from collections.abc import Callable

from sqlalchemy.exc import IntegrityError

from app.db import lock, session, transaction
from app.errors import Refusal
from app.i18n import lazy_gettext as _
from app.models import Person
from app.security.identity import canonical_email, tidy_email
from app.security.permissions import Permission
from app.security.predicates import demand
from app.security.viewer import Viewer
from app.services.accounts import LinkFor, new_link
from app.services.block_hits import look_up_changed
from app.services.outbox import tell
from app.services.records import audit
from app.services.registrations import tell_owner
from app.vocabulary.records import LinkPurpose, Subject


def take_over(actor: Viewer) -> None:
    """Note that the newcomer herself came in for the first time with the code of her card."""
    demand(actor, Permission.OWN_TRACK)
    with transaction():
        audit(actor, "account-taken-over", Subject.NEWCOMER, actor.newcomer_id)


def add_address(actor: Viewer, email: str, *, confirm: LinkFor, sign_in: Callable[[str], str]) -> None:
    """Add an e-mail address to an account that has none, and ask by mail whether it is the actor's.

    An address that somebody else has already looks the same to the asker; only its owner is told. Raises Refusal
    when the account has an address.
    """
    demand(actor, Permission.OWN_ACCOUNT)
    canonical = canonical_email(email)
    with transaction() as db:
        lock(Person, actor.person_id)
        person = db.get_one(Person, actor.person_id)
        session().refresh(person)
        if person.email_canonical:
            raise Refusal(_("You have an e-mail address here already."), code="has-address")
        try:
            with db.begin_nested():
                person.email, person.email_canonical = tidy_email(email), canonical
                db.flush()
        except IntegrityError:
            db.refresh(person)
            tell_owner(canonical, sign_in)
            return
        audit(actor, "address-added", "person", person.id)
        look_up_changed(person)
        token = new_link(LinkPurpose.CONFIRM_ADDRESS, locale=person.locale, person_id=person.id)
        tell(person, "confirm-address", link=confirm(person.locale, token))
