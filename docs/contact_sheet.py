"""Takes every public, newcomer and volunteer screen in four languages at the width of a phone: make sheet

Starts a demo of its own in a folder that is thrown away, walks through it as a visitor, a newcomer, a volunteer,
a contact person and a helper, and writes to var/sheet one picture per screen with the languages side by side, and
index.html with all of them. To be looked at for boxes, overlap, arrows that point the wrong way and words cut off.
`make sheet` takes them all; `.venv/bin/python docs/contact_sheet.py my-track help` only those with such names.
"""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import escape
from pathlib import Path
from urllib.request import urlopen

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright  # noqa: E402

from docs.take_pictures import enter, people  # noqa: E402
from tests.browsing import FLAGS  # noqa: E402
from tests.chromium import find  # noqa: E402

LANGUAGES = ("nl", "ar", "ti", "uk")
NAMES = {"nl": "Zoë", "ar": "أمينة", "ti": "ሰላም", "uk": "Їванна"}
PHONE = {"width": 360, "height": 740}
SHEETS = HERE.parent / "var" / "sheet"
READY_S = 180

PUBLIC = (
    *("", "how-it-works", "activities", "numbers", "languages", "privacy", "accessibility", "help"),
    *(
        "sign-in",
        "sign-in/code",
        "sign-in/link",
        "remark",
        "share/buddy",
        "share/newcomer",
        "proof-guide",
        "nowhere",
    ),
)
NEWCOMER = (
    *("my-track", "hours", "hours/tell", "hours/tell/other", "my-duo", "my-answers", "my-data", "account"),
    *("my-track/proofs", "my-track/counsellor", "my-answers/stop"),
)
VOLUNTEER = ("buddy", "my-duo", "buddy/pause", "buddy/stop", "to-confirm", "my-data", "account")
HELPER = ("together", "together/begin/search", "together/activities")

Shot = Callable[[Page, str], None]


