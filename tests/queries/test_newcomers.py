"""A newcomer's own track: the one next step, and activities that fit."""

from datetime import timedelta

import pytest

from app.clock import now, today
from app.queries.newcomers import NextStep, track_of
from app.services.matchmaking.activities import starting_soon
from app.vocabulary import DuoState, EntryState
from app.vocabulary.records import Answer
from tests import duo_factories, factories
from tests.factories import viewer


def step_of(newcomer):
    return track_of(viewer(newcomer.person)).step


@pytest.mark.parametrize(
    ("state", "values", "step"),
    [
        (DuoState.ASKED, {}, NextStep.ANSWER),
        (DuoState.ASKED, {"newcomer_wants": Answer.YES}, NextStep.WAIT),
        (DuoState.MEETING, {}, NextStep.PLAN_MEETING),
        (DuoState.MEETING, {"first_meeting_at": now() + timedelta(days=2)}, NextStep.WAIT),
        (DuoState.MEETING, {"first_meeting_at": now() - timedelta(days=2)}, NextStep.SAY_HOW_IT_WAS),
        (
            DuoState.MEETING,
            {"first_meeting_at": now() - timedelta(days=2), "newcomer_after": Answer.YES},
            NextStep.WAIT,
        ),
        (DuoState.ACTIVE, {}, NextStep.TELL),
        (DuoState.ENDED, {}, NextStep.WAIT),
    ],
)
def test_step_of_a_duo(site, state, values, step):
    newcomer = factories.newcomer()
    duo_factories.duo(
        newcomer=newcomer, buddy=factories.buddy(), approved_by=factories.coordinator(), state=state, **values
    )
    assert step_of(newcomer) is step


@pytest.mark.parametrize(
    ("states", "step"),
    [
        ((), NextStep.WAIT),
        (("accepted",), NextStep.TELL),
        (("confirmed", "submitted"), NextStep.SEND_AGAIN),
        (("overdue",), NextStep.SEND_AGAIN),
        (("submitted", "draft"), NextStep.SEND),
        (("draft", "corrected"), NextStep.AGREE),
    ],
)
def test_step_of_hours(site, states, step):
    newcomer, offer = factories.newcomer(), factories.offer()
    for number, state in enumerate(states):
        factories.entry(
            newcomer, offer, state=EntryState(state), starts_at=now() - timedelta(days=number + 2)
        )
    track = track_of(viewer(newcomer.person))
    assert track.step is step
    named = {
        NextStep.SEND_AGAIN: ("submitted", "overdue"),
        NextStep.SEND: ("draft",),
        NextStep.AGREE: ("corrected",),
    }
    assert (track.about.state in named[step]) if step in named else track.about is None


def test_reached_says_so(site):
    newcomer, counsellor = factories.newcomer(), factories.counsellor()
    factories.contract(newcomer, counsellor)
    for day in (2, 4):
        factories.entry(
            newcomer,
            factories.offer(),
            state=EntryState.ACCEPTED,
            minutes=1200,
            starts_at=now() - timedelta(days=day),
        )
    assert step_of(newcomer) is NextStep.REACHED


def test_activities_that_fit_come_first(site):
    newcomer = factories.newcomer(interests=["cooking"], availability=["sat-morning"])
    plain = [factories.offer(municipality="Lier") for _ in range(3)]
    near = factories.offer(municipality=newcomer.municipality)
    cooking = factories.offer(interest="cooking", municipality="Lier")
    both = factories.offer(interest="cooking", slot="sat-morning", municipality="Lier")
    for hidden in (
        {"network": "limburg", "municipality": "Genk"},
        {"published_at": None},
        {"ends_on": today() - timedelta(days=1)},
    ):
        factories.offer(interest="cooking", slot="sat-morning", **hidden)
    found = [fit.hit.offer.id for fit in starting_soon(newcomer, "nl")]
    assert found == [both.id, cooking.id, near.id]
    assert plain
