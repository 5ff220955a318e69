"""Hints for plain Dutch come while somebody types, and without a script at the button."""

import pytest
from playwright.sync_api import expect

from tests.activities import House
from tests.browser.looking import be
from tests.browser.tours import cookie_of

LONG = "We spelen gezelschapsspelletjes."


@pytest.mark.parametrize("lang", ["nl", "ar"])
def test_hints_follow_what_is_typed(visitor, signed_in, lang):
    house = House()
    page = visitor(lang=lang)
    be(page, cookie_of(signed_in(house.person)))
    page.goto(f"/{lang}/my-activities/organisation/{house.organisation.id}/new", wait_until="networkidle")
    page.locator("#words").press_sequentially(LONG)
    expect(page.locator("#hints li")).to_have_text("gezelschapsspelletjes")
    page.fill("#words", "We spelen samen.")
    expect(page.locator("#hints .good")).to_be_visible()
    assert page.input_value("#words") == "We spelen samen."


def test_without_a_script_the_button_gives_them(visitor, signed_in):
    house = House()
    page = visitor(scripts=False)
    be(page, cookie_of(signed_in(house.person)))
    page.goto(f"/nl/my-activities/organisation/{house.organisation.id}/new")
    page.fill("#words", LONG)
    page.locator("#hints button").click()
    expect(page.locator("#hints li")).to_have_text("gezelschapsspelletjes")
    assert page.input_value("#words") == LONG
