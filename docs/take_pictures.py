"""Takes the README's pictures from a running demo: .venv/bin/python docs/take_pictures.py http://127.0.0.1:8000 var

The second argument is the DATA_DIR of that demo, where the people to sign in as are written down.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from urllib.parse import quote

from playwright.sync_api import Browser, Page, sync_playwright

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from tests.browsing import FLAGS  # noqa: E402
from tests.chromium import find  # noqa: E402

PHONE, DESKTOP, PAPER = (
    {"width": 390, "height": 780},
    {"width": 1280, "height": 860},
    {"width": 900, "height": 860},
)
# (name, who signs in, language, address, size)
SCREENS = (
    ("home-desktop-nl", "", "nl", "/nl/", DESKTOP),
    ("home-phone-ar", "", "ar", "/ar/", PHONE),
    ("numbers-desktop-nl", "", "nl", "/nl/numbers", DESKTOP),
    ("week-sheet-nl", "", "nl", "/nl/activities/week-sheet/Mechelen", PAPER),
    ("track-phone-ar", "newcomer", "ar", "/ar/my-track", PHONE),
    ("my-data-phone-ar", "newcomer", "ar", "/ar/my-data", PHONE),
    ("log-desktop-nl", "coordinator", "nl", "/nl/audit", DESKTOP),
    ("today-desktop-nl", "coordinator", "nl", "/nl/today", DESKTOP),
    ("shortages-desktop-nl", "coordinator", "nl", "/nl/shortages", DESKTOP),
    ("caseload-desktop-nl", "counsellor", "nl", "/nl/caseload", DESKTOP),
)


def people(folder: Path) -> dict[str, str]:
    """What the demo wrote down: an address or a link by role, and the password."""
    text = (folder / "demo-people.txt").read_text(encoding="utf-8")
    found = dict(re.findall(r"^ +(\w+(?: \w+)?) {2,}(\S+)", text, re.MULTILINE))
    found["password"] = re.search(r"password (\S+)", text)[1]
    return found


def enter(page: Page, base: str, who: str, known: dict[str, str]) -> None:
    """Sign in as one of the demo people."""
    if known[who].startswith("http"):
        page.goto(base + "/" + known[who].split("/", 3)[3])
    else:
        page.goto(base + "/nl/sign-in")
        page.fill("[name=email]", known[who])
        page.fill("[name=password]", known["password"])
    page.locator("main .btn.next").first.click()
    page.wait_for_load_state("networkidle")


def keep(page: Page, name: str) -> None:
    """Write the picture of what is seen, small enough for a repository."""
    page.wait_for_load_state("networkidle")
    page.screenshot(path=HERE / "pictures" / f"{name}.jpg", type="jpeg", quality=80)


def registration(browser: Browser, base: str) -> None:
    """The steps of a newcomer in Arabic: pictures to tap, and the week."""
    page = browser.new_page(viewport=PHONE, locale="ar")
    page.goto(base + "/ar/register/newcomer")
    go_on = page.locator("main .btn.next").first
    page.fill("[name=full_name]", "أمينة")
    go_on.click()
    page.fill("[name=place]", "2800")
    go_on.click()
    page.locator("label:has([name=dutch_level][value=a2])").click()
    go_on.click()
    for interest in ("football", "swimming", "cooking"):
        page.locator(f"label:has([name=interests][value={interest}])").click()
    page.evaluate("scrollTo(0, 130)")
    keep(page, "interests-phone-ar")
    go_on.click()
    page.wait_for_url("**/when")
    for slot in ("wed-evening", "sat-morning"):
        page.locator(f"label:has([name=availability][value={slot}])").click()
    page.evaluate("scrollTo(0, 180)")
    keep(page, "week-phone-ar")


def judging(browser: Browser, base: str, known: dict[str, str]) -> None:
    """For whom a plan works, and a pair with the parts of its score."""
    page = browser.new_page(viewport={**DESKTOP, "height": 1150}, locale="nl")
    enter(page, base, "coordinator", known)
    page.goto(base + "/nl/matching")
    page.locator("main a[href*='/matching/runs/']").first.click()
    keep(page, "plan-desktop-nl")
    page.goto(base + "/nl/matching")
    page.locator("main a[href*='/matching/proposals/']").first.click()
    keep(page, "judge-desktop-nl")


def finding(browser: Browser, base: str) -> None:
    """What a phrase in Tigrinya finds, and the first of it."""
    page = browser.new_page(viewport=PHONE, locale="ti")
    page.goto(f"{base}/ti/activities?q={quote('ምስ ደቀይ ኩዕሶ እግሪ ክጻወት እደሊ')}")
    page.evaluate("scrollTo(0, document.querySelector('main article').offsetTop - 250)")
    keep(page, "find-phone-ti")
    page.locator("main a[href*='/activities/']").first.click()
    keep(page, "activity-phone-ti")


def confirming(browser: Browser, base: str, known: dict[str, str]) -> None:
    """What the contact person of a club gets to see."""
    page = browser.new_page(viewport=PHONE, locale="nl")
    page.goto(base + "/" + known["contact person"].split("/", 3)[3])
    keep(page, "confirm-phone-nl")


def main(base: str, folder: str) -> None:
    """Take all pictures."""
    known = people(Path(folder))
    with sync_playwright() as tools:
        browser = tools.chromium.launch(executable_path=find(), args=list(FLAGS))
        for name, who, lang, address, size in SCREENS:
            page = browser.new_page(viewport=size, locale=lang)
            if who:
                enter(page, base, who, known)
            page.goto(base + address)
            keep(page, name)
            page.close()
        registration(browser, base)
        finding(browser, base)
        judging(browser, base, known)
        confirming(browser, base, known)
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:3])
