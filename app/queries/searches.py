"""Finding activities: what a search asks for, and what it finds. Only what can still be joined, and for everybody.

A search goes by the table `listing` alone: one row for each place of an activity that may be shown.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import CTE, ColumnElement, Select, case, func, literal, or_, select, union_all
from sqlalchemy.orm import InstrumentedAttribute

from app.clock import now, start_of_day, today
from app.db import session
from app.errors import NotFound
from app.models import Gathering, Listing, Occurrence, Offer, OfferText
from app.queries.search_terms import UNKNOWN_FAR, Search, answered, any_of, open_listings
from app.vocabulary.masks import LIKINGS, SLOTS, mask

PAGE: Final = 12
LAST_PAGE: Final = 10_000
NEAREST: Final = 3


@dataclass(frozen=True)
class Hit:
    """An activity that was found, at the place of it that suits best, with its text in the language asked for.

    `next_at` is the next time there, None where nothing is fixed; `metres` the distance from the place asked for;
    `answers` how much of a phrase it answers, 0 without one.
    """

    offer: Offer
    gathering: Gathering
    listing: Listing
    text: OfferText | None
    next_at: datetime | None
    metres: int | None = None
    answers: int = 0

    @property
    def language(self) -> str:
        """The language of the title and the words."""
        return self.text.language if self.text else self.offer.words_language

    @property
    def title(self) -> str:
        """Its name, in that language."""
        return self.text.title if self.text else self.offer.title

    @property
    def words(self) -> str:
        """What it is, in that language."""
        return self.text.words if self.text else self.offer.words

    @property
    def spot(self) -> str:
        """The building and the municipality."""
        there = self.gathering
        parts = (there.place or self.offer.place, there.municipality or self.offer.municipality)
        return ", ".join(dict.fromkeys(filter(None, parts)))

    @property
    def where(self) -> str:
        """Building, address, postcode and town in a line."""
        there = self.gathering
        town = f"{there.postcode} {there.locality or there.municipality or self.offer.municipality}".strip()
        return ", ".join(dict.fromkeys(filter(None, (there.place or self.offer.place, there.address, town))))


@dataclass(frozen=True)
class Time:
    """One time that an activity takes place."""

    occurrence: Occurrence
    hit: Hit


@dataclass(frozen=True)
class Shown:
    """An activity on a page of its own: its places in order, its next times there, and what it is called.

    `hit` is that of its first place. A time that was cancelled not long ago stands among the others.
    """

    hits: list[Hit]
    times: list[Time]

    @property
    def hit(self) -> Hit:
        """The activity with its text, at its first place."""
        return self.hits[0]

    @property
    def title(self) -> str:
        """Its name in the language of the page, where there is one."""
        return self.hit.title


@dataclass(frozen=True)
class Found:
    """One page of activities: its number, how many pages there are, and how many activities in all."""

    hits: list[Hit]
    page: int
    pages: int
    total: int


def page_of(search: Search, number: int, language: str, *, size: int = PAGE) -> Found:
    """One page of what a search finds, in two statements; a number past the end gives the last page."""
    number = min(max(number, 1), LAST_PAGE)
    total, ids = _ids(search, number, size)
    if not ids and number > 1:
        there = select(func.count(Listing.offer_id.distinct())).where(*_asked(search))
        number = max(1, -(-(session().scalar(there) or 0) // size))
        total, ids = _ids(search, number, size)
    return Found(hits_of(ids, search, language), number, max(1, -(-total // size)), total)


def _asked(search: Search) -> list[ColumnElement[bool]]:
    return [open_listings(), *search.conditions.values()]


def _ids(search: Search, number: int, size: int) -> tuple[int, list[int]]:
    """How many activities there are, and the keys of those of one page in their order; 0 for a page past the end."""
    # Found once, and counted from that: a count as a column of each row costs as much as finding them.
    keys = [key.label(f"key_{at}") for at, key in enumerate(_keys(search))]
    found = select(Listing.offer_id, *keys).where(*_asked(search)).group_by(Listing.offer_id).cte("found")
    rows = session().execute(
        select(found.c.offer_id, select(func.count()).select_from(found).scalar_subquery())
        .order_by(*_ascending(found.c[key.name] for key in keys), found.c.offer_id)
        .limit(size).offset((number - 1) * size)
    ).all()  # fmt: skip
    return (rows[0][1] if rows else 0), [offer_id for offer_id, _total in rows]


def _keys(search: Search) -> list[ColumnElement[Any]]:
    """What puts activities in order, the smallest first and what is not known last."""
    order: list[ColumnElement[Any]] = [func.min(search.distance), func.min(Listing.next_at)]
    if search.soonest or search.place is None:
        order.reverse()
    return [func.min(-search.rank), *order] if search.meant is not None else order


def _ascending(keys: Iterable[ColumnElement[Any]]) -> list[ColumnElement[Any]]:
    return [key.asc().nulls_last() for key in keys]


def hits_of(ids: Sequence[int], search: Search, language: str) -> list[Hit]:
    """These activities in this order, each at the place that answers most of the search and is nearest; one statement."""
    if not ids:
        return []
    best = _best_of_each(search, language, ids)
    return [best[offer_id] for offer_id in ids if offer_id in best]


def _best_of_each(search: Search, language: str, ids: Sequence[int] | Select[int]) -> dict[int, Hit]:
    """These activities by key, each at the place that answers most of the search and is nearest."""
    rows = session().execute(
        _with_all(language).where(Listing.offer_id.in_(ids), open_listings())
        .order_by(answered(search).desc(), search.distance, Listing.next_at.asc().nulls_last(), Listing.id)
        .add_columns(search.distance, search.rank)
    ).unique()  # fmt: skip
    best: dict[int, Hit] = {}
    for row in rows:
        best.setdefault(row[0].id, _hit(search, row))
    return best


def _hit(search: Search, row: Sequence[Any]) -> Hit:
    """From a row of `_with_all` with the square of the distance behind it, and what it answers where that was asked."""
    offer, gathering, listing, text, next_at, square, *answers = row
    metres = round(1000 * math.sqrt(square)) if search.place and square < UNKNOWN_FAR else None
    return Hit(offer, gathering, listing, text, next_at, metres, *answers)


def nearest_to(search: Search, language: str) -> list[Hit]:
    """The few activities that answer most of a search that finds nothing; two statements."""
    first: dict[int, None] = {}
    found = session().execute(
        select(Listing.offer_id).where(open_listings())
        .order_by(answered(search).desc(), search.distance, Listing.next_at.asc().nulls_last(), Listing.offer_id)
        .limit(NEAREST * 4)
    )  # fmt: skip
    for (offer_id,) in found:
        first.setdefault(offer_id)
    return hits_of(list(first)[:NEAREST], search, language)


def candidates(
    search: Search, language: str, likings: Sequence[str], times: Sequence[str], most: int
) -> list[Hit]:
    """What a search finds, of what answers a phrase equally well those first that share what somebody told; one statement.

    What is shared is an interest (worth most) or a moment.
    """
    shared = case((any_of(Listing.interest_bits, mask(likings, LIKINGS)), 2), else_=0) + case(
        (any_of(Listing.slot_bits, mask(times, SLOTS)), 1), else_=0
    )
    best = (
        select(Listing.offer_id).where(*_asked(search)).group_by(Listing.offer_id)
        .order_by(func.max(shared).desc(), *_ascending(_keys(search)), Listing.offer_id).limit(most)
    )  # fmt: skip
    return list(_best_of_each(search, language, best).values())


def counts_by_network(search: Search) -> dict[str, int]:
    """How many activities there are in each network that has any."""
    return _counts(search, Listing.network_slug)


def counts_by_municipality(search: Search) -> dict[str, int]:
    """How many activities there are in each municipality that has any."""
    return _counts(search, Listing.municipality)


WEEK_SHOWN: Final = 8
"""Of one day of the week view; what is more stands in the list."""


def week_of(
    search: Search, days: Sequence[date], language: str, *, most: int = WEEK_SHOWN
) -> list[list[Time]]:
    """What takes place on each of these days, in order of time, at most `most` a day and one more to tell; two statements."""
    # What is looked for is found once for all days; where nothing is asked for, the days lead to it sooner.
    found: CTE | type[Listing] = Listing
    if search.conditions:
        found = select(Listing.gathering_id).where(*_asked(search)).cte("found")
    wanted = union_all(*(_day(found, at, day, most + 1) for at, day in enumerate(days))).subquery()
    taken = {key: at for at, key in session().execute(select(wanted.c.at, wanted.c.id))}
    week: list[list[Time]] = [[] for _ in days]
    for time in _times(search, language, Occurrence.id.in_(taken)):
        week[taken[time.occurrence.id]].append(time)
    return week


def times_of(search: Search, language: str, *, most: int) -> list[Time]:
    """The next times of what a search finds, the soonest first; two statements."""
    wanted = session().scalars(
        select(Occurrence.id).join(Listing, Listing.gathering_id == Occurrence.gathering_id)
        .where(Occurrence.starts_at > now(), Occurrence.cancelled_at.is_(None), open_listings(), *search.conditions.values())
        .order_by(Occurrence.starts_at, Occurrence.id).limit(most)
    ).all()  # fmt: skip
    return _times(search, language, Occurrence.id.in_(wanted))


def newest(search: Search, language: str, most: int) -> list[Hit]:
    """What a search finds, the last published first; two statements."""
    found = (
        select(Listing.offer_id).join(Offer, Offer.id == Listing.offer_id)
        .where(*_asked(search)).group_by(Listing.offer_id, Offer.published_at)
        .order_by(Offer.published_at.desc(), Listing.offer_id.desc()).limit(most)
    )  # fmt: skip
    return hits_of(list(session().scalars(found)), search, language)


TIMES_SHOWN: Final = 6


def shown(offer_id: int, language: str) -> Shown:
    """One activity that everybody may see, also when no place is left. Raises NotFound; two statements."""
    nothing = Search()
    rows = session().execute(
        _with_all(language).add_columns(nothing.distance)
        .where(Offer.id == offer_id, or_(Listing.ends_on.is_(None), Listing.ends_on >= today()))
        .order_by(Gathering.position, Gathering.id)
    ).unique().all()  # fmt: skip
    if not rows:
        raise NotFound()
    coming = (Occurrence.offer_id == offer_id) & (Occurrence.starts_at > now())
    return Shown([_hit(nothing, row) for row in rows], _times(nothing, language, coming)[:TIMES_SHOWN])


def _times(search: Search, language: str, which: ColumnElement[bool]) -> list[Time]:
    rows = session().execute(
        _with_all(language).add_columns(Occurrence, search.distance)
        .join(Occurrence, Occurrence.gathering_id == Gathering.id).where(which)
        .order_by(Occurrence.starts_at, Occurrence.id)
    ).unique()  # fmt: skip
    return [Time(row[5], _hit(search, (*row[:5], row[6]))) for row in rows]


def _day(found: CTE | type[Listing], at: int, day: date, most: int) -> Select[int, int]:
    """The first times of one day in what was found, or among all that can be joined."""
    begins = max(start_of_day(day), now())
    key, asked = (
        (found.c.gathering_id, []) if isinstance(found, CTE) else (found.gathering_id, [open_listings()])
    )
    inside = (
        select(literal(at).label("at"), Occurrence.id.label("id")).join(found, key == Occurrence.gathering_id)
        .where(
            Occurrence.starts_at >= begins, Occurrence.starts_at < start_of_day(day + timedelta(days=1)),
            Occurrence.cancelled_at.is_(None), *asked,
        )
        .order_by(Occurrence.starts_at, Occurrence.id).limit(most)
    )  # fmt: skip
    return select(inside.subquery())


def _counts(search: Search, by: InstrumentedAttribute[str]) -> dict[str, int]:
    found = (
        select(by, func.count(Listing.offer_id.distinct()))
        .where(*_asked(search)).group_by(by)
    )  # fmt: skip
    return dict(session().execute(found).all())


def _with_all(language: str) -> Select[Offer, Gathering, Listing, OfferText, datetime]:
    """Offer, gathering, listing, its text in that language and the next time it takes place."""
    coming = (
        select(func.min(Occurrence.starts_at))
        .where(Occurrence.gathering_id == Listing.gathering_id, Occurrence.starts_at > now(), Occurrence.cancelled_at.is_(None))
        .correlate(Listing).scalar_subquery()
    )  # fmt: skip
    return (
        select(Offer, Gathering, Listing, OfferText, coming)
        .join(Listing, Listing.offer_id == Offer.id)
        .join(Gathering, Gathering.id == Listing.gathering_id)
        .outerjoin(OfferText, (OfferText.offer_id == Offer.id) & (OfferText.language == language))
    )
