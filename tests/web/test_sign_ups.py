"""Joining on the pages: the one big button, My track, the letter's link, who comes and who was there, and who may not."""

import pytest

from app.db import session, transaction
from app.models import AuditEntry, HourEntry, Offer, Presence
from app.queries.sign_ups import joined_to
from app.services import accounts, sign_ups
from app.services.accounts import new_link
from app.vocabulary import EntryState, Role
from app.vocabulary.records import LinkPurpose
from app.vocabulary.sign_ups import PresenceState, SignUpState
from tests import factories
from tests.activities import House
from tests.counting import statements
from tests.factories import viewer
from tests.joining import comes_to, link_to, sign_up_of, yesterday_at

LANGS = ["x-pseudo", "nl", "ar"]
MOST = 8


@pytest.fixture
def house(site):
    return House()


def letter_to(newcomer, offer):
    with transaction():
        return new_link(
            LinkPurpose.LEAVE_ACTIVITY, locale="ar", person_id=newcomer.person_id, sign_up=sign_up_of(newcomer, offer).id
        )  # fmt: skip


@pytest.mark.parametrize("lang", LANGS)
def test_one_big_button_and_it_stands_on_the_track(signed_in, house, lang):
    offer, newcomer = house.offer(), factories.newcomer()
    client = signed_in(newcomer.person)
    page = client.get(f"/{lang}/activities/{offer.id}")
    assert len(page.soup.select("#join button")) == 1
    page = client.submit(page, "#join form")
    assert page.soup.select("#join .chip.good")
    assert sign_up_of(newcomer, offer).state is SignUpState.JOINED
    track = client.get(f"/{lang}/my-track")
    assert offer.title in track.main.get_text()
    time = track.soup.select_one("form[action$='/skip'] [name=time]")["value"]
    track = client.submit(track, "form[action$='/skip']")
    assert session().query(Presence).one().occurrence_id == int(time)
    track = client.submit(track, "form[action$='/come']")
    assert session().query(Presence).count() == 0
    client.submit(track, "form[action$='/leave']")
    assert sign_up_of(newcomer, offer).state is SignUpState.STOPPED


@pytest.mark.parametrize("lang", LANGS)
def test_a_full_activity_offers_the_waiting_list_and_then_nothing(signed_in, house, lang):
    offer = house.offer(places=1, waiting_places=2)
    comes_to(offer)
    newcomer, other, late = (factories.newcomer() for _ in range(3))
    for one in (newcomer, other):
        client = signed_in(one.person)
        page = client.submit(client.get(f"/{lang}/activities/{offer.id}"), "#join form")
        assert page.soup.select("#join .chip.wait")
    assert not signed_in(late.person).get(f"/{lang}/activities/{offer.id}").soup.select("#join form")
    assert signed_in(late.person).send("POST", f"/nl/activities/{offer.id}/join").status_code == 409
    assert session().get_one(Offer, offer.id).waiting_taken == 2


def test_several_places_have_a_button_each(signed_in, house):
    offer = house.offer(gatherings=[factories.weekly(1), factories.weekly(3, place="Bib")])
    newcomer = factories.newcomer()
    client = signed_in(newcomer.person)
    page = client.get(f"/nl/activities/{offer.id}")
    buttons = page.soup.select("#join form")
    assert len(buttons) == 2
    client.send(
        "POST",
        f"/nl/activities/{offer.id}/join",
        data={"place": buttons[1].select_one("[name=place]")["value"]},
    )
    assert sign_up_of(newcomer, offer).gathering_id == session().get_one(Offer, offer.id).gatherings[1].id
    assert client.send("POST", f"/nl/activities/{offer.id}/join", data={"place": "x"}).status_code == 404


@pytest.mark.parametrize("lang", LANGS)
def test_who_is_nobody_yet_is_led_in_and_others_read_why_not(browser, signed_in, house, lang):
    offer = house.offer()
    page = browser.get(f"/{lang}/activities/{offer.id}")
    assert not page.soup.select("#join form")
    assert any("next=" in link for link in page.links())
    answer = browser.send("POST", f"/nl/activities/{offer.id}/join")
    assert answer.status_code in (302, 303)
    assert "/sign-in" in answer.location
    for person in (factories.buddy().person, house.person, house.coordinator):
        client = signed_in(person)
        assert not client.get(f"/{lang}/activities/{offer.id}").soup.select("#join form, #join a.btn")
        assert client.send("POST", f"/nl/activities/{offer.id}/join").status_code == 403


