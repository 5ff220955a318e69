"""The coordinators' pages of people: found, filtered, taken away, acted on; nobody of another network in any of them."""

import csv
import io
import re
import zipfile
from datetime import timedelta

import pytest
from sqlalchemy import text

from app.clock import now, today
from app.db import session, transaction
from app.models import AuditEntry, Buddy, CheckIn, Newcomer, Person, StaffNote
from app.services import screening
from app.vocabulary import BuddyState, NewcomerState, Role
from app.vocabulary.exports import ExportReason
from app.vocabulary.together import Mood
from tests import duo_factories, factories
from tests.counting import statements

LISTS = ("people/buddies", "people/newcomers")
CANARY = "Kanarievogel"


@pytest.fixture
def els():
    return factories.coordinator("rivierenland")


@pytest.fixture
def two_networks(site, els):
    """People of both networks; those of the other carry the canary in every text."""
    theirs = factories.coordinator("kempen", full_name=f"{CANARY} coordinator")
    mine = (factories.buddy(name="Ann Ünal"), factories.newcomer(name="أحمد"))
    foreign = (
        factories.buddy("2300", name=f"{CANARY} b", words=CANARY),
        factories.newcomer("2300", name=f"{CANARY} n", words=CANARY),
    )
    with transaction():
        for one in foreign:
            one.person.phone = "+32470999999"
            session().add(
                StaffNote(
                    person_id=one.person_id,
                    network_slug=one.network_slug,
                    by_person_id=theirs.id,
                    text=CANARY,
                )
            )
    return mine, foreign, theirs


@pytest.mark.parametrize("lang", ["x-pseudo", "nl", "ar"])
@pytest.mark.parametrize("path", LISTS)
def test_lists_with_and_without_people(signed_in, els, lang, path):
    browser = signed_in(els)
    browser.get(f"/{lang}/{path}")
    browser.get(f"/{lang}/{path}?q=zzz")
    factories.buddy(name="Ann")
    factories.newcomer(name="أحمد")
    browser.get(f"/{lang}/{path}?sort=name&down=1")


@pytest.mark.parametrize("lang", ["x-pseudo", "nl", "ar"])
@pytest.mark.parametrize("state", list(BuddyState))
def test_page_of_a_buddy_in_every_state(signed_in, els, lang, state):
    buddy = factories.buddy(state=state, words="Ik help graag", talk_at=now(), paused_until=today())
    page = signed_in(els).get(f"/{lang}/people/buddies/{buddy.id}")
    assert "+32470000001" not in page.html


@pytest.mark.parametrize("lang", ["x-pseudo", "nl", "ar"])
@pytest.mark.parametrize("state", list(NewcomerState))
def test_page_of_a_newcomer_in_every_state(signed_in, els, lang, state):
    newcomer = factories.newcomer(state=state, counsellor=factories.counsellor())
    page = signed_in(els).get(f"/{lang}/people/newcomers/{newcomer.id}")
    assert "+32470000002" not in page.html


def test_contract_facts_are_never_seen(signed_in, els):
    counsellor = factories.counsellor()
    newcomer = factories.newcomer(counsellor=counsellor)
    factories.contract(newcomer, counsellor, days=217)
    ends = factories.days_from_now(217).isoformat()
    browser = signed_in(els)
    for path in (
        f"people/newcomers/{newcomer.id}",
        "people/newcomers",
        "people/newcomers.csv?why=report",
        "today",
    ):
        page = browser.get(f"/nl/{path}") if "." not in path else browser.send("GET", f"/nl/{path}")
        text = page.html if hasattr(page, "html") else page.get_data(as_text=True)
        assert not re.search(rf"{ends}|obliged|Verplicht|agii", text, re.IGNORECASE)


def test_nobody_of_another_network_on_any_page_or_in_any_file(signed_in, els, two_networks):
    mine, (buddy, newcomer), _theirs = two_networks
    browser = signed_in(els)
    for path in (
        "today",
        *LISTS,
        "people/import",
        "network",
        f"people/buddies/{mine[0].id}",
        "people/buddies?q=kanarie",
    ):
        main = browser.get(f"/nl/{path}").main.get_text()
        assert CANARY not in main
    for name in ("buddies", "newcomers"):
        for kind in ("csv", "xlsx"):
            data = browser.send("GET", f"/nl/people/{name}.{kind}?q=&why=reach").get_data()
            text = data if kind == "csv" else zipfile.ZipFile(io.BytesIO(data)).read("xl/sharedStrings.xml")
            assert CANARY.encode() not in text
            assert (mine[0] if name == "buddies" else mine[1]).person.full_name.encode() in text
    unknown = browser.get("/nl/people/buddies/999999", status=404)
    for path in (f"people/buddies/{buddy.id}", f"people/newcomers/{newcomer.id}", "network/kempen"):
        assert browser.get(f"/nl/{path}", status=404).main.get_text() == unknown.main.get_text()
    for path in (
        f"people/buddies/{buddy.id}/let_go",
        f"people/newcomers/{newcomer.id}/code",
        f"people/newcomers/{newcomer.id}/wait",
    ):
        browser.post(f"/nl/{path}", {"let_go-reason": "asked"}, status=404)
    assert session().get_one(Buddy, buddy.id).state is BuddyState.APPROVED


