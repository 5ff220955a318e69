"""Who takes part in a run: the waiting newcomers and the free places of a programme, and the pairs that were."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import case, func, literal, or_, select, union_all

from app.clock import days_ago, today
from app.db import session
from app.models import (
    Buddy,
    ContractVersion,
    Duo,
    Newcomer,
    Person,
    Programme,
    Proposal,
    Run,
    TrajectoryReached,
)
from app.queries.blocks import is_clear
from app.queries.buddies import can_be_proposed
from app.queries.erasures import takes_part
from app.queries.exemptions import exempt_on
from app.queries.loans import OPEN, lent_to, places_given_away
from app.queries.network_programmes import buddies_in, newcomers_in
from app.vocabulary import NewcomerState, Obligation, ProposalState

DAYS_A_MONTH = 30.5
SET_ASIDE = (ProposalState.HELD, ProposalState.OFFERED)
HELD, SHOWN, AGAIN, ELSEWHERE = "held", "shown", "again", "elsewhere"
PAST = DUO, REFUSED, SELF = "duo", "refused", "self"


@dataclass(frozen=True)
class Contract:
    """What the matcher may know of a contract: whether hours are still owed, and until when."""

    owes: bool
    ends_on: date


@dataclass(frozen=True)
class Pool:
    """The people of a run, in the order of their keys.

    `places` = free places per buddy; `contracts` per newcomer who has one; `past` = (newcomer, buddy) keys of
    pairs that must not come again; `returning` = newcomers who were in a duo before.
    """

    newcomers: list[Newcomer]
    buddies: list[Buddy]
    places: dict[int, int]
    contracts: dict[int, Contract]
    past: list[tuple[int, int]]
    returning: frozenset[int]


def pool_of(run: Run, *, deciding: int | None = None) -> Pool:
    """Read the pool of a run. Pairs that are on hold or offered are left as they are: both people are set aside.

    Who is only shown as another choice keeps the place for others until the newcomer chooses. Places that other
    networks lend are in the pool, and those lent to others are not, nor those that the plan of another programme of
    the network suggests: two plans never share a place. `deciding` = the newcomer whose pairs on hold or offered
    count as undecided, to see what they cost.
    """
    programme = session().get_one(Programme, run.programme_id)
    kinds = _earlier_pairs(run, programme.refused_months)
    for kind in (HELD, SHOWN):
        kinds[kind] = {pair for pair in kinds[kind] if pair[0] != deciding}
    set_aside = {newcomer_id for newcomer_id, _buddy_id in kinds[HELD] | kinds[SHOWN]}
    newcomers, contracts = _waiting(run)
    kept = Counter(buddy_id for _newcomer_id, buddy_id in kinds[HELD] | kinds[ELSEWHERE])
    lent = lent_to(run.network_slug).subquery()
    found: Sequence[Any] = session().execute(
        select(Buddy, places_given_away(OPEN), lent.c.places)
        .join(Person, Person.id == Buddy.person_id).outerjoin(lent, lent.c.buddy_id == Buddy.id)
        .where(
            or_(Buddy.network_slug == run.network_slug, lent.c.places > 0), can_be_proposed(),
            buddies_in(run.network_slug, run.programme_id), Person.active, takes_part(),
        )
        .order_by(Buddy.id)
    ).unique().all()  # fmt: skip
    return Pool(
        newcomers=[person for person in newcomers if person.id not in set_aside],
        buddies=[buddy for buddy, _given_away, _lent in found],
        places={
            buddy.id: max(_places_of(buddy, given_away, borrowed) - kept[buddy.id], 0)
            for buddy, given_away, borrowed in found
        },
        contracts=contracts,
        past=sorted(set().union(*(kinds[kind] for kind in PAST))),
        returning=frozenset(newcomer_id for newcomer_id, _buddy_id in kinds[DUO] | kinds[AGAIN]),
    )


def _places_of(buddy: Buddy, given_away: int, borrowed: int | None) -> int:
    """The places of a buddy in this network's matching: lent to it, or its own and not promised to others."""
    free = buddy.capacity - buddy.places_taken
    return free - given_away if borrowed is None else min(borrowed, free)


