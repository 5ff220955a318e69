"""What can be read before anything is told, and in which language; and help in coming in (LANGUAGES S8, L8, A3)."""

import pytest

from app.forms.registrations import STEPS
from app.i18n import LANGUAGES
from tests import factories

TAGS = [language.tag for language in LANGUAGES]


@pytest.mark.parametrize("tag", TAGS)
@pytest.mark.parametrize("kind", ["buddy", "newcomer"])
def test_privacy_and_all_languages_stand_beside_the_first_question(browser, tag, kind):
    """S8: nothing has been asked yet, and the language can still be changed."""
    first = browser.get(f"/{tag}/register/{kind}")
    assert first.soup.select_one(f'main a[href="/{tag}/privacy"]')
    menu = {link["hreflang"] for link in first.soup.select("header nav li a[hreflang]")}
    assert menu == set(TAGS)
    told = browser.get(f"/{tag}/privacy")
    assert not told.soup.select('main [lang="nl"]') or tag == "nl", "a part of it is still in Dutch"
    assert (
        told.main.get_text(strip=True) != browser.get("/en/privacy").main.get_text(strip=True) or tag == "en"
    )


@pytest.mark.parametrize("tag", TAGS)
@pytest.mark.parametrize("kind", ["buddy", "newcomer"])
def test_the_language_can_be_changed_before_consenting(browser, tag, kind):
    """S8: the sentence to agree with stands in each language, with nothing ticked by changing it."""
    page = browser.get(f"/{tag}/register/{kind}/{STEPS[kind][-1].slug}")
    assert page.soup.select("main input[type=checkbox]:not([checked])")
    assert not page.soup.select("main input[type=checkbox][checked]")
    assert {link["hreflang"] for link in page.soup.select("header nav li a")} == set(TAGS)
    assert not page.soup.select('main label [lang="nl"]') or tag == "nl"


@pytest.mark.parametrize("address", ["/zz/remark", "/zz/register/newcomer/name", "/zz/stay"])
def test_a_form_in_a_language_that_is_none_is_not_there(browser, address):
    """L8, for what is sent too."""
    browser.post(address, {"typed": "/nl/remark", "sentence": "x"}, status=404)


@pytest.mark.parametrize("path", ["sign-in", "sign-in/code"])
def test_coming_in_asks_no_test_of_memory(browser, path):
    """A3: what a device keeps or what is copied may be put in."""
    for field in browser.get(f"/nl/{path}").soup.select("main input:not([type=hidden])"):
        assert field["autocomplete"] in ("username", "current-password", "one-time-code")
        assert not [name for name in field.attrs if name.startswith("on")]


def test_nothing_is_asked_twice(browser, signed_in):
    """A3: what was told stands there already, on the way back and afterwards."""
    browser.submit(browser.get("/nl/register/newcomer/name"), full_name="Samar")
    assert browser.get("/ar/register/newcomer/name").form()["full_name"] == "Samar"
    newcomer = factories.newcomer()
    own = signed_in(newcomer.person).get("/ar/my-answers/dutch")
    assert own.soup.select("main input[checked]")
