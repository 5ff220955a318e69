"""What the model sees of a phrase: words, pieces of words and pairs of words, each as a number of 32 bits.

Pieces of two to four letters carry inflected forms, unknown compounds and typing slips; pieces of a word without its
vowels carry spellings by ear and vowels left out; its letters in alphabetical order carry swapped ones. A key is the CRC-32 of the text of a feature: the same on every
machine and in every process, unlike Python's own hash.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import groupby, pairwise
from typing import Final
from zlib import crc32

from matching.folding import fold

LONGEST_TEXT: Final = 1000
"""Characters of a text that are read; what comes after is ignored."""
PIECES: Final = (2, 3, 4)
BONES: Final = 3
SHORTEST_SWAPPED: Final = 5
OWN: Final = 2
"""How often a word counts as a word of its language, beside counting as one of any."""

_VOWELS: Final = frozenset("aeiouyаеиоуыэюяієїاویه")
_ETHIOPIC: Final = range(0x1200, 0x1380)

_CLAUSE_ENDS: Final = re.compile(r"[.,;:!?…/|+&()\[\]\n\r\t•·؟،؛۔።፣፤፥፧]+|\s[-\u2013\u2014*]+\s")


def clauses(text: str) -> list[list[str]]:
    """The folded words of a text (its first thousand characters), parted where a sign ends a clause."""
    parts = (fold(part).split() for part in _CLAUSE_ENDS.split(text[:LONGEST_TEXT]))
    return [words for words in parts if words]


def skeleton(word: str) -> str:
    """A word without its vowels, which writers mix up or leave out; doubled letters once.

    In Ethiopic, where a letter is a consonant with its vowel, each letter in its first form.
    """
    bases = (chr(ord(letter) & ~7) if ord(letter) in _ETHIOPIC else letter for letter in word)
    return "".join(letter for letter, _ in groupby(letter for letter in bases if letter not in _VOWELS))


@lru_cache(maxsize=2000)
def word_keys(word: str) -> tuple[int, ...]:
    """The keys of a folded word in any language: the word, its pieces, and its letters in order."""
    marked = f"<{word}>"
    pieces = [marked[i : i + n] for n in PIECES if n < len(marked) for i in range(len(marked) - n + 1)]
    bones = f"<{skeleton(word)}>"
    pieces += [f"#{bones[i : i + BONES]}" for i in range(len(bones) - BONES + 1)]
    if len(bones) > BONES + 2:
        pieces.append(f"#{bones}")
    if len(word) >= SHORTEST_SWAPPED:
        pieces.append(f"~{word[0]}{''.join(sorted(word[1:]))}")
    return tuple(crc32(piece.encode()) for piece in (f"={word}", *pieces))


def own_key(word: str, language: str) -> int:
    """The key of a word as a word of that language: "les" is a lesson in Dutch and an article in French."""
    return crc32(f"{language}={word}".encode())


def pair_key(first: str, second: str) -> int:
    """The key of two words next to each other."""
    return crc32(f"{first} {second}".encode())


def phrase_keys(words: Sequence[str], language: str) -> list[int]:
    """All keys of a phrase in a language, repeated ones repeated."""
    keys = [key for word in words for key in word_keys(word)]
    keys += [own_key(word, language) for word in words for _ in range(OWN)]
    return keys + [pair_key(*two) for two in pairwise(words)]
