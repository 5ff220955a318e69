"""What has been decided in a network and is not told yet, and for whom that works."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import aliased

from app.clock import today
from app.db import session
from app.errors import NotFound
from app.models import Buddy, Duo, Network, Newcomer, Person, Proposal, Run
from app.queries.fairness import Group, counted, groups_of, shown
from app.queries.judging import QueueItem, lines_of
from app.queries.matches import runs_for
from app.queries.network_programmes import last_runs, programmes_of
from app.queries.reach import one, rows
from app.security.permissions import Permission
from app.security.viewer import Viewer
from app.vocabulary import ProposalState

IN_THE_PLAN = (ProposalState.SUGGESTED, ProposalState.HELD, ProposalState.OFFERED, ProposalState.APPROVED)


@dataclass(frozen=True)
class Approved:
    """A pair that is approved and whose people do not know; `tell_at` None = not published."""

    id: int
    newcomer: str
    buddy: str
    tell_at: datetime | None


@dataclass(frozen=True)
class Standing:
    """A plan that stands, how many of its pairs were told, and its programme's name where there is more than one."""

    run: Run
    name: str
    told: int


@dataclass(frozen=True)
class Decided:
    """The decisions of a network that are not told: the pairs, what is left of the plans of its programmes, and for whom.

    `reached` of `newcomers` have a buddy by what is approved or can still be approved.
    """

    network: Network
    plans: list[Standing]
    approved: list[Approved]
    left: list[QueueItem]
    groups: list[Group]
    newcomers: int
    reached: int

    @property
    def told(self) -> int:
        """How many pairs of these plans were told."""
        return sum(plan.told for plan in self.plans)

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
    programmes = programmes_of(network)
    order = [programme.id for programme in programmes]
    runs = rows(runs_for(viewer).where(Run.id.in_(last_runs(network))))
    runs.sort(key=lambda run: order.index(run.programme_id))
    lines = lines_of(runs) if runs else []
    approved, told = _approved(network, runs)
    in_plan = {item.newcomer_id for item in lines if item.state in IN_THE_PLAN}
    groups, newcomers = _groups(runs, lines, in_plan) if runs else ([], 0)
    names = {item.id: item.name for item in programmes} if len(programmes) > 1 else {}
    return Decided(
        network=one(select(Network).where(Network.slug == network)),
        plans=[Standing(run, names.get(run.programme_id, ""), told[run.id]) for run in runs],
        approved=approved,
        left=[item for item in lines if item.state in IN_THE_PLAN and item.state is not ProposalState.APPROVED],
        groups=groups,
        newcomers=newcomers,
        reached=len(in_plan),
    )  # fmt: skip


def _approved(network: str, runs: Sequence[Run]) -> tuple[list[Approved], Counter[int]]:
    """The approved pairs that are not told, best first, and how many pairs of each of the runs were told."""
    newcomer, buddy = aliased(Person), aliased(Person)
    found = session().execute(
        select(Proposal, newcomer, buddy).join(Run, Run.id == Proposal.run_id).join(Newcomer, Newcomer.id == Proposal.newcomer_id)
        .join(newcomer, newcomer.id == Newcomer.person_id)
        .join(Buddy, Buddy.id == Proposal.buddy_id).join(buddy, buddy.id == Buddy.person_id)
        .where(
            Run.network_slug == network, Proposal.state == ProposalState.APPROVED,
            Proposal.told_at.is_(None) | Proposal.run_id.in_([run.id for run in runs]),
        )
        .order_by(Proposal.score.desc(), Proposal.id)
    ).unique().all()  # fmt: skip
    waiting = [
        Approved(proposal.id, one_.first_name, other.first_name, proposal.tell_at)
        for proposal, one_, other in found
        if proposal.told_at is None
    ]
    return waiting, Counter(proposal.run_id for proposal, _one, _other in found if proposal.told_at)


def _groups(runs: Sequence[Run], lines: list[QueueItem], in_plan: set[int]) -> tuple[list[Group], int]:
    """The groups of all newcomers of these runs of one network, as reached by what is approved and left to judge."""
    keys = {item.newcomer_id for item in lines} | {
        row["newcomer_id"] for run in runs for row in run.report.get("unmatched", [])
    }
    before = select(Duo.id).where(Duo.newcomer_id == Newcomer.id, Duo.proposal_id.is_(None) | Duo.proposal_id.not_in(
        select(Proposal.id).where(Proposal.run_id.in_([run.id for run in runs]))
    )).exists()  # fmt: skip
    found = session().execute(
        select(Newcomer, before).where(Newcomer.network_slug == runs[0].network_slug)
    ).unique().all()  # fmt: skip
    people = [(person, returning) for person, returning in found if person.id in keys]
    named = {str(person.id): groups_of(person, returning) for person, returning in people}
    waited = {str(person.id): (today() - person.waiting_since).days for person, _again in people}
    kept = counted(named, waited, {str(key) for key in in_plan})
    return shown(kept, len(people), len(in_plan & {person.id for person, _again in people})), len(people)
