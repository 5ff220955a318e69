"""Whom a network misses, after its last plan: where people wait without a buddy, and what one more buddy is worth."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, String, cast, func, literal, select

from app.db import session
from app.errors import NotFound
from app.models import Buddy, Newcomer, Run, VolunteerCall
from app.queries.disclosure import LEAST
from app.queries.matches import runs_for
from app.queries.network_programmes import last_runs
from app.queries.newcomers import newcomers_for
from app.queries.plans import missing_in
from app.queries.reach import reach, rows
from app.reference.networks import networks
from app.security.permissions import Permission, Scope
from app.security.viewer import Viewer
from app.vocabulary import BuddyState, NewcomerState, Slot

SHOWN, ALIKE = 24, 4
DUTCH = "nl"
WEEK = [slot.value for slot in Slot]
MOST_NAMED = 6  # a call that names more asks for everybody


@dataclass(frozen=True)
class LeftOut:
    """Somebody whom the last plan leaves without a buddy and who still waits; nobody by name."""

    municipality: str
    languages: Sequence[str]
    availability: Sequence[str]
    wish: str


@dataclass(frozen=True)
class Wanted:
    """What may go public: each trait is that of at least five people who wait; `waiting` None = fewer than five."""

    languages: list[str]
    moments: list[str]
    towns: list[str]
    wish: str
    waiting: int | None


@dataclass(frozen=True)
class Missing:
    """Somebody whom the network misses: language (`nl` = Dutch is enough), wish (`f`, `m`, empty), moments of the week.

    `waiting` is how many wait for it at the best of these moments, `value` what such a buddy adds there (millionths).
    """

    language: str
    wish: str
    moments: list[str]
    waiting: int
    value: int


@dataclass(frozen=True)
class CallShown:
    """A call with what came of it: people who registered through it, and those of them who are ready by now."""

    call: VolunteerCall
    registered: int
    ready: int


@dataclass(frozen=True)
class Shortages:
    """The page of one network; without a plan `run` is None and there is nothing to show.

    `run` is the newest of the plans of the network's programmes, which are all counted.
    """

    network: str
    run: Run | None
    waiting: int
    left: int
    towns: dict[str, int]
    missing: list[Missing]
    one_more: int  # to how many people one more buddy gives a match, about
    calls: list[CallShown]


def networks_of(viewer: Viewer, permission: Permission = Permission.SEE_PROPOSALS) -> list[str]:
    """The networks (slugs, by name) that the permission reaches; as it stands, those whose shortages may be seen."""
    every = Scope.ALL in viewer.scopes(permission)
    return [
        item.slug
        for item in sorted(networks(), key=lambda it: it.name_nl)
        if every or item.slug in viewer.networks
    ]


def shortages_of(viewer: Viewer, network: str) -> Shortages:
    """Whom that network misses. Raises NotFound for a network outside the viewer's reach."""
    if network not in networks_of(viewer):
        raise NotFound
    plans = last_plans(viewer, network)
    waiting = _waiting(viewer, network)
    left = left_out(plans, waiting)
    capacity = _usual_capacity(network) if plans else 1
    return Shortages(
        network=network,
        run=plans[0] if plans else None,
        waiting=len(waiting),
        left=len(left),
        towns=_counted(person.municipality for person in left),
        missing=_grouped(missing_in(*plans, shown_most=SHOWN, alike_most=ALIKE)),
        one_more=min(capacity, max(len(left), 1)),
        calls=calls_shown(viewer, network),
    )


def _grouped(entries: Iterable[Mapping[str, Any]]) -> list[Missing]:
    """Entries of the recruiting list (most worth first) that differ in their moment alone are one."""
    found: dict[tuple[str, str], Missing] = {}
    for entry in entries:
        key = entry["language"], entry["wish"]
        waiting, value = int(entry["waiting"]), int(entry["value"])
        if value > 0:
            one = found.setdefault(key, Missing(*key, moments=[], waiting=waiting, value=value))
            one.moments.append(entry["slot"])
    return list(found.values())


def last_plans(viewer: Viewer, network: str) -> list[Run]:
    """The last finished plan of each programme of a network, the newest first."""
    return rows(runs_for(viewer).where(Run.id.in_(last_runs(network))).order_by(Run.id.desc()))


def waiting_left_out(viewer: Viewer, plans: Sequence[Run]) -> list[LeftOut]:
    """Who still waits of those whom these plans of one network leave without a buddy."""
    return left_out(plans, _waiting(viewer, plans[0].network_slug))


