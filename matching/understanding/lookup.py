"""The model that stands in until one is learned: it looks phrases up exactly and guesses nothing."""

from __future__ import annotations

from typing import Final

import numpy as np

from matching.interests import INTERESTS
from matching.understanding.features import word_keys
from matching.understanding.lexicon import Language
from matching.understanding.model import IDF_UNIT, Arrays, Model, of_lexicon

DOUBT: Final = -5
"""In 1/32: less than the least that counts; with what an exact phrase adds, enough (`meaning.FIRST`, `meaning.FURTHER`)."""


def without_training(lexicon: tuple[Language, ...]) -> Model:
    """A model that knows the phrases of a lexicon exactly and nothing else; for the time until one is built."""
    masks: dict[int, int] = {}
    for number, one in enumerate(lexicon):
        for word in {word for phrase in (*one.phrases, *one.nothing) for word in phrase.split()}:
            key = word_keys(word)[0]
            masks[key] = masks.get(key, 0) | 1 << number
    keys = np.array(sorted(masks), np.uint32)
    arrays = Arrays(
        keys=keys,
        idf=np.full(len(keys), IDF_UNIT, np.int16),
        languages=np.array([masks[key] for key in keys.tolist()], np.uint64),
        weights=np.zeros((len(keys), len(INTERESTS)), np.int8),
        bias=np.full(len(INTERESTS), DOUBT, np.int32),
    )
    return of_lexicon(lexicon, IDF_UNIT, arrays)
