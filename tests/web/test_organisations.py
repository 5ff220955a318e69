"""Pages of organisations: they register, a coordinator verifies, and they say who speaks for them."""

import pytest

from app.db import session
from app.i18n import speak
from app.models import ContactPerson, Message, Organisation
from app.vocabulary import EntryState
from app.vocabulary.activities import OfferState, OrganisationState
from app.vocabulary.organisations import Likeness
from tests import factories
from tests.activities import House

LANGS = ("x-pseudo", "nl", "ar")
REGISTER = {
    "name": "Buurthuis De Loods", "kind": "association", "place": "2800", "words": "Iedereen is welkom.",
    "website": "www.loods.example", "contact_name": "An Peeters", "email": "an@loods.example.be", "agree": "y",
}  # fmt: skip


@pytest.fixture
def house(site):
    return House()


def test_an_organisation_registers_and_is_verified(browser, signed_in):
    for lang in LANGS:
        page = browser.get(f"/{lang}/register/organisation")
    page = browser.submit(browser.get("/nl/register/organisation"), "form.stack", **REGISTER)
    assert page.response.request.path == "/nl/register/organisation/done"
    for lang in LANGS:
        browser.get(f"/{lang}/register/organisation/done")
    found = session().query(Organisation).one()
    assert (found.website, found.municipality) == ("https://www.loods.example", "Mechelen")
    letter = session().query(Message).filter_by(kind="confirm-address").one()
    path = next(word for word in letter.text.split() if "/confirm-address/" in word).removeprefix(
        "http://localhost"
    )
    page = browser.submit(browser.get(path), "main form")
    assert page.response.request.path == "/nl/my-activities"
    assert "Buurthuis De Loods" in page.main.get_text()
    desk = signed_in(factories.coordinator())
    page = desk.get("/nl/today")
    assert f"/nl/organisations/{found.id}/check" in page.links()
    page = desk.submit(desk.get(f"/nl/organisations/{found.id}/check"), f"form[action$='/{found.id}/verify']")
    session().expire_all()
    assert found.state is OrganisationState.VERIFIED
    assert f"/nl/organisations/{found.id}/check" not in desk.get("/nl/today").links()
    for lang in LANGS:
        assert found.name in browser.get(f"/{lang}/organisations/{found.id}").text


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"name": ""}, "name"), ({"place": ""}, "place"), ({"place": "qqqq"}, "place"), ({"place": "Beveren"}, "place"),
        ({"website": "javascript:alert(1)"}, "website"), ({"website": "x y.be"}, "website"), ({"email": "nobody"}, "email"),
        ({"agree": None}, "agree"), ({"words": "85.07.30-033.28"}, "words"),
    ],
)  # fmt: skip
def test_what_cannot_be_registered_is_told_at_its_field(browser, typed, field):
    sent = {name: value for name, value in {**REGISTER, **typed}.items() if value is not None}
    page = browser.post("/nl/register/organisation", sent, status=422)
    assert page.soup.select_one(f"#error-{field}")
    assert not session().query(Organisation).all()


def test_a_known_address_sees_the_same_page(browser):
    known = factories.buddy().person
    page = browser.post("/nl/register/organisation", {**REGISTER, "email": known.email})
    assert page.response.request.path == "/nl/register/organisation/done"
    assert not session().query(Organisation).all()


def test_what_is_not_verified_has_no_page(browser):
    for values in ({"verified": False}, {"verified": False, "refused_at": factories.now()}):
        browser.get(f"/nl/organisations/{factories.organisation(**values).id}", status=404)


@pytest.mark.parametrize("lang", LANGS)
def test_the_page_of_an_organisation_shows_what_can_be_joined(browser, house, lang):
    shown = house.offer(title="Samen zingen")
    hidden = house.offer(OfferState.DRAFT, title="Nog niet")
    page = browser.get(f"/{lang}/organisations/{house.organisation.id}")
    assert f"/{lang}/activities/{shown.id}" in page.links()
    assert hidden.title not in page.text


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("state", ["registered", "to_verify", "verified", "refused"])
def test_my_activities_in_each_state_of_the_organisation(signed_in, lang, state):
    moments = {
        "registered": {"verified": False, "confirmed_at": None}, "to_verify": {"verified": False}, "verified": {},
        "refused": {"verified": False, "refused_at": factories.now(), "refusal": "Wij kennen u niet"},
    }  # fmt: skip
    house = House(organisation=factories.organisation(**moments[state]))
    for kind in OfferState:
        house.offer(kind)
    browser = signed_in(house.person)
    page = browser.get(f"/{lang}/my-activities")
    assert house.organisation.name in page.main.get_text()
    assert len(page.main.select("ul.todo li")) == len(OfferState)
    assert len(browser.get(f"/{lang}/my-activities?state=draft").main.select("ul.todo li")) == 1
    assert ("Wij kennen u niet" in page.text) is (state == "refused")
    assert (f"/{lang}/my-activities/organisation/{house.organisation.id}/new" in page.links()) is (
        state != "refused"
    )
    browser.get(f"/{lang}/my-activities/organisation/{house.organisation.id}")
    desk = signed_in(house.coordinator)
    assert len(desk.get(f"/{lang}/my-activities").main.select("ul.todo li")) == len(OfferState)
    desk.get(f"/{lang}/organisations/{house.organisation.id}/check")


