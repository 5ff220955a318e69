"""What the public, newcomers and volunteers read fits the smallest phone and large letters, in all languages (B4, A2)."""

from pathlib import Path

import pytest

from app.i18n import LANGUAGES
from tests.browser.looking import Look
from tests.browser.tours import READERS, Ground

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
    faults = []
    for tour in (READERS[name] for name in GROUPS[group]):
        site.config["WTF_CSRF_ENABLED"] = False
        stops = tour(Ground(site, lang, signed_in))
        site.config["WTF_CSRF_ENABLED"] = True
        page = visitor(lang=lang)
        settings = page.context.new_cdp_session(page)
        faults += Look(page, lang).along(stops, lambda look, settings=settings: fits(look, settings))
    assert not faults, "\n".join(faults)


def fits(look, settings):
    """Judge the page that is open at each width, with letters of each size."""
    for width, letters in SCREENS:
        look.page.set_viewport_size({"width": width, "height": 740})
        settings.send("Page.setFontSizes", {"fontSizes": {"standard": letters}})
        narrow = look.page.evaluate("document.documentElement.classList.contains('narrow')")
        asked = {"whole": letters == 16, "least": FINGER if narrow else LEAST}
        for fault in look.page.evaluate(MEASURES, asked):
            look.note(f"at {width} with letters of {letters}: {fault}")
