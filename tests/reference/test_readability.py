"""Hints for plain Dutch."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.reference.readability import LONGEST_SENTENCE, LONGEST_WORD, MOST_SHOWN, hints

LONG = "Wij nodigen u van harte uit om samen met ons en met heel veel andere buren te komen eten."


def test_short_sentences_with_short_words_are_plain():
    assert hints("We drinken koffie. Kom je ook? Iedereen is welkom!").plain
    assert hints("").plain


def test_a_long_sentence_and_a_long_word_are_named_once():
    found = hints(
        f"Kom erbij. {LONG} Het is gezelschapsspelletjesnamiddag. Weer gezelschapsspelletjesnamiddag!"
    )
    assert found.sentences == (LONG,)
    assert found.words == ("gezelschapsspelletjesnamiddag",)
    assert not found.plain


def test_a_line_ends_a_sentence_and_a_name_is_no_long_word():
    assert hints(
        "een twee drie vier vijf zes zeven acht\nnegen tien elf twaalf dertien veertien vijftien zestien"
    ).plain
    assert hints("We gaan naar Heist-op-den-Berg en Sint-Katelijne-Waver.").plain


@pytest.mark.parametrize("mark", [".", "!", "?", "…", '."'])
def test_what_ends_a_sentence(mark):
    half = " ".join(["woord"] * 10)
    assert hints(f"{half}{mark} {half}{mark}").plain


@settings(deadline=None)
@given(st.text(max_size=600))
def test_whatever_is_typed_the_hints_are_part_of_it(text):
    found = hints(text)
    assert len(found.sentences) <= MOST_SHOWN
    assert len(found.words) <= MOST_SHOWN
    assert all(sentence in text for sentence in found.sentences)
    assert all(word in text and len(word) > LONGEST_WORD for word in found.words)
    if len(text.split()) <= LONGEST_SENTENCE and "-" not in text and len(text) <= LONGEST_WORD:
        assert found.plain
