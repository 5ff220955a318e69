"""A coordinator's morning by keyboard alone: a plan for twenty, judged pair by pair, published, taken back, published."""

import re
from datetime import timedelta
from statistics import median

import pytest
from playwright.sync_api import expect
from sqlalchemy import func, select, update

from app.clock import today
from app.db import session, transaction
from app.models import Buddy, Duo, Message, Newcomer, Proposal
from app.vocabulary import NewcomerState, ProposalState
from tests import factories
from tests.browser.test_keyboard import Keys, come_back
from tests.browser.tours import Ground

WAITING, SLOWEST_MS = 20, 1000
TAGS = ["cooking", "cycling", "chess", "reading", "swimming", "gardening", "music-listening"]
FRIDAY = ["fri-morning"]
STAGE = ["theatre", "cinema"]
SLOTS = ["sat-morning", "wed-evening", "sun-afternoon", "mon-evening"]


def forty_people():
    """Twenty wait, and the first of them can only meet on Friday, as one buddy can, whom another likes best."""
    for number in range(WAITING):
        since = today() - timedelta(days=5 + 11 * number if number > 1 else 400)
        factories.newcomer(
            name=f"Newcomer{number}", interests=STAGE if number < 2 else [TAGS[number % 7], TAGS[(number + 3) % 7]],
            availability=SLOTS[: 1 + number % 4] if number else FRIDAY, waiting_since=since, words="أحب الطبخ",
            words_language="ar",
        )  # fmt: skip
        if number < WAITING - 1:
            factories.buddy(
                name=f"Buddy{number}", interests=[TAGS[number % 7], TAGS[(number + 2) % 7]] if number else STAGE,
                availability=SLOTS if number else SLOTS + FRIDAY, capacity=1 + (number % 8 == 4),
            )  # fmt: skip


class Morning:
    """The page, the keyboard, and how long the server took for each answer."""

    def __init__(self, page):
        self.page, self.times = page, []
        page.on("requestfinished", self.note)

    def note(self, request):
        """How long until the first byte of a page."""
        if request.resource_type == "document":
            timing = request.timing
            path = re.sub(r"http://[^/]+|\d+", lambda found: "N" if found[0].isdigit() else "", request.url)
            self.times.append((request.method, path, timing["responseStart"] - timing["requestStart"]))

    def press(self, key):
        """A key that leads to another page or back to this one, once the keys of the page work."""
        expect(self.page.locator("[data-keys-switch]:not([hidden])")).to_have_count(1)
        with self.page.expect_navigation(wait_until="domcontentloaded"):
            self.page.keyboard.press(key)

    def refuse(self):
        """Open the question, choose the first reason, and confirm: x, Tab, Space, and Enter on the button."""
        self.page.keyboard.press("x")
        expect(self.page.locator("dialog#refuse")).to_be_visible()
        keys = Keys(self.page)
        keys.reach("dialog [name=reason]")
        self.page.keyboard.press("Space")
        keys.reach("dialog button[type=submit]")
        self.press("Enter")

    @property
    def said(self):
        """What the last answer says above the page."""
        return self.page.locator(".messages").inner_text()


def states():
    session().rollback()  # what was read is a picture of that moment
    found = session().execute(select(Proposal.state, func.count()).group_by(Proposal.state))
    return {state: number for state, number in found}  # noqa: C416 - rows, not tuples


def test_a_whole_morning_by_keyboard(site, signed_in, visitor):
    forty_people()
    els = factories.coordinator()
    tour = Ground(site, "nl", signed_in).of(els)
    page = visitor(lang="nl", phone=False)
    come_back(page, tour)
    morning = Morning(page)
    page.goto("/nl/matching")
    Keys(page).go_on("main .btn.next")
    expect(page).to_have_url(re.compile(r"/matching/runs/\d+"))
    assert states() == {ProposalState.SUGGESTED: WAITING}
    Keys(page).go_on("main .btn.next, .actions .btn.next, a.btn.next")
    expect(page).to_have_url(re.compile(r"/matching/proposals/\d+"))
    assert page.locator(".keys").is_visible()

    # The first conflict: a colleague gave the place of this pair away a moment ago.
    pair = current(page)
    with transaction():
        session().execute(update(Buddy).where(Buddy.id == pair.buddy_id).values(places_taken=Buddy.capacity))
    morning.press("a")
    assert "net ingenomen" in morning.said or "just taken" in morning.said
    assert states().get(ProposalState.APPROVED, 0) == 0

    # The second: the buddy that is chosen instead is the only one for somebody else, who is named.
    other = dear_choice(page, morning)
    before = states()[ProposalState.SUGGESTED]
    morning.press(str(other))
    assert states()[ProposalState.APPROVED] == 1
    assert states()[ProposalState.SUGGESTED] < before
    assert re.search(r"Newcomer\d+", morning.said), "who has no buddy any more is named"

    morning.refuse()
    morning.press("w")
    assert states()[ProposalState.HELD] == 1
    while re.search(r"/proposals/\d+$", page.url):
        morning.press("a")
    expect(page).to_have_url(re.compile(r"/matching/networks/rivierenland$"))
    approved = states()[ProposalState.APPROVED]
    assert approved >= 10
    assert ProposalState.SUGGESTED not in states()

    morning.press("p")
    assert page.locator(".notice.wait .btn.next").count() == 1
    morning.press("u")
    assert states()[ProposalState.APPROVED] == approved
    assert session().scalar(select(func.count()).select_from(Duo)) == 0
    morning.press("p")
    morning.press("t")
    session().rollback()  # what was read is a picture of that moment
    assert session().scalar(select(func.count()).select_from(Duo)) == approved
    assert session().scalar(select(func.count()).select_from(Message)) == 2 * approved
    asked = select(func.count()).select_from(Newcomer).where(Newcomer.state == NewcomerState.PROPOSED)
    assert session().scalar(asked) == approved

    print()
    for method, path, took in morning.times:
        print(f"{took:8.1f} ms  {method:4} {path}")
    decisions = [took for method, path, took in morning.times if method == "POST" and "/proposals/" in path]
    print(f"{median(decisions):8.1f} ms  a decision, in the middle of {len(decisions)}")
    assert median(decisions) < SLOWEST_MS


def current(page):
    """The proposal that is shown."""
    return session().get_one(Proposal, int(page.url.rsplit("/", 1)[1]))


def dear_choice(page, morning):
    """Walk with j to a pair of which another possibility would leave somebody without a buddy; its key."""
    for _ in range(WAITING):
        costs = page.locator("#others li.possible").all_inner_texts()
        for at, text in enumerate(costs, start=1):
            if re.search(r"(Without a buddy then|Dan zonder buddy): ", text):
                return at
        morning.press("j")
    pytest.fail("nobody would lose by any choice")
