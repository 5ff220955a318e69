"""Published activities that somebody should look at: what nobody finds, what is stale, what does not count.

All of it is computed when it is asked for; a thing is gone from here as soon as it is settled.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import CTE, ColumnElement, and_, exists, func, or_, select

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
    kind: OfferKind
    town: str
    changed_at: datetime
    shown: int
    opened: int
    askable: bool
    findings: Sequence[Finding]


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
    lines = _lines(asked)
    counts = Counter(finding for line in lines for finding in line.findings)
    wanted = sorted((line for line in lines if _is_asked(line, asked)), key=_urgency)
    pages = max(1, -(-len(wanted) // size))
    page = min(max(page, 1), pages)
    shown = wanted[(page - 1) * size : page * size]
    offers = {
        offer.id: offer for offer in rows(select(Offer).where(Offer.id.in_([line.id for line in shown])))
    }
    there = [(line, offers[line.id]) for line in shown if line.id in offers]
    return Care(there, len(wanted), page, pages, counts, len(lines))


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
        found, func.min(Offer.id), Network.name, func.min(Offer.changed_at), network=Network.slug,
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


def _lines(asked: Asked) -> list[Line]:
    """All published activities of the network, with what is amiss with each."""
    looks = _looks(asked.network)
    conditions = _conditions(looks)
    found = (
        joinable(network=asked.network).outerjoin(looks, looks.c.offer_id == Offer.id)
        .with_only_columns(
            Offer.id, Offer.kind, Offer.municipality, Offer.changed_at, _shown(looks), _opened(looks), askable(),
            *conditions.values(),
        )
    )  # fmt: skip
    if asked.without:
        said = exists().where(OfferText.offer_id == Offer.id, OfferText.language == asked.without)
        found = found.where(~said, Offer.words_language != asked.without)
    return [_line(row, list(conditions)) for row in session().execute(found)]


def _line(row: Sequence[Any], order: Sequence[Finding]) -> Line:
    key, kind, town, changed_at, shown, opened, can_be_asked, *flags = row
    findings = tuple(finding for finding, holds in zip(order, flags, strict=True) if holds)
    return Line(key, kind, town, changed_at, int(shown), int(opened), bool(can_be_asked), findings)


def _is_asked(line: Line, asked: Asked) -> bool:
    if (asked.kind and line.kind is not asked.kind) or (asked.town and line.town != asked.town):
        return False
    if asked.finding:
        return asked.finding in line.findings
    return bool(asked.without) or not AMISS.isdisjoint(line.findings)


def _urgency(line: Line) -> tuple[Any, ...]:
    order = list(Finding)
    return [order.index(finding) for finding in line.findings] or [len(order)], line.changed_at, line.id


def _stands() -> dict[Finding, ColumnElement[bool]]:
    """What follows from the activity alone, whoever looks at it."""
    of_it = Gathering.offer_id == Offer.id
    coming = exists().where(
        Occurrence.offer_id == Offer.id, Occurrence.starts_at > now(), Occurrence.cancelled_at.is_(None)
    )
    older = exists().where(OfferText.offer_id == Offer.id, OfferText.source_mark != Offer.kept_mark)
    return {
        Finding.NOT_COUNTING: or_(Offer.dutch_spoken.is_(False), Offer.people_met.is_(False)),
        Finding.NO_DATES: and_(exists().where(of_it, Gathering.start != ""), ~coming),
        Finding.UNTOUCHED: Offer.changed_at < days_ago(UNTOUCHED_DAYS),
        Finding.ENDS_SOON: and_(
            Offer.ends_on <= today() + SOON, exists().where(of_it, or_(Gathering.rule != "", Gathering.start == ""))
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
