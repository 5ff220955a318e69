"""A helper and a newcomer at one screen, the card on paper, and the account taken over in a browser of its own."""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from app.db import session, transaction
from app.models import Newcomer
from app.services import accounts
from app.vocabulary import Role
from tests import factories

PAGE = re.compile(rb"/Type\s*/Page[^s]")


def sign_in(page, person):
    accounts.set_password(person.id, factories.PASSWORD)
    page.goto("/nl/sign-in")
    page.fill("[name=email]", person.email)
    page.fill("[name=password]", factories.PASSWORD)
    page.locator("main .btn.next").first.click()


def look(page, name):
    """Keep a picture where somebody wants to look at one."""
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


def fits(page):
    page.wait_for_load_state()  # the click before it returns when the next page begins, not when it is there
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("lang", ["ti", "ar"])
def test_together_up_to_the_card_and_over_to_the_newcomer(visitor, site, lang):
    with transaction():
        factories.a_network("gent-stad").help_phone = "+3292000000"
    helper = visitor(lang="nl")
    sign_in(helper, factories.person(roles=(Role.HELPER,), full_name="Griet Maes"))
    expect(helper).to_have_url(re.compile("/nl/together$"))
    assert fits(helper)
    look(helper, f"start-{lang}")
    helper.locator("a.door").first.click()
    helper.locator(f"button[value={lang}]").click()
    assert fits(helper)
    look(helper, f"name-{lang}")
    helper.fill("[name=full_name]", "ሰላም")
    helper.locator("main .btn.next").click()
    helper.fill("[name=place]", "9000")
    helper.locator("main .btn.next").click()
    helper.locator("main label:has([value=none])").click()
    look(helper, f"dutch-{lang}")
    helper.locator("main .btn.next").click()
    helper.locator("main label:has([value=cooking])").click()
    look(helper, f"likes-{lang}")
    helper.locator("main .btn.next").click()
    helper.locator("main label:has([value=sat-morning])").click()
    look(helper, f"when-{lang}")
    helper.locator("main .btn.next").click()
    look(helper, f"hopes-{lang}")
    helper.locator("main .btn.next").click()
    assert fits(helper)
    for box in helper.locator("main form [type=checkbox]").all():
        box.check()
    look(helper, f"consent-{lang}")
    helper.locator("main .btn.next").click()
    expect(helper).to_have_url(re.compile("/together/card"))
    assert fits(helper)
    look(helper, f"card-{lang}")
    printed = helper.pdf(format="A4", prefer_css_page_size=True)
    assert len(PAGE.findall(printed)) == 1
    helper.emulate_media(media="print")
    look(helper, f"printed-{lang}")
    helper.emulate_media(media="screen")
    code = helper.locator("code.code").inner_text()
    helper.locator("main form .btn.next").click()

    own = visitor(lang=lang)
    own.goto(f"/{lang}/sign-in/code")
    own.fill("[name=code]", code.lower())
    own.locator("main .btn.next").click()
    expect(own).to_have_url(re.compile("/account/yours"))
    look(own, f"yours-{lang}")
    own.locator("main .btn.next").click()
    expect(own).to_have_url(re.compile("/my-track"))

    helper.go_back()
    helper.reload()
    assert code not in helper.content()
    session().rollback()  # what the browsers did is seen from here on
    newcomer = session().query(Newcomer).one()
    assert helper.goto(f"/nl/people/newcomers/{newcomer.id}").status in (403, 404)
