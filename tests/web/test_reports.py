"""Numbers, activities and the home page, in several languages and with bad questions."""

from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from sqlalchemy import event

from app import db
from app.clock import now, today
from app.db import transaction
from app.models import TrajectoryReached, Transition
from app.vocabulary import BuddyState, DuoState, EntryState, Obligation, OfferKind
from app.vocabulary.records import Subject
from tests import duo_factories, factories

LANGUAGES = ("x-pseudo", "nl", "ar")


def table(page, number):
    rows = page.soup.select("table")[number].select("tbody tr, tfoot tr")
    return {
        row.th.get_text(strip=True): [cell.get_text(strip=True) for cell in row.select("td")] for row in rows
    }


def approved(buddy, days_ago=0):
    with transaction() as session:
        session.add(Transition(
            subject=Subject.BUDDY, subject_id=buddy.id, from_state=BuddyState.SCREENING.value,
            to_state=BuddyState.APPROVED.value, at=now() - timedelta(days=days_ago),
        ))  # fmt: skip


@pytest.fixture
def some_buddies(site):
    """Twelve in Mechelen, of whom seven found ready, and seven in Ghent, one of them registered long ago."""
    here = [factories.buddy("2800") for _ in range(12)]
    there = [
        factories.buddy("9000", registered_at=now() - timedelta(days=400 if at == 0 else 0))
        for at in range(7)
    ]
    for buddy in here[:7]:
        approved(buddy)
    return here, there


@pytest.mark.parametrize("language", LANGUAGES)
def test_numbers_come_out_of_the_records(browser, some_buddies, language):
    page = browser.get(f"/{language}/numbers")
    counted = list(table(page, 0).values())
    assert [row[0] for row in counted] == ["12", "<5", "<5", "…", "<5", "<5", "19"], (
        "that nobody lives elsewhere is not told either"
    )
    assert next(row[1] for row in counted) == "…", "else the few of the others could be worked out"
    assert len(page.soup.select(".map-bubble")) == 6


def test_only_the_days_asked_for_count(browser, some_buddies):
    first = (today() - timedelta(days=30)).isoformat()
    page = browser.get(f"/nl/numbers?from={first}&to={today().isoformat()}")
    assert [row[0] for row in table(page, 0).values()] == ["12", "<5", "<5", "…", "<5", "<5", "18"]
    csv = [link for link in page.links() if ".csv" in link and "provinces" in link]
    assert f"from={first}" in csv[0]
    assert b"Totaal;18;" in browser.send("GET", csv[0]).data


def test_who_was_in_a_duo_on_the_reference_date(browser, site):
    by = factories.coordinator()
    for _ in range(6):
        duo_factories.duo(
            newcomer=factories.newcomer(),
            buddy=factories.buddy(),
            approved_by=by,
            starts_on=today() - timedelta(days=50),
        )
    for _ in range(5):
        duo_factories.duo(
            newcomer=factories.newcomer(), buddy=factories.buddy(), approved_by=by, state=DuoState.ENDED,
            starts_on=today() - timedelta(days=50), ended_at=now() - timedelta(days=10),
        )  # fmt: skip
    then = (today() - timedelta(days=20)).isoformat()
    assert table(browser.get("/nl/numbers"), 0)["Totaal"][2] == "6"
    assert table(browser.get(f"/nl/numbers?to={then}"), 0)["Totaal"][2] == "11"


def test_finished_trajectories_by_status_at_a_date(browser, site):
    people = [factories.newcomer() for _ in range(14)]
    with transaction() as session:
        for at, who in enumerate(people):
            status = Obligation.OBLIGED if at < 8 else Obligation.ENTITLED
            session.add(
                TrajectoryReached(
                    newcomer_id=who.id,
                    obligation=status,
                    on=today() - timedelta(days=40 * (at % 2)),
                    minutes=2400,
                )
            )
    assert [row[0] for row in table(browser.get("/nl/numbers"), 2).values()] == ["8", "6", "14"]
    before = (today() - timedelta(days=20)).isoformat()
    assert [row[0] for row in table(browser.get(f"/nl/numbers?to={before}"), 2).values()] == ["<5", "<5", "7"]


