"""The lexicon holds what is promised, and one that does not is refused with file, line and column."""

from collections import Counter

import pytest

from matching.folding import fold
from matching.interests import INTERESTS
from matching.tables import TableError
from matching.understanding import lexicon, measure
from tests.matching.lexicons import append, copy_of

FOURTEEN = ("ar", "en", "es", "fa", "fr", "nl", "pl", "ps", "ro", "ru", "so", "ti", "tr", "uk")


@pytest.fixture(scope="module")
def languages():
    return {one.tag: one for one in lexicon.read()}


def test_the_fourteen_languages_of_the_site_are_there(languages):
    assert set(languages) >= set(FOURTEEN)


@pytest.mark.parametrize("tag", FOURTEEN)
def test_enough_phrases_of_each_interest_and_of_none(languages, tag):
    found = languages[tag]
    counts = Counter(found.phrases.values())
    assert len(counts) == len(INTERESTS)
    assert min(counts.values()) >= 20
    assert len(found.nothing) >= 40
    assert found.negation.words
    assert found.negation.turns


@pytest.mark.parametrize("tag", FOURTEEN)
def test_labelled_phrases_are_no_copy_of_the_lexicon(languages, tag):
    sentences = [one for one in measure.labelled(tag) if len(fold(one.phrase).split()) > 3]
    copied = [one.phrase for one in sentences if fold(one.phrase) in languages[tag].phrases]
    assert len(copied) <= len(sentences) // 20


@pytest.mark.parametrize(
    ("file", "line", "told"),
    [
        (
            "nl.csv",
            "church,kerk",
            "nl.csv, line {n}, column tag: expected one of the interests, found 'church'",
        ),
        (
            "nl.csv",
            "swimming,VOETBAL",
            "nl.csv, line {n}, column phrase: expected a phrase of one interest only",
        ),
        ("nl.csv", "swimming,!?", "nl.csv, line {n}, column phrase: expected a phrase with letters"),
        ("nl.csv", "swimming", "nl.csv, line {n}: expected 2 cells"),
        ("none/nl.csv", "a,b", "none/nl.csv, line {n}: expected 1 cells"),
        (
            "negation/nl.csv",
            "nor,noch",
            "negation/nl.csv, line {n}, column kind: expected not or but, found 'nor'",
        ),
        ("none/so.csv", "wrong", "none/so.csv, line 1: expected the header phrase"),
        ("NL.csv", "tag,phrase", "NL.csv: expected a file named by a language tag such as nl.csv"),
    ],
)
def test_a_wrong_lexicon_is_refused(tmp_path, file, line, told):
    folder = copy_of(tmp_path, "nl", "so")
    if file == "none/so.csv":
        (folder / file).unlink()
    append(folder / file, line)
    number = len((folder / file).read_text(encoding="utf-8").splitlines())
    with pytest.raises(TableError) as refused:
        lexicon.read(folder)
    assert str(refused.value).startswith(f"{tmp_path}/{told.format(n=number)}")


def test_a_lexicon_of_other_bytes_is_refused(tmp_path):
    (copy_of(tmp_path, "nl") / "none" / "nl.csv").write_bytes(b"phrase\nk\xe9\n")
    with pytest.raises(TableError, match="expected text in UTF-8"):
        lexicon.read(tmp_path)


def test_a_lexicon_without_languages_or_without_an_interest_is_refused(tmp_path):
    with pytest.raises(TableError, match="expected 1 to 64 files"):
        lexicon.read(tmp_path)
    append(tmp_path / "nl.csv", "tag,phrase", "swimming,zwemmen")
    with pytest.raises(TableError, match="expected a phrase for football, running"):
        lexicon.read(tmp_path)


@pytest.mark.parametrize(
    ("tag", "words", "negates"),
    [
        ("nl", "ik hou niet van voetbal", True),
        ("nl", "ik hou van nieten", False),
        ("tr", "yüzmeyi sevmiyorum", True),
        ("tr", "yüzmeyi seviyorum", False),
        ("ti", "ኣይፈትውን", True),
        ("ar", "مابحبش", True),
        ("fa", "دوست نمی‌دارم", True),
    ],
)
def test_words_that_say_no(languages, tag, words, negates):
    assert bool(languages[tag].negation.negates(fold(words).split())) is negates


def test_a_language_may_have_no_negations_yet(tmp_path):
    (copy_of(tmp_path, "nl") / "negation" / "nl.csv").unlink()
    assert not lexicon.read(tmp_path)[0].negation.negates(["niet"])


def test_the_fingerprint_tells_every_change(tmp_path):
    folder = copy_of(tmp_path, "nl")
    marks = {lexicon.fingerprint(folder)}
    append(folder / "nl.csv", "swimming,pootjebaden")
    marks.add(lexicon.fingerprint(folder))
    (folder / "none" / "nl.csv").rename(folder / "none" / "af.csv")
    marks.add(lexicon.fingerprint(folder))
    marks.add(lexicon.fingerprint(folder, folder / "nl.csv"))
    assert len(marks) == 4
