"""A pair that a plan proposes, everybody who could want something of it, and everything that can be tried on it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update

from app.clock import now
from app.db import session, transaction
from app.models import Duo, Newcomer, Person, Proposal, Run, Wish
from app.security.viewer import ANONYMOUS, Viewer
from app.services import matches, publishing, replanning, wishes
from app.vocabulary import ProposalRefusal, ProposalState, Role
from app.vocabulary.following import WishState
from tests import factories
from tests.duets import LINKS

NETWORK = "rivierenland"
ELSEWHERE = "9000"  # a postcode of another network: who lives there takes no part in the plan


def link_for(locale: str, token: str) -> str:
    return f"http://localhost/{locale}/w/{token}"


class Pairing:
    """Somebody who waits, two buddies who fit, and the pair that the plan proposes; `others` see and do nothing of it."""

    def __init__(self, state: str = "suggested") -> None:
        self.coordinator, self.counsellor = factories.coordinator(NETWORK), factories.counsellor()
        self.newcomer = factories.newcomer(name="Amal", counsellor=self.counsellor)
        buddies = {buddy.id: buddy for buddy in (factories.buddy(), factories.buddy())}
        run_id = matches.start_run(self.as_("coordinator"), NETWORK)
        found = select(Proposal).where(Proposal.run_id == run_id, Proposal.newcomer_id == self.newcomer.id)
        own = session().scalars(found).unique().one()
        self.run_id, self.key, self.buddy_id = run_id, own.id, own.buddy_id
        self.buddy = buddies.pop(own.buddy_id)
        (self.other_buddy_id,) = buddies
        self.wish_id = 0
        STATES[state](self)

    def people(self) -> dict[str, Person]:
        return {
            "coordinator": self.coordinator, "newcomer": self.newcomer.person, "buddy": self.buddy.person,
            "counsellor": self.counsellor, "other coordinator": factories.coordinator("regio-gent"),
            "other newcomer": factories.newcomer(ELSEWHERE).person, "other buddy": factories.buddy(ELSEWHERE).person,
            "other counsellor": factories.counsellor("atlas"), "administrator": factories.administrator(),
            "helper": factories.person(roles=(Role.HELPER,)), "organisation": factories.member(),
        }  # fmt: skip

    def everybody(self) -> dict[str, Viewer]:
        """Who they are at this moment, and somebody who is not signed in."""
        return {name: factories.viewer(human) for name, human in self.people().items()} | {
            "nobody": ANONYMOUS
        }

    def as_(self, who: str) -> Viewer:
        return factories.viewer(self.coordinator if who == "coordinator" else self.newcomer.person)

    def proposal(self) -> Proposal:
        session().rollback()  # what was read is a picture of that moment
        return session().get_one(Proposal, self.key, populate_existing=True)

    def stands(self) -> str:
        """Where the pair stands, in the words of STATES."""
        proposal = self.proposal()
        if session().get_one(Run, self.run_id).undone_at is not None:
            return "undone"
        if proposal.state is ProposalState.APPROVED:
            return "told" if proposal.told_at else "published" if proposal.tell_at else "approved"
        if proposal.state is ProposalState.OFFERED:
            return "wished" if proposal.wish_rank else "offered"
        return proposal.state.value

    def rests(self) -> tuple[Any, ...]:
        """What must agree with where it stands: the newcomer, the places taken, open questions, duos."""
        open_wishes = session().query(Wish).filter_by(newcomer_id=self.newcomer.id, state=WishState.OPEN)
        newcomer = session().get_one(Newcomer, self.newcomer.id)
        taken = session().scalar(select(self.buddy.__class__.places_taken).filter_by(id=self.buddy_id))
        duos = session().query(Duo).filter_by(newcomer_id=self.newcomer.id)
        return newcomer.state.value, taken, open_wishes.count(), duos.count()


def _offer(pairing: Pairing) -> None:
    pairing.wish_id = show(pairing, pairing.as_("coordinator"))


def _wish(pairing: Pairing) -> None:
    _offer(pairing)
    wishes.choose(pairing.as_("newcomer"), pairing.wish_id, pairing.key)


def _approve(pairing: Pairing) -> None:
    matches.reserve(pairing.as_("coordinator"), pairing.key)


def _publish(pairing: Pairing) -> None:
    _approve(pairing)
    publishing.publish(pairing.as_("coordinator"), NETWORK)


def _lapse(pairing: Pairing) -> None:
    """Another plan came in its place, in which this newcomer has no part any more."""
    matches.hold(pairing.as_("coordinator"), pairing.key)
    matches.start_run(pairing.as_("coordinator"), NETWORK)
    with transaction() as db:
        db.execute(update(Proposal).values(state=ProposalState.LAPSED))


STATES: dict[str, Callable[[Pairing], object]] = {
    "suggested": lambda pairing: None,
    "offered": _offer,
    "wished": _wish,
    "held": lambda pairing: matches.hold(pairing.as_("coordinator"), pairing.key),
    "approved": _approve,
    "published": _publish,
    "told": lambda pairing: matches.approve(pairing.as_("coordinator"), pairing.key, links=LINKS),
    "refused": lambda pairing: matches.refuse(
        pairing.as_("coordinator"), pairing.key, reason=ProposalRefusal.OTHER
    ),
    "lapsed": _lapse,
    "undone": lambda pairing: publishing.undo_run(pairing.as_("coordinator"), pairing.run_id),
}


def show(pairing: Pairing, who: Viewer) -> int:
    return wishes.show_buddies(who, pairing.key, [pairing.other_buddy_id], link_for=link_for)


@dataclass(frozen=True)
class Act:
    """One way to use a use-case of a coordinator or newcomer about a pair."""

    of: Callable[..., Any]
    does: Callable[[Pairing, Viewer], object]


ACTS: dict[str, Act] = {
    "approve": Act(matches.reserve, lambda pairing, who: matches.reserve(who, pairing.key)),
    "approve and tell": Act(matches.approve, lambda pairing, who: matches.approve(who, pairing.key, links=LINKS)),
    "hold": Act(matches.hold, lambda pairing, who: matches.hold(who, pairing.key)),
    "refuse": Act(
        matches.refuse, lambda pairing, who: matches.refuse(who, pairing.key, reason=ProposalRefusal.OTHER)
    ),
    "refuse and plan": Act(
        replanning.refuse, lambda pairing, who: replanning.refuse(who, pairing.key, reason=ProposalRefusal.OTHER)
    ),
    "choose another": Act(
        replanning.choose, lambda pairing, who: replanning.choose(who, pairing.key, pairing.other_buddy_id)
    ),
    "take back": Act(replanning.take_back, lambda pairing, who: replanning.take_back(who, pairing.key)),
    "plan again": Act(replanning.solve_again, lambda pairing, who: replanning.solve_again(who, pairing.key)),
    "publish": Act(publishing.publish, lambda pairing, who: publishing.publish(who, NETWORK)),
    "unpublish": Act(publishing.unpublish, lambda pairing, who: publishing.unpublish(who, NETWORK)),
    "tell": Act(publishing.tell_now, lambda pairing, who: publishing.tell_now(who, NETWORK)),
    "undo the plan": Act(publishing.undo_run, lambda pairing, who: publishing.undo_run(who, pairing.run_id)),
    "show": Act(wishes.show_buddies, show),
    "choose": Act(wishes.choose, lambda pairing, who: wishes.choose(who, pairing.wish_id, pairing.key)),
    "choose none": Act(wishes.choose_none, lambda pairing, who: wishes.choose_none(who, pairing.wish_id)),
    "take the question back": Act(wishes.take_back, lambda pairing, who: wishes.take_back(who, pairing.wish_id)),
}  # fmt: skip


def _late() -> None:
    """The time of every answer and of every telling has come."""
    with transaction() as db:
        db.execute(update(Wish).values(answer_before=now()))
        db.execute(update(Proposal).where(Proposal.tell_at.is_not(None)).values(tell_at=now()))


def _tell_due() -> None:
    _late()
    publishing.tell_due(LINKS)


def _lapse_wishes() -> None:
    _late()
    wishes.lapse_wishes()


def _run_again(pairing: Pairing) -> None:
    matches.start_run(pairing.as_("coordinator"), NETWORK)


SYSTEM: dict[str, Callable[[Pairing], object]] = {
    "the time of telling comes": lambda pairing: _tell_due(),
    "the time of answering is over": lambda pairing: _lapse_wishes(),
    "a newer plan": _run_again,
}