@pytest.mark.parametrize(
    "make",
    [
        factories.administrator, factories.counsellor, lambda: factories.buddy().person, lambda: factories.newcomer().person,
        lambda: factories.person(roles=(Role.HELPER,)),
    ],
)  # fmt: skip
def test_other_roles_do_not_come_in(signed_in, make):
    buddy, newcomer = factories.buddy(), factories.newcomer()
    browser = signed_in(make())
    for path in (
        *LISTS,
        "today",
        "people/import",
        "network",
        f"people/buddies/{buddy.id}",
        f"people/newcomers/{newcomer.id}",
        "people/buddies.csv",
    ):
        browser.get(f"/nl/{path}", status=403)
    browser.post(f"/nl/people/newcomers/{newcomer.id}/code", status=403)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=unal", {"Ann Ünal"}),
        ("q=ünal ann", {"Ann Ünal"}),
        ("q=zoë", {"Zoe"}),
        ("q=%25", set()),
        ("q=_", set()),
        ("state=paused", {"Zoe"}),
        ("state=nonsense", set()),
        ("municipality=Lier", {"Zoe"}),
        ("language=ar", {"Zoe"}),
        ("language=a", set()),
        ("interest=chess", {"Ann Ünal"}),
        ("interest=che", set()),
        ("q=%2B32470000001", {"Ann Ünal", "Zoe"}),
        ("page=99999999999999999999", {"Ann Ünal", "Zoe"}),
        ("page=-1&sort=nonsense", {"Ann Ünal", "Zoe"}),
        ("q=%00", set()),
    ],
)
def test_finding_and_filtering(signed_in, els, query, found):
    factories.buddy(name="Ann Ünal", interests=["chess"])
    factories.buddy("2500", name="Zoe", state=BuddyState.PAUSED, languages=["ar"])
    page = signed_in(els).get(f"/nl/people/buddies?{query}")
    assert {row.get_text() for row in page.soup.select("tbody th a")} == found


def test_sorting_and_pages(signed_in, els):
    for number in range(51):
        factories.buddy(name=f"N{number:02}")
    browser = signed_in(els)
    page = browser.get("/nl/people/buddies?sort=name")
    names = [row.get_text() for row in page.soup.select("tbody th a")]
    assert names == sorted(names)
    assert len(names) == 50
    assert page.soup.select_one("th[aria-sort=ascending]")
    last = browser.get("/nl/people/buddies?sort=name&page=2")
    assert [row.get_text() for row in last.soup.select("tbody th a")] == ["N50"]
    assert (
        browser.get("/nl/people/buddies?sort=name&down=1").soup.select_one("tbody th a").get_text() == "N50"
    )


def test_few_statements_a_page(signed_in, els):
    buddies = [factories.buddy() for _ in range(12)]
    newcomers = [factories.newcomer() for _ in range(12)]
    duo_factories.duo(newcomer=newcomers[0], buddy=buddies[0], approved_by=els)
    browser = signed_in(els)
    pages = [*LISTS, f"people/buddies/{buddies[0].id}", f"people/newcomers/{newcomers[0].id}"]
    counts = {}
    for path in pages:
        with statements() as sent:
            browser.send("GET", f"/nl/{path}")
        counts[path] = len(
            [statement for statement in sent if "sign_in" not in statement and "role_grant" not in statement]
        )
    assert max(counts.values()) <= 8, counts


def test_files_hold_what_is_shown_and_are_written_down(signed_in, els):
    factories.buddy(name="=cmd|' /C calc'!A0", interests=["chess"])
    factories.buddy(name="Zoe")
    answer = signed_in(els).send("GET", "/nl/people/buddies.csv?interest=chess&why=gathering")
    assert (
        answer.headers["Content-Disposition"] == f'attachment; filename="buddies-{today().isoformat()}.csv"'
    )
    lines = list(csv.reader(io.StringIO(answer.get_data(as_text=True).lstrip("\ufeff")), delimiter=";"))
    assert len(lines) == 2
    assert lines[1][0].startswith("'=")
    assert lines[1][3] == "'+32470000001"
    entry = session().query(AuditEntry).filter_by(action="buddies-exported").one()
    assert (entry.actor_id, entry.network_slug, entry.facts) == (
        els.id,
        "rivierenland",
        {"rows": 1, "why": "gathering"},
    )
    signed_in(els).get("/nl/people/buddies.html", status=404)


