"""Who takes part in a run: the waiting newcomers and the free places of a network, and the pairs that were."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, or_, select

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
from app.queries.exemptions import exempt_on
from app.vocabulary import BuddyState, NewcomerState, Obligation, ProposalState

DAYS_A_MONTH = 30.5
SET_ASIDE = (ProposalState.HELD, ProposalState.OFFERED)


@dataclass(frozen=True)
class Contract:
    """What the matcher may know of a contract: whether hours are still owed, and until when."""

    owes: bool
    ends_on: date


@dataclass(frozen=True)
class Pool:
    """The people of a run, in the order of their keys.

    `places` = free places per buddy; `contracts` per newcomer who has one; `past` = (newcomer, buddy) keys of
    pairs that must not come again.
    """

    newcomers: list[Newcomer]
    buddies: list[Buddy]
    places: dict[int, int]
    contracts: dict[int, Contract]
    past: list[tuple[int, int]]


def pool_of(run: Run, programme: Programme) -> Pool:
    """Read the pool of a run. Pairs that are on hold or offered are left as they are: both people are set aside."""
    held = session().execute(
        select(Proposal.newcomer_id, Proposal.buddy_id).join(Run)
        .where(Run.network_slug == run.network_slug, Proposal.state.in_(SET_ASIDE))
    ).all()  # fmt: skip
    kept = [buddy_id for _newcomer_id, buddy_id in held]
    newcomers = list(session().scalars(
        select(Newcomer).join(Person, Person.id == Newcomer.person_id)
        .where(
            Newcomer.network_slug == run.network_slug, Newcomer.state == NewcomerState.WAITING, Person.active,
            Newcomer.id.not_in([newcomer_id for newcomer_id, _buddy_id in held]),
        )
        .order_by(Newcomer.id)
    ))  # fmt: skip
    buddies = list(session().scalars(
        select(Buddy).join(Person, Person.id == Buddy.person_id)
        .where(Buddy.network_slug == run.network_slug, Buddy.state == BuddyState.APPROVED, Person.active)
        .order_by(Buddy.id)
    ))  # fmt: skip
    places = {
        buddy.id: max(buddy.capacity - buddy.places_taken - kept.count(buddy.id), 0) for buddy in buddies
    }
    return Pool(newcomers, buddies, places, _contracts(run), _past(run, programme.refused_months))


def _contracts(run: Run) -> dict[int, Contract]:
    """The valid contract of each newcomer of the network: the version with the highest number. Who is exempt owes nothing now."""
    newest = (
        select(ContractVersion.newcomer_id, func.max(ContractVersion.number).label("number"))
        .join(Newcomer).where(Newcomer.network_slug == run.network_slug)
        .group_by(ContractVersion.newcomer_id).subquery()
    )  # fmt: skip
    valid = session().execute(
        select(ContractVersion, TrajectoryReached.newcomer_id, exempt_on(today()))
        .join(newest, (newest.c.newcomer_id == ContractVersion.newcomer_id) & (newest.c.number == ContractVersion.number))
        .outerjoin(TrajectoryReached, TrajectoryReached.newcomer_id == ContractVersion.newcomer_id)
    )  # fmt: skip
    return {
        version.newcomer_id: Contract(
            owes=version.obligation is Obligation.OBLIGED
            and version.contains_trajectory
            and not exempt
            and reached is None,
            ends_on=version.ends_on,
        )
        for version, reached, exempt in valid
    }


def _past(run: Run, refused_months: int) -> list[tuple[int, int]]:
    """Earlier duos, pairs refused not long ago, and somebody who is both newcomer and buddy."""
    here = or_(Newcomer.network_slug == run.network_slug, Buddy.network_slug == run.network_slug)
    since = days_ago(0) - timedelta(days=refused_months * DAYS_A_MONTH)
    pairs = [
        select(Duo.newcomer_id, Duo.buddy_id).join(Newcomer, Newcomer.id == Duo.newcomer_id)
        .join(Buddy, Buddy.id == Duo.buddy_id).where(here),
        select(Proposal.newcomer_id, Proposal.buddy_id).join(Newcomer, Newcomer.id == Proposal.newcomer_id)
        .join(Buddy, Buddy.id == Proposal.buddy_id)
        .where(here, Proposal.state == ProposalState.REFUSED, Proposal.decided_at > since),
        select(Newcomer.id, Buddy.id).join(Buddy, Buddy.person_id == Newcomer.person_id).where(here),
    ]  # fmt: skip
    return sorted({(row[0], row[1]) for statement in pairs for row in session().execute(statement)})
