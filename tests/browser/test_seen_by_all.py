"""What the public, volunteers, newcomers and contact persons see: axe, the width of a phone, no noise."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from app.db import transaction
from app.services import accounts
from app.vocabulary import EntryState
from tests import factories
from tests.browser.conftest import DESKTOP, PHONE
from tests.factories import PASSWORD
from tests.hours_world import World

PUBLIC = (
    *("", "how-it-works", "activities", "numbers", "privacy", "accessibility", "languages", "help", "proof-guide"),
    *("sign-in", "sign-in/code", "register/buddy", "register/newcomer"),
)
NEWCOMER = (
    "my-track",
    "my-track/proofs",
    "hours",
    "hours/tell",
    "hours/tell/other",
    "my-duo",
    "my-answers",
    "my-data",
    "account",
)
VOLUNTEER = ("buddy", "my-duo", "buddy/pause", "buddy/stop")
GRAVE = {"moderate", "serious", "critical"}
# Only what is wrong is asked for, so that a page takes a fraction of a second.
ASKED = {"resultTypes": ["violations"]}


class Look:
    """A browser of somebody, and what is wrong with the pages that it saw."""

    def __init__(self, page, lang):
        self.page, self.lang, self.faults = page, lang, []
        page.on("console", lambda said: self.note(said.text) if said.type == "error" else None)
        page.on(
            "request", lambda request: self.note(f"asks {request.url}") if self.foreign(request.url) else None
        )

    def note(self, fault):
        self.faults.append(f"{self.page.url}: {fault}")

    def foreign(self, url):
        return not url.startswith(("http://localhost:", "data:"))

    def at(self, path):
        """Open that page once, and judge it as wide as a phone and as a desktop."""
        answer = self.page.goto(f"/{self.lang}/{path}")
        if answer.status != 200:
            self.note(answer.status)
        self.page.evaluate(Axe().axe_script)
        for size in (PHONE, DESKTOP):
            self.page.set_viewport_size(size)
            wide = self.page.evaluate("document.documentElement.scrollWidth")
            if wide > size["width"]:
                self.note(f"{wide} wide of {size['width']}")
            for fault in self.page.evaluate("asked => axe.run(asked)", ASKED)["violations"]:
                if fault["impact"] in GRAVE:
                    self.note(
                        f"{fault['id']} at {size['width']}: {[node['html'][:90] for node in fault['nodes'][:3]]}"
                    )


def come_in(page, lang, person):
    page.goto(f"/{lang}/sign-in")
    page.fill("[name=email]", person.email)
    page.fill("[name=password]", PASSWORD)
    page.locator("main .btn.next").first.click()


@pytest.mark.parametrize("lang", ["nl", "ar", "ti"])
def test_nothing_stands_in_the_way(visitor, lang):
    world = World()
    with transaction():
        world.duo.ends_on = factories.days_from_now(90)
    factories.offer(title="Taalcafé")
    draft = world.entry(EntryState.DRAFT)
    world.entry(EntryState.ACCEPTED)
    world.entry(EntryState.SUBMITTED)
    for person in (world.newcomer.person, world.buddy.person):
        accounts.set_password(person.id, PASSWORD)

    faults = []
    for person, paths in (
        (None, (*PUBLIC, f"c/{world.link()}")),
        (world.newcomer.person, (*NEWCOMER, f"hours/{draft.id}")),
        (world.buddy.person, VOLUNTEER),
    ):
        page = visitor(lang=lang)
        if person:
            come_in(page, lang, person)
        look = Look(page, lang)
        for path in paths:
            look.at(path)
        faults += look.faults
    assert faults == []
