"""The page on which one pair is judged: the two people, the queue it stands in, earlier duos."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from app.db import session
from app.errors import NotFound
from app.models import Buddy, Duo, Network, Newcomer, Person, Proposal, Run
from app.queries.matches import TO_JUDGE, proposals_for
from app.queries.network_programmes import told_apart
from app.queries.reach import one, rows
from app.security.viewer import Viewer
from app.vocabulary import ProposalState
from app.vocabulary.records import RunState

KEPT = (ProposalState.HELD, ProposalState.OFFERED)


@dataclass(frozen=True)
class QueueItem:
    """A line of the queue beside the pair being judged."""

    id: int
    newcomer: str
    buddy: str
    score: int
    state: ProposalState
    newcomer_id: int
    buddy_id: int


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
    """A pair to judge: the proposal as it was, the queue it stands in, and earlier duos of both people.

    `run` is the plan that stands, against which it is weighed: its own, or a newer one when it was put aside before.
    `programme` is the name of the run's one where the network has more than one.
    """

    proposal: Proposal
    run: Run
    lines: list[QueueItem]
    programme: str = ""
    earlier: list[Duo] = field(default_factory=list)

    @property
    def queue(self) -> list[QueueItem]:
        """The undecided pairs, best first."""
        return [item for item in self.lines if item.state in TO_JUDGE]

    @property
    def at(self) -> int | None:
        """The place in the queue, from 0; None when this pair is decided."""
        return next((index for index, item in enumerate(self.queue) if item.id == self.proposal.id), None)

    @property
    def following(self) -> int | None:
        """The next pair of the queue, round again after the last; None when there is no other."""
        if self.at is None or len(self.queue) < 2:
            return None
        return self.queue[(self.at + 1) % len(self.queue)].id

    @property
    def preceding(self) -> int | None:
        """The pair before this one in the queue, if any."""
        return self.queue[self.at - 1].id if self.at else None

    @property
    def solvable(self) -> bool:
        """Whether this pair is undecided and a plan stands, so that other choices can be weighed."""
        return self.proposal.state in TO_JUDGE and self.run.state is RunState.DONE

    @property
    def suggested(self) -> dict[int, int]:
        """The buddy of each newcomer in the pairs that the plan suggests now."""
        return {
            item.newcomer_id: item.buddy_id for item in self.lines if item.state is ProposalState.SUGGESTED
        }

    @property
    def taking_part(self) -> set[int]:
        """All newcomers of the run."""
        unmatched = {row["newcomer_id"] for row in self.run.report.get("unmatched", [])}
        return unmatched | {item.newcomer_id for item in self.lines}


def judging(viewer: Viewer, proposal_id: int) -> Judging:
    """A proposal that the viewer may see, ready to judge. Contact details of nobody are in it."""
    proposal, run, programme = _with_newest(viewer, proposal_id)
    earlier = rows(
        select(Duo)
        .where(
            or_(Duo.newcomer_id == proposal.newcomer_id, Duo.buddy_id == proposal.buddy_id),
            or_(Duo.proposal_id.is_(None), Duo.proposal_id != proposal.id),
        )
        .order_by(Duo.id.desc()).limit(5)
    )  # fmt: skip
    return Judging(proposal, run, lines_of([run]), programme, earlier)


def _with_newest(viewer: Viewer, proposal_id: int) -> tuple[Proposal, Run, str]:
    """A proposal that the viewer may see, the plan of its programme that stands, else its own, and `Judging.programme`.

    Raises NotFound.
    """
    newest, done = aliased(Run), aliased(Run)
    latest = select(func.max(done.id)).where(
        done.network_slug == Run.network_slug, done.programme_id == Run.programme_id, done.state == RunState.DONE
    ).correlate(Run).scalar_subquery()  # fmt: skip
    found = session().execute(
        proposals_for(viewer).add_columns(newest, told_apart()).join(Network, Network.slug == Run.network_slug)
        .outerjoin(newest, newest.id == latest)
        .where(Proposal.id == proposal_id).options(joinedload(Proposal.run))
    ).unique().one_or_none()  # fmt: skip
    if found is None:
        raise NotFound
    proposal, standing, programme = found
    return proposal, standing or proposal.run, programme


def next_to_judge(viewer: Viewer, proposal_id: int) -> int | None:
    """The pair to judge after this one: the next that is suggested, round again after the last; None = all are judged."""
    proposal, run, _programme = _with_newest(viewer, proposal_id)
    left = [item for item in lines_of([run]) if item.state is ProposalState.SUGGESTED]
    after = [item for item in left if (-item.score, item.id) > (-proposal.score, proposal.id)]
    return next((item.id for item in (*after, *left)), None)


def network_of(viewer: Viewer, proposal_id: int) -> str:
    """The network of a proposal that the viewer may see. Raises NotFound."""
    return one(proposals_for(viewer).where(Proposal.id == proposal_id)).run.network_slug


def lines_of(runs: Sequence[Run]) -> list[QueueItem]:
    """All pairs of these runs of one network, best first, and those that earlier runs of their programmes left open."""
    newcomer, buddy = aliased(Person), aliased(Person)
    found = session().execute(
        select(
            Proposal.id, *_names(newcomer), *_names(buddy), Proposal.score, Proposal.state, Proposal.newcomer_id,
            Proposal.buddy_id,
        )
        .select_from(Proposal).join(Run, Run.id == Proposal.run_id).join(Newcomer, Newcomer.id == Proposal.newcomer_id).join(newcomer, newcomer.id == Newcomer.person_id)
        .join(Buddy, Buddy.id == Proposal.buddy_id).join(buddy, buddy.id == Buddy.person_id)
        .where(or_(
            Proposal.run_id.in_([run.id for run in runs]),
            and_(
                Run.network_slug.in_({run.network_slug for run in runs}),
                Run.programme_id.in_({run.programme_id for run in runs}), Proposal.state.in_(KEPT),
            ),
        ))
        .order_by(Proposal.score.desc(), Proposal.id)
    )  # fmt: skip
    return [
        QueueItem(key, called or name.split()[0], other_called or other.split()[0], *rest)
        for key, called, name, other_called, other, *rest in found
    ]


def _names(person: type[Person]) -> tuple[Any, Any]:
    """The columns that Person.first_name is made of: a queue of hundreds needs no whole people."""
    return person.call_name, person.full_name


def alternatives_of(proposal: Proposal) -> list[Alternative]:
    """The other possibilities for a newcomer as the run saw them."""
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
