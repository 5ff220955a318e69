"""The pages that everybody can see, and everything held about oneself."""

import json

import pytest

from app.services import accounts
from tests import factories

PATHS = ["", "how-it-works", "help", "languages", "privacy", "accessibility", "activities", "numbers"]


@pytest.mark.parametrize("lang", ["x-pseudo", "nl", "ar"])
@pytest.mark.parametrize("path", PATHS)
def test_public_pages(browser, lang, path):
    browser.get(f"/{lang}/{path}")


def test_every_language_is_one_tap_away_on_every_page(browser):
    for path in PATHS:
        page = browser.get(f"/ti/{path}")
        links = {link["hreflang"]: link["href"] for link in page.soup.select("nav li a[hreflang]")}
        assert links["ar"] == f"/ar/{path}"


def test_dutch_beside_the_own_language_is_remembered(browser):
    page = browser.get("/ar/sign-in")
    switch = "form[action$=also-in-dutch]"
    after = browser.submit(page, switch, on="1", next="/ar/sign-in")
    assert after.soup.select_one(f"{switch} [aria-pressed=true]")


def test_own_data_is_complete_and_without_secrets(signed_in):
    mine, other = factories.newcomer(name="Amina"), factories.newcomer(name="Somebody else")
    accounts.set_password(mine.person_id, factories.PASSWORD)
    keeper = factories.counsellor()
    factories.contract(mine, keeper)
    factories.entry(mine, factories.offer())
    browser = signed_in(mine.person)
    page = browser.get("/nl/my-data")
    held = json.loads(browser.send("GET", "/nl/my-data.json").get_data())
    assert {"person", "newcomer", "contracts", "hours", "roles", "sign-ins"} <= set(held)
    assert "Mijn uren" in page.html
    assert "<code>hours</code>" not in page.html, (
        "the page names what it shows; the file has the names of our tables"
    )
    assert "argon2" not in page.html + json.dumps(held)
    assert "Somebody else" not in page.html
    assert held["person"][0]["full_name"] == "Amina"
    assert other.person.email not in json.dumps(held)
