"""The coordinator's way through a plan: make it, look at it, judge pair by pair."""

from datetime import timedelta

import pytest
from sqlalchemy import event, select, update

from app import db
from app.clock import now, today
from app.db import session, transaction
from app.extensions import queue
from app.models import Buddy, Duo, Proposal, Run
from app.vocabulary import BuddyState, ProposalState
from app.vocabulary.records import RunState
from tests import factories

LANGUAGES = ("nl", "ar", "x-pseudo")
MOST_QUERIES = 8


@pytest.fixture
def coordinator(site):
    return factories.coordinator()


@pytest.fixture
def office(coordinator, signed_in):
    return signed_in(coordinator)


@pytest.fixture
def statements(site):
    """How many statements a page sends to the database."""
    sent = []

    def note(_connection, _cursor, statement, *_rest):
        if not statement.startswith("BEGIN"):
            sent.append(statement)

    event.listen(db.engine(), "before_cursor_execute", note)
    yield sent
    event.remove(db.engine(), "before_cursor_execute", note)


def some_people(pairs=3):
    for number in range(pairs):
        factories.newcomer(
            name=f"Amina Canary{number}",
            words="أحب الطبخ",
            words_language="ar",
            interests=["cooking", "chess"],
        )
        factories.buddy(name=f"Marleen Canary{number}", words="Ik kook graag.", words_language="nl")
    factories.newcomer(name="Yonas Ver", wished_gender="m", max_km=1)


def plan(office):
    page = office.get("/nl/matching")
    return office.submit(page)


def test_from_the_button_to_the_plan(office):
    some_people()
    page = plan(office)
    assert page.response.request.path.startswith("/nl/matching/runs/")
    run = session().scalars(select(Run)).one()
    assert (run.matched, run.newcomers) == (3, 4)
    overview = office.get("/nl/matching")
    assert (
        f"/nl/matching/proposals/{session().scalars(select(Proposal.id).order_by(Proposal.score.desc(), Proposal.id)).first()}"
        in overview.links()
    )


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_page_of_matching_in_every_kind_of_language(office, lang):
    office.get(f"/{lang}/matching")
    some_people()
    plan(office)
    proposal = session().scalars(select(Proposal)).unique().first()
    with transaction() as current:
        current.get_one(Proposal, proposal.id).priority = True
    for path in (
        "matching",
        f"matching/runs/{proposal.run_id}",
        f"matching/proposals/{proposal.id}",
        f"matching/proposals/{proposal.id}/refuse",
    ):
        office.get(f"/{lang}/{path}")


def test_a_page_of_matching_asks_the_database_little(office, statements):
    some_people(6)
    plan(office)
    proposal = session().scalars(select(Proposal)).unique().first()
    for path in (
        "/nl/matching",
        f"/nl/matching/runs/{proposal.run_id}",
        f"/nl/matching/proposals/{proposal.id}",
    ):
        statements.clear()
        office.get(path)
        assert len(statements) <= MOST_QUERIES, (path, len(statements), statements)


def test_judging_shows_reasons_words_and_others_but_no_contact(office):
    some_people()
    plan(office)
    proposal = session().scalars(select(Proposal).order_by(Proposal.id)).unique().first()
    page = office.get(f"/nl/matching/proposals/{proposal.id}")
    assert page.soup.select_one("blockquote[lang=ar]").get_text() == "أحب الطبخ"
    assert page.soup.select(".score rect")
    assert page.soup.select(".reason.for")
    assert page.soup.select(".reason.against")
    assert len(page.soup.select("#others li.possible")) == 2
    for person in (proposal.newcomer.person, proposal.buddy.person):
        assert person.email not in page.html
        assert person.phone not in page.html
        assert "Canary" not in page.html
    assert str(proposal.utility) not in page.html


def test_a_pair_on_hold_shows_what_others_cost_or_that_nobody_knows(office, statements):
    some_people()
    plan(office)
    proposal = session().scalars(select(Proposal).order_by(Proposal.id)).unique().first()
    path = f"/nl/matching/proposals/{proposal.id}"
    office.submit(office.get(path), f"form[action$='{proposal.id}/hold']")
    statements.clear()
    page = office.get(path)
    assert len(statements) <= MOST_QUERIES, (len(statements), statements)
    assert len(page.soup.select("#others li.possible ul")) == 2
    with transaction() as current:
        current.get_one(Buddy, proposal.buddy_id).state = BuddyState.PAUSED
    page = office.get(path)
    assert not page.soup.select("#others li.possible")
    assert page.soup.select("#others p.soft")