def test_what_was_taken_over_has_no_button(browser, house):
    offer = house.offer(source="uitdatabank", source_id="7")
    assert not browser.get(f"/nl/activities/{offer.id}").soup.select("#join")


@pytest.mark.parametrize("lang", LANGS)
def test_the_letter_stops_in_one_tap_and_opening_it_does_nothing(browser, house, lang):
    offer = house.offer()
    newcomer = comes_to(offer)
    token = letter_to(newcomer, offer)
    with statements() as sent:
        page = browser.get(f"/{lang}/j/{token}")
    assert len(sent) <= MOST
    assert sign_up_of(newcomer, offer).state is SignUpState.JOINED
    skipping, leaving = page.soup.select("main section form")
    data = {
        field["name"]: field["value"] for field in skipping.select("input") if field["name"] != "csrf_token"
    }
    browser.send("POST", f"/{lang}/j/{token}", data=data)
    assert session().query(Presence).one().state is PresenceState.EXCUSED
    assert leaving.select_one("[name=act]")["value"] == "leave"
    for _ in range(2):
        assert browser.send("POST", f"/{lang}/j/{token}", data={"act": "leave"}).status_code == 200
    assert sign_up_of(newcomer, offer).state is SignUpState.STOPPED
    assert not browser.get(f"/{lang}/j/{token}").soup.select("main section form")
    assert browser.send("GET", f"/{lang}/j/{token[:-1]}").status_code == 404


@pytest.mark.parametrize("lang", LANGS)
def test_the_contact_person_marks_a_group_by_link(browser, house, lang):
    offer = house.offer()
    people = [comes_to(offer, name=f"Selam{number} Haile") for number in range(5)]
    time = yesterday_at(offer)
    token = link_to(offer)
    with statements() as sent:
        page = browser.get(f"/{lang}/t/{token}")
    assert len(sent) <= MOST
    text = page.main.get_text()
    assert "Selam0" in text
    for secret in ("Haile", people[0].person.email, people[0].person.phone):
        assert secret not in str(page.soup)
    with statements() as sent:
        page = browser.get(f"/{lang}/t/{token}/{time.id}")
    assert len(sent) <= MOST
    assert page.form()["minutes"] == "2:00"
    refused = browser.send(
        "POST",
        f"/{lang}/t/{token}/{time.id}",
        data={"minutes": "?", "came": [sign_up_of(people[0], offer).id]},
    )
    assert refused.status_code == 422
    assert "checked" in refused.text
    ticked = [str(sign_up_of(one, offer).id) for one in people[:4]]
    browser.send("POST", f"/{lang}/t/{token}/{time.id}", data={"minutes": "1:30", "came": ticked})
    entries = session().query(HourEntry).all()
    assert [(one.state, one.minutes) for one in entries] == [(EntryState.CONFIRMED, 90)] * 4
    again = browser.send("POST", f"/{lang}/t/{token}/{time.id}", data={"minutes": "1:30", "came": ticked})
    assert again.status_code == 303
    assert session().query(HourEntry).count() == 4
    for wrong in ("x", "999999"):
        sent_back = browser.send("POST", f"/nl/t/{token}/{time.id}", data={"minutes": "1:30", "came": wrong})
        assert sent_back.status_code == 404
    browser.get(f"/{lang}/t/{token}/{time.id}")
    browser.get(f"/{lang}/t/{token}")


@pytest.mark.parametrize("lang", LANGS)
def test_signed_in_it_is_the_same_and_how_to_reach_them_is_written_down(signed_in, house, lang):
    offer = house.offer(places=1, waiting_places=1)
    newcomer, waiting = comes_to(offer, name="Selam Haile"), comes_to(offer)
    time = yesterday_at(offer)
    client = signed_in(house.person)
    here = f"/{lang}/my-activities/{offer.id}/people"
    assert here in client.get(f"/{lang}/my-activities/{offer.id}").links()
    with statements() as sent:
        page = client.get(here)
    assert len(sent) <= MOST
    assert newcomer.person.email not in str(page.soup)
    assert session().query(AuditEntry).filter_by(action="sign-up-contacts-seen").count() == 0
    page = client.get(f"{here}?contact=1")
    assert newcomer.person.email in page.main.get_text()
    assert waiting.person.email not in page.main.get_text()
    assert session().query(AuditEntry).filter_by(action="sign-up-contacts-seen").count() == 1
    page = client.get(f"{here}/{time.id}")
    page = client.send(
        "POST", f"{here}/{time.id}", data={"minutes": "2:00", "came": sign_up_of(newcomer, offer).id}
    )
    assert page.status_code == 303
    assert session().query(HourEntry).one().confirmed_by_id == house.person.id