def test_what_a_file_is_for_is_told_first_and_few_are_taken_in_one_day(signed_in, els, monkeypatch):
    """T18: no list with contact details without a reason, and not one after the other."""
    monkeypatch.setattr(screening, "FILES_A_DAY", 3)
    factories.newcomer()
    browser = signed_in(els)
    page = browser.get("/nl/people/newcomers")
    form = page.soup.select_one("form[action$='/people/newcomers.csv']")
    assert [one["value"] for one in form.select("#why option")] == ["", *ExportReason]
    for query in ("", "?why=", "?why=nothing"):
        browser.get(f"/nl/people/newcomers.csv{query}", status=422)
    assert not session().query(AuditEntry).filter_by(action="newcomers-exported").count()
    for kind in ("csv", "xlsx", "csv"):
        assert browser.send("GET", f"/nl/people/newcomers.{kind}?why=reach").status_code == 200
    browser.get("/nl/people/newcomers.csv?why=reach", status=409)
    assert session().query(AuditEntry).filter_by(action="newcomers-exported").count() == 3
    with transaction() as db:
        db.execute(text("UPDATE person SET demo = true"))
        db.execute(text("UPDATE audit_entry SET at = '2020-01-01 00:00:00+00:00'"))
    assert browser.send("GET", "/nl/people/newcomers.csv?why=reach").status_code == 200


def test_no_word_of_a_query_is_one_for_the_maker_of_addresses(signed_in, browser, els):
    buddies = [factories.buddy() for _ in range(51)]
    reader = signed_in(els)
    page = reader.get(f"/nl/people/buddies/{buddies[0].id}?buddy_id=x")
    assert page.soup.select_one("a[hreflang=fr]")["href"] == f"/fr/people/buddies/{buddies[0].id}"
    for query in ("endpoint=x", "lang=q", "_external=1", "_method=PUT", "_scheme=x", "_anchor=x", "kind=x"):
        main = reader.get(f"/nl/people/buddies?sort=name&{query}").main
        links = [link["href"] for link in main.select("thead a, nav a")]
        assert len(links) > 4
        assert all(link.startswith("/nl/people/buddies?") and "#" not in link for link in links), query
        for path in ("", "/languages", "/activities"):
            links = browser.get(f"/nl{path}?{query}").soup.select("a[hreflang]")
            assert links
            assert all(link["href"].startswith(f"/{link['hreflang']}") for link in links), query


@pytest.mark.parametrize("lang", ["nl", "ar", "x-pseudo"])
def test_who_forgot_what_a_file_is_for_is_asked_at_the_list_as_it_was(signed_in, els, lang):
    for make, people in ((factories.buddy, "buddies"), (factories.newcomer, "newcomers")):
        for name in ("Ann Müller", "Jan Kok"):
            make(name=name)
        browser = signed_in(els)
        page = browser.get(f"/{lang}/people/{people}?q=muller&sort=name&down=1")
        form = f"main form[action$='/people/{people}.csv']"
        assert page.soup.select_one(f"{form} #why[required]")
        assert not page.soup.select("#error-why")
        sent = browser.send("GET", f"/{lang}/people/{people}.xlsx", query_string=page.form(form))
        assert sent.headers["Location"].endswith("#why")
        page = browser.get(sent.headers["Location"].removesuffix("#why"), status=422)
        why = page.soup.select_one(f"{form} #why")
        assert page.soup.find(id=why["aria-describedby"]).get_text(strip=True)
        assert page.form("form[role=search]")["q"] == "muller"
        assert (page.form(form)["sort"], page.form(form)["down"]) == ("name", "1")
        assert "Ann Müller" in page.text
        assert "Jan Kok" not in page.text
        assert not page.main.select("a[href*='why=']")
        page = browser.get(f"/{lang}/people/{people}?q=muller&why=&page=1")
        assert not page.soup.select("#error-why")


def test_a_look_at_contact_details_is_written_down(signed_in, els):
    buddy, newcomer = factories.buddy(), factories.newcomer()
    browser = signed_in(els)
    assert "+32470000001" in browser.get(f"/nl/people/buddies/{buddy.id}?contact=1").html
    assert "+32470000002" in browser.get(f"/nl/people/newcomers/{newcomer.id}?contact=1").html
    looks = session().query(AuditEntry).filter_by(action="contact-seen").order_by(AuditEntry.id).all()
    assert [(look.subject, look.subject_id) for look in looks] == [
        ("buddy", buddy.id),
        ("newcomer", newcomer.id),
    ]


