"""The pages about the quality of a network's activities, and how looks are counted."""

import csv
import io
from datetime import timedelta

import pytest

from app.clock import now, today
from app.db import session
from app.models import Offer, OfferLook
from app.services.workbooks import text_of_workbook
from app.vocabulary.activities import TextMaker
from tests import factories
from tests.activities import House, letters
from tests.web.test_finding import LANGS

ROBOT = {"User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1)"}


@pytest.fixture
def house(site):
    made = House()
    made.offer(title="Oud", changed_at=now() - timedelta(days=300), ends_on=factories.days_from_now(60))
    made.offer(title="Fout", dutch_spoken=False)
    return made


def looks():
    return {row.offer_id: (row.shown, row.opened) for row in session().query(OfferLook)}


def titles(page):
    return [title.get_text() for title in page.soup.select("ul.todo b")]


@pytest.mark.parametrize("lang", LANGS)
def test_the_pages_in_every_direction(signed_in, house, lang):
    for number in range(5):
        factories.newcomer(interests=["chess"], name=f"N {number}")
    client = signed_in(house.coordinator)
    for path in ("quality", "quality/rivierenland?finding=untouched&kind=conversation_group&town=Mechelen&without=ar",
                 "quality/rivierenland?finding=unseen", "quality/rivierenland/missing", "quality/rivierenland/missing?town=Lier",
                 "quality/rivierenland/missing?show=all&lack=levels", "reports/languages"):  # fmt: skip
        assert client.get(f"/{lang}/{path}").main


def test_what_is_amiss_is_listed_with_what_helps_and_as_a_file(signed_in, house):
    client = signed_in(house.coordinator)
    page = client.get("/en/quality")
    assert titles(page) == ["Fout", "Oud"]
    assert page.soup.select_one("#finding option[value=untouched]").get_text().endswith("(1)")
    assert titles(client.get("/en/quality?finding=untouched")) == ["Oud"]
    file = client.send("GET", "/en/quality/rivierenland/activities.csv?finding=untouched")
    rows = list(csv.reader(io.StringIO(file.get_data(as_text=True).lstrip("\ufeff")), delimiter=";"))
    assert [row[0] for row in rows] == ["Activity", "Oud"]
    assert rows[1][4] == "Not changed for half a year"
    book = client.send("GET", "/en/quality/rivierenland/activities.xlsx").get_data()
    assert all(title in text_of_workbook(book) for title in ("Fout", "Oud"))


def test_one_tap_asks_the_organisation_and_keeps_the_filter(signed_in, house):
    client = signed_in(house.coordinator)
    page = client.submit(client.get("/nl/quality?finding=untouched"), "ul.todo form")
    assert letters("offer-goes-on") == [house.contact.email]
    assert titles(page) == ["Oud"]
    assert not page.soup.select("ul.todo form")
    assert page.soup.select_one("#finding option[selected]")["value"] == "untouched"


def test_an_administrator_sees_every_network_and_asks_nobody(signed_in, house):
    client = signed_in(factories.administrator())
    page = client.get("/nl/quality/rivierenland")
    assert titles(page) == ["Fout", "Oud"]
    assert not page.soup.select("ul.todo form")
    assert client.send("GET", "/nl/quality/kempen").status_code == 200
    assert signed_in(house.coordinator).send("GET", "/nl/quality/kempen").status_code == 404


def test_fewer_than_five_people_are_not_told_on_the_page_nor_in_the_file(signed_in, house):
    for number in range(4):
        factories.newcomer(interests=["chess"], name=f"N {number}")
    client = signed_in(house.coordinator)
    page = client.get("/nl/quality/rivierenland/missing?show=all&lack=interests")
    assert {
        cell.get_text(strip=True) for cell in page.soup.select("#gaps-caption ~ tbody td:nth-of-type(2)")
    } == {"<5"}
    file = client.send("GET", "/nl/quality/rivierenland/missing.csv?lack=interests").get_data(as_text=True)
    assert {line.split(";")[2] for line in file.splitlines()[1:]} == {"<5"}


def test_the_words_to_pass_on_name_what_is_missing(signed_in, house):
    for number in range(5):
        factories.newcomer(interests=["chess"], availability=["sun-evening"], name=f"N {number}")
    page = signed_in(house.coordinator).get("/en/quality/rivierenland/missing?town=Mechelen")
    assert "chess" in page.soup.select_one("p.letter").get_text()
    assert "register/organisation" in page.soup.select_one(".share").get_text()


