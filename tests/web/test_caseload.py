"""The caseload on screen: filters in the address, files, several at once, and the history of one."""

import csv
import io
from datetime import timedelta

import pytest

from app.clock import now
from app.db import session
from app.models import AuditEntry, Message
from app.services import trajectories
from app.vocabulary import EntryState
from app.vocabulary.records import ProofState
from tests import factories
from tests.counting import statements
from tests.hours_screens import LANGS
from tests.hours_world import track_for


@pytest.fixture
def people(site):
    """A counsellor with a newcomer who has a signed proof and hours that wait, and one without anything."""
    counsellor = factories.counsellor(full_name="Els Peeters")
    newcomer = factories.newcomer(name="Olena <b>K</b>", counsellor=counsellor)
    factories.contract(newcomer, counsellor)
    offer = factories.offer(title="Taalcafé")
    at = now() - timedelta(days=4)
    proof = factories.proof(factories.entry(newcomer, offer, state=EntryState.CONFIRMED, starts_at=at))
    factories.entry(newcomer, offer, state=EntryState.SUBMITTED, starts_at=at - timedelta(days=1))
    return counsellor, newcomer, proof, factories.newcomer(name="=Sami", counsellor=counsellor)


def shown(page):
    return [cell.get_text() for cell in page.soup.select("tbody th")]


@pytest.mark.parametrize("lang", LANGS)
def test_pages_in_every_kind_of_language(people, signed_in, lang):
    counsellor, newcomer, _proof, empty = people
    office = signed_in(counsellor)
    for path in (
        "caseload", "caseload?waits=1&band=0&idle=2&ends=2030-01-01&obligation=obliged", "caseload?q=zzz",
        f"caseload/several/accept?newcomer={newcomer.id}&newcomer={empty.id}", f"caseload/several/accept?newcomer={empty.id}",
        f"caseload/several/remind?newcomer={newcomer.id}", f"caseload/several/remind?newcomer={empty.id}",
        f"caseload/{newcomer.id}/history", f"caseload/{empty.id}/history",
    ):  # fmt: skip
        office.get(f"/{lang}/{path}")


def test_filters_stay_in_the_address(people, signed_in):
    counsellor, newcomer, _proof, _empty = people
    office = signed_in(counsellor)
    page = office.get("/nl/caseload?waits=1&ends=2035-01-01&risk=tight")
    assert page.form("form.filters")["ends"] == "2035-01-01"
    assert shown(office.get("/nl/caseload?waits=1")) == [newcomer.person.full_name]
    assert shown(office.get("/nl/caseload?risk=no_contract")) == ["=Sami"]
    links = [link["href"] for link in office.get("/nl/caseload?waits=1").soup.select("a[download]")]
    assert links
    assert all("waits=1" in link for link in links)
    for odd in ("page=0", "page=99999", "page=x", "risk=zzz", "q=%00", "band=99", "band=x", "idle=3", "ends=31/12/2026", "obligation=fined"):  # fmt: skip
        assert len(shown(office.get(f"/nl/caseload?{odd}"))) in (0, 2)


def test_the_list_as_a_file_is_filtered_harmless_and_written_down(people, signed_in):
    counsellor, newcomer, _proof, _empty = people
    office = signed_in(counsellor)
    answer = office.send("GET", "/nl/caseload/list.csv")
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))
    assert {row[0] for row in rows[1:]} == {newcomer.person.full_name, "'=Sami"}
    assert len({len(row) for row in rows}) == 1
    one = office.send("GET", "/nl/caseload/list.xlsx?waits=1")
    assert one.data[:2] == b"PK"
    session().expire_all()
    audits = session().query(AuditEntry).filter_by(action="caseload-exported").order_by(AuditEntry.id)
    assert [row.facts["rows"] for row in audits] == [2, 1]
    assert office.send("GET", "/nl/caseload/list.pdf").status_code == 404


def test_accepting_several_after_a_summary(people, signed_in):
    counsellor, newcomer, proof, empty = people
    office = signed_in(counsellor)
    summary = office.get(f"/nl/caseload/several/accept?newcomer={newcomer.id}&newcomer={empty.id}&waits=1")
    session().expire_all()
    assert proof.state is ProofState.SIGNED  # looking changes nothing
    assert "=Sami" in summary.main.get_text()
    page = office.submit(summary, "main form[action*=accept]")
    session().expire_all()
    assert proof.state is ProofState.ACCEPTED
    assert page.soup.select(".notice.good")
    assert shown(page) == []  # the filter is kept: nobody waits any more
    again = office.submit(summary, "main form[action*=accept]")
    assert again.soup.select(".notice.wait")


