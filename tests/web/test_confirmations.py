"""What contact persons see and answer, and what the newcomer makes of it."""

from datetime import timedelta

import pytest

from app.clock import now
from app.db import session
from app.models import Message
from app.vocabulary import EntryState
from tests import factories
from tests.hours_screens import link_in_mail, only_entry, tell


@pytest.fixture
def people(site):
    """A newcomer with counsellor and contract, and a published offer near."""
    counsellor = factories.counsellor(full_name="Els Peeters")
    newcomer = factories.newcomer(name="أحمد", counsellor=counsellor)
    factories.contract(newcomer, counsellor)
    contact = factories.contact(name="Olena Café", email="olena@example.be")
    offer = factories.offer(title="Taalcafé", contact_person=contact)
    return newcomer, counsellor, offer


def test_corrected_hours_wait_for_the_newcomer(people, signed_in, browser):
    newcomer, _counsellor, offer = people
    client = signed_in(newcomer.person)
    client.submit(tell(client, offer), "main form[action$=send]")
    path = link_in_mail()
    page = browser.get(f"{path}/{only_entry().id}")
    browser.submit(page, status=422, **{"other-minutes": "2:00"})
    browser.submit(page, **{"other-minutes": "1:30", "other-note": "Tot half twaalf"})
    entry = only_entry()
    assert (entry.state, entry.minutes, entry.asked_minutes) == (EntryState.CORRECTED, 120, 90)
    assert "أحمد" not in session().query(Message).filter_by(kind="hours-corrected").one().subject
    page = client.get("/ar/my-track")
    assert f"/ar/hours/{entry.id}" in page.links()
    page = client.get(f"/ar/hours/{entry.id}")
    assert "Tot half twaalf" in page.text
    client.submit(page, "main form[action$=agree]")
    assert (only_entry().state, only_entry().minutes) == (EntryState.CONFIRMED, 90)


def test_refused_hours_tell_the_reason(people, signed_in, browser):
    """R16: the reason is kept, and the hours are not confirmed."""
    newcomer, _counsellor, offer = people
    client = signed_in(newcomer.person)
    client.submit(tell(client, offer), "main form[action$=send]")
    path = link_in_mail()
    page = browser.get(f"{path}/{only_entry().id}")
    browser.submit(page, "main form:has([value=no])", status=422)
    browser.submit(page, "main form:has([value=no])", status=422, **{"no-reason": "other"})
    browser.submit(page, "main form:has([value=no])", **{"no-reason": "not_present"})
    assert only_entry().state is EntryState.REFUSED
    assert "Nobody" not in client.get(f"/nl/hours/{only_entry().id}").text
    assert session().query(Message).filter_by(kind="hours-refused").count() == 1


def test_second_answer_and_odd_answers_through_the_link(people, signed_in, browser):
    newcomer, _counsellor, offer = people
    client = signed_in(newcomer.person)
    client.submit(tell(client, offer), "main form[action$=send]")
    path, entry = link_in_mail(), only_entry()
    question, doubt = browser.get(path), browser.get(f"{path}/{entry.id}")
    for odd in ("abc", "", "-1", "٣", "9" * 30, "999999"):
        browser.post(path, {"entry": odd}, status=404)
    assert browser.post(path, {}).soup.select_one("[role=status]")  # nothing ticked
    client.submit(client.get(path), status=403)
    browser.submit(question)
    for again in (browser.submit(question), browser.submit(doubt, **{"other-minutes": "1:00"})):
        assert "Olena Café" in again.soup.select_one("[role=status]").get_text()
    browser.get(f"{path}/999999", status=404)
    browser.get(f"{path}x", status=404)
    assert only_entry().state is EntryState.CONFIRMED


def test_buddy_corrects_when_signed_in(site, signed_in):
    newcomer, buddy = factories.newcomer(), factories.buddy()
    contact = factories.contact(person_id=buddy.person_id)
    entry = factories.entry(newcomer, factories.offer(contact_person=contact), state=EntryState.SUBMITTED)
    client = signed_in(buddy.person)
    page = client.get(f"/nl/to-confirm/{entry.id}")
    client.submit(page, status=422, **{"other-minutes": "30:00"})
    client.submit(page, **{"other-minutes": "2:30"})
    hers = signed_in(newcomer.person)
    page = hers.get(f"/nl/hours/{entry.id}")
    hers.submit(page, "main form:has([value=no])")
    assert only_entry().state is EntryState.SUBMITTED
    assert "2:30" in client.get("/nl/to-confirm").text


def test_agreeing_with_what_runs_into_another_time_is_explained(people, signed_in):
    newcomer, _counsellor, offer = people
    start = now() - timedelta(days=4)
    entry = factories.entry(newcomer, offer, state=EntryState.CORRECTED, asked_minutes=200, starts_at=start)
    factories.entry(newcomer, offer, starts_at=start + timedelta(hours=3))
    client = signed_in(newcomer.person)
    page = client.submit(client.get(f"/nl/hours/{entry.id}"), "main form:has([value=yes])")
    assert "Taalcafé" in page.soup.select_one("[role=status]").get_text()
