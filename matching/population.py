"""A made-up population that looks like life: places of the gazetteer, skewed languages, moments and waits.

Buddies are spread over the provinces like the 546 candidates of mijnbuddy.be (Flemish Parliament, 2023). The
other shares are assumptions of this project, not counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from matching.interests import INTERESTS, SLOTS
from matching.places import Place, found_by_name
from matching.types import PROVINCES, Buddy, Newcomer

AS_OF = date(2026, 11, 20)
"""The day on which the made-up people live, so that equal seeds give equal people on any day."""
BUDDIES_BY_PROVINCE = dict(zip(PROVINCES, (133, 28, 67, 146, 92, 80), strict=True))
NEWCOMERS_BY_PROVINCE = dict(zip(PROVINCES, (33, 14, 12, 19, 13, 9), strict=True))
NEWCOMER_LANGUAGES = {
    "ar": 22, "en": 20, "fr": 14, "uk": 11, "tr": 8, "fa": 7, "ps": 6, "ti": 5, "so": 5, "es": 6, "ro": 6,
    "ru": 8, "pl": 4, "bg": 4, "ku": 4, "pt": 3, "sq": 3, "ur": 2, "ln": 2, "rw": 1, "am": 1, "zh": 1,
    "ka": 1, "hy": 1, "vi": 1,
}  # fmt: skip
BUDDY_LANGUAGES = {
    "en": 60, "fr": 45, "de": 14, "es": 8, "ar": 6, "tr": 5, "it": 4, "pt": 2, "ru": 2, "pl": 2, "uk": 1,
    "fa": 1, "ro": 1, "ku": 1, "so": 1, "ti": 1, "ps": 1, "sq": 1, "bg": 1, "sw": 1,
}  # fmt: skip
WEEKDAY = {"morning": 5, "afternoon": 6, "evening": 14}
WEEKEND = {"morning": 10, "afternoon": 20, "evening": 9}
SLOT_CHANCES = {
    slot: (WEEKEND if slot.startswith(("sat", "sun")) else WEEKDAY)[slot.split("-")[1]] for slot in SLOTS
}
LIKED_MOST = (
    "cooking",
    "walking",
    "music-listening",
    "cycling",
    "cinema",
    "football",
    "swimming",
    "children-family",
)
INTEREST_CHANCES = {tag: (40 - LIKED_MOST.index(tag) * 3 if tag in LIKED_MOST else 10) for tag in INTERESTS}
CHUNK = 50_000
Generator = np.random.Generator


def generate(newcomers: int, buddies: int, seed: int = 1) -> tuple[tuple[Newcomer, ...], tuple[Buddy, ...]]:
    """Made-up people, the same for the same numbers and seed."""
    random = np.random.default_rng([seed, newcomers, buddies])
    return _newcomers(random, newcomers), _buddies(random, buddies)


def _newcomers(random: Generator, count: int) -> tuple[Newcomer, ...]:
    where = _places(random, count, NEWCOMERS_BY_PROVINCE)
    languages = _sets(random, count, NEWCOMER_LANGUAGES, (1, 3), 0.0)
    interests = _sets(random, count, INTEREST_CHANCES, (3, 8), 0.10)
    slots = _sets(random, count, SLOT_CHANCES, (2, 7), 0.08)
    levels = random.choice(["none", "a1", "a2", "b1", "b2"], count, p=[0.25, 0.30, 0.28, 0.13, 0.04]).tolist()
    km = _km(random, count)
    gender = random.choice(["f", "m", "x", ""], count, p=[0.47, 0.50, 0.01, 0.02]).tolist()
    chance = random.random(count)
    wish = [("f" if g == "f" and c < 0.2 else "m" if g == "m" and c < 0.03 else "")
            for g, c in zip(gender, chance.tolist(), strict=True)]  # fmt: skip
    waited = np.minimum(random.exponential(90, count), 900).astype(int).tolist()
    owes = (random.random(count) < 0.35).tolist()
    ends = np.where(random.random(count) < 0.6, random.integers(10, 500, count), -1).tolist()
    return tuple(
        Newcomer(
            id=f"N{at + 1:07d}", lat=place.lat, lon=place.lon, province=place.province, languages=languages[at],
            dutch_level=levels[at], interests=interests[at], availability=slots[at], max_km=km[at],
            gender=gender[at], buddy_gender=wish[at], waiting_since=AS_OF - timedelta(waited[at]),
            owes_trajectory=owes[at],
            contract_end=AS_OF + timedelta(ends[at]) if owes[at] and ends[at] >= 0 else None,
        )
        for at, place in enumerate(where)
    )  # fmt: skip


def _buddies(random: Generator, count: int) -> tuple[Buddy, ...]:
    where = _places(random, count, BUDDIES_BY_PROVINCE)
    languages = _sets(random, count, BUDDY_LANGUAGES, (1, 4), 0.05)
    interests = _sets(random, count, INTEREST_CHANCES, (3, 8), 0.05)
    slots = _sets(random, count, SLOT_CHANCES, (2, 6), 0.05)
    km = _km(random, count)
    gender = random.choice(["f", "m", "x", ""], count, p=[0.62, 0.36, 0.01, 0.01]).tolist()
    chance = random.random(count)
    wish = [("f" if g == "f" and c < 0.12 else "m" if g == "m" and c < 0.05 else "")
            for g, c in zip(gender, chance.tolist(), strict=True)]  # fmt: skip
    capacity = random.choice([0, 1, 2, 3], count, p=[0.04, 0.70, 0.20, 0.06]).tolist()
    return tuple(
        Buddy(
            id=f"B{at + 1:07d}", lat=place.lat, lon=place.lon, province=place.province, languages=languages[at],
            interests=interests[at], availability=slots[at], max_km=km[at], gender=gender[at],
            newcomer_gender=wish[at], capacity=capacity[at],
        )
        for at, place in enumerate(where)
    )  # fmt: skip


def _places(random: Generator, count: int, shares: Mapping[str, int]) -> list[Place]:
    """Places by province share; inside a province towns (round postcodes) weigh more than villages."""
    rows = found_by_name()
    seen: set[str] = set()
    weight = np.zeros(len(rows))
    for at, place in enumerate(rows):
        zeros = len(place.postcode) - len(place.postcode.rstrip("0"))
        weight[at] = (1.0, 2.5, 12.0, 40.0)[zeros] * (0.3 if place.postcode in seen else 1.0)
        seen.add(place.postcode)
    for province in PROVINCES:
        inside = np.array([place.province == province for place in rows])
        weight[inside] *= shares[province] / weight[inside].sum()
    chosen = random.choice(len(rows), count, p=weight / weight.sum())
    return [rows[at] for at in chosen.tolist()]


def _km(random: Generator, count: int) -> list[int | None]:
    chosen = random.choice([0, 5, 10, 15, 20, 25, 30], count, p=[0.3, 0.08, 0.2, 0.15, 0.12, 0.08, 0.07])
    return [km or None for km in chosen.tolist()]


def _sets(
    random: Generator,
    count: int,
    chances: Mapping[str, float],
    size: tuple[int, int],
    empty: float,
) -> list[tuple[str, ...]]:
    """Per person low..high items without repetition, heavier items more often; a share of them none."""
    vocabulary, (low, high) = tuple(chances), size
    chance: npt.NDArray[np.float64] = np.array(list(chances.values()), float)
    result: list[tuple[str, ...]] = []
    for first in range(0, count, CHUNK):
        rows = min(CHUNK, count - first)
        keys = random.exponential(1.0, (rows, len(vocabulary))) / chance
        chosen = np.argpartition(keys, high - 1, axis=1)[:, :high]
        order = np.argsort(np.take_along_axis(keys, chosen, 1), axis=1)
        chosen = np.take_along_axis(chosen, order, 1)
        many = np.where(random.random(rows) < empty, 0, random.integers(low, high + 1, rows))
        for row, number in zip(chosen.tolist(), many.tolist(), strict=True):
            result.append(tuple(vocabulary[at] for at in sorted(row[:number])))
    return result