def test_approve_hold_and_refuse_lead_on_to_the_next_pair(office):
    some_people()
    plan(office)
    ranked = session().scalars(select(Proposal.id).order_by(Proposal.score.desc(), Proposal.id)).all()
    page = office.get(f"/nl/matching/proposals/{ranked[0]}")
    page = office.submit(page, f"form[action$='{ranked[0]}/approve']")
    assert page.response.request.path.endswith(f"/{ranked[1]}")
    page = office.submit(page, f"form[action$='{ranked[1]}/hold']")
    assert page.response.request.path.endswith(f"/{ranked[2]}")
    page = office.submit(page, f"form[action$='{ranked[2]}/refuse']", reason="not_now", note="Na de examens")
    session().expire_all()
    states = [session().get_one(Proposal, key).state for key in ranked]
    assert states == [ProposalState.APPROVED, ProposalState.HELD, ProposalState.REFUSED]
    page = office.get(f"/nl/matching/proposals/{ranked[1]}")
    office.submit(page, f"form[action$='{ranked[1]}/approve']")
    assert session().scalars(select(Duo)).unique().all() == []


def test_a_refusal_needs_a_reason_and_keeps_what_was_typed(office):
    some_people(1)
    plan(office)
    key = session().scalars(select(Proposal.id)).first()
    page = office.get(f"/nl/matching/proposals/{key}/refuse")
    page = office.submit(page, note="Eerst bellen", status=422)
    assert page.form()["note"] == "Eerst bellen"
    assert page.soup.select("#error-reason")
    page = office.submit(page, reason="nonsense", status=422)
    office.submit(page, reason="other", note="85.07.30-033.28", status=422)


def test_a_second_decision_is_refused_with_a_page(office):
    some_people(1)
    plan(office)
    key = session().scalars(select(Proposal.id)).first()
    office.post(f"/nl/matching/proposals/{key}/approve")
    for act in ("approve", "hold", "instead"):
        moved = office.post(f"/nl/matching/proposals/{key}/{act}", status=409)
        assert "Iemand anders" in moved.soup.select_one(".messages").get_text()
        assert "/nl/matching" in moved.links(), "the morning goes on from here"
        assert f"/fr/matching/proposals/{key}/{act}" not in moved.links(), (
            "it cannot be opened in another language"
        )
    assert (
        office.get(f"/nl/matching/proposals/{key}/refuse").response.request.path
        == f"/nl/matching/proposals/{key}"
    )
    page = office.get(f"/nl/matching/proposals/{key}")
    assert not page.soup.select("form[action$='/approve']")


def test_a_run_under_way_shows_how_far_it_is_and_can_be_stopped(office, monkeypatch):
    monkeypatch.setattr(queue, "put", lambda *_job: None)
    page = plan(office)
    assert page.soup.select_one("noscript meta[http-equiv=refresh]") or 'http-equiv="refresh"' in page.html
    assert page.soup.select("progress")
    office.get(page.response.request.path.replace("/nl/", "/x-pseudo/"))
    again = office.post("/nl/matching/runs", {"network": "rivierenland"})
    assert again.response.request.path == page.response.request.path
    office.submit(page, "form[action$='/stop']")
    assert session().scalars(select(Run.state)).one() is RunState.STOPPED
    office.get(page.response.request.path)
    office.get("/x-pseudo/matching")


def test_a_failed_run_says_what_to_do(office, coordinator):
    with transaction() as current:
        current.add(
            Run(
                network_slug="rivierenland",
                programme_id=1,
                state=RunState.FAILED,
                by_person_id=coordinator.id,
                as_of=today(),
                weights_version="t",
                weights={},
                finished_at=now(),
            )
        )
    page = office.get("/x-pseudo/matching")
    assert page.soup.select(".notice.bad")


def test_an_empty_network_gets_a_page_and_not_a_fault(office):
    page = plan(office)
    assert page.soup.select(".empty")


def test_small_groups_are_hidden_and_groups_behind_are_marked(office):
    for _ in range(6):
        factories.newcomer(languages=["ar"], dutch_level="a2")
        factories.buddy()
    for _ in range(5):
        factories.newcomer(languages=["ti"], dutch_level="none")
    factories.newcomer(languages=["so", "ar"])
    plan(office)
    page = office.get(f"/nl/matching/runs/{session().scalars(select(Run.id)).one()}")
    table = {
        row.select_one("th").get_text(" ", strip=True): [
            cell.get_text(strip=True) for cell in row.select("td")
        ]
        for row in page.soup.select("#main table")[0].select("tbody tr")
    }
    assert not [name for name in table if "Somali" in name]
    assert page.main.find(string="Talen van minder dan 5 mensen: Somalisch.")
    tigrinya = next((name, cells) for name, cells in table.items() if "Tigri" in name)
    assert next(iter(table)).startswith("Provincie"), "what is about everybody comes before the languages"
    assert [cells[0] for name, cells in table.items() if "Niveau" in name] == ["5", "7"]
    assert tigrinya[1][0] == "5"
    assert tigrinya[1][1].startswith("0")
    assert page.soup.select("tbody th .chip.bad")


