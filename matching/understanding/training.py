"""From the lexicon to the model: one linear support vector machine per interest, against all the others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from matching.interests import INTERESTS
from matching.understanding.features import phrase_keys
from matching.understanding.lexicon import Language
from matching.understanding.model import IDF_UNIT, UNIT, Arrays, Model, of_lexicon

NOTHING: Final = len(INTERESTS)
COST: Final = 1.2
TOLERANCE: Final = 1e-2
CARE: Final = 2.0
"""How much an example that means nothing weighs: a wrong tag costs more than a missing one."""
ROUNDS: Final = 300
FILLER: Final = 3
"""A word in phrases of so many interests of a language names none of them."""


@dataclass(frozen=True, slots=True)
class Example:
    """A phrase to learn from: words, number of its language, number of its interest (40: none)."""

    words: tuple[str, ...]
    language: int
    interest: int


def train(lexicon: tuple[Language, ...]) -> Model:
    """Learn the model of a lexicon, the same bytes on every machine; takes seconds."""
    examples = [example for number, one in enumerate(lexicon) for example in examples_of(one, number)]
    keys, counts = counted(examples, [one.tag for one in lexicon])
    idf, unseen = rarities(counts)
    coefficients, intercepts = fit(counts, idf, np.array([one.interest for one in examples]))
    arrays = Arrays(
        keys=keys,
        idf=idf,
        languages=occurring_in(counts, np.array([one.language for one in examples])),
        weights=np.clip(np.rint(coefficients.T * UNIT), -127, 127).astype(np.int8),
        bias=np.rint(intercepts * UNIT).astype(np.int32),
    )
    return of_lexicon(lexicon, unseen, arrays)


def examples_of(language: Language, number: int) -> Iterator[Example]:
    """Phrases of interests; what means none: whole phrases, their words and pairs, and filling words."""
    used: dict[str, set[int]] = {}
    for phrase, interest in language.phrases.items():
        words = tuple(phrase.split())
        yield Example(words, number, interest)
        for word in words:
            used.setdefault(word, set()).add(interest)
    nothing: set[tuple[str, ...]] = {(word,) for word, interests in used.items() if len(interests) >= FILLER}
    for phrase in language.nothing:
        words = tuple(phrase.split())
        if language.negation.negates(words):
            continue
        nothing |= {words, *((word,) for word in words), *pairwise(words)}
    for words in sorted(nothing):
        if " ".join(words) not in language.phrases:
            yield Example(words, number, NOTHING)


def counted(examples: list[Example], tags: list[str]) -> tuple[NDArray[np.uint32], sparse.csr_matrix]:
    """Keys of features (F,), and how often each is in each example (E, F)."""
    lists = [phrase_keys(one.words, tags[one.language]) for one in examples]
    sizes = np.fromiter(map(len, lists), np.int64, len(lists))
    flat = np.fromiter((key for keys in lists for key in keys), np.uint32, int(sizes.sum()))
    keys, columns = np.unique(flat, return_inverse=True)
    rows = np.repeat(np.arange(len(lists)), sizes)
    ones = np.ones(len(flat), np.int64)
    return keys, sparse.coo_matrix((ones, (rows, columns)), (len(lists), len(keys))).tocsr()


def rarities(counts: sparse.csr_matrix) -> tuple[NDArray[np.int16], int]:
    """Rarity of each feature (F,), and of one that is never seen: 1 + ln(examples / those with it), in 1/16."""
    rows, features = counts.shape
    frequency = np.bincount(counts.indices, minlength=features)
    idf = np.rint(IDF_UNIT * (1 + np.log((1 + rows) / (1 + frequency)))).astype(np.int16)
    return idf, round(IDF_UNIT * (1 + float(np.log(1 + rows))))


def fit(
    counts: sparse.csr_matrix, idf: NDArray[np.int16], interests: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Coefficients (40, F) and intercepts (40,) for rows of length one."""
    from sklearn.svm import LinearSVC  # noqa: PLC0415 - answering never loads it

    rows = counts.copy()
    rarity = idf[rows.indices].astype(np.int64)
    squares = np.add.reduceat(rows.data * rarity**2, rows.indptr[:-1])
    rows.data = rows.data * rarity / np.sqrt(np.repeat(squares, np.diff(rows.indptr)))
    machine: Any = LinearSVC(C=COST, tol=TOLERANCE, max_iter=ROUNDS, dual=True, random_state=0)
    machine.fit(rows, interests, np.where(interests == NOTHING, CARE, 1.0))
    return machine.coef_[:NOTHING], machine.intercept_[:NOTHING]


def occurring_in(counts: sparse.csr_matrix, languages: NDArray[np.int64]) -> NDArray[np.uint64]:
    """The languages of each feature (F,): bit l for language l."""
    bits = np.zeros(counts.shape[1], np.uint64)
    for number in np.unique(languages):
        bits[np.unique(counts[languages == number].indices)] |= np.uint64(1) << np.uint64(number)
    return bits
