"""From telling to a line that grows, through the screens: newcomer, contact person, counsellor."""

from datetime import timedelta

import pytest

from app.clock import now, today
from app.db import session, transaction
from app.models import ContactPerson, HourEntry, Offer
from app.vocabulary import DuoState, EntryState, OfferKind
from tests import duo_factories, factories
from tests.hours_screens import LANGS, TOLD, link_in_mail, only_entry, tell


@pytest.fixture
def people(site):
    """A newcomer with counsellor and contract, and a published offer near."""
    counsellor = factories.counsellor(full_name="Els Peeters")
    newcomer = factories.newcomer(name="أحمد", counsellor=counsellor)
    factories.contract(newcomer, counsellor)
    contact = factories.contact(name="Olena Café", email="olena@example.be")
    offer = factories.offer(title="Taalcafé", contact_person=contact)
    return newcomer, counsellor, offer


def test_whole_way(people, signed_in, browser):
    newcomer, counsellor, offer = people
    hers, office = signed_in(newcomer.person), signed_in(counsellor)
    page = hers.get("/ar/hours/tell")
    assert any(link.endswith(f"/hours/tell/{offer.id}") for link in page.links())
    page = tell(hers, offer, "ar")
    assert only_entry().state is EntryState.DRAFT
    page = hers.submit(page, "main form[action$=send]")
    assert only_entry().state is EntryState.SUBMITTED
    shared = next(link for link in page.links() if link.startswith("https://wa.me/?text="))
    assert "%2Fnl%2Fc%2F" in shared
    assert page.soup.select_one(".qr svg")
    assert "أحمد" not in shared

    path = link_in_mail()
    for _ in range(2):
        page = browser.get(path)
        assert only_entry().state is EntryState.SUBMITTED
    assert "أحمد" in page.text
    page = browser.submit(page, "main form[data-once]")
    entry = only_entry()
    assert (entry.state, entry.confirmed_name) == (EntryState.CONFIRMED, "Olena Café")

    page = browser.get(next(link for link in browser.get(link_in_mail()).links() if "/proof/" in link))
    browser.submit(page)
    page = office.get(f"/nl/caseload/{newcomer.id}")
    page = office.get(next(link for link in page.links() if "/proofs/" in link))
    office.submit(page, "main form[action$=accept]")
    assert only_entry().state is EntryState.ACCEPTED
    page = hers.get("/ar/my-track")
    assert page.soup.select_one(".stat bdi").get_text() == "2 / 40"


@pytest.mark.parametrize("lang", LANGS)
def test_every_screen_in_every_script(people, signed_in, browser, lang):
    newcomer, counsellor, offer = people
    duo_partner = factories.buddy(name="Marleen Maes")
    duo_factories.duo(
        newcomer=newcomer,
        buddy=duo_partner,
        approved_by=factories.coordinator(),
        state=DuoState.MEETING,
        first_meeting_at=now() + timedelta(days=3),
    )
    hers, office = signed_in(newcomer.person), signed_in(counsellor)
    entries = {
        state: factories.entry(
            newcomer,
            offer,
            state=state,
            starts_at=now() - timedelta(days=10 + number),
            confirmed_name="Olena",
        )
        for number, state in enumerate(EntryState)
    }
    with transaction() as db:
        entries[EntryState.CORRECTED].asked_minutes = 90
        entries[EntryState.REFUSED].refusal = "not_present"
        for entry in entries.values():
            db.merge(entry)
    for path in (
        "my-track",
        "hours",
        "hours/tell",
        f"hours/tell/{offer.id}",
        "hours/tell/other",
        "my-track/counsellor",
        "my-track/counsellor?code=ABC",
    ):
        hers.get(f"/{lang}/{path}")
    for entry in entries.values():
        hers.get(f"/{lang}/hours/{entry.id}")
        hers.get(f"/{lang}/hours/{entry.id}/take-back")
    hers.submit(hers.get(f"/{lang}/hours/{entries[EntryState.DRAFT].id}"), "main form[action$=send]")
    path = link_in_mail().replace("/nl/", f"/{lang}/")
    browser.get(path)
    browser.get(f"{path}/{entries[EntryState.SUBMITTED].id}")
    for path in (
        "caseload",
        "caseload?q=zzz",
        "caseload/code",
        f"caseload/{newcomer.id}",
        f"caseload/{newcomer.id}/contract",
    ):
        office.get(f"/{lang}/{path}")
    office.submit(office.get(f"/{lang}/caseload/code"))
    office.get(f"/{lang}/caseload/{newcomer.id}/hours/{entries[EntryState.CONFIRMED].id}/back")
    office.get(f"/{lang}/caseload/{newcomer.id}/hours/{entries[EntryState.ACCEPTED].id}/reverse")


@pytest.mark.parametrize("lang", LANGS)
def test_something_else_with_a_person_who_was_there(people, signed_in, lang):
    newcomer, _counsellor, _offer = people
    client = signed_in(newcomer.person)
    page = client.get(f"/{lang}/hours/tell/other")
    refused = client.submit(page, status=422, **TOLD, title="مسرح")
    assert refused.form()["title"] == "مسرح"
    client.submit(
        refused, kind="sociocultural_association", contact_name="Piet", contact_phone="0470 99 88 77"
    )
    entry = only_entry()
    assert (entry.offer.title, entry.offer.kind) == ("مسرح", OfferKind.SOCIOCULTURAL_ASSOCIATION)
    assert (entry.contact_person.phone, entry.contact_person.email) == ("+32470998877", None)
    assert entry.offer.published_at is None


