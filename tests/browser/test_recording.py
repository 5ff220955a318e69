"""Reading a text aloud in a real browser, with a microphone that hums; and hearing it on the page that asks it."""

from dataclasses import dataclass

import pytest
from playwright.sync_api import expect

from app.db import session
from app.models import Recording
from app.vocabulary.spoken import spoken_text
from tests import factories
from tests.browser.looking import be
from tests.browser.tours import cookie_of

QUESTION = "What do you like to do?"


@dataclass
class Reader:
    """Somebody who may read texts aloud, and the cookie of that browser."""

    id: int
    cookie: str


@pytest.fixture
def els(signed_in):
    made = factories.coordinator()
    return Reader(made.id, cookie_of(signed_in(made)))


def at_text(page, els, language="ti"):
    """Open the page on which that question is recorded."""
    be(page, els.cookie)
    page.goto(f"/nl/recordings/{language}/{spoken_text(QUESTION, language).digest}")
    return page


def test_recorded_on_a_phone_and_heard_by_a_newcomer(visitor, els):
    page = at_text(visitor(), els)
    page.locator("[data-start]").click()
    expect(page.locator("[data-when=recording]")).to_be_visible()
    expect(page.locator("[data-clock]")).to_have_text("0:01")
    page.locator("[data-stop]").click()
    expect(page.locator("[data-when=ready]")).to_be_visible()
    assert page.locator("[data-heard]").evaluate("sound => sound.src").startswith("blob:")
    expect(page.locator("[data-start]")).to_be_focused()
    page.locator("main .btn.next").click()
    expect(page.locator(".messages .good")).to_be_visible()
    session().rollback()  # what the site wrote is seen from here on
    kept = session().query(Recording).one()
    assert kept.by_person_id == els.id
    assert 900 <= kept.milliseconds <= 3000
    assert kept.size < 20_000

    newcomer = visitor(lang="ti")
    newcomer.goto("/ti/register/newcomer/likes")
    button = newcomer.locator(".ask .say")
    expect(button).to_be_visible()
    with newcomer.expect_response(lambda answer: "/ti/listen/" in answer.url) as heard:
        button.click()
    assert heard.value.status in (200, 206)
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(button).to_have_attribute("aria-pressed", "false", timeout=8000)  # it was played to its end


def test_it_stops_by_itself_and_is_not_sent_half(visitor, els):
    page = at_text(visitor(), els)
    page.locator(".recorder").evaluate("box => { box.dataset.longest = 1; }")
    page.locator("[data-start]").click()
    expect(page.locator("[data-when=recording]")).to_be_visible()
    page.locator("main .btn.next").click()
    expect(page.locator("[data-when=ready]")).to_be_visible()
    session().rollback()
    assert session().query(Recording).count() == 0, "what is still being recorded is heard back first"
    page.locator("[data-start]").click()
    expect(page.locator("[data-stop]")).to_be_visible()
    expect(page.locator("[data-when=ready]")).to_be_visible()
    page.locator("main .btn.next").click()
    expect(page.locator(".messages .good")).to_be_visible()


@pytest.mark.parametrize(
    ("fault", "words"),
    [("NotAllowedError", "denied"), ("NotFoundError", "missing"), ("AbortError", "failed")],
)
def test_without_a_microphone_it_says_what_to_do(visitor, els, fault, words):
    page = visitor()
    page.add_init_script(
        f"navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('x', '{fault}'))"
    )
    at_text(page, els).locator("[data-start]").click()
    expect(page.locator(f"[data-when={words}]")).to_be_visible()
    expect(page.locator("[data-start]")).to_be_enabled()
    expect(page.locator("input[type=file]")).to_be_visible()


def test_a_file_that_is_too_large_is_said_before_it_is_sent(visitor, els):
    page = at_text(visitor(), els)
    file = page.locator("input[type=file]")
    file.set_input_files({"name": "a.mp3", "mimeType": "audio/mpeg", "buffer": bytes(200_001)})
    expect(page.locator("[data-when=large]")).to_be_visible()
    assert file.evaluate("field => field.files.length") == 0
    file.set_input_files({"name": "a.mp3", "mimeType": "audio/mpeg", "buffer": bytes(200_000)})
    expect(page.locator("[data-when=large]")).to_be_hidden()
    expect(page.locator("[data-heard]")).to_be_visible()


def test_a_file_that_is_chosen_before_the_script_is_there_is_looked_at_too(visitor, els):
    page = visitor()
    large = {"name": "a.mp3", "mimeType": "audio/mpeg", "buffer": bytes(200_001)}
    page.route(
        "**/record.js*", lambda route: (page.set_input_files("input[type=file]", large), route.continue_()), times=1
    )  # fmt: skip
    at_text(page, els)
    expect(page.locator("[data-when=large]")).to_be_visible()
    assert page.locator("input[type=file]").evaluate("field => field.files.length") == 0


def test_a_file_can_be_sent_without_scripts(visitor, els):
    page = at_text(visitor(scripts=False), els)
    assert not page.locator("[data-start]").is_visible()
    page.locator("main .btn.next").click()
    assert page.locator("#error-sound").is_visible()