@contextmanager
def demo() -> Iterator[tuple[str, Path]]:
    """A running demo of its own: its address, and the folder with the people to try."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        settings = {"DATA_DIR": folder, "PORT": str(port), "SECRET_KEY": secrets.token_hex(20)}
        site = subprocess.Popen(
            [sys.executable, "-m", "app.serve"],
            env={**os.environ, **settings},
            cwd=HERE.parent,
            stdout=subprocess.DEVNULL,
        )
        try:
            base = f"http://127.0.0.1:{port}"
            wait_for(base, site)
            yield base, Path(folder)
        finally:
            site.terminate()
            site.wait()


def wait_for(base: str, site: subprocess.Popen[bytes]) -> None:
    """Until the demo answers; ends the program when it does not come."""
    for _ in range(READY_S * 4):
        if site.poll() is not None:
            break
        try:
            urlopen(f"{base}/health", timeout=2).close()  # noqa: S310 - our own address
            return
        except OSError:
            time.sleep(0.25)
    sys.exit("The demo did not start.")


def visit(context: BrowserContext, lang: str, paths: tuple[str, ...], who: str, shot: Shot) -> None:
    """Open each of those addresses and take its picture; who has no right to one sees that too."""
    page = context.new_page()
    for path in paths:
        page.goto(f"/{lang}/{path}")
        shot(page, f"{who}-{path.replace('/', '-') or 'home'}")
    page.close()


def register(context: BrowserContext, lang: str, kind: str, shot: Shot) -> None:
    """Every step of a registration: once empty and refused where that can be, then filled in by taps."""
    page = context.new_page()
    page.goto(f"/{lang}/register/{kind}")
    for number in range(1, 8):
        go_on = page.locator("main .btn.next").first
        if number in (1, 2):
            go_on.click()
            shot(page, f"{kind}-step-{number}-refused")
        fill(page, lang)
        shot(page, f"{kind}-step-{number}")
        page.locator("main .btn.next").first.click()
        page.wait_for_load_state()
    shot(page, f"{kind}-registered")
    page.close()


def fill(page: Page, lang: str) -> None:
    """Answer whatever this step asks."""
    for name, text in (("full_name", NAMES[lang]), ("place", "2800"), ("phone", "0470 12 34 56")):
        if page.locator(f"main [name={name}]").count():
            page.fill(f"main [name={name}]", text)
    for name in ("languages", "interests", "availability", "goals", "dutch_level"):
        for choice in page.locator(f"main [name={name}]:visible").all()[1:8:3]:
            choice.check(force=True)
    for name in ("adult", "clear_dutch", "duties", "privacy", "asked_aloud"):
        if page.locator(f"main [name={name}]").count():
            page.check(f"main [name={name}]")


def tell_hours(context: BrowserContext, lang: str, shot: Shot) -> None:
    """A newcomer tells hours: the four taps, and the link to pass on."""
    page = context.new_page()
    page.goto(f"/{lang}/hours/tell")
    door = page.locator("main a[href*='/hours/tell/']").first
    if door.count():
        door.click()
        shot(page, "newcomer-hours-about")
    page.goto(f"/{lang}/hours")
    line = page.locator("main a[href*='/hours/']:not([href$='/tell'])").first
    if line.count():
        line.click()
        shot(page, "newcomer-hours-show")
    page.close()


def contact(context: BrowserContext, lang: str, link: str, shot: Shot) -> None:
    """What a contact person without account sees."""
    page = context.new_page()
    path = link.split("/", 4)[4]
    page.goto(f"/{lang}/{path}")
    shot(page, "contact-confirm")
    differ = page.locator(f"main a[href*='{path}/']").first
    if differ.count():
        differ.click()
        shot(page, "contact-differ")
    page.close()


def together(context: BrowserContext, lang: str, shot: Shot) -> None:
    """A helper and a newcomer at one screen, with Dutch beside everything."""
    page = context.new_page()
    page.goto("/nl/together/begin/register")
    page.locator(f"main [name=language][value={lang}]").click()
    for number in range(1, 8):
        page.wait_for_load_state()
        fill(page, lang)
        shot(page, f"together-step-{number}")
        page.locator("main .btn.next").first.click()
    page.wait_for_load_state()
    shot(page, "together-card")
    page.close()


def in_language(browser: Browser, base: str, known: dict[str, str], lang: str, shot: Shot) -> None:
    """All screens in one language."""

    def as_(who: str) -> BrowserContext:
        context = browser.new_context(base_url=base, viewport=PHONE, locale=lang, reduced_motion="reduce")
        if who:
            page = context.new_page()
            enter(page, base, who, known)
            page.close()
        return context

    anonymous = as_("")
    visit(anonymous, lang, PUBLIC, "public", shot)
    contact(anonymous, lang, known["contact person"], shot)
    register(anonymous, lang, "buddy", shot)
    register(as_(""), lang, "newcomer", shot)
    newcomer = as_("newcomer")
    visit(newcomer, lang, NEWCOMER, "newcomer", shot)
    tell_hours(newcomer, lang, shot)
    visit(as_("volunteer"), lang, VOLUNTEER, "volunteer", shot)
    helper = as_("helper")
    visit(helper, lang, HELPER, "helper", shot)
    together(helper, lang, shot)
    for context in browser.contexts:
        context.close()


def side_by_side(browser: Browser, names: list[str]) -> None:
    """One picture per screen with the languages beside each other, and a page with all of them."""
    page = browser.new_page(viewport={"width": len(LANGUAGES) * (PHONE["width"] + 12) + 12, "height": 400})
    for name in names:
        shots = "".join(f'<img src="{(SHEETS / f"{name}-{lang}.png").as_uri()}">' for lang in LANGUAGES)
        sheet = SHEETS / "sheet.html"
        sheet.write_text(f"<style>{STYLE}</style><h1>{escape(name)}</h1>{shots}", encoding="utf-8")
        page.goto(sheet.as_uri())
        page.screenshot(path=SHEETS / f"{name}.jpg", type="jpeg", quality=70, full_page=True)
        sheet.unlink()
        for lang in LANGUAGES:
            (SHEETS / f"{name}-{lang}.png").unlink()
    every = "".join(f'<h2>{escape(name)}</h2><img src="{escape(name)}.jpg" width="100%">' for name in names)
    (SHEETS / "index.html").write_text(
        f"<!doctype html><html lang=en><title>Screens</title>{every}", encoding="utf-8"
    )


STYLE = (
    "body{margin:12px;background:#888;display:flex;flex-wrap:wrap;gap:12px;align-items:start}"
    "h1{width:100%;margin:0;font:16px sans-serif}"
)


def main(wanted: list[str]) -> None:
    """Take the pictures of the screens whose names hold one of these words; without words, of all."""
    SHEETS.mkdir(parents=True, exist_ok=True)
    names: dict[str, set[str]] = {}
    with demo() as (base, folder), sync_playwright() as tools:
        browser = tools.chromium.launch(executable_path=find(), args=list(FLAGS))
        for lang in LANGUAGES:

            def shot(page: Page, name: str, lang: str = lang) -> None:
                if wanted and not any(word in name for word in wanted):
                    return
                page.wait_for_load_state("networkidle")
                page.screenshot(path=SHEETS / f"{name}-{lang}.png", full_page=True)
                names.setdefault(name, set()).add(lang)

            in_language(browser, base, people(folder), lang, shot)
            print(f"{lang}: done", flush=True)
        side_by_side(browser, [name for name, seen in names.items() if seen == set(LANGUAGES)])
        browser.close()
    odd = {name: sorted(seen) for name, seen in names.items() if seen != set(LANGUAGES)}
    print(f"{len(names)} screens in {SHEETS}" + (f"; not in every language: {odd}" if odd else ""))


if __name__ == "__main__":
    main(sys.argv[1:])
