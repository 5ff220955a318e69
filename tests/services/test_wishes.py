"""Up to three buddies to choose from: who may do what in which state, what it costs nobody, and what it never says."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from app import db
from app.clock import now
from app.db import session, transaction
from app.errors import Forbidden, Gone, Invalid, Moved, NotFound
from app.models import Buddy, Link, Message, Newcomer, Proposal, Transition, Wish
from app.queries.newcomers import NextStep, track_of
from app.queries.wishes import choice_of, followed
from app.services import duos, matches, wishes
from app.services.pool import pool_of
from app.vocabulary import BuddyState, NewcomerState, ProposalState, Role
from app.vocabulary.following import WishState
from app.vocabulary.wishes import NoneReason
from tests import factories
from tests.duets import LINKS


def link_for(locale, token):
    return f"http://localhost/{locale}/w/{token}"


class Asked:
    """A newcomer to whom a coordinator can show three buddies of one plan; `show` does it."""

    def __init__(self, network="rivierenland"):
        self.coordinator = factories.coordinator(network)
        self.newcomer = factories.newcomer(name="Amal")
        self.buddies = [factories.buddy(name=f"Buddy{number} Canaris") for number in range(4)]
        matches.start_run(self.as_("coordinator"), network)
        self.own = (
            session().scalars(select(Proposal).where(Proposal.newcomer_id == self.newcomer.id)).unique().one()
        )
        self.others = [row["buddy_id"] for row in self.own.explanation["alternatives"]]

    def as_(self, who):
        people = {"coordinator": self.coordinator, "newcomer": self.newcomer.person}
        return factories.viewer(people.get(who) or STRANGERS[who]())

    def show(self, count=2):
        self.wish_id = wishes.show_buddies(
            self.as_("coordinator"), self.own.id, self.others[:count], link_for=link_for
        )
        return self

    def proposals(self):
        session().expire_all()
        found = session().scalars(
            select(Proposal).where(Proposal.wish_id == self.wish_id).order_by(Proposal.id)
        )
        return list(found.unique())

    def states(self):
        return [proposal.state for proposal in self.proposals()]

    def fresh(self):
        session().expire_all()
        return session().get_one(Wish, self.wish_id)


STRANGERS = {
    "other newcomer": lambda: factories.newcomer().person,
    "buddy": lambda: factories.buddy().person,
    "other coordinator": lambda: factories.coordinator("regio-gent"),
    "counsellor": factories.counsellor,
    "administrator": factories.administrator,
    "helper": lambda: factories.person(roles=(Role.HELPER,)),
}
EVENTS = {
    "choose": lambda who, asked: wishes.choose(who, asked.wish_id, asked.proposals()[1].id),
    "choose none": lambda who, asked: wishes.choose_none(who, asked.wish_id, NoneReason.TOO_FAR),
    "take back": lambda who, asked: wishes.take_back(who, asked.wish_id),
}
AFTER = {"choose": WishState.CHOSEN, "choose none": WishState.NONE, "take back": WishState.WITHDRAWN}
MAY = {"choose": "newcomer", "choose none": "newcomer", "take back": "coordinator"}
NO_CHANGE = {("choose none", WishState.NONE)}  # the same answer twice is one


@pytest.mark.parametrize("state", list(WishState))
def test_exactly_these_changes_exist(site, state):
    asked = Asked().show()
    people = {name: asked.as_(name) for name in ("coordinator", "newcomer", *STRANGERS)}
    with transaction() as current:
        current.execute(update(Wish).values(state=state))
    for event, act in EVENTS.items():
        for name, viewer in people.items():
            if (event, state) in NO_CHANGE and name == MAY[event]:
                act(viewer, asked)
            elif state is not WishState.OPEN or name != MAY[event]:
                with pytest.raises((Forbidden, NotFound, Moved)):
                    act(viewer, asked)
            assert asked.fresh().state is state, (event, name)


@pytest.mark.parametrize("event", list(EVENTS))
def test_the_one_who_may_changes_it(site, event):
    asked = Asked().show()
    EVENTS[event](asked.as_(MAY[event]), asked)
    assert asked.fresh().state is AFTER[event]


def test_three_are_shown_and_the_letter_names_nobody(site):
    asked = Asked().show()
    assert asked.states() == [ProposalState.OFFERED] * 3
    assert [proposal.beside for proposal in asked.proposals()] == [False, True, True]
    letter = session().scalars(select(Message).where(Message.kind == "wish-choose")).one()
    assert letter.person_id == asked.newcomer.person_id
    assert "/ar/w/" in letter.text
    assert "Buddy" not in letter.subject + letter.text + letter.html
    choice = choice_of(asked.as_("newcomer"))
    assert len(choice.cards) == 3
    assert all("Canaris" not in card.name for card in choice.cards)
    assert track_of(asked.as_("newcomer")).step is NextStep.CHOOSE


def test_what_is_shown_beside_has_reasons_of_the_same_run(site):
    asked = Asked().show()
    own, *others = asked.proposals()
    for other in others:
        assert other.run_id == own.run_id
        assert {row["code"] for row in other.explanation["criteria"]} == {
            row["code"] for row in own.explanation["criteria"]
        }
        kept = next(row for row in own.explanation["alternatives"] if row["buddy_id"] == other.buddy_id)
        assert (other.score, other.priority) == (kept["score"], own.priority)


def test_the_choice_is_a_wish_and_costs_the_others_nothing(site):
    """R38: a wish reserves nothing; the coordinator decides."""
    asked = Asked().show()
    chosen = asked.proposals()[2]
    before = session().scalars(select(Message)).all()
    wishes.choose(asked.as_("newcomer"), asked.wish_id, chosen.id)
    wishes.choose(asked.as_("newcomer"), asked.wish_id, chosen.id)
    assert asked.states() == [ProposalState.LAPSED, ProposalState.LAPSED, ProposalState.OFFERED]
    assert session().scalars(select(Message)).all() == before
    for buddy in session().scalars(select(Buddy)).unique():
        assert (buddy.state, buddy.places_taken) == (BuddyState.APPROVED, 0)
    (row,) = followed(asked.as_("coordinator"))
    assert (row.chosen.id, row.to_decide) == (chosen.id, True)
    assert matches.approve(asked.as_("coordinator"), chosen.id, links=LINKS)
    assert not followed(asked.as_("coordinator"))[0].to_decide


def test_none_of_these_keeps_the_waiting_place_and_the_pairs_stay_away(site):
    asked = Asked().show()
    since = asked.newcomer.waiting_since
    wishes.choose_none(asked.as_("newcomer"), asked.wish_id, NoneReason.MOMENTS)
    newcomer = asked.fresh().newcomer
    assert (newcomer.state, newcomer.waiting_since) == (NewcomerState.WAITING, since)
    assert asked.fresh().reason is NoneReason.MOMENTS
    assert asked.states() == [ProposalState.REFUSED] * 3
    matches.start_run(asked.as_("coordinator"), "rivierenland")
    again = session().scalars(
        select(Proposal.buddy_id).where(Proposal.state == ProposalState.SUGGESTED)
    ).all()  # fmt: skip
    assert set(again) <= {buddy.id for buddy in asked.buddies} - {p.buddy_id for p in asked.proposals()}


def test_an_answer_that_does_not_come_lapses_and_the_pair_can_be_judged(site):
    asked = Asked().show()
    assert wishes.lapse_wishes() == 0
    with transaction() as current:
        current.execute(update(Wish).values(answer_before=now() - timedelta(minutes=1)))
    with pytest.raises(Moved):
        wishes.choose(asked.as_("newcomer"), asked.wish_id, asked.own.id)
    assert (wishes.lapse_wishes(), wishes.lapse_wishes()) == (1, 0)
    assert asked.states() == [ProposalState.SUGGESTED, ProposalState.LAPSED, ProposalState.LAPSED]
    assert asked.fresh().newcomer.state is NewcomerState.WAITING
    assert matches.approve(asked.as_("coordinator"), asked.own.id, links=LINKS)


def test_the_coordinator_can_decide_directly_while_the_newcomer_chooses(site):
    asked = Asked().show()
    matches.approve(asked.as_("coordinator"), asked.own.id, links=LINKS)
    assert asked.fresh().state is WishState.WITHDRAWN
    assert asked.states() == [ProposalState.APPROVED, ProposalState.LAPSED, ProposalState.LAPSED]
    with pytest.raises(Moved):
        wishes.choose(asked.as_("newcomer"), asked.wish_id, asked.own.id)


def test_taken_back_it_can_be_shown_again(site):
    asked = Asked().show()
    wishes.take_back(asked.as_("coordinator"), asked.wish_id)
    assert asked.states() == [ProposalState.SUGGESTED, ProposalState.LAPSED, ProposalState.LAPSED]
    asked.show(1)
    assert asked.states() == [ProposalState.OFFERED] * 2


def test_who_is_only_shown_can_be_matched_by_a_new_run_and_who_is_of_the_plan_is_kept(site):
    asked = Asked().show()
    pool = pool_of(asked.own.run)
    places = {buddy.id: pool.places[buddy.id] for buddy in asked.buddies}
    assert places == {buddy.id: 0 if buddy.id == asked.own.buddy_id else 1 for buddy in asked.buddies}
    assert asked.newcomer.id not in {newcomer.id for newcomer in pool.newcomers}


def test_a_buddy_without_a_place_is_no_longer_shown(site):
    asked = Asked().show()
    gone = asked.proposals()[1]
    with transaction() as current:
        current.execute(update(Buddy).where(Buddy.id == gone.buddy_id).values(places_taken=1))
    assert gone.id not in {card.proposal_id for card in choice_of(asked.as_("newcomer")).cards}
    with pytest.raises(Moved):
        wishes.choose(asked.as_("newcomer"), asked.wish_id, gone.id)


@pytest.mark.parametrize("also", [[1, 2, 3], [999_999]])
def test_at_most_two_others_of_the_run_are_shown(site, also):
    asked = Asked()
    keys = asked.others if len(also) == 3 else also
    with pytest.raises(Invalid):
        wishes.show_buddies(asked.as_("coordinator"), asked.own.id, keys, link_for=link_for)
    assert session().scalars(select(Wish)).all() == []


def test_one_question_at_a_time(site):
    asked = Asked().show()
    with pytest.raises(Moved):
        asked.show()
    with pytest.raises(IntegrityError), transaction() as current:
        current.add(
            Wish(
                newcomer_id=asked.newcomer.id, network_slug="rivierenland", asked_by_id=asked.coordinator.id,
                answer_before=now(),
            )
        )  # fmt: skip


def test_nobody_shows_oneself(site):
    asked = Asked()
    factories.grant(asked.newcomer.person, Role.COORDINATOR, network="rivierenland")
    with pytest.raises(Forbidden):
        wishes.show_buddies(asked.as_("newcomer"), asked.own.id, [], link_for=link_for)


def test_who_left_chooses_nobody(site):
    asked = Asked().show()
    with transaction() as current:
        current.execute(update(Newcomer).values(state=NewcomerState.LEFT))
    with pytest.raises(Moved):
        wishes.choose(asked.as_("newcomer"), asked.wish_id, asked.own.id)


def test_the_link_of_the_letter_opens_only_this_question(site):
    asked = Asked().show()
    letter = session().scalars(select(Message).where(Message.kind == "wish-choose")).one()
    token = next(word for word in letter.text.split() if "/w/" in word).rsplit("/", 1)[1]
    link, holder = wishes.link_to_choose(token)
    assert (link.facts["wish"], holder.person_id) == (asked.wish_id, asked.newcomer.person_id)
    with pytest.raises(NotFound):
        wishes.link_to_choose(token[:-1])
    with pytest.raises(NotFound):
        duos.link_for_answer(token)
    with transaction() as current:
        current.execute(update(Link).values(expires_at=now()))
    with pytest.raises(Gone):
        wishes.link_to_choose(token)


def test_every_step_is_written_down(site):
    asked = Asked().show()
    wishes.choose(asked.as_("newcomer"), asked.wish_id, asked.own.id)
    steps = session().scalars(
        select(Transition).where(Transition.subject == "proposal").order_by(Transition.id)
    ).all()  # fmt: skip
    assert [(step.to_state, step.actor_role, step.reason) for step in steps] == [
        ("offered", Role.COORDINATOR, ""), ("offered", Role.COORDINATOR, ""), ("offered", Role.COORDINATOR, ""),
        ("lapsed", Role.NEWCOMER, "not_chosen"), ("lapsed", Role.NEWCOMER, "not_chosen"),
    ]  # fmt: skip


def at_once(site, *acts):
    """Each act at the same moment in a thread of its own; what each raised, None when it went well."""
    start, heard = Barrier(len(acts)), []

    def run(act):
        with site.app_context():
            try:
                start.wait()
                act()
                heard.append(None)
            except Exception as refusal:  # noqa: BLE001 - what else comes out is for the test to judge
                heard.append(refusal)
            finally:
                db.release()

    threads = [Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.release()
    return heard


def test_choosing_and_approving_another_at_once_leaves_one_of_the_two(site):
    for _ in range(4):
        asked = Asked().show()
        newcomer, desk = asked.as_("newcomer"), asked.as_("coordinator")
        other, own = asked.proposals()[1].id, asked.own.id
        heard = at_once(
            site,
            lambda who=newcomer, key=asked.wish_id, one=other: wishes.choose(who, key, one),
            lambda who=desk, one=own: matches.approve(who, one, links=LINKS),
        )
        assert {type(said) for said in heard} <= {type(None), Moved}
        living = [state for state in asked.states() if state is not ProposalState.LAPSED]
        assert living in ([ProposalState.APPROVED], [ProposalState.OFFERED])
        with transaction() as current:
            current.execute(update(Buddy).values(state=BuddyState.PAUSED))
