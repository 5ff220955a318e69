"""How well each run of words names each interest, by the arrays of the model."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from matching.understanding.features import OWN, own_key, pair_key, word_keys
from matching.understanding.model import UNIT, Model

LONGEST_RUN: Final = 7
"""Words; the lexicon's phrases have no more."""
PRIOR: Final = 0.25
"""What the language of the page adds to the share of a text that a language knows."""
EXACT: Final = 1.0
"""What a run adds to its worth when the lexicon has it exactly."""

Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Run:
    """Words from `start` up to before `end`, the number of the interest they name best, and how well."""

    start: int
    end: int
    interest: int
    worth: float


class Sight:
    """A text of n folded words as the model sees it."""

    def __init__(self, model: Model, words: list[str]) -> None:
        self.model = model
        self.words = words
        keys = [word_keys(word) for word in words]
        self.sizes = np.fromiter(map(len, keys), np.int64, len(keys))
        self.places, self.known = self._find(
            np.array([key for of_word in keys for key in of_word], np.uint32)
        )

    def language(self, own: str) -> str:
        """The language that knows the largest share of words and pieces; `own` has the benefit of the doubt."""
        arrays, languages = self.model.arrays, self.model.languages
        found = self.places[self.known]
        rarity = arrays.idf[found].astype(np.int64)
        bits = arrays.languages[found][:, None] >> np.arange(len(languages), dtype=np.uint64) & np.uint64(1)
        shares = (bits.astype(np.int64) * rarity[:, None]).sum(axis=0) / max(1, int(rarity.sum()))
        shares += [PRIOR * (tag == own) for tag in languages]
        best = int(shares.argmax())
        return languages[best] if shares[best] > 0 else own

    def runs(self, stretches: Iterable[tuple[int, int]], language: str) -> Iterator[Run]:
        """Every run of up to seven words within stretches (first word, behind the last) of a text in a language."""
        says, lengths = self._words(language)
        pairs, pair_lengths = self._pairs()
        own = self._own(language)
        for start, end in stretches:
            total, length = says[start:end], lengths[start:end]
            for size in range(1, min(LONGEST_RUN, end - start) + 1):
                if size > 1:
                    inner = slice(start + size - 2, end - 1)
                    total = total[:-1] + says[start + size - 1 : end] + pairs[inner]
                    length = length[:-1] + lengths[start + size - 1 : end] + pair_lengths[inner]
                worth = (total / np.sqrt(np.maximum(length, 1))[:, None] + self.model.arrays.bias) / UNIT
                for place, row in enumerate(worth, start):
                    exact = self._exact(place, place + size, language, own)
                    if exact is not None:
                        row[exact] += EXACT
                    best = int(row.argmax())
                    yield Run(place, place + size, best, float(row[best]))

    def _find(self, keys: NDArray[np.uint32]) -> tuple[Integers, NDArray[np.bool_]]:
        """The rows of keys in the model, and whether they are there at all."""
        rows = np.searchsorted(self.model.arrays.keys, keys)
        rows[rows == len(self.model.arrays.keys)] = 0
        return rows, self.model.arrays.keys[rows] == keys

    def _weigh(self, rows: Integers, known: NDArray[np.bool_]) -> tuple[Integers, Integers]:
        """What features say (…, 40), in 1/32 and times their rarity, and their rarity; zero where not known."""
        arrays = self.model.arrays
        rarity = np.where(known, arrays.idf[rows], 0).astype(np.int64)
        return arrays.weights[rows] * rarity[:, None], rarity

    def _words(self, language: str) -> tuple[Integers, Integers]:
        """What each word says (n, 40), and the square of its length (n,)."""
        says, rarity = self._weigh(self.places, self.known)
        squares = np.where(self.known, rarity, self.model.unseen) ** 2
        starts = np.cumsum(self.sizes) - self.sizes
        of_words, of_lengths = np.add.reduceat(says, starts), np.add.reduceat(squares, starts)
        own = np.array([own_key(word, language) for word in self.words], np.uint32)
        says, rarity = self._weigh(*self._find(own))
        return of_words + OWN * says, of_lengths + OWN * rarity**2

    def _pairs(self) -> tuple[Integers, Integers]:
        """The same of each two words next to each other (n - 1, …)."""
        keys = [pair_key(*two) for two in pairwise(self.words)]
        says, rarity = self._weigh(*self._find(np.array(keys, np.uint32)))
        return says, rarity**2

    def _own(self, language: str) -> NDArray[np.bool_]:
        """Which words (n,) occur in the lexicon of a language."""
        if language not in self.model.languages:
            return np.zeros(len(self.words), np.bool_)
        firsts = np.cumsum(self.sizes) - self.sizes
        bit = np.uint64(1) << np.uint64(self.model.languages.index(language))
        found: NDArray[np.bool_] = self.known[firsts] & (
            (self.model.arrays.languages[self.places[firsts]] & bit) > 0
        )
        return found

    def _exact(self, start: int, end: int, language: str, own_words: NDArray[np.bool_]) -> int | None:
        """The interest of a run that a lexicon has: that of its language, or any where its language knows none of it."""
        phrase = " ".join(self.words[start:end])
        own = self.model.phrases.get(language, {}).get(phrase)
        if own is not None or own_words[start:end].any():
            return own
        return self.model.anywhere.get(phrase)