def _waiting(run: Run) -> tuple[list[Newcomer], dict[int, Contract]]:
    """Who waits in the programme, and the valid contract of each: the version with the highest number.

    Who is exempt owes nothing now.
    """
    newest = (
        select(ContractVersion.newcomer_id, func.max(ContractVersion.number).label("number"))
        .join(Newcomer).where(Newcomer.network_slug == run.network_slug)
        .group_by(ContractVersion.newcomer_id).subquery()
    )  # fmt: skip
    found: Sequence[Any] = session().execute(
        select(Newcomer, ContractVersion, TrajectoryReached.newcomer_id, exempt_on(today()))
        .join(Person, Person.id == Newcomer.person_id)
        .outerjoin(newest, newest.c.newcomer_id == Newcomer.id)
        .outerjoin(ContractVersion, (ContractVersion.newcomer_id == Newcomer.id) & (ContractVersion.number == newest.c.number))
        .outerjoin(TrajectoryReached, TrajectoryReached.newcomer_id == Newcomer.id)
        .where(
            newcomers_in(run.network_slug, run.programme_id), Newcomer.state == NewcomerState.WAITING, Person.active,
            is_clear(Person.id), takes_part(),
        )
        .order_by(Newcomer.id)
    ).unique().all()  # fmt: skip
    contracts = {
        person.id: Contract(
            owes=version.obligation is Obligation.OBLIGED
            and version.contains_trajectory
            and not exempt
            and reached is None,
            ends_on=version.ends_on,
        )
        for person, version, reached, exempt in found
        if version
    }
    return [row[0] for row in found], contracts


def _earlier_pairs(run: Run, refused_months: int) -> dict[str, set[tuple[int, int]]]:
    """Pairs by kind: set aside now or only shown, suggested to another programme, earlier duos, those that may come again because somebody asked,
    refused not long ago, and somebody who is both newcomer and buddy.
    """
    here = or_(Newcomer.network_slug == run.network_slug, Buddy.network_slug == run.network_slug)
    since = days_ago(0) - timedelta(days=refused_months * DAYS_A_MONTH)
    only_shown = Proposal.beside & Proposal.wish_rank.is_(None)
    statements = (
        select(case((only_shown, SHOWN), else_=HELD), Proposal.newcomer_id, Proposal.buddy_id).join(Run)
        .where(Run.network_slug == run.network_slug, Proposal.state.in_(SET_ASIDE)),
        select(literal(ELSEWHERE), Proposal.newcomer_id, Proposal.buddy_id).join(Run)
        .where(
            Run.network_slug == run.network_slug, Run.programme_id != run.programme_id,
            Proposal.state == ProposalState.SUGGESTED,
        ),
        select(case((Duo.may_again, AGAIN), else_=DUO), Duo.newcomer_id, Duo.buddy_id)
        .join(Newcomer, Newcomer.id == Duo.newcomer_id).join(Buddy, Buddy.id == Duo.buddy_id).where(here),
        select(literal(REFUSED), Proposal.newcomer_id, Proposal.buddy_id)
        .join(Newcomer, Newcomer.id == Proposal.newcomer_id).join(Buddy, Buddy.id == Proposal.buddy_id)
        .where(here, Proposal.state == ProposalState.REFUSED, Proposal.decided_at > since),
        select(literal(SELF), Newcomer.id, Buddy.id).join(Buddy, Buddy.person_id == Newcomer.person_id).where(here),
    )  # fmt: skip
    found: dict[str, set[tuple[int, int]]] = {kind: set() for kind in (HELD, SHOWN, AGAIN, ELSEWHERE, *PAST)}
    for kind, newcomer_id, buddy_id in session().execute(union_all(*statements)):
        found[kind].add((newcomer_id, buddy_id))
    return found
