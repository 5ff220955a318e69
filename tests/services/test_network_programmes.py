"""Programmes of a network: they are made, given weights and texts and closed, and people are in the one they were placed in."""

import pytest
from sqlalchemy import select

from app.db import session
from app.errors import Forbidden, Invalid, Moved, NotFound
from app.models import BuddyProgramme, Newcomer, Programme, ProgrammeText, ProgrammeVersion, Run
from app.queries.network_programmes import listed, named_by, network_of, programme_of, programmes_of, told_in
from app.services import matches, network_programmes, placing, programmes, replanning
from app.services.demo.programmes import run_programmes
from app.services.demo.staff import Staff
from app.services.network_programmes import ProgrammeSettings
from app.services.newcomers import edit
from app.vocabulary import DutchLevel, Role
from app.vocabulary.records import RunState
from tests import factories
from tests.services.test_matches import fresh
from tests.two_programmes import FAMILIES, NETWORK, first, proposal, suggested, two_plans
from tests.weights import WEIGHTS


@pytest.fixture
def coordinator(site):
    return factories.viewer(factories.coordinator())


def test_a_programme_begins_with_the_weights_of_the_first(coordinator, families):
    made, shared = fresh(Programme, families), session().get_one(Programme, first())
    assert (made.weights, made.weights_version) == (shared.weights, shared.weights_version)
    version = (
        session().scalars(select(ProgrammeVersion).where(ProgrammeVersion.programme_id == families)).one()
    )
    assert (version.version, version.state) == (shared.weights_version, RunState.DONE)
    assert version.since is not None


def test_weights_are_compared_on_the_plans_of_that_programme(coordinator, families):
    two_plans(coordinator, families)
    keeper = factories.viewer(factories.administrator())
    version_id = programmes.propose(keeper, families, weights=WEIGHTS, evidence=None)
    found = fresh(ProgrammeVersion, version_id)
    assert (found.state, found.compared) == (RunState.DONE, 1)
    programmes.adopt(keeper, version_id)
    assert fresh(Programme, families).weights_version == found.version
    assert session().get_one(Programme, first()).weights_version == "2026-1"


def test_a_network_gets_a_first_programme_of_its_own_and_its_plans_go_along(coordinator, families):
    factories.newcomer()
    factories.buddy()
    run_id = matches.start_run(coordinator, NETWORK)
    shared, buddy_id = first(), proposal(run_id).buddy_id
    placing.place_buddy(coordinator, buddy_id, programme_ids=[shared])
    own = network_programmes.make_own(coordinator, NETWORK)
    assert [item.id for item in programmes_of(NETWORK)] == [own, families]
    assert fresh(Run, run_id).programme_id == own
    assert named_by(buddy_id) == [own]
    assert len(suggested(run_id)) == 1
    assert factories.a_network("kempen").programme_id == shared
    with pytest.raises(Moved):
        network_programmes.make_own(coordinator, NETWORK)
    with pytest.raises(Moved):
        network_programmes.close_programme(coordinator, own)
    asked = ProgrammeSettings("Iedereen", 7, 2, 6, DutchLevel.B1, ("Mechelen",))
    network_programmes.set_programme(coordinator, own, asked)
    kept = fresh(Programme, own)
    assert (kept.name, kept.months, kept.least_dutch, kept.municipalities) == (
        "Iedereen",
        7,
        DutchLevel.NONE,
        [],
    )


def test_closing_sends_people_back_and_drops_what_was_suggested(coordinator, families):
    ordinary, special = two_plans(coordinator, families)
    newcomer_id, kept = proposal(special).newcomer_id, suggested(ordinary)
    matches.hold(coordinator, proposal(special).id)
    with pytest.raises(network_programmes.StillDeciding):
        network_programmes.close_programme(coordinator, families)
    replanning.take_back(coordinator, proposal(special).id)
    network_programmes.close_programme(coordinator, families)
    assert fresh(Newcomer, newcomer_id).programme_id is None
    assert (
        session().scalars(select(BuddyProgramme).where(BuddyProgramme.programme_id == families)).all() == []
    )
    assert (suggested(special), suggested(ordinary)) == (set(), kept)
    assert [item.programme.id for item in listed(NETWORK)] == [first()]
    with pytest.raises(NotFound):
        network_programmes.close_programme(coordinator, families)
    with pytest.raises(NotFound):
        matches.start_run(coordinator, NETWORK, families)


def test_a_programme_is_not_closed_while_its_plan_is_made(coordinator, families, no_worker):
    matches.start_run(coordinator, NETWORK, families)
    with pytest.raises(Moved):
        network_programmes.close_programme(coordinator, families)


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        (ProgrammeSettings("x", 5, 1, 3), "months"), (ProgrammeSettings("x", 13, 1, 3), "months"),
        (ProgrammeSettings("x", 6, 3, 3), "weeks_between"), (ProgrammeSettings("x", 6, 2, 25), "refused_months"),
        (ProgrammeSettings("x", 6, 2, 3, municipalities=("Gent",)), "municipalities"),
        (ProgrammeSettings("Gezinnen", 6, 2, 3), "name"),
    ],
)  # fmt: skip
def test_what_the_rules_do_not_leave_is_refused(coordinator, families, wanted, field):
    """R39: 6 to 12 months, at least every two weeks."""
    with pytest.raises(Invalid) as refused:
        network_programmes.make_programme(coordinator, NETWORK, wanted)
    assert refused.value.field == field