OTHERS = {
    Role.BUDDY: lambda: factories.buddy().person,
    Role.NEWCOMER: lambda: factories.newcomer().person,
    Role.COUNSELLOR: factories.counsellor,
    Role.COORDINATOR: factories.coordinator,
    Role.HELPER: lambda: factories.person(roles=(Role.HELPER,)),
    Role.ADMINISTRATOR: factories.administrator,
    Role.ORGANISATION: factories.member,
}


@pytest.mark.parametrize("role", OTHERS)
def test_nobody_else_sees_who_comes(signed_in, house, role):
    offer = house.offer()
    comes_to(offer, name="Kanarie Haile")
    time = yesterday_at(offer)
    client = signed_in(OTHERS[role]())
    for path in ("", "?contact=1", f"/{time.id}"):
        answer = client.send("GET", f"/nl/my-activities/{offer.id}/people{path}")
        assert answer.status_code == (404 if role is Role.ORGANISATION else 403)
        assert "Kanarie" not in answer.text


def test_a_counsellor_signs_up_and_off(signed_in, house):
    counsellor, offer = factories.counsellor(), house.offer(title="Praten")
    newcomer, other = factories.newcomer(counsellor=counsellor), factories.newcomer()
    client = signed_in(counsellor)
    for lang in LANGS:
        page = client.get(f"/{lang}/caseload/{newcomer.id}/activities?q=praten")
    page = client.submit(page, "form[action$='/join']")
    assert sign_up_of(newcomer, offer).entered_by_id == counsellor.id
    for lang in LANGS:
        page = client.get(f"/{lang}/caseload/{newcomer.id}/activities")
    assert "Praten" in page.main.get_text()
    assert "Praten" in client.get(f"/nl/caseload/{newcomer.id}").main.get_text()
    client.submit(page, "form[action$='/leave']")
    assert sign_up_of(newcomer, offer).state is SignUpState.STOPPED
    for path in (f"activities/{offer.id}/join", f"activities/{sign_up_of(newcomer, offer).id + 1}/leave"):
        assert client.send("POST", f"/nl/caseload/{other.id}/{path}").status_code == 404
    assert client.send("GET", f"/nl/caseload/{other.id}/activities").status_code == 404


@pytest.mark.parametrize("lang", LANGS)
def test_a_helper_signs_up_with_the_card(site, signed_in, house, lang):
    offer, newcomer = house.offer(), factories.newcomer(email=False)
    code = accounts.give_code(newcomer.person_id, secret_key=site.config["SECRET_KEY"])
    client = signed_in(factories.person(roles=(Role.HELPER,)))
    client.send(
        "POST", f"/{lang}/together/begin/search", data={"language": "ar" if lang == "x-pseudo" else lang}
    )
    assert (
        f"/{lang}/together/activities/{offer.id}/join" in client.get(f"/{lang}/activities/{offer.id}").links()
    )
    page = client.get(f"/{lang}/together/activities/{offer.id}/join")
    assert (
        client.send(
            "POST", f"/{lang}/together/activities/{offer.id}/join", data={"code": "WRONG-CODE2"}
        ).status_code
        == 422
    )
    client.submit(page, code=code)
    assert sign_up_of(newcomer, offer).state is SignUpState.JOINED


def test_somebody_on_the_list_cannot_tick_herself(signed_in, house):
    offer = house.offer()
    newcomer = comes_to(offer)
    time, token = yesterday_at(offer), link_to(offer)
    client = signed_in(newcomer.person)
    assert not client.get(f"/nl/t/{token}/{time.id}").soup.select("[name=came]")
    answer = client.send(
        "POST", f"/nl/t/{token}/{time.id}", data={"minutes": "1", "came": sign_up_of(newcomer, offer).id}
    )
    assert answer.status_code == 403
    assert session().query(HourEntry).count() == 0


def test_what_is_kept_is_among_the_own_data(signed_in, house):
    offer = house.offer()
    newcomer = comes_to(offer)
    comes_to(offer)
    time = joined_to(newcomer.id, offer.id, "ar").time
    sign_ups.skip(viewer(newcomer.person), sign_up_of(newcomer, offer).id, time.id)
    kept = signed_in(newcomer.person).send("GET", "/nl/my-data.json").get_json(force=True)
    assert [row["offer_id"] for row in kept["activities"]] == [offer.id]
    assert [row["state"] for row in kept["times there"]] == ["excused"]
