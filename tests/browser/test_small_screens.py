"""What the public, newcomers and volunteers read fits the smallest phone and large letters, in all languages (B4, A2)."""

from pathlib import Path

import pytest

from app.i18n import LANGUAGES
from tests.browser.looking import Look
from tests.browser.tours import READERS, Ground, Stop, Tour, refused

MEASURES = Path(__file__).with_name("measures.js").read_text(encoding="utf-8")
# (width, letters in a phone's settings): WCAG 1.4.10 asks for 320, 1.4.4 for letters twice as large.
SCREENS = ((320, 16), (360, 32))
FINGER, LEAST = 48, 24


GROUPS = {
    "visitors": [name for name in READERS if name in ("public", "nothing yet")],
    "registering": [name for name in READERS if "as" in name.split()],
    "newcomers": [name for name in READERS if "newcomer" in name.split() and "as" not in name.split()],
    "volunteers": [name for name in READERS if "volunteer" in name.split()],
}


def test_no_tour_is_forgotten():
    assert sorted(name for names in GROUPS.values() for name in names) == sorted(READERS)


@pytest.mark.slow
@pytest.mark.parametrize("lang", [language.tag for language in LANGUAGES])
@pytest.mark.parametrize("group", GROUPS)
def test_nothing_is_cut_off_or_too_small_to_tap(site, signed_in, visitor, lang, group):
    page = visitor(lang=lang)
    look, settings = Look(page, lang), page.context.new_cdp_session(page)
    page.goto(f"/{lang}/help")
    for name in GROUPS[group]:
        site.config["WTF_CSRF_ENABLED"] = False
        tour = READERS[name](Ground(site, lang, signed_in))
        site.config["WTF_CSRF_ENABLED"] = True
        look.take(tour.cookie)
        for width, letters in SCREENS:
            page.set_viewport_size({"width": width, "height": 740})
            settings.send("Page.setFontSizes", {"fontSizes": {"standard": letters}})
            asked = {
                "whole": letters == 16,
                "finger": FINGER,
                "least": LEAST,
                "again": (width, letters) != SCREENS[0],
            }
            before = len(look.faults)
            look.walk(tour, MEASURES, **asked)
            look.faults[before:] = [
                f"at {width} with letters of {letters}: {one}" for one in look.faults[before:]
            ]
    assert not look.faults, "\n".join(look.faults)


def test_a_walk_finds_what_is_wrong(visitor):
    page = visitor()
    page.goto("/nl/help")
    tour = Tour((Stop("pages.home", ""), Stop("pages.help", "nowhere"), refused("remarks.report", "remark")))
    look = Look(page, "nl")
    page.set_viewport_size({"width": 90, "height": 740})
    look.walk(tour, MEASURES, whole=True, finger=90, least=24)
    for path, words in (
        ("/nl/", "a word is broken: h1"), ("/nl/remark", "to tap: a.pill"),
        ("/nl/nowhere", "404 instead of 200"),
    ):  # fmt: skip
        assert any(fault.startswith(f"{path}: ") and words in fault for fault in look.faults), (path, words)
    assert not any("instead of 422" in fault for fault in look.faults)