def test_same_contact_person_and_offer_are_not_made_twice(people, signed_in):
    newcomer, _counsellor, _offer = people
    client = signed_in(newcomer.person)
    for day in (2, 3):
        page = client.get("/nl/hours/tell/other")
        on = (today() - timedelta(days=day)).isoformat()
        client.submit(
            page,
            **{**TOLD, "day": "other", "other_day": on},
            kind="sport",
            title="Voetbal",
            contact_name="Piet",
            contact_email="piet@example.be",
        )
    assert session().query(ContactPerson).filter_by(name="Piet").count() == 1
    assert session().query(Offer).filter_by(title="Voetbal").count() == 1
    assert session().query(HourEntry).count() == 2


@pytest.mark.parametrize("changes", [
    {"day": ""}, {"day": "other", "other_day": "2023-02-29"}, {"day": "other", "other_day": "9999-12-31"},
    {"at": "25:00"}, {"at": "10:00\x00"}, {"minutes": "other", "other_minutes": "2.30"}, {"dutch": "maybe"},
])  # fmt: skip
def test_refused_and_kept(people, signed_in, changes):
    newcomer, _counsellor, offer = people
    page = tell(signed_in(newcomer.person), offer, status=422, **changes)
    assert page.soup.select(".error")
    assert page.soup.select("[role=alert] a[href^='#']")
    kept = page.form()
    for name, value in {**TOLD, **changes}.items():
        if name in ("at", "other_minutes", "other_day"):
            assert kept.get(name) == value.replace("\x00", "")
    assert session().query(HourEntry).count() == 0


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [("2:30", 150), ("2,5", 150), ("٢٫٥", 150), ("2u30", 150), ("45 min", 45), ("۲", 120)],
)
def test_typed_lengths(people, signed_in, typed, minutes):
    newcomer, _counsellor, offer = people
    tell(signed_in(newcomer.person), offer, "ar", minutes="other", other_minutes=typed)
    assert only_entry().minutes == minutes


def test_long_day_is_asked_back_once(people, signed_in):
    newcomer, _counsellor, offer = people
    client = signed_in(newcomer.person)
    page = tell(client, offer, status=422, minutes="other", other_minutes="11:00")
    assert page.soup.select_one("input[name=sure]")
    client.submit(page, sure="y")
    assert only_entry().minutes == 660


def test_overlap_names_the_other_entry(people, signed_in):
    newcomer, _counsellor, offer = people
    client = signed_in(newcomer.person)
    tell(client, offer)
    other = factories.offer(title="Naaiatelier")
    page = tell(client, other, status=422, at="11:59")
    assert "Taalcafé" in page.text
    assert "10:00" in page.text
    tell(client, other, at="12:00")
    assert session().query(HourEntry).count() == 2


def test_form_sent_twice_is_one_entry_and_the_same_page(people, signed_in):
    newcomer, _counsellor, offer = people
    client = signed_in(newcomer.person)
    form = client.get(f"/nl/hours/tell/{offer.id}")
    pages = [client.submit(form, **TOLD) for _ in range(2)]
    assert pages[0].main.get_text() == pages[1].main.get_text()
    assert session().query(HourEntry).count() == 1


def test_foreign_things_look_like_none(people, signed_in):
    newcomer, _counsellor, offer = people
    other = factories.newcomer()
    entry = factories.entry(other, offer)
    client = signed_in(newcomer.person)
    far = factories.offer(network="limburg")
    secret = factories.offer(published_at=None)
    bodies = {
        client.get(path, status=404).main.get_text()
        for path in (
            f"/nl/hours/{entry.id}",
            "/nl/hours/999999",
            f"/nl/hours/tell/{far.id}",
            f"/nl/hours/tell/{secret.id}",
            f"/nl/hours/{entry.id}/take-back",
        )
    }
    assert len(bodies) == 1
    client.post(f"/nl/hours/{entry.id}/send", status=404)
    client.post(f"/nl/hours/{entry.id}/agree", {"answer": "yes"}, status=404)


def test_buddy_tells_a_meeting_and_confirms_it_with_one_tap(site, signed_in):
    newcomer, buddy = factories.newcomer(name="Sami"), factories.buddy(name="Marleen Maes")
    duo = duo_factories.duo(newcomer=newcomer, buddy=buddy, approved_by=factories.coordinator())
    contact = factories.contact(name="Marleen Maes", email=None, person_id=buddy.person_id)
    offer = factories.offer(
        kind=OfferKind.BUDDY,
        title="Sami en Marleen",
        contact_person=contact,
        duo_id=duo.id,
        published_at=None,
    )
    client = signed_in(buddy.person)
    doors = client.get("/nl/hours/tell").soup.select("main a.door")
    assert [door.select_one("b").get_text() for door in doors] == ["Sami"]
    tell(client, offer)
    assert only_entry().state is EntryState.SUBMITTED
    for lang in LANGS:
        client.get(f"/{lang}/hours")
        page = client.get(f"/{lang}/to-confirm")
    client.submit(page, "main form[data-once]")
    assert only_entry().state is EntryState.CONFIRMED
    assert only_entry().confirmed_by_id == buddy.person_id


def test_taken_back_makes_room_again(people, signed_in):
    newcomer, _counsellor, offer = people
    client = signed_in(newcomer.person)
    tell(client, offer)
    client.submit(client.get(f"/nl/hours/{only_entry().id}/take-back"))
    assert only_entry().state is EntryState.REVERSED
    tell(client, offer)
    assert session().query(HourEntry).count() == 2


def test_a_form_without_its_key_still_works(people, signed_in):
    newcomer, _counsellor, offer = people
    tell(signed_in(newcomer.person), offer, key=None)
    assert only_entry().minutes == 120
