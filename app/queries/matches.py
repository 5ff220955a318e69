"""Selections of runs, proposals and duos, each limited to what the viewer may see; and the pages of a run."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from app.db import session
from app.models import Buddy, Duo, Network, Newcomer, Person, Proposal, Run
from app.queries.newcomers import newcomers_for
from app.queries.pages import Cut, cut_rows
from app.queries.plans import Place, first_of_each, missing_in, places_in
from app.queries.reach import one, reach, rows
from app.security.permissions import Permission, Scope
from app.security.viewer import Viewer
from app.vocabulary import ProposalState
from app.vocabulary.records import RunState

TO_JUDGE = (ProposalState.SUGGESTED, ProposalState.HELD, ProposalState.OFFERED)
UNDER_WAY = (RunState.QUEUED, RunState.RUNNING)
SMALL = 5  # smaller groups are not shown: their members could be recognised


def runs_for(viewer: Viewer, permission: Permission = Permission.SEE_PROPOSALS) -> Select[Run]:
    """The runs that the permission reaches."""
    return select(Run).where(
        reach(viewer, permission, {Scope.NETWORK: Run.network_slug.in_(viewer.networks)})
    )


def proposals_for(viewer: Viewer, permission: Permission = Permission.SEE_PROPOSALS) -> Select[Proposal]:
    """The proposals that the permission reaches: those of the viewer's networks' runs."""
    return select(Proposal).join(Run).where(
        reach(viewer, permission, {Scope.NETWORK: Run.network_slug.in_(viewer.networks)})
    )  # fmt: skip


def duos_for(viewer: Viewer, permission: Permission = Permission.SEE_DUOS) -> Select[Duo]:
    """The duos that the permission reaches; for a buddy or newcomer the own ones."""
    own = [Duo.buddy_id == viewer.buddy_id] if viewer.buddy_id else []
    own += [Duo.newcomer_id == viewer.newcomer_id] if viewer.newcomer_id else []
    conditions = {
        Scope.CASELOAD: Duo.newcomer_id.in_(
            select(Newcomer.id).where(Newcomer.counsellor_id == viewer.person_id)
        ),
        Scope.NETWORK: or_(
            Duo.network_slug.in_(viewer.networks),
            Duo.buddy_id.in_(select(Buddy.id).where(Buddy.network_slug.in_(viewer.networks))),
        ),
    }
    if own:
        conditions[Scope.OWN] = or_(*own)
    return select(Duo).where(reach(viewer, permission, conditions))


@dataclass(frozen=True)
class Left:
    """What is left of a run: pairs to judge, pairs on hold, and the first of the queue."""

    to_judge: int = 0
    on_hold: int = 0
    first: int | None = None


@dataclass(frozen=True)
class Matching:
    """The matching of one network: its last plan, a run under way if there is one, and what is left to judge."""

    network: Network
    run: Run | None
    under_way: Run | None
    failed: Run | None
    left: Left


def matching_of(viewer: Viewer) -> list[Matching]:
    """The matching of each network that the viewer may run, by name."""
    networks = select(Network).order_by(Network.name)
    if Scope.ALL not in viewer.scopes(Permission.SEE_PROPOSALS):
        networks = networks.where(Network.slug.in_(viewer.networks))
    newest = (
        runs_for(viewer).with_only_columns(func.max(Run.id))
        .where(Run.state != RunState.STOPPED).group_by(Run.network_slug, Run.state)
    )  # fmt: skip
    runs: dict[tuple[str, RunState], Run] = {
        (run.network_slug, run.state): run for run in rows(select(Run).where(Run.id.in_(newest)))
    }
    left = _left_to_judge([run.id for run in runs.values() if run.state is RunState.DONE])
    found = []
    for network in rows(networks):
        done = runs.get((network.slug, RunState.DONE))
        failed = runs.get((network.slug, RunState.FAILED))
        found.append(
            Matching(
                network=network,
                run=done,
                under_way=runs.get((network.slug, RunState.RUNNING))
                or runs.get((network.slug, RunState.QUEUED)),
                failed=failed if failed and (done is None or failed.id > done.id) else None,
                left=left.get(done.id, Left()) if done else Left(),
            )
        )
    return found


def _left_to_judge(run_ids: Iterable[int]) -> dict[int, Left]:
    """Per run what is left to judge."""
    left: dict[int, Left] = {}
    undecided = select(Proposal.run_id, Proposal.id, Proposal.state).where(
        Proposal.run_id.in_(list(run_ids)), Proposal.state.in_(TO_JUDGE)
    ).order_by(Proposal.score.desc(), Proposal.id)  # fmt: skip
    for run_id, proposal_id, state in session().execute(undecided):
        before = left.get(run_id, Left())
        held = state is ProposalState.HELD
        left[run_id] = Left(before.to_judge + (not held), before.on_hold + held, before.first or proposal_id)
    return left


@dataclass(frozen=True)
class Group:
    """Some newcomers who have something in common: how many wait and how many the plan reaches.

    A group under five is not counted out: `small`. `behind` = reached less than half as often as everybody.
    """

    dimension: str
    value: str
    waiting: int
    reached: int
    small: bool
    behind: bool


def fairness(run: Run) -> list[Group]:
    """For whom a plan works, by province, language, wish and level of Dutch."""
    share = run.matched / run.newcomers if run.newcomers else 0.0
    found = []
    for row in run.report.get("groups", []):
        small = row["waiting"] < SMALL
        behind = not small and row["reached"] / row["waiting"] < share / 2
        found.append(Group(row["dimension"], row["value"], row["waiting"], row["reached"], small, behind))
    return found


@dataclass(frozen=True)
class Unmatched:
    """A newcomer whom the plan does not reach: the first name, the reason, and the first change of each kind."""

    newcomer_id: int
    name: str
    municipality: str
    reason: str
    unlocks: list[dict[str, Any]]


@dataclass(frozen=True)
class RunPage:
    """A run with who is not reached and why; `unmatched` is one page of them, `reasons` counts them all."""

    run: Run
    network: Network
    unmatched: Cut
    reasons: list[tuple[str, int]]
    groups: list[Group]
    left: Left
    missing: list[dict[str, Any]]
    places: list[Place]


def run_page(viewer: Viewer, run_id: int, page: int = 1) -> RunPage:
    """A run that the viewer may see, with the people it leaves without a buddy, those who can be helped first."""
    run = one(runs_for(viewer).where(Run.id == run_id))
    kept = run.report.get("unmatched", [])
    shown = cut_rows(sorted(kept, key=lambda row: not row["unlocks"]), page)
    keys = [row["newcomer_id"] for row in shown.rows]
    found = rows(newcomers_for(viewer).where(Newcomer.id.in_(keys)).options(joinedload(Newcomer.person)))
    people = {newcomer.id: (newcomer.person.first_name, newcomer.municipality) for newcomer in found}
    unmatched = [
        Unmatched(
            row["newcomer_id"], *people[row["newcomer_id"]], row["reason"], first_of_each(row["unlocks"])
        )
        for row in shown.rows
        if row["newcomer_id"] in people
    ]
    return RunPage(
        run=run,
        network=session().get_one(Network, run.network_slug),
        unmatched=replace(shown, rows=unmatched),
        reasons=Counter(row["reason"] for row in kept).most_common(),
        groups=fairness(run),
        left=_left_to_judge([run.id]).get(run.id, Left()),
        missing=missing_in(run),
        places=places_in(viewer, run),
    )


@dataclass(frozen=True)
class QueueItem:
    """A line of the queue beside the pair being judged."""

    id: int
    newcomer: str
    buddy: str
    score: int
    state: ProposalState


@dataclass(frozen=True)
class Alternative:
    """Another buddy who fits this newcomer, as the run saw it."""

    name: str
    municipality: str
    score: int
    distance_m: int
    common: dict[str, list[str]]


@dataclass(frozen=True)
class Judging:
    """A pair to judge: the proposal as it was, the queue it stands in, other possibilities and earlier duos."""

    proposal: Proposal
    queue: list[QueueItem]
    alternatives: list[Alternative] = field(default_factory=list)
    earlier: list[Duo] = field(default_factory=list)

    @property
    def at(self) -> int | None:
        """The place in the queue, from 0; None when this pair is decided."""
        return next((index for index, item in enumerate(self.queue) if item.id == self.proposal.id), None)

    @property
    def following(self) -> int | None:
        """The next pair of the queue, round again after the last; None when there is no other."""
        others = [item.id for item in self.queue if item.id != self.proposal.id]
        if not others or self.at is None:
            return others[0] if others else None
        return self.queue[(self.at + 1) % len(self.queue)].id

    @property
    def preceding(self) -> int | None:
        """The pair before this one in the queue, if any."""
        return self.queue[self.at - 1].id if self.at else None


def judging(viewer: Viewer, proposal_id: int) -> Judging:
    """A proposal that the viewer may see, ready to judge. Contact details of nobody are in it."""
    proposal = one(proposals_for(viewer).where(Proposal.id == proposal_id).options(joinedload(Proposal.run)))
    earlier = rows(
        select(Duo)
        .where(
            or_(Duo.newcomer_id == proposal.newcomer_id, Duo.buddy_id == proposal.buddy_id),
            or_(Duo.proposal_id.is_(None), Duo.proposal_id != proposal.id),
        )
        .order_by(Duo.id.desc()).limit(5)
    )  # fmt: skip
    return Judging(proposal, queue_of(proposal.run_id), _alternatives(proposal), earlier)


def queue_of(run_id: int) -> list[QueueItem]:
    """The undecided pairs of a run, best first."""
    newcomer, buddy = aliased(Person), aliased(Person)
    found = session().execute(
        select(Proposal.id, *_names(newcomer), *_names(buddy), Proposal.score, Proposal.state)
        .join(Newcomer, Newcomer.id == Proposal.newcomer_id).join(newcomer, newcomer.id == Newcomer.person_id)
        .join(Buddy, Buddy.id == Proposal.buddy_id).join(buddy, buddy.id == Buddy.person_id)
        .where(Proposal.run_id == run_id, Proposal.state.in_(TO_JUDGE))
        .order_by(Proposal.score.desc(), Proposal.id)
    )  # fmt: skip
    return [
        QueueItem(key, called or name.split()[0], other_called or other.split()[0], score, state)
        for key, called, name, other_called, other, score, state in found
    ]


def _names(person: type[Person]) -> tuple[Any, Any]:
    """The columns that Person.first_name is made of: a queue of hundreds needs no whole people."""
    return person.call_name, person.full_name


def _alternatives(proposal: Proposal) -> list[Alternative]:
    kept = proposal.explanation.get("alternatives", [])
    buddies = {
        buddy.id: buddy for buddy in rows(select(Buddy).where(Buddy.id.in_([row["buddy_id"] for row in kept])))
    } if kept else {}  # fmt: skip
    return [
        Alternative(
            buddy.person.first_name, buddy.municipality, row["score"], row["distance_m"], row["common"]
        )
        for row in kept
        if (buddy := buddies.get(row["buddy_id"]))
    ]
