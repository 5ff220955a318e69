"""The two criteria of an activity: judged by the counsellor, and what happens to hours until then (R06, R07, R09)."""

import pytest

from app.clock import today
from app.db import session
from app.errors import Forbidden, Invalid, NotFound, Refusal
from app.models import HourEntry, Offer
from app.queries.criteria import criteria_owed, tasks_open
from app.queries.reach import rows
from app.services import hours, trajectories
from app.services.criteria import judge_criteria
from app.services.hours import Occasion
from app.vocabulary import OfferKind
from tests import factories
from tests.factories import viewer
from tests.hours_world import ACCEPTED, CONFIRMED, World, telling, track_for


@pytest.fixture
def world(site) -> World:
    return World()


def informal(world, kind=OfferKind.SPORT, key="a") -> HourEntry:
    occasion = Occasion(kind, "Voetbal", "Piet", "piet@example.be", None, "nl")
    entry = hours.tell_other(viewer(world.newcomer.person), occasion, telling(key))
    entry.state, entry.confirmed_name = CONFIRMED, "Piet"
    session().flush()
    return factories.entry(world.newcomer, entry.offer, state=CONFIRMED)


def accept(world, entry):
    trajectories.accept(viewer(world.counsellor), world.newcomer.id, factories.proof(entry).id, track_for)
    session().expire_all()
    return session().get_one(HourEntry, entry.id).state


def judge(world, entry, dutch_spoken=True, people_met=True):
    return judge_criteria(
        viewer(world.counsellor), entry.offer_id, dutch_spoken=dutch_spoken, people_met=people_met
    )


@pytest.mark.parametrize("kind", list(OfferKind))
def test_r09_hours_of_every_kind_are_kept_and_held_until_the_activity_is_judged(world, kind):
    entry = informal(world, kind)
    proof, actor = factories.proof(entry), viewer(world.counsellor)
    with pytest.raises(Refusal) as refusal:
        trajectories.accept(actor, world.newcomer.id, proof.id, track_for)
    assert refusal.value.code == "criteria-not-judged"
    session().rollback()
    assert session().get_one(HourEntry, entry.id).state is CONFIRMED
    judge(world, entry)
    trajectories.accept(actor, world.newcomer.id, proof.id, track_for)
    assert session().get_one(HourEntry, entry.id).state is ACCEPTED


@pytest.mark.parametrize(("dutch_spoken", "people_met"), [(True, False), (False, True), (False, False)])
def test_r06_both_criteria_or_the_hours_do_not_count(world, dutch_spoken, people_met):
    entry = informal(world)
    judge(world, entry, dutch_spoken, people_met)
    with pytest.raises(Refusal) as refusal:
        accept(world, entry)
    assert refusal.value.code == "criteria"


def test_r06_of_one_proof_the_fit_activities_count_and_the_others_are_held(world):
    held = informal(world)
    fit = factories.entry(
        world.newcomer,
        factories.offer(kind=OfferKind.SPORT, contact_person=held.contact_person),
        state=CONFIRMED,
    )
    proof = factories.proof(fit, held)
    actor = viewer(world.counsellor)
    assert trajectories.accept(actor, world.newcomer.id, proof.id, track_for) == 1
    assert [session().get_one(HourEntry, entry.id).state for entry in (fit, held)] == [ACCEPTED, CONFIRMED]
    judge(world, held)
    assert trajectories.accept(actor, world.newcomer.id, proof.id, track_for) == 1
    assert session().get_one(HourEntry, held.id).state is ACCEPTED


def test_r07_who_judged_and_when_is_kept(world):
    entry = informal(world)
    judge(world, entry, people_met=False)
    offer = session().get_one(Offer, entry.offer_id)
    assert (offer.dutch_spoken, offer.people_met, offer.meets_criteria) == (True, False, False)
    assert (offer.criteria_by_id, offer.criteria_on) == (world.counsellor.id, today())


def test_r09_the_task_is_there_until_it_is_judged(world):
    actor = viewer(world.counsellor)
    assert (rows(criteria_owed(actor)), tasks_open(actor)) == ([], 0)
    entry = informal(world)
    assert [offer.id for offer in rows(criteria_owed(actor))] == [entry.offer_id]
    assert tasks_open(actor) == 1
    judge(world, entry)
    assert tasks_open(actor) == 0


def test_r09_activity_of_an_organisation_that_nobody_judged(world):
    """It is judged by the counsellor whose newcomer tells hours for it; another's judgement is not overwritten."""
    offer = factories.offer(dutch_spoken=None, people_met=None)
    with pytest.raises(NotFound):
        judge_criteria(viewer(world.counsellor), offer.id, dutch_spoken=True, people_met=True)
    entry = factories.entry(world.newcomer, offer, state=CONFIRMED)
    judge(world, entry)
    with pytest.raises(NotFound):
        judge(world, entry, people_met=False)
    assert accept(world, entry) is ACCEPTED


def test_only_the_own_counsellor_judges_and_never_as_contact_person(world):
    entry = informal(world)
    for name in ("newcomer", "buddy", "coordinator", "administrator"):
        with pytest.raises(Forbidden):
            judge_criteria(viewer(world.people[name]), entry.offer_id, dutch_spoken=True, people_met=True)
    with pytest.raises(NotFound):
        judge_criteria(
            viewer(world.people["other counsellor"]), entry.offer_id, dutch_spoken=True, people_met=True
        )
    own = factories.offer(
        contact_person=factories.contact(person_id=world.counsellor.id), newcomer_id=world.newcomer.id,
        published_at=None, dutch_spoken=None, people_met=None,
    )  # fmt: skip
    with pytest.raises(Forbidden):
        judge_criteria(viewer(world.counsellor), own.id, dutch_spoken=True, people_met=True)


def test_r13_the_newcomer_is_not_the_contact_person_of_an_informal_setting(world):
    person = world.newcomer.person
    with pytest.raises(Invalid):
        hours.tell_other(
            viewer(person), Occasion(OfferKind.SPORT, "Voetbal", "Piet", person.email, None, "nl"), telling()
        )
