"""The small scripts in a real browser: what they add to pages that also work without them."""

from __future__ import annotations

import pytest

from app.stylesheets import FOLDER

pytestmark = pytest.mark.browser

STATIC = FOLDER.parent
ORIGIN = "http://site.test"
POLICY = "default-src 'self'; script-src 'self' 'nonce-nonce-of-test'; style-src 'self'; media-src 'self'"
TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}

# A stand-in for the voices of a device; they come late, as they do on most phones.
VOICES = """
const said = [], listeners = [];
let voices = [];
Object.defineProperty(window, "speechSynthesis", { value: {
  getVoices: () => voices, addEventListener: (name, call) => listeners.push(call),
  speak: (utterance) => said.push(utterance.text), cancel: () => said.push("(stopped)") } });
window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
window.said = said;
window.voicesCome = (list) => { voices = list; listeners.forEach((call) => call()); };
"""


@pytest.fixture
def visit(chrome, render):
    """Return a function that opens template source as a page, under the policy of the site."""
    contexts = []

    def visited(source, lang="ar", before="", javascript=True, **values):
        frame = '{% extends "layouts/staff.html" %}{% block title %}T{% endblock %}{% block content %}'
        html = str(
            render(source if "extends" in source else f"{frame}{source}{{% endblock %}}", lang, **values)
        )
        context = chrome.new_context(java_script_enabled=javascript)
        contexts.append(context)
        page = context.new_page()
        page.complaints = []
        page.on(
            "console",
            lambda message: page.complaints.append(message.text) if message.type == "error" else None,
        )
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        if before:
            page.add_init_script(before)
        page.posts = []

        def answer(route):
            path = route.request.url.removeprefix(ORIGIN).partition("?")[0]
            file = STATIC / path.removeprefix("/static/")
            if route.request.method == "POST":
                page.posts.append(route.request.post_data or "")
                route.fulfill(status=204)
            elif path.startswith("/static/"):
                route.fulfill(body=file.read_bytes(), content_type=TYPES[file.suffix])
            else:
                headers = {"Content-Security-Policy": POLICY, "Content-Type": "text/html; charset=utf-8"}
                route.fulfill(body=html, headers=headers)

        page.route("**/*", answer)
        page.goto(ORIGIN + "/ar/here")
        return page

    yield visited
    for context in contexts:
        context.close()


ASK = '{{ side_by_side.ask("أهلا. كيف الحال؟", "Dag. Hoe gaat het?") }}'
LOCAL_ARABIC = '[{ lang: "ar-EG", localService: true }]'


def test_reading_aloud_waits_for_a_voice_of_the_language_and_reads_only_that_language(visit):
    """S2."""
    page = visit(ASK, also_dutch=True, before=VOICES)
    button = page.locator(".say")
    assert not button.is_visible()
    page.evaluate(f"voicesCome({LOCAL_ARABIC})")
    button.wait_for(state="visible")
    assert page.evaluate("said") == [], "it never starts by itself"
    button.click()
    assert page.evaluate("said.map((text) => text.trim())") == ["أهلا.", "كيف الحال؟"]
    assert button.get_attribute("aria-pressed") == "true"
    button.click()
    assert page.evaluate("said.at(-1)") == "(stopped)"
    assert button.get_attribute("aria-pressed") == "false"
    button.click()
    page.evaluate("dispatchEvent(new Event('pagehide'))")
    assert page.evaluate("said.at(-1)") == "(stopped)"
    assert page.complaints == []


@pytest.mark.parametrize(
    "voices", ["[]", '[{ lang: "nl-BE", localService: true }]', '[{ lang: "ar-EG", localService: false }]']
)
def test_no_button_without_a_voice_on_the_device_in_this_language(visit, voices):
    """S2: a Dutch voice does not read Arabic, and no text goes to a voice somewhere else."""
    page = visit(ASK, before=VOICES)
    page.evaluate(f"voicesCome({voices})")
    page.wait_for_function("window.said !== undefined")
    assert not page.locator(".say").is_visible()


