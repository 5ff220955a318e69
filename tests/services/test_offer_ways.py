"""The ways of activities and organisations, whole: every state, every act of every role and of the system.

An act of the services that is in none of these tables makes a test fail.
"""

import inspect
import re
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from app import services
from app.clock import now, today
from app.db import session
from app.errors import Refusal
from app.models import Message, Occurrence, Offer, Organisation, Transition
from app.security.viewer import ANONYMOUS
from app.services import (
    accounts,
    confirmations,
    offer_days,
    offer_endings,
    offer_texts,
    offer_writing,
    offers,
    organisations,
)
from app.services.accounts import new_link
from app.services.organisations import About, Contact
from app.services.registrations import Addresses
from app.vocabulary import Role
from app.vocabulary.activities import OfferState, OrganisationState
from app.vocabulary.records import LinkPurpose, Subject
from tests import factories
from tests.activities import House, home_for, link_for, listed, page_for, state_of, where, words
from tests.factories import viewer

S, H = OfferState, OrganisationState
EVERY = frozenset(S)
SHOWN = frozenset({S.PUBLISHED})
OWNERS, JUDGES = {"organisation", "coordinator", "both"}, {"coordinator", "administrator"}
UNTIL = today() + timedelta(days=30)

# Act: from which states to which (None = it stays as it is), who may, and how it is done.
OFFER_ACTS = {
    offers.send_to_check: ({S.DRAFT, S.TAKEN_BACK}, S.TO_CHECK, OWNERS, lambda act, house, who, key: act(who, key)),
    offers.publish: ({S.TO_CHECK}, S.PUBLISHED, JUDGES, lambda act, house, who, key: act(who, key, page_for=page_for)),
    offers.send_back: ({S.TO_CHECK}, S.DRAFT, JUDGES, lambda act, house, who, key: act(who, key, note="Korter", page_for=page_for)),
    offers.take_back: ({S.TO_CHECK, S.PUBLISHED}, S.TAKEN_BACK, OWNERS, lambda act, house, who, key: act(who, key)),
    offers.end: ({S.PUBLISHED}, S.ENDED, OWNERS, lambda act, house, who, key: act(who, key)),
    offers.go_on: ({S.PUBLISHED, S.ENDED}, S.PUBLISHED, OWNERS, lambda act, house, who, key: act(who, key, UNTIL)),
    offer_days.call_off: (SHOWN, None, OWNERS, lambda act, house, who, key: act(who, key, times(key)[1])),
    offer_days.put_back: (SHOWN, None, OWNERS, lambda act, house, who, key: act(who, key, times(key)[0])),
    offer_writing.change_words: (EVERY, None, OWNERS, lambda act, house, who, key: act(who, key, words(title="Anders"))),
    offer_writing.change_gatherings: (EVERY, None, OWNERS, lambda act, house, who, key: act(who, key, [where()])),
    offer_writing.change_terms: (EVERY, None, OWNERS, lambda act, house, who, key: act(who, key, house.terms(meeting_words="Samen aan tafel."))),
    offer_endings.ask_now: (SHOWN, None, JUDGES | {"both"}, lambda act, house, who, key: act(who, key, link_for)),
    offer_texts.write_text: (EVERY, None, OWNERS, lambda act, house, who, key: act(who, key, "fr", title="Table", words="Venez")),
    offer_texts.check_text: (EVERY, None, OWNERS, lambda act, house, who, key: act(who, key, "ar")),
    offer_texts.remove_text: (EVERY, None, OWNERS, lambda act, house, who, key: act(who, key, "ar")),
}  # fmt: skip
# What the machine does by itself, or a contact person without an account.
OFFER_SYSTEM = {
    offer_endings.end_offers: (SHOWN, S.ENDED), offer_endings.ask_who_goes_on: (SHOWN, None),
    offer_endings.answer: ({S.PUBLISHED, S.ENDED}, S.PUBLISHED),
}  # fmt: skip
# Looks, and parts of the acts above; `begin` is tried below.
OFFER_PARTS = {
    offers.held, offers.held_with_house, offers.demand_verified, offers.move_offer, offers.continue_until,
    offers.still_missing, offers.version, offer_endings.offer_of_link, offer_writing.where_of, offer_writing.begin,
}  # fmt: skip

WHO = {
    "anonymous": None,
    "newcomer": lambda: factories.newcomer().person,
    "buddy": lambda: factories.buddy().person,
    "counsellor": factories.counsellor,
    "helper": lambda: factories.person(roles=(Role.HELPER,)),
    "administrator": factories.administrator,
    "coordinator": lambda: factories.coordinator("rivierenland"),
    "coordinator elsewhere": lambda: factories.coordinator("limburg"),
    "organisation elsewhere": lambda: factories.organisation_contact(factories.organisation()),
}


