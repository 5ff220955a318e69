"""The frozen values that go into and come out of the matcher.

Units: degrees for points, metres for `distance_m`, whole kilometres for `max_km`, millionths for every score,
criterion, turn, utility and price.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

Objective = Literal["best", "most-people"]

PROVINCES: tuple[str, ...] = (
    "antwerpen", "brussel", "limburg", "oost-vlaanderen", "vlaams-brabant", "west-vlaanderen",
)  # fmt: skip
DUTCH_LEVELS: tuple[str, ...] = ("none", "a1", "a2", "b1", "b2")
GENDERS: tuple[str, ...] = ("f", "m", "x")
WISHES: tuple[str, ...] = ("f", "m")
CRITERIA: tuple[str, ...] = ("interests", "availability", "place", "languages")
RULES: tuple[str, ...] = (
    "too_far", "no_slot", "no_language", "gender_wish", "past_pair", "no_capacity", "low_score",
)  # fmt: skip
"""Codes of the rules a pair must meet; the order decides between rules that stopped equally many buddies."""


class InvalidPerson(ValueError):
    """A person whose fields cannot be matched on: says who, which field, and what was expected."""

    def __init__(self, person_id: str, field_name: str, value: object, expected: str) -> None:
        super().__init__(f"{person_id!r}: {field_name} is {value!r}; expected {expected}")
        self.person_id = person_id
        self.field_name = field_name
        self.value = value
        self.expected = expected


@dataclass(frozen=True, slots=True, kw_only=True)
class Newcomer:
    """Somebody who looks for a buddy. Empty interests or availability mean: not told."""

    id: str
    lat: float
    lon: float
    province: str
    languages: tuple[str, ...] = ()
    dutch_level: str = "none"
    interests: tuple[str, ...] = ()
    availability: tuple[str, ...] = ()
    max_km: int | None = None
    gender: str = ""
    buddy_gender: str = ""
    waiting_since: date | None = None
    owes_trajectory: bool = False
    contract_end: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Buddy:
    """Somebody who takes up to `capacity` more newcomers. Dutch is taken for granted."""

    id: str
    lat: float
    lon: float
    province: str
    languages: tuple[str, ...] = ()
    interests: tuple[str, ...] = ()
    availability: tuple[str, ...] = ()
    max_km: int | None = None
    gender: str = ""
    newcomer_gender: str = ""
    capacity: int = 1


@dataclass(frozen=True, slots=True)
class Idf:
    """How common each interest is: `people` named any interest, `named[tag]` of them named that tag."""

    people: int
    named: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A permitted pair with everything its score rests on.

    `values` and `parts` follow CRITERIA; the parts add up to the score. `utility` = score + turn.
    """

    newcomer_id: str
    buddy_id: str
    score: int
    turn: int
    distance_m: int
    common_slots: tuple[str, ...]
    common_interests: tuple[str, ...]
    common_languages: tuple[str, ...]
    values: Mapping[str, int]
    parts: Mapping[str, int]

    @property
    def utility(self) -> int:
        """What the pair adds to the plan, in millionths."""
        return self.score + self.turn


@dataclass(frozen=True, slots=True)
class Unlock:
    """One single change of a newcomer that would open `buddies` pairs.

    change = max_km (to = whole km, the fewest that open a pair), availability (add = slot), languages (add = tag)
    or wish (own wish dropped).
    """

    change: str
    buddies: int
    to: int | None = None
    add: str | None = None


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A newcomer without a buddy: `no_place` when permitted pairs exist, else the rule that stopped most buddies.

    A buddy counts under each rule that it fails; of equals the first of RULES is named. `unlocks` are the single
    changes that open pairs, smallest first (`obstacles.size_of`); none with `no_place`, where pairs exist already.
    """

    newcomer_id: str
    reason: str
    unlocks: tuple[Unlock, ...] = ()


@dataclass(frozen=True, slots=True)
class Shortage:
    """What one more buddy with these traits, in the middle of the network, would add to the plan.

    `waiting` counts the unmatched newcomers who could be with such a buddy; wish "" asks nothing of gender.
    """

    network: str
    language: str
    slot: str
    wish: str
    waiting: int
    value: int


@dataclass(frozen=True, slots=True)
class Fact:
    """One rule or criterion of a pair: its code, the facts it rests on, and what it came to.

    A rule has `passed`; a criterion has `value` (millionths), `part` of the score and `loss` against full marks:
    the parts add up to the score, the losses to what is missing from a million.
    """

    code: str
    facts: Mapping[str, object]
    passed: bool | None = None
    value: int | None = None
    part: int | None = None
    loss: int | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a pair is permitted or not, and what its score is made of.

    `failed` lists the codes of the rules that were not met; `strongest_for` is the criterion with the largest
    part, `strongest_against` the one with the largest loss against full marks (None when nothing was lost).
    """

    newcomer_id: str
    buddy_id: str
    permitted: bool
    failed: tuple[str, ...]
    rules: tuple[Fact, ...]
    criteria: tuple[Fact, ...]
    score: int
    turn: int
    utility: int
    distance_m: int
    strongest_for: str | None
    strongest_against: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """An assignment with the prices that prove it.

    Every permitted pair has newcomer price + buddy price >= utility + bonus, and the prices add up to
    bound + bonus * matched, a buddy's price counted once per place. `proved` = (objective == bound).
    Absent in a price table = 0. `price_ends` has for each buddy whose larger end is above 0 what one more place
    there would add to the plan and what one place less would lose, both with the bonus in them; with a buddy of
    capacity 0 it is a first place, and nothing can be lost.
    """

    pairs: tuple[Pair, ...]
    objective: int
    bound: int
    bonus: int
    proved: bool
    newcomers: int
    buddies: int
    places: int
    permitted_pairs: int | None
    newcomer_prices: Mapping[str, int]
    buddy_prices: Mapping[str, int]
    price_ends: Mapping[str, tuple[int, int]]
    idf: Idf
    ignored_past: int
    weights_version: str
    as_of: date
    unmatched: tuple[Unmatched, ...] = ()
    shortage: tuple[Shortage, ...] = ()
    seconds: Mapping[str, float] = field(default_factory=dict)

    @property
    def matched(self) -> int:
        """The number of newcomers who have a buddy in this plan."""
        return len(self.pairs)
