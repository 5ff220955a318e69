"""Which texts can be read aloud, and how they are heard on the page that asks them."""

import pytest
from jinja2 import nodes
from sqlalchemy import update

from app.db import session, transaction
from app.forms.registrations import STEPS
from app.i18n import LANGUAGES, speak
from app.models import Recording
from app.papers import guide
from app.queries.recordings import board
from app.services import recordings
from app.vocabulary.spoken import (
    FIRST_LANGUAGES,
    WITH_A_NAME,
    digest_of,
    languages_to_record,
    spoken_text,
    spoken_texts,
)
from tests import factories, sounds
from tests.counting import statements
from tests.readings import MESSAGES, QUESTION, address, kept, send, written


@pytest.fixture
def els(site):
    return factories.coordinator(full_name="Els أحمد")


def template_asks(site):
    """(template, messages) of each `ask(` in a template; no message for a variable that the template gets."""
    for name in site.jinja_env.list_templates(extensions=["html"]):
        source = site.jinja_env.loader.get_source(site.jinja_env, name)[0]
        tree = site.jinja_env.parse(source)
        given = {getattr(item.target, "name", ""): item.node for item in tree.find_all(nodes.Assign)}
        for call in tree.find_all(nodes.Call):
            called = getattr(call.node, "attr", None) or getattr(call.node, "name", None)
            if called == "ask":
                first = given.get(getattr(call.args[0], "name", None), call.args[0])
                yield name, list(messages_in(first))


def messages_in(node):
    """The texts that `_()` is called with."""
    calls = [node, *node.find_all(nodes.Call)]
    for call in calls:
        if isinstance(call, nodes.Call) and getattr(call.node, "name", "") == "_":
            yield call.args[0].value


def test_every_question_with_a_button_can_be_recorded(site):
    """Write the words of a new `ask(_('…'))` into app/vocabulary/spoken.py."""
    asks = list(template_asks(site))
    assert len(asks) > 10
    bare = {name for name, messages in asks if not messages}
    assert bare == {"proofs/guide.html", "registrations/step.html"}, (
        "an ask() whose words this test cannot see"
    )
    asked = {message for _name, messages in asks for message in messages}
    asked |= {step.question._args[0] for steps in STEPS.values() for step in steps} | {guide.TITLE._args[0]}
    assert asked - WITH_A_NAME == set(MESSAGES)
    assert {message for message in asked if "%(" in message} == WITH_A_NAME


def test_every_text_to_record_is_translated_and_listed_once():
    for language in LANGUAGES:
        texts = [text for _screens, texts in spoken_texts(language.tag) for text in texts]
        assert all(text.text and text.dutch for text in texts), language.tag
        digests = [text.digest for text in texts]
        assert len(digests) == len(set(digests)) == len({text.text for text in texts})


def test_a_text_without_translation_is_not_read_in_dutch(site, monkeypatch):
    """A fallback is Dutch: nobody reads it in Tigrinya, and no recording is played for it."""
    monkeypatch.setattr("app.vocabulary.spoken.gettext", lambda text: f"\ue0d1{text}\ue0d2")
    assert (spoken_text(QUESTION, "ti").text, spoken_text(QUESTION, "ti").digest) == ("", "")
    every = board(factories.viewer(factories.administrator()), "ti")
    assert len(every.texts) == len(MESSAGES)
    assert every.after() is None
    assert recordings.text_with("ti", "") is None


def test_languages_with_few_voices_come_first():
    assert tuple(languages_to_record()[:3]) == FIRST_LANGUAGES == ("ti", "so", "ps")
    assert sorted(languages_to_record()) == sorted(language.tag for language in LANGUAGES)


