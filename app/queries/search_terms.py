"""What a search for activities asks for, as conditions on the table `listing`: one row for each place of an activity."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, case, exists, func, literal, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from app.clock import now, today
from app.models import Listing, Occurrence, Offer, OfferText
from app.reference.gazetteer import Place
from app.vocabulary import OfferKind
from app.vocabulary.activities import OfferGoal, Suited
from app.vocabulary.masks import GOALS, LIKINGS, SLOTS, SUITED, mask

KM_A_DEGREE: Final = 111.195  # of latitude, on a globe with R = 6 371 009 m
UNKNOWN_FAR: Final = 1e9
KINDS_MEANT: Final = {
    "languages-conversation": OfferKind.CONVERSATION_GROUP, "volunteering": OfferKind.VOLUNTEERING,
    "job-search": OfferKind.WORK_PLACEMENT, "studying-school": OfferKind.COURSE,
}  # fmt: skip
"""Interests that are a kind of activity too: who says so finds those, whatever interests they were given."""
SUITED_MEANT: Final = {"children-family": Suited.CHILDREN}
"""And those that say who comes along: what suits them is found too."""
WORTH: Final = {"words": 8, "level": 4, "kind": 4, "goal": 3, "slots": 3, "language": 1}
"""What counts most where nothing answers the whole of a search; the rest counts for 2."""


@dataclass(frozen=True)
class Search:
    """What somebody looks for; empty = does not matter.

    `interests` and `aims` were understood from a phrase and `words` (folded) are what it says: an activity is found by
    one of those or by all of those words. `km` counts from `place`. `slots` are moments of the week, of which one
    is enough. `level` is the most Dutch that may be needed (0 to 4). `language` asks for a text in that language,
    `until` for what begins before that instant, or whenever somebody wants.
    `soonest` puts what begins first in front, and not what is nearest.
    """

    interests: tuple[str, ...] = ()
    aims: tuple[OfferGoal, ...] = ()
    words: tuple[str, ...] = ()
    place: Place | None = None
    km: int | None = None
    network: str = ""
    municipality: str = ""
    kind: OfferKind | None = None
    goal: OfferGoal | None = None
    level: int | None = None
    slots: tuple[str, ...] = ()
    suited: tuple[Suited, ...] = ()
    free: bool = False
    language: str = ""
    until: datetime | None = None
    soonest: bool = False

    @property
    def conditions(self) -> dict[str, ColumnElement[bool]]:
        """Each thing that is asked for, by name, as a condition on a listing."""
        asked: dict[str, ColumnElement[bool] | None] = {
            "words": self.meant,
            "place": self._near(),
            "network": Listing.network_slug == self.network if self.network else None,
            "municipality": Listing.municipality == self.municipality if self.municipality else None,
            "kind": Listing.kind == self.kind if self.kind else None,
            "goal": any_of(Listing.goal_bits, mask([self.goal], GOALS)) if self.goal else None,
            "level": Listing.level <= self.level if self.level is not None else None,
            "slots": any_of(Listing.slot_bits, mask(self.slots, SLOTS)) if self.slots else None,
            "suited": _all(Listing.suited_bits, mask(self.suited, SUITED)) if self.suited else None,
            "free": Listing.price_cents == 0 if self.free else None,
            "language": _has_text(self.language) if self.language else None,
            "until": or_(Listing.next_at.is_(None), Listing.next_at < self.until) if self.until else None,
        }
        return {name: condition for name, condition in asked.items() if condition is not None}

    @property
    def rank(self) -> ColumnElement[int]:
        """How much of a phrase an activity answers: what was meant by it, and its words."""
        parts = [case((answers, worth), else_=0) for answers, worth in self._meanings()]
        return sum(parts[1:], parts[0]) if parts else literal(0)

    @property
    def distance(self) -> ColumnElement[float]:
        """The square of the distance in km on a flat map, good to 0.1 % within Flanders; 0 without a place.

        An activity whose place nobody knows is farther than all others.
        """
        if self.place is None:
            return literal(0)
        north = (Listing.lat - self.place.lat) * KM_A_DEGREE
        east = (Listing.lon - self.place.lon) * (KM_A_DEGREE * math.cos(math.radians(self.place.lat)))
        return func.coalesce(north * north + east * east, UNKNOWN_FAR)

    @property
    def meant(self) -> ColumnElement[bool] | None:
        """Whether an activity answers anything of a phrase; None without a phrase."""
        meanings = [answers for answers, _worth in self._meanings()]
        return or_(*meanings) if meanings else None

    def _meanings(self) -> list[tuple[ColumnElement[bool], int]]:
        """What a phrase can mean, each with what it is worth: an interest most, who comes along less."""
        found = []
        for tag in self.interests:
            likes = any_of(Listing.interest_bits, mask([tag], LIKINGS))
            found.append((likes | (Listing.kind == KINDS_MEANT[tag]) if tag in KINDS_MEANT else likes, 2))
            if tag in SUITED_MEANT:
                found.append((any_of(Listing.suited_bits, mask([SUITED_MEANT[tag]], SUITED)), 1))
        found += [(any_of(Listing.goal_bits, mask([goal], GOALS)), 1) for goal in self.aims]
        return [*found, (_says(self.words), 1)] if self.words else found

    def _near(self) -> ColumnElement[bool] | None:
        if self.place is None or self.km is None:
            return None
        up = self.km / KM_A_DEGREE
        aside = up / math.cos(math.radians(self.place.lat))
        box = Listing.lat.between(self.place.lat - up, self.place.lat + up) & Listing.lon.between(
            self.place.lon - aside, self.place.lon + aside
        )
        return or_(
            box & (self.distance <= self.km * self.km), Listing.municipality == self.place.municipality
        )


def open_listings() -> ColumnElement[bool]:
    """Whether somebody can still come in: places are left, and it is not over.

    `next_at` is as old as the last change of the activity, so a moment that has passed is looked up.
    """
    later = exists().where(
        Occurrence.gathering_id == Listing.gathering_id, Occurrence.starts_at > now(), Occurrence.cancelled_at.is_(None)
    ).correlate(Listing)  # fmt: skip
    return (
        # Most can be joined: an index that leads to them would only make a search jump through the table.
        Listing.joinable.is_not(False)
        & or_(Listing.ends_on.is_(None), Listing.ends_on >= today())
        & or_(Listing.next_at.is_(None), Listing.next_at > now(), later)
    )


def answered(search: Search) -> ColumnElement[int]:
    """How much of a search a listing answers: what to do counts most, and how much Dutch it takes."""
    parts = [case((condition, WORTH.get(name, 2)), else_=0) for name, condition in search.conditions.items()]
    return sum(parts[1:], parts[0]) if parts else literal(0)


def any_of(column: InstrumentedAttribute[int], bits: int) -> ColumnElement[bool]:
    """Whether a column of tags holds one of these."""
    return column.bitwise_and(bits) != 0


def _all(column: InstrumentedAttribute[int], bits: int) -> ColumnElement[bool]:
    return column.bitwise_and(bits) == bits


def _says(words: Iterable[str]) -> ColumnElement[bool]:
    """Whether all of these folded words stand in its name, organisation or place."""
    found: ColumnElement[bool] = literal(True)
    for word in words:
        found &= Listing.search_key.contains(word, autoescape=True)
    return found


def _has_text(language: str) -> ColumnElement[bool]:
    """Whether it can be read in that language."""
    source = exists().where(Offer.id == Listing.offer_id, Offer.words_language == language).correlate(Listing)
    return or_(source, Listing.offer_id.in_(select(OfferText.offer_id).where(OfferText.language == language)))
