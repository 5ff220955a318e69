"""What a program without a solver does: every newcomer with every buddy in plain Python, best pairs first.

It applies the same rules and comes to the same scores; it proves nothing and finds no optimum. People are
turned into sets and numbers once, outside the double loop.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass

from matching import scoring
from matching.bench.instances import People
from matching.criteria import (
    DUTCH_VALUES,
    OTHER_VALUES,
    SLOT_VALUES,
    dutch_counts,
    place_value,
)
from matching.interests import INTERESTS, SLOTS
from matching.population import AS_OF
from matching.reach import EARTH_M
from matching.types import Buddy, Newcomer
from matching.weights import Weights

WEIGHTS = Weights()
Offer = tuple[int, int, int]
"""Utility (millionths), newcomer, buddy."""


@dataclass(slots=True)
class Side:
    """A person as sets and numbers; `norm` is 0 for who named no interest."""

    person: Newcomer | Buddy
    lat: float
    lon: float
    slots: set[str]
    languages: set[str]
    interests: set[str]
    norm: float
    metres: int


@dataclass(slots=True)
class Loop:
    """Both sides made ready, and how far the loop came: rows done of the order, seconds spent, offers found."""

    newcomers: list[Side]
    buddies: list[Side]
    turns: list[int]
    rarity: dict[str, int]
    offers: list[Offer]
    done: int = 0
    seconds: float = 0.0

    @classmethod
    def of(cls, people: People) -> Loop:
        """Make people ready."""
        newcomers, buddies = people
        numbers = scoring.rarity(scoring.count_interests([*newcomers, *buddies]))
        rarity = dict(zip(INTERESTS, numbers, strict=True))
        return cls(
            [_side(person, rarity) for person in newcomers],
            [_side(person, rarity) for person in buddies],
            [scoring.turn_of(person, WEIGHTS.turn, AS_OF) for person in newcomers],
            rarity,
            [],
        )

    def run(self, rows: list[int], most_seconds: float) -> None:
        """Score these rows with every buddy, until they are done or the time is over."""
        started = time.perf_counter()
        for row in rows:
            newcomer = self.newcomers[row]
            for column, buddy in enumerate(self.buddies):
                score = score_of(newcomer, buddy, self.rarity)
                if score is not None:
                    self.offers.append((score + self.turns[row], row, column))
            self.done += 1
            self.seconds = time.perf_counter() - started
            if self.seconds > most_seconds:
                return

    def take(self) -> dict[int, int]:
        """The best offers first, each taken when both are still free: buddy by newcomer."""
        started = time.perf_counter()
        left = [side.person.capacity for side in self.buddies if isinstance(side.person, Buddy)]
        mate: dict[int, int] = {}
        for _, row, column in sorted(self.offers, key=lambda offer: (-offer[0], offer[1], offer[2])):
            if row not in mate and left[column]:
                mate[row] = column
                left[column] -= 1
        self.seconds += time.perf_counter() - started
        return mate


def score_of(one: Side, other: Side, rarity: dict[str, int]) -> int | None:
    """The score of a newcomer with a buddy in millionths; None when they are not permitted."""
    newcomer, buddy = one.person, other.person
    assert isinstance(newcomer, Newcomer)
    assert isinstance(buddy, Buddy)
    slots = one.slots & other.slots
    dutch = dutch_counts(newcomer.dutch_level, WEIGHTS.rules)
    shared = one.languages & other.languages
    if not buddy.capacity or not slots or not (shared or dutch) or not _wishes_met(newcomer, buddy):
        return None
    metres = _metres(one, other)
    if metres > min(one.metres, other.metres):
        return None
    language = max(
        DUTCH_VALUES[newcomer.dutch_level] if dutch else 0,
        OTHER_VALUES[newcomer.dutch_level] if shared else 0,
    )
    told = newcomer.availability and buddy.availability
    values = {
        "interests": _alike(one, other, rarity),
        "availability": SLOT_VALUES[min(len(slots), 3)] if told else WEIGHTS.neutral.availability,
        "place": place_value(metres, newcomer.province == buddy.province),
        "languages": language,
    }
    score = scoring.score_of(values, WEIGHTS.weights)
    return score if score >= WEIGHTS.rules.min_score else None


def _wishes_met(newcomer: Newcomer, buddy: Buddy) -> bool:
    return newcomer.buddy_gender in ("", buddy.gender) and buddy.newcomer_gender in ("", newcomer.gender)


def _alike(one: Side, other: Side, rarity: dict[str, int]) -> int:
    if not one.norm or not other.norm:
        return WEIGHTS.neutral.interests
    common = sum(rarity[tag] ** 2 for tag in one.interests & other.interests)
    return round(1e6 * common / (one.norm * other.norm))


def _metres(one: Side, other: Side) -> int:
    across = math.sin((other.lat - one.lat) / 2) ** 2
    along = math.sin((other.lon - one.lon) / 2) ** 2
    part = across + math.cos(one.lat) * math.cos(other.lat) * along
    return round(2 * EARTH_M * math.asin(math.sqrt(part)))


def _side(person: Newcomer | Buddy, rarity: dict[str, int]) -> Side:
    km = WEIGHTS.rules.max_km if person.max_km is None else person.max_km
    return Side(
        person,
        math.radians(person.lat),
        math.radians(person.lon),
        set(person.availability or SLOTS),
        set(person.languages),
        set(person.interests),
        math.sqrt(sum(rarity[tag] ** 2 for tag in person.interests)),
        1000 * km,
    )