def test_what_is_shown_is_what_is_heard(site, browser, els):
    """S2, S3: the recording of exactly these words, on the page that asks them."""
    kept(els)
    button = browser.get("/ti/register/newcomer/likes").soup.select_one(".ask .say")
    answer = browser.send("GET", button["data-audio"])
    assert answer.get_data() == sounds.ogg()
    assert button["data-audio-type"] == "audio/ogg; codecs=opus"
    assert not browser.get("/ti/register/newcomer/when").soup.select_one(".ask .say[data-audio]")
    assert not browser.get("/so/register/newcomer/likes").soup.select_one(".ask .say[data-audio]")


def test_a_changed_translation_never_plays_the_old_recording(browser, signed_in, els):
    made = kept(els)
    earlier = "ቅድም ዝነበረ ጽሑፍ"
    with transaction() as changing:
        changing.execute(
            update(Recording).where(Recording.id == made.id)
            .values(text=earlier, text_digest=digest_of(earlier))
        )  # fmt: skip
    assert not browser.get("/ti/register/newcomer/likes").soup.select_one(".ask .say[data-audio]")
    hers = signed_in(els)
    with speak("nl"):
        assert board(factories.viewer(els), "ti").own.done == 0
    page = hers.get("/en/recordings?language=ti")
    assert page.soup.select_one(".todo .chip.wait").get_text(strip=True) == "The text was changed since"
    one = hers.get(address(page="en"))
    assert earlier in one.text
    send(hers, sounds.mp3())
    assert [row.text for row in session().query(Recording)] == [spoken_text(QUESTION, "ti").text]
    assert written() == ["recording-kept", "recording-replaced"]


def test_blanks_do_not_make_another_text():
    assert (
        digest_of("Wat  doe\nje graag? ") == digest_of("Wat doe je graag?") != digest_of("Wat doe jij graag?")
    )


def test_a_page_that_asks_asks_the_database_once_more(browser, els):
    kept(els)
    with statements() as sent:
        browser.send("GET", "/ti/register/newcomer/likes")
    assert sum("FROM recording" in statement for statement in sent) == 1
    assert not any("recording.content," in statement for statement in sent), "the bytes stay where they are"
    with statements() as sent:
        browser.send("GET", "/ti/")
    assert not any("FROM recording" in statement for statement in sent)


@pytest.mark.parametrize("name", sounds.EVERY)
def test_a_recording_is_served_as_sound_and_nothing_else(browser, els, name):
    made = kept(els, content=sounds.EVERY[name]())
    path = f"/ti/listen/{made.content_digest}"
    answer = browser.send("GET", path, headers={"Accept-Encoding": "gzip"})
    assert answer.get_data() == sounds.EVERY[name]()
    assert answer.content_type == made.kind.value
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "Set-Cookie" not in answer.headers
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "script-src" not in policy
    again = browser.send("GET", path, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.get_data()) == (304, b"")


def test_phones_ask_for_parts(browser, els):
    path = f"/ti/listen/{kept(els).content_digest}"
    whole = sounds.ogg()
    for asked, body, told in (
        ("bytes=0-1", whole[:2], f"bytes 0-1/{len(whole)}"),
        ("bytes=10-", whole[10:], f"bytes 10-{len(whole) - 1}/{len(whole)}"),
        ("bytes=-5", whole[-5:], f"bytes {len(whole) - 5}-{len(whole) - 1}/{len(whole)}"),
    ):
        answer = browser.send("GET", path, headers={"Range": asked})
        assert (answer.status_code, answer.get_data(), answer.headers["Content-Range"]) == (206, body, told)
    assert browser.send("GET", path, headers={"Range": "bytes=9999999-"}).status_code == 416


def test_only_what_is_kept_is_found(browser, els):
    made = kept(els)
    for path in (
        f"/so/listen/{made.content_digest}", f"/ti/listen/{made.text_digest}", "/ti/listen/x",
        f"/zz/listen/{made.content_digest}", f"/ti/listen/{made.content_digest.upper()}",
    ):  # fmt: skip
        assert browser.send("GET", path).status_code == 404, path
