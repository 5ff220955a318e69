"""The pages of proofs: the newcomer's own, the contact person's, the counsellor's, and the one for everybody."""

import pytest

from app.db import session
from app.models import Message, Proof
from app.vocabulary import EntryState
from app.vocabulary.records import ProofState
from tests import factories
from tests.counting import statements
from tests.hours_screens import LANGS, link_in_mail


@pytest.fixture
def people(site):
    """A newcomer with counsellor and contract, and three confirmed times of which two are signed."""
    counsellor = factories.counsellor(full_name="Els Peeters")
    newcomer = factories.newcomer(name="أحمد", counsellor=counsellor)
    factories.contract(newcomer, counsellor)
    contact = factories.contact(name="Olena Café", email="olena@example.be")
    offer = factories.offer(title="Taalcafé", contact_person=contact)
    entries = [factories.entry(newcomer, offer, state=EntryState.CONFIRMED) for _ in range(2)]
    factories.proof(*entries)
    return newcomer, counsellor, offer


def open_proof(newcomer, offer):
    """One more confirmed time, on an open proof."""
    from app.db import transaction
    from app.services import proofs

    entry = factories.entry(newcomer, offer, state=EntryState.CONFIRMED)
    with transaction():
        proofs.join(entry)
    return entry.proof_id


def only(state):
    session().expire_all()
    return session().query(Proof).filter_by(state=state).one()


@pytest.mark.parametrize("lang", LANGS)
def test_every_page_in_every_script(people, signed_in, browser, lang):
    newcomer, counsellor, offer = people
    key = open_proof(newcomer, offer)
    hers, office = signed_in(newcomer.person), signed_in(counsellor)
    signed = only(ProofState.SIGNED)
    assert "أحمد" not in browser.get(f"/{lang}/proof-guide").text
    for number in (signed.paper.public_number, signed.paper.public_number.lower().replace("-", " ")):
        browser.get(f"/{lang}/proof/{number}")
    browser.get(f"/{lang}/proof/ABCD", status=404)
    hers.get(f"/{lang}/my-track/proofs")
    page = hers.submit(hers.get(f"/{lang}/my-track/proofs"), "main form[action$=ask]")
    assert page.soup.select_one("a[href^='https://wa.me/']")
    path = link_in_mail().replace("/nl/", f"/{lang}/")
    browser.get(path)
    browser.get(f"{path}/proof/{key}")
    browser.get(f"{path}/proof/{signed.id}")
    office.get(f"/{lang}/caseload/{newcomer.id}")
    for what in ("", "/check", "/back"):
        office.get(f"/{lang}/caseload/{newcomer.id}/proofs/{signed.id}{what}")
    answer = browser.send("GET", f"/{lang}/proof-guide.pdf")
    assert answer.data.startswith(b"%PDF")
    assert answer.content_type == "application/pdf"


def test_nobody_without_proofs_sees_an_empty_page(site, signed_in):
    assert signed_in(factories.newcomer().person).get("/nl/my-track/proofs").soup.select_one(".empty")


def test_signing_by_the_link(people, signed_in, browser):
    newcomer, _counsellor, offer = people
    key = open_proof(newcomer, offer)
    hers = signed_in(newcomer.person)
    hers.submit(hers.get("/nl/my-track/proofs"), "main form[action$=ask]")
    path = link_in_mail()
    page = browser.get(f"{path}/proof/{key}")
    assert browser.send("GET", f"{path}/proof/{key}.pdf").status_code == 404
    hers.submit(hers.get(f"{path}/proof/{key}"), status=403)
    browser.submit(page, status=422, remark="x" * 500)
    browser.submit(page, remark="Tot volgende week")
    assert "Tot volgende week" in session().get(Proof, key).paper.content["remark"]
    assert browser.submit(page).soup.select_one("[role=status]").get_text().count("Olena Café")
    assert browser.send("GET", f"{path}/proof/{key}.pdf").data.startswith(b"%PDF")
    assert session().query(Message).filter_by(kind="proof-signed").one().text.count("/ar/my-track/proofs")
    browser.get(f"{path}/proof/999999", status=404)


