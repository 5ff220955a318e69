"""The first lexicon names interests from phrases, and says nothing rather than something wrong."""

import csv
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.reference.folding import fold
from app.reference.interests import INTEREST_SLUGS
from app.reference.lexicon import FOLDER, LANGUAGES, LONGEST_RUN, tags_in


def rows(language):
    with (FOLDER / f"{language}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.mark.parametrize("language", LANGUAGES)
def test_at_least_ten_phrases_per_interest_and_no_phrase_twice(language):
    keys = Counter(fold(row["phrase"]) for row in rows(language))
    assert max(keys.values()) == 1
    assert max(len(key.split()) for key in keys) <= LONGEST_RUN
    counts = Counter(row["tag"] for row in rows(language))
    assert set(counts) == set(INTEREST_SLUGS)
    assert min(counts.values()) >= 10


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_phrase_of_the_lexicon_is_found_alone(language):
    for row in rows(language):
        assert tags_in(row["phrase"], language) == (row["tag"],), row


@pytest.mark.parametrize(
    ("phrase", "locale", "tags"),
    [
        ("ik ga graag zwemmen met mijn kinderen", "nl", "swimming children-family"),
        ("Wandelen in het bos, met de hond!", "nl", "walking nature animals"),
        ("FIETSEN en fiets herstellen", "nl", "cycling diy-repair"),
        ("J’aime l’informatique et jouer de la guitare", "fr", "computers playing-instrument"),
        ("j'aime me promener en foret", "fr", "walking nature"),
        ("I'd like to find work and practise Dutch", "en", "job-search languages-conversation"),
        ("طبخ", "ar", "cooking"),
        ("أحب أن أطبخ مع أصدقائي يوم السبت", "ar", "cooking"),
        ("أحب السباحة والقراءة", "ar", "swimming reading"),
        ("سباحة وطبخ", "ar", "swimming cooking"),
        ("اُحِبُّ السِّبَاحَةَ", "ar", "swimming"),
        ("چای و کتاب", "fa", "reading"),
        # written in another language than that of the page, or the page's unknown
        ("J'aime la natation et la cuisine", "nl", "swimming cooking"),
        ("natation", "uk", "swimming"),
        ("المشي في الطبيعة مع أولادي", "nl", "walking nature children-family"),
        ("koken, fietsen, lezen", None, "cooking cycling reading"),
        ("voetballen en schaken", "ar-SY", "football chess"),
    ],
)
def test_phrases(phrase, locale, tags):
    assert " ".join(tags_in(phrase, locale)) == tags


@pytest.mark.parametrize(
    ("phrase", "locale"),
    [
        ("ik hou niet van voetbal", "nl"),
        ("geen sport", "nl"),
        ("I don't like football", "en"),
        ("je ne veux pas nager", "fr"),
        ("لا أحب السباحة", "ar"),
        ("ik hou niet van voetbal", "en"),
        ("people are kind", "en"),
        ("goeiedag", "nl"),
        ("люблю готувати", "uk"),
        ("", "nl"),
        ("...", None),
    ],
)
def test_nothing_rather_than_something_wrong(phrase, locale):
    assert tags_in(phrase, locale) == ()


def test_an_interest_is_named_once():
    assert tags_in("zwemmen, zwembad en nog eens zwemmen", "nl") == ("swimming",)


@given(st.text(max_size=600), st.sampled_from([None, "nl", "ar", "uk", "x-pseudo", ""]))
def test_never_raises_and_gives_known_slugs(phrase, locale):
    assert set(tags_in(phrase, locale)) <= set(INTEREST_SLUGS)