def _waiting(viewer: Viewer, network: str) -> dict[int, LeftOut]:
    found = newcomers_for(viewer).where(
        Newcomer.network_slug == network, Newcomer.state == NewcomerState.WAITING
    )
    wanted = found.with_only_columns(
        Newcomer.id,
        Newcomer.municipality,
        Newcomer.languages,
        Newcomer.availability,
        Newcomer.wished_gender,
    )
    return {
        key: LeftOut(town, languages, free, wish or "")
        for key, town, languages, free, wish in session().execute(wanted)
    }


def left_out(plans: Sequence[Run], waiting: Mapping[int, LeftOut]) -> list[LeftOut]:
    """Those who wait and have no buddy in these plans."""
    unmatched = {row["newcomer_id"] for run in plans for row in run.report.get("unmatched", [])}
    return [person for key, person in waiting.items() if key in unmatched]


def wanted(plans: Sequence[Run], left: Sequence[LeftOut]) -> Wanted:
    """What a call for volunteers may name: what the prices of the plans ask for, where it is true of five people.

    Who told no moments is free at any; a wish counts where somebody told it. Dutch is never asked for: every buddy
    speaks it.
    """
    asked = missing_in(*plans, shown_most=SHOWN, alike_most=SHOWN)
    spoken = Counter(tag for person in left for tag in set(person.languages))
    anytime = sum(not person.availability for person in left)
    free = Counter(slot for person in left for slot in set(person.availability))
    wishes = Counter(person.wish for person in left if person.wish)
    towns = _counted(person.municipality for person in left)
    return Wanted(
        languages=_named((entry["language"] for entry in asked if entry["language"] != DUTCH), spoken),
        moments=sorted(
            _named((entry["slot"] for entry in asked), {slot: free[slot] + anytime for slot in free}),
            key=WEEK.index,
        ),
        towns=[town for town, number in towns.items() if number >= LEAST][:MOST_NAMED],
        wish=next(iter(_named((entry["wish"] for entry in asked if entry["wish"]), wishes)), ""),
        waiting=len(left) if len(left) >= LEAST else None,
    )


def _named(asked: Iterable[str], counts: Mapping[str, int]) -> list[str]:
    """What is asked for, each once, most worth first, where at least five people are behind it."""
    return [name for name in dict.fromkeys(asked) if counts.get(name, 0) >= LEAST][:MOST_NAMED]


def _counted(names: Iterable[str]) -> dict[str, int]:
    """How often each stands there, the most first, then by name."""
    return dict(sorted(Counter(names).items(), key=lambda item: (-item[1], item[0])))


def _usual_capacity(network: str) -> int:
    """How many newcomers a buddy of that network takes, rounded; 1 where nobody is ready yet."""
    usual = session().scalar(
        select(func.avg(Buddy.capacity)).where(
            Buddy.network_slug == network, Buddy.state == BuddyState.APPROVED, Buddy.capacity > 0
        )
    )
    return max(round(float(usual)), 1) if usual else 1


def calls_for(viewer: Viewer) -> Select[VolunteerCall]:
    """The calls that the viewer may make and end."""
    return select(VolunteerCall).where(
        reach(viewer, Permission.CALL_VOLUNTEERS, {Scope.NETWORK: VolunteerCall.network_slug.in_(viewer.networks)})
    )  # fmt: skip


def calls_shown(viewer: Viewer, network: str) -> list[CallShown]:
    """The calls of a network, the newest first, with what came of each."""
    return _shown(calls_for(viewer).where(VolunteerCall.network_slug == network))


def call_shown(viewer: Viewer, call_id: int) -> CallShown:
    """One call with what came of it. Raises NotFound."""
    found = _shown(calls_for(viewer).where(VolunteerCall.id == call_id))
    if not found:
        raise NotFound
    return found[0]


def _shown(calls: Select[VolunteerCall]) -> list[CallShown]:
    """In one statement; people are counted, wherever they live, and not named."""
    through = Buddy.source == literal("call-") + cast(VolunteerCall.id, String)
    registered = select(func.count(Buddy.id)).where(through).correlate(VolunteerCall).scalar_subquery()
    ready = (
        select(func.count(Buddy.id)).where(through, Buddy.screened_on.is_not(None))
        .correlate(VolunteerCall).scalar_subquery()
    )  # fmt: skip
    rows = session().execute(calls.add_columns(registered, ready).order_by(VolunteerCall.id.desc()))
    return [CallShown(*row) for row in rows]


def public_call(code: str) -> VolunteerCall:
    """The call with that code, for whoever has its address; open or over. Raises NotFound."""
    found = session().scalars(select(VolunteerCall).where(VolunteerCall.code == code)).one_or_none()
    if found is None:
        raise NotFound
    return found
