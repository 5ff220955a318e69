"""In which language something was probably written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.i18n import LANGUAGES
from app.reference.writing import in_latin_letters, language_of

OWN_WORDS = {
    "nl": "Ik kook graag.", "en": "I like to cook.", "fr": "J'aime cuisiner.", "ar": "أحب الطبخ", "tr": "Yemek yapmayı severim",
    "uk": "Люблю готувати їжу", "ru": "Люблю готовить", "fa": "آشپزی را دوست دارم", "ps": "پخلی مې خوښېږي", "ti": "ምብሳል ይፈቱ",
    "so": "Waxaan jeclahay karinta", "es": "Me gusta cocinar", "pl": "Lubię gotować", "ro": "Îmi place să gătesc",
}  # fmt: skip


def test_own_words_on_the_own_page_keep_its_language():
    assert set(OWN_WORDS) == {language.tag for language in LANGUAGES}
    for tag, words in OWN_WORDS.items():
        assert language_of(words, tag) == tag


@pytest.mark.parametrize(
    ("words", "page", "language"),
    [
        ("Ik help graag.", "ar", "und"),
        ("Yemek yapmayı severim", "ar", "tr"),
        ("Lubię gotować", "uk", "pl"),
        ("أحب الطبخ", "nl", "und"),
        ("پخلی مې خوښېږي", "nl", "ps"),
        ("پخلی مې خوښېږي", "fa", "ps"),
        ("آشپزی را دوست دارم", "ar", "ar"),
        ("Люблю готувати їжу", "ru", "uk"),
        ("Мы любим готовить", "uk", "ru"),
        ("Мы ёлка їжа", "uk", "und"),
        ("ምብሳል ይፈቱ", "en", "und"),
        ("Μου αρέσει", "nl", "el"),
        ("ⵜⴰⵎⴰⵣⵉⵖⵜ", "fr", "ber"),
        ("خوراک IKEA", "fa", "fa"),
        ("123 !?", "ti", "ti"),
        ("", "ps", "ps"),
    ],
)
def test_letters_that_contradict_the_page(words, page, language):
    assert language_of(words, page) == language


@given(st.text(max_size=40), st.sampled_from(sorted(OWN_WORDS)))
def test_any_text_has_an_answer(words, page):
    assert language_of(words, page)


@pytest.mark.parametrize(
    ("name", "latin"),
    [("Nguyễn", True), ("O'Brien-Ş 2", True), ("", True), ("Selam ሰላም", False), ("Олена", False)],
)
def test_latin_letters(name, latin):
    assert in_latin_letters(name) is latin
