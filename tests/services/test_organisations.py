"""Organisations: they register, a coordinator verifies or refuses them, and several people speak for them."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from app.clock import now
from app.db import session
from app.errors import Forbidden, Gone, Invalid, Moved, NotFound, Refusal
from app.models import Consent, ContactPerson, Grant, Link, Listing, Message, Organisation, Person, Transition
from app.queries.organisations import contacts_of, shown_organisations, to_verify
from app.queries.reach import rows
from app.services import accounts, confirmations, organisations
from app.services.accounts import new_link
from app.services.organisations import About, Contact
from app.services.registrations import Addresses
from app.vocabulary import Role
from app.vocabulary.activities import OrganisationKind, OrganisationState
from app.vocabulary.records import LinkPurpose, Subject
from tests import factories
from tests.activities import House, home_for, letters
from tests.factories import viewer

ADDRESSES = Addresses(
    confirm=lambda locale, token: f"https://example.org/{locale}/confirm-address/{token}",
    sign_in=lambda locale: f"https://example.org/{locale}/sign-in",
)
ABOUT = About("Buurthuis De Loods", OrganisationKind.ASSOCIATION, "2800", "Mechelen", "Iedereen is welkom.")
CONTACT = Contact("An Peeters", "Coördinator", "an@loods.example.be", "+32470000009", "nl")
ACTS = {
    "verify": lambda actor, key: organisations.verify(actor, key, page_for=home_for),
    "refuse": lambda actor, key: organisations.refuse(actor, key, reason="Onbekend", page_for=home_for),
}


def register(about=ABOUT, contact=CONTACT):
    return organisations.register(about, contact, addresses=ADDRESSES)


def registered():
    register()
    return session().scalars(select(Organisation).order_by(Organisation.id.desc())).first()


def token_of(kind):
    letter = (
        session().scalars(select(Message).where(Message.kind == kind).order_by(Message.id.desc())).first()
    )
    return next(word for word in letter.text.split() if "/confirm-address/" in word or "/i/" in word).rsplit(
        "/", 1
    )[1]


def test_from_registering_to_verified(site):
    assert register() == "rivierenland"
    found = session().scalars(select(Organisation)).one()
    assert found.state is OrganisationState.REGISTERED
    assert not rows(to_verify(viewer(factories.coordinator())))
    person = session().scalars(select(Person).where(Person.email == CONTACT.email)).one()
    assert [grant.role for grant in person.grants] == [Role.ORGANISATION]
    assert session().scalars(select(Consent.text).where(Consent.person_id == person.id)).all() == ["privacy"]
    desk = viewer(factories.coordinator())
    with pytest.raises(Refusal) as refusal:
        organisations.verify(desk, found.id, page_for=home_for)
    assert refusal.value.code == "not-confirmed"
    session().rollback()
    accounts.confirm_address(token_of("confirm-address"))
    session().expire_all()
    assert found.state is OrganisationState.TO_VERIFY
    assert [row.id for row in rows(to_verify(desk))] == [found.id]
    assert not rows(to_verify(viewer(factories.coordinator("limburg"))))
    assert not rows(shown_organisations())
    organisations.verify(desk, found.id, page_for=home_for)
    assert found.state is OrganisationState.VERIFIED
    assert [row.id for row in rows(shown_organisations())] == [found.id]
    assert letters("organisation-verified") == [CONTACT.email]
    states = (
        session().scalars(select(Transition.to_state).where(Transition.subject == Subject.ORGANISATION)).all()
    )
    assert states == ["registered", "to_verify", "verified"]


def test_a_known_address_gets_the_same_answer_and_only_its_owner_is_told(site):
    owner = factories.buddy().person
    assert register(contact=replace(CONTACT, email=owner.email)) == "rivierenland"
    assert not session().scalars(select(Organisation)).all()
    assert letters("already-known") == [owner.email]


def test_an_unknown_place_is_refused(site):
    with pytest.raises(Invalid) as refusal:
        register(About("Club", None, "9999", "Nergens"))
    assert refusal.value.field == "place"


def test_refused_with_a_reason_and_later_verified_after_all(site):
    house = House(organisation=factories.organisation(verified=False))
    with pytest.raises(Invalid):
        organisations.refuse(house.desk, house.organisation.id, reason="", page_for=home_for)
    ACTS["refuse"](house.desk, house.organisation.id)
    assert session().get_one(Organisation, house.organisation.id).state is OrganisationState.REFUSED
    assert letters("organisation-refused") == [house.person.email]
    with pytest.raises(Moved):
        ACTS["refuse"](house.desk, house.organisation.id)
    session().rollback()
    ACTS["verify"](house.desk, house.organisation.id)
    again = session().get_one(Organisation, house.organisation.id)
    assert (again.state, again.refusal) == (OrganisationState.VERIFIED, "")
    with pytest.raises(Moved):
        ACTS["verify"](house.desk, house.organisation.id)


def test_nothing_of_an_organisation_that_is_no_longer_verified_is_shown_or_signed(site):
    house = House()
    offer = house.offer()
    entry = factories.entry(factories.newcomer(), offer, state=factories.EntryState.SUBMITTED)
    ACTS["refuse"](house.desk, house.organisation.id)
    assert not session().scalars(select(Listing.id).where(Listing.offer_id == offer.id)).all()
    with pytest.raises(Forbidden):
        confirmations.confirm(confirmations.signer_by_account(house.actor), [entry.id])
    session().rollback()
    ACTS["verify"](house.desk, house.organisation.id)
    assert session().scalars(select(Listing.id).where(Listing.offer_id == offer.id)).all()


@pytest.mark.parametrize("act", ACTS)
def test_only_the_coordinator_of_the_network_and_never_about_the_own_organisation(site, act):
    house = House(organisation=factories.organisation(verified=False))
    both = factories.organisation_contact(house.organisation)
    factories.grant(both, Role.COORDINATOR, network="rivierenland")
    for person in (
        house.person, both, factories.coordinator("limburg"), factories.counsellor(), factories.newcomer().person,
    ):  # fmt: skip
        with pytest.raises((Forbidden, NotFound)):
            ACTS[act](viewer(person), house.organisation.id)
        session().rollback()
    ACTS[act](viewer(factories.administrator()), house.organisation.id)


def test_a_verified_organisation_keeps_its_name_and_place_unless_the_coordinator_changes_them(site):
    house = House()
    key = house.organisation.id
    organisations.change(house.desk, key, ABOUT)
    organisations.change(
        house.actor,
        key,
        About(ABOUT.name, None, "2800", "Mechelen", "Nieuwe woorden", "https://loods.example"),
    )
    assert session().get_one(Organisation, key).words == "Nieuwe woorden"
    for other in (
        About("OCMW Mechelen", None, "2800", "Mechelen"),
        About(ABOUT.name, None, "3500", "Hasselt"),
    ):
        with pytest.raises(Invalid) as refusal:
            organisations.change(house.actor, key, other)
        assert refusal.value.field == "name"
        session().rollback()
    with pytest.raises(NotFound):
        organisations.change(viewer(factories.coordinator("limburg")), key, ABOUT)


def add(house, actor=None, **values):
    given = {"name": "Bo", "email": "bo@loods.example.be", **values}
    return organisations.add_contact(actor or house.actor, house.organisation.id, Contact(**given))


def test_contact_persons_with_only_a_link_and_with_an_account(site):
    house = House()
    key = add(house)
    bo = session().get_one(ContactPerson, key)
    assert (bo.person_id, bo.named_by_id) == (None, house.person.id)
    with pytest.raises(Invalid):
        add(house)
    session().rollback()
    with pytest.raises(Invalid):
        add(house, email=None)
    session().rollback()
    phone = add(house, email=None, phone="+32470000008")
    with pytest.raises(Invalid):
        invite(house, phone)
    session().rollback()
    invite(house, key)
    person = session().scalars(select(Person).where(Person.email == "bo@loods.example.be")).one()
    assert viewer(person).organisations == {house.organisation.id}
    assert letters("organisation-access") == ["bo@loods.example.be"]
    with pytest.raises(Refusal) as refusal:
        invite(house, key)
    assert refusal.value.code == "has-account"


def invite(house, key):
    organisations.invite_contact(
        house.actor, house.organisation.id, key, page_for=home_for,
        invitation_for=lambda locale, token: f"https://example.org/{locale}/i/{token}",
    )  # fmt: skip


def test_somebody_with_an_account_keeps_it_and_gets_the_role_beside_it(site):
    house, known = House(), factories.buddy().person
    invite(house, add(house, email=known.email))
    assert viewer(known).roles == {Role.BUDDY, Role.ORGANISATION}
    message = session().scalars(select(Message).where(Message.kind == "organisation-access")).one()
    assert "/my-activities" in message.text


def test_who_leaves_signs_nothing_any_more(site):
    house = House()
    key = add(house)
    invite(house, key)
    person = session().scalars(select(Person).where(Person.email == "bo@loods.example.be")).one()
    token = new_link(LinkPurpose.CONFIRM_HOURS, locale="nl", contact_person_id=key)
    organisations.remove_contact(house.actor, house.organisation.id, key)
    assert viewer(person).organisations == frozenset()
    with pytest.raises(Gone):
        accounts.open_link(token, LinkPurpose.CONFIRM_HOURS)
    assert [contact.id for contact in rows(contacts_of(house.organisation.id))] == [house.contact.id]
    assert (
        not session().scalars(select(Link).where(Link.contact_person_id == key, Link.used_at.is_(None))).all()
    )
    assert session().scalars(select(Grant).where(Grant.person_id == house.person.id)).all()


def test_the_last_one_and_who_signs_cannot_leave(site):
    house = House()
    with pytest.raises(Refusal) as refusal:
        organisations.remove_contact(house.actor, house.organisation.id, house.contact.id)
    assert refusal.value.code == "last"
    session().rollback()
    add(house)
    house.offer()
    with pytest.raises(Refusal) as refusal:
        organisations.remove_contact(house.actor, house.organisation.id, house.contact.id)
    assert refusal.value.code == "signs"


def test_contact_persons_of_others_are_not_there(site):
    house, other = House(), factories.organisation()
    foreign = factories.contact(organisation_id=other.id)
    for act in (
        lambda: invite(house, foreign.id),
        lambda: organisations.remove_contact(house.actor, house.organisation.id, foreign.id),
    ):
        with pytest.raises(NotFound):
            act()
        session().rollback()
    with pytest.raises(NotFound):
        add(house, viewer(factories.organisation_contact(other)))


def test_a_state_follows_from_the_moments(site):
    kept = Organisation(confirmed_at=None, verified_at=None, refused_at=None)
    assert kept.state is OrganisationState.REGISTERED
    kept.confirmed_at = now()
    assert kept.state is OrganisationState.TO_VERIFY
