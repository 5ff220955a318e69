"""What a counsellor owes: people to call and activities to judge, and what the newcomer reads meanwhile."""

import pytest

from app.db import session
from app.models import AuditEntry, Offer
from app.vocabulary import EntryState, HoursRefusal
from tests import factories
from tests.hours_screens import LANGS


@pytest.fixture
def people(site):
    counsellor = factories.counsellor(full_name="Els Peeters")
    newcomer = factories.newcomer(name="Olena K", counsellor=counsellor)
    factories.contract(newcomer, counsellor)
    return newcomer, counsellor


def test_a_call_is_noted_and_leaves_the_list(people, signed_in):
    newcomer, counsellor = people
    contact = factories.contact(name="Piet", email=None, phone="+32470123456")
    entry = factories.entry(
        newcomer,
        factories.offer(contact_person=contact),
        state=EntryState.REFUSED,
        refusal=HoursRefusal.NOT_PRESENT,
    )
    client = signed_in(counsellor)
    for lang in LANGS:
        page = client.get(f"/{lang}/caseload/to-do")
        assert f"/{lang}/caseload/calls/{entry.id}" in page.links()
        page = client.get(f"/{lang}/caseload/calls/{entry.id}")
        assert "tel:+32470123456" in page.links()
    assert session().query(AuditEntry).filter_by(action="contact-seen", subject_id=entry.id).count()
    client.submit(page, status=422, note="")
    page = client.submit(page, note="Hij belt morgen")
    assert f"/ar/caseload/calls/{entry.id}" not in page.links()
    client.get(f"/nl/caseload/calls/{entry.id}", status=404)


def test_an_activity_is_judged_and_then_its_hours_can_be_accepted(people, signed_in):
    newcomer, counsellor = people
    offer = factories.offer(
        title="Voetbal", newcomer_id=newcomer.id, published_at=None, dutch_spoken=None, people_met=None
    )
    entry = factories.entry(newcomer, offer, state=EntryState.CONFIRMED, confirmed_name="Piet")
    proof, own = factories.proof(entry), signed_in(newcomer.person)
    waits = "Your counsellor still looks whether this activity counts"
    assert waits in own.get(f"/en/hours/{entry.id}").text
    client = signed_in(counsellor)
    for lang in LANGS:
        assert f"/{lang}/caseload/activities/{offer.id}" in client.get(f"/{lang}/caseload/to-do").links()
        page = client.get(f"/{lang}/caseload/{newcomer.id}")
        assert f"/{lang}/caseload/activities/{offer.id}" in page.links()
        page = client.get(f"/{lang}/caseload/{newcomer.id}/proofs/{proof.id}")
        assert f"/{lang}/caseload/activities/{offer.id}" in page.links()
        assert not page.soup.select("form[action$=accept]")
        page = client.get(f"/{lang}/caseload/activities/{offer.id}")
    client.submit(page, status=422)
    client.submit(page, dutch_spoken="yes", people_met="no")
    assert "This activity does not count" in own.get(f"/en/hours/{entry.id}").text
    page = client.get(f"/nl/caseload/activities/{offer.id}")
    assert page.form()["people_met"] == "no"
    client.submit(page, people_met="yes")
    session().expire_all()
    assert session().get_one(Offer, offer.id).meets_criteria
    page = client.get(f"/nl/caseload/{newcomer.id}/proofs/{proof.id}")
    assert page.soup.select("form[action$=accept]")
    assert waits not in own.get(f"/en/hours/{entry.id}").text