def test_from_candidate_to_ready_by_the_pages(signed_in, els):
    buddy = factories.buddy(state=BuddyState.VERIFIED, insurer="")
    browser = signed_in(els)
    path = f"/nl/people/buddies/{buddy.id}"

    def act(name, *, status=200, **fields):
        page = browser.get(path)
        assert {f"{name}-{key}" for key in fields if key != "with_minors"} <= set(
            page.form(f"form[action$='/{name}']")
        )
        return browser.submit(
            page,
            f"form[action$='/{name}']",
            status=status,
            **{f"{name}-{key}": value for key, value in fields.items()},
        )

    refused = act("plan_talk", status=422, day="31/02/2026", time="09:00")
    assert refused.soup.select_one("#plan_talk-day")["aria-invalid"] == "true"
    assert refused.form("form[action$=plan_talk]")["plan_talk-time"] == "09:00"
    act("plan_talk", status=422, day="2020-01-01", time="09:00")
    act("plan_talk", day=(today() + timedelta(days=1)).isoformat(), time="09:00")
    act("talk_held")
    act("approve", status=422)
    act("note_handed", version="2026-1")
    act("insurer", insurer="Ethias")
    act("extract", with_minors="y", seen_on=today().isoformat())
    act("note", note="Fijn gesprek\r\n=1+1")
    page = act("approve")
    assert session().get_one(Buddy, buddy.id, populate_existing=True).state is BuddyState.APPROVED
    assert "2026-1" in page.text
    act("pause", status=422, until=today().isoformat())
    act("pause", until=(today() + timedelta(days=9)).isoformat())
    act("resume")
    act("let_go", status=422)
    assert session().get_one(Buddy, buddy.id, populate_existing=True).state is BuddyState.APPROVED
    act("let_go", reason="moved", note="verhuisd")
    act("block", status=422, review_on=(today() + timedelta(days=90)).isoformat())
    browser.post(f"{path}/resume", status=409)
    browser.post(f"{path}/nonsense", status=404)
    browser.post(f"{path}/let_go", {"let_go-reason": "nonsense"}, status=422)


def test_newcomer_by_the_pages(signed_in, els):
    newcomer = factories.newcomer(state=NewcomerState.REGISTERED, email=False)
    counsellor = factories.counsellor(full_name="Rik Counsel")
    browser = signed_in(els)
    path = f"/nl/people/newcomers/{newcomer.id}"
    page = browser.get(path)
    browser.submit(page, "form[action$=advise]")
    browser.submit(browser.get(path), "form[action$=wait]")
    refused = browser.submit(
        browser.get(path), "form[action$=counsellor]", status=422, **{"counsellor-email": "nobody@example.be"}
    )
    assert refused.form("form[action$=counsellor]")["counsellor-email"] == "nobody@example.be"
    assert (
        "Rik Counsel"
        in browser.submit(
            browser.get(path), "form[action$=counsellor]", **{"counsellor-email": counsellor.email}
        ).text
    )
    answer = browser.post(f"{path}/code")
    code = answer.soup.select_one("code.big").get_text()
    assert re.fullmatch(r"[A-Z0-9]{5}-[A-Z0-9]{5}", code)
    assert code not in browser.get(path).html
    browser.submit(browser.get(path), "form[action$=leave]", **{"leave-reason": "moved"})
    assert session().get_one(Newcomer, newcomer.id, populate_existing=True).state is NewcomerState.LEFT


def test_a_name_in_another_script_stands_beside_how_its_owner_writes_it_in_latin_letters(signed_in, els):
    newcomer = factories.newcomer(name="يوسف")
    with transaction() as db:
        db.get_one(Person, newcomer.person_id).latin_name = "Youssef"
    row = signed_in(els).get("/nl/people/newcomers").soup.select_one("tbody th")
    assert [name.get_text() for name in row.select("bdi")] == ["يوسف", "Youssef"]


def test_a_check_in_is_told_with_its_day_and_without_a_clock(signed_in, els):
    duet = duo_factories.duo(newcomer=factories.newcomer(), buddy=factories.buddy(), approved_by=els)
    with transaction() as db:
        db.add(CheckIn(duo_id=duet.id, on=today(), mood=Mood.GOOD.value, by_person_id=els.id))
    page = signed_in(els).get(f"/en/people/buddies/{duet.buddy_id}")
    line = next(line for line in page.soup.select(".history li") if "Check-in" in line.get_text())
    assert len(line.select_one(".soft time")["datetime"]) == len("2026-11-21")


def test_search_key_follows_the_name(site):
    person = factories.person(full_name="Øyvind Łukasz", call_name="ЁЖ")
    assert person.search_key == "oyvind lukasz еж"
    with transaction():
        session().get_one(Person, person.id).full_name = "José"
    assert session().get_one(Person, person.id).search_key.startswith("jose")