def test_the_own_page_and_who_speaks_for_it(signed_in, house):
    browser, here = signed_in(house.person), f"/nl/my-activities/organisation/{house.organisation.id}"
    page = browser.submit(browser.get(here), f"form[action='{here}']", words="Nieuwe woorden", place="2800")
    assert session().get_one(Organisation, house.organisation.id).words == "Nieuwe woorden"
    browser.post(here, {"name": "OCMW", "place": "2800"}, status=422)
    browser.post(here, {"name": house.organisation.name, "place": "9999"}, status=422)
    form = f"form[action='{here}/contacts']"
    sent = {"contact-name": "Bo", "contact-email": "bo@example.be"}
    page = browser.submit(browser.get(here), form, **sent)
    bo = session().query(ContactPerson).filter_by(name="Bo").one()
    for wrong in (sent, {"contact-name": ""}, {"contact-name": "Ka"}):
        assert browser.post(f"{here}/contacts", wrong, status=422).soup.select_one("details[open]")
    page = browser.submit(browser.get(here), f"form[action$='/{bo.id}/invite']")
    session().expire_all()
    assert bo.person_id
    ask = f"{here}/contacts/{bo.id}/remove"
    assert ask in page.links()
    for lang in LANGS:
        assert "Bo" in browser.get(ask.replace("/nl/", f"/{lang}/")).main.get_text()
    assert session().get_one(ContactPerson, bo.id).left_at is None
    page = browser.submit(browser.get(ask), f"main form[action='{ask}']")
    assert "Bo" not in page.main.get_text()
    page = browser.post(f"{here}/contacts/{house.contact.id}/remove", status=409)


def test_who_leaves_the_organisation_sees_it_no_more(signed_in, house):
    browser, here = signed_in(house.person), f"/nl/my-activities/organisation/{house.organisation.id}"
    browser.post(f"{here}/contacts", {"contact-name": "Bo", "contact-email": "bo@example.be"})
    page = browser.post(f"{here}/contacts/{house.contact.id}/remove")
    assert page.response.request.path == "/nl/"
    browser.get(here, status=403)


def test_a_coordinator_refuses_with_a_reason(signed_in, house):
    browser, here = signed_in(house.coordinator), f"/nl/organisations/{house.organisation.id}"
    assert browser.post(f"{here}/refuse", {"reason": ""}, status=422).soup.select_one("#error-reason")
    page = browser.submit(
        browser.get(f"{here}/check"), f"form[action='{here}/refuse']", reason="Wij kennen u niet"
    )
    assert "Wij kennen u niet" in page.text
    unknown = factories.organisation(verified=False, confirmed_at=None)
    assert not browser.get(f"/nl/organisations/{unknown.id}/check").soup.select(
        f"form[action$='/{unknown.id}/verify']"
    )


def test_what_is_perhaps_registered_twice_is_said_with_the_reason(signed_in, site):
    town = {"municipality": "Mechelen", "postcode": "2800"}
    house = House(
        organisation=factories.organisation(name="Buurthuis De Loods vzw", website="https://loods.be", **town)
    )
    alike = {
        Likeness.NAME: factories.organisation(name="BUURTHUIS de Lóods", **town),
        Likeness.WEBSITE: factories.organisation("limburg", name="Loods Hasselt", website="https://loods.be"),
        Likeness.PERSON: factories.organisation("kempen", name="Elders", municipality="Turnhout"),
    }
    factories.contact(organisation_id=alike[Likeness.PERSON].id, email=house.person.email)
    factories.organisation(name="Buurthuis De Loods", municipality="Hasselt")
    factories.organisation(name="Fietsclub", **town)
    page = signed_in(house.coordinator).get(f"/nl/organisations/{house.organisation.id}/check")
    shown = {item.find("bdi").get_text(): item for item in page.main.select(".notice.wait li")}
    assert shown.keys() == {other.name for other in alike.values()}
    with speak("nl"):
        for why, other in alike.items():
            assert str(why.label) in shown[other.name].get_text()
    ways = [link["href"] for link in page.main.select(".notice.wait a")]
    assert ways == [f"/nl/organisations/{alike[Likeness.NAME].id}/check"]


def test_before_it_is_taken_back_the_coordinator_reads_what_that_does(signed_in, house):
    offer = house.offer()
    factories.entry(factories.newcomer(), offer, state=EntryState.SUBMITTED)
    for lang in LANGS:
        page = signed_in(house.coordinator).get(f"/{lang}/organisations/{house.organisation.id}/check")
        assert len(page.main.select("ul.lines li")) == 2


def test_who_decides_on_an_old_page_is_told_that_somebody_was_first(signed_in, site):
    house = House(organisation=factories.organisation(verified=False))
    here = f"/nl/organisations/{house.organisation.id}"
    first, second = signed_in(house.coordinator), signed_in(factories.coordinator())
    old = second.get(f"{here}/check")
    first.submit(first.get(f"{here}/check"), f"form[action='{here}/verify']")
    second.submit(old, f"form[action='{here}/refuse']", reason="Onbekend", status=409)
    session().expire_all()
    assert house.organisation.state is OrganisationState.VERIFIED


def test_foreign_organisations_are_not_there(signed_in, house):
    for person in (
        factories.coordinator("limburg"),
        factories.organisation_contact(factories.organisation()),
    ):
        browser = signed_in(person)
        browser.get(f"/nl/my-activities/organisation/{house.organisation.id}", status=404)
    signed_in(factories.coordinator("limburg")).get(
        f"/nl/organisations/{house.organisation.id}/check", status=404
    )
