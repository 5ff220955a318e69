"""From approved pairs to people who know it: published together, told some minutes later, taken back until then."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, select, update

from app.clock import now
from app.db import after_commit, lock, session, transaction
from app.errors import Moved, NotFound, Refusal
from app.extensions import queue
from app.i18n import lazy_gettext as _
from app.models import Buddy, Network, Newcomer, Person, Proposal, Run
from app.queries.accounts import viewer_of
from app.queries.matches import runs_for
from app.queries.reach import one
from app.security.permissions import Permission
from app.security.predicates import demand
from app.security.viewer import Viewer
from app.services import matches
from app.services.duo_letters import DuoLinks
from app.services.pool import pool_of
from app.services.records import audit, move
from app.services.replanning import newest
from app.services.wishes import close_wish
from app.vocabulary import BuddyState, NewcomerState, ProposalState
from app.vocabulary.records import RunState

TELL_AFTER = timedelta(minutes=10)


class Told(Refusal):
    """Somebody of this plan knows it already."""

    code = "told"
    message = _("People of this plan have been told already. It cannot be undone as a whole any more.")


def publish(actor: Viewer, network: str) -> int:
    """Have the people of all approved pairs of a network told after some minutes; how many pairs.

    Raises NotFound outside the actor's networks, Moved when there is no pair to publish.
    """
    with transaction():
        _hold_network(actor, network)
        found = _pairs(network, Proposal.tell_at.is_(None))
        if not found:
            raise Moved
        _set_time(found, now() + TELL_AFTER)
        audit(actor, "plan-published", network=network, pairs=len(found))
    return len(found)


def unpublish(actor: Viewer, network: str) -> int:
    """Nobody is told; the pairs stay approved. How many. Raises Moved when all have been told."""
    with transaction():
        _hold_network(actor, network)
        found = _pairs(network, Proposal.tell_at.is_not(None))
        if not found:
            raise Moved
        _set_time(found, None)
        audit(actor, "plan-unpublished", network=network, pairs=len(found))
    return len(found)


def undo_run(actor: Viewer, run_id: int) -> None:
    """Undo a plan as a whole: approvals, holds and refusals of it are gone, and the plan before it stands again.

    Raises Told when somebody knows already, Moved when it is not a plan that stands.
    """
    demand(actor, Permission.JUDGE_PROPOSAL)
    with transaction() as db:
        run = one(runs_for(actor, Permission.JUDGE_PROPOSAL).where(Run.id == run_id))
        lock(Network, run.network_slug)
        if newest(run).id != run_id:
            raise Moved
        proposals = list(db.scalars(select(Proposal).where(Proposal.run_id == run_id)).unique())
        if any(proposal.told_at for proposal in proposals):
            raise Told
        move(
            update(Run).where(Run.id == run_id, Run.state == RunState.DONE)
            .values(state=RunState.STOPPED, undone_at=now())
        )  # fmt: skip
        for proposal in proposals:
            if proposal.state is ProposalState.OFFERED:
                close_wish(actor, proposal.newcomer_id)
            if proposal.state is ProposalState.APPROVED:
                matches.let_go(proposal, ProposalState.LAPSED, actor=actor, reason="plan_undone")
            elif proposal.state is not ProposalState.LAPSED:
                matches.set_state(proposal, ProposalState.LAPSED, actor=actor, reason="plan_undone")
        _bring_back(run, actor)
        audit(actor, "plan-undone", "run", run_id, network=run.network_slug)


def _bring_back(run: Run, actor: Viewer) -> None:
    """What this plan had replaced is suggested again, where the programme still has that newcomer and that place."""
    session().flush()
    pool = pool_of(run)
    waiting, places = {person.id for person in pool.newcomers}, dict(pool.places)
    replaced = select(Proposal).where(Proposal.id.in_(run.replaced), Proposal.state == ProposalState.LAPSED)
    for proposal in session().scalars(replaced.order_by(Proposal.score.desc(), Proposal.id)).unique():
        if proposal.newcomer_id not in waiting or not places.get(proposal.buddy_id):
            continue
        places[proposal.buddy_id] -= 1
        matches.set_state(proposal, ProposalState.SUGGESTED, actor=actor, reason="plan_undone")


def tell_due(links: DuoLinks) -> int:
    """Ask the people of published pairs whose time has come, a network at a time; how many pairs were told.

    A pair that cannot be any more, because somebody left or paused meanwhile, is let go.
    """
    due = select(Run.network_slug).join(Proposal).where(Proposal.told_at.is_(None), Proposal.tell_at <= now())
    return sum(_tell(network, links) for network in sorted(set(session().scalars(due))))


def tell_now(actor: Viewer, network: str) -> int:
    """Ask the people of published pairs without waiting; how many pairs. Raises Moved when nothing is published."""
    with transaction():
        _hold_network(actor, network)
        found = _pairs(network, Proposal.tell_at.is_not(None))
        if not found:
            raise Moved
        _set_time(found, now())
        audit(actor, "plan-told", network=network, pairs=len(found))
        after_commit(lambda: queue.hint("tell_published"))
    return len(found)


def _tell(network: str, links: DuoLinks) -> int:
    with transaction() as db:
        lock(Network, network)
        found = _pairs(network, Proposal.tell_at <= now())
        told = 0
        for proposal in found:
            decided_by = viewer_of(db.get_one(Person, proposal.decided_by_id))
            if _still_possible(proposal, network):
                matches.make_duo(decided_by, proposal, links=links)
                told += 1
            else:
                matches.let_go(proposal, ProposalState.LAPSED, actor=None, reason="not_possible")
    return told


def _still_possible(proposal: Proposal, network: str) -> bool:
    newcomer, buddy = proposal.newcomer, proposal.buddy
    return (
        newcomer.state is NewcomerState.PROPOSED
        and newcomer.network_slug == network
        and newcomer.person.active
        and buddy.state is BuddyState.APPROVED
        and buddy.person.active
    )


def let_go_of(person: Newcomer | Buddy) -> None:
    """Before somebody stops: pairs of that person that nobody knows of are taken back, and the other is free again."""
    lock(Network, person.network_slug)
    mine = (
        Proposal.newcomer_id == person.id if isinstance(person, Newcomer) else Proposal.buddy_id == person.id
    )
    for proposal in session().scalars(_approved().where(mine)).unique():
        matches.let_go(proposal, ProposalState.LAPSED, actor=None, reason="not_possible")
    session().flush()
    session().refresh(person)


def _approved() -> Select[Proposal]:
    """Pairs whose people do not know yet."""
    return select(Proposal).where(Proposal.state == ProposalState.APPROVED, Proposal.told_at.is_(None))


def _pairs(network: str, condition: ColumnElement[bool]) -> list[Proposal]:
    return list(
        session().scalars(_approved().join(Run).where(Run.network_slug == network, condition).order_by(Proposal.id)).unique()
    )  # fmt: skip


def _set_time(found: Iterable[Proposal], at: datetime | None) -> None:
    for proposal in found:
        move(
            update(Proposal)
            .where(Proposal.id == proposal.id, Proposal.state == ProposalState.APPROVED, Proposal.told_at.is_(None))
            .values(tell_at=at)
        )  # fmt: skip


def _hold_network(actor: Viewer, network: str) -> None:
    """The network is the actor's, and what concerns its pairs happens in turn."""
    demand(actor, Permission.JUDGE_PROPOSAL)
    if network not in actor.networks:
        raise NotFound
    lock(Network, network)
