"""What people write is understood in fourteen languages, and nothing is made of what means nothing."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.folding import fold
from matching.interests import INTERESTS
from matching.understanding import build, lexicon, meaning, measure, storage, understand
from matching.understanding.lookup import without_training
from matching.understanding.meaning import affirmed

GOAL_ALL, GOAL_EACH, MOST_WRONG = 0.93, 0.85, 0.10


@pytest.fixture(scope="module", autouse=True)
def model():
    build()
    storage._exact(lexicon.FOLDER)
    return storage.current()


def tags(text, language="und"):
    return " ".join(one.tag for one in understand(text, language))


def tallies(model, name):
    return {
        tag: measure.tally(model, tag, [one for one in measure.labelled(tag) if one.group == name])
        for tag in measure.languages()
    }


def test_the_goals_hold_on_phrases_that_nobody_looked_at(model):
    judged = tallies(model, "judge")
    assert set(judged) == set(lexicon.languages())
    total = measure.added(judged.values())
    assert total.first / total.meaning >= GOAL_ALL
    assert min(one.first / one.meaning for one in judged.values()) >= GOAL_EACH
    assert total.wrong / (total.meaning + total.empty) <= MOST_WRONG
    assert total.twice_wrong <= 3
    assert total.left_alone / total.empty >= 0.95


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("ik ga graag zwemmen met mijn kinderen", "nl", "swimming children-family"),
        ("طبخ", "ar", "cooking"),
        ("люблю готувати", "uk", "cooking"),
        ("люблю готувати", "und", "cooking"),
        ("اُحِبُّ السِّبَاحَةَ", "ar", "swimming"),
        ("kitap okumayi seviyorum", "tr", "reading"),
        ("lubie gotowac", "pl", "cooking"),
        ("voetballen, schaken", "nl", "football chess"),
        # in another language than that of the page
        ("j'aime la natation et la cuisine", "nl", "swimming cooking"),
        ("أحب كرة القدم", "nl-BE", "football"),
        # of a page in a language that the lexicon does not have
        ("ik kan goed zwemmen", "sv", "swimming"),
        ("zzqxwvk", "sv", ""),
        ("voetballen en schaken", "x-pseudo", "football chess"),
        # a word of another language that is a small word here
        ("je marche dans la ville", "fr", "walking city-discovery"),
        ("dans", "nl", "dancing"),
    ],
)
def test_phrases(text, language, expected):
    assert set(tags(text, language).split()) == set(expected.split())


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("ik hou niet van voetbal", "nl"),
        ("ik hou niet van voetbal", "und"),
        ("geen voetbal, schaken", "nl"),
        ("I don't like swimming", "en"),
        ("futbolu sevmiyorum", "tr"),
        ("لا أحب السباحة", "ar"),
        ("goeiedag", "nl"),
        ("xqzt wrrfl", "und"),
        ("", "nl"),
        ("... 👍", "ar"),
    ],
)
def test_nothing_rather_than_something_wrong(text, language):
    assert tags(text, language) == ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ik hou niet van voetbal maar wel van zwemmen", "swimming"),
        ("geen voetbal. Ik ga graag zwemmen", "swimming"),
        ("geen voetbal, ik ga wel graag zwemmen met vrienden", "swimming"),
        ("zwemmen, maar geen voetbal", "swimming"),
    ],
)
def test_a_no_reaches_no_farther_than_it_is_meant(text, expected):
    assert tags(text, "nl") == expected


def test_a_phrase_of_the_lexicon_may_hold_a_no(model):
    words = ["nooit", "een", "match", "missen"]
    negation = model.negations["nl"]
    assert list(affirmed([words], negation, {})) == []
    assert list(affirmed([words], negation, {" ".join(words): 0})) == [(0, 4)]
    assert list(affirmed([words], None, {})) == [(0, 4)]


def test_every_phrase_of_the_lexicon_is_understood_alone():
    for one in lexicon.read():
        for phrase, number in list(one.phrases.items())[::12]:
            assert tags(phrase, one.tag) == INTERESTS[number], (one.tag, phrase)


LABELLED = [
    (tag, one.phrase) for tag in measure.languages() for one in measure.labelled(tag) if one.group == "tune"
]


@settings(max_examples=60)
@given(st.sampled_from(LABELLED), st.sampled_from(["upper", "NFD", "NFC", "accents", "spaces"]))
def test_case_and_accents_change_nothing(labelled, change):
    language, phrase = labelled
    other = {
        "upper": phrase.upper(),
        "NFD": unicodedata.normalize("NFD", phrase),
        "NFC": unicodedata.normalize("NFC", phrase),
        "accents": phrase.replace("a", "a\u0301"),
        "spaces": f"  {phrase.replace(' ', '  ')}\u00a0",
    }[change]
    if fold(other) == fold(phrase):  # capitals of a few letters cannot be undone, as in ŉ
        assert understand(other, language) == understand(phrase, language)


TEXTS = st.text(max_size=120) | st.lists(st.sampled_from(LABELLED), max_size=4).map(
    lambda many: ", ".join(phrase for _, phrase in many)
)


@settings(max_examples=120)
@given(TEXTS, st.sampled_from([*lexicon.languages(), "und", "x-pseudo", "", "-", "NL-be"]), st.booleans())
def test_never_raises_sorted_and_known(text, language, learned):
    known = storage.current() if learned else storage._exact(lexicon.FOLDER)
    found = meaning.understand(known, text, language)
    scores = [one.score for one in found]
    assert scores == sorted(scores, reverse=True)
    assert all(0.5 <= score <= 1 for score in scores)
    assert {one.tag for one in found} <= set(INTERESTS)
    assert len({one.tag for one in found}) == len(found)


def test_a_text_without_end_is_read_from_its_beginning():
    assert tags("zwemmen " * 100_000, "nl") == "swimming"


def test_without_training_phrases_are_looked_up():
    exact = without_training(lexicon.read())
    assert [one.tag for one in meaning.understand(exact, "koken, fietsen en lezen", "nl")] == [
        "cooking", "cycling", "reading"
    ]  # fmt: skip
    assert [one.tag for one in meaning.understand(exact, "natation", "uk")] == ["swimming"]
    assert meaning.understand(exact, "kookavonturen", "nl") == ()
    assert meaning.understand(exact, "ik hou niet van koken", "nl") == ()
