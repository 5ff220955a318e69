"""Shortages: the map and the list say the same; a call goes public without anybody in it and counts who comes."""

import threading

import pytest

from app import db
from app.clock import now, today
from app.db import session, transaction
from app.errors import Forbidden, Moved, NotFound
from app.models import AuditEntry, Buddy, Registration, Run, VolunteerCall
from app.services import shortages
from app.vocabulary import BuddyState
from app.vocabulary.records import RunState
from tests import factories
from tests.counting import statements
from tests.web.walks import answered

LANGS = ("x-pseudo", "nl", "ar")
SLOT = "sat-morning"
THREADS = 6


@pytest.fixture
def els(site):
    return factories.coordinator("rivierenland", full_name="Els Kanarie")


def a_plan(by, people, network="rivierenland", **entry):
    """A finished run of the network that leaves these people without a buddy."""
    asked = {
        "network": network,
        "language": "ti",
        "slot": SLOT,
        "wish": "f",
        "waiting": len(people),
        "value": 9,
        **entry,
    }
    with transaction() as inside:
        run = Run(
            network_slug=network, programme_id=1, state=RunState.DONE, by_person_id=by.id, as_of=today(), weights_version="1", weights={},
            finished_at=now(), newcomers=len(people),
            report={
                "shortage": [asked],
                "unmatched": [{"newcomer_id": one.id, "reason": "no_place", "unlocks": []} for one in people],
            },
        )  # fmt: skip
        inside.add(run)
    return run


def people(count, postcode="2800", **values):
    given = {"languages": ["ti"], "availability": [SLOT], "wished_gender": "f", **values}
    return [factories.newcomer(postcode, name=f"Kanarie {number}", **given) for number in range(count)]


def a_call(els):
    return session().get_one(VolunteerCall, shortages.make_call(factories.viewer(els), "rivierenland"))


@pytest.mark.parametrize("lang", LANGS)
def test_the_page_without_and_with_a_plan(els, signed_in, lang):
    browser = signed_in(els)
    assert browser.get(f"/{lang}/shortages").soup.select_one(".empty")
    a_plan(els, [*people(6), *people(2, "2500")])
    page = browser.get(f"/{lang}/shortages")
    rows = [
        [cell.get_text(strip=True) for cell in row.select("th, td")]
        for row in page.soup.select("section table")[-1].select("tbody tr")
    ]
    drawn = [title.get_text() for title in page.soup.select("svg.dot-map g title")]
    assert rows == [["Mechelen", "6"], ["Lier", "2"]]
    assert sorted(drawn) == ["Lier: 2", "Mechelen: 6"]
    assert len(page.soup.select("ol.todo > li")) == 1


def test_an_administrator_sees_every_network_and_makes_no_call(els, signed_in):
    a_plan(els, people(6))
    keeper = factories.administrator()
    browser = signed_in(keeper)
    page = browser.get("/nl/shortages/rivierenland")
    assert len(page.soup.select("nav .chips a.pill")) == 17
    assert not page.soup.select("form[action$='/call']")
    browser.post("/nl/shortages/rivierenland/call", status=403)
    with pytest.raises(Forbidden):
        shortages.make_call(factories.viewer(keeper), "rivierenland")


def test_another_network_is_not_there(els, signed_in):
    a_plan(els, people(6), "kempen")
    browser = signed_in(els)
    for path in ("kempen", "not-there"):
        browser.get(f"/nl/shortages/{path}", status=404)
        browser.post(f"/nl/shortages/{path}/call", status=404)
    a_plan(els, people(6))
    call = a_call(els)
    other = signed_in(factories.coordinator("kempen"))
    for path in (f"calls/{call.id}", f"calls/{call.id}/newsletter.txt", "calls/987654"):
        other.get(f"/nl/shortages/{path}", status=404)
    other.post(f"/nl/shortages/calls/{call.id}/close", status=404)
    assert call.closed_at is None


def test_without_a_plan_there_is_nothing_to_ask_from(els):
    with pytest.raises(Moved):
        shortages.make_call(factories.viewer(els), "rivierenland")
    with pytest.raises(NotFound):
        shortages.make_call(factories.viewer(els), "kempen")


@pytest.mark.parametrize("lang", LANGS)
def test_one_click_makes_a_page_a_poster_and_a_text(els, signed_in, browser, lang):
    a_plan(els, people(6))
    staff = signed_in(els)
    page = staff.submit(staff.get(f"/{lang}/shortages"), "main form[action$='/call']")
    call = session().query(VolunteerCall).one()
    assert (call.languages, call.moments, call.towns, call.wish, call.waiting) == (
        ["ti"],
        [SLOT],
        ["Mechelen"],
        "f",
        6,
    )
    assert page.soup.select_one(".qr svg")
    for tag, word in (("nl", "Tigrinya"), ("fr", "tigrigna"), ("en", "Tigrinya")):
        page = staff.get(f"/{lang}/shortages/calls/{call.id}?to={tag}")
        copied = page.soup.select_one("#newsletter ~ .row [data-copy]")["data-copy"]
        file = staff.send("GET", f"/{lang}/shortages/calls/{call.id}/newsletter.txt?to={tag}")
        assert file.headers["Content-Disposition"].startswith("attachment")
        assert file.get_data(as_text=True) == copied
        assert word.casefold() in copied.casefold()
        assert f"http://localhost/{tag}/wanted/{call.code}" in copied
        assert "Rivierenland" in copied
    staff.get(f"/{lang}/shortages/calls/{call.id}/newsletter.txt?to=ti", status=404)
    for path in ("", "/poster"):
        page = browser.get(f"/{lang}/wanted/{call.code}{path}")
        assert "Rivierenland" in page.text
        assert "Mechelen" in page.text
        assert "Kanarie" not in page.response.get_data(as_text=True)
    browser.get(f"/{lang}/wanted/not-there", status=404)


