"""Reports of staff, and accepted proofs as files for the agency's own database."""

import csv
import io
import json
import re
from pathlib import Path

import pytest

from app.db import session
from app.models import AuditEntry, HourEntry
from app.services import proof_exports, trajectories
from app.vocabulary import EntryState, Obligation
from tests import factories
from tests.hours_screens import LANGS
from tests.hours_world import track_for

DOCUMENTED = Path(__file__).parents[2] / "docs" / "proofs-export.md"


@pytest.fixture
def els(site):
    """A counsellor of AgII with one newcomer, who has an accepted proof of two times with a name like a formula."""
    return factories.counsellor(full_name="Els Peeters")


@pytest.fixture
def sami(els):
    newcomer = factories.newcomer(name="=Sami", counsellor=els)
    factories.contract(newcomer, els)
    return newcomer


@pytest.fixture
def accepted(els, sami):
    offer = factories.offer(title="Taalcafé; elke week", contact_person=factories.contact(name="Olena"))
    proof = factories.proof(
        *(factories.entry(sami, offer, minutes=75, state=EntryState.CONFIRMED) for _ in range(2))
    )
    accept(els, sami, proof)
    return proof


def accept(counsellor, newcomer, proof):
    trajectories.accept(factories.viewer(counsellor), newcomer.id, proof.id, track_for)


def lines_of(browser, agency="agii"):
    answer = browser.send("GET", f"/nl/reports/proofs/{agency}.csv")
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"), newline=""), delimiter=";"))


def proofs_in_json(browser):
    answer = browser.send("GET", "/nl/reports/proofs/agii.json")
    assert answer.content_type == "application/json"
    return json.loads(answer.data)


@pytest.mark.parametrize("lang", LANGS)
def test_every_page_in_every_script(accepted, els, signed_in, lang):
    browser = signed_in(els)
    page = browser.get(f"/{lang}/reports")
    assert f"/{lang}/reports/proofs" in page.links()
    for name in ("finished", "running", "hours", "flow", "channels"):
        assert f"/{lang}/reports/{name}" in page.links()
        browser.get(f"/{lang}/reports/{name}")
        for kind in ("csv", "xlsx"):
            assert browser.send("GET", f"/{lang}/reports/{name}.{kind}").status_code == 200
    browser.get(f"/{lang}/reports/proofs")


def test_a_counsellor_sees_the_own_people_as_they_are(accepted, els, signed_in):
    page = signed_in(els).get("/nl/reports/running")
    rows = {
        row.th.get_text(strip=True): [cell.get_text(strip=True) for cell in row.select("td")]
        for row in page.soup.select("tbody tr, tfoot tr")
    }
    assert rows[str(Obligation.OBLIGED.label)] == ["1", "0", "1", "0", "0", "0"]
    assert [head.get_text(strip=True) for head in page.soup.select("thead th")][2:] == [
        "0",
        "1–9",
        "10–19",
        "20–29",
        "30–39",
    ]


def test_a_coordinator_reads_why_something_is_held_back(accepted, signed_in):
    page = signed_in(factories.coordinator()).get("/nl/reports/finished")
    assert "<5" in page.soup.select_one("table").get_text()
    assert "/nl/reports/proofs" not in signed_in(factories.coordinator()).get("/nl/reports").links()


@pytest.mark.parametrize("question", ["to=2999-01-01", "from=zz"])
def test_bad_days_are_refused_in_words(els, signed_in, question):
    browser = signed_in(els)
    assert browser.get(f"/nl/reports/hours?{question}", status=422).soup.select("[aria-invalid=true]")
    assert browser.send("GET", f"/nl/reports/hours.csv?{question}").status_code == 404


def test_an_accepted_proof_is_one_line(accepted, els, sami, signed_in):
    (line,) = lines_of(signed_in(els))
    assert tuple(line) == proof_exports.COLUMNS
    assert line["proof_number"] == accepted.number
    assert (line["state"], line["replaces"], line["agency"]) == ("accepted", "", "agii")
    assert (line["minutes_signed"], line["minutes_accepted"], line["hours_accepted"]) == (
        "150",
        "150",
        "2:30",
    )
    assert line["newcomer_name"] == "'=Sami", "no spreadsheet calculates a name"
    assert line["newcomer_number"] == str(sami.id)
    assert line["activities"] == "Taalcafé; elke week"