# A stand-in for the player of a device: what it plays, and how that ends.
PLAYER = """
const playing = [];
window.playing = playing;
window.Audio = class extends EventTarget {
  constructor(address) { super(); this.address = address; if (address) playing.push(this); }
  canPlayType(type) { return type.startsWith("audio/ogg") ? "maybe" : ""; }
  play() { said.push(`(plays ${this.address})`); return Promise.resolve(); }
  pause() { said.push("(pauses)"); }
};
"""
RECORDED = ASK.replace('?") }}', '?", audio="/here.ogg") }}')


def test_a_recording_needs_no_voice_and_goes_before_one(visit):
    """S2: recorded audio first."""
    page = visit(RECORDED, before=VOICES + PLAYER)
    button = page.locator(".say")
    button.wait_for(state="visible")
    page.evaluate(f"voicesCome({LOCAL_ARABIC})")
    assert page.evaluate("said") == [], "it never starts by itself"
    button.click()
    assert page.evaluate("said") == ["(plays /here.ogg)"]
    page.evaluate("playing[0].dispatchEvent(new Event('ended'))")
    assert page.evaluate("said") == ["(plays /here.ogg)", "(pauses)"], "what was heard is not said again"
    assert button.get_attribute("aria-pressed") == "false"
    button.click()
    button.click()
    assert page.evaluate("said.at(-1)") == "(pauses)"
    page.evaluate("playing[1].dispatchEvent(new Event('ended'))")
    assert page.evaluate("said.length") == 4, "what was stopped does not go on"
    assert page.complaints == []


def test_the_voice_goes_on_where_the_recording_ends(visit):
    """Of a page that is read as a whole only the heading can be recorded."""
    source = RECORDED.replace(") }}", ', reads="main") }}') + "<p>ساعاتك هنا.</p>"
    page = visit(source, also_dutch=True, before=VOICES + PLAYER)
    page.evaluate(f"voicesCome({LOCAL_ARABIC})")
    page.locator(".say").click()
    page.evaluate("playing[0].dispatchEvent(new Event('ended'))")
    assert page.evaluate("said.map((text) => text.trim())") == ["(plays /here.ogg)", "T ساعاتك هنا."]
    assert page.locator(".say").get_attribute("aria-pressed") == "true"
    page.locator(".say").click()
    assert page.evaluate("said.at(-1)") == "(stopped)"


def test_the_voice_reads_what_cannot_be_played(visit):
    page = visit(RECORDED, before=VOICES + PLAYER)
    page.evaluate(f"voicesCome({LOCAL_ARABIC})")
    page.locator(".say").click()
    page.evaluate("playing[0].dispatchEvent(new Event('error'))")
    assert page.evaluate("said.slice(1).map((text) => text.trim())") == ["أهلا.", "كيف الحال؟"]


def test_a_kind_that_the_device_does_not_play_is_no_recording(visit):
    """An old telephone without Opus gets its voice, or no button that stays silent."""
    source = (
        '{{ side_by_side.both("أهلا.", id="question") }}'
        '{{ side_by_side.say("question", audio="/a.webm", audio_type="audio/webm; codecs=opus") }}'
    )
    page = visit(source, before=VOICES + PLAYER)
    page.wait_for_function("window.said !== undefined")
    assert not page.locator(".say").is_visible()
    page.evaluate(f"voicesCome({LOCAL_ARABIC})")
    page.locator(".say").click()
    assert page.evaluate("said.map((text) => text.trim())") == ["أهلا."]


KEYS = (
    '<label>x <input id="note"></label><form method="post" action="/judge" data-once>'
    '{{ buttons.primary("Approve", key="a", name="decision", value="approve") }}</form>'
    '{{ queue.keys([("a", "approve")], next_url="#after") }}'
)