def trier(who, house):
    """Somebody in that role; `both` is a coordinator who also speaks for the organisation."""
    if who == "organisation":
        return house.actor
    if who == "both":
        person = factories.organisation_contact(house.organisation)
        factories.grant(person, Role.COORDINATOR, network="rivierenland")
        return viewer(person)
    return viewer(WHO[who]()) if WHO[who] else ANONYMOUS


def tried(act):
    """Whether it was done."""
    try:
        act()
    except Refusal:
        session().rollback()
        return False
    return True


def times(offer_id):
    """Its times ahead; nothing that is there when it has none."""
    found = select(Occurrence.id).where(Occurrence.offer_id == offer_id, Occurrence.starts_at > now())
    return session().scalars(found.order_by(Occurrence.starts_at)).all() or [0, 0]


def public(*modules):
    """All that these modules offer to others."""
    return {
        found
        for module in modules
        for name, found in inspect.getmembers(module, inspect.isfunction)
        if found.__module__ == module.__name__ and not name.startswith("_")
    }


def test_every_act_on_an_activity_is_in_a_table():
    offered = public(offers, offer_writing, offer_texts, offer_days, offer_endings)
    assert offered == OFFER_ACTS.keys() | OFFER_SYSTEM.keys() | OFFER_PARTS


def test_nothing_else_moves_an_activity_or_decides_about_an_organisation():
    """The demo writes the moments of what it invents; who confirms the address is tried below."""
    changes = re.compile(r"move_offer\(|update\(Organisation\)")
    folder = Path(services.__file__).parent
    found = {path.stem for path in folder.rglob("*.py") if changes.search(path.read_text(encoding="utf-8"))}
    assert found == {"offers", "offer_writing", "offer_endings", "organisations", "accounts", "houses"}


@pytest.mark.parametrize("who", [*WHO, "organisation", "both"])
@pytest.mark.parametrize("state", list(S))
def test_every_act_on_an_activity_by_every_role(site, state, who):
    house = House()
    actor = trier(who, house)
    for act, (before, after, allowed, do) in OFFER_ACTS.items():
        offer = house.offer(state, ends_on=UNTIL)
        factories.text(offer, "ar")
        if state in SHOWN:
            offer_days.call_off(house.actor, offer.id, times(offer.id)[0])
        may = who in allowed and state in before
        assert tried(lambda act=act, do=do, key=offer.id: do(act, house, actor, key)) is may, act
        assert state_of(offer.id) is (after if may and after else state), act
        turn = select(Transition).where(
            Transition.subject == Subject.OFFER, Transition.subject_id == offer.id
        )
        turns = [(turn.from_state, turn.to_state, turn.actor_id) for turn in session().scalars(turn)]
        assert turns == ([(state, after, actor.person_id)] if may and after else []), act
        assert bool(listed(offer.id)) is (state_of(offer.id) is S.PUBLISHED), act


@pytest.mark.parametrize("state", list(S))
def test_what_happens_to_an_activity_by_itself_and_by_link(site, state):
    house = House()
    over = house.offer(state, ends_on=today() - timedelta(days=1))
    assert offer_endings.end_offers() == (state in SHOWN)
    assert state_of(over.id) is (S.ENDED if state in SHOWN else state)
    for until in (UNTIL, None):
        offer = house.offer(state, ends_on=today() + timedelta(days=5))
        assert offer_endings.ask_who_goes_on(link_for) == (state in SHOWN)
        token = new_link(LinkPurpose.GOES_ON, locale="nl", contact_person_id=house.contact.id, offer=offer.id)
        before, after = OFFER_SYSTEM[offer_endings.answer]
        assert tried(lambda t=token, u=until: offer_endings.answer(t, ANONYMOUS, until=u)) is (
            state in before
        )
        assert state_of(offer.id) is (after if until and state in before else state)


def test_every_state_of_an_activity_can_be_reached_and_left():
    ways = [(before, after) for before, after, *_ in OFFER_ACTS.values() if after]
    ways += [(before, after) for before, after in OFFER_SYSTEM.values() if after]
    assert {after for _before, after in ways} == EVERY, "a draft is reached by begin and by sending back"
    assert set().union(*(before for before, _after in ways)) == EVERY


