"""Spellings that a person regards as equal fold to one key (the table of the language rules)."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.folding import fold, latin_digits


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("كتاب", "کتاب"),
        ("علي", "علی"),
        ("على", "علي"),
        ("مدرسة", "مدرسه"),
        ("أحمد", "احمد"),
        ("إسلام", "اسلام"),
        ("آسيا", "اسيا"),
        ("سبـــاحة", "سباحة"),
        ("سِبَاحَةٌ", "سباحة"),
        ("می\u200cخوانم", "میخوانم"),
        ("ګل", "گل"),
        ("ёлка", "елка"),
        ("ЁЛКА", "елка"),
        ("ґанок", "ганок"),
        ("сім'я", "сімя"),
        ("сім’я", "сімя"),
        ("Şiir", "siir"),
        ("IŞIK", "ışık"),
        ("ISPARTA", "ısparta"),
        ("İstanbul", "istanbul"),
        ("Łódź", "lodz"),
        ("știință", "stiinta"),
        ("ştiinţă", "știință"),
        ("ፀሓይ", "ጸሓይ"),
        ("ሠናይ", "ሰናይ"),
        ("አነ", "ኣነ"),
        ("Sint-Niklaas", "sint niklaas"),
        ("L’EAU", "l'eau"),
        ("straße", "STRASSE"),
        ("cœur", "coeur"),
        ("  a \u00a0 b\u00ad ", "A B"),
        ("۱۲٣４", "1234"),
        ("\u200fabc\u202c", "abc"),
    ],
)
def test_equal_spellings(one, other):
    assert fold(one) == fold(other) != ""


@pytest.mark.parametrize("word", ["Édith", "ёлка", "أحمد", "şiir", "ነገር", "é", "Hòa", "ö"])
def test_composed_and_decomposed_are_equal(word):
    assert fold(unicodedata.normalize("NFC", word)) == fold(unicodedata.normalize("NFD", word))


@pytest.mark.parametrize(
    ("one", "other"), [("कि", "की"), ("ไก", "ใก"), ("كلب", "قلب"), ("ሰ", "ጸ"), ("lees", "les")]
)
def test_different_words_stay_apart(one, other):
    assert fold(one) != fold(other)


@given(st.text())
def test_a_key_is_its_own_key(text):
    assert fold(fold(text)) == fold(text)


def test_digits_of_every_script_become_latin():
    assert latin_digits("۴۰ ٤٠ ４０ 40 x") == "40 40 40 40 x"
