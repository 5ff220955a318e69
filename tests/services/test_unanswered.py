"""A question that is not answered in time: asked again by the coordinator, or over by itself; the other sees no no."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app.clock import now
from app.db import session, transaction
from app.errors import Forbidden, Moved, NotFound
from app.models import Buddy, Duo, Link, Message, Newcomer, Transition
from app.queries.today import today_of
from app.services import duos, unanswered
from app.services.duo_letters import Question
from app.services.matches import ANSWER_WITHIN
from app.vocabulary import DuoState, NewcomerState
from app.vocabulary.records import Answer
from app.vocabulary.today import Owing
from tests.duets import INSIDERS, LINKS, STRANGERS, Duet

YESTERDAY = timedelta(days=1)
LONG_AGO = unanswered.GIVEN_UP_AFTER + YESTERDAY


def asked(ago=YESTERDAY, **values):
    return Duet(DuoState.ASKED, answer_before=now() - ago, **values)


def asked_people(duet):
    return {
        message.person_id
        for message in session().scalars(select(Message).where(Message.kind == "duo-ask-meet"))
    }


@pytest.mark.parametrize(
    ("answers", "whom"),
    [({}, {"newcomer", "buddy"}), ({"buddy_wants": Answer.YES}, {"newcomer"}), ({"newcomer_wants": Answer.YES}, {"buddy"})],
)  # fmt: skip
def test_who_did_not_answer_is_asked_again_and_nobody_else(site, answers, whom):
    duet = asked(**answers)
    unanswered.ask_again(duet.as_("coordinator"), duet.duo.id, links=LINKS)
    people = {"newcomer": duet.newcomer.person_id, "buddy": duet.buddy.person_id}
    assert asked_people(duet) == {people[name] for name in whom}
    duo = duet.fresh()
    assert duo.state is DuoState.ASKED
    assert now() < duo.answer_before <= now() + ANSWER_WITHIN
    step = session().scalars(select(Transition).where(Transition.subject == "duo")).one()
    assert (step.from_state, step.to_state, step.reason) == ("asked", "asked", "asked_again")


def test_the_second_question_is_answered_as_the_first(site):
    duet = asked(buddy_wants=Answer.YES)
    unanswered.ask_again(duet.as_("coordinator"), duet.duo.id, links=LINKS)
    assert session().scalars(select(Link.facts)).one() == {"duo": duet.duo.id, "question": "meet"}
    state = duos.answer(duet.as_("newcomer"), duet.duo.id, Question.MEET, Answer.YES, links=LINKS)
    assert state is DuoState.MEETING


@pytest.mark.parametrize("state", [state for state in DuoState if state is not DuoState.ASKED])
def test_only_an_open_question_is_asked_again(site, state):
    duet = Duet(state, answer_before=now() - YESTERDAY)
    with pytest.raises(Moved):
        unanswered.ask_again(duet.as_("coordinator"), duet.duo.id, links=LINKS)
    assert unanswered.lapse_unanswered(LINKS) == 0
    assert duet.fresh().state is state


def test_two_taps_ask_once_and_nobody_is_hurried(site):
    duet = asked()
    unanswered.ask_again(duet.as_("coordinator"), duet.duo.id, links=LINKS)
    with pytest.raises(Moved):
        unanswered.ask_again(duet.as_("coordinator"), duet.duo.id, links=LINKS)
    assert len(session().scalars(select(Message)).all()) == 2


def test_only_the_coordinator_of_the_network_asks_again(site):
    duet = asked()
    for name in {*INSIDERS, *STRANGERS} - {"coordinator"}:
        with pytest.raises((Forbidden, NotFound)):
            unanswered.ask_again(duet.as_(name), duet.duo.id, links=LINKS)
    assert asked_people(duet) == set()


@pytest.mark.parametrize("answers", [{}, {"buddy_wants": Answer.YES}, {"newcomer_wants": Answer.YES}])
def test_after_two_weeks_without_answer_both_are_free_and_read_the_same(site, answers):
    duet = asked(LONG_AGO, **answers)
    since = duet.newcomer.waiting_since
    with transaction() as db:
        db.execute(update(Buddy).values(places_taken=1))
        db.execute(update(Newcomer).values(state=NewcomerState.PROPOSED))
    assert unanswered.lapse_unanswered(LINKS) == 1
    assert unanswered.lapse_unanswered(LINKS) == 0
    duo = duet.fresh()
    assert (duo.state, duo.buddy.places_taken) == (DuoState.DECLINED, 0)
    assert (duo.newcomer.state, duo.newcomer.waiting_since) == (NewcomerState.WAITING, since)
    kinds = [message.kind for message in session().scalars(select(Message))]
    assert kinds == ["duo-declined", "duo-declined"]
    last = session().scalars(select(Transition).where(Transition.subject == "duo")).one()
    assert (last.actor_id, last.reason) == (None, "no_answer")


def test_what_was_asked_again_has_its_full_time(site):
    duet = asked(LONG_AGO)
    unanswered.ask_again(duet.as_("coordinator"), duet.duo.id, links=LINKS)
    assert unanswered.lapse_unanswered(LINKS) == 0
    assert duet.fresh().state is DuoState.ASKED


def test_it_leaves_today_when_it_is_asked_again_and_when_it_is_over(site):
    for ago, act in (
        (YESTERDAY, lambda duet: unanswered.ask_again(duet.as_("coordinator"), duet.duo.id, links=LINKS)),
        (LONG_AGO, lambda _duet: unanswered.lapse_unanswered(LINKS)),
    ):
        duet = asked(ago)
        assert Owing.NO_ANSWER in today_of(duet.as_("coordinator")).counts
        act(duet)
        assert Owing.NO_ANSWER not in today_of(duet.as_("coordinator")).counts


def test_one_tap_on_today_and_the_page_of_the_duo(signed_in):
    duet = asked()
    browser = signed_in(duet.coordinator)
    key = duet.duo.id
    assert browser.get("/nl/today").soup.select_one(f'form[action="/nl/duos/{key}/ask-again"]')
    after = browser.post(f"/nl/duos/{key}/ask-again", {"back": "today"})
    assert after.response.request.path == "/nl/today"
    assert not browser.get(f"/nl/duos/{key}").soup.select(f'form[action="/nl/duos/{key}/ask-again"]')
    with transaction() as db:
        db.execute(update(Duo).values(answer_before=now() - YESTERDAY))
    assert browser.get(f"/nl/duos/{key}").soup.select_one(f'form[action="/nl/duos/{key}/ask-again"]')
    assert browser.post(f"/nl/duos/{key}/ask-again").response.request.path == f"/nl/duos/{key}"
