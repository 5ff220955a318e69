"""What a network misses of activities: what newcomers there want, beside what they can join.

Activities are public. Of newcomers only counts in whole steps of five leave here: from such counts nobody can work out
one under five, however the numbers of municipalities and networks are set beside each other (R52).
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain
from typing import Final

from sqlalchemy import Text, cast, select

from app.db import session
from app.models import Listing, Newcomer
from app.queries.disclosure import in_fives, whole_in_fives
from app.queries.search_terms import open_listings
from app.reference.networks import members
from app.vocabulary import DutchLevel, NewcomerState, OfferKind
from app.vocabulary.care import Lack
from app.vocabulary.masks import LIKINGS, SLOTS, rank, tags_of

GONE: Final = (NewcomerState.COMPLETED, NewcomerState.LEFT)
SCARCE: Final = 10
"""So many newcomers for one activity is too few activities."""

Want = tuple[Lack, str]  # what sort, and which tag of it


@dataclass(frozen=True)
class Gap:
    """One thing that newcomers want: how many of them (in steps of five, 0 = fewer than five), and what is there."""

    lack: Lack
    tag: str
    wanted: int
    offered: int

    @property
    def missing(self) -> bool:
        """Whether at least five people want it and nothing is there."""
        return bool(self.wanted) and not self.offered

    @property
    def scarce(self) -> bool:
        """Whether too little is there for those who want it, or nothing."""
        return self.wanted >= SCARCE * self.offered and bool(self.wanted)


@dataclass
class Place:
    """What is wanted and what is there in one municipality."""

    activities: set[int] = field(default_factory=set)
    wants: Counter[Want] = field(default_factory=Counter)
    offers: dict[Want, set[int]] = field(default_factory=lambda: defaultdict(set))


@dataclass(frozen=True)
class Town:
    """A municipality in the table: newcomers in steps of five, activities, and what is missing there, most wanted first."""

    name: str
    newcomers: int
    activities: int
    missing: list[Gap]


@dataclass(frozen=True)
class Gaps:
    """The page: what the network or one municipality of it misses, the most wanted first; and all municipalities."""

    gaps: list[Gap]
    towns: list[Town]
    newcomers: int
    activities: int


def gaps_of(network: str, town: str = "") -> Gaps:
    """In two statements. For who may publish in that network: that is asked before."""
    places = {member.name: Place() for member in members(network)}
    for name, people in _newcomers(network).items():
        places.setdefault(name, Place()).wants = people
    for name, offer_id, kind, needed, likings, slots in _listed(network):
        place = places.setdefault(name, Place())
        place.activities.add(offer_id)
        wants = _offered(Lack.LEVEL, needed) + _offered(Lack.INTEREST, likings) + _offered(Lack.MOMENT, slots)
        for want in ((Lack.KIND, kind), *wants):
            place.offers[want].add(offer_id)
    living = sorted((name, place) for name, place in places.items() if place.wants or place.activities)
    towns = [_town(name, place) for name, place in living]
    asked = [places[town]] if town in places else list(places.values())
    activities = set[int]().union(*(place.activities for place in asked))
    return Gaps(_gaps(asked), towns, _newcomers_of(asked), len(activities))


def _newcomers(network: str) -> dict[str, Counter[Want]]:
    """How many newcomers of each municipality want what. Who told no interests or moments asks for none.

    Of the kinds everybody can use each. Lists are read as text and all at once, because there are thousands.
    """
    columns = (Newcomer.municipality, Newcomer.dutch_level, Newcomer.interests, Newcomer.availability)
    found = select(*(cast(column, Text) for column in columns)).where(
        Newcomer.network_slug == network, Newcomer.state.not_in(GONE)
    )
    people: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for name, *told in session().execute(found):
        people[name].append(tuple(told))
    return {name: _wanted(*zip(*told, strict=True)) for name, told in people.items()}


def _wanted(levels: Sequence[str], interests: Sequence[str], moments: Sequence[str]) -> Counter[Want]:
    """What these people want, each in the text of the database."""
    wants: Counter[Want] = Counter(dict.fromkeys(KINDS, len(levels)))
    told = {Lack.LEVEL: levels, Lack.INTEREST: _tags(interests), Lack.MOMENT: _tags(moments)}
    for lack, tags in told.items():
        wants.update({(lack, tag): number for tag, number in Counter(tags).items()})
    return wants


def _tags(lists: Sequence[str]) -> Iterator[str]:
    """The tags of many lists of JSON, of each list once."""
    return chain.from_iterable(map(set, json.loads(f"[{','.join(lists)}]")))


def _listed(network: str) -> Iterator[tuple[str, int, str, int, int, int]]:
    found = select(
        Listing.municipality, Listing.offer_id, cast(Listing.kind, Text), Listing.level, Listing.interest_bits,
        Listing.slot_bits,
    ).where(Listing.network_slug == network, open_listings())  # fmt: skip
    return iter(session().execute(found).all())


@lru_cache(maxsize=4096)
def _offered(lack: Lack, told: int) -> tuple[Want, ...]:
    """What an activity is for, by its bits; by its level: everybody who speaks as much Dutch as it needs, or more."""
    if lack is Lack.LEVEL:
        return tuple((lack, level.value) for level in DutchLevel if rank(level.value) >= told)
    return tuple((lack, tag) for tag in tags_of(told, LIKINGS if lack is Lack.INTEREST else SLOTS))


KINDS: Final = tuple((Lack.KIND, kind.value) for kind in OfferKind)
EVERYTHING: Final[Mapping[Lack, tuple[str, ...]]] = {
    Lack.INTEREST: LIKINGS,
    Lack.KIND: tuple(kind.value for kind in OfferKind),
    Lack.MOMENT: SLOTS,
    Lack.LEVEL: tuple(level.value for level in DutchLevel),
}


def _gaps(places: Sequence[Place]) -> list[Gap]:
    """Everything that can be wanted there: what is missing first, then what is scarce.

    Kinds come after what newcomers told themselves, because everybody can use each.
    """
    every = [
        Gap(
            lack, tag, _together([place.wants[lack, tag] for place in places]),
            len(set[int]().union(*(place.offers[lack, tag] for place in places if (lack, tag) in place.offers))),
        )
        for lack, tags in EVERYTHING.items()
        for tag in tags
    ]  # fmt: skip
    return sorted(every, key=_order)


def _order(gap: Gap) -> tuple[bool, bool, float, int]:
    return not gap.missing, gap.lack is Lack.KIND, -gap.wanted / (gap.offered or 1), gap.offered


def _together(counts: Sequence[int]) -> int:
    return whole_in_fives(counts) if len(counts) > 1 else in_fives(sum(counts))


def _newcomers_of(places: Sequence[Place]) -> int:
    """How many newcomers live there: everybody has one level of Dutch, so that the levels are parts of it too."""
    levels = [[place.wants[Lack.LEVEL, level] for place in places] for level in EVERYTHING[Lack.LEVEL]]
    return min(
        whole_in_fives([sum(level) for level in levels]),
        _together([sum(town) for town in zip(*levels, strict=True)]),
    )


def _town(name: str, place: Place) -> Town:
    missing = [gap for gap in _gaps([place]) if gap.missing]
    return Town(name, _newcomers_of([place]), len(place.activities), missing)
