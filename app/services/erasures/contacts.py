"""Contact persons without an account: they are erased at once when they ask it by the link in their mail.

Hours that they confirmed stay confirmed, by their organisation. A proof that they signed keeps their name until the time of the
law is over for its newcomer (AFTER_LAW): the counsellor must be able to check who signed (R14).
"""

from itertools import takewhile

from sqlalchemy import delete, func, or_, select, update

from app.clock import now
from app.db import lock, session, transaction
from app.errors import Gone, NotFound, Refusal
from app.i18n import lazy_gettext as _
from app.models import ContactPerson, ContactTombstone, HourEntry, Link, Message, Offer
from app.queries.reach import count
from app.security.identity import canonical_email
from app.services.accounts import open_link
from app.services.erasures.columns import NO_CONTACT
from app.services.erasures.whose import GONE_NAME
from app.services.organisations import LIVING
from app.services.records import audit
from app.vocabulary.records import LinkPurpose


def contact_of(token: str) -> ContactPerson:
    """Who may ask to be erased by that link: the one to whom it was mailed, without an account.

    Raises NotFound or Gone; a link that a newcomer passed on is no such link, and who has an account asks on My data.
    """
    link = open_link(token, LinkPurpose.CONFIRM_HOURS)
    found = session().get(ContactPerson, link.contact_person_id)
    if found is None or found.person_id is not None or "newcomer" in link.facts:
        raise NotFound
    if found.name == GONE_NAME:
        raise Gone
    return found


def may_ask(token: str) -> bool:
    """Whether the holder of that link may ask to be erased by it."""
    try:
        contact_of(token)
    except (NotFound, Gone):
        return False
    return True


def ask(token: str) -> None:
    """Erase the holder of the link now, wherever that address stands. Raises as `contact_of`, and Refusal for who signs for an activity that goes on."""
    with transaction():
        mine = _with_the_address_of(contact_of(token))
        for contact_id in mine:
            lock(ContactPerson, contact_id)
        signs = select(Offer.id).where(Offer.contact_person_id.in_(mine), Offer.state.in_(LIVING))
        if count(signs):
            raise Refusal(
                _("You sign for an activity. First let your organisation choose somebody else there."),
                code="signs",
            )
        for contact_id in mine:
            erase_contact(contact_id)


def _with_the_address_of(contact: ContactPerson) -> list[int]:
    """The rows without an account that have that address, however it is written: every newcomer names an own one."""
    address = _canonical(contact.email or "")
    # What the database and Python call the small form of a letter only differs outside ASCII.
    begin = "".join(takewhile(str.isascii, address.partition("@")[0]))
    alike = func.lower(ContactPerson.email).startswith(begin, autoescape=True)
    likely = select(ContactPerson.id, ContactPerson.email).where(
        ContactPerson.person_id.is_(None), or_(ContactPerson.id == contact.id, alike)
    )
    found = session().execute(likely.order_by(ContactPerson.id))
    return [row.id for row in found if row.id == contact.id or _canonical(row.email) == address]


def _canonical(address: str) -> str:
    """One form of an address; of one that was none as it stands."""
    try:
        return canonical_email(address)
    except ValueError:
        return address


def erase_contact(contact_id: int) -> bool:
    """Erase a contact person without an account, whether there was something to erase. Also after a restore."""
    with transaction() as db:
        found = db.get(ContactPerson, contact_id, populate_existing=True)
        if found is None or found.person_id is not None or found.name == GONE_NAME:
            return False
        db.merge(ContactTombstone(contact_id=found.id, made_at=found.created_at, erased_at=now()))
        instead = found.organisation.name if found.organisation else GONE_NAME
        if found.email:
            db.execute(delete(Message).where(Message.person_id.is_(None), Message.to_email == found.email))
        db.execute(delete(Link).where(Link.contact_person_id == found.id))
        db.execute(
            update(HourEntry).where(HourEntry.contact_person_id == found.id, HourEntry.confirmed_name != "")
            .values(confirmed_name=instead)
        )  # fmt: skip
        db.execute(
            update(ContactPerson).where(ContactPerson.id == found.id).values(left_at=now(), **NO_CONTACT)
        )
        audit(None, "contact-erased", "contact_person", contact_id)
        db.expire_all()
        return True
