"""Printing a sheet, and entering it; and a contact person who answers for a whole group."""

from datetime import timedelta

import pytest

from app.clock import now, today
from app.db import session, transaction
from app.models import AttendanceSheet, Grant, HourEntry
from app.services.accounts import new_link
from app.vocabulary import EntryState, Role
from app.vocabulary.records import LinkPurpose
from tests import factories
from tests.hours_screens import LANGS

YESTERDAY = (today() - timedelta(days=1)).isoformat()


@pytest.fixture
def club(site):
    """The contact person of a club, and two newcomers who told hours of one meeting there."""
    contact = factories.contact(name="Olena", organisation_id=factories.organisation().id)
    offer = factories.offer(title="Taalcafé", contact_person=contact)
    counsellor = factories.counsellor()
    starts_at = now() - timedelta(days=9)
    for name in ("Sami", "أمينة"):
        newcomer = factories.newcomer(name=name, counsellor=counsellor)
        factories.entry(newcomer, offer, starts_at=starts_at, state=EntryState.SUBMITTED)
    return contact


def link(contact) -> str:
    return new_link(LinkPurpose.CONFIRM_HOURS, locale="nl", contact_person_id=contact.id)


def entries():
    session().expire_all()
    return session().query(HourEntry).order_by(HourEntry.id).all()


def test_a_group_is_answered_in_one_go_and_one_of_them_not(club, browser):
    path = f"/c/{link(club)}"
    for lang in LANGS:
        page = browser.get(f"/{lang}{path}")
        assert len(page.soup.select("main h2")) == 1  # one meeting, with both names under it
        assert len(page.soup.select("[name=entry][checked]")) == 2
    first, second = entries()
    browser.submit(page, entry=[])
    assert {entry.state for entry in entries()} == {EntryState.SUBMITTED}
    browser.submit(page, entry=[str(second.id)])
    assert [entry.state for entry in entries()] == [EntryState.SUBMITTED, EntryState.CONFIRMED]
    page = browser.get(f"/nl{path}")
    assert f"/nl{path}/{first.id}" in page.links()


def test_sheet_for_a_group_is_printed_and_entered(club, browser, signed_in):
    page = browser.get(f"/nl/c/{link(club)}")
    page = browser.get(next(address for address in page.links() if address.endswith("/sheet")))
    assert browser.submit(page, status=422, day="").soup.select("[role=alert]")
    paper = browser.submit(page, day=YESTERDAY)
    sheet = session().query(AttendanceSheet).one()
    code = f"{sheet.code[:5]}-{sheet.code[5:]}"
    assert code in paper.text
    assert "Sami" in paper.text
    for lang in LANGS:
        browser.get(f"/{lang}/sheet/{sheet.code}")
    office = signed_in(factories.coordinator())
    for lang in LANGS:
        page = office.get(f"/{lang}/sheets")
    office.submit(page, status=422, code="AAAAA-AAAAA")
    page = office.submit(page, code=code.lower())
    names = [field["value"] for field in page.soup.select("[name=name]")]
    for lang in ("x-pseudo", "nl"):
        office.get(f"/{lang}/sheets/{sheet.code}")
    told = {"at": "14:00", "minutes": "2:00", "dutch": "yes"}
    office.submit(page, status=422, **told)
    office.submit(page, status=422, **{**told, "minutes": "2.30", "name": names})
    office.submit(page, status=404, **told, name=["987654321"])
    page = office.submit(page, **told, name=names, **{f"name-{names[1]}-minutes": "٢٫٥"})
    confirmed = [entry.minutes for entry in entries() if entry.state is EntryState.CONFIRMED]
    assert confirmed == [120, 150]
    assert not page.soup.select("[name=name]")


def test_opening_a_sheet_is_no_refusal_and_what_is_entered_asks_nothing_more(club, browser, signed_in, site):
    browser.submit(browser.get(f"/nl/c/{link(club)}/sheet"), day=YESTERDAY)
    path = f"/nl/sheets/{session().query(AttendanceSheet).one().code}"
    office = signed_in(factories.coordinator())
    site.config["WTF_CSRF_ENABLED"] = True  # each form on the page would look for a token of its own
    try:
        page = office.get(path)
    finally:
        site.config["WTF_CSRF_ENABLED"] = False
    names = [field["value"] for field in page.soup.select("[name=name]")]
    done = office.submit(page, at="14:00", minutes="2:00", dutch="yes", name=names)
    assert not done.soup.select("main form")
    assert path[: path.rindex("/")] in done.links()


def test_a_newcomer_prints_the_own_sheet(club, signed_in):
    newcomer = session().query(HourEntry).first().newcomer
    client = signed_in(newcomer.person)
    offer = session().query(HourEntry).first().offer
    for lang in LANGS:
        assert f"/{lang}/hours/tell/{offer.id}/sheet" in client.get(f"/{lang}/hours/tell/{offer.id}").links()
        page = client.get(f"/{lang}/hours/tell/{offer.id}/sheet")
    paper = client.submit(page)
    assert paper.soup.html["lang"] == "nl"
    assert "أمينة" not in paper.text
    client.get(f"/nl/sheets/{session().query(AttendanceSheet).one().code}", status=403)


def test_own_counsellor_is_told_why_not_and_a_stranger_sees_nothing(club, browser, signed_in):
    page = browser.get(f"/nl/c/{link(club)}/sheet")
    browser.submit(page, day=YESTERDAY)
    sheet = session().query(AttendanceSheet).one()
    counsellor = entries()[0].newcomer.counsellor
    page = signed_in(counsellor).get(f"/en/sheets/{sheet.code}")
    assert "You accept these hours yourself" in page.text
    assert not page.soup.select("[name=name]")
    stranger = signed_in(factories.coordinator("kempen"))
    stranger.get(f"/nl/sheets/{sheet.code}", status=404)
    refused = stranger.submit(stranger.get("/nl/sheets"), status=422, code=sheet.code)
    assert "Sami" not in refused.text


def test_an_organisation_prints_and_enters_signed_in(club, signed_in):
    human = factories.person()
    with transaction() as db:
        db.add(Grant(person_id=human.id, role=Role.ORGANISATION, organisation_id=club.organisation_id))
    client = signed_in(human)
    page = client.get("/nl/to-confirm")
    assert "/nl/to-confirm/sheet" in page.links()
    client.submit(client.get("/nl/to-confirm/sheet"), day=YESTERDAY)
    page = client.get(f"/nl/sheets/{session().query(AttendanceSheet).one().code}")
    assert len(page.soup.select("[name=name]")) == 2
