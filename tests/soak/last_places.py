"""B1: the last place of a buddy and of an activity, over HTTP: whoever comes at the same moment, one has it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from flask import Flask
from sqlalchemy import func, select, update

from app.db import session, transaction
from app.models import Buddy, Newcomer, Offer, Proposal, SignUp
from app.security.viewer import Viewer
from app.services import matches, wishes
from app.vocabulary import BuddyState, NewcomerState, ProposalState
from app.vocabulary.sign_ups import SignUpState
from tests import factories
from tests.activities import House
from tests.pairs import NETWORK, link_for
from tests.soak.crowds import LATEST, Act, Heard, heard, sent_at_once, signed_in, start_weakened
from tests.soak.figures import on_a_site
from tests.soak.served import Served, Visitor

ROUNDS = 20
APPROVALS = 200
PAIRS = 10
GUARD = "app.services.matches"
WITHOUT = "def weaken(matches):\n    matches.take_place = lambda _buddy_id, _network: None\n"


@dataclass
class Race:
    """What came of the rounds of one race: places given away in each, and what everybody heard."""

    sold: list[int] = field(default_factory=list)
    said: list[Heard] = field(default_factory=list)

    def kept(self, crowd: int) -> bool:
        """One place, one who has it, all others refused clearly, all in time."""
        return self.sold == [1] * len(self.said) and all(
            one.done == 1 and one.refused == crowd - 1 and one.slowest <= LATEST for one in self.said
        )

    def words(self) -> str:
        """What came of it, in figures."""
        faults = sum(one.faults for one in self.said)
        odd = sum(len(one.odd) for one in self.said) - faults
        return (
            f"{_span(self.sold)} came of it in {len(self.said)} rounds, {_span([one.refused for one in self.said])} refused, "
            f"{faults} 5xx, {odd} other, slowest {max(one.slowest for one in self.said):.1f} s"
        )


@dataclass(frozen=True)
class Measured:
    """The three races on one kind of database, and the first one without its guard."""

    approvals: Race
    chosen: Race
    activity: Race
    control: Race
    crowd: int

    def kept(self) -> bool:
        """Whether each is within the bar, and the race without its guard is seen to oversell."""
        races = ((self.approvals, self.crowd), (self.chosen, 2), (self.activity, 2))
        return all(race.kept(crowd) for race, crowd in races) and min(self.control.sold) > 1

    def words(self) -> str:
        """The figures."""
        return (
            f"of {self.crowd} approvals {self.approvals.words()}; a buddy whom two chose: {self.chosen.words()}; an activity "
            f"for two: {self.activity.words()}; without the guard {self.control.sold[0]} had the last place"
        )


def measure() -> tuple[str, bool]:
    """Measure it on both databases: the figures in words, and whether both are within the bar."""
    return on_a_site(raced)


def raced(site: Served, rounds: int = ROUNDS, crowd: int = APPROVALS) -> Measured:
    """Run every race so often on that site, and the first once more with its guard taken out."""
    with site.inside() as app:
        desks = [factories.coordinator(NETWORK) for _ in range(2)]
        tabs = [signed_in(app, site, desk.id) for desk in desks]
        for tab in tabs:
            tab.get("/nl/matching")
        desk = factories.viewer(desks[0])
        house = House()
        approvals = again(lambda: approved(app, tabs, pairs(desk, PAIRS), crowd), rounds)
        chosen = again(lambda: approved(app, tabs, both_chose(app, site, desk), 2), rounds)
        activity = again(lambda: joined(app, site, house), rounds)
        start_weakened(site, site.folder / "weakened", GUARD, WITHOUT)
        control = again(lambda: approved(app, tabs, pairs(desk, PAIRS), PAIRS), 1)
    return Measured(approvals, chosen, activity, control, crowd)


def again(race: Callable[[], tuple[int, Heard]], rounds: int) -> Race:
    """That race so many times."""
    found = Race()
    for _ in range(rounds):
        sold, said = race()
        found.sold.append(sold)
        found.said.append(said)
    return found


def pairs(desk: Viewer, many: int) -> list[int]:
    """A plan with one free place in which that buddy is suggested to so many newcomers; the keys of the pairs."""
    with transaction() as inside:
        inside.execute(update(Newcomer).values(state=NewcomerState.LEFT))
        inside.execute(update(Buddy).values(state=BuddyState.LEFT))
    buddy_id = factories.buddy(capacity=1).id
    newcomers = [factories.newcomer().id for _ in range(many)]
    run_id = matches.start_run(desk, NETWORK)
    with transaction() as inside:
        real = inside.scalars(select(Proposal).where(Proposal.run_id == run_id)).unique().one()
        inside.add_all(
            Proposal(
                run_id=run_id, newcomer_id=key, buddy_id=buddy_id, score=real.score, utility=real.utility,
                explanation=real.explanation,
            )
            for key in newcomers if key != real.newcomer_id
        )  # fmt: skip
    return list(session().scalars(select(Proposal.id).where(Proposal.run_id == run_id).order_by(Proposal.id)))


def both_chose(app: Flask, site: Served, desk: Viewer) -> list[int]:
    """The pairs of two newcomers who were both shown the buddy with one place, and both chose her at the same moment."""
    keys = pairs(desk, 2)
    acts = []
    for key in keys:
        wishes.show_buddies(desk, key, [], link_for=link_for)
        tab = signed_in(app, site, session().get_one(Proposal, key).newcomer.person_id)
        tab.get("/nl/my-choice")
        acts.append(Act(tab, "/nl/my-choice", {"buddy": str(key)}))
    answers = sent_at_once(acts)
    if [answer.status for answer, _tab in answers] != [303, 303]:
        raise RuntimeError(f"choosing reserves nothing and is refused to nobody: {answers}")
    session().rollback()
    return keys


def approved(app: Flask, tabs: list[Visitor], keys: list[int], crowd: int) -> tuple[int, Heard]:
    """So many approvals of these pairs at once, by turns of the coordinators: places given away, and what they heard."""
    acts = [
        Act(tabs[number % len(tabs)], f"/nl/matching/proposals/{keys[number // 2 % len(keys) if crowd > 2 else number]}/approve", {})
        for number in range(crowd)
    ]  # fmt: skip
    session().rollback()
    answers = sent_at_once(acts)
    session().rollback()
    sold = select(func.count()).select_from(Proposal).where(
        Proposal.id.in_(keys), Proposal.state == ProposalState.APPROVED
    )  # fmt: skip
    return session().scalar(sold) or 0, heard(app, answers, "good")


def joined(app: Flask, site: Served, house: House) -> tuple[int, Heard]:
    """Two newcomers who want into an activity with one place at once: places given away, and what they heard."""
    offer_id = house.offer(places=1).id  # type: ignore[no-untyped-call]
    acts = []
    for _ in range(2):
        tab = signed_in(app, site, factories.newcomer().person_id)
        tab.get(f"/nl/activities/{offer_id}")
        acts.append(Act(tab, f"/nl/activities/{offer_id}/join", {}))
    session().rollback()
    answers = sent_at_once(acts)
    session().rollback()
    has = select(func.count()).select_from(SignUp).where(
        SignUp.offer_id == offer_id, SignUp.state == SignUpState.JOINED
    )  # fmt: skip
    sold = max(session().scalar(has) or 0, session().get_one(Offer, offer_id).places_taken)
    return sold, heard(app, answers, "good")


def _span(numbers: list[int]) -> str:
    low, high = min(numbers), max(numbers)
    return str(low) if low == high else f"{low} to {high}"
