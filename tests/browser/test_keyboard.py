"""Everything by keyboard alone, from right to left too, and the focus always in sight (A2)."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.looking import be
from tests.browser.tours import Ground, Tour
from tests.hours_world import World

FARTHEST = 120
# Where the focus is, whether it is marked, in sight and on top, and how it stands to what had it before.
FOCUS = """() => {
  const node = document.activeElement;
  if (node === document.body) return null;
  const shown = node.matches("[type=checkbox], [type=radio]") && node.closest("label") || node;
  const box = shown.getBoundingClientRect();
  const marked = [node, shown].some(item => {
    const style = getComputedStyle(item);
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  });
  const x = (Math.max(box.left, 0) + Math.min(box.right, innerWidth)) / 2, y = (box.top + box.bottom) / 2;
  const top = document.elementFromPoint(x, y);
  const on_top = box.height > innerHeight || Boolean(top && (shown.contains(top) || top.contains(shown)));
  const before = window.before;
  window.before = { top: box.top + scrollY, left: box.left };
  const same_line = before && node.closest("main") && Math.abs(before.top - window.before.top) < 4;
  const rtl = document.documentElement.dir === "rtl";
  const follows = !same_line || (rtl ? before.left >= box.left : before.left <= box.left);
  return { name: `${node.localName}[name=${node.name || ""}] ${(node.textContent || "").trim().slice(0, 30)}`, marked, on_top, follows };
}"""


class Keys:
    """Somebody who has a keyboard and nothing else."""

    def __init__(self, page):
        self.page, self.keyboard = page, page.keyboard

    def reach(self, selector):
        """Press Tab until that has the focus; on the way nothing may hide it."""
        for _ in range(FARTHEST):
            self.keyboard.press("Tab")
            at = self.page.evaluate(FOCUS)
            assert at is None or (at["marked"] and at["on_top"] and at["follows"]), (self.page.url, at)
            if self.page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
                return
        pytest.fail(f"{selector} is out of reach at {self.page.url}")

    def type(self, name, text):
        self.reach(f"[name={name}]")
        self.keyboard.insert_text(text)

    def clock(self, name, digits):
        """A time field takes digits; where its language counts to twelve, an arrow says which half of the day."""
        self.reach(f"[name={name}]")
        self.keyboard.type(digits)
        if not self.page.locator(f"[name={name}]").input_value():
            self.keyboard.press("ArrowUp")

    def tick(self, name, value=""):
        box = f"[name={name}]" + (f"[value={value}]" if value else "")
        self.reach(box)
        if not self.page.locator(f"main {box}").is_checked():  # the language of the page is suggested
            self.keyboard.press("Space")

    def choose(self, name, value):
        """One of several: the first is reached by Tab, the others by the arrows."""
        self.reach(f"[name={name}]")
        self.keyboard.press("Space")
        chosen = f"main [name={name}]:checked"
        for _ in range(9):
            if self.page.locator(chosen).get_attribute("value") == value:
                return
            self.keyboard.press("ArrowDown")
        pytest.fail(f"{value} is not among the choices")

    def go_on(self, selector="main .btn.next"):
        before = self.page.url
        self.reach(selector)
        self.keyboard.press("Enter")
        self.page.wait_for_url(lambda url: url != before, wait_until="domcontentloaded")


def come_back(page, tour: Tour):
    be(page, tour.cookie)


@pytest.mark.parametrize(("lang", "phone"), [("nl", False), ("ar", True)])
def test_a_newcomer_registers(visitor, lang, phone):
    page = visitor(lang=lang, phone=phone)
    page.goto(f"/{lang}/")
    keys = Keys(page)
    keys.go_on("main a[href$='/register/newcomer']")
    keys.type("full_name", "أمينة الحسن")
    keys.go_on()
    keys.type("place", "2800")
    keys.go_on()
    keys.tick("languages", "ar")
    keys.choose("dutch_level", "a2")
    keys.go_on()
    keys.tick("interests", "cooking")
    keys.go_on()
    keys.tick("availability", "sat-morning")
    keys.go_on()
    keys.go_on()
    keys.tick("adult")
    keys.tick("privacy")
    keys.go_on()
    expect(page).to_have_url(re.compile(f"/{lang}/register/card"))
    keys.go_on()
    expect(page).to_have_url(re.compile(f"/{lang}/my-track"))


@pytest.mark.parametrize(("lang", "phone"), [("nl", True), ("ar", False)])
def test_a_newcomer_tells_hours(site, signed_in, request, lang, phone):
    world = World()
    tour = Ground(site, lang, signed_in).of(world.newcomer.person)
    page = request.getfixturevalue("visitor")(lang=lang, phone=phone)
    come_back(page, tour)
    page.goto(f"/{lang}/hours/tell")
    keys = Keys(page)
    keys.go_on(f"main a[href$='/hours/tell/{world.offer.id}']")
    keys.choose("day", "yesterday")
    keys.clock("at", "1000")
    keys.choose("minutes", "120")
    keys.choose("dutch", "yes")
    keys.go_on()
    expect(page).to_have_url(re.compile(rf"/{lang}/hours/\d+"))


@pytest.mark.parametrize("lang", ["nl", "ar"])
def test_the_way_past_the_head_and_to_another_language(visitor, lang):
    page = visitor(lang=lang)
    page.goto(f"/{lang}/help")
    keys = Keys(page)
    keys.reach("a.skip")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.goto(f"/{lang}/help")
    keys.reach(".masthead summary")
    page.keyboard.press("Enter")
    keys.reach("a[hreflang=uk]")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/uk/help"))


def test_what_a_screen_reader_says_of_a_question(visitor):
    """The question is the heading, the step is told in words, a cell of the week has its day and its part."""
    page = visitor(lang="nl")
    page.goto("/nl/register/newcomer/when")
    said = page.locator("body").aria_snapshot()
    for words in (
        "- banner", "- main", "- contentinfo", 'heading "Wanneer ben je vrij?" [level=1]', "Stap 5 van 7",
        'checkbox "zaterdag, voormiddag"',
    ):  # fmt: skip
        assert words in said, said
    assert re.findall(r"- navigation(?! \")", said) == []
    page.goto("/nl/register/newcomer/name")
    page.evaluate(
        "document.querySelector('main form[method=post]:not([action$=also-in-dutch])').noValidate = true"
    )
    page.locator("main .btn.next").click()
    alert = page.locator("[role=alert]")
    expect(alert).to_be_visible()
    field = page.locator("[name=full_name]")
    assert field.get_attribute("aria-invalid") == "true"
    told = field.get_attribute("aria-describedby").split()
    assert any(page.locator(f"[id='{name}']").inner_text() for name in told if name.startswith("error"))
