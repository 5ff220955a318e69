"""What a coordinator owes about plans, choices and lent places."""

from collections.abc import Callable

from sqlalchemy import and_, func, select
from sqlalchemy.orm import aliased

from app.clock import today
from app.models import Buddy, Loan, LoanRequest, Network, Newcomer, Person, Proposal, Run, Wish
from app.queries.loans import loans_for, requests_for
from app.queries.matches import runs_for
from app.queries.network_programmes import last_runs, told_apart
from app.queries.owing import Found, columns
from app.queries.wishes import wishes_for
from app.security.permissions import Permission
from app.security.viewer import Viewer
from app.vocabulary import ProposalState
from app.vocabulary.loans import LoanState, RequestState
from app.vocabulary.records import RunState
from app.vocabulary.today import Owing

UNDECIDED = (ProposalState.SUGGESTED, ProposalState.HELD)


def _runs(viewer: Viewer) -> Found:
    """The last finished run of each programme, while it holds proposals that nobody decided on."""
    later = last_runs().subquery()
    found = (
        runs_for(viewer, Permission.JUDGE_PROPOSAL).join(later, later.c.id == Run.id)
        .join(Proposal, and_(Proposal.run_id == Run.id, Proposal.state.in_(UNDECIDED)))
        .join(Network, Network.slug == Run.network_slug)
        .group_by(Run.id, Run.finished_at, Run.created_at, Run.network_slug, Run.programme_id, Network.slug)
    )  # fmt: skip
    made = func.coalesce(Run.finished_at, Run.created_at)
    return columns(
        found, func.min(Proposal.id), Network.name, made, other=told_apart(), number=func.count(Proposal.id)
    )


def _choices(viewer: Viewer) -> Found:
    """Newcomers who chose with whom they want to meet, while nobody decided about that pair."""
    newcomer, buddy = aliased(Person), aliased(Person)
    found = (
        wishes_for(viewer, Permission.JUDGE_PROPOSAL)
        .join(Proposal, and_(
            Proposal.wish_id == Wish.id, Proposal.wish_rank.is_not(None), Proposal.state == ProposalState.OFFERED
        ))
        .join(Newcomer, Newcomer.id == Proposal.newcomer_id).join(newcomer, newcomer.id == Newcomer.person_id)
        .join(Buddy, Buddy.id == Proposal.buddy_id).join(buddy, buddy.id == Buddy.person_id)
    )  # fmt: skip
    at = func.coalesce(Wish.answered_at, Wish.asked_at)
    return columns(
        found, Proposal.id, newcomer.full_name, at, other=buddy.full_name, network=Wish.network_slug
    )


def _unpublished(viewer: Viewer) -> Found:
    """The networks with approved pairs of whom nobody was told, nor will be: one line each."""
    found = (
        runs_for(viewer, Permission.JUDGE_PROPOSAL)
        .join(Proposal, and_(
            Proposal.run_id == Run.id, Proposal.state == ProposalState.APPROVED,
            Proposal.told_at.is_(None), Proposal.tell_at.is_(None),
        ))
        .join(Network, Network.slug == Run.network_slug)
        .group_by(Network.slug, Network.name)
    )  # fmt: skip
    approved_at = func.min(func.coalesce(Proposal.decided_at, Run.created_at))
    pairs = func.count(Proposal.id)
    return columns(
        found, func.min(Proposal.id), Network.name, approved_at, network=Network.slug, number=pairs
    )


def _asked_places(viewer: Viewer) -> Found:
    """Neighbours that ask a network of the viewer for a place, and whom somebody else than who asked can answer."""
    found = (
        requests_for(viewer).join(Network, Network.slug == LoanRequest.by_slug)
        .where(
            LoanRequest.to_slug.in_(viewer.networks), LoanRequest.state == RequestState.OPEN,
            LoanRequest.until >= today(), LoanRequest.asked_by_id != viewer.person_id,
        )
    )  # fmt: skip
    return columns(found, LoanRequest.id, Network.name, LoanRequest.asked_at, network=LoanRequest.to_slug)


def _offered_places(viewer: Viewer) -> Found:
    """Places that a neighbour offers to a network of the viewer."""
    return _of_lender(viewer, Loan.offered_at).where(Loan.state == LoanState.OFFERED)


def _lent_places(viewer: Viewer) -> Found:
    """Places that are lent to a network of the viewer, until it has made a plan with them."""
    planned = select(Run.id).where(
        Run.network_slug == Loan.to_slug, Run.state == RunState.DONE, Run.created_at >= Loan.answered_at
    )
    return _of_lender(viewer, func.coalesce(Loan.answered_at, Loan.offered_at)).where(
        Loan.state == LoanState.LENT, ~planned.correlate(Loan).exists()
    )


def _of_lender(viewer: Viewer, at: object) -> Found:
    found = (
        loans_for(viewer).join(Network, Network.slug == Loan.from_slug)
        .where(Loan.to_slug.in_(viewer.networks), Loan.until >= today())
    )  # fmt: skip
    return columns(found, Loan.id, Network.name, at, network=Loan.to_slug)


MATCHING: dict[Owing, Callable[[Viewer], Found]] = {
    Owing.WISH: _choices,
    Owing.PROPOSALS: _runs,
    Owing.PUBLISH: _unpublished,
    Owing.LOAN_ASKED: _asked_places,
    Owing.LOAN_OFFERED: _offered_places,
    Owing.LOAN_LENT: _lent_places,
}
