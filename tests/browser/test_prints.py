"""What is printed is one sheet of A4 each, in every language, without menus, and readable in black and white (M5)."""

import re
from datetime import timedelta

from app.clock import now
from app.db import session, transaction
from app.i18n import LANGUAGES
from app.models import Buddy, Newcomer, Person, VolunteerCall
from app.services import accounts, matches, shortages
from app.vocabulary import DuoState
from tests import factories
from tests.browser.looking import come_in
from tests.browser.test_whole_way import tell_about_oneself
from tests.duets import Duet
from tests.factories import PASSWORD

TAGS = [language.tag for language in LANGUAGES]
PAGE = re.compile(rb"/Type\s*/Page\b(?!s)")
SIZE = re.compile(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]")
MENUS = ".masthead, .foot, .skip, .tools, .say, .btn, nav, .no-print, .messages"
# Colour that tells something: text or a background that is neither black, white nor grey.
COLOURED = """() => {
  const grey = (c) => { const [r, g, b, a = 1] = c.match(/[\\d.]+/g).map(Number);
    return a === 0 || Math.max(r, g, b) - Math.min(r, g, b) <= 12; };
  const white = (c) => { const [r, g, b, a = 1] = c.match(/[\\d.]+/g).map(Number); return a === 0 || Math.min(r, g, b) > 250; };
  const found = [];
  for (const e of document.querySelectorAll("main *, header *")) {
    const style = getComputedStyle(e);
    if (!e.getClientRects().length) continue;
    if (!grey(style.color)) found.push(`${e.tagName}.${e.className} ${style.color}`);
    if (!white(style.backgroundColor)) found.push(`${e.tagName}.${e.className} on ${style.backgroundColor}`);
  }
  return found.slice(0, 5);
}"""


def printed(page):
    """The page as the browser prints it with its own settings: no backgrounds; and what is wrong with it."""
    page.emulate_media(media="print")
    where = page.url.partition("localhost:")[2].partition("/")[2]
    faults = [f"{where}: {what}" for what in page.evaluate(COLOURED)]
    shown = [one for one in page.locator(MENUS).all() if one.is_visible()]
    faults += [f"{where}: prints {one.evaluate('e => e.outerHTML.slice(0, 90)')}" for one in shown]
    pdf = page.pdf(prefer_css_page_size=True, print_background=False)
    page.emulate_media(media="screen")
    sheets = len(PAGE.findall(pdf))
    if sheets != 1:
        faults.append(f"{where}: {sheets} sheets")
    width, height = (float(size) for size in SIZE.search(pdf).groups())
    if abs(width - 595) > 2 or abs(height - 842) > 2:
        faults.append(f"{where}: {width} x {height} points is not A4")
    return faults


def test_a_call_for_volunteers_fits_on_one_sheet(visitor):
    els = factories.coordinator()
    for number in range(9):
        factories.newcomer(name=f"Amina {number}", languages=["ti", "ar"], wished_gender="f")
    actor = factories.viewer(els)
    matches.start_run(actor, "rivierenland")
    call = session().get_one(VolunteerCall, shortages.make_call(actor, "rivierenland"))
    with transaction():
        call.languages, call.moments, call.wish = (
            ["ti", "ar", "uk", "fa"],
            call.moments or ["sat-morning"],
            "f",
        )
        call.towns = ["Mechelen", "Sint-Katelijne-Waver", "Heist-op-den-Berg"]
    page, faults = visitor(phone=False), []
    for tag in TAGS:
        page.goto(f"/{tag}/wanted/{call.code}/poster")
        faults += printed(page)
    assert not faults, "\n".join(faults)


def test_posters_fit_on_one_sheet_in_every_language(visitor):
    page = visitor(phone=False)
    faults = []
    for kind in ("buddy", "newcomer"):
        for tag in TAGS:
            page.goto(f"/nl/share/{kind}/poster?to={tag}")
            assert page.locator(".poster section").count() == 2
            faults += printed(page)
    assert faults == []


def test_the_sheet_of_a_first_meeting_fits_on_one_sheet_in_every_language(visitor):
    duet = Duet(
        DuoState.MEETING, first_meeting_at=now() + timedelta(days=3), first_meeting_where="Café De Kroon, Grote Markt 12, Mechelen"
    )  # fmt: skip
    with transaction() as db:
        for person in (db.get_one(Newcomer, duet.newcomer.id), db.get_one(Buddy, duet.buddy.id)):
            person.interests = [
                "cooking",
                "gardening",
                "children-family",
                "nature",
                "cycling",
                "music-listening",
                "city-discovery",
            ]
            person.availability = [
                "mon-evening",
                "wed-afternoon",
                "fri-evening",
                "sat-morning",
                "sat-afternoon",
            ]
            person.languages = ["fr", "en", "ku"]
    accounts.set_password(duet.buddy.person_id, PASSWORD)
    page = visitor(phone=False)
    come_in(page, "nl", duet.buddy.person)
    faults = []
    for tag in TAGS:
        with transaction() as db:
            db.get_one(Person, duet.newcomer.person_id).locale = tag
        page.goto(f"/nl/duos/{duet.duo.id}/sheet")
        text = page.locator("body").inner_text()
        for detail in (duet.newcomer.person.email, duet.buddy.person.email, "0470", "470 00"):
            assert detail not in text, "how to reach each other stands on the own page, not on paper"
        assert page.locator(f"section[lang={tag}]").count() == 1
        faults += printed(page)
    assert faults == []


def test_the_card_fits_on_one_sheet_in_every_language(visitor):
    """The code is kept for this browser, so one walk shows the card in all of them."""
    page = visitor(phone=False)
    walk_to_the_card(page)
    faults = []
    for tag in TAGS:
        page.goto(f"/{tag}/register/card")
        assert page.locator("main code").inner_text().count("-") == 1
        faults += printed(page)
    assert faults == []


def walk_to_the_card(page):
    """Register as a newcomer, up to the page with the personal code."""
    page.goto("/nl/register/newcomer/name")
    tell_about_oneself(page)
    page.wait_for_url("**/register/card")
