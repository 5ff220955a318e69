"""A counsellor at work, and what the others never see of it."""

import re
from datetime import timedelta

import pytest

from app.clock import now, today
from app.db import session
from app.models import ContractVersion, HourEntry, Message, Proof
from app.vocabulary import EntryState
from tests import factories

TERM = {
    "agency": "agii",
    "obligation": "obliged",
    "contains_trajectory": "y",
    "starts_on": "2026-01-05",
    "ends_on": "2027-07-31",
}


@pytest.fixture
def people(site):
    counsellor = factories.counsellor(full_name="Els Peeters")
    return factories.newcomer(name="Olena K", locale="uk", counsellor=counsellor), counsellor


def only(kind):
    session().expire_all()
    return session().query(kind).one()


def test_writing_the_contract_and_its_next_version(people, signed_in):
    newcomer, counsellor = people
    client = signed_in(counsellor)
    page = client.get(f"/nl/caseload/{newcomer.id}/contract")
    client.submit(page, **TERM)
    assert only(ContractVersion).ends_on.isoformat() == "2027-07-31"
    page = client.get(f"/nl/caseload/{newcomer.id}/contract")
    assert page.form()["ends_on"] == "2027-07-31"
    refused = client.submit(page, status=422, ends_on="2027-01-31")
    assert refused.form()["ends_on"] == "2027-01-31"
    client.submit(refused, reason="De cursus begon later")
    assert session().query(ContractVersion).count() == 2


@pytest.mark.parametrize("changes", [
    {"starts_on": ""}, {"starts_on": "05/01/2026"}, {"ends_on": "2025-01-01"}, {"ends_on": "9999-12-31"}, {"agency": "atlas"},
    {"agency": ""}, {"obligation": "fined"}, {"obligation": ""}, {"starts_on": "2026-02-30"},
])  # fmt: skip
def test_contracts_that_are_refused(people, signed_in, changes):
    newcomer, counsellor = people
    client = signed_in(counsellor)
    page = client.submit(
        client.get(f"/nl/caseload/{newcomer.id}/contract"), status=422, **{**TERM, **changes}
    )
    assert page.soup.select("[role=alert]")
    assert session().query(ContractVersion).count() == 0


def test_returning_and_taking_back(people, signed_in, browser):
    newcomer, counsellor = people
    factories.contract(newcomer, counsellor)
    contact = factories.contact(name="Jan", email="jan@example.be")
    entry = factories.entry(newcomer, factories.offer(contact_person=contact), state=EntryState.CONFIRMED)
    client, hers = signed_in(counsellor), signed_in(newcomer.person)
    client.submit(client.get(f"/nl/caseload/{newcomer.id}/hours/{entry.id}/back"), status=422)
    client.submit(client.get(f"/nl/caseload/{newcomer.id}/hours/{entry.id}/back"), note="Wie was erbij?")
    assert "Wie was erbij?" in hers.get(f"/uk/hours/{entry.id}").text
    hers.submit(hers.get(f"/uk/hours/{entry.id}"), "main form[action$=send]")
    path = re.search(
        r"http://localhost(/nl/c/\S+)", session().query(Message).filter_by(kind="confirm-hours").one().text
    )[1]
    page = browser.get(path)
    assert "Wie was erbij?" in page.text
    browser.submit(page, "main form[data-once]")
    proof = only(Proof)
    browser.submit(browser.get(f"{path}/proof/{proof.id}"))
    client.submit(client.get(f"/nl/caseload/{newcomer.id}/proofs/{proof.id}"), "main form[action$=accept]")
    client.submit(client.get(f"/nl/caseload/{newcomer.id}/hours/{entry.id}/reverse"), note="Dubbel geteld")
    session().expire_all()
    assert sorted(row.minutes for row in session().query(HourEntry)) == [-120, 120]
    assert "-2" in client.get(f"/nl/caseload/{newcomer.id}").text


def test_accepting_what_does_not_count_is_refused(people, signed_in):
    newcomer, counsellor = people
    factories.contract(newcomer, counsellor)
    client = signed_in(counsellor)
    client.post(f"/nl/caseload/{newcomer.id}/proofs/999999/accept", {}, status=404)
    outside = factories.entry(
        newcomer, factories.offer(), state=EntryState.CONFIRMED, starts_at=now() - timedelta(days=200)
    )
    proof = factories.proof(outside)
    assert not client.get(f"/nl/caseload/{newcomer.id}/proofs/{proof.id}").soup.select("form[action$=accept]")
    client.post(f"/nl/caseload/{newcomer.id}/proofs/{proof.id}/accept", {}, status=409)


def test_linking_by_a_code_that_the_newcomer_confirms(site, signed_in):
    counsellor, newcomer = factories.counsellor(full_name="Els Peeters"), factories.newcomer()
    office, hers = signed_in(counsellor), signed_in(newcomer.person)
    assert "0" in office.get("/nl/caseload").text
    page = office.submit(office.get("/nl/caseload/code"))
    code = page.soup.select_one(".stat bdi").get_text()
    assert code not in office.get("/nl/caseload/code").html
    refused = hers.submit(hers.get("/ar/my-track/counsellor"), status=422, code="AAAAA-AAAAA")
    assert refused.form()["code"] == "AAAAA-AAAAA"
    page = hers.submit(hers.get(f"/ar/my-track/counsellor?code={code}"))
    assert "Els Peeters" in page.text
    session().expire_all()
    assert newcomer.counsellor_id is None
    page = hers.submit(page, answer="yes")
    assert "Els Peeters" in page.main.get_text()
    assert factories.viewer(counsellor)
    office.get(f"/nl/caseload/{newcomer.id}")


def test_filter_by_name_and_by_how_it_stands(people, signed_in):
    _newcomer, counsellor = people
    other = factories.newcomer(name="Łukasz Nowak", counsellor=counsellor)
    factories.contract(other, counsellor)
    client = signed_in(counsellor)
    assert [cell.get_text() for cell in client.get("/nl/caseload?q=lukasz").soup.select("tbody th")] == [
        "Łukasz Nowak"
    ]
    assert [
        cell.get_text() for cell in client.get("/nl/caseload?risk=no_contract").soup.select("tbody th")
    ] == ["Olena K"]
    for odd in ("page=0", "page=99999", "page=x", "risk=zzz", "q=%00"):
        client.get(f"/nl/caseload?{odd}")


PAGES = (
    "caseload/{id}",
    "caseload/{id}/contract",
    "caseload/{id}/hours/{entry}/back",
    "caseload/{id}/hours/{entry}/reverse",
)


@pytest.mark.parametrize("page", PAGES)
def test_others_see_nothing_of_a_contract(people, signed_in, browser, page):
    newcomer, counsellor = people
    factories.contract(newcomer, counsellor, ends_on=today() + timedelta(days=100))
    entry = factories.entry(newcomer, factories.offer(), state=EntryState.CONFIRMED)
    path = "/nl/" + page.format(id=newcomer.id, entry=entry.id)
    for person in (
        factories.coordinator(),
        factories.administrator(),
        newcomer.person,
        factories.buddy().person,
    ):
        signed_in(person).get(path, status=403)
    other = signed_in(factories.counsellor())
    none = "/nl/" + page.format(id=999_999, entry=999_999)
    assert other.get(path, status=404).main.get_text() == other.get(none, status=404).main.get_text()
    assert browser.get(path).soup.select_one("input[name=password]")