def test_few_people_are_not_told_to_the_public(els, browser):
    a_plan(els, people(4))
    call = a_call(els)
    assert (call.languages, call.moments, call.towns, call.wish, call.waiting) == ([], [], [], "", None)
    page = browser.get(f"/nl/wanted/{call.code}")
    assert "Tigrinya" not in page.text
    assert "Mechelen" not in page.text


def test_the_same_plan_makes_one_call_until_it_is_over(els, signed_in):
    a_plan(els, people(6))
    first = a_call(els)
    assert a_call(els).id == first.id
    viewer = factories.viewer(els)
    shortages.close_call(viewer, first.id)
    with pytest.raises(Moved):
        shortages.close_call(viewer, first.id)
    second = a_call(els)
    assert second.id != first.id
    assert (
        session().query(AuditEntry).filter(AuditEntry.action.in_(["call-made", "call-closed"])).count() == 3
    )


@pytest.mark.parametrize("lang", LANGS)
def test_a_call_that_is_over_says_so_and_still_lets_people_in(els, signed_in, browser, lang):
    a_plan(els, people(6))
    call = a_call(els)
    staff = signed_in(els)
    page = staff.submit(staff.get(f"/{lang}/shortages/calls/{call.id}"), "main form[action$='/close']")
    assert not page.soup.select("main form[action$='/close']")
    page = browser.get(f"/{lang}/wanted/{call.code}")
    assert page.soup.select_one(".notice")
    assert any(f"register/buddy?call={call.code}" in link for link in page.links())


def test_looks_of_people_are_counted_and_nothing_else_is_kept(els, signed_in, browser):
    a_plan(els, people(6))
    call = a_call(els)
    for agent in ("Mozilla/5.0", "WhatsApp/2.23", "Googlebot/2.1", "Mozilla/5.0"):
        with statements() as sent:
            browser.send("GET", f"/nl/wanted/{call.code}", headers={"User-Agent": agent})
        written = [line for line in sent if not line.startswith("SELECT")]
        assert all(line.startswith("UPDATE volunteer_call SET visits") for line in written)
    browser.send("HEAD", f"/nl/wanted/{call.code}/poster")
    signed_in(els).get(f"/nl/wanted/{call.code}")
    session().expire_all()
    assert call.visits == 2


def test_who_registers_through_it_is_counted_and_who_becomes_ready(els, signed_in, browser):
    a_plan(els, people(6))
    call = a_call(els)
    page = browser.get(f"/ar/wanted/{call.code}")
    (way_in,) = {link for link in page.links() if "register/buddy" in link}
    browser.get(way_in)
    answered(browser, "buddy", "ar")
    made = session().query(Buddy).filter_by(source=call.source).one()
    assert session().query(Registration).one().source == call.source
    staff = signed_in(els)
    assert numbers(staff.get(f"/nl/shortages/calls/{call.id}")) == ["1", "1", "0"]
    with transaction() as inside:
        one = inside.get_one(Buddy, made.id)
        one.state, one.screened_on = BuddyState.APPROVED, today()
    assert numbers(staff.get(f"/nl/shortages/calls/{call.id}")) == ["1", "1", "1"]
    table = staff.get("/nl/shortages").soup.select_one("#calls-table-caption ~ tbody tr")
    assert [cell.get_text(strip=True) for cell in table.select("td")] == ["1", "1", "1"]


def numbers(page):
    return [stat.get_text(strip=True) for stat in page.soup.select(".stats .stat b")]


@pytest.mark.parametrize("code", ["", "not-there", "x" * 500])
def test_a_code_of_no_call_changes_nothing(site, browser, code):
    browser.get(f"/nl/register/buddy?call={code}")
    answered(browser, "buddy", "nl")
    assert session().query(Buddy).one().source == "site"


def test_a_newcomer_has_no_source(els, browser):
    a_plan(els, people(6))
    browser.get(f"/nl/register/buddy?call={a_call(els).code}")
    answered(browser, "newcomer", "nl")
    assert session().query(Registration).filter_by(role="newcomer").one().source == "site"


def test_many_calls_and_people_are_not_more_statements(els, signed_in):
    def asked():
        a_plan(els, people(6))
        a_call(els)
        browser = signed_in(els)
        with statements() as sent:
            browser.get("/nl/shortages")
        return len(sent)

    first = asked()
    assert first <= 8
    assert asked() == first


def at_the_same_moment(site, act):
    ready = threading.Barrier(THREADS)

    def run():
        with site.app_context():
            ready.wait(timeout=20)
            try:
                act()
            finally:
                db.release()

    threads = [threading.Thread(target=run) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    session().rollback()


def test_two_clicks_at_the_same_moment_make_one_call_and_no_visit_is_lost(site, els):
    a_plan(els, people(6))
    viewer = factories.viewer(els)
    at_the_same_moment(site, lambda: shortages.make_call(viewer, "rivierenland"))
    call = session().query(VolunteerCall).one()
    at_the_same_moment(site, lambda: shortages.count_visit(call.id))
    session().expire_all()
    assert call.visits == THREADS


def test_this_test_would_see_a_count_that_is_read_and_written(site, els):
    a_plan(els, people(6))
    call_id = a_call(els).id
    session().rollback()
    read = threading.Barrier(THREADS)

    def careless():
        seen = session().get_one(VolunteerCall, call_id).visits
        session().rollback()
        read.wait(timeout=20)
        with transaction() as inside:
            inside.get_one(VolunteerCall, call_id).visits = seen + 1

    at_the_same_moment(site, careless)
    session().expire_all()
    assert session().get_one(VolunteerCall, call_id).visits == 1
