"""Published activities that somebody should look at: what nobody finds, what is stale, what does not count.

All of it is computed when it is asked for; a thing is gone from here as soon as it is settled.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any, Final

from sqlalchemy import CTE, ColumnElement, String, and_, case, cast, exists, false, func, literal, or_, select

from app.clock import days_ago, now, today
from app.db import session
from app.models import Gathering, Network, Occurrence, Offer, OfferLook, OfferText
from app.queries.offers import joinable
from app.queries.owing import Found, columns
from app.queries.reach import reach, rows
from app.security.permissions import Permission, Scope
from app.security.viewer import Viewer
from app.vocabulary import OfferKind
from app.vocabulary.care import Finding

PAGE: Final = 25
COUNTED_DAYS: Final = 28
"""Over so many days, today included, looks are counted; what is newer than that is not called unseen."""
OFTEN_SHOWN: Final = 50
OFTEN_OPENED: Final = 20
UNTOUCHED_DAYS: Final = 183
SOON: Final = timedelta(days=21)
ASKED_DAYS: Final = 28
"""So long an organisation has to answer before it can be asked again."""
STALE: Final = frozenset({Finding.NO_DATES, Finding.UNTOUCHED, Finding.ENDS_SOON})
AMISS: Final = frozenset(Finding) - {Finding.UNJUDGED}


@dataclass(frozen=True)
class Asked:
    """Which activities of one network: with that finding (None = any that is amiss), of that kind, in that town.

    `without` is a language in which it has no text.
    """

    network: str
    finding: Finding | None = None
    kind: OfferKind | None = None
    town: str = ""
    without: str = ""


@dataclass(frozen=True)
class Line:
    """One activity by its key, with what is amiss and how often it was shown and opened in the last four weeks.

    `askable` says whether its organisation can be asked whether it goes on.
    """

    id: int
    shown: int
    opened: int
    askable: bool
    findings: Sequence[Finding]

    @property
    def stale(self) -> bool:
        """Whether it helps to ask the organisation whether it goes on."""
        return not STALE.isdisjoint(self.findings)


@dataclass(frozen=True)
class Care:
    """A page of the list with the activities themselves, how many of each finding there are, and how many in all.

    `counts` and `published` are of the whole network, `total` of what is asked for.
    """

    lines: list[tuple[Line, Offer]]
    total: int
    page: int
    pages: int
    counts: Mapping[Finding, int]
    published: int


def care_of(asked: Asked, page: int = 1, *, size: int = PAGE) -> Care:
    """The worst first, in two statements. For who may publish in that network: that is asked before."""
    every = _rows(asked)
    counts: Counter[Finding] = Counter()
    for bits, number in Counter(row.bits for row in every).items():
        counts.update(dict.fromkeys(_findings(bits), number))
    wanted = sorted((row for row in every if _is_asked(row, asked)), key=lambda row: _urgency(row.bits))
    pages = max(1, -(-len(wanted) // size))
    page = min(max(page, 1), pages)
    lines = [
        Line(row.id, row.shown, row.opened, bool(row.askable), _findings(row.bits))
        for row in wanted[(page - 1) * size : page * size]
    ]
    offers = {
        offer.id: offer for offer in rows(select(Offer).where(Offer.id.in_([line.id for line in lines])))
    }
    there = [(line, offers[line.id]) for line in lines if line.id in offers]
    return Care(there, len(wanted), page, pages, counts, len(every))


def care_owed(viewer: Viewer) -> Found:
    """The networks with activities that need a person now, one row each, for Today."""
    found = (
        joinable().join(Network, Network.slug == Offer.network_slug)
        .where(
            reach(viewer, Permission.PUBLISH_OFFER, {Scope.NETWORK: Offer.network_slug.in_(viewer.networks)}),
            or_(_stands()[Finding.NOT_COUNTING], needs_answer()),
        )
        .group_by(Network.slug, Network.name)
    )  # fmt: skip
    return columns(
        found, func.min(Offer.id), Network.name, literal(now(), Offer.changed_at.type), network=Network.slug,
        number=func.count(Offer.id),
    )  # fmt: skip


def needs_answer() -> ColumnElement[bool]:
    """Whether nobody can tell that the activity goes on, and its organisation was not asked lately."""
    stands = _stands()
    return and_(askable(), or_(stands[Finding.NO_DATES], stands[Finding.UNTOUCHED]))


def askable() -> ColumnElement[bool]:
    """Whether its organisation can be asked whether it goes on: it was not asked lately, and a last day is known."""
    lately = Offer.asked_at >= days_ago(ASKED_DAYS)
    return and_(
        Offer.organisation_id.is_not(None), Offer.ends_on.is_not(None), or_(Offer.asked_at.is_(None), ~lately)
    )


def _rows(asked: Asked) -> Sequence[Any]:
    """All published activities of the network, what was not changed for longest first; `bits` say what is amiss."""
    looks = _looks(asked.network)
    bits = sum(
        (case((holds, 1 << at), else_=0) for at, holds in enumerate(_conditions(looks).values())), literal(0)
    )
    found = (
        joinable().where(Offer.network_slug == asked.network).outerjoin(looks, looks.c.offer_id == Offer.id)
        .with_only_columns(
            Offer.id, cast(Offer.kind, String).label("kind"), Offer.municipality.label("town"), _shown(looks).label("shown"),
            _opened(looks).label("opened"), askable().label("askable"), bits.label("bits"),
        )
        .order_by(Offer.changed_at, Offer.id)
    )  # fmt: skip
    if asked.without:
        said = exists().where(OfferText.offer_id == Offer.id, OfferText.language == asked.without)
        found = found.where(~said, Offer.words_language != asked.without)
    return session().execute(found).all()


@cache
def _findings(bits: int) -> tuple[Finding, ...]:
    return tuple(finding for at, finding in enumerate(Finding) if bits >> at & 1)


@cache
def _urgency(bits: int) -> list[int]:
    """What sorts before what: the place of the worst finding, then of the next."""
    return [at for at in range(len(Finding)) if bits >> at & 1] or [len(Finding)]


def _is_asked(row: Any, asked: Asked) -> bool:
    if (asked.kind and row.kind != asked.kind) or (asked.town and row.town != asked.town):
        return False
    if asked.finding:
        return asked.finding in _findings(row.bits)
    return bool(asked.without) or not AMISS.isdisjoint(_findings(row.bits))


def _stands() -> dict[Finding, ColumnElement[bool]]:
    """What follows from the activity alone, whoever looks at it."""
    of_it = Gathering.offer_id == Offer.id
    coming = exists().where(
        Occurrence.offer_id == Offer.id, Occurrence.starts_at > now(), Occurrence.cancelled_at.is_(None)
    )
    older = exists().where(OfferText.offer_id == Offer.id, OfferText.source_mark != Offer.kept_mark)
    return {
        Finding.NOT_COUNTING: or_(Offer.dutch_spoken.is_(False), Offer.people_met.is_(False)),
        # what is asked first is true of most, so that the second is seldom looked up
        Finding.NO_DATES: case((coming, false()), else_=exists().where(of_it, Gathering.start != "")),
        Finding.UNTOUCHED: Offer.changed_at < days_ago(UNTOUCHED_DAYS),
        Finding.ENDS_SOON: case(
            (Offer.ends_on <= today() + SOON, exists().where(of_it, or_(Gathering.rule != "", Gathering.start == ""))),
            else_=false(),
        ),
        Finding.OUTDATED: older,
        Finding.UNJUDGED: or_(Offer.dutch_spoken.is_(None), Offer.people_met.is_(None)),
    }  # fmt: skip


def _conditions(looks: CTE) -> dict[Finding, ColumnElement[bool]]:
    """Each finding as a condition on an activity beside its looks, in the order of the enumeration."""
    shown, opened = _shown(looks), _opened(looks)
    counted = exists().where(OfferLook.day <= today() - timedelta(days=COUNTED_DAYS))
    found = {
        **_stands(),
        Finding.UNSEEN: and_(Offer.published_at < days_ago(COUNTED_DAYS), counted, shown == 0, opened == 0),
        Finding.UNOPENED: and_(shown >= OFTEN_SHOWN, opened == 0),
        Finding.UNJOINED: and_(opened >= OFTEN_OPENED, Offer.places_taken == 0, Offer.link == ""),
    }
    return {finding: found[finding] for finding in Finding}


def _looks(network: str) -> CTE:
    """How often each activity of the network was shown and opened in the last four weeks."""
    since = today() - timedelta(days=COUNTED_DAYS)
    return (
        select(OfferLook.offer_id, func.sum(OfferLook.shown).label("shown"), func.sum(OfferLook.opened).label("opened"))
        .join(Offer, Offer.id == OfferLook.offer_id)
        .where(Offer.network_slug == network, OfferLook.day > since)
        .group_by(OfferLook.offer_id).cte("looks")
    )  # fmt: skip


def _shown(looks: CTE) -> ColumnElement[int]:
    return func.coalesce(looks.c.shown, 0)


def _opened(looks: CTE) -> ColumnElement[int]:
    return func.coalesce(looks.c.opened, 0)
