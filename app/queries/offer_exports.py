"""Activities as they travel (app/exchange): what everybody may see, for the open API, and what staff take as a file."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, exists, func, select
from sqlalchemy.orm import selectinload

from app.clock import now
from app.db import session
from app.exchange import GATHERING
from app.models import Gathering, Listing, Occurrence, Offer
from app.queries.reach import count, one, reach, rows
from app.reference.folding import fold
from app.security.permissions import Permission, Scope
from app.security.viewer import Viewer
from app.vocabulary import OfferKind
from app.vocabulary.masks import GOALS, LIKINGS, SLOTS, SUITED, mask, rank

AT_ONCE: Final = 500
TIMES_AHEAD: Final = 5


@dataclass(frozen=True)
class Asked:
    """Which published activities are asked for. `level` is the Dutch that somebody has; `text` is looked for in names."""

    kind: str | None = None
    goal: str | None = None
    interest: str | None = None
    level: str | None = None
    suited: str | None = None
    slot: str | None = None
    network: str | None = None
    municipality: str | None = None
    text: str | None = None
    free: bool | None = None
    joinable: bool | None = None
    changed_since: datetime | None = None


def shown(asked: Asked) -> Select[Offer]:
    """The published activities that are asked for, in order of their key. For everybody."""
    found = select(Offer).where(exists().where(and_(*_listed(asked)))).order_by(Offer.id)
    return found.where(Offer.changed_at >= asked.changed_since) if asked.changed_since else found


def _listed(asked: Asked) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = [Listing.offer_id == Offer.id]
    bits = {
        Listing.goal_bits: mask([asked.goal or ""], GOALS), Listing.interest_bits: mask([asked.interest or ""], LIKINGS),
        Listing.suited_bits: mask([asked.suited or ""], SUITED), Listing.slot_bits: mask([asked.slot or ""], SLOTS),
    }  # fmt: skip
    wanted += [column.bitwise_and(bit) != 0 for column, bit in bits.items() if bit]
    if asked.kind:
        wanted.append(Listing.kind == OfferKind(asked.kind))
    if asked.level:
        wanted.append(Listing.level <= rank(asked.level))
    if asked.network:
        wanted.append(Listing.network_slug == asked.network)
    if asked.municipality:
        wanted.append(func.lower(Listing.municipality) == asked.municipality.lower())
    if asked.free is not None:
        wanted.append((Listing.price_cents == 0) if asked.free else Listing.price_cents.is_distinct_from(0))
    if asked.joinable is not None:
        wanted.append(Listing.joinable.is_(asked.joinable))
    wanted += [Listing.search_key.contains(word, autoescape=True) for word in fold(asked.text or "").split()]
    return wanted


def page_after(found: Select[Offer], after: int, limit: int) -> tuple[list[Offer], int]:
    """The activities that follow that key, at most `limit` and one more, and how many there are in all."""
    return rows(_whole(found.where(Offer.id > after).limit(limit + 1))), count(found)


def one_shown(offer_id: int) -> Offer:
    """A published activity. Raises NotFound."""
    return one(_whole(shown(Asked()).where(Offer.id == offer_id)))


def in_parts(found: Select[Offer]) -> Iterator[list[Offer]]:
    """All of a selection, some hundreds at a time, so that a file of any length takes the memory of one part."""
    last = 0
    while part := rows(_whole(found.where(Offer.id > last).limit(AT_ONCE))):
        last = part[-1].id
        yield part
        session().expunge_all()


def offers_to_take(viewer: Viewer) -> Select[Offer]:
    """The activities of organisations, in every state, that the viewer may take away as a file; in order of their key."""
    own = {Scope.NETWORK: Offer.network_slug.in_(viewer.networks)}
    return (
        select(Offer).where(Offer.state.is_not(None), reach(viewer, Permission.MOVE_OFFERS, own)).order_by(Offer.id)
    )  # fmt: skip


def times_ahead(offers: Sequence[Offer]) -> Mapping[int, list[tuple[datetime, datetime]]]:
    """The next few times of each of these activities as (start, end), by key."""
    place = (
        func.row_number().over(partition_by=Occurrence.offer_id, order_by=Occurrence.starts_at).label("place")
    )
    coming = (
        select(Occurrence.offer_id, Occurrence.starts_at, Occurrence.ends_at, place)
        .where(
            Occurrence.offer_id.in_([offer.id for offer in offers]), Occurrence.starts_at > now(),
            Occurrence.cancelled_at.is_(None),
        ).subquery()
    )  # fmt: skip
    soonest = (
        select(coming).where(coming.c.place <= TIMES_AHEAD).order_by(coming.c.offer_id, coming.c.starts_at)
    )
    found: dict[int, list[tuple[datetime, datetime]]] = defaultdict(list)
    for offer_id, starts_at, ends_at, _place in session().execute(soonest):
        found[offer_id].append((starts_at, ends_at))
    return found


def record(offer: Offer, *, source: str) -> dict[str, Any]:
    """An activity in its own language with its other texts; `source` names this site, for what was made here."""
    return {
        "source": offer.source or source,
        "source_id": offer.source_id if offer.source else str(offer.id),
        "title": offer.title, "words": offer.words, "language": offer.words_language, "kind": offer.kind.value,
        "goals": list(offer.goals), "interests": list(offer.interests), "level": offer.dutch_level,
        "suited": list(offer.suited), "organisation": offer.organisation.name if offer.organisation else "",
        "link": offer.link, "price_cents": offer.price_cents, "reduced_cents": offer.reduced_cents,
        "price_words": offer.price_words, "when_words": offer.when_words, "places": offer.places,
        "waiting_places": offer.waiting_places, "fluent_speakers": offer.fluent_speakers,
        "meeting_words": offer.meeting_words, "insurer": offer.insurer, "ends_on": offer.ends_on and offer.ends_on.isoformat(),
        "gatherings": [_where(gathering) for gathering in offer.gatherings],
        "texts": [
            {"language": text.language, "title": text.title, "words": text.words, "made_by": text.made_by.value}
            for text in sorted(offer.texts, key=lambda text: text.language)
        ],
    }  # fmt: skip


def record_in(
    offer: Offer, language: str, times: Iterable[tuple[datetime, datetime]], *, source: str, url: str
) -> dict[str, Any]:
    """As `record`, with title and words in that language where they are there, and with what holds at this moment."""
    known = {text.language: text for text in offer.texts}
    other = None if language == offer.words_language else known.get(language)
    words = {} if other is None else {"title": other.title, "words": other.words, "language": other.language}
    return {
        **record(offer, source=source), **words,
        "id": offer.id, "url": url, "text_state": other.state.value if other else "source",
        "languages": sorted({offer.words_language, *known}), "joinable": offer.can_be_joined,
        "free_places": offer.free_places, "next": [{"starts_at": _at(start), "ends_at": _at(end)} for start, end in times],
        "changed_at": _at(offer.changed_at),
    }  # fmt: skip


def _whole(found: Select[Offer]) -> Select[Offer]:
    return found.options(selectinload(Offer.gatherings), selectinload(Offer.texts))


def _where(gathering: Gathering) -> dict[str, Any]:
    special = {"first_on": gathering.first_on and gathering.first_on.isoformat()}
    return {
        name: special[name]
        if name in special
        else list(value)
        if isinstance(value := getattr(gathering, name), list)
        else value
        for name in GATHERING
    }


def _at(instant: datetime) -> str:
    return instant.strftime("%Y-%m-%dT%H:%M:%SZ")
