"""Selections of runs, proposals and duos, each limited to what the viewer may see; and the pages of a run."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload

from app.db import session
from app.models import Buddy, Duo, Network, Newcomer, Proposal, Run
from app.queries.fairness import Group, fairness
from app.queries.network_programmes import network_of, programmes_in
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
NOTHING: tuple[int, datetime | None] = (0, None)


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
    """What is left of a run: pairs to judge, pairs on hold, pairs shown to a newcomer, and the one to begin with."""

    to_judge: int = 0
    on_hold: int = 0
    choosing: int = 0
    first: int | None = None


@dataclass(frozen=True)
class Matching:
    """The matching of one programme of a network: its last plan, a run under way, and what is left to judge.

    `name` is empty where the network has one programme. `approved` counts the network's pairs of which nobody knows,
    on the line of its first programme; `tell_at` None = they are not published.
    """

    network: Network
    programme_id: int
    name: str
    run: Run | None
    under_way: Run | None
    failed: Run | None
    left: Left
    approved: int
    tell_at: datetime | None


def matching_of(viewer: Viewer) -> list[Matching]:
    """The matching of each programme of each network that the viewer may run, by name; first programmes first."""
    networks = select(Network).order_by(Network.name)
    if Scope.ALL not in viewer.scopes(Permission.SEE_PROPOSALS):
        networks = networks.where(Network.slug.in_(viewer.networks))
    newest = (
        runs_for(viewer).with_only_columns(func.max(Run.id))
        .where(Run.state != RunState.STOPPED).group_by(Run.network_slug, Run.programme_id, Run.state)
    )  # fmt: skip
    runs: dict[tuple[str, int, RunState], Run] = {
        (run.network_slug, run.programme_id, run.state): run
        for run in rows(select(Run).where(Run.id.in_(newest)))
    }
    left = _left_to_judge([run.id for run in runs.values() if run.state is RunState.DONE])
    approved = _approved(viewer)
    reached = rows(networks)
    programmes = programmes_in(reached)
    found = []
    for network in reached:
        offered = programmes[network.slug]
        for programme in offered:
            line = network.slug, programme.id
            done, failed = runs.get((*line, RunState.DONE)), runs.get((*line, RunState.FAILED))
            number, tell_at = approved.get(network.slug, NOTHING) if programme is offered[0] else NOTHING
            found.append(
                Matching(
                    network=network,
                    programme_id=programme.id,
                    name=programme.name if len(offered) > 1 else "",
                    run=done,
                    under_way=runs.get((*line, RunState.RUNNING)) or runs.get((*line, RunState.QUEUED)),
                    failed=failed if failed and (done is None or failed.id > done.id) else None,
                    left=left.get(done.id, Left()) if done else Left(),
                    approved=number,
                    tell_at=tell_at,
                )
            )
    return found


def _approved(viewer: Viewer) -> dict[str, tuple[int, datetime | None]]:
    """Per network the approved pairs of which nobody knows, and when the first of them are told."""
    found = proposals_for(viewer).with_only_columns(Run.network_slug, func.count(), func.min(Proposal.tell_at)).where(
        Proposal.state == ProposalState.APPROVED, Proposal.told_at.is_(None)
    ).group_by(Run.network_slug)  # fmt: skip
    return {slug: (number, at) for slug, number, at in session().execute(found)}


def _left_to_judge(run_ids: Iterable[int]) -> dict[int, Left]:
    """Per run what is left to judge: the best pair that nobody looked at comes first, then those that wait."""
    left: dict[int, Left] = {}
    undecided = select(Proposal.run_id, Proposal.id, Proposal.state).where(
        Proposal.run_id.in_(list(run_ids)), Proposal.state.in_(TO_JUDGE)
    ).order_by(Proposal.state != ProposalState.SUGGESTED, Proposal.score.desc(), Proposal.id)  # fmt: skip
    for run_id, proposal_id, state in session().execute(undecided):
        before = left.get(run_id, Left())
        left[run_id] = Left(
            before.to_judge + (state is ProposalState.SUGGESTED),
            before.on_hold + (state is ProposalState.HELD),
            before.choosing + (state is ProposalState.OFFERED),
            before.first or proposal_id,
        )
    return left


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
    """A run with who is not reached and why; `unmatched` is one page of them, `reasons` counts them all.

    `programme` is its name where the network has more than one.
    """

    run: Run
    network: Network
    programme: str
    unmatched: Cut
    reasons: list[tuple[str, int]]
    groups: list[Group]
    left: Left
    missing: list[dict[str, Any]]
    places: list[Place]


def run_page(viewer: Viewer, run_id: int, page: int = 1) -> RunPage:
    """A run that the viewer may see, with the people it leaves without a buddy, those who can be helped first."""
    run = one(runs_for(viewer).where(Run.id == run_id))
    network, programme = network_of(run)
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
        network=network,
        programme=programme,
        unmatched=replace(shown, rows=unmatched),
        reasons=Counter(row["reason"] for row in kept).most_common(),
        groups=fairness(run),
        left=_left_to_judge([run.id]).get(run.id, Left()),
        missing=missing_in(run),
        places=places_in(viewer, run),
    )
