"""Contact persons without an account: erased by the link in their mail; what they confirmed stays confirmed."""

import pytest
from sqlalchemy import select, text

from app.clock import now
from app.db import session, transaction
from app.errors import Gone, NotFound, Refusal
from app.models import ContactPerson, HourEntry, Link, Message, Offer, Proof
from app.services import accounts, tombstones
from app.services.erasures import contacts
from app.services.erasures.whose import GONE_NAME
from app.services.outbox import tell_contact
from app.vocabulary import EntryState
from app.vocabulary.activities import OfferState
from app.vocabulary.records import LinkPurpose
from tests import canaries, factories

WORD = "kanariepiet"


def made(**values):
    return factories.contact(name=f"Piet {WORD}", email=f"{WORD}@example.be", function=WORD, **values)


def link(contact, **facts):
    return accounts.new_link(LinkPurpose.CONFIRM_HOURS, locale="nl", contact_person_id=contact.id, **facts)


def confirmed(contact):
    """Hours of an activity that is over."""
    offer = factories.offer(contact_person=contact)
    with transaction() as db:
        db.get_one(Offer, offer.id).state = OfferState.ENDED
    return factories.entry(
        factories.newcomer(), offer, state=EntryState.CONFIRMED, confirmed_at=now(),
        confirmed_name=contact.name,
    )  # fmt: skip


def found():
    session().expire_all()
    return canaries.found_in_rows(session().connection(), WORD)


@pytest.mark.parametrize("organised", [True, False])
def test_nothing_is_left_and_hours_stay_confirmed_by_the_organisation(site, organised):
    club = factories.organisation(name="Kookclub") if organised else None
    contact = made(organisation_id=club and club.id)
    entry, token = confirmed(contact), link(contact)
    with transaction():
        tell_contact(contact, "already-known", link="http://localhost/x")
    minutes = entry.minutes
    assert len(found()) > 4
    contacts.ask(token)
    assert not found()
    line = session().get_one(HourEntry, entry.id)
    assert (line.state, line.minutes, line.confirmed_name) == (
        EntryState.CONFIRMED, minutes, "Kookclub" if organised else GONE_NAME,
    )  # fmt: skip
    assert not session().scalars(select(Link)).all()
    assert not session().scalars(select(Message)).all()
    with pytest.raises(NotFound):
        contacts.ask(token)


def test_every_newcomer_named_an_own_row_and_all_of_that_address_go(site, tmp_path):
    rows = [
        factories.contact(name=f"Piet {WORD}", email=address, named_by_id=factories.newcomer().person_id)
        for address in (f"{WORD}@example.be", f"{WORD.title()}+hours@EXAMPLE.be", f"{WORD}@example.be")
    ]
    others = [
        factories.contact(name="Els", email=address)
        for address in (f"{WORD}2@example.be", f"{WORD}@example.com", f"{WORD}%@example.be")
    ]
    account = factories.contact(name="Jan", email=f"{WORD}@example.be", person_id=factories.buddy().person_id)
    with transaction():
        for row in rows:
            tell_contact(row, "already-known", link="http://localhost/x")
    contacts.ask(link(rows[1]))
    session().expire_all()
    assert [row.name for row in (*rows, *others, account)] == [GONE_NAME] * 3 + ["Els"] * 3 + ["Jan"]
    assert not session().scalars(select(Message)).all()
    assert len(tombstones.read(tombstones.keep(tmp_path))) == 3


def test_an_activity_that_goes_on_under_the_same_address_is_handed_over_first(site):
    named = made(named_by_id=factories.newcomer().person_id)
    signs = made(organisation_id=factories.organisation().id)
    offer, token = factories.offer(contact_person=signs), link(named)
    with transaction() as db:
        living = db.get_one(Offer, offer.id)
        living.state, living.published_at = OfferState.PUBLISHED, now()
    with pytest.raises(Refusal):
        contacts.ask(token)
    assert session().get_one(ContactPerson, named.id).name == f"Piet {WORD}"


@pytest.mark.parametrize("address", ["nobody", None])
def test_a_row_without_a_real_address_goes_alone(site, address):
    contact, other = (factories.contact(name="Els", email=address, phone="+32470000001") for _ in range(2))
    contacts.ask(link(contact))
    session().expire_all()
    assert [contact.name, other.name] == [GONE_NAME, GONE_NAME if address else "Els"]


def test_a_signed_proof_keeps_who_signed_until_the_time_of_the_law_is_over(site):
    contact = made()
    proof = factories.proof(confirmed(contact))
    contacts.ask(link(contact))
    assert found() == {("proof", "signed_name"), ("proof_paper", "content")}
    assert session().get_one(Proof, proof.id).holds


def test_who_signs_for_an_activity_that_goes_on_is_told_what_to_do_first(site):
    contact = made(organisation_id=factories.organisation().id)
    offer = factories.offer(contact_person=contact)
    with transaction() as db:
        db.get_one(Offer, offer.id).state = OfferState.ENDED
    token = link(contact)
    with transaction() as db:
        living = db.get_one(Offer, offer.id)
        living.state, living.published_at = OfferState.PUBLISHED, now()
    with pytest.raises(Refusal) as refused:
        contacts.ask(token)
    assert refused.value.code == "signs"
    assert session().get_one(ContactPerson, contact.id).name == f"Piet {WORD}"


def test_a_link_that_a_newcomer_passed_on_or_of_an_account_erases_nobody(site):
    contact = made()
    other = factories.contact(person_id=factories.buddy().person_id, name="Els")
    for token in (link(contact, newcomer=factories.newcomer().id), link(other)):
        assert not contacts.may_ask(token)
        with pytest.raises(NotFound):
            contacts.ask(token)


def test_a_backup_brings_no_contact_person_back(site, tmp_path):
    contact = made()
    contact_id = contact.id
    contacts.ask(link(contact))
    path = tombstones.keep(tmp_path)
    assert WORD not in path.read_text()
    with transaction() as db:  # as the backup of yesterday has it
        db.execute(
            text("UPDATE contact_person SET name = 'Piet kanariepiet', email = 'kanariepiet@example.be'")
        )
        db.execute(text("DELETE FROM contact_tombstone"))
    assert found()
    assert tombstones.bury_again(tombstones.read(path)) == 1
    assert tombstones.bury_again(tombstones.read(path)) == 0
    assert not found()
    token = link(session().get_one(ContactPerson, contact_id))
    with pytest.raises(Gone):
        contacts.contact_of(token)


@pytest.mark.parametrize("lang", ["nl", "ar", "x-pseudo"])
def test_the_page_asks_first(browser, lang):
    contact = made()
    confirmed(contact)
    token = link(contact)
    page = browser.get(f"/{lang}/c/{token}")
    assert f"/{lang}/c/{token}/delete" in page.links()
    page = browser.get(f"/{lang}/c/{token}/delete")
    assert found()
    asked = page.soup.h1.get_text()
    page = browser.submit(page)
    assert not found()
    assert asked not in page.text + page.soup.title.get_text()
    assert page.soup.h1.get_text() in page.soup.title.get_text()
    browser.get(f"/{lang}/c/{token}/delete", status=404)
