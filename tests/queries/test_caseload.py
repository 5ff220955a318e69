"""The caseload in SQL says the same as one trajectory in Python, in the right order, and asks little."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.clock import now, today
from app.db import session, transaction
from app.models import TargetRule, TrajectorySum
from app.queries.caseload import Asked, caseload_of
from app.queries.contracts import contract_of
from app.queries.trajectories import Risk, entries_of, standing_of
from app.vocabulary import EntryState
from app.vocabulary.contracts import TrajectoryState
from tests import factories
from tests.counting import statements
from tests.factories import viewer


@pytest.fixture
def counsellor(site):
    return factories.counsellor()


def one(counsellor, name="Sami", days=None, hours=(), state=EntryState.ACCEPTED, ago=5, **contract):
    newcomer = factories.newcomer(name=name, counsellor=counsellor)
    if days is not None:
        factories.contract(newcomer, counsellor, days=days, **contract)
    for number, minutes in enumerate(hours):
        factories.entry(
            newcomer,
            factories.offer(),
            minutes=minutes,
            state=state,
            starts_at=now() - timedelta(days=ago + number),
        )
    return newcomer


def names(counsellor, **asked):
    return [case.newcomer.person.full_name for case in caseload_of(viewer(counsellor), Asked(**asked)).cases]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    began=st.integers(0, 700),
    left=st.integers(-20, 700),
    sums=st.tuples(st.integers(0, 900), st.integers(0, 900), st.integers(0, 2500)),
    contained=st.booleans(),
    exempt=st.booleans(),
)
def test_one_and_all_are_judged_alike_r01(site, began, left, sums, contained, exempt):
    by = factories.counsellor()
    newcomer = factories.newcomer(counsellor=by)
    factories.contract(
        newcomer, by, starts_on=today() - timedelta(days=began), ends_on=today() + timedelta(days=max(left, -began)),
        contains_trajectory=contained,
    )  # fmt: skip
    if exempt:
        factories.exemption(newcomer, by)
    told, confirmed, accepted = sums
    with transaction() as db:
        row = db.get_one(TrajectorySum, newcomer.id)
        row.told, row.confirmed, row.accepted = told, confirmed, accepted
    actor = viewer(by)
    standing = standing_of(
        newcomer, entries_of(actor, newcomer.id)[0], contract_of(newcomer.id), None, exempt=exempt
    )
    object.__setattr__(
        standing, "totals", type(standing.totals)(told=told, confirmed=confirmed, accepted=accepted)
    )
    (case,) = caseload_of(actor, Asked()).cases
    assert (case.risk, case.owed, case.short, case.days_left) == (
        standing.risk,
        standing.owed,
        standing.short,
        standing.days_left,
    )


def test_where_each_stands_is_told_too(counsellor):
    for name in ("exempt", "over", "out"):
        newcomer = one(counsellor, name, days=100, contains_trajectory=name != "out")
        if name != "out":
            ended = None if name == "exempt" else today() - timedelta(days=1)
            factories.exemption(newcomer, counsellor, ended_on=ended)
    one(counsellor, "none")
    found = {
        case.newcomer.person.full_name: case.state for case in caseload_of(viewer(counsellor), Asked()).cases
    }
    assert found == {
        "exempt": TrajectoryState.EXEMPT, "over": TrajectoryState.TO_REVIEW, "out": TrajectoryState.NOT_INCLUDED,
        "none": TrajectoryState.NO_TRAJECTORY,
    }  # fmt: skip


def test_r18_who_is_exempt_owes_nothing_and_stands_behind_who_does(counsellor):
    for name, days in (("exempt", 20), ("over", -1), ("hurry", 20), ("entitled", 20), ("tight", 400)):
        obligation = "entitled" if name == "entitled" else "obliged"
        newcomer = one(counsellor, name, days=days, obligation=obligation)
        if name in ("exempt", "entitled"):
            factories.exemption(newcomer, counsellor)
    done = one(counsellor, "done", days=20, hours=[1200, 1200])
    factories.exemption(done, counsellor)
    found = caseload_of(viewer(counsellor), Asked())
    assert [(case.newcomer.person.full_name, case.risk) for case in found.cases] == [
        ("over", Risk.TERM_OVER), ("hurry", Risk.HARD), ("entitled", Risk.HARD), ("tight", Risk.TIGHT),
        ("exempt", Risk.EXEMPT), ("done", Risk.REACHED),
    ]  # fmt: skip
    assert [(case.owed, case.short) for case in found.cases[-2:]] == [(0, 0), (0, 0)]
    assert names(counsellor, risk=Risk.EXEMPT) == ["exempt"]
    assert names(counsellor, risk=Risk.HARD) == ["hurry", "entitled"]


def test_who_goes_on_too_slowly_is_seen_early(counsellor):
    one(counsellor, "slow", days=300, hours=[60])
    one(counsellor, "new", days=300, starts_on=today() - timedelta(days=5))
    one(counsellor, "steady", days=300, hours=[480, 480])
    found = {case.newcomer.person.full_name: case for case in caseload_of(viewer(counsellor), Asked()).cases}
    assert [found[name].risk for name in ("slow", "new", "steady")] == [
        Risk.TIGHT,
        Risk.ON_TRACK,
        Risk.ON_TRACK,
    ]
    assert found["slow"].short == 2400 - 60 - 60 * 301 // 61
    assert found["steady"].short == 0


def test_who_needs_most_a_day_comes_first(counsellor):
    for name, days in (("later", 60), ("first", 10), ("second", 30)):
        one(counsellor, name, days=days)
    assert names(counsellor) == ["first", "second", "later"]


def test_filters_find_whom_they_name(counsellor):
    one(counsellor, "Łukasz Nowak", days=100, hours=[600, 600], ago=40)
    waits = one(counsellor, "Olena K", days=10, ago=2)
    factories.proof(factories.entry(waits, factories.offer(), state=EntryState.CONFIRMED, starts_at=now() - timedelta(days=2)))  # fmt: skip
    one(counsellor, "Sami", days=500, obligation="entitled", hours=[1200, 1200])
    one(counsellor, "Zonder contract")
    assert names(counsellor, words="lukasz") == ["Łukasz Nowak"]
    assert names(counsellor, risk=Risk.HARD) == ["Olena K"]
    assert names(counsellor, risk=Risk.NO_CONTRACT) == ["Zonder contract"]
    assert set(names(counsellor, band=0)) == {"Olena K", "Zonder contract"}
    assert names(counsellor, band=3) == ["Łukasz Nowak"]
    assert names(counsellor, band=5) == ["Sami"]
    assert names(counsellor, obligation="entitled") == ["Sami"]
    assert names(counsellor, ends_before=today() + timedelta(days=11)) == ["Olena K"]
    assert names(counsellor, waits=True) == ["Olena K"]
    assert set(names(counsellor, idle_weeks=4)) == {"Łukasz Nowak", "Zonder contract"}
    assert names(counsellor, words="an", waits=True, band=5) == []
    found = caseload_of(viewer(counsellor), Asked(risk=Risk.REACHED))
    assert (found.total, found.counts[Risk.REACHED], sum(found.counts.values())) == (1, 1, 4)


def test_pages(counsellor):
    for number in range(5):
        one(counsellor, f"N{number}", days=10 + number)
    pages = [caseload_of(viewer(counsellor), Asked(), page, size=2) for page in (1, 2, 3, 99, -1)]
    assert [[case.newcomer.person.full_name for case in found.cases] for found in pages] == [
        ["N0", "N1"], ["N2", "N3"], ["N4"], ["N4"], ["N0", "N1"],
    ]  # fmt: skip
    assert (pages[0].pages, pages[0].total, pages[3].page) == (3, 5, 3)


def test_the_rule_of_the_day_on_which_the_contract_began(counsellor):
    with transaction() as db:
        db.add(TargetRule(since=today() - timedelta(days=30), minutes=600, source="test"))
    one(counsellor, "old", days=100)
    one(counsellor, "new", days=90, starts_on=today() - timedelta(days=30))
    assert {
        case.newcomer.person.full_name: case.owed for case in caseload_of(viewer(counsellor), Asked()).cases
    } == {"old": 2400, "new": 600}


def test_nobody_sees_the_caseload_of_another(counsellor):
    one(counsellor, days=100)
    others = (
        factories.counsellor(),
        factories.coordinator(),
        factories.administrator(),
        factories.newcomer().person,
    )
    for other in others:
        assert caseload_of(viewer(other), Asked()).cases == []
        assert sum(caseload_of(viewer(other), Asked()).counts.values()) == 0


def test_a_long_list_asks_no_more_than_a_short_one(counsellor):
    actor = viewer(counsellor)
    lengths = set()
    for _ in range(3):
        for number in range(4):
            one(counsellor, days=20 * number)
        session().expire_all()
        with statements() as sent:
            caseload_of(actor, Asked())
        lengths.add(len(sent))
    assert lengths == {5}


def test_the_caseload_begins_with_the_most_urgent(site):
    counsellor = factories.counsellor()

    def one(name, days=None, accepted=0, **contract):
        newcomer = factories.newcomer(name=name, counsellor=counsellor)
        if days is not None:
            factories.contract(newcomer, counsellor, days=days, **contract)
        for number in range(accepted // 600):
            factories.entry(
                newcomer,
                factories.offer(),
                minutes=600,
                state=EntryState.ACCEPTED,
                starts_at=now() - timedelta(days=number + 2),
            )

    one("no contract")
    one("done", days=200, accepted=2400)
    one("on track", days=300, accepted=1200)
    one("tight", days=100)
    one("over", days=-1)
    one("hurry", days=30, accepted=600)
    one("not in it", days=100, contains_trajectory=False)
    factories.contract(factories.newcomer(), counsellor)  # somebody else's
    found = [
        (case.newcomer.person.full_name, case.risk) for case in caseload_of(viewer(counsellor), Asked()).cases
    ]
    assert found == [
        ("over", Risk.TERM_OVER), ("hurry", Risk.HARD), ("tight", Risk.TIGHT), ("on track", Risk.ON_TRACK),
        ("no contract", Risk.NO_CONTRACT), ("not in it", Risk.NOT_IN_CONTRACT), ("done", Risk.REACHED),
    ]  # fmt: skip
