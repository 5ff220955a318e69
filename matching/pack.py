"""People as arrays: one machine word per person carries moments, languages and wishes.

Both sides are sorted by id (code points), so that the order of rows changes nothing; an index below always
means the place of a person in that order.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from matching import scoring
from matching.criteria import DUTCH_VALUES, OTHER_VALUES, SLOT_VALUES, dutch_counts
from matching.interests import INTEREST_BIT, INTERESTS, SLOT_BIT, mask_of
from matching.types import DUTCH_LEVELS, PROVINCES, Buddy, Idf, InvalidPerson, Newcomer
from matching.validate import check_buddy, check_newcomer
from matching.weights import MILLION, Weights

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Person = TypeVar("Person", Newcomer, Buddy)

SLOTS_MASK = (1 << 21) - 1
"""Bits 0 to 20: the moments, in the order of SLOTS."""
TOLD = 1 << 21
"""Set when moments were told."""
FIRST_GENDER_BIT = 22
GENDER = 0b1111 << FIRST_GENDER_BIT
"""Four bits that must have nothing in common: a wish for f or m on one side, not being f or m on the other."""
WISH = 0b0011 << FIRST_GENDER_BIT
"""The two of these bits in which a newcomer wishes."""
ANY_LANGUAGE = 1 << 26
"""Every buddy has it; a newcomer when Dutch counts or when no shared language is asked."""
FIRST_LANGUAGE_BIT = 27
WORD_LANGUAGES = 36
MORE_LANGUAGES = 62
INTERESTS_COUNT = len(INTERESTS)
BYTES = 5
"""The 40 interests in five bytes: the table of squares has 256 entries for each."""


class Crowd(NamedTuple):
    """One side as arrays of int64 (norm: float64), one entry per person.

    word = slots | told | gender | languages; more = further words of languages; reach in metres; dutch and
    other = value of Dutch and of another language; offset = what the person adds to a score before it is
    compared; who = index of the person; start = first entry of each place (only when sorted by place).
    """

    place: Ints
    word: Ints
    more: Ints
    interests: Ints
    norm: Floats
    reach: Ints
    dutch: Ints
    other: Ints
    who: Ints
    offset: Ints
    start: Ints


class Model(NamedTuple):
    """A programme's weights as the kernels use them.

    square = idf squared of each interest; squares = their sums per byte of a mask and bits in it.
    """

    w_interests: int
    w_availability: int
    w_languages: int
    w_place: int
    whole: int
    neutral_interests: int
    neutral_availability: int
    slot_values: Ints
    min_score: int
    words_more: int
    square: Ints
    squares: Floats


@dataclass(frozen=True, slots=True)
class Code:
    """What stands for what: number of each place and province, word and bit of each language."""

    places: Mapping[tuple[float, float, str], int]
    provinces: Mapping[str, int]
    words: Mapping[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Problem:
    """Everything a solve needs. places = distinct (lat, lon, province); past = pairs of indices, sorted."""

    newcomers: tuple[Newcomer, ...]
    buddies: tuple[Buddy, ...]
    left: Crowd
    right: Crowd
    turn: Ints
    capacity: Ints
    lat: Floats
    lon: Floats
    province: Ints
    past: Ints
    ignored_past: int
    model: Model
    weights: Weights
    idf: Idf
    as_of: date
    code: Code


def pack(
    newcomers: Iterable[Newcomer],
    buddies: Iterable[Buddy],
    *,
    past: Iterable[tuple[str, str]],
    weights: Weights,
    as_of: date,
    idf: Idf | None,
    open_to_more: bool = False,
) -> Problem:
    """Check and pack two sets of people; raises InvalidPerson for a field that cannot be matched on.

    `open_to_more` keeps a bit for every language, also for those that only one side speaks (see with_newcomer).
    """
    left, right = by_id(newcomers), by_id(buddies)
    for newcomer in left:
        check_newcomer(newcomer, as_of)
    for buddy in right:
        check_buddy(buddy)
    idf = scoring.count_interests([*left, *right]) if idf is None else idf
    people: list[Newcomer | Buddy] = [*left, *right]
    places = sorted({(p.lat, p.lon, p.province) for p in people})
    words = _language_words(left, right, every=open_to_more)
    model = _model(weights, idf, max(words.values(), default=(0, 0))[0])
    number = {key: at for at, key in enumerate(places)}
    provinces = {name: at for at, name in enumerate(PROVINCES)}
    pairs, ignored = _past_indices(past, left, right)
    return Problem(
        newcomers=left,
        buddies=right,
        left=_newcomer_arrays(left, number, words, model, weights),
        right=_buddy_arrays(right, number, words, model, weights),
        turn=_ints(scoring.turn_of(n, weights.turn, as_of) for n in left),
        capacity=_ints(b.capacity for b in right),
        lat=np.array([key[0] for key in places], np.float64),
        lon=np.array([key[1] for key in places], np.float64),
        province=_ints(provinces[key[2]] for key in places),
        past=pairs,
        ignored_past=ignored,
        model=model,
        weights=weights,
        idf=idf,
        as_of=as_of,
        code=Code(number, provinces, words),
    )


def with_newcomer(problem: Problem, newcomer: Newcomer) -> Problem:
    """The problem with one more newcomer, whose index is the last; raises InvalidPerson.

    For people packed `open_to_more`: who comes later may speak a language that only buddies spoke.
    """
    check_newcomer(newcomer, problem.as_of)
    code, key = problem.code, (newcomer.lat, newcomer.lon, newcomer.province)
    lat, lon, province = problem.lat, problem.lon, problem.province
    if key not in code.places:
        code = replace(code, places={**code.places, key: lat.size})
        lat, lon = np.append(lat, newcomer.lat), np.append(lon, newcomer.lon)
        province = np.append(province, code.provinces[newcomer.province])
    one = _newcomer_arrays([newcomer], code.places, code.words, problem.model, problem.weights)
    left = Crowd(*(np.append(old, new) for old, new in zip(problem.left, one, strict=True)))
    left.who[-1] = len(problem.newcomers)
    return replace(
        problem, newcomers=(*problem.newcomers, newcomer), left=left, lat=lat, lon=lon, province=province, code=code,
        turn=np.append(problem.turn, scoring.turn_of(newcomer, problem.weights.turn, problem.as_of)),
    )  # fmt: skip


def by_id(people: Iterable[Person]) -> tuple[Person, ...]:
    """The people sorted by the code points of their ids; raises InvalidPerson for an id that comes twice."""
    ordered = tuple(sorted(people, key=lambda person: person.id))
    for one, other in pairwise(ordered):
        if one.id == other.id:
            raise InvalidPerson(one.id, "id", one.id, "an id that no other row has")
    return ordered


def _ints(values: Iterable[int]) -> Ints:
    return np.fromiter(values, np.int64)


def _language_words(
    left: Sequence[Newcomer], right: Sequence[Buddy], *, every: bool
) -> dict[str, tuple[int, int]]:
    """Where each language that both sides speak (or any) has its bit: (word, bit), the commonest in word 0."""
    mine = Counter(tag for person in left for tag in person.languages)
    theirs = {tag for person in right for tag in person.languages}
    counts = {tag: mine[tag] for tag in ({*mine, *theirs} if every else theirs & mine.keys())}
    ordered = sorted(counts, key=lambda tag: (-counts[tag], tag))
    places = {tag: (0, FIRST_LANGUAGE_BIT + at) for at, tag in enumerate(ordered[:WORD_LANGUAGES])}
    for at, tag in enumerate(ordered[WORD_LANGUAGES:]):
        places[tag] = (1 + at // MORE_LANGUAGES, at % MORE_LANGUAGES)
    return places


def _model(weights: Weights, idf: Idf, words_more: int) -> Model:
    numbers = weights.weights
    square = _ints(rarity * rarity for rarity in scoring.rarity(idf))
    squares = np.zeros(BYTES * 256)
    for bit, value in enumerate(square.tolist()):
        byte, place = divmod(bit, 8)
        having = (np.arange(256) >> place & 1).astype(bool)
        squares[256 * byte : 256 * byte + 256][having] += float(value)
    return Model(
        w_interests=numbers.interests,
        w_availability=numbers.availability,
        w_languages=numbers.languages,
        w_place=numbers.place,
        whole=sum(scoring.criterion_weights(numbers)),
        neutral_interests=weights.neutral.interests,
        neutral_availability=weights.neutral.availability,
        slot_values=_ints(SLOT_VALUES),
        min_score=weights.rules.min_score,
        words_more=words_more,
        square=square,
        squares=squares,
    )


def _newcomer_arrays(
    people: Sequence[Newcomer],
    number: Mapping[tuple[float, float, str], int],
    words: Mapping[str, tuple[int, int]],
    model: Model,
    weights: Weights,
) -> Crowd:
    rules = weights.rules
    counts = {level: dutch_counts(level, rules) for level in DUTCH_LEVELS}
    always = {level: ANY_LANGUAGE * (counts[level] or not rules.shared_language) for level in DUTCH_LEVELS}
    wish = {"": 0, "f": 0b0001, "m": 0b0010}
    own = {"": 0b1100, "x": 0b1100, "f": 0b1000, "m": 0b0100}

    def extra(person: Newcomer) -> int:
        gender = wish[person.buddy_gender] | own[person.gender]
        return always[person.dutch_level] | gender << FIRST_GENDER_BIT

    dutch = {level: DUTCH_VALUES[level] * counts[level] for level in DUTCH_LEVELS}
    return _crowd(
        people, number=number, words=words, model=model, default_km=rules.max_km, extra=extra,
        dutch=_ints(dutch[p.dutch_level] for p in people),
        other=_ints(OTHER_VALUES[p.dutch_level] for p in people),
    )  # fmt: skip


def _buddy_arrays(
    people: Sequence[Buddy],
    number: Mapping[tuple[float, float, str], int],
    words: Mapping[str, tuple[int, int]],
    model: Model,
    weights: Weights,
) -> Crowd:
    wish = {"": 0, "f": 0b0100, "m": 0b1000}
    own = {"": 0b0011, "x": 0b0011, "f": 0b0010, "m": 0b0001}

    def extra(person: Buddy) -> int:
        return ANY_LANGUAGE | (wish[person.newcomer_gender] | own[person.gender]) << FIRST_GENDER_BIT

    full = np.full(len(people), MILLION, np.int64)
    return _crowd(
        people, number=number, words=words, model=model, default_km=weights.rules.max_km, extra=extra,
        dutch=full, other=full,
    )  # fmt: skip


def _crowd(
    people: Sequence[Person],
    *,
    number: Mapping[tuple[float, float, str], int],
    words: Mapping[str, tuple[int, int]],
    model: Model,
    default_km: int,
    extra: Callable[[Person], int],
    dutch: Ints,
    other: Ints,
) -> Crowd:
    """Arrays of one side; equal cells are translated once."""
    slots = {cell: _slots(cell) for cell in {p.availability for p in people}}
    tags = {cell: mask_of(cell, INTEREST_BIT) for cell in {p.interests for p in people}}
    spoken = {cell: _languages(cell, words, model.words_more) for cell in {p.languages for p in people}}
    norms = {mask: _norm(mask, model) for mask in set(tags.values())}
    more = [word for p in people for word in spoken[p.languages][1:]]
    return Crowd(
        place=_ints(number[p.lat, p.lon, p.province] for p in people),
        word=_ints(slots[p.availability] | spoken[p.languages][0] | extra(p) for p in people),
        more=_ints(more),
        interests=_ints(tags[p.interests] for p in people),
        norm=np.array([norms[tags[p.interests]] for p in people], np.float64),
        reach=_ints(1000 * (default_km if p.max_km is None else p.max_km) for p in people),
        dutch=dutch,
        other=other,
        who=np.arange(len(people), dtype=np.int64),
        offset=np.zeros(len(people), np.int64),
        start=np.zeros(0, np.int64),
    )


def _slots(cell: tuple[str, ...]) -> int:
    return mask_of(cell, SLOT_BIT) | TOLD if cell else SLOTS_MASK


def _languages(cell: tuple[str, ...], words: Mapping[str, tuple[int, int]], words_more: int) -> list[int]:
    masks = [0] * (1 + words_more)
    for tag in cell:
        if tag in words:
            word, bit = words[tag]
            masks[word] |= 1 << bit
    return masks


def _norm(mask: int, model: Model) -> float:
    total = sum(float(model.squares[256 * byte + (mask >> 8 * byte & 255)]) for byte in range(BYTES))
    return math.sqrt(total)


def _past_indices(
    past: Iterable[tuple[str, str]], left: Sequence[Newcomer], right: Sequence[Buddy]
) -> tuple[Ints, int]:
    """Known past pairs as rows (newcomer, buddy), sorted and distinct, and how many named an unknown id."""
    rows = {person.id: at for at, person in enumerate(left)}
    columns = {person.id: at for at, person in enumerate(right)}
    found, ignored = set(), 0
    for newcomer_id, buddy_id in past:
        if newcomer_id in rows and buddy_id in columns:
            found.add((rows[newcomer_id], columns[buddy_id]))
        else:
            ignored += 1
    return np.array(sorted(found), np.int64).reshape(len(found), 2), ignored
