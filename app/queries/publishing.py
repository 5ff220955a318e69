"""What has been decided in a network and is not told yet, and for whom that works."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from app.clock import today
from app.db import session
from app.errors import NotFound
from app.models import Buddy, Duo, Network, Newcomer, Person, Proposal, Run
from app.queries.fairness import Group, counted, groups_of, shown
from app.queries.judging import QueueItem, lines_of
from app.queries.matches import runs_for
from app.queries.reach import one, rows
from app.security.permissions import Permission
from app.security.viewer import Viewer
from app.vocabulary import ProposalState
from app.vocabulary.records import RunState

IN_THE_PLAN = (ProposalState.SUGGESTED, ProposalState.HELD, ProposalState.OFFERED, ProposalState.APPROVED)


@dataclass(frozen=True)
class Approved:
    """A pair that is approved and whose people do not know; `tell_at` None = not published."""

    id: int
    newcomer: str
    buddy: str
    tell_at: datetime | None


@dataclass(frozen=True)
class Decided:
    """The decisions of a network that are not told: the pairs, what is left of the plan, and for whom it works.

    `reached` of `newcomers` have a buddy by what is approved or can still be approved.
    """

    network: Network
    run: Run | None
    approved: list[Approved]
    left: list[QueueItem]
    told: int
    groups: list[Group]
    newcomers: int
    reached: int

    @property
    def tell_at(self) -> datetime | None:
        """When the first of them are told; None when nothing is published."""
        return min((pair.tell_at for pair in self.approved if pair.tell_at), default=None)

    @property
    def unpublished(self) -> int:
        """How many approved pairs are not published."""
        return sum(pair.tell_at is None for pair in self.approved)

    @property
    def to_judge(self) -> list[QueueItem]:
        """The pairs about which nobody has decided."""
        return [item for item in self.left if item.state is ProposalState.SUGGESTED]

    @property
    def choosing(self) -> int:
        """How many pairs are shown to newcomers, who have not chosen or whose choice is not decided."""
        return sum(item.state is ProposalState.OFFERED for item in self.left)

    @property
    def on_hold(self) -> list[QueueItem]:
        """The pairs on hold."""
        return [item for item in self.left if item.state is ProposalState.HELD]


def decided(viewer: Viewer, network: str) -> Decided:
    """What is decided in a network of the viewer and not told. Raises NotFound."""
    if network not in viewer.networks or not viewer.can(Permission.JUDGE_PROPOSAL):
        raise NotFound
    newest = (
        runs_for(viewer).with_only_columns(func.max(Run.id))
        .where(Run.network_slug == network, Run.state == RunState.DONE)
    )  # fmt: skip
    run = next(iter(rows(select(Run).where(Run.id.in_(newest)))), None)
    lines = lines_of(run) if run else []
    approved, told = _approved(network, run)
    in_plan = {item.newcomer_id for item in lines if item.state in IN_THE_PLAN}
    groups, newcomers = _groups(run, lines, in_plan) if run else ([], 0)
    return Decided(
        network=one(select(Network).where(Network.slug == network)),
        run=run,
        approved=approved,
        left=[item for item in lines if item.state in IN_THE_PLAN and item.state is not ProposalState.APPROVED],
        told=told,
        groups=groups,
        newcomers=newcomers,
        reached=len(in_plan),
    )  # fmt: skip


def _approved(network: str, run: Run | None) -> tuple[list[Approved], int]:
    """The approved pairs that are not told, best first, and how many pairs of the run were told."""
    newcomer, buddy = aliased(Person), aliased(Person)
    found = session().execute(
        select(Proposal, newcomer, buddy).join(Run, Run.id == Proposal.run_id).join(Newcomer, Newcomer.id == Proposal.newcomer_id)
        .join(newcomer, newcomer.id == Newcomer.person_id)
        .join(Buddy, Buddy.id == Proposal.buddy_id).join(buddy, buddy.id == Buddy.person_id)
        .where(
            Run.network_slug == network, Proposal.state == ProposalState.APPROVED,
            Proposal.told_at.is_(None) | (Proposal.run_id == (run.id if run else None)),
        )
        .order_by(Proposal.score.desc(), Proposal.id)
    ).unique().all()  # fmt: skip
    waiting = [
        Approved(proposal.id, one_.first_name, other.first_name, proposal.tell_at)
        for proposal, one_, other in found
        if proposal.told_at is None
    ]
    return waiting, len(found) - len(waiting)


def _groups(run: Run, lines: list[QueueItem], in_plan: set[int]) -> tuple[list[Group], int]:
    """The groups of all newcomers of a run, as reached by what is approved and what is left to judge."""
    keys = {item.newcomer_id for item in lines} | {
        row["newcomer_id"] for row in run.report.get("unmatched", [])
    }
    before = select(Duo.id).where(Duo.newcomer_id == Newcomer.id, Duo.proposal_id.is_(None) | Duo.proposal_id.not_in(
        select(Proposal.id).where(Proposal.run_id == run.id)
    )).exists()  # fmt: skip
    found = session().execute(
        select(Newcomer, before).where(Newcomer.network_slug == run.network_slug)
    ).unique().all()  # fmt: skip
    people = [(person, returning) for person, returning in found if person.id in keys]
    named = {str(person.id): groups_of(person, returning) for person, returning in people}
    waited = {str(person.id): (today() - person.waiting_since).days for person, _again in people}
    kept = counted(named, waited, {str(key) for key in in_plan})
    return shown(kept, len(people), len(in_plan & {person.id for person, _again in people})), len(people)