def test_a_letter_judges_but_not_while_typing_nor_when_switched_off(visit):
    page = visit(KEYS, "nl")
    page.locator("[data-keys-switch]").wait_for(state="visible")
    page.locator("#note").press("a")
    assert page.posts == []
    page.locator("#note").blur()
    page.keyboard.press("Control+a")
    assert page.posts == []
    page.keyboard.press("j")
    page.wait_for_url("**#after")
    with page.expect_response(lambda answer: answer.status == 204):
        page.keyboard.press("a")
    assert "decision=approve" in page.posts[0]
    page.locator("[data-keys-switch]").click()
    page.reload()
    page.locator("[data-keys-switch]").wait_for(state="visible")
    page.keyboard.press("a")
    assert len(page.posts) == 1, "the choice is kept on the device"
    assert page.complaints == []


def test_a_form_is_sent_once_and_again_after_coming_back(visit):
    page = visit(KEYS, "nl")
    page.locator("[data-keys-switch]").wait_for(state="visible")
    button = page.get_by_role("button", name="Approve")
    for _ in range(2):
        with page.expect_response(lambda answer: answer.status == 204):
            button.click()
        page.wait_for_function("document.querySelector('[data-sent]')")
        button.click(force=True)
        page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
        assert button.get_attribute("aria-disabled") is None
    assert len(page.posts) == 2


class Moments:
    """What the week grid asks of a field."""

    id = name = "moments"
    data = ("mon-morning",)
    errors = ()
    label = type("Label", (), {"text": "Moments"})


DAYS = [(day, day) for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")]
PARTS = [(part, part) for part in ("morning", "afternoon", "evening")]
WEEK = '<form method="post" action="/week">{{ week_grid.week_grid(field, days, parts) }}</form>'
CHECKED = "[...document.querySelectorAll('.week :checked')].map((box) => box.value)"


def test_the_shortcuts_of_the_week_tick_at_once(visit):
    page = visit(WEEK, "nl", field=Moments, days=DAYS, parts=PARTS)
    page.locator("button[value=evenings][type=button]").wait_for()
    page.locator("button[value=evenings]").click()
    assert page.evaluate(CHECKED) == ["mon-morning", *(f"{day}-evening" for day, _ in DAYS)]
    page.locator("button[value=evenings]").click()
    assert page.evaluate(CHECKED) == ["mon-morning"], "the same touch takes them away again"
    page.locator("button[value=weekends]").click()
    assert len(page.evaluate(CHECKED)) == 7
    page.locator("button[value=none]").click()
    assert page.evaluate(CHECKED) == []
    assert page.posts == []


def test_the_shortcuts_of_the_week_post_without_scripts(visit):
    page = visit(WEEK, "nl", javascript=False, field=Moments, days=DAYS, parts=PARTS)
    with page.expect_response(lambda answer: answer.status == 204):
        page.locator("button[value=evenings]").click()
    assert page.posts == ["shortcut=evenings&moments=mon-morning"]


def test_the_menu_of_languages_closes_on_escape_and_works_without_scripts(visit):
    page = visit("<p>x</p>", "nl")
    menu = page.locator("header nav details")
    menu.locator("summary").click()
    assert page.get_by_role("link", name="العربية").is_visible()
    page.keyboard.press("Escape")
    assert not page.get_by_role("link", name="العربية").is_visible()
    assert menu.locator("summary").evaluate("(summary) => summary === document.activeElement")
    plain = visit("<p>x</p>", "nl", javascript=False)
    plain.locator("header nav summary").click()
    assert plain.get_by_role("link", name="العربية").is_visible()


def test_the_summary_of_errors_gets_the_focus(visit):
    page = visit('<div tabindex="-1" data-focus id="summary">x</div>', "nl")
    page.wait_for_function("document.activeElement.id === 'summary'")


def test_a_question_opens_on_the_spot(visit):
    source = (
        '{{ confirm.confirm_link("Stop", "/stop", "ask") }}'
        '{{ confirm.confirm_dialog("ask", "Stop?", "Text.", "/go", "Yes") }}'
    )
    page = visit(source, "nl")
    page.get_by_role("link", name="Stop", exact=True).click()
    assert page.get_by_role("dialog", name="Stop?").is_visible()
    page.get_by_role("button", name="No, go back").click()
    assert not page.get_by_role("dialog").is_visible()
    assert page.url.endswith("/ar/here")
