"""What the last plan says of one newcomer, and of who is missing."""

from datetime import timedelta

import pytest

from app.clock import now
from app.db import session, transaction
from app.models import Buddy, Newcomer, Run
from app.queries import plans
from app.queries.matches import run_page
from app.services import matches
from app.vocabulary import NewcomerState
from app.vocabulary.records import RunState
from tests import duo_factories, factories

FAR = {"change": "max_km", "to": 35, "buddies": 3}
SATURDAY = {"change": "availability", "add": "sat-afternoon", "buddies": 2}
SUNDAY = {"change": "availability", "add": "sun-morning", "buddies": 1}
SPANISH = {"change": "languages", "add": "es", "buddies": 1}
WISH = {"change": "wish", "buddies": 4}


@pytest.fixture
def office(site):
    return factories.viewer(factories.coordinator())


def plan(office):
    return session().get_one(Run, matches.start_run(office, "rivierenland"))


def keep(run, newcomer, unlocks, reason="too_far"):
    with transaction() as db:
        kept = db.get(Run, run.id)
        kept.report = {
            **kept.report, "unmatched": [{"newcomer_id": newcomer.id, "reason": reason, "unlocks": unlocks}],
        }  # fmt: skip


def left_out(newcomer):
    session().expire_all()
    return plans.left_out(session().get_one(Newcomer, newcomer.id))


def test_who_waits_reads_the_last_plan_that_is_done(office):
    newcomer = factories.newcomer(wished_gender="m")
    assert left_out(newcomer) is None
    factories.buddy(gender="f")
    run = plan(office)
    found = left_out(newcomer)
    assert (found.run_id, found.reason) == (run.id, "gender_wish")
    assert found.unlocks == [{"change": "wish", "buddies": 1}]
    with transaction() as db:
        db.add(Run(**{name: getattr(run, name) for name in ("network_slug", "programme_id", "by_person_id", "as_of", "weights_version", "weights")},
                   state=RunState.FAILED, finished_at=now() + timedelta(hours=1)))  # fmt: skip
    assert left_out(newcomer).run_id == run.id
    newer = factories.newcomer()
    assert left_out(newer) is None
    with transaction() as db:
        db.get(Newcomer, newcomer.id).state = NewcomerState.LEFT
    assert left_out(newcomer) is None


def test_the_first_change_of_each_kind_and_none_that_is_made_already(office):
    newcomer = factories.newcomer(wished_gender="f", max_km=20, availability=["mon-morning"])
    run = plan(office)
    keep(run, newcomer, [FAR, SATURDAY, SUNDAY, SPANISH, WISH])
    assert left_out(newcomer).unlocks == [FAR, SATURDAY, SPANISH, WISH]
    with transaction() as db:
        changed = db.get(Newcomer, newcomer.id)
        changed.availability, changed.languages = ["mon-morning", "sat-afternoon"], ["ar", "es"]
        changed.wished_gender, changed.max_km = None, 40
    assert left_out(newcomer).unlocks == [SUNDAY]
    with transaction() as db:
        db.get(Newcomer, newcomer.id).availability = []
    assert left_out(newcomer).unlocks == []


def test_the_recruiting_list_is_of_the_own_network_and_not_all_alike(office):
    run = plan(office)
    entry = {
        "network": "rivierenland",
        "language": "ar",
        "slot": "sat-morning",
        "wish": "",
        "waiting": 3,
        "value": 9,
    }
    others = [{**entry, "slot": slot} for slot in ("sat-afternoon", "sun-morning")]
    elsewhere = {**entry, "network": "gent"}
    run.report = {**run.report, "shortage": [elsewhere, entry, *others, *[{**entry, "wish": "f"}] * 3]}
    assert plans.missing_in(run) == [entry, others[0], {**entry, "wish": "f"}, {**entry, "wish": "f"}]
    run.report = {}
    assert (plans.missing_in(run), plans.places_in(office, run)) == ([], [])


def test_what_a_place_is_worth_is_stored_with_the_run_also_a_first_one(office):
    for _ in range(3):
        factories.newcomer()
    free, full = factories.buddy(name="Marleen Maes"), factories.buddy(name="Koen Claes", capacity=1)
    duo_factories.duo(newcomer=factories.newcomer(), buddy=full, approved_by=factories.coordinator())
    run = plan(office)
    found = {place.buddy_id: place for place in plans.places_in(office, run)}
    assert (found[free.id].name, found[free.id].places) == ("Marleen", 1)
    assert (found[full.id].name, found[full.id].places, found[full.id].loss) == ("Koen", 0, 0)
    assert found[full.id].gain > 0
    assert found[free.id].loss >= found[free.id].gain > 0


def test_who_went_to_another_network_is_not_named_any_more(office):
    factories.newcomer()
    left, free = factories.newcomer(wished_gender="m"), factories.buddy(gender="f")
    run = plan(office)
    assert [place.buddy_id for place in plans.places_in(office, run)] == [free.id]
    assert [person.newcomer_id for person in run_page(office, run.id).unmatched.rows] == [left.id]
    with transaction() as db:
        for kind, key in ((Buddy, free.id), (Newcomer, left.id)):
            db.get(kind, key).network_slug = "kempen"
    assert plans.places_in(office, run) == []
    assert run_page(office, run.id).unmatched.rows == []
