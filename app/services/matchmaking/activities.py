"""How well activities fit a newcomer, by the criteria of the matcher: the same values and reasons as for a buddy.

An activity takes the place of the buddy: its interests, its moments and where it is. It is in Dutch; whether the
newcomer's Dutch is enough is known before. Distance and score rule nothing out here, they only put in order.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final

import matching
from app.clock import now, today
from app.models import Newcomer
from app.queries.search_terms import KINDS_MEANT, Search
from app.queries.searches import Hit, candidates
from app.reference import gazetteer
from app.vocabulary import OfferKind
from app.vocabulary.facts import Criterion
from app.vocabulary.masks import LIKINGS, SLOTS, rank, tags_of
from matching.types import Idf, Pair

PROVINCE_OF: Final[Mapping[str, str]] = {town.name: town.province for town in gazetteer.municipalities()}
LOOKED_AT: Final = 120
"""Activities that are weighed: those that share most with the newcomer, as far as the database can tell."""
FURTHEST_KM: Final = 1_000
DEFAULT_KM: Final = 25
EVERYBODY_ALIKE: Final = Idf(0, {})  # no counts of a run: each interest says as much
SETTING: Final = matching.Weights()
OPEN_TO_ALL: Final = replace(
    SETTING,
    rules=replace(SETTING.rules, min_score=0, shared_language=False, max_km=FURTHEST_KM),
    # A buddy who told no moments may have them all. An activity without one has to be asked about first, so it must
    # not stand before one at a moment that suits.
    neutral=replace(SETTING.neutral, availability=0),
)


@dataclass(frozen=True)
class Fit:
    """An activity with how well it fits (millionths, None = not weighed) and why: codes with facts, the strongest first."""

    hit: Hit
    score: int | None
    reasons: tuple[tuple[Criterion, Mapping[str, Any]], ...] = ()


def home_of(newcomer: Newcomer) -> Search:
    """Where a newcomer looks when nothing is said: from home, as far as was told, with the Dutch that is there."""
    place = gazetteer.place(newcomer.postcode, newcomer.locality)
    return Search(place=place, km=newcomer.max_km or DEFAULT_KM, level=rank(newcomer.dutch_level))


def fitting(newcomer: Newcomer, search: Search, language: str) -> list[Fit]:
    """What a search finds, at most LOOKED_AT; one statement.

    In front stands what answers most of a phrase that was said, and of that what fits this newcomer best.
    """
    found = candidates(search, language, newcomer.interests, newcomer.availability, LOOKED_AT)
    return sorted(weighed(newcomer, found), key=lambda fit: -fit.hit.answers)


THIS_WEEK: Final = timedelta(days=7)
SHOWN: Final = 3


def starting_soon(newcomer: Newcomer, language: str) -> list[Fit]:
    """Three activities near home that can start this week, of different kinds where there are; one statement."""
    until = now() + THIS_WEEK
    fits = [
        fit
        for fit in fitting(newcomer, replace(home_of(newcomer), until=until), language)
        if fit.hit.next_at is None or fit.hit.next_at < until
    ]
    first_of_a_kind: dict[OfferKind, Fit] = {}
    for fit in fits:
        first_of_a_kind.setdefault(fit.hit.offer.kind, fit)
    chosen = [*first_of_a_kind.values(), *fits]
    return list({fit.hit.offer.id: fit for fit in chosen}.values())[:SHOWN]


def weighed(newcomer: Newcomer, hits: Sequence[Hit]) -> list[Fit]:
    """These activities, what fits best in front; those at no moment of the newcomer stand last, without a reason."""
    if not hits:
        return []
    home = gazetteer.place(newcomer.postcode, newcomer.locality)
    person = matching.Newcomer(
        id="0", lat=home.lat, lon=home.lon, province=newcomer.province, dutch_level=newcomer.dutch_level.value,
        interests=tuple(newcomer.interests), availability=tuple(newcomer.availability), max_km=FURTHEST_KM,
    )  # fmt: skip
    there = [_activity(str(at), hit, home) for at, hit in enumerate(hits)]
    pairs = matching.score_pairs([person], there, weights=OPEN_TO_ALL, as_of=today(), idf=EVERYBODY_ALIKE)
    level = rank(newcomer.dutch_level)
    best = [_fit(hits[int(pair.buddy_id)], pair, person, level) for pair in pairs]
    known = {int(pair.buddy_id) for pair in pairs}
    return [*best, *(Fit(hit, None) for at, hit in enumerate(hits) if at not in known)]


def _activity(key: str, hit: Hit, home: gazetteer.Place) -> matching.Buddy:
    """The activity as the matcher takes a buddy; where its point is not known, it is in the newcomer's own municipality."""
    row = hit.listing
    lat, lon = (home.lat, home.lon) if row.lat is None or row.lon is None else (row.lat, row.lon)
    return matching.Buddy(
        id=key, lat=lat, lon=lon, province=PROVINCE_OF.get(row.municipality, home.province), interests=_interests(hit),
        availability=tuple(tags_of(row.slot_bits, SLOTS)), max_km=FURTHEST_KM,
    )  # fmt: skip


def _interests(hit: Hit) -> tuple[str, ...]:
    """Its interests, and the one that its kind stands for."""
    told = tags_of(hit.listing.interest_bits, LIKINGS)
    meant = [tag for tag, kind in KINDS_MEANT.items() if kind is hit.listing.kind and tag not in told]
    return (*told, *meant)


def _fit(hit: Hit, pair: Pair, person: matching.Newcomer, level: int) -> Fit:
    facts: dict[Criterion, Mapping[str, Any]] = {
        Criterion.INTERESTS: {"told": bool(person.interests and _interests(hit)), "common": pair.common_interests},
        Criterion.AVAILABILITY: {
            "told": bool(person.availability and hit.listing.slot_bits), "common": pair.common_slots
        },
        Criterion.PLACE: {"distance_m": pair.distance_m},
        Criterion.LANGUAGES: {"common": ("nl",) if level >= hit.listing.level > 0 else ()},
    }  # fmt: skip
    order = sorted(facts, key=lambda criterion: -pair.parts[criterion.value])
    return Fit(hit, pair.score, tuple((criterion, facts[criterion]) for criterion in order))
