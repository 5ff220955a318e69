"""The published figures out of records, and trajectories under way on any day; what is small is held back."""

from datetime import UTC, date, datetime, timedelta
from itertools import count

import pytest
from sqlalchemy import insert

from app.clock import now, today
from app.db import transaction
from app.models import HourEntry, Newcomer, Person, TrajectoryReached
from app.queries.trajectory_reports import TOTAL, Period, band_names, finished, hours, running
from app.vocabulary import DutchLevel, EntryState, NewcomerState, Obligation, OfferKind
from tests import factories

F2_DAY = date(2025, 2, 25)
F2 = {Obligation.OBLIGED: 3290, Obligation.ENTITLED: 521}
# How many people spent ten hours on each kind. The exact shares are 33.63, 30.52, 7.43 and so on: each rounded for
# itself, they make 101 percent.
F3 = {
    OfferKind.CONVERSATION_GROUP: (335, 34), OfferKind.VOLUNTEERING: (304, 30), OfferKind.COURSE: (74, 7),
    OfferKind.SOCIOCULTURAL_ASSOCIATION: (73, 7), OfferKind.SPORT: (58, 6), OfferKind.OTHER: (49, 5), OfferKind.BUDDY: (39, 4),
    OfferKind.INFORMAL_PARTICIPATION: (38, 4), OfferKind.WORK_PLACEMENT: (26, 3),
}  # fmt: skip
MORNING = datetime(2024, 10, 1, 9, tzinfo=UTC)


def everybody_of_the_answer():
    """3 811 people who came to 40 hours by 25 February 2025, seven a day later, and the hours of all."""
    statuses = [status for status, many in F2.items() for _ in range(many)] + [Obligation.OBLIGED] * 7
    ids = range(10_001, 10_001 + len(statuses))
    offers = {kind: factories.offer(kind=kind) for kind in OfferKind}
    spent = [kind for kind, (people, _) in F3.items() for _ in range(people)]
    plain = {"locale": "ar", "search_key": "x", "sort_key": "x", "created_at": now(), "active": True, "demo": False,
             "call_name": "", "latin_name": ""}  # fmt: skip
    of_newcomer = {
        "postcode": "2800", "locality": "Mechelen", "municipality": "Mechelen", "province": "antwerpen",
        "network_slug": "rivierenland", "languages": [], "interests": [], "availability": [], "goals": [], "words": "",
        "heard_through": "", "state": NewcomerState.WAITING, "dutch_level": DutchLevel.A2,
        "waiting_since": MORNING.date(), "registered_at": MORNING,
    }  # fmt: skip
    entries = []
    for at, (kind, who) in enumerate(zip(spent, ids, strict=False)):
        offer, length = offers[kind], 600
        entries.append({
            "newcomer_id": who, "offer_id": offer.id, "contact_person_id": offer.contact_person_id, "starts_at": MORNING,
            "ends_at": HourEntry.end(MORNING, length), "minutes": length, "dutch_company": True, "words": "",
            "state": EntryState.ACCEPTED if at % 2 else EntryState.CONFIRMED, "entered_by_id": who, "entered_at": MORNING,
            "submission_key": f"fixture-{at}", "confirmed_name": "", "contact_note": "",
        })  # fmt: skip
    with transaction() as db:
        db.execute(insert(Person), [{"id": key, "full_name": f"N {key}", **plain} for key in ids])
        db.execute(insert(Newcomer), [{"id": key, "person_id": key, **of_newcomer} for key in ids])
        db.execute(
            insert(TrajectoryReached),
            [
                {"newcomer_id": key, "obligation": status, "minutes": 2400, "on": F2_DAY - timedelta(days=at % 300) if at < 3811 else F2_DAY + timedelta(days=1)}
                for at, (key, status) in enumerate(zip(ids, statuses, strict=True))
            ],
        )  # fmt: skip
        db.execute(insert(HourEntry), entries)


def shown(figures):
    return {name: figure.value for name, figure in figures.items()}