def test_nothing_ticked_is_said(people, signed_in):
    office = signed_in(people[0])
    for page in (
        office.get("/nl/caseload/several/accept"),
        office.get("/nl/caseload/several/remind?newcomer=999999"),
        office.post("/nl/caseload/several/accept", {}),
    ):
        assert page.soup.select(".notice.wait")


def test_asking_contact_persons_again(people, signed_in):
    counsellor, newcomer, _proof, _empty = people
    office = signed_in(counsellor)
    summary = office.get(f"/nl/caseload/several/remind?newcomer={newcomer.id}")
    assert session().query(Message).filter_by(kind="confirm-hours").count() == 0
    office.submit(summary, "main form[action*=remind]")
    assert session().query(Message).filter_by(kind="confirm-hours").count() == 1


class TestHistory:
    def test_all_that_happened_newest_first_and_one_part_alone(self, people, signed_in):
        counsellor, newcomer, proof, _empty = people
        trajectories.accept(factories.viewer(counsellor), newcomer.id, proof.id, track_for)
        entry = factories.entry(newcomer, factories.offer(title="Koken"), state=EntryState.CONFIRMED)
        trajectories.give_back(
            factories.viewer(counsellor), newcomer.id, entry.id, note="Wie was <erbij>?", track_for=track_for
        )
        office = signed_in(counsellor)
        page = office.get(f"/nl/caseload/{newcomer.id}/history")
        lines = [line.get_text(" ", strip=True) for line in page.soup.select("ol.history li")]
        text = "\n".join(lines)
        assert "Wie was <erbij>?" in lines[0] + lines[1]
        assert "Els Peeters" in text
        assert proof.number in text
        everything = len(lines)
        parts = {
            part: len(
                office.get(f"/nl/caseload/{newcomer.id}/history?part={part}").soup.select("ol.history li")
            )
            for part in ("contract", "hours", "answers", "decisions", "letters", "buddy")
        }
        assert parts["contract"] == 1
        assert parts["decisions"] >= 3  # the proof, its line, what was given back
        assert parts["letters"] == 1
        assert sum(parts.values()) == everything
        assert (
            len(office.get(f"/nl/caseload/{newcomer.id}/history?part=zzz").soup.select("ol.history li"))
            == everything
        )

    def test_many_lines_are_cut_in_pages_and_ask_little(self, people, signed_in):
        counsellor, newcomer, proof, _empty = people
        actor = factories.viewer(counsellor)
        trajectories.accept(actor, newcomer.id, proof.id, track_for)
        for number in range(30):
            entry = factories.entry(
                newcomer,
                factories.offer(),
                state=EntryState.CONFIRMED,
                starts_at=now() - timedelta(days=number + 6),
            )
            trajectories.give_back(actor, newcomer.id, entry.id, note=f"Vraag {number}", track_for=track_for)
        office = signed_in(counsellor)
        seen = []
        for number in (1, 2):
            with statements() as sent:
                page = office.get(f"/nl/caseload/{newcomer.id}/history?page={number}")
            assert len(sent) <= 8
            seen += [line.get_text(" ", strip=True) for line in page.soup.select("ol.history li")]
        assert sum("Vraag" in line for line in seen) == 30
        assert not office.get(f"/nl/caseload/{newcomer.id}/history?page=50").soup.select("ol.history li")

    def test_nobody_else_reads_it(self, people, signed_in):
        _counsellor, newcomer, _proof, _empty = people
        for other, status in (
            (factories.counsellor(), 404), (factories.coordinator(), 403), (factories.administrator(), 403), (newcomer.person, 403),
        ):  # fmt: skip
            signed_in(other).get(f"/nl/caseload/{newcomer.id}/history", status=status)


def test_a_long_list_to_look_at_stays_folded_above_the_caseload(people, signed_in):
    counsellor = people[0]
    for _ in range(5):
        other = factories.newcomer(counsellor=counsellor)
        factories.contract(other, counsellor, days=-3)
    page = signed_in(counsellor).get("/nl/caseload")
    look = page.soup.select_one("section[aria-labelledby=look]")
    assert len(look.select(":scope > .todo li")) == 3
    assert len(look.select("details li")) == 2


def test_pages_of_one_newcomer_stand_under_the_caseload(people, signed_in):
    counsellor, newcomer, _proof, _empty = people
    office = signed_in(counsellor)
    for path, how in (
        ("caseload", "page"),
        (f"caseload/{newcomer.id}/history", "true"),
        ("caseload/to-do", "page"),
    ):
        here = office.get(f"/nl/{path}").soup.select("nav.sections [aria-current]")
        assert [(link["href"], link["aria-current"]) for link in here] == [
            ("/nl/caseload/to-do" if path.endswith("to-do") else "/nl/caseload", how)
        ]
