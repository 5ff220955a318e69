"""What is typed stays typed: keep.js and stay.js in a real browser on the real site (L7, S9)."""

from datetime import timedelta

import pytest

from app.clock import now
from app.db import session, transaction
from app.models import Remark, SignIn
from tests import factories
from tests.browser.looking import be
from tests.browser.tours import cookie_of

WORDS = {"nl": "Deze <zin> klopt niet", "ar": "هذه الجملة ليست صحيحة"}
OTHER = {"nl": "ar", "ar": "nl"}


def change_language(page, tag):
    page.wait_for_load_state("networkidle")  # before its script is there, a link is only a link
    page.locator("header nav summary").click()
    page.locator(f"header nav a[hreflang={tag}]").click()
    page.wait_for_selector(f"html[lang={tag}]")


@pytest.mark.parametrize("lang", ["ar", "nl"])
def test_another_language_in_the_middle_of_a_public_form(visitor, lang):
    page = visitor(lang=lang)
    page.goto(f"/{lang}/remark?page=/{lang}/help")
    page.fill("#sentence", WORDS[lang])
    change_language(page, OTHER[lang])
    assert page.input_value("#sentence") == WORDS[lang]
    change_language(page, lang)
    assert page.input_value("#sentence") == WORDS[lang]
    if lang == "ar":
        page.locator(".switch").click()
        page.wait_for_selector("label .dutch")
        assert page.input_value("#sentence") == WORDS[lang]
    page.locator("main .btn.next").click()
    page.wait_for_url(f"**/{lang}/help")
    kept = session().query(Remark).one()
    assert (kept.sentence, kept.locale, kept.page) == (WORDS[lang], lang, f"/{lang}/help")


@pytest.mark.parametrize("lang", ["ar", "nl"])
def test_another_language_in_the_middle_of_a_question_and_after_a_refusal(visitor, lang):
    page = visitor(lang=lang)
    page.goto(f"/{lang}/register/newcomer/name")
    page.fill("[name=full_name]", WORDS[lang])
    change_language(page, OTHER[lang])
    assert page.input_value("[name=full_name]") == WORDS[lang]
    page.goto(f"/{lang}/remark")
    page.fill("#better", WORDS[lang])
    page.locator("main .btn.next").click()
    page.wait_for_selector("[aria-invalid]")
    change_language(page, OTHER[lang])
    assert page.input_value("#better") == WORDS[lang]


def test_what_is_typed_before_the_script_is_there_goes_along_too(visitor):
    page = visitor()
    page.route("**/keep.js*", lambda route: (page.fill("#sentence", WORDS["nl"]), route.continue_()), times=1)
    page.goto("/nl/remark", wait_until="domcontentloaded")
    change_language(page, "ar")
    assert page.input_value("#sentence") == WORDS["nl"]


def test_an_untouched_form_changes_language_by_its_link(visitor):
    page = visitor()
    page.goto("/nl/remark?page=/nl/help")
    change_language(page, "ar")
    assert page.url.endswith("/ar/remark?page=/nl/help")


@pytest.mark.parametrize("lang", ["ar", "nl"])
def test_hours_half_told_in_another_language(visitor, signed_in, lang):
    newcomer = factories.newcomer().person
    page = visitor(lang=lang)
    be(page, cookie_of(signed_in(newcomer)))
    page.goto(f"/{lang}/hours/tell/other")
    page.fill("[name=title]", WORDS[lang])
    page.check("[name=minutes][value='90']")
    change_language(page, OTHER[lang])
    assert page.input_value("[name=title]") == WORDS[lang]
    assert page.is_checked("[name=minutes][value='90']")


def test_without_scripts_the_menu_says_what_to_do_first(visitor):
    page = visitor(scripts=False)
    page.goto("/nl/remark")
    page.locator("header nav summary").click()
    assert page.locator(".menu-note").is_visible()
    page.goto("/nl/how-it-works")
    page.locator("header nav summary").click()
    assert not page.locator(".menu-note").is_visible()


def ends_in(**left):
    with transaction() as db:
        db.query(SignIn).one().expires_at = now() + timedelta(**left)


def test_the_end_of_a_sign_in_is_warned_of_and_one_tap_stays(visitor, signed_in):
    newcomer = factories.newcomer().person
    page = visitor()
    be(page, cookie_of(signed_in(newcomer)))
    page.goto("/nl/hours/tell/other")
    assert not page.locator(".ending").is_visible()
    ends_in(minutes=14)
    page.reload()
    page.fill("[name=title]", WORDS["nl"])
    page.wait_for_function("document.querySelector('.ending [data-over]').hidden")
    assert page.locator(".ending [data-soon]").is_visible()
    with page.expect_response("**/nl/stay"):
        page.locator(".ending button").click()
    page.locator(".ending").wait_for(state="hidden")
    assert page.input_value("[name=title]") == WORDS["nl"], "staying does not leave the page"
    session().expire_all()
    assert session().query(SignIn).one().expires_at > now() + timedelta(days=13)


def test_the_warning_comes_by_itself_and_says_when_it_is_over(visitor, signed_in):
    newcomer = factories.newcomer().person
    page = visitor()
    page.clock.install()
    be(page, cookie_of(signed_in(newcomer)))
    page.goto("/nl/my-track")
    ends_in(minutes=30)
    page.reload()
    warning = page.locator(".ending")
    assert not warning.is_visible()
    page.clock.fast_forward("16:00")
    warning.wait_for(state="visible")
    assert warning.locator("button").is_visible()
    page.clock.fast_forward("15:00")
    warning.locator("[data-over]").wait_for(state="visible")
    assert not warning.locator("button").is_visible()