def test_the_published_figures_come_out_of_records(site):
    """F2 by status at its reference date (R37), F3 in whole percents of confirmed hours (R51)."""
    everybody_of_the_answer()
    assert shown(finished(Period(F2_DAY))) == {"obliged": 3290, "entitled": 521, TOTAL: 3811}
    assert finished(Period(F2_DAY + timedelta(days=1)))[TOTAL].value == 3818
    answer = hours(Period(F2_DAY))
    assert {line.kind: line.percent for line in answer.kinds} == {
        kind: share for kind, (_, share) in F3.items()
    }
    assert [line.percent for line in answer.kinds] == [34, 30, 7, 7, 6, 5, 4, 4, 3]
    assert answer.total == sum(line.hours for line in answer.kinds) == 9960


class Office:
    """A counsellor with an offer, and days around the reference date."""

    def __init__(self) -> None:
        self.counsellor = factories.counsellor()
        self.offer = factories.offer()
        self.days = count(1)

    def newcomer(self, minutes=0, *, status=Obligation.OBLIGED, accepted_days_ago=1, **contract):
        """A newcomer with a contract of 60 days ago, and those minutes accepted."""
        made = factories.newcomer(counsellor=self.counsellor)
        factories.contract(made, self.counsellor, obligation=status, **contract)
        if minutes:
            self.hours(made, minutes, accepted_days_ago)
        return made

    def hours(self, newcomer, minutes, accepted_days_ago=1, **values):
        first = now().replace(hour=0, minute=30) - timedelta(days=10)
        for at in range(0, minutes, 600):
            start = {"starts_at": first - timedelta(days=at // 600), **values}
            factories.entry(
                newcomer, self.offer, minutes=min(600, minutes - at), state=EntryState.ACCEPTED,
                accepted_at=now() - timedelta(days=accepted_days_ago), **start,
            )  # fmt: skip

    def seen(self, days_ago=0):
        """The counts of the counsellor's own people: (status, band) of everybody under way."""
        answer = running(today() - timedelta(days=days_ago), factories.viewer(self.counsellor))
        return {
            (row, band): figure.value
            for row, figures in answer.rows.items()
            for band, figure in figures.items()
            if figure.value and TOTAL not in (row, band)
        }


@pytest.fixture
def office(site):
    return Office()


@pytest.mark.parametrize(
    ("minutes", "band"),
    [(0, "0"), (45, "0"), (60, "1–9"), (599, "1–9"), (600, "10–19"), (1200, "20–29"), (1800, "30–39"), (2399, "30–39")],
)  # fmt: skip
def test_bands_are_of_whole_accepted_hours(office, minutes, band):
    office.newcomer(minutes)
    assert office.seen() == {("obliged", band): 1}


def test_bands_end_at_the_target():
    assert band_names(2400) == ("0", "1–9", "10–19", "20–29", "30–39")
    assert band_names(2700)[-1] == "40–44"


def test_only_accepted_hours_within_the_term_count(office):
    """R01, R03: what is confirmed only, or lies outside the term, leaves the band as it is; the last day counts whole."""
    who = office.newcomer(days=-15)
    office.hours(who, 600)
    factories.entry(who, office.offer, minutes=900, state=EntryState.CONFIRMED)
    assert office.seen() == {("obliged", "0"): 1}
    last_evening = datetime.combine(today() - timedelta(days=15), datetime.min.time(), UTC) + timedelta(
        hours=19
    )
    office.hours(who, 120, starts_at=last_evening)
    assert office.seen() == {("obliged", "1–9"): 1}


def test_any_reference_date(office):
    """R24: the version of that day counts, hours accepted later and taken back later do not change it."""
    who = office.newcomer(700, accepted_days_ago=5)
    assert office.seen(days_ago=8) == {("obliged", "0"): 1}
    assert office.seen(days_ago=3) == {("obliged", "10–19"): 1}
    assert office.seen(days_ago=61) == {}, "it had not begun"
    factories.contract(
        who, office.counsellor, number=2, obligation=Obligation.ENTITLED, contains_trajectory=False,
        created_at=now() - timedelta(days=2), reason="Changed her mind",
    )  # fmt: skip
    assert office.seen() == {}
    assert office.seen(days_ago=3) == {("obliged", "10–19"): 1}


def test_hours_that_were_taken_back_count_until_then(office):
    who = office.newcomer(600, accepted_days_ago=6)
    with transaction() as db:
        entry = db.query(HourEntry).one()
        db.add(HourEntry(
            newcomer_id=who.id, offer_id=entry.offer_id, contact_person_id=entry.contact_person_id, minutes=-600,
            starts_at=entry.starts_at, ends_at=entry.ends_at, dutch_company=True, state=EntryState.REVERSED,
            entered_by_id=office.counsellor.id, entered_at=now() - timedelta(days=2), submission_key="counter",
            reverses_id=entry.id,
        ))  # fmt: skip
        entry.state = EntryState.REVERSED
    assert office.seen(days_ago=4) == {("obliged", "10–19"): 1}
    assert office.seen() == {("obliged", "0"): 1}


def test_who_reached_the_target_is_not_under_way_and_who_ran_out_of_term_is(office):
    """R27: the trajectory stays open when the term is over."""
    done = office.newcomer(status=Obligation.ENTITLED)
    office.newcomer(days=-5)
    with transaction() as db:
        db.add(
            TrajectoryReached(
                newcomer_id=done.id,
                obligation=Obligation.ENTITLED,
                minutes=2400,
                on=today() - timedelta(days=3),
            )
        )
    assert office.seen() == {("obliged", "0"): 1}
    assert office.seen(days_ago=4) == {("obliged", "0"): 1, ("entitled", "0"): 1}


@pytest.mark.parametrize(
    ("ends", "exempt"),
    [
        ({}, True), ({"valid_to": today()}, True), ({"ended_on": today()}, True), ({"valid_to": today() - timedelta(days=1)}, False),
        ({"valid_to": today() + timedelta(days=9), "ended_on": today() - timedelta(days=1)}, False),
    ],
)  # fmt: skip
def test_who_is_exempt_is_not_under_way(office, ends, exempt):
    """R18: from the first to the last day of the exemption, both included, and only who is obliged."""
    who, entitled = office.newcomer(60), office.newcomer(60, status=Obligation.ENTITLED)
    for newcomer in (who, entitled):
        factories.exemption(newcomer, office.counsellor, **ends)
    others = {("entitled", "1–9"): 1}
    assert office.seen() == (others if exempt else {**others, ("obliged", "1–9"): 1})
    assert office.seen(days_ago=10).keys() == {("entitled", "0")}
    assert office.seen(days_ago=11).keys() == {("entitled", "0"), ("obliged", "0")}


def test_a_counsellor_counts_the_own_people_exactly_and_nobody_elses(office):
    office.newcomer(60)
    Office().newcomer(status=Obligation.ENTITLED)
    assert office.seen() == {("obliged", "1–9"): 1}
    factories.entry(factories.newcomer(), office.offer, state=EntryState.CONFIRMED)
    own = hours(Period(today()), factories.viewer(office.counsellor))
    assert own.total == 1


def test_who_may_not_see_a_status_does_not_learn_it_from_a_count(office):
    """R52: a coordinator's and an administrator's counts by status are protected, as those of the public are."""
    for _ in range(7):
        office.newcomer(60)
    office.newcomer(status=Obligation.ENTITLED)
    for human in (factories.coordinator(), factories.administrator()):
        answer = running(today(), factories.viewer(human))
        assert answer.rows["entitled"][TOTAL].text == "<5"
        assert answer.rows[TOTAL][TOTAL].value is None or answer.rows["obliged"][TOTAL].value is None
    public = running(today())
    assert {figure.value for row in public.rows.values() for figure in row.values()} <= {None, 7, 8}
    assert running(today(), factories.viewer(factories.coordinator("kempen"))).rows[TOTAL][TOTAL].text == "<5"
    assert running(today(), factories.viewer(factories.person())).rows[TOTAL][TOTAL].value == 0
