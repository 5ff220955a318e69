"""After the agreed end: longer, once more, looking back; and the insurer of the newcomer."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from app.clock import now, today
from app.db import session, transaction
from app.errors import Invalid, Moved
from app.models import Buddy, Duo, LookBack, Message, Network, Offer, Proposal, Run
from app.queries.duos import duo_page, followed, my_duos
from app.services import continuations, duos, matches
from app.services.agreements import months_later
from app.services.duo_letters import Question
from app.services.pool import pool_of
from app.vocabulary import DuoState, EndReason, Mood, NewcomerState, Role
from app.vocabulary.endings import Went
from app.vocabulary.following import EndMoment
from app.vocabulary.records import Answer
from tests.duets import LINKS, Duet


def test_the_insurer_of_the_newcomer_is_named_too(site):
    """R43b: the policy of volunteers does not cover the newcomer, so both are named."""
    together = Duet(DuoState.MEETING)
    with transaction() as current:
        current.execute(update(Network).values(newcomer_insurer=""))
    for who in ("newcomer", "buddy"):
        duos.answer(together.as_(who), together.duo.id, Question.GO_ON, Answer.YES, links=LINKS)
    assert together.fresh().state is DuoState.MEETING
    agreement = {"insurer": "KBC", "starts_on": today(), "months": 6, "weeks_between": 2}
    desk = together.as_("coordinator")
    with pytest.raises(Invalid) as refused:
        duos.start(desk, together.duo.id, newcomer_insurer="", links=LINKS, **agreement)
    assert refused.value.field == "newcomer_insurer"
    duos.start(desk, together.duo.id, newcomer_insurer="Agentschap", links=LINKS, **agreement)
    duo = together.fresh()
    assert (duo.state, duo.insurer, duo.newcomer_insurer) == (DuoState.ACTIVE, "KBC", "Agentschap")
    letters = session().scalars(select(Message.text).where(Message.kind == "duo-active")).all()
    assert all("Agentschap" in letter for letter in letters)


@pytest.mark.parametrize("months", [5, 6, 13])
def test_longer_is_longer_and_twelve_months_in_all_at_most(site, months):
    """R39: the period is 6 to 12 months."""
    together = Duet(DuoState.ACTIVE)
    with pytest.raises(Invalid):
        continuations.extend(together.as_("coordinator"), together.duo.id, months=months, links=LINKS)
    assert together.fresh().ends_on == months_later(together.duo.starts_on, 6)
    assert continuations.longer_periods(together.fresh()) == [7, 8, 9, 10, 11, 12]


def test_longer_after_the_end_takes_the_place_again(site):
    together = Duet(DuoState.MEETING)
    for who in ("newcomer", "buddy"):
        duos.answer(together.as_(who), together.duo.id, Question.GO_ON, Answer.YES, links=LINKS)
    desk, key = together.as_("coordinator"), together.duo.id
    duos.end(desk, key, reason=EndReason.COMPLETED, goes_on=True, links=LINKS)
    assert (together.fresh().goes_on, together.fresh().buddy.places_taken) == (True, 0)
    continuations.extend(desk, key, months=8, links=LINKS)
    duo = together.fresh()
    assert (duo.state, duo.end_reason, duo.ended_at, duo.goes_on) == (DuoState.ACTIVE, None, None, None)
    assert (duo.buddy.places_taken, duo.newcomer.state) == (1, NewcomerState.IN_DUO)
    assert duo.ends_on == session().scalars(select(Offer.ends_on)).one() == months_later(today(), 8)


def test_longer_after_the_end_needs_a_free_place_and_a_free_newcomer(site):
    together = Duet(DuoState.COMPLETED)
    with transaction() as current:
        current.execute(update(Buddy).values(places_taken=2))
    with pytest.raises(matches.PlaceTaken):
        continuations.extend(together.as_("coordinator"), together.duo.id, months=12, links=LINKS)
    with transaction() as current:
        current.execute(update(Buddy).values(places_taken=0))
        together.newcomer.state = NewcomerState.WAITING
    with pytest.raises(Moved):
        continuations.extend(together.as_("coordinator"), together.duo.id, months=12, links=LINKS)
    assert together.fresh().buddy.places_taken == 0


def past_pairs(together):
    run = Run(
        network_slug="rivierenland", programme_id=1, by_person_id=together.coordinator.id, as_of=today(), weights_version="t", weights={}
    )  # fmt: skip
    return pool_of(run).past


def test_the_same_pair_never_again_unless_asked(site):
    together = Duet(DuoState.ENDED)
    pair = (together.newcomer.id, together.buddy.id)
    assert pair in past_pairs(together)
    continuations.propose_again(together.as_("coordinator"), together.duo.id)
    session().expire_all()
    assert pair not in past_pairs(together)
    with pytest.raises(Moved):
        continuations.propose_again(together.as_("coordinator"), together.duo.id)


def test_asked_again_the_matcher_proposes_the_pair(site):
    together = Duet(DuoState.ENDED)
    matches.start_run(together.as_("coordinator"), "rivierenland")
    proposed = select(func.count()).select_from(Proposal).where(Proposal.newcomer_id == together.newcomer.id)
    assert session().scalar(proposed) == 0
    continuations.propose_again(together.as_("coordinator"), together.duo.id)
    matches.start_run(together.as_("coordinator"), "rivierenland")
    assert session().scalar(proposed) == 1


def test_what_one_says_looking_back_is_for_staff_only(site):
    together = Duet(DuoState.ENDED, ended_at=now())
    continuations.look_back(together.as_("buddy"), together.duo.id, went=Went.HARD, words="Kanariezin")
    continuations.look_back(together.as_("buddy"), together.duo.id, went=Went.SO_SO, words="Kanariezin")
    assert session().scalars(select(LookBack.went)).all() == [Went.SO_SO]
    (seen,) = my_duos(together.as_("newcomer"))
    assert seen.looked_back is None
    assert "Kanariezin" not in repr(seen)
    (own,) = my_duos(together.as_("buddy"))
    assert own.looked_back is Went.SO_SO
    page = duo_page(together.as_("coordinator"), together.duo.id)
    assert [(side, said.words) for side, said in page.said] == [(Role.BUDDY, "Kanariezin")]


@pytest.mark.parametrize(
    ("days", "moment"),
    [
        (0, EndMoment.FIRST_MONTH),
        (29, EndMoment.FIRST_MONTH),
        (30, EndMoment.EARLY),
        (400, EndMoment.AS_AGREED),
    ],
)
def test_who_ended_it_and_early_or_late(site, days, moment):
    first = today() - timedelta(days=days)
    together = Duet(DuoState.ACTIVE, starts_on=first, ends_on=months_later(first, 6))
    desk = together.as_("coordinator")
    assert duo_page(desk, together.duo.id).ending is None
    duos.end(together.as_("buddy"), together.duo.id, reason=EndReason.NO_TIME, links=LINKS)
    session().expire_all()
    ending = duo_page(desk, together.duo.id).ending
    assert (ending.role, ending.moment) == (Role.BUDDY, moment)


def test_a_duo_that_never_began_ended_neither_early_nor_late(site):
    together = Duet(DuoState.MEETING)
    duos.take_back(together.as_("coordinator"), together.duo.id, links=LINKS)
    session().expire_all()
    ending = duo_page(together.as_("coordinator"), together.duo.id).ending
    assert (ending.role, ending.moment) == (Role.COORDINATOR, None)


def test_two_talks_are_due_in_the_period(site):
    """DOMAIN 6c: at least two check-ins, spread over the period."""
    together = Duet(
        DuoState.ACTIVE, starts_on=today() - timedelta(days=60), ends_on=today() + timedelta(days=120)
    )
    desk = together.as_("coordinator")

    def row():
        session().expire_all()
        return followed(desk)[0]

    assert (row().talk_before, row().talk_due) == (today(), True)
    duos.check_in(desk, together.duo.id, on=today(), mood=Mood.GOOD)
    assert (row().talk_before, row().talk_due) == (today() + timedelta(days=60), False)
    duos.check_in(desk, together.duo.id, on=today(), mood=Mood.GOOD)
    assert row().talk_before is None
    assert session().scalars(select(Duo.state)).one() is DuoState.ACTIVE