def test_u5_the_report_of_languages(signed_in, house):
    offer = house.offer()
    factories.text(offer, "ar", made_by=TextMaker.MACHINE)
    client = signed_in(factories.counsellor())
    page = client.get("/en/reports/languages")
    arabic = next(row for row in page.soup.select("tbody tr") if "Arabic" in row.th.get_text())
    assert [cell.get_text(strip=True) for cell in arabic.select("td")] == ["0", "0", "0", "1", "0", "2"]
    file = client.send("GET", "/en/reports/languages.csv").get_data(as_text=True)
    assert "Arabic;0;0;0;1;0;2" in file


def test_looks_of_people_are_counted_and_of_nobody_else(browser, signed_in, site):
    offer = factories.offer(title="Koor", gatherings=[factories.weekly()])
    browser.get("/nl/activities")
    browser.get("/ti/activities?view=week")
    browser.get("/nl/activities?view=map")
    browser.get(f"/nl/activities/{offer.id}")
    assert looks() == {offer.id: (2, 1)}
    signed_in(factories.newcomer().person).get(f"/nl/activities/{offer.id}")
    assert looks() == {offer.id: (2, 2)}
    for path in ("/nl/activities", f"/nl/activities/{offer.id}"):
        browser.send("HEAD", path)
        browser.send("GET", path, headers=ROBOT)
        browser.send("GET", path, headers={"Sec-Purpose": "prefetch"})
        for person in (factories.coordinator(), factories.counsellor(), factories.administrator()):
            signed_in(person).get(path)
    for path in ("/nl/activities.rss", "/nl/activities.ics", "/api/v1/activities"):
        browser.send("GET", path)
    assert looks() == {offer.id: (2, 2)}
    assert session().query(OfferLook).one().day == today()


def judging(house):
    """A counsellor with a newcomer in the network, and an activity that nobody judged."""
    counsellor = factories.counsellor()
    factories.newcomer(counsellor=counsellor)
    return counsellor, house.offer(title="Nieuw", dutch_spoken=None, people_met=None)


@pytest.mark.parametrize(
    ("button", "judged"),
    [("counts", (True, True)), ("no_dutch", (False, True)), ("no_meeting", (True, False))],
)
def test_a_counsellor_judges_with_one_tap_what_everybody_sees(browser, signed_in, house, button, judged):
    counsellor, offer = judging(house)
    assert "Nobody looked yet" in browser.get(f"/en/activities/{offer.id}").soup.select_one("main").get_text()
    client = signed_in(counsellor)
    page = client.get("/en/caseload/to-do")
    assert titles(page) == ["Nieuw"]
    after = client.submit(page, f"form[action$={button}]")
    session().expire_all()
    kept = session().get_one(Offer, offer.id)
    assert (kept.dutch_spoken, kept.people_met) == judged
    assert (kept.criteria_by_id, kept.criteria_on) == (counsellor.id, today())
    assert not titles(after)
    shown = browser.get(f"/en/activities/{offer.id}").soup.select_one("main").get_text()
    assert ("does not count" in shown) is (judged != (True, True))


def test_judged_once_and_by_counsellors_of_the_network_alone(signed_in, house):
    counsellor, offer = judging(house)
    other = factories.counsellor()
    factories.newcomer(counsellor=other, postcode="2300")
    address = f"/nl/caseload/activities/{offer.id}/counts"
    assert signed_in(other).send("POST", address).status_code == 404
    assert signed_in(house.coordinator).send("POST", address).status_code == 403
    client = signed_in(counsellor)
    client.send("POST", address)
    assert client.send("POST", address).status_code == 404
    assert session().get_one(Offer, offer.id, populate_existing=True).meets_criteria is True


def test_nobody_judges_the_own_organisation(signed_in, house):
    counsellor, offer = judging(house)
    factories.contact(organisation_id=house.organisation.id, person_id=counsellor.id)
    assert signed_in(counsellor).send("POST", f"/nl/caseload/activities/{offer.id}/counts").status_code == 403
    assert session().get_one(Offer, offer.id).meets_criteria is None


def test_what_nobody_sees_is_not_asked_for(signed_in, house):
    counsellor, _offer = judging(house)
    house.organisation.verified_at = None
    session().commit()
    assert not titles(signed_in(counsellor).get("/nl/caseload/to-do"))
