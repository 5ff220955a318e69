"""Hints for plain Dutch: sentences and words that are long for who learns the language (CEFR A2).

The bounds are those of plain-language guidance for readers of Dutch as a second language: at most fifteen words in a
sentence, and few words of more than twelve letters. Hints help who writes; nothing is refused for them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

LONGEST_SENTENCE: Final = 15
LONGEST_WORD: Final = 12
MOST_SHOWN: Final = 5

_ENDS: Final = re.compile(r"(?<=[.!?…])[\"')\]]*\s+|\n+")
_WORD: Final = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")


@dataclass(frozen=True, slots=True)
class Hints:
    """What is long in a text: sentences (as written) and words (each once), in order, the first few of each."""

    sentences: tuple[str, ...]
    words: tuple[str, ...]

    @property
    def plain(self) -> bool:
        """Whether there is nothing to say."""
        return not self.sentences and not self.words


def hints(text: str) -> Hints:
    """What could be shorter in that text; a name with capitals inside a sentence is not counted as a long word."""
    sentences = [part.strip() for part in _ENDS.split(text) if part and part.strip()]
    long = [sentence for sentence in sentences if len(_WORD.findall(sentence)) > LONGEST_SENTENCE]
    words = dict.fromkeys(
        word
        for sentence in sentences
        for at, word in enumerate(_WORD.findall(sentence))
        if len(word) > LONGEST_WORD and (at == 0 or word[:1].islower())
    )
    return Hints(tuple(long[:MOST_SHOWN]), tuple(list(words)[:MOST_SHOWN]))
