"""P1 with the published figures, P12 and P13, each counted from records (DOMAIN 5a, 5b)."""

import csv
import io
from collections import Counter
from datetime import date, datetime, timedelta

import pytest

from app.clock import BRUSSELS, now, today
from app.db import session, transaction
from app.models import Buddy, Duo, Grant, Newcomer, Person, Proposal, Run, Transition
from app.queries.disclosure import Figure
from app.queries.matching_reports import STEPS, channels, flow
from app.queries.trajectory_reports import TOTAL, Period
from app.reference import gazetteer
from app.vocabulary import BuddyState, DuoState, NewcomerState, ProposalState, Province, Role
from app.vocabulary.channels import Channel
from app.vocabulary.records import RunState, Subject
from app.vocabulary.together import EndReason
from tests import duo_factories, factories

# F1: buddies signed up on mijnbuddy.be by province (written answer of 2023).
F1 = {
    "antwerpen": 133, "brussel": 28, "limburg": 67, "oost-vlaanderen": 146, "vlaams-brabant": 92, "west-vlaanderen": 80,
}  # fmt: skip


def sign_up(place, how_many):
    """Candidates as the registration leaves them: a person and a buddy each."""
    with transaction() as db:
        people = [Person(full_name=f"Candidate {number}", locale="nl") for number in range(how_many)]
        db.add_all(people)
        db.flush()
        db.add_all(
            Buddy(
                person_id=person.id, postcode=place.postcode, locality=place.locality, province=place.province,
                municipality=place.municipality, network_slug=place.network, source="mijnbuddy",
            )
            for person in people
        )  # fmt: skip


def test_the_546_buddies_by_province_come_out_of_the_records(site, browser):
    for province, how_many in F1.items():
        where = {place.network: place for place in gazetteer.places() if place.province == province}
        for at, place in enumerate(where.values()):
            sign_up(place, how_many // len(where) + (at < how_many % len(where)))
    answer = browser.send("GET", "/nl/numbers.csv?table=provinces")
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))
    assert {row[0]: row[1] for row in rows[1:]} == {
        **{str(province.label): str(F1[province.value]) for province in Province}, "Totaal": "546",
    }  # fmt: skip
    page = browser.get("/nl/numbers")
    cells = [row.td.get_text(strip=True) for row in page.soup.select("table")[0].select("tbody tr, tfoot tr")]
    assert cells == [*(str(F1[province.value]) for province in Province), "546"]


@pytest.fixture
def els(site):
    return factories.coordinator()


def pair(els, *, ago=0, wait=40, **values):
    """A duo approved so many days ago, after a wait of so many days."""
    day = today() - timedelta(days=ago)
    newcomer = factories.newcomer(waiting_since=day - timedelta(days=wait))
    at = datetime(day.year, day.month, day.day, 12, tzinfo=BRUSSELS)
    return duo_factories.duo(
        newcomer=newcomer, buddy=factories.buddy(), approved_by=els, approved_at=at, **values
    )


def numbers(figures):
    return [figures[step].value for step in STEPS]


def test_each_step_is_counted_on_the_day_when_it_was_made(els):
    viewer = factories.viewer(els)
    pair(els, wait=10, state=DuoState.ASKED)
    pair(els, wait=20, state=DuoState.MEETING)
    pair(els, wait=60, state=DuoState.ACTIVE, starts_on=today())
    pair(
        els,
        ago=400,
        state=DuoState.ENDED,
        ended_at=now(),
        end_reason=EndReason.MISMATCH,
        contact_shared_at=None,
    )
    pair(
        els,
        ago=400,
        state=DuoState.COMPLETED,
        ended_at=now(),
        end_reason=EndReason.COMPLETED,
        contact_shared_at=None,
    )
    found = flow(Period(today(), today() - timedelta(days=5)), viewer)
    assert numbers(found.parts[TOTAL]) == [0, 3, 2, 1, 1, 1]
    assert found.days[TOTAL] == Figure(20)
    everything = flow(Period(today()), viewer)
    assert everything.parts[TOTAL]["approved"].value == 5
    assert sum(figures["approved"].value for name, figures in everything.parts.items() if name != TOTAL) == 5


def test_a_pair_is_proposed_when_it_was_put_to_people_and_not_by_a_dry_run(els):
    newcomer, buddies = factories.newcomer(), [factories.buddy() for _ in range(5)]
    with transaction() as db:
        run = Run(
            network_slug="rivierenland", programme_id=1, by_person_id=els.id, as_of=today(), weights_version="1", weights={},
            state=RunState.DONE,
        )  # fmt: skip
        db.add(run)
        db.flush()
        for buddy, (state, offered) in zip(buddies, (
            (ProposalState.SUGGESTED, None), (ProposalState.REFUSED, None), (ProposalState.OFFERED, now()),
            (ProposalState.LAPSED, now()), (ProposalState.APPROVED, None),
        ), strict=True):  # fmt: skip
            db.add(
                Proposal(
                    run_id=run.id, newcomer_id=newcomer.id, buddy_id=buddy.id, state=state, score=1,
                    utility=1, explanation={}, offered_at=offered, decided_at=now(),
                )
            )  # fmt: skip
    assert flow(Period(today()), factories.viewer(els)).parts[TOTAL]["proposed"].value == 3


