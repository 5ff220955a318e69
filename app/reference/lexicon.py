"""First lexicon: from a phrase in a person's own words to the interests it plainly names.

An exact look-up, after folding, of runs of one to four words; the longest run wins and is used once. What
is not plain stays without a tag: a phrase that says no to something, and a word that means different
interests in different languages when the language is not known.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from app.reference.folding import fold

FOLDER: Final = Path(__file__).parent / "lexicon"
LANGUAGES: Final = ("nl", "en", "fr", "ar")
LONGEST_RUN: Final = 4
LONGEST_PHRASE: Final = 500
"""Characters that are read; what comes after is ignored."""

# Small words tell in which language a phrase is written; those that two of the languages share are left out.
_SMALL_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "nl": "ik graag met mijn hou van het een ga naar doe wil ook vind leuk fijn kan samen maar voor op bij"
        " heel veel soms vaak altijd wij zijn heb houden zou willen dag",
        "en": "i like love the and my with to enjoy am is are want would also for of at every often"
        " sometimes always very much have really going some people when",
        "fr": "je j aime adore le les des du mes mon avec et une pour faire suis vais l d dans souvent"
        " toujours beaucoup aussi nous bien voudrais veux parfois au aux",
        "ar": "احب انا مع في من على الى اريد جدا كثيرا ايضا دائما احيانا يوم عن بعض هوايتي هواياتي",
    }
)
_NEGATIONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "nl": "niet geen nooit zonder haat",
        "en": "not no t never without hate dislike dont cannot nothing",
        "fr": "pas jamais sans aucun aucune ni deteste rien",
        "ar": "لا لم لن ليس لست ما مو مش بدون اكره",
    }
)
# The article, alone or joined to "and", "with", "so", "like" or "for"; longest first.
_ARTICLES: Final = tuple(map(fold, ("وبال", "وال", "بال", "فال", "كال", "ولل", "لل", "ال")))
_SHORTEST_STEM: Final = 3


def _bare(word: str) -> str:
    """Return an Arabic word without its article; any other word as it is."""
    for article in _ARTICLES:
        if word.startswith(article) and len(word) - len(article) >= _SHORTEST_STEM:
            return word[len(article) :]
    return word


def _key(phrase: str) -> str:
    return " ".join(map(_bare, fold(phrase).split()))


@lru_cache(maxsize=8)
def _lexicon(language: str) -> Mapping[str, str]:
    """Return the tag of each folded phrase of a language."""
    with (FOLDER / f"{language}.csv").open(encoding="utf-8", newline="") as lines:
        return {_key(row["phrase"]): row["tag"] for row in csv.DictReader(lines)}


@lru_cache(maxsize=16)
def _joined(languages: tuple[str, ...]) -> Mapping[str, str]:
    """Return the phrases of several languages, without those that mean different interests in them."""
    tags: dict[str, set[str]] = {}
    for language in languages:
        for key, tag in _lexicon(language).items():
            tags.setdefault(key, set()).add(tag)
    return {key: found.pop() for key, found in tags.items() if len(found) == 1}


@lru_cache(maxsize=8)
def _words(language: str) -> frozenset[str]:
    """Return every word that occurs in the lexicon of a language."""
    return frozenset(word for key in _lexicon(language) for word in key.split())


@lru_cache(maxsize=8)
def _folded_set(words: str) -> frozenset[str]:
    return frozenset(fold(words).split())


def _split_and(word: str) -> str:
    """Return an Arabic word without the joined "and" (و), unless the word with it is known."""
    if word.startswith("و") and word not in _words("ar") and word[1:] in _words("ar"):
        return word[1:]
    return word


def _written_in(words: list[str]) -> tuple[str, ...]:
    """Return the languages whose small words occur most often in a phrase; none when there are none."""
    hits = {
        language: sum(
            word in _folded_set(_SMALL_WORDS[language]) or word in _folded_set(_NEGATIONS[language])
            for word in words
        )
        for language in LANGUAGES
    }
    most = max(hits.values())
    return tuple(language for language in LANGUAGES if most and hits[language] == most)


def _runs(words: list[str], phrases: Mapping[str, str]) -> Iterator[str]:
    """Yield the tags of the longest known runs of words, from the beginning on, each word used once."""
    start = 0
    while start < len(words):
        for length in range(LONGEST_RUN, 0, -1):
            tag = phrases.get(" ".join(words[start : start + length]))
            if tag and start + length <= len(words):
                yield tag
                start += length
                break
        else:
            start += 1


def tags_in(phrase: str, locale: str | None = None) -> tuple[str, ...]:
    """Return the slugs of the interests that a phrase names, in the order it names them; maybe none.

    `locale` is the language of the page, not necessarily that of the phrase: a phrase that stands in the
    lexicon of the locale as it is counts first, then small words (graag, with, avec) decide, then the
    locale, then any language. "ik ga graag zwemmen met mijn kinderen" gives swimming and children-family.
    Never raises.
    """
    folded = fold(phrase[:LONGEST_PHRASE]).split()
    written = _written_in(folded)
    own = (locale or "").split("-")[0]
    likely = (own,) if own in (written or LANGUAGES) else written or LANGUAGES
    words = [_split_and(_bare(word)) for word in folded]
    if own in LANGUAGES and (whole := _lexicon(own).get(" ".join(words))):
        return (whole,)
    for languages in dict.fromkeys((likely, written or LANGUAGES)):
        if any(word in _folded_set(_NEGATIONS[language]) for language in languages for word in folded):
            return ()
        if tags := tuple(dict.fromkeys(_runs(words, _joined(languages)))):
            return tags
    return ()
