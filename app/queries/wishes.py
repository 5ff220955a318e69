"""Buddies shown to a newcomer to choose from: as the newcomer sees them, and as staff follow the answers."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from app.clock import now
from app.errors import NotFound
from app.models import Buddy, Person, Proposal, Wish
from app.queries.erasures import takes_part
from app.queries.loans import can_take
from app.queries.matches import proposals_for
from app.queries.reach import one, reach, rows
from app.reference.gazetteer import distance_m, municipalities
from app.security.permissions import Permission, Scope
from app.security.viewer import Viewer
from app.vocabulary import BuddyState, ProposalState
from app.vocabulary.following import WishState

SHOWN_TO_STAFF = 200


def wishes_for(viewer: Viewer, permission: Permission) -> Select[Wish]:
    """The questions that the permission reaches: the newcomer's own ones, or those of the networks."""
    return select(Wish).where(
        reach(viewer, permission, {
            Scope.OWN: Wish.newcomer_id == (viewer.newcomer_id or 0),
            Scope.NETWORK: Wish.network_slug.in_(viewer.networks),
        })
    )  # fmt: skip


@dataclass(frozen=True)
class Card:
    """What a newcomer sees of a buddy before a coordinator approves: no family name, no address, no figures.

    `languages`, `interests` and `moments` are those that both share, Dutch left out; `near` = at most ten kilometres.
    """

    proposal_id: int
    name: str
    municipality: str
    languages: list[str]
    interests: list[str]
    moments: list[str]
    near: bool
    wished: bool


@dataclass(frozen=True)
class Choice:
    """The question to a newcomer, with the cards of the buddies who have a place now."""

    id: int
    state: WishState
    before: datetime
    cards: list[Card] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        """Whether an answer is still possible."""
        return self.state is WishState.OPEN and self.before > now()


NEAR_M = 10_000


def is_near(one: str, other: str) -> bool:
    """Whether two municipalities are near each other. From town to town on purpose: with the places themselves, who has
    several accounts could learn in which part of a town somebody lives (T20).
    """
    towns = {town.name: town for town in municipalities()}
    if one not in towns or other not in towns:
        return one == other
    return distance_m(towns[one], towns[other]) <= NEAR_M


def choice_of(viewer: Viewer, wish_id: int | None = None) -> Choice | None:
    """The viewer's own open or last question; None when there was none. Raises NotFound for a foreign key."""
    own = wishes_for(viewer, Permission.CHOOSE_BUDDY)
    if wish_id is not None:
        wish: Wish | None = one(own.where(Wish.id == wish_id))
    else:
        wish = next(iter(rows(own.order_by(Wish.id.desc()).limit(1))), None)
    if wish is None:
        return None
    found = rows(shown_in(wish))
    return Choice(wish.id, wish.state, wish.answer_before, [_card(proposal) for proposal in found])


def shown_in(wish: Wish) -> Select[Proposal]:
    """The buddies of a question who can still be chosen, and the one who was: with a free place now."""
    return (
        select(Proposal).join(Buddy, Buddy.id == Proposal.buddy_id)
        .where(
            Proposal.wish_id == wish.id, Proposal.state == ProposalState.OFFERED,
            Buddy.state == BuddyState.APPROVED, can_take(wish.network_slug),
        )
        .order_by(Proposal.score.desc(), Proposal.id)
    )  # fmt: skip


def _card(proposal: Proposal) -> Card:
    common: dict[str, Any] = proposal.explanation.get("common", {})
    return Card(
        proposal_id=proposal.id, name=proposal.buddy.person.first_name, municipality=proposal.buddy.municipality,
        languages=[tag for tag in common.get("languages", []) if tag != "nl"],
        interests=list(common.get("interests", [])), moments=list(common.get("slots", [])),
        near=is_near(proposal.newcomer.municipality, proposal.buddy.municipality), wished=proposal.wish_rank is not None,
    )  # fmt: skip


@dataclass(frozen=True)
class Candidate:
    """Another buddy who fits the newcomer of a proposal and has a place: first name, place and what they share."""

    buddy: Buddy
    score: int
    common: dict[str, list[str]]


@dataclass(frozen=True)
class ShowPage:
    """A proposal whose newcomer can be asked to choose, and who could be shown beside its buddy."""

    proposal: Proposal
    others: list[Candidate]


def show_page(viewer: Viewer, proposal_id: int) -> ShowPage:
    """What can be shown to the newcomer of a proposal. Raises NotFound, also when the pair is decided."""
    proposal = one(
        proposals_for(viewer, Permission.JUDGE_PROPOSAL)
        .where(Proposal.id == proposal_id, Proposal.state.in_((ProposalState.SUGGESTED, ProposalState.HELD)))
        .options(joinedload(Proposal.run))
    )
    return ShowPage(proposal, others_of(proposal))


def others_of(proposal: Proposal) -> list[Candidate]:
    """The other buddies that the run kept for this newcomer and who have a free place now, the best first."""
    kept: list[dict[str, Any]] = proposal.explanation.get("alternatives", [])
    free = {
        buddy.id: buddy
        for buddy in rows(
            select(Buddy).join(Person, Person.id == Buddy.person_id).where(
                Buddy.id.in_([row["buddy_id"] for row in kept]), Buddy.state == BuddyState.APPROVED,
                can_take(proposal.run.network_slug), takes_part(),
            )
        )
    }  # fmt: skip
    return [
        Candidate(free[row["buddy_id"]], row["score"], row["common"])
        for row in kept
        if row["buddy_id"] in free
    ]


@dataclass(frozen=True)
class Followed:
    """A question for staff: who was asked, and the buddies it is about."""

    wish: Wish
    proposals: list[Proposal]

    @property
    def chosen(self) -> Proposal | None:
        """The buddy whom the newcomer wants to meet."""
        return next((proposal for proposal in self.proposals if proposal.wish_rank is not None), None)

    @property
    def to_decide(self) -> bool:
        """Whether a coordinator still owes a decision about the wish."""
        chosen = self.chosen
        return chosen is not None and chosen.state is ProposalState.OFFERED


def followed(viewer: Viewer) -> list[Followed]:
    """The questions of the viewer's networks: wishes to decide first, then those without an answer, newest first."""
    wishes = rows(
        wishes_for(viewer, Permission.JUDGE_PROPOSAL).order_by(Wish.id.desc()).limit(SHOWN_TO_STAFF)
    )
    shown = _by_wish(rows(select(Proposal).where(Proposal.wish_id.in_([wish.id for wish in wishes]))))
    found = [Followed(wish, shown.get(wish.id, [])) for wish in wishes]
    return sorted(found, key=lambda row: (not row.to_decide, row.wish.state is not WishState.OPEN))


def _by_wish(proposals: Iterable[Proposal]) -> dict[int, list[Proposal]]:
    found: dict[int, list[Proposal]] = {}
    for proposal in proposals:
        found.setdefault(proposal.wish_id or 0, []).append(proposal)
    return found


def own_wish(viewer: Viewer, wish_id: int) -> Wish:
    """One of the viewer's own questions. Raises NotFound."""
    found = rows(wishes_for(viewer, Permission.CHOOSE_BUDDY).where(Wish.id == wish_id))
    if not found:
        raise NotFound()
    return found[0]
