"""Organisations: they register themselves, a coordinator verifies them, and several people speak for them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.exc import IntegrityError

from app.clock import now
from app.db import lock, session, transaction
from app.errors import Invalid, Moved, Refusal
from app.i18n import lazy_gettext as _
from app.models import Consent, ContactPerson, Grant, Link, Offer, Organisation, Person
from app.queries.organisations import contacts_of, organisations_for
from app.queries.reach import one, rows
from app.reference import gazetteer
from app.security.identity import canonical_email
from app.security.permissions import Permission
from app.security.predicates import demand, not_about_oneself
from app.security.viewer import Viewer
from app.services import listings
from app.services.accounts import end_all_sign_ins, end_other_sign_ins, new_link
from app.services.outbox import tell, tell_contact
from app.services.records import audit, move, record_transition
from app.services.registrations import Addresses, tell_owner
from app.vocabulary import Role
from app.vocabulary.activities import OfferState, OrganisationKind, OrganisationState
from app.vocabulary.records import LinkPurpose, Subject
from app.vocabulary.registrations import CONSENT_VERSIONS, ConsentText

PageFor = Callable[[str], str]
"""locale -> the absolute address of a page."""
LIVING = (OfferState.TO_CHECK, OfferState.PUBLISHED)


@dataclass(frozen=True)
class About:
    """What an organisation says of itself; the network follows from the place."""

    name: str
    kind: OrganisationKind | None
    postcode: str
    locality: str
    words: str = ""
    website: str = ""
    insurer: str = ""

    @property
    def network(self) -> str:
        """The network in which it is. Raises Invalid for an unknown place."""
        return _place(self).network


@dataclass(frozen=True)
class Contact:
    """Somebody who speaks for an organisation: reachable by e-mail, by telephone, or both."""

    name: str
    function: str = ""
    email: str | None = None
    phone: str | None = None
    locale: str = "nl"


def register(about: About, contact: Contact, *, addresses: Addresses) -> str:
    """Make an organisation and the account of who registers it, and ask to confirm the address; returns its network.

    A known address gets the same answer, and its owner a mail (T8). Raises Invalid for an unknown place.
    """
    place = _place(about)
    assert contact.email is not None
    with transaction() as db:
        canonical = canonical_email(contact.email)
        person = Person(
            full_name=contact.name, locale=contact.locale, email=contact.email, email_canonical=canonical,
            phone=contact.phone,
        )  # fmt: skip
        try:
            with db.begin_nested():
                db.add(person)
                db.flush()
        except IntegrityError:
            tell_owner(canonical, addresses.sign_in)
            return place.network
        made = Organisation(network_slug=place.network, words_language="nl")
        _write(made, about, place)
        db.add(made)
        db.flush()
        db.add(Grant(person_id=person.id, role=Role.ORGANISATION, organisation_id=made.id))
        db.add(_contact(contact, made, person.id))
        db.add(
            Consent(
                person_id=person.id, text=ConsentText.PRIVACY.value, locale=contact.locale,
                version=CONSENT_VERSIONS[ConsentText.PRIVACY],
            )
        )  # fmt: skip
        record_transition(
            Subject.ORGANISATION,
            made.id,
            None,
            OrganisationState.REGISTERED,
            actor=None,
            role=Role.ORGANISATION,
        )
        audit(None, "registered", Subject.ORGANISATION, made.id, network=place.network)
        token = new_link(LinkPurpose.CONFIRM_ADDRESS, locale=contact.locale, person_id=person.id)
        tell(person, "confirm-address", link=addresses.confirm(contact.locale, token))
        return place.network


def verify(
    actor: Viewer, organisation_id: int, *, page_for: PageFor, seen: OrganisationState | None = None
) -> None:
    """Say that the network knows this organisation: from now on it can be shown and can sign (T6).

    `seen` is the state in which the actor saw it. Raises NotFound, Forbidden about the own organisation, Refusal while
    its address is not confirmed, or Moved when somebody decided first.
    """
    with transaction():
        found = _judged(actor, organisation_id, seen)
        if found.confirmed_at is None:
            raise Refusal(
                _("This organisation did not confirm its e-mail address yet."), code="not-confirmed"
            )
        before = found.state
        move(
            update(Organisation).where(Organisation.id == found.id, Organisation.verified_at.is_(None))
            .values(verified_at=now(), verified_by_id=actor.person_id, refused_at=None, refusal="")
        )  # fmt: skip
        _decided(actor, found, before, OrganisationState.VERIFIED, "organisation-verified")
        _tell_contacts(found, "organisation-verified", page_for)


def refuse(
    actor: Viewer,
    organisation_id: int,
    *,
    reason: str,
    page_for: PageFor,
    seen: OrganisationState | None = None,
) -> None:
    """Do not accept the organisation, or no longer: nothing of it is shown and it signs nothing.

    Raises as `verify`, or Invalid without a reason.
    """
    with transaction():
        found = _judged(actor, organisation_id, seen)
        if not reason:
            raise Invalid("reason", _("Write in a few words why not."))
        before = found.state
        move(
            update(Organisation).where(Organisation.id == found.id, Organisation.refused_at.is_(None))
            .values(verified_at=None, verified_by_id=None, refused_at=now(), refusal=reason)
        )  # fmt: skip
        _decided(actor, found, before, OrganisationState.REFUSED, "organisation-refused")
        # who has only links is told too when they stop working
        known = before is OrganisationState.VERIFIED
        _tell_contacts(found, "organisation-refused", page_for, by_link_too=known, note=reason)


def change(actor: Viewer, organisation_id: int, about: About) -> None:
    """Change what stands on the page of the organisation. The name and place of a verified one stay: it was known by them.

    A coordinator may change those too. Raises NotFound or Invalid.
    """
    with transaction():
        found = _held(actor, organisation_id)
        place = _place(about)
        known = found.verified_at is not None and found.network_slug not in actor.networks
        if known and (about.name, place.municipality) != (
            found.name,
            found.municipality or place.municipality,
        ):
            raise Invalid(
                "name",
                _("The coordinator knows you by this name and place. Ask the coordinator to change it."),
            )
        _write(found, about, place)
        audit(actor, "organisation-changed", Subject.ORGANISATION, found.id, network=found.network_slug)
        listings.refresh(session().scalars(select(Offer.id).where(Offer.organisation_id == found.id)))


def add_contact(actor: Viewer, organisation_id: int, contact: Contact) -> int:
    """Name one more person who speaks for the organisation and may sign hours, by link; returns the key.

    Raises NotFound, or Invalid when there is no way to reach this person, or when it is there already.
    """
    with transaction() as db:
        found = _held(actor, organisation_id)
        if not contact.email and not contact.phone:
            raise Invalid("email", _("Give an e-mail address or a telephone number."))
        if contact.email and any(row.email == contact.email for row in rows(contacts_of(found.id))):
            raise Invalid("email", _("This person is a contact person already."))
        made = _contact(contact, found, None)
        made.named_by_id = actor.person_id
        db.add(made)
        db.flush()
        audit(actor, "contact-named", Subject.ORGANISATION, found.id, network=found.network_slug)
        return made.id


def invite_contact(
    actor: Viewer, organisation_id: int, contact_id: int, *, invitation_for: Callable[[str, str], str], page_for: PageFor
) -> None:  # fmt: skip
    """Give a contact person an account for this organisation. Raises NotFound, or Invalid without an address."""
    with transaction() as db:
        found = _held(actor, organisation_id)
        contact = one(contacts_of(found.id).where(ContactPerson.id == contact_id))
        if not contact.email:
            raise Invalid("email", _("Give an e-mail address first."))
        if contact.person_id is not None:
            raise Refusal(_("This person can sign in already."), code="has-account")
        canonical = canonical_email(contact.email)
        person = db.scalars(select(Person).where(Person.email_canonical == canonical)).one_or_none()
        new = person is None
        if person is None:
            person = Person(
                full_name=contact.name, locale=contact.locale, email=contact.email, email_canonical=canonical
            )
            db.add(person)
            db.flush()
        contact.person_id = person.id
        if all(grant.organisation_id != found.id for grant in person.grants):
            db.add(
                Grant(
                    person_id=person.id,
                    role=Role.ORGANISATION,
                    organisation_id=found.id,
                    granted_by=actor.person_id,
                )
            )
            end_all_sign_ins(person.id)
        audit(actor, "contact-invited", Subject.ORGANISATION, found.id, network=found.network_slug)
        if new:
            token = new_link(LinkPurpose.INVITATION, locale=person.locale, person_id=person.id)
            link = invitation_for(person.locale, token)
        else:
            link = page_for(person.locale)
        tell(person, "organisation-access", link=link, organisation=found.name, network=found.network_slug)


def remove_contact(actor: Viewer, organisation_id: int, contact_id: int) -> None:
    """Note that a person no longer speaks for the organisation: the account and all links of it end here.

    Raises NotFound, or Refusal for the last one, and for who signs for an activity that goes on.
    """
    with transaction() as db:
        found = _held(actor, organisation_id)
        present = rows(contacts_of(found.id))
        contact = one(contacts_of(found.id).where(ContactPerson.id == contact_id))
        if len(present) == 1:
            raise Refusal(
                _("Somebody has to speak for the organisation. First add another person."), code="last"
            )
        signs = (
            select(Offer.id).where(Offer.contact_person_id == contact.id, Offer.state.in_(LIVING)).limit(1)
        )
        if db.scalar(signs) is not None:
            raise Refusal(
                _("This person signs for an activity. First choose another person there."), code="signs"
            )
        contact.left_at = now()
        db.execute(
            update(Link)
            .where(Link.contact_person_id == contact.id, Link.used_at.is_(None))
            .values(used_at=now())
        )
        if contact.person_id is not None:
            person = db.get_one(Person, contact.person_id)
            for grant in [grant for grant in person.grants if grant.organisation_id == found.id]:
                person.grants.remove(grant)
            if person.id == actor.person_id:
                end_other_sign_ins(actor)  # whoever leaves of her own will stays where she is
            else:
                end_all_sign_ins(person.id)
        audit(actor, "contact-left", Subject.ORGANISATION, found.id, network=found.network_slug)


def _held(actor: Viewer, organisation_id: int) -> Organisation:
    """An organisation that the actor may change, held until the transaction ends, as it is now."""
    demand(actor, Permission.EDIT_OFFER)
    found = one(organisations_for(actor, Permission.EDIT_OFFER).where(Organisation.id == organisation_id))
    lock(Organisation, found.id)
    session().refresh(found)
    return found


def _judged(actor: Viewer, organisation_id: int, seen: OrganisationState | None) -> Organisation:
    """An organisation that the actor may decide about: never the own one, and as it was seen."""
    demand(actor, Permission.PUBLISH_OFFER)
    found = one(organisations_for(actor, Permission.PUBLISH_OFFER).where(Organisation.id == organisation_id))
    lock(Organisation, found.id)
    session().refresh(found)
    not_about_oneself(actor, *(contact.person_id for contact in rows(contacts_of(found.id))))
    if seen not in (None, found.state):
        raise Moved()
    return found


def _decided(
    actor: Viewer, found: Organisation, before: OrganisationState, after: OrganisationState, action: str
) -> None:
    session().refresh(found)
    role = actor.role_for(Permission.PUBLISH_OFFER)
    record_transition(Subject.ORGANISATION, found.id, before, after, actor=actor, role=role)
    audit(actor, action, Subject.ORGANISATION, found.id, network=found.network_slug)
    listings.refresh(session().scalars(select(Offer.id).where(Offer.organisation_id == found.id)))


def _tell_contacts(
    found: Organisation, kind: str, page_for: PageFor, *, by_link_too: bool = False, **facts: Any
) -> None:
    has_account = ContactPerson.person_id.is_not(None)
    told = or_(has_account, ContactPerson.email.is_not(None)) if by_link_too else has_account
    for contact in rows(contacts_of(found.id).where(told)):
        tell_contact(
            contact,
            kind,
            network=found.network_slug,
            link=page_for(contact.locale),
            organisation=found.name,
            **facts,
        )


def _place(about: About) -> gazetteer.Place:
    try:
        return gazetteer.place(about.postcode, about.locality)
    except LookupError as error:
        raise Invalid(
            "place", _("We do not know this place. Type the postcode of four figures, such as 2800.")
        ) from error


def _write(found: Organisation, about: About, place: gazetteer.Place) -> None:
    found.name, found.kind, found.words = about.name, about.kind, about.words
    found.website, found.insurer = about.website, about.insurer
    found.postcode, found.locality, found.municipality = place.postcode, place.locality, place.municipality
    found.network_slug = place.network


def _contact(contact: Contact, of: Organisation, person_id: int | None) -> ContactPerson:
    return ContactPerson(
        name=contact.name, function=contact.function, email=contact.email, phone=contact.phone, locale=contact.locale,
        organisation_id=of.id, person_id=person_id,
    )  # fmt: skip
