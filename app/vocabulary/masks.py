"""Sets of tags as whole numbers, one bit for each, so that a database can compare them without joining."""

from collections.abc import Iterable, Sequence
from typing import Final

from app.reference.interests import INTERESTS
from app.vocabulary.activities import OfferGoal, Suited
from app.vocabulary.times import Slot

SLOTS: Final = tuple(slot.value for slot in Slot)
LIKINGS: Final = tuple(interest.slug for interest in INTERESTS)
GOALS: Final = tuple(goal.value for goal in OfferGoal)
SUITED: Final = tuple(suited.value for suited in Suited)
LEVELS: Final = ("none", "a1", "a2", "b1", "b2")
"""Levels of Dutch from least to most; the place in this row is the rank of a level."""


def mask(tags: Iterable[str], order: Sequence[str]) -> int:
    """The bits of those tags, the first of `order` being 1; a tag that is not there has none."""
    places = {tag: 1 << at for at, tag in enumerate(order)}
    total = 0
    for tag in tags:
        total |= places.get(tag, 0)
    return total


def tags_of(bits: int, order: Sequence[str]) -> list[str]:
    """The tags of those bits, in their order."""
    return [tag for at, tag in enumerate(order) if bits >> at & 1]


def rank(level: str) -> int:
    """How high a level of Dutch is: 0 for none to 4; unknown levels ask for nothing."""
    return LEVELS.index(level) if level in LEVELS else 0
