"""Every kind of letter in every language, sent by a coordinator who works in Dutch (LANGUAGES M1, M2)."""

import re
from datetime import timedelta

import pytest

from app.clock import now, today
from app.db import transaction
from app.i18n import PSEUDO, direction, gettext, speak
from app.letters import LETTERS, Letter
from app.mailer import Composed, compose
from app.services.outbox import tell
from tests import factories
from tests.crawl import basics, isolation, languages
from tests.crawl.basics import RIGHT_TO_LEFT
from tests.crawl.isolation import ARABIC, LEFT_TO_RIGHT, NEWCOMER, SPAN, VOLUNTEER, WORDS
from tests.crawl.tree import Node, Tree

pytestmark = pytest.mark.sqlite  # no database has a say in words

PHONE, EMAIL, LINK = "+32470123456", "zoe@example.be", "http://localhost/ar/my-track"
FACTS = {
    "name": NEWCOMER, "other": VOLUNTEER, "municipality": "Sint-Katelijne-Waver", "contact": VOLUNTEER,
    "caller": VOLUNTEER, "insurer": WORDS, "newcomer_insurer": WORDS, "buddies": 3, "what": WORDS, "where": WORDS, "note": WORDS, "organisation": WORDS, "activity": WORDS, "network_name": "Rivierenland",
    "phone": PHONE, "email": EMAIL, "link": LINK, "report": LINK, "role": "newcomer", "reason": "wrong_date",
    "counts": {"call-buddy": 2, "silent": 3}, "about_hours": 2, "looks_back": True, "oldest": now().isoformat(),
    "before": today().isoformat(), "until": today().isoformat(), "day": today().isoformat(),
    "when": (now() + timedelta(days=3)).isoformat(), "weeks": 2, "minutes": 150, "asked": 45,
    "people": 3, "days": [now().isoformat()],
    "reasons": [
        {"code": "interests", "facts": {"common": ["cooking"]}},
        {"code": "availability", "facts": {"common": ["sat-morning"]}},
        {"code": "languages", "facts": {"common": ["fr"]}},
    ],
}  # fmt: skip
# Whose letters no other language of the site uses, so that a sentence in another one is seen.
SCRIPTS = {
    "ar": "\u0600-\u06ff", "fa": "\u0600-\u06ff", "ps": "\u0600-\u06ff", "uk": "\u0400-\u04ff", "ru": "\u0400-\u04ff",
    "ti": "\u1200-\u137f",
}  # fmt: skip


def sentences(letter: Letter) -> list[str]:
    """All that the letter says in words of ours; "E-mail: ..." is the same in several languages."""
    said = [letter.subject, *letter.paragraphs, letter.action, *letter.closing]
    return [text for text in said if text and text != WORDS and EMAIL not in text]


def spoken(kind: str, tag: str) -> Letter:
    with speak(tag):
        return LETTERS[kind](FACTS)


def sent(kind: str, tag: str, *, newcomer: bool = True) -> Composed:
    """The letter to somebody who reads that language, while the page of the sender is in Dutch."""
    with speak("nl"):
        return compose(kind, locale=tag, facts=FACTS, also_dutch=newcomer)


def without_isolates(text: str) -> str:
    return re.sub("[\u2066\u2068\u2069]", "", text)


def in_dutch(tree: Tree) -> list[Node]:
    return tree.find("div", cls="in-dutch")


@pytest.mark.parametrize("kind", LETTERS)
def test_letter_is_in_the_language_of_who_gets_it(site, kind):
    for tag in languages.TAGS:
        message = sent(kind, tag)
        tree = Tree(message.html)
        assert (tree.lang, tree.root.get("dir")) == (tag, direction(tag))
        with speak(tag):
            assert without_isolates(message.subject) == without_isolates(LETTERS[kind](FACTS).subject)
            assert gettext("You get this message because you take part in Samenspoor.") in message.html
        assert basics.nested(tree) + languages.no_marks_left(tree) + languages.nothing_missing(tree) == [], (
            tag
        )
        assert basics.loads_nothing(tree) == [], tag
        assert not languages.PRIVATE_USE.search(message.subject + message.text), tag