HOUSE_STATES = {
    H.REGISTERED: {"confirmed_at": None}, H.TO_VERIFY: {}, H.VERIFIED: {"verified": True},
    H.REFUSED: {"refused_at": now(), "refusal": "Onbekend"},
}  # fmt: skip
KNOWN = About("Club", None, "2800", "Mechelen")
CONTACT = Contact("Ka", email="ka@example.be")
INVITE = {"invitation_for": link_for, "page_for": home_for}
HOUSE_ACTS = {
    organisations.verify: ({H.TO_VERIFY, H.REFUSED}, H.VERIFIED, JUDGES, lambda act, house, who, bo: act(who, house, page_for=home_for)),
    organisations.refuse: (set(H) - {H.REFUSED}, H.REFUSED, JUDGES, lambda act, house, who, bo: act(who, house, reason="Onbekend", page_for=home_for)),
    organisations.change: (set(H), None, OWNERS, lambda act, house, who, bo: act(who, house, KNOWN)),
    organisations.add_contact: (set(H), None, OWNERS, lambda act, house, who, bo: act(who, house, CONTACT)),
    organisations.invite_contact: (set(H), None, OWNERS, lambda act, house, who, bo: act(who, house, bo, **INVITE)),
    organisations.remove_contact: (set(H), None, OWNERS, lambda act, house, who, bo: act(who, house, bo)),
}  # fmt: skip
# What can be done for an organisation, and in which of its states.
FOR_A_HOUSE = {
    "begin an activity": set(H) - {H.REFUSED}, "publish": {H.VERIFIED}, "go on": {H.VERIFIED},
    "answer by link": {H.VERIFIED}, "is asked": {H.VERIFIED}, "is listed": {H.VERIFIED}, "confirm hours": {H.VERIFIED},
}  # fmt: skip


def house_in(state, **values):
    given = {
        "verified": False,
        "name": "Club",
        "postcode": "2800",
        "locality": "Mechelen",
        "municipality": "Mechelen",
    }
    return House(organisation=factories.organisation(**{**given, **HOUSE_STATES[state], **values}))


def state_of_house(house):
    session().expire_all()
    return session().get_one(Organisation, house.organisation.id).state


def test_every_act_on_an_organisation_is_in_the_table():
    assert public(organisations) == HOUSE_ACTS.keys() | {organisations.register}


@pytest.mark.parametrize("who", [*WHO, "organisation", "both"])
@pytest.mark.parametrize("state", list(H))
def test_every_act_on_an_organisation_by_every_role(site, state, who):
    for act, (before, after, allowed, do) in HOUSE_ACTS.items():
        house = house_in(state)
        bo = factories.contact(organisation_id=house.organisation.id)
        actor, key = trier(who, house), house.organisation.id
        may = who in allowed and state in before
        assert tried(lambda act=act, do=do: do(act, key, actor, bo.id)) is may, act  # noqa: B023
        assert state_of_house(house) is (after if may and after else state), act
        turn = select(Transition).where(
            Transition.subject == Subject.ORGANISATION, Transition.subject_id == key
        )
        turns = [(turn.from_state, turn.to_state, turn.actor_id) for turn in session().scalars(turn)]
        assert turns == ([(state, after, actor.person_id)] if may and after else []), act


@pytest.mark.parametrize("state", list(H))
def test_who_registered_it_confirms_the_address(site, state):
    house = house_in(state)
    token = new_link(LinkPurpose.CONFIRM_ADDRESS, locale="nl", person_id=house.person.id)
    accounts.confirm_address(token)
    assert state_of_house(house) is (H.TO_VERIFY if state is H.REGISTERED else state)


def test_every_state_of_an_organisation_can_be_reached_and_left(site):
    addresses = Addresses(confirm=link_for, sign_in=home_for)
    organisations.register(KNOWN, Contact("An", email="an@example.be"), addresses=addresses)
    assert session().scalars(select(Organisation)).one().state is H.REGISTERED
    ways = [(before, after) for before, after, *_ in HOUSE_ACTS.values() if after]
    ways += [({H.REGISTERED}, H.TO_VERIFY)]
    assert {after for _before, after in ways} | {H.REGISTERED} == set(H)
    assert set().union(*(before for before, _after in ways)) == set(H)


