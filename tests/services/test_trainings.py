"""Training hours of a volunteer, and the certificate."""

from datetime import timedelta

import pytest

from app.clock import today
from app.db import session
from app.errors import Forbidden, Invalid, Moved, NotFound
from app.models import Training
from app.queries.today import today_of
from app.queries.trainings import service_of, total_of, trainings_of
from app.security.permissions import Permission
from app.services import trainings
from app.vocabulary import BuddyState, DuoState
from app.vocabulary.today import Owing
from tests import duo_factories, factories

EVENING = {"title": "Evening", "on": today(), "minutes": 150}


def minutes_of(buddy):
    session().expire_all()
    return total_of(trainings_of(buddy.id))


def test_what_a_buddy_tells_counts_once_the_coordinator_saw_it(site):
    els, buddy = factories.viewer(factories.coordinator()), factories.buddy()
    for _ in range(2):
        trainings.tell_training(factories.viewer(buddy.person), **EVENING)
    (told,) = session().query(Training)
    assert minutes_of(buddy) == 0
    assert [item.kind for item in today_of(els).owed] == [Owing.TRAINING]
    assert trainings.see_training(els, told.id) == buddy.id
    assert minutes_of(buddy) == 150
    assert today_of(els).owed == []
    for act in (trainings.see_training, trainings.refuse_training):
        with pytest.raises(Moved):
            act(els, told.id)
    assert minutes_of(buddy) == 150


def test_what_was_not_so_goes_away(site):
    els, buddy = factories.viewer(factories.coordinator()), factories.buddy()
    trainings.tell_training(factories.viewer(buddy.person), **EVENING)
    trainings.refuse_training(els, session().query(Training).one().id)
    assert session().query(Training).count() == 0


def test_what_a_coordinator_keeps_counts_at_once_and_once(site):
    els, buddy = factories.viewer(factories.coordinator()), factories.buddy()
    trainings.tell_training(factories.viewer(buddy.person), **EVENING)
    for _ in range(2):
        trainings.note_training(els, buddy.id, **EVENING)
    assert minutes_of(buddy) == 150


@pytest.mark.parametrize(
    "wrong",
    [
        {"minutes": 14},
        {"minutes": 1441},
        {"on": today() + timedelta(days=1)},
        {"on": today() - timedelta(days=1200)},
    ],
)
def test_what_makes_no_sense_is_refused(site, wrong):
    with pytest.raises(Invalid):
        trainings.tell_training(factories.viewer(factories.buddy().person), **{**EVENING, **wrong})


@pytest.mark.parametrize(
    ("make", "refusal"),
    [
        (lambda: factories.coordinator("kempen"), NotFound),
        (lambda: factories.buddy().person, Forbidden),
        (lambda: factories.newcomer().person, Forbidden),
        (factories.counsellor, Forbidden),
        (factories.administrator, Forbidden),
    ],
)
def test_nobody_else_keeps_or_sees_them(site, make, refusal):
    buddy = factories.buddy()
    trainings.tell_training(factories.viewer(buddy.person), **EVENING)
    told, actor = session().query(Training).one().id, factories.viewer(make())
    for act in (
        lambda: trainings.note_training(actor, buddy.id, **EVENING),
        lambda: trainings.see_training(actor, told),
        lambda: trainings.refuse_training(actor, told),
    ):
        with pytest.raises(refusal):
            act()
    assert minutes_of(buddy) == 0


def test_what_stands_on_the_certificate(site):
    els = factories.coordinator()
    buddy = factories.buddy(screened_on=today() - timedelta(days=30), capacity=2)
    for state, day in ((DuoState.ACTIVE, today()), (DuoState.MEETING, None)):
        duo_factories.duo(
            newcomer=factories.newcomer(), buddy=buddy, approved_by=els, state=state, starts_on=day
        )
    trainings.note_training(factories.viewer(els), buddy.id, **EVENING)
    trainings.tell_training(factories.viewer(buddy.person), title="Not seen", on=today(), minutes=60)
    for actor, permission in ((els, Permission.JUDGE_BUDDY), (buddy.person, Permission.OWN_BUDDY)):
        service = service_of(factories.viewer(actor), permission, buddy.id)
        assert (service.name, service.network, service.duos) == (buddy.person.full_name, "Rivierenland", 1)
        assert service.since == today() - timedelta(days=30)
        assert [item.title for item in service.trainings] == ["Evening"]
    candidate = factories.buddy(state=BuddyState.SCREENING)
    assert service_of(factories.viewer(els), Permission.JUDGE_BUDDY, candidate.id) is None
    with pytest.raises(NotFound):
        service_of(factories.viewer(factories.coordinator("kempen")), Permission.JUDGE_BUDDY, buddy.id)