@pytest.mark.parametrize("kind", LETTERS)
def test_no_sentence_is_in_another_language(site, kind):
    dutch, english = sentences(spoken(kind, "nl")), sentences(spoken(kind, "en"))
    for tag in languages.TAGS:
        own = sentences(spoken(kind, tag))
        assert tag == "nl" or not set(own) & set(dutch), tag
        assert tag == "en" or not set(own) & set(english), tag
        if tag in SCRIPTS:
            assert [
                text for text in own if not re.search(f"[{SCRIPTS[tag]}]", text.replace(ARABIC, ""))
            ] == [], tag


@pytest.mark.parametrize("kind", LETTERS)
def test_every_sentence_reaches_the_translators(site, kind):
    for text in sentences(spoken(kind, PSEUDO)):
        assert not basics.LETTERS.search(basics.without_marked(text)), text


@pytest.mark.parametrize("kind", LETTERS)
def test_dutch_stands_below_for_newcomers_and_for_nobody_else(site, kind):
    last = sentences(spoken(kind, "nl"))[-1]
    for tag in languages.TAGS:
        message = sent(kind, tag)
        below = in_dutch(Tree(message.html))
        assert [(part.get("lang"), part.get("dir")) for part in below] == (
            [] if tag == "nl" else [("nl", "ltr")]
        )
        assert all(without_isolates(last) in without_isolates(part.text) for part in below)
        assert message.text.count("\n\n----\n\n") == len(below)
        assert without_isolates(last) in without_isolates(message.text), tag
        other = sent(kind, tag, newcomer=False)
        assert not in_dutch(Tree(other.html))
        assert "----" not in other.text


@pytest.mark.parametrize("kind", LETTERS)
def test_plain_text_says_what_the_page_says(site, kind):
    for tag in ("nl", "ar", "ti"):
        message = sent(kind, tag)
        read = " ".join(Tree(message.html).find("body")[0].text.split())
        for line in message.text.split("\n"):
            words = " ".join(line.split()).rstrip(":")
            assert words in ("----", "") or words in read, words


@pytest.mark.parametrize("kind", LETTERS)
@pytest.mark.parametrize("tag", sorted(RIGHT_TO_LEFT))
def test_names_and_figures_keep_their_order_from_right_to_left(site, kind, tag):
    message = sent(kind, tag)
    tree = Tree(message.html)
    assert isolation.own_words_isolated(tree) + isolation.figures_left_to_right(tree) == []
    own = message.text.split("\n\n----\n\n")[0]
    bare = SPAN.sub("", f"{message.subject}\n{own}")
    # an address on a line of its own begins that line, which then runs from left to right
    bare = "\n".join(line for line in bare.split("\n") if not line.startswith("http"))
    assert not LEFT_TO_RIGHT.search(bare)
    assert not re.search("Zoë|wörden", bare)


def test_the_outbox_writes_in_the_language_of_the_person_and_adds_dutch_for_newcomers(site):
    facts = {key: value for key, value in FACTS.items() if key != "name"}
    for make, parts in ((factories.newcomer, 2), (factories.buddy, 1)):
        for tag in languages.TAGS:
            person = make(name=NEWCOMER, locale=tag).person
            with transaction(), speak("nl"):
                message = tell(person, "duo-ended", **facts)
            expected = compose("duo-ended", locale=tag, facts=FACTS, also_dutch=parts == 2)
            assert (message.subject, message.text, message.html) == (
                expected.subject,
                expected.text,
                expected.html,
            )
            assert len(message.text.split("\n\n----\n\n")) == (1 if tag == "nl" else parts)


def test_arabic_name_in_a_dutch_letter_is_kept_apart_and_a_latin_one_is_left_alone(site):
    facts = {**FACTS, "name": NEWCOMER, "other": VOLUNTEER, "contact": "Marleen"}
    said = compose("hours-corrected", locale="nl", facts=facts, also_dutch=False)
    assert f"\u2068{NEWCOMER}\u2069" in said.text
    assert "\nMarleen " in said.text


def test_a_telephone_number_in_a_dutch_letter_is_sent_as_it_is(site):
    said = compose("duo-contact-shared", locale="nl", facts=FACTS, also_dutch=False)
    assert "+32 470 12 34 56" in said.text
    assert "\u2066" not in said.text
