"""From the question to the end of a duo: who may do what in which state, and what is kept private."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from app import db
from app.clock import now, today
from app.db import session, transaction
from app.errors import Gone, Invalid, Moved, NotFound, Refusal
from app.models import (
    CheckIn,
    ContactPerson,
    Duo,
    Link,
    Message,
    Offer,
    Transition,
)
from app.queries.duos import followed, my_duos
from app.services import agreements, duo_letters, duos
from app.services.duo_letters import Question
from app.vocabulary import DuoState, EndReason, Mood, NewcomerState, OfferKind, Role
from app.vocabulary.records import Answer, MessageState
from tests import factories
from tests.duets import EVENTS, INSIDERS, LINKS, Duet

LIVE = (DuoState.ASKED, DuoState.MEETING, DuoState.ACTIVE, DuoState.PAUSED)


@pytest.fixture
def duet(site):
    return Duet


def test_the_whole_way(duet):
    together = duet()
    newcomer, buddy = together.as_("newcomer"), together.as_("buddy")
    key = together.duo.id
    assert duos.answer(newcomer, key, Question.MEET, Answer.YES, links=LINKS) is DuoState.ASKED
    assert together.fresh().contact_shared_at is None
    assert duos.answer(buddy, key, Question.MEET, Answer.YES, links=LINKS) is DuoState.MEETING
    assert together.fresh().contact_shared_at is not None
    duos.plan_meeting(newcomer, key, at=now() + timedelta(days=2), where="Bib Mechelen", links=LINKS)
    assert duos.answer(buddy, key, Question.GO_ON, Answer.YES, links=LINKS) is DuoState.MEETING
    assert duos.answer(newcomer, key, Question.GO_ON, Answer.YES, links=LINKS) is DuoState.ACTIVE
    duo = together.fresh()
    assert (duo.starts_on, duo.ends_on, duo.weeks_between, duo.insurer) == (
        today(),
        agreements.months_later(today(), 6),
        2,
        "Ethias",
    )
    assert duo.newcomer.state is NewcomerState.IN_DUO
    offer = session().scalars(select(Offer).where(Offer.duo_id == key)).one()
    assert (offer.kind, offer.newcomer_id, offer.contact_person.person_id) == (
        OfferKind.BUDDY,
        together.newcomer.id,
        together.buddy.person_id,
    )
    assert (offer.dutch_spoken, offer.people_met, offer.published_at, offer.insurer) == (
        True,
        True,
        None,
        "Ethias",
    )
    steps = [
        (step.from_state, step.to_state, step.actor_role)
        for step in session().scalars(
            select(Transition).where(Transition.subject == "duo").order_by(Transition.id)
        )
    ]
    assert steps == [
        ("asked", "meeting", Role.BUDDY),
        ("meeting", "meeting", Role.NEWCOMER),
        ("meeting", "active", Role.NEWCOMER),
    ]
    kinds = {message.kind for message in session().scalars(select(Message))}
    assert kinds == {"duo-contact-shared", "duo-meeting-planned", "duo-ask-go-on", "duo-active"}


@pytest.mark.parametrize(
    ("state", "question"), [(DuoState.ASKED, Question.MEET), (DuoState.MEETING, Question.GO_ON)]
)
@pytest.mark.parametrize("who", ["newcomer", "buddy"])
def test_a_no_frees_the_place_and_costs_nothing(duet, state, question, who):
    together = duet(state)
    waits_since = together.newcomer.waiting_since
    duos.answer(together.as_(who), together.duo.id, question, Answer.NO, links=LINKS)
    duo = together.fresh()
    assert (duo.state, duo.buddy.places_taken) == (DuoState.DECLINED, 0)
    assert (duo.newcomer.state, duo.newcomer.waiting_since) == (NewcomerState.WAITING, waits_since)
    told = {
        message.person_id: message
        for message in session().scalars(select(Message).where(Message.kind == "duo-declined"))
    }
    assert told.keys() == {together.newcomer.person_id, together.buddy.person_id}
    other = together.as_("buddy" if who == "newcomer" else "newcomer")
    (seen,) = my_duos(other)
    assert (seen.wants if question is Question.MEET else seen.after) is None
    assert seen.contact is None
    with pytest.raises(Moved):
        duos.answer(other, together.duo.id, question, Answer.YES, links=LINKS)


def test_both_hear_the_same_words_whoever_said_no(duet):
    said = []
    for who in ("newcomer", "buddy"):
        together = duet()
        with transaction():
            for person in (together.newcomer.person, together.buddy.person):
                person.locale, person.full_name = "nl", "Kim"
        duos.answer(together.as_(who), together.duo.id, Question.MEET, Answer.NO, links=LINKS)
        told = (
            session()
            .scalars(
                select(Message).where(
                    Message.kind == "duo-declined", Message.person_id == together.buddy.person_id
                )
            )
            .one()
        )
        said.append((told.subject, told.text))
    assert said[0] == said[1]


def test_answers_stay_private_until_both_are_given(duet):
    together = duet()
    duos.answer(together.as_("newcomer"), together.duo.id, Question.MEET, Answer.YES, links=LINKS)
    (seen,) = my_duos(together.as_("buddy"))
    assert seen.wants is None
    assert session().scalars(select(Message)).all() == []


def test_the_same_answer_twice_is_one(duet):
    together = duet()
    newcomer = together.as_("newcomer")
    for _ in range(2):
        assert (
            duos.answer(newcomer, together.duo.id, Question.MEET, Answer.YES, links=LINKS) is DuoState.ASKED
        )


def test_a_yes_can_become_a_no_and_a_no_stays(duet):
    together = duet()
    newcomer = together.as_("newcomer")
    duos.answer(newcomer, together.duo.id, Question.MEET, Answer.YES, links=LINKS)
    assert duos.answer(newcomer, together.duo.id, Question.MEET, Answer.NO, links=LINKS) is DuoState.DECLINED
    with pytest.raises(Moved):
        duos.answer(newcomer, together.duo.id, Question.MEET, Answer.YES, links=LINKS)


def test_two_yeses_at_once_share_contact_once(site, duet):
    """R38: contact is shared when both said yes, and not before."""
    for _ in range(5):
        together = duet()
        viewers = [together.as_("newcomer"), together.as_("buddy")]
        start = Barrier(2)

        def say_yes(viewer, start=start, key=together.duo.id):
            with site.app_context():
                start.wait()
                duos.answer(viewer, key, Question.MEET, Answer.YES, links=LINKS)
                db.release()

        threads = [Thread(target=say_yes, args=(viewer,)) for viewer in viewers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        db.release()
        assert together.fresh().state is DuoState.MEETING
        steps = (
            session()
            .scalars(
                select(Transition).where(
                    Transition.subject == "duo", Transition.subject_id == together.duo.id
                )
            )
            .all()
        )
        assert len(steps) == 1


def link_of(person_id, kind):
    message = (
        session()
        .scalars(
            select(Message)
            .where(Message.kind == kind, Message.person_id == person_id)
            .order_by(Message.id.desc())
        )
        .first()
    )
    return next(word for word in message.text.split() if "/d/" in word).rsplit("/", 1)[1]


def test_the_link_of_a_letter_answers_without_signing_in(duet):
    together = duet()
    with transaction():
        duo_letters.ask_both(together.duo, links=LINKS)
    token = link_of(together.newcomer.person_id, "duo-ask-meet")
    _link, holder, question = duos.link_for_answer(token)
    assert (holder.person_id, question) == (together.newcomer.person_id, Question.MEET)
    assert together.fresh().newcomer_wants is None
    duos.answer_by_link(token, Answer.YES, links=LINKS)
    assert together.fresh().newcomer_wants is Answer.YES
    duos.answer_by_link(link_of(together.buddy.person_id, "duo-ask-meet"), Answer.YES, links=LINKS)
    assert together.fresh().state is DuoState.MEETING
    with pytest.raises(NotFound):
        duos.answer_by_link(token[:-1], Answer.YES, links=LINKS)
    with transaction():
        session().execute(update(Link).values(expires_at=now()))
    with pytest.raises(Gone):
        duos.answer_by_link(token, Answer.YES, links=LINKS)


def test_moving_the_meeting_replaces_the_question_that_was_planned(duet):
    together = duet(DuoState.MEETING)
    buddy = together.as_("buddy")
    for days in (2, 5):
        duos.plan_meeting(buddy, together.duo.id, at=now() + timedelta(days=days), where="Park", links=LINKS)
    session().expire_all()
    planned = session().scalars(select(Message).where(Message.kind == "duo-ask-go-on")).all()
    assert sorted(message.state for message in planned) == [MessageState.DONE] * 2 + [MessageState.QUEUED] * 2
    duos.answer(buddy, together.duo.id, Question.GO_ON, Answer.NO, links=LINKS)
    session().expire_all()
    planned = session().scalars(select(Message).where(Message.kind == "duo-ask-go-on")).all()
    assert {message.state for message in planned} == {MessageState.DONE}


@pytest.mark.parametrize("days", [-1, 0, 121, 3650])
def test_a_meeting_lies_in_the_near_future(duet, days):
    together = duet(DuoState.MEETING)
    with pytest.raises(Invalid):
        duos.plan_meeting(
            together.as_("buddy"), together.duo.id, at=now() + timedelta(days=days), where="x", links=LINKS
        )
    assert together.fresh().first_meeting_at is None


def test_the_end_as_planned_finishes_the_search_and_closes_the_offer(duet):
    together = duet(DuoState.MEETING)
    for who in ("newcomer", "buddy"):
        duos.answer(together.as_(who), together.duo.id, Question.GO_ON, Answer.YES, links=LINKS)
    duos.end(
        together.as_("coordinator"),
        together.duo.id,
        reason=EndReason.COMPLETED,
        note="Ze zien elkaar nog.",
        links=LINKS,
    )
    duo = together.fresh()
    assert (duo.state, duo.end_reason, duo.newcomer.state, duo.buddy.places_taken) == (
        DuoState.COMPLETED,
        EndReason.COMPLETED,
        NewcomerState.COMPLETED,
        0,
    )
    assert session().scalars(select(Offer.ends_on)).one() == today()
    assert session().scalars(select(ContactPerson.person_id)).one() == together.buddy.person_id


def test_who_leaves_a_duo_keeps_the_waiting_place(duet):
    together = duet(DuoState.ACTIVE)
    since = together.newcomer.waiting_since
    duos.end(together.as_("newcomer"), together.duo.id, reason=EndReason.NO_TIME, links=LINKS)
    newcomer = together.fresh().newcomer
    assert (newcomer.state, newcomer.waiting_since) == (NewcomerState.WAITING, since)


def test_a_newcomer_who_left_does_not_wait_again(duet):
    together = duet(DuoState.ACTIVE)
    with transaction():
        together.newcomer.state = NewcomerState.LEFT
    duos.end(together.as_("coordinator"), together.duo.id, reason=EndReason.MOVED, links=LINKS)
    assert together.fresh().newcomer.state is NewcomerState.LEFT


def test_talks_are_not_noted_ahead(duet):
    together = duet(DuoState.ACTIVE)
    with pytest.raises(Invalid):
        duos.check_in(
            together.as_("coordinator"), together.duo.id, on=today() + timedelta(days=1), mood=Mood.HARD
        )
    duos.check_in(together.as_("coordinator"), together.duo.id, on=today(), mood=Mood.HARD, note="Bellen")
    assert session().scalars(select(CheckIn)).one().note == "Bellen"


def test_silent_duos_come_first(duet):
    quiet, talked = duet(DuoState.ACTIVE), duet(DuoState.ACTIVE)
    with transaction():
        session().execute(update(Duo).values(approved_at=now() - timedelta(days=60)))
    duos.check_in(talked.as_("coordinator"), talked.duo.id, on=today() - timedelta(days=3), mood=Mood.GOOD)
    rows = followed(quiet.as_("coordinator"))
    assert [(row.duo.id, row.silent) for row in rows] == [(quiet.duo.id, True), (talked.duo.id, False)]
    entry_for = quiet.newcomer
    offer = factories.offer(duo_id=quiet.duo.id)
    factories.entry(entry_for, offer, duo_id=quiet.duo.id)
    assert not any(row.silent for row in followed(quiet.as_("coordinator")))


ACTS = st.lists(st.tuples(st.sampled_from(sorted(EVENTS)), st.sampled_from(INSIDERS)), max_size=14)


@pytest.mark.sqlite
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS)
def test_whatever_happens_places_and_states_agree(site, acts):
    together = Duet()
    people = {name: together.as_(name) for name in INSIDERS}
    for event, who in acts:
        try:
            EVENTS[event](people[who], together.duo.id)
        except Refusal:
            db.session().rollback()
        duo = together.fresh()
        assert duo.buddy.places_taken == (1 if duo.state in LIVE else 0)
        assert duo.newcomer.state is {
            DuoState.ASKED: NewcomerState.PROPOSED, DuoState.MEETING: NewcomerState.PROPOSED,
            DuoState.ACTIVE: NewcomerState.IN_DUO, DuoState.PAUSED: NewcomerState.IN_DUO,
            DuoState.DECLINED: NewcomerState.WAITING, DuoState.ENDED: NewcomerState.WAITING,
            DuoState.COMPLETED: NewcomerState.COMPLETED,
        }[duo.state]  # fmt: skip
        assert (duo.contact_shared_at is not None) == (
            duo.newcomer_wants is Answer.YES and duo.buddy_wants is Answer.YES
        )
        assert (duo.insurer != "") >= (duo.state in (DuoState.ACTIVE, DuoState.PAUSED))