@pytest.mark.parametrize(
    ("first", "last", "names"),
    [
        (date(2024, 12, 31), date(2025, 1, 1), ["2024-Q4", "2025-Q1"]),
        (date(2025, 1, 1), date(2025, 12, 31), ["2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4"]),
        (date(2021, 6, 1), date(2025, 1, 1), ["2021", "2022", "2023", "2024", "2025"]),
    ],
)
def test_a_period_is_cut_into_quarters_or_years(els, first, last, names):
    assert list(flow(Period(last, first), factories.viewer(els)).parts) == [*names, TOTAL]


def test_small_numbers_of_pairs_are_held_back_for_the_public(els):
    for _ in range(6):
        pair(els, state=DuoState.ASKED)
    pair(els, state=DuoState.MEETING)
    public = flow(Period(today(), today()))
    assert public.parts[TOTAL]["approved"] == Figure(7)
    assert public.parts[TOTAL]["accepted"] == Figure(None, small=True)
    assert public.days[TOTAL] == Figure(40)
    assert flow(Period(today(), today()), factories.viewer(factories.coordinator("limburg"))).parts[TOTAL]["approved"] == Figure(0)  # fmt: skip


def test_who_waited_is_held_back_when_few_were_approved(els):
    pair(els, wait=123)
    assert flow(Period(today())).days[TOTAL] == Figure(None)
    assert flow(Period(today()), factories.viewer(els)).days[TOTAL] == Figure(123)
    assert flow(Period(today(), today() - timedelta(days=1)), factories.viewer(factories.coordinator("limburg"))).days[TOTAL] is None  # fmt: skip


def test_newcomers_by_channel_and_by_who_did_the_intake(els):
    counsellor, helper = factories.counsellor(), factories.person(roles=(Role.HELPER,))
    factories.newcomer(helped_by_id=counsellor.id)
    factories.newcomer(helped_by_id=els.id, heard_through="ocmw")
    factories.newcomer(helped_by_id=helper.id, heard_through="cvo")
    talked = factories.newcomer(heard_through="word_of_mouth")
    with transaction() as db:
        db.add(Transition(subject=Subject.NEWCOMER, subject_id=talked.id, to_state=NewcomerState.READY.value))
    factories.newcomer()
    factories.newcomer(registered_at=now() - timedelta(days=50))
    factories.newcomer("9000")
    found = channels(Period(today(), today() - timedelta(days=5)), factories.viewer(els))
    counts = {
        row: {name: figure.value for name, figure in figures.items() if figure.value}
        for row, figures in found.items()
    }
    assert counts == {
        "": {"all": 1, "none": 1}, "agency": {"all": 1, "agency": 1}, "ocmw": {"all": 1, "network": 1},
        "cvo": {"all": 1, "organisation": 1}, "word_of_mouth": {"all": 1, "network": 1}, "other": {},
        TOTAL: {"all": 5, "agency": 1, "network": 2, "organisation": 1, "none": 1},
    }  # fmt: skip


def test_the_public_cannot_work_out_a_small_channel(els):
    for channel in Channel:
        for _ in range(2 if channel is Channel.OCMW else 6):
            factories.newcomer(heard_through=channel.value)
    shown = channels(Period(today()))
    assert shown["ocmw"]["all"] == Figure(None, small=True)
    assert shown[TOTAL]["all"] == Figure(32)
    beside = [row for row in Channel if shown[row]["all"] == Figure(None)]
    assert beside, "else the one that is under five would be the rest of the total"


def test_who_is_in_a_role_twice_counts_once(els):
    with transaction() as db:
        db.add(Grant(person_id=els.id, role=Role.COORDINATOR, network_slug="limburg", granted_by=els.id))
    factories.newcomer(helped_by_id=els.id)
    found = channels(Period(today()), factories.viewer(els))
    assert found[TOTAL]["all"].value == session().query(Newcomer).count() == 1


def test_every_state_of_a_buddy_is_a_candidate_of_the_table(els, browser):
    for state in BuddyState:
        factories.buddy(state=state)
    states = Counter(one.state for one in session().query(Buddy))
    answer = browser.send("GET", "/nl/numbers.csv?table=provinces")
    assert f"Totaal;{states.total()};".encode() in answer.data
    assert session().query(Duo).count() == 0