@pytest.mark.parametrize("state", list(H))
def test_what_an_organisation_can_do_in_each_state(site, state):
    house = house_in(state)
    soon = {"ends_on": today() + timedelta(days=5)}
    shown, over, sent = house.offer(**soon), house.offer(S.ENDED), house.offer(S.TO_CHECK)
    entry = factories.entry(factories.newcomer(), shown, state=factories.EntryState.SUBMITTED)
    token = new_link(LinkPurpose.GOES_ON, locale="nl", contact_person_id=house.contact.id, offer=shown.id)
    done = {
        "is listed": bool(listed(shown.id)),
        "is asked": offer_endings.ask_who_goes_on(link_for) == 1,
        "begin an activity": tried(lambda: offer_writing.begin(house.actor, house.organisation.id, words())),
        "publish": tried(lambda: offers.publish(house.desk, sent.id, page_for=page_for)),
        "go on": tried(lambda: offers.go_on(house.actor, over.id, UNTIL)),
        "answer by link": tried(lambda: offer_endings.answer(token, ANONYMOUS, until=UNTIL)),
        "confirm hours": tried(
            lambda: confirmations.confirm(confirmations.signer_by_account(house.actor), [entry.id])
        ),
    }
    assert {name for name, was in done.items() if was} == {
        name for name, states in FOR_A_HOUSE.items() if state in states
    }


def test_taken_back_and_verified_again_everything_is_as_it_was(site):
    """Hidden and told about; what was signed, and the activities themselves, stay."""
    house = House()
    by_link = factories.contact(organisation_id=house.organisation.id)
    offer = house.offer()
    newcomer = factories.newcomer()
    signed = factories.entry(newcomer, offer, state=factories.EntryState.CONFIRMED)
    waits = factories.entry(newcomer, offer, state=factories.EntryState.SUBMITTED)
    token = new_link(LinkPurpose.CONFIRM_HOURS, locale="nl", contact_person_id=house.contact.id)
    organisations.refuse(house.desk, house.organisation.id, reason="Geen antwoord", page_for=home_for)
    told = session().scalars(select(Message.to_email).where(Message.kind == "organisation-refused")).all()
    assert set(told) == {house.person.email, by_link.email}
    assert not listed(offer.id)
    assert state_of(offer.id) is S.PUBLISHED
    assert not tried(lambda: confirmations.signer_by_link(token, ANONYMOUS))
    assert (session().get_one(type(signed), signed.id).state, session().get_one(type(waits), waits.id).state) == (
        factories.EntryState.CONFIRMED, factories.EntryState.SUBMITTED,
    )  # fmt: skip
    organisations.verify(house.desk, house.organisation.id, page_for=home_for)
    assert listed(offer.id)
    assert tried(lambda: confirmations.confirm(confirmations.signer_by_link(token, ANONYMOUS), [waits.id]))


def test_who_only_looked_in_another_state_decides_nothing(site):
    """Two coordinators: one verified it while the other still had the page of before in sight."""
    house = house_in(H.TO_VERIFY)
    key, desk = house.organisation.id, house.desk
    organisations.verify(desk, key, page_for=home_for, seen=H.TO_VERIFY)
    assert not tried(
        lambda: organisations.refuse(desk, key, reason="Onbekend", page_for=home_for, seen=H.TO_VERIFY)
    )
    assert state_of_house(house) is H.VERIFIED
    organisations.refuse(desk, key, reason="Toch niet", page_for=home_for, seen=H.VERIFIED)
    assert state_of_house(house) is H.REFUSED


def test_what_changed_since_it_was_looked_at_is_not_published(site):
    house = House()
    offer = house.offer(S.TO_CHECK)
    seen = offers.version(offer)
    offer_writing.change_terms(house.actor, offer.id, house.terms(fluent_speakers=1))
    assert not tried(lambda: offers.publish(house.desk, offer.id, page_for=page_for, seen=seen))
    again = offers.version(session().get_one(Offer, offer.id, populate_existing=True))
    assert tried(lambda: offers.publish(house.desk, offer.id, page_for=page_for, seen=again))


def test_an_organisation_with_activities_in_two_networks(site):
    """Who verifies it is the coordinator of its own network; each activity is checked where it takes place."""
    house, far = House(), factories.coordinator("limburg")
    near = house.draft()
    there = house.draft()
    offer_writing.change_gatherings(house.actor, there, [where(postcode="3500", locality="Hasselt")])
    for key in (near, there):
        offers.send_to_check(house.actor, key)
    elsewhere = viewer(far)
    assert not tried(lambda: offers.publish(elsewhere, near, page_for=page_for))
    assert not tried(lambda: offers.publish(house.desk, there, page_for=page_for))
    offers.publish(elsewhere, there, page_for=page_for)
    offers.publish(house.desk, near, page_for=page_for)
    assert not tried(
        lambda: organisations.refuse(elsewhere, house.organisation.id, reason="Onbekend", page_for=home_for)
    )
    assert listed(near)
    assert listed(there)
    organisations.refuse(house.desk, house.organisation.id, reason="Geen antwoord", page_for=home_for)
    assert not listed(near)
    assert not listed(there)
