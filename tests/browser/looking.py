"""Opens the stops of a tour in a browser and notes what is wrong with each."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import DESKTOP, PHONE
from tests.factories import PASSWORD

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browser.tours import Stop, Tour

# Only what is wrong is asked for, so that a page takes a fraction of a second.
ASKED = {"resultTypes": ["violations"], "preload": False}
# The slowest rule. Colours do not change with the width, so that a phone in each language and one desktop are enough.
BUT_COLOURS = {**ASKED, "rules": {"color-contrast": {"enabled": False}}}
AXE = Axe().axe_script
WAY = """async ({ width, asked }) => {
  const wide = document.documentElement.scrollWidth;
  const found = (await axe.run(asked)).violations.filter((fault) => ["moderate", "serious", "critical"].includes(fault.impact));
  const named = ({ id, nodes }) => `${id} at ${width}: ${nodes.slice(0, 3).map((node) => node.html.slice(0, 90))}`;
  return [...(wide > width ? [`${wide} wide of ${width}`] : []), ...found.map(named)];
}"""
OWN = ("http://localhost:", "data:", "blob:")
WALK = Path(__file__).with_name("walking.js").read_text(encoding="utf-8")
SEND = """fields => {
  const form = document.querySelector("main form[method=post]:not([action$='also-in-dutch'])");
  if (!form) throw new Error(`no form at ${location}`);
  for (const [name, value] of Object.entries(fields)) form.querySelector(`[name=${name}]`).value = value;
  HTMLFormElement.prototype.submit.call(form);
}"""


class Look:
    """A browser of somebody, and what is wrong with the pages that it saw."""

    def __init__(self, page: Any, lang: str) -> None:
        self.page, self.lang, self.faults = page, lang, []
        page.on("console", lambda said: self.heard(said) if said.type == "error" else None)
        page.on(
            "request", lambda asked: None if asked.url.startswith(OWN) else self.note(f"asks {asked.url}")
        )

    def note(self, fault: object) -> None:
        """Write down what is wrong with the page that is open."""
        self.faults.append(f"{self.page.url.split('/', 3)[-1]}: {fault}")

    def heard(self, said: Any) -> None:
        """An error of the console; that an awaited answer is not 200 is none."""
        if "the server responded with a status" not in said.text:
            self.note(said.text)

    def along(self, tour: Tour, judge: Callable[[Look], None]) -> list[str]:
        """Stop everywhere, judge each page, and return all faults."""
        self.take(tour.cookie)
        for stop in tour.stops:
            self.open(stop)
            judge(self)
        return self.faults

    def take(self, cookie: str | None) -> None:
        """Be who that cookie says, or nobody."""
        self.page.context.clear_cookies()
        if cookie:
            be(self.page, cookie)

    def walk(self, tour: Tour, judge: str, **asked: object) -> None:
        """See all stops in the window that is open, which takes a third of going to each; `judge` is a script."""
        stops = [{"path": stop.path, "status": stop.status, "sends": stop.sends} for stop in tour.stops]
        walk = f"asked => ({WALK})({judge})(asked)"
        self.faults += self.page.evaluate(walk, {"lang": self.lang, "stops": stops, **asked})

    def open(self, stop: Stop) -> None:
        """Go to a stop; send its form where it says so."""
        answer = self.page.goto(f"/{self.lang}/{stop.path}", wait_until="domcontentloaded")
        if stop.sends is not None:
            with self.page.expect_navigation(wait_until="domcontentloaded") as gone:
                self.page.evaluate(SEND, stop.sends)
            answer = gone.value
        if stop.status and answer.status != stop.status:
            self.note(f"{answer.status} instead of {stop.status}")


def way_at(look: Look, size: dict[str, int]) -> dict[str, object]:
    """What `WAY` is asked at that size."""
    asked = ASKED if size is PHONE or look.lang == "nl" else BUT_COLOURS
    return {"width": size["width"], "asked": asked}


def stands_in_nobodys_way(look: Look) -> None:
    """Nothing that axe finds grave, and nothing wider than the screen, on a phone and on a desktop."""
    look.page.evaluate(AXE)
    for size in (PHONE, DESKTOP):
        look.page.set_viewport_size(size)
        for fault in look.page.evaluate(WAY, way_at(look, size)):
            look.note(fault)


def walk_without_hindrance(look: Look, tour: Tour) -> list[str]:
    """The same of all stops, seen in one window that knows axe already; all faults."""
    look.take(tour.cookie)
    look.page.goto(f"/{look.lang}/help")
    look.page.evaluate(AXE)
    for size in (PHONE, DESKTOP):
        look.page.set_viewport_size(size)
        look.walk(tour, WAY, again=size is not PHONE, **way_at(look, size))
    return look.faults


def be(page: Any, cookie: str) -> None:
    """Be who that cookie says, without a way over the pages of the sign-in: they have tests of their own."""
    kept = {"name": "samenspoor", "value": cookie, "domain": "localhost", "path": "/"}
    page.context.add_cookies([kept])


def come_in(page: Any, lang: str, person: Any) -> None:
    """Sign in by the screen."""
    page.goto(f"/{lang}/sign-in")
    page.fill("[name=email]", person.email)
    page.fill("[name=password]", PASSWORD)
    page.locator("main .btn.next").first.click()