def test_shares_are_of_confirmed_hours_alone_and_few_people_are_held_back(browser, site):
    talk, sport = factories.offer(), factories.offer(kind=OfferKind.SPORT)
    rare = factories.offer(kind=OfferKind.COURSE)
    for at in range(5):
        who = factories.newcomer()
        factories.entry(who, talk, minutes=120, state=EntryState.CONFIRMED)
        factories.entry(who, sport, minutes=60, state=EntryState.ACCEPTED)
        factories.entry(who, talk, minutes=600, state=EntryState.SUBMITTED)
        if at == 0:
            factories.entry(who, rare, minutes=60, state=EntryState.ACCEPTED)
    shares = table(browser.get("/nl/numbers"), 1)
    assert shares["Conversatiegroep"] == ["10", "63"]
    assert shares["Cursus"] == ["…", "…"]
    assert list(shares.values()).count(["…", "…"]) >= 2, "one alone could be worked out"
    assert shares["Totaal"] == ["16", "100"]


def test_every_table_as_a_file(browser, some_buddies):
    for name in ("provinces", "networks", "finished", "running", "hours"):
        answer = browser.send("GET", f"/nl/numbers.csv?table={name}")
        assert answer.status_code == 200
        assert answer.data.startswith(b"\xef\xbb\xbf")
        assert browser.send("GET", f"/ar/numbers.xlsx?table={name}").status_code == 200
    whole = browser.send("GET", "/nl/numbers.xlsx")
    sheets = [name for name in ZipFile(BytesIO(whole.data)).namelist() if "worksheets/sheet" in name]
    assert len(sheets) == 7


@pytest.mark.parametrize(
    "question", ["from=zz", "to=2999-01-01", "from=2024-05-01&to=2024-04-01", "from=0001-01-01", "to=%00"]
)
def test_bad_days_are_refused_in_words(browser, site, question):
    page = browser.get(f"/nl/numbers?{question}", status=422)
    assert page.soup.select("[aria-invalid=true]")
    assert browser.send("GET", f"/nl/numbers.csv?{question}").status_code == 404


def test_no_other_table_can_be_asked(browser, site):
    assert browser.send("GET", "/nl/numbers.csv?table=person").status_code == 404
    assert browser.send("GET", "/nl/numbers.xlsx?table=../x").status_code == 404


def test_few_questions_to_the_database(browser, some_buddies):
    asked = []
    event.listen(db.engine(), "before_cursor_execute", lambda *args: asked.append(args[2]))
    browser.get("/nl/numbers")
    assert len([statement for statement in asked if statement.startswith("SELECT")]) <= 8


@pytest.mark.parametrize("language", LANGUAGES)
def test_activities_that_can_be_joined(browser, site, language):
    club = factories.organisation()
    factories.offer(title="Zingen", organisation_id=club.id, words="Samen zingen.", slot="mon-evening")
    factories.offer(title="Niet gekend", organisation_id=factories.organisation(verified=False).id)
    factories.offer(title="Voorbij", ends_on=today() - timedelta(days=1))
    factories.offer(title="Concept", published_at=None)
    factories.offer(title="Elders", network="kempen", municipality="Geel", kind=OfferKind.SPORT)
    private = factories.newcomer()
    factories.offer(title="Alleen van haar", newcomer_id=private.id)
    page = browser.get(f"/{language}/activities")
    assert {title.get_text() for title in page.soup.select("article h2")} == {"Zingen", "Elders"}
    near = browser.get(f"/{language}/activities?place=Mechelen")
    assert [title.get_text() for title in near.soup.select("article h2")] == ["Zingen"]
    assert not browser.get(f"/{language}/activities?place=Mechelen&kind=sport").soup.select("article")
    assert [title.get_text() for title in browser.get(f"/{language}/").soup.select("article h3")] == [
        "Zingen"
    ]


@pytest.mark.parametrize("place", ["Beveren", "Mechlen"])
def test_a_place_that_is_not_clear_is_asked_back(browser, site, place):
    page = browser.get(f"/nl/activities?place={place}")
    choices = [str(link["href"]) for link in page.soup.select(".notice.wait a")]
    assert choices
    assert not browser.get(choices[0]).soup.select(".notice.wait")


@pytest.mark.parametrize(
    "question", ["kind=nonsense", "page=-4", "page=99999999999999999999", "place=%00", "place=" + "x" * 3000]
)
def test_odd_questions_about_activities_are_answered(browser, site, question):
    factories.offer()
    assert browser.get(f"/nl/activities?{question}").status == 200


def test_home_has_two_doors_and_a_third(browser, site):
    page = browser.get("/nl/")
    doors = [str(door["href"]) for door in page.soup.select("a.door")]
    assert doors == ["/nl/register/buddy", "/nl/register/newcomer"]
    assert "/nl/sign-in" in page.links()
