"""The model of interests as plain arrays, and the file that keeps them.

Whatever weighs is an integer, so that answers are the same on every machine; the file is a header in JSON and the
arrays one after the other, little end first, without a date or anything else that differs between two builds.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from matching.interests import INTERESTS
from matching.understanding.lexicon import Language, Negation

MAGIC: Final = b"interests 1\n"
UNIT: Final = 32
"""Weights and biases are in 1/32."""
IDF_UNIT: Final = 16
"""Rarities of features are in 1/16."""


class NotAModelError(ValueError):
    """A file that is not a whole model of interests."""


@dataclass(frozen=True, eq=False)
class Arrays:
    """The numbers of a model; F features, 40 interests."""

    keys: NDArray[np.uint32]
    """(F,) keys of features, strictly ascending."""
    idf: NDArray[np.int16]
    """(F,) how rare a feature is, in 1/16."""
    languages: NDArray[np.uint64]
    """(F,) bit l: the feature occurs in the lexicon of language l."""
    weights: NDArray[np.int8]
    """(F, 40) what a feature says for (or against) an interest, in 1/32."""
    bias: NDArray[np.int32]
    """(40,) in 1/32."""


DTYPES: Final[Mapping[str, str]] = {
    "keys": "<u4", "idf": "<i2", "languages": "<u8", "weights": "|i1", "bias": "<i4",
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Model:
    """What is known of all languages; the l-th language owns bit l of `arrays.languages`."""

    languages: tuple[str, ...]
    phrases: Mapping[str, Mapping[str, int]]
    """Language to folded phrase to number of its interest: the exact look-up."""
    negations: Mapping[str, Negation]
    unseen: int
    """Rarity of a feature that no lexicon has, in 1/16."""
    arrays: Arrays

    @cached_property
    def anywhere(self) -> Mapping[str, int]:
        """Folded phrase to the number of its interest, where all languages that have the phrase agree."""
        meanings: dict[str, set[int]] = {}
        for phrases in self.phrases.values():
            for phrase, number in phrases.items():
                meanings.setdefault(phrase, set()).add(number)
        return {phrase: numbers.pop() for phrase, numbers in meanings.items() if len(numbers) == 1}


def of_lexicon(lexicon: tuple[Language, ...], unseen: int, arrays: Arrays) -> Model:
    """The model of a lexicon with these arrays."""
    return Model(
        languages=tuple(one.tag for one in lexicon),
        phrases={one.tag: one.phrases for one in lexicon},
        negations={one.tag: one.negation for one in lexicon},
        unseen=unseen,
        arrays=arrays,
    )


def to_bytes(model: Model) -> bytes:
    """The file of a model: equal models give equal bytes."""
    arrays = {name: getattr(model.arrays, name).astype(dtype) for name, dtype in DTYPES.items()}
    header = {
        "languages": model.languages,
        "phrases": {tag: dict(found) for tag, found in model.phrases.items()},
        "negations": {
            tag: {"words": sorted(one.words), "pattern": one.pattern, "turns": sorted(one.turns)}
            for tag, one in model.negations.items()
        },
        "unseen": model.unseen,
        "interests": INTERESTS,
        "shapes": {name: array.shape for name, array in arrays.items()},
    }
    text = json.dumps(header, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    parts = [MAGIC, len(text).to_bytes(8, "little"), text]
    return b"".join(parts + [array.tobytes() for array in arrays.values()])


def from_file(path: Path) -> Model:
    """The model in a file; raises NotAModelError, or OSError when it cannot be read."""
    content = path.read_bytes()
    start = len(MAGIC) + 8
    try:
        if not content.startswith(MAGIC):
            raise NotAModelError(path)
        end = start + int.from_bytes(content[len(MAGIC) : start], "little")
        header = json.loads(content[start:end])
        return _model(header, _arrays(header["shapes"], content, end))
    except (ValueError, KeyError, TypeError) as error:
        raise NotAModelError(f"{path} is not a whole model of interests") from error


def _arrays(shapes: Mapping[str, list[int]], content: bytes, at: int) -> Arrays:
    found: dict[str, Any] = {}
    for field in fields(Arrays):
        dtype, shape = np.dtype(DTYPES[field.name]), shapes[field.name]
        size = int(np.prod(shape))
        found[field.name] = np.frombuffer(content, dtype, size, at).reshape(shape)
        at += size * dtype.itemsize
    return Arrays(**found)


def _model(header: Mapping[str, Any], arrays: Arrays) -> Model:
    if tuple(header["interests"]) != INTERESTS:
        raise NotAModelError("the interests are others")
    return Model(
        languages=tuple(header["languages"]),
        phrases=header["phrases"],
        negations={
            tag: Negation(frozenset(one["words"]), one["pattern"], frozenset(one["turns"]))
            for tag, one in header["negations"].items()
        },
        unseen=header["unseen"],
        arrays=arrays,
    )