@pytest.mark.parametrize(
    "path", ["matching/runs/{run}", "matching/proposals/{proposal}", "matching/proposals/{proposal}/refuse"]
)
def test_other_networks_see_the_same_as_what_does_not_exist(office, signed_in, path):
    some_people(1)
    plan(office)
    proposal = session().scalars(select(Proposal)).unique().one()
    stranger = signed_in(factories.coordinator("regio-gent"))
    foreign = stranger.get("/nl/" + path.format(run=proposal.run_id, proposal=proposal.id), status=404)
    none = stranger.get("/nl/" + path.format(run=999999, proposal=999999), status=404)
    assert foreign.text == none.text


@pytest.mark.parametrize("verb", ["approve", "hold", "refuse"])
def test_other_networks_decide_nothing(office, signed_in, verb):
    some_people(1)
    plan(office)
    key = session().scalars(select(Proposal.id)).one()
    stranger = signed_in(factories.coordinator("regio-gent"))
    stranger.post(f"/nl/matching/proposals/{key}/{verb}", {"reason": "other"}, status=404)
    stranger.post("/nl/matching/runs", {"network": "rivierenland"}, status=404)
    session().expire_all()
    assert session().get_one(Proposal, key).state is ProposalState.SUGGESTED


def test_looking_changes_nothing(office):
    some_people(1)
    plan(office)
    key = session().scalars(select(Proposal.id)).one()
    for verb in ("approve", "hold"):
        office.get(f"/nl/matching/proposals/{key}/{verb}", status=405)


def test_a_stale_run_is_taken_over_from_the_page(office, monkeypatch):
    put = queue.put
    monkeypatch.setattr(queue, "put", lambda *_job: None)
    plan(office)
    monkeypatch.setattr(queue, "put", put)
    with transaction():
        session().execute(update(Run).values(state=RunState.RUNNING, touched_at=now() - timedelta(minutes=5)))
    office.post("/nl/matching/runs", {"network": "rivierenland"})
    session().expire_all()
    assert session().scalars(select(Run.state)).one() is RunState.DONE


def test_long_lists_are_cut_into_pages(office):
    for _ in range(52):
        factories.newcomer()
    plan(office)
    path = f"/nl/matching/runs/{session().scalars(select(Run.id)).one()}"
    assert len(office.get(path).soup.select("#unmatched ~ .scroll tbody tr")) == 50
    second = office.get(path + "?page=2")
    assert len(second.soup.select("#unmatched ~ .scroll tbody tr")) == 2
    assert "52" in second.soup.select_one("#unmatched ~ ul").get_text()
    office.get(path + "?page=nonsense")


def test_a_pair_of_whom_one_is_gone_says_so_and_finds_another(office):
    some_people(2)
    plan(office)
    proposal = session().scalars(select(Proposal).order_by(Proposal.id)).first()
    with transaction():
        proposal.buddy.state = BuddyState.PAUSED
    page = office.get(f"/nl/matching/proposals/{proposal.id}")
    assert page.status == 200
    assert not page.soup.select(".decide"), "there is nothing to approve, hold or refuse"
    office.submit(page, "main form[action$='/again']")
    session().expire_all()
    assert session().get_one(Proposal, proposal.id).state is ProposalState.LAPSED


def test_what_is_shown_to_a_newcomer_is_not_counted_as_to_judge(office):
    some_people(3)
    plan(office)
    shown = session().scalars(select(Proposal).order_by(Proposal.score.desc(), Proposal.id)).first()
    with transaction():
        shown.state = ProposalState.OFFERED
    for path in ("matching", "matching/networks/rivierenland"):
        text = office.get(f"/nl/{path}").main.get_text(" ", strip=True)
        assert "2 paren te beoordelen" in text
        assert "1 paar getoond aan een nieuwkomer die kiest" in text
    assert f"/nl/matching/proposals/{shown.id}" not in office.get("/nl/matching").links(), (
        "it does not come first"
    )


def test_a_pair_left_on_hold_by_an_earlier_plan_stands_in_the_queue_of_the_one_that_stands(office):
    some_people(3)
    plan(office)
    held = session().scalars(select(Proposal.id).order_by(Proposal.id)).first()
    office.post(f"/nl/matching/proposals/{held}/hold")
    plan(office)
    newest = session().scalars(select(Proposal).order_by(Proposal.id.desc())).first()
    page = office.get(f"/nl/matching/proposals/{held}")
    assert f"/nl/matching/proposals/{newest.id}" in page.links()
    after = office.post(f"/nl/matching/proposals/{held}/approve")
    assert after.response.request.path in {
        f"/nl/matching/proposals/{key}"
        for key in session().scalars(select(Proposal.id).where(Proposal.run_id == newest.run_id))
    }