def test_json_says_the_same_and_which_lines_count(accepted, els, signed_in):
    browser = signed_in(els)
    whole = proofs_in_json(browser)
    (proof,) = whole["proofs"]
    assert "agency's own database is the record" in whole["record"]
    assert proof["newcomer_name"] == "=Sami", "a program reads it, nothing is calculated"
    assert [line["counts"] for line in proof["lines"]] == [True, True]
    (line,) = lines_of(browser)
    assert {name: str(proof[name]) for name in proof_exports.COLUMNS} == {**line, "newcomer_name": "=Sami"}


def test_the_same_proofs_give_the_same_file(accepted, els, signed_in):
    browser = signed_in(els)
    for kind in ("csv", "json"):
        first, second = (browser.send("GET", f"/nl/reports/proofs/agii.{kind}").data for _ in range(2))
        assert first == second


def test_reading_every_file_in_by_number_gives_what_counts(accepted, els, sami, signed_in):
    """R50: a correction is a new number, and its file takes the old one out wherever it was read in before."""
    browser, database = signed_in(els), {}

    def read_in():
        for line in lines_of(browser):
            database[line["proof_number"]] = line
        return sum(int(line["minutes_accepted"]) for line in database.values())

    assert read_in() == read_in() == 150
    wrong = session().query(HourEntry).filter_by(state=EntryState.ACCEPTED).first()
    trajectories.reverse(factories.viewer(els), sami.id, wrong.id, note="She was ill")
    assert read_in() == 75
    assert len(database) == 2
    assert database[accepted.number]["state"] == "withdrawn"
    (now_valid,) = (line for line in database.values() if line["state"] == "accepted")
    assert now_valid["replaces"] == accepted.number
    rest = session().query(HourEntry).filter_by(state=EntryState.ACCEPTED).one()
    trajectories.reverse(factories.viewer(els), sami.id, rest.id, note="She was ill again")
    assert read_in() == 0
    assert {line["state"] for line in database.values()} == {"withdrawn"}


def test_what_is_not_accepted_or_lies_outside_the_term_is_not_counted(els, sami, signed_in):
    """R01, R03."""
    offer = factories.offer()
    factories.proof(factories.entry(sami, factories.offer(), state=EntryState.CONFIRMED))
    inside = factories.entry(sami, offer, minutes=60, state=EntryState.CONFIRMED)
    early = factories.entry(
        sami, offer, minutes=45, state=EntryState.CONFIRMED,
        starts_at=inside.starts_at.replace(year=inside.starts_at.year - 2),
    )  # fmt: skip
    accept(els, sami, factories.proof(early, inside))
    (line,) = lines_of(signed_in(els))
    assert (line["minutes_signed"], line["minutes_accepted"]) == ("105", "60")


def test_each_agency_and_each_caseload_for_itself(accepted, els, signed_in):
    assert lines_of(signed_in(factories.counsellor())) == [], "a colleague has other newcomers"
    assert signed_in(els).send("GET", "/nl/reports/proofs/atlas.csv").status_code == 404
    both = factories.counsellor("atlas")
    assert signed_in(both).send("GET", "/nl/reports/proofs/agii.csv").status_code == 404
    assert lines_of(signed_in(both), "atlas") == []


def test_a_newcomer_of_another_agency_does_not_stand_in_the_file(accepted, els, sami, signed_in):
    factories.contract(sami, els, number=2, agency_slug="atlas", reason="Moved to Antwerp")
    assert lines_of(signed_in(els)) == []


@pytest.mark.parametrize("make", [factories.coordinator, factories.administrator, factories.person])
def test_others_take_no_proofs(accepted, signed_in, make):
    browser = signed_in(make())
    assert browser.send("GET", "/nl/reports/proofs/agii.csv").status_code == 403
    assert browser.send("GET", "/nl/reports/proofs").status_code == 403


def test_each_file_is_written_in_the_audit_log(accepted, els, signed_in):
    lines_of(signed_in(els))
    (entry,) = session().query(AuditEntry).filter_by(action="proofs-exported")
    assert (entry.actor_id, entry.facts) == (els.id, {"agency": "agii", "rows": 1, "kind": "csv"})


def test_every_column_is_defined_in_the_documentation():
    defined = re.findall(r"^\| `(\w+)` \|", DOCUMENTED.read_text(encoding="utf-8"), re.MULTILINE)
    assert tuple(defined) == proof_exports.COLUMNS


def test_the_page_says_whose_database_is_the_record(accepted, els, signed_in):
    text = signed_in(els).get("/en/reports/proofs").soup.get_text()
    assert "The agency's own database is the record." in text