def test_a_buddy_signs_when_signed_in(site, signed_in):
    newcomer, buddy = factories.newcomer(), factories.buddy()
    offer = factories.offer(contact_person=factories.contact(person_id=buddy.person_id))
    key = open_proof(newcomer, offer)
    client = signed_in(buddy.person)
    page = client.get("/nl/to-confirm")
    client.submit(client.get(next(link for link in page.links() if "/proof/" in link)))
    assert only(ProofState.SIGNED).id == key
    assert client.send("GET", f"/nl/to-confirm/proof/{key}.pdf").data.startswith(b"%PDF")
    signed_in(factories.buddy().person).get(f"/nl/to-confirm/proof/{key}", status=404)


def test_papers_are_for_whom_they_concern(people, signed_in, browser):
    newcomer, counsellor, _offer = people
    proof = only(ProofState.SIGNED)
    own, office = f"/nl/my-track/proofs/{proof.id}.pdf", f"/nl/caseload/{newcomer.id}/proofs/{proof.id}"
    answer = signed_in(newcomer.person).send("GET", own)
    assert answer.data.startswith(b"%PDF")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="bewijs-{proof.number}.pdf"'
    assert signed_in(counsellor).send("GET", f"{office}.pdf").data.startswith(b"%PDF")
    assert signed_in(factories.newcomer().person).send("GET", own).status_code == 404
    for path in (office, f"{office}.pdf", f"{office}/check", f"{office}/back"):
        assert signed_in(factories.counsellor()).send("GET", path).status_code == 404
        assert signed_in(factories.coordinator()).send("GET", path).status_code == 403
        assert signed_in(factories.administrator()).send("GET", path).status_code == 403
        assert browser.send("GET", path).status_code == 302


def test_everybody_can_check_a_paper_and_learns_nothing_else(people, signed_in, browser):
    newcomer, counsellor, _offer = people
    proof = only(ProofState.SIGNED)
    path = f"/nl/proof/{proof.paper.public_number}"
    valid = browser.get(path).main.get_text()
    for told in ("أحمد", "Olena", "Taalcafé", "Els", proof.number):
        assert told not in browser.get(path).html
    office = signed_in(counsellor)
    form = office.get(f"/nl/caseload/{newcomer.id}/proofs/{proof.id}/back")
    office.submit(form, status=422)
    office.submit(form, note="Welke dag?")
    replaced = browser.get(path).main.get_text()
    unknown = browser.get("/nl/proof/ABCD-EFGH-JKMN-PQRS", status=404).main.get_text()
    assert len({valid, replaced, unknown}) == 3
    hers = signed_in(newcomer.person).get("/nl/my-track/proofs")
    assert hers.soup.select(".chip.bad")
    assert "Welke dag?" in session().query(Message).filter_by(kind="proof-returned").one().text


def test_doubt_then_acceptance(people, signed_in):
    newcomer, counsellor, _offer = people
    proof = only(ProofState.SIGNED)
    office = signed_in(counsellor)
    assert office.get("/nl/caseload").soup.select(".chip.wait")
    office.submit(office.get(f"/nl/caseload/{newcomer.id}/proofs/{proof.id}/check"), note="Bel Olena")
    page = office.get(f"/nl/caseload/{newcomer.id}/proofs/{proof.id}")
    assert "Bel Olena" in page.text
    assert "Bel Olena" not in signed_in(newcomer.person).get("/nl/my-track/proofs").text
    office.submit(page, "main form[action$=accept]")
    assert only(ProofState.ACCEPTED).judged_by_id == counsellor.id
    office.submit(
        office.get(f"/nl/caseload/{newcomer.id}/hours/{proof.paper.entry_ids[0]}/reverse"), note="Dubbel"
    )
    page = office.get(f"/nl/caseload/{newcomer.id}/proofs/{proof.id}")
    assert len(session().query(Proof).all()) == 2
    assert session().query(Proof).order_by(Proof.id.desc()).first().number in page.text


def test_the_own_page_asks_little_of_the_database(people, signed_in):
    newcomer, _counsellor, _offer = people
    for _ in range(4):
        other = factories.offer(contact_person=factories.contact())
        factories.proof(factories.entry(newcomer, other, state=EntryState.CONFIRMED))
        open_proof(newcomer, factories.offer(contact_person=factories.contact()))
    client = signed_in(newcomer.person)
    with statements() as sent:
        client.get("/nl/my-track/proofs")
    assert len(sent) <= 8, "\n\n".join(sent)