def test_a_town_belongs_to_one_programme_and_places_who_registers_there(coordinator, families):
    city = ProgrammeSettings("Stad", 6, 2, 6, DutchLevel.A2, ("Mechelen",))
    town = network_programmes.make_programme(coordinator, NETWORK, city)
    with pytest.raises(Invalid):
        network_programmes.set_programme(coordinator, families, ProgrammeSettings("Gezinnen", 9, 1, 3, municipalities=("Mechelen",)))  # fmt: skip
    newcomer, little = factories.newcomer("9000"), factories.newcomer("9000", dutch_level=DutchLevel.NONE)
    for person in (newcomer, little):
        edit(factories.viewer(person.person), postcode="2800", locality="Mechelen")
    assert programme_of(fresh(Newcomer, newcomer.id)).id == town
    assert programme_of(fresh(Newcomer, little.id)).id == first()
    assert placing.place_newcomer(coordinator, little.id, programme_id=town) is True
    assert programme_of(fresh(Newcomer, little.id)).id == town
    edit(factories.viewer(newcomer.person), postcode="9000", locality="Gent")
    assert fresh(Newcomer, newcomer.id).programme_id is None


def test_placing_somebody_elsewhere_drops_what_was_suggested_and_not_what_is_open(coordinator, families):
    ordinary, _special = two_plans(coordinator, families)
    pair = proposal(ordinary)
    matches.hold(coordinator, pair.id)
    with pytest.raises(placing.PairOpen):
        placing.place_newcomer(coordinator, pair.newcomer_id, programme_id=families)
    replanning.take_back(coordinator, pair.id)
    assert placing.place_newcomer(coordinator, pair.newcomer_id, programme_id=families) is False
    assert not suggested(ordinary)
    placing.place_newcomer(coordinator, pair.newcomer_id, programme_id=first())
    assert fresh(Newcomer, pair.newcomer_id).programme_id is None


def test_a_buddy_who_goes_elsewhere_is_suggested_no_more(coordinator, families):
    ordinary, _special = two_plans(coordinator, families)
    buddy_id = proposal(ordinary).buddy_id
    placing.place_buddy(coordinator, buddy_id, programme_ids=[families])
    assert not suggested(ordinary)
    placing.place_buddy(coordinator, buddy_id, programme_ids=[families, first()])
    assert session().scalars(select(BuddyProgramme).where(BuddyProgramme.buddy_id == buddy_id)).all() == []


def test_texts_in_the_language_asked_for_or_else_in_dutch(coordinator, families):
    for language, line in (("nl", "Samen met je gezin."), ("ar", "مع عائلتك.")):
        network_programmes.write_text(coordinator, families, language, line=line, words="")
    assert told_in(families, "ar").language == "ar"
    assert told_in(families, "so").line == "Samen met je gezin."
    assert listed(NETWORK)[1].languages == ["ar", "nl"]
    network_programmes.write_text(coordinator, families, "ar", line="مع عائلتك", words="أهلا")
    assert session().get(ProgrammeText, (families, "ar")).words == "أهلا"
    network_programmes.write_text(coordinator, families, "ar", line="", words="")
    assert session().get(ProgrammeText, (families, "ar")) is None
    with pytest.raises(Invalid):
        network_programmes.write_text(coordinator, families, "ar", line="", words="أهلا")


def test_only_the_own_coordinators(site, coordinator, families):
    person, buddy = factories.newcomer(), factories.buddy()
    acts = [
        lambda who: network_programmes.make_programme(who, NETWORK, FAMILIES),
        lambda who: network_programmes.make_own(who, NETWORK),
        lambda who: network_programmes.set_programme(who, families, FAMILIES),
        lambda who: network_programmes.close_programme(who, families),
        lambda who: network_programmes.write_text(who, families, "nl", line="x", words=""),
        lambda who: placing.place_newcomer(who, person.id, programme_id=families),
        lambda who: placing.place_buddy(who, buddy.id, programme_ids=[families]),
    ]
    strangers = [
        factories.coordinator("regio-gent"), factories.administrator(), factories.counsellor(),
        factories.person(roles=(Role.HELPER,)), person.person, buddy.person,
    ]  # fmt: skip
    for act in acts:
        for stranger in strangers:
            with pytest.raises((Forbidden, NotFound)):
                act(factories.viewer(stranger))


def test_the_demo_shows_two_programmes_of_ghent(site):
    for _ in range(3):
        factories.newcomer("9000")
        factories.buddy("9000")
    run_programmes(Staff({"gent-stad": factories.coordinator("gent-stad")}, {}, factories.administrator()))
    shown = listed("gent-stad")
    assert [(item.programme.name, item.newcomers) for item in shown] == [
        ("Buddy in Gent", 0),
        ("Gezinnen", 3),
    ]
    assert all({"nl", "fr", "en", "ar"} <= set(item.languages) for item in shown)
    (run,) = session().scalars(select(Run)).all()
    assert (run.programme_id, run.matched) == (shown[1].programme.id, 3)


def test_a_programme_is_named_only_where_its_own_network_has_more_than_one(site, no_worker):
    """Another network's programmes tell nothing apart here."""
    there = factories.viewer(factories.coordinator("kempen"))
    network_programmes.make_programme(there, "kempen", FAMILIES)
    runs = {
        slug: matches.start_run(factories.viewer(factories.coordinator(slug)), slug)
        for slug in (NETWORK, "kempen")
    }
    named = {slug: network_of(session().get_one(Run, run_id))[1] for slug, run_id in runs.items()}
    assert named == {NETWORK: "", "kempen": "Samenspoor"}
