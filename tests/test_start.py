"""The first page of a fresh site, in every language, and what surrounds it."""

import pytest

from app.i18n import LANGUAGES


@pytest.mark.parametrize("language", [language.tag for language in LANGUAGES])
def test_home_in_every_language(browser, language):
    page = browser.get(f"/{language}/")
    assert page.soup.html["lang"] == language


def test_unknown_language_is_a_page_that_offers_languages(browser):
    page = browser.get("/zz/", status=404)
    assert page.soup.select("nav a[hreflang=ar]")


def test_health(browser):
    assert browser.get("/health").response.json == {"status": "well"}
