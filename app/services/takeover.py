"""Taking over an account that was made together with a helper, and adding an e-mail address to it (S7)."""

from app.db import lock, transaction
from app.errors import Refusal
from app.i18n import lazy_gettext as _
from app.models import Person
from app.security.identity import tidy_email
from app.security.permissions import Permission
from app.security.predicates import demand
from app.security.viewer import Viewer
from app.services.accounts import end_links
from app.services.arrivals import let_claim
from app.services.block_hits import look_up_changed
from app.services.records import audit
from app.vocabulary.records import Subject


def take_over(actor: Viewer) -> None:
    """Note that the newcomer herself came in for the first time with the code of her card."""
    demand(actor, Permission.OWN_TRACK)
    with transaction():
        audit(actor, "account-taken-over", Subject.NEWCOMER, actor.newcomer_id)


def add_address(actor: Viewer, email: str) -> None:
    """Add an e-mail address to an account without one, or another one while none is confirmed.

    The worker asks by mail whether it is the actor's. An address that somebody else has already looks the same to the
    asker; only its owner is told. Raises Refusal when the account has a confirmed address.
    """
    demand(actor, Permission.OWN_ACCOUNT)
    with transaction() as db:
        lock(Person, actor.person_id)
        person = db.get_one(Person, actor.person_id, populate_existing=True)
        if person.email_confirmed_at:
            raise Refusal(_("You have an e-mail address here already."), code="has-address")
        person.email, person.email_canonical = tidy_email(email), None
        end_links(person.id)
        audit(actor, "address-added", "person", person.id)
        look_up_changed(person)
        let_claim(person)
