"""What a phrase means: runs of words that name an interest, the surest first, each word used once."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from matching.interests import INTERESTS
from matching.understanding.features import clauses
from matching.understanding.lexicon import Negation
from matching.understanding.model import Model
from matching.understanding.runs import LONGEST_RUN, Run, Sight

UNKNOWN: Final = "und"
MOST_WORDS: Final = 200
FIRST: Final = -0.1
"""The least worth of the surest interest of a text."""
FURTHER: Final = 0.8
"""The least worth of any further one: a wrong tag costs more than a missing one."""
STEEPNESS: Final = 3.0
LISTED: Final = 2
"""So many words after a comma still belong to what was said no to: "no football, no chess, swimming"."""


@dataclass(frozen=True, slots=True)
class Meant:
    """An interest that a text means, by its slug, and how sure that is: 0.5 to 1 in hundredths."""

    tag: str
    score: float


def understand(model: Model, text: str, language: str = UNKNOWN) -> tuple[Meant, ...]:
    """The interests that a text means, the surest first; none when it means none. Never raises.

    `language` is the one that the writer probably uses (a tag such as `ar` or `ar-SY`), `und` when unknown; a text
    that is clearly in another language is read as that one. "ik ga graag zwemmen met mijn kinderen" gives swimming
    and children-family. What a text says no to is left out.
    """
    parts = clauses(text)
    words = [word for part in parts for word in part][:MOST_WORDS]
    if not words:
        return ()
    sight = Sight(model, words)
    written = sight.language(language.partition("-")[0].lower())
    whole = model.phrases.get(written, {}).get(" ".join(words))
    if whole is not None:
        return (Meant(INTERESTS[whole], 1.0),)
    stretches = affirmed(parts, model.negations.get(written), model.phrases.get(written, {}))
    read = ((start, min(end, len(words))) for start, end in stretches)
    chosen = _chosen(sight.runs(read, written))
    return tuple(Meant(INTERESTS[run.interest], _sureness(run.worth)) for run in chosen)


def affirmed(
    parts: Sequence[Sequence[str]], negation: Negation | None, phrases: Mapping[str, int]
) -> Iterator[tuple[int, int]]:
    """The stretches of words (first, behind the last) that the writer does not say no to.

    A negation reaches over its clause, whichever comes first, and over a list after it; "but" ends it. A phrase of
    the lexicon that has a negation in it ("never miss a match") says yes.
    """
    at, denied = 0, False
    for part in parts:
        start = at
        for here, word in enumerate([*part, None], at):
            turns = word is not None and negation is not None and word in negation.turns
            if word is not None and not turns:
                continue
            stretch = part[start - at : here - at]
            listed = denied and len(stretch) <= LISTED
            denied = negation is not None and (listed or negation.negates(_not_in_phrases(stretch, phrases)))
            if stretch and not denied:
                yield start, here
            denied, start = denied and not turns, here + 1
        at += len(part)


def _not_in_phrases(words: Sequence[str], phrases: Mapping[str, int]) -> list[str]:
    """The words that no phrase of several words in the lexicon covers."""
    covered: set[int] = set()
    for start in range(len(words)):
        for end in range(start + 2, min(start + LONGEST_RUN, len(words)) + 1):
            if " ".join(words[start:end]) in phrases:
                covered.update(range(start, end))
    return [word for place, word in enumerate(words) if place not in covered]


def _chosen(runs: Iterable[Run]) -> list[Run]:
    """The best run of each interest, no word used twice, as far as they are sure enough."""
    used: set[int] = set()
    found: dict[int, Run] = {}
    for run in sorted(runs, key=lambda run: (-run.worth, run.start, run.start - run.end)):
        if run.worth < (FURTHER if found else FIRST):
            break
        if used.isdisjoint(range(run.start, run.end)):
            used.update(range(run.start, run.end))
            found.setdefault(run.interest, run)
    return list(found.values())


def _sureness(worth: float) -> float:
    """A worth as a number from 0.5 (just enough) to 1, in hundredths."""
    return round(1 / (1 + math.exp(-STEEPNESS * (worth - FIRST))), 2)
