"""Programmes of a network: the plans of two never touch each other, and people are in the one they were placed in."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from app.db import session, transaction
from app.errors import Forbidden, Invalid, Moved, NotFound
from app.extensions import queue
from app.models import (
    Buddy,
    BuddyProgramme,
    Newcomer,
    Programme,
    ProgrammeText,
    ProgrammeVersion,
    Proposal,
    Run,
)
from app.queries.matches import matching_of
from app.queries.network_programmes import listed, named_by, network_of, programme_of, programmes_of, told_in
from app.queries.plans import left_out
from app.queries.publishing import decided
from app.queries.shortages import shortages_of
from app.queries.today import today_of
from app.services import (
    loans,
    matches,
    network_programmes,
    placing,
    programmes,
    publishing,
    replanning,
    wishes,
)
from app.services.demo.programmes import run_programmes
from app.services.demo.staff import Staff
from app.services.network_programmes import ProgrammeSettings
from app.services.newcomers import edit
from app.vocabulary import DutchLevel, NewcomerState, ProposalRefusal, ProposalState, Role
from app.vocabulary.records import RunState
from app.vocabulary.today import Owing
from tests import factories
from tests.services.test_matches import fresh
from tests.services.test_wishes import link_for
from tests.weights import WEIGHTS

NETWORK = "rivierenland"
FAMILIES = ProgrammeSettings("Gezinnen", 9, 1, 3, DutchLevel.A1)


@pytest.fixture
def coordinator(site):
    return factories.viewer(factories.coordinator())


@pytest.fixture
def families(coordinator):
    return network_programmes.make_programme(coordinator, NETWORK, FAMILIES)


@pytest.fixture
def no_worker(monkeypatch):
    """Jobs stay in the queue."""
    monkeypatch.setattr(queue, "put", lambda *_job: None)


def first():
    return factories.a_network().programme_id


def suggested(run_id):
    """(newcomer, buddy) of what a run suggests now."""
    session().expire_all()
    found = select(Proposal.newcomer_id, Proposal.buddy_id).where(
        Proposal.run_id == run_id, Proposal.state == ProposalState.SUGGESTED
    )
    return {tuple(row) for row in session().execute(found)}


def proposal(run_id):
    return session().scalars(select(Proposal).where(Proposal.run_id == run_id)).unique().one()


def two_plans(coordinator, families):
    """One waits in each programme, and each has a buddy of its own; the keys of both runs."""
    for programme in (None, families):
        factories.newcomer(programme_id=programme)
        buddy = factories.buddy()
        placing.place_buddy(coordinator, buddy.id, programme_ids=[programme or first()])
    return matches.start_run(coordinator, NETWORK), matches.start_run(coordinator, NETWORK, families)


def test_a_run_takes_the_people_of_its_programme(coordinator, families):
    ordinary, special = two_plans(coordinator, families)
    one, other = fresh(Run, ordinary), fresh(Run, special)
    assert (one.programme_id, other.programme_id) == (first(), families)
    assert [(run.newcomers, run.places, run.matched) for run in (one, other)] == [(1, 1, 1)] * 2
    assert fresh(Newcomer, proposal(special).newcomer_id).programme_id == families


def test_a_new_plan_of_one_leaves_the_suggestions_of_the_other(coordinator, families):
    ordinary, special = two_plans(coordinator, families)
    before = suggested(ordinary)
    again = matches.start_run(coordinator, NETWORK, families)
    assert suggested(ordinary) == before
    assert not suggested(special)
    assert len(suggested(again)) == 1
    publishing.undo_run(coordinator, again)
    assert suggested(ordinary) == before
    assert len(suggested(special)) == 1
    assert fresh(Run, ordinary).state is RunState.DONE


def test_a_place_that_one_plan_suggests_is_not_in_the_other(coordinator, families):
    buddy = factories.buddy()
    factories.newcomer()
    factories.newcomer(programme_id=families)
    one = matches.start_run(coordinator, NETWORK)
    other = matches.start_run(coordinator, NETWORK, families)
    assert {key for _newcomer, key in suggested(one)} == {buddy.id}
    assert not suggested(other)
    replanning.refuse(coordinator, proposal(one).id, reason=ProposalRefusal.NOT_A_FIT)
    assert {key for _newcomer, key in suggested(matches.start_run(coordinator, NETWORK, families))} == {
        buddy.id
    }


def test_undoing_brings_no_place_back_that_the_other_plan_has_now(coordinator, families):
    factories.newcomer()
    factories.newcomer(programme_id=families)
    factories.buddy()
    one = matches.start_run(coordinator, NETWORK)
    with transaction():
        session().execute(update(Buddy).values(max_km=1))
    newer = matches.start_run(coordinator, NETWORK)
    proposals = session().scalars(select(Proposal).where(Proposal.run_id == newer)).unique().all()
    for item in proposals:
        replanning.refuse(coordinator, item.id, reason=ProposalRefusal.NOT_A_FIT)
    other = matches.start_run(coordinator, NETWORK, families)
    assert len(suggested(other)) == 1
    publishing.undo_run(coordinator, newer)
    assert not suggested(one)
    assert len(suggested(other)) == 1


def test_who_decides_in_one_solves_that_one_anew(coordinator, families):
    ordinary, special = two_plans(coordinator, families)
    before = suggested(ordinary)
    matches.reserve(coordinator, proposal(special).id)
    replanning.take_back(coordinator, proposal(special).id)
    assert len(suggested(special)) == 1
    assert suggested(ordinary) == before
    wish_id = wishes.show_buddies(coordinator, proposal(ordinary).id, [], link_for=link_for)
    wishes.take_back(coordinator, wish_id)
    assert suggested(ordinary) == before


def test_pages_count_both(coordinator, families):
    ordinary, special = two_plans(coordinator, families)
    lonely = factories.newcomer(programme_id=families, availability=["mon-morning"])
    special = matches.start_run(coordinator, NETWORK, families)
    lines = {row.programme_id: row for row in matching_of(coordinator)}
    assert {key: row.run.id for key, row in lines.items()} == {first(): ordinary, families: special}
    assert [row.name for row in matching_of(coordinator)] == ["Samenspoor", "Gezinnen"]
    page = decided(coordinator, NETWORK)
    assert [(plan.run.id, plan.name) for plan in page.plans] == [
        (ordinary, "Samenspoor"),
        (special, "Gezinnen"),
    ]
    assert (len(page.left), page.newcomers) == (2, 3)
    assert left_out(fresh(Newcomer, lonely.id)).run_id == special
    assert shortages_of(coordinator, NETWORK).left == 1
    assert today_of(coordinator).counts[Owing.PROPOSALS] == 2


def test_one_run_at_a_time_whatever_the_programme(coordinator, families, no_worker):
    started = matches.start_run(coordinator, NETWORK)
    with pytest.raises(matches.AlreadyRunning) as busy:
        matches.start_run(coordinator, NETWORK, families)
    assert busy.value.run_id == started


def test_refused_pairs_come_again_after_the_months_of_their_programme(coordinator, families):
    factories.newcomer(programme_id=families)
    factories.buddy()
    run_id = matches.start_run(coordinator, NETWORK, families)
    matches.refuse(coordinator, proposal(run_id).id, reason=ProposalRefusal.NOT_A_FIT)
    assert fresh(Run, matches.start_run(coordinator, NETWORK, families)).matched == 0
    network_programmes.set_programme(coordinator, families, ProgrammeSettings("Gezinnen", 9, 1, 0))
    assert fresh(Run, matches.start_run(coordinator, NETWORK, families)).matched == 1


def test_lent_buddies_are_in_every_programme(coordinator, families):
    lender = factories.viewer(factories.coordinator("regio-antwerpen"))
    lent = factories.buddy("2640", max_km=None)
    assert lent.network_slug == "regio-antwerpen"
    loan_id = loans.offer_place(lender, lent.id, to=NETWORK, until=factories.days_from_now(60))
    loans.accept_place(coordinator, loan_id)
    factories.newcomer(programme_id=families, max_km=None)
    assert fresh(Run, matches.start_run(coordinator, NETWORK, families)).places == 1


@given(
    st.lists(st.booleans(), min_size=1, max_size=4),
    st.lists(st.tuples(st.integers(1, 2), st.sampled_from([(), (0,), (1,), (0, 1)])), min_size=1, max_size=3),
    st.lists(st.booleans(), min_size=2, max_size=4),
)
@settings(deadline=None, max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_plans_of_two_programmes_never_share_a_place(coordinator, families, waiting, free, order):
    with transaction() as db:
        db.execute(update(Newcomer).values(state=NewcomerState.LEFT))
        db.execute(update(Buddy).values(capacity=0, places_taken=0))
        db.execute(update(Proposal).values(state=ProposalState.LAPSED))
    keys = (first(), families)
    for special in waiting:
        factories.newcomer(programme_id=families if special else None)
    for capacity, named in free:
        buddy = factories.buddy(capacity=capacity)
        placing.place_buddy(coordinator, buddy.id, programme_ids=[keys[at] for at in named])
    for special in order:
        matches.start_run(coordinator, NETWORK, keys[special])
    session().expire_all()
    open_ones = session().scalars(
        select(Proposal).where(Proposal.state == ProposalState.SUGGESTED)
    ).unique().all()  # fmt: skip
    assert len({item.newcomer_id for item in open_ones}) == len(open_ones)
    for buddy in session().scalars(select(Buddy)).unique():
        mine = [item.run.programme_id for item in open_ones if item.buddy_id == buddy.id]
        assert len(mine) <= buddy.capacity
        named = set(
            session().scalars(select(BuddyProgramme.programme_id).where(BuddyProgramme.buddy_id == buddy.id))
        )
        assert not named or set(mine) <= named
    assert all((item.newcomer.programme_id or first()) == item.run.programme_id for item in open_ones)


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
