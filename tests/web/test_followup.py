"""Extension, exemption, decisions, transfer and warm handover on the screens; and the page of rules."""

import re
from datetime import timedelta

import pytest

from app.clock import today
from app.db import session
from app.models import (
    ContractVersion,
    CounsellorTransfer,
    Exemption,
    Newcomer,
    TargetRule,
    TrajectoryDecision,
    WarmHandover,
)
from app.vocabulary.contracts import DecisionKind
from tests import factories
from tests.architecture.source import ROOT

EXEMPTION = {
    "ground": "work_employee", "half_time": "y", "evidence": "employment_contract", "seen_on": "2026-01-05",
    "valid_from": "2026-01-05", "from_1": "2026-01-01", "to_1": "2026-03-29",
}  # fmt: skip


@pytest.fixture
def people(site):
    counsellor = factories.counsellor(full_name="Els Peeters")
    newcomer = factories.newcomer(name="Olena K", locale="uk", counsellor=counsellor)
    factories.contract(newcomer, counsellor, starts_on=today() - timedelta(days=300), days=-3)
    return newcomer, counsellor


def only(kind):
    session().expire_all()
    return session().query(kind).one()


def test_extension(people, signed_in):
    newcomer, counsellor = people
    client = signed_in(counsellor)
    late = (today() + timedelta(days=90)).isoformat()
    page = client.get(f"/nl/caseload/{newcomer.id}/extend")
    refused = client.submit(page, status=422, ends_on=late, reason="Geen plaats")
    assert refused.form()["ends_on"] == late
    page = client.submit(refused, cause="no_offer")
    assert "Geen plaats" in page.text
    assert session().query(ContractVersion).count() == 2
    early = client.submit(
        client.get(f"/nl/caseload/{newcomer.id}/extend"),
        status=422,
        ends_on="2020-01-01",
        cause="other",
        reason="x",
    )
    assert early.soup.select("[role=alert]")


def test_exemption_and_its_end(people, signed_in):
    newcomer, counsellor = people
    client = signed_in(counsellor)
    page = client.get(f"/nl/caseload/{newcomer.id}/exemption")
    refused = client.submit(page, status=422, **EXEMPTION)
    assert refused.soup.select_one("#error-from_1")
    assert refused.form()["to_1"] == "2026-03-29"
    numbered = client.submit(
        refused, status=422, note="nr 93.05.18-223.61", from_2="2026-03-30", to_2="2026-04-30"
    )
    assert session().query(Exemption).count() == 0
    early = client.submit(numbered, status=422, note="Voltijds", valid_from="2025-12-31")
    assert early.soup.select_one("#error-valid_from")
    client.submit(early, valid_from="2026-01-05")
    made = only(Exemption)
    assert [item.starts_on.isoformat() for item in made.contracts] == ["2026-01-01", "2026-03-30"]
    path = f"/nl/caseload/{newcomer.id}/exemption/{made.id}/end"
    assert made.valid_to.isoformat() == "2026-04-30"  # the last day of the contracts that join
    client.submit(client.get(path), status=422, ended_on="2026-05-01")
    client.submit(client.get(path), ended_on="2026-04-29")
    assert client.get("/nl/caseload").soup.select(f"#look + ul a[href$='/{newcomer.id}']")
    client.submit(client.get(f"/nl/caseload/{newcomer.id}/decide/looked_at"), words="Werkt elders verder")
    assert only(TrajectoryDecision).kind is DecisionKind.LOOKED_AT


def test_not_reached_and_completed_at_the_wrong_moment(people, signed_in):
    newcomer, counsellor = people
    client = signed_in(counsellor)
    page = client.get(f"/nl/caseload/{newcomer.id}/decide/not_reached")
    client.submit(page, status=422)
    page = client.submit(page, words="Vijf keer gebeld, twee keer gepraat")
    assert "Vijf keer gebeld" in page.text
    client.submit(client.get(f"/nl/caseload/{newcomer.id}/decide/completed"), status=409)


def test_transfer(people, signed_in):
    newcomer, counsellor = people
    client = signed_in(counsellor)
    assert not client.get(f"/nl/caseload/{newcomer.id}/transfer").soup.select("select[name=to]")
    colleague = factories.counsellor(full_name="An Maes")
    page = client.get(f"/nl/caseload/{newcomer.id}/transfer")
    client.post(f"/nl/caseload/{newcomer.id}/transfer", {"to": "999999"}, status=422)
    client.submit(page, status=422, note="x")  # nobody is chosen beforehand
    client.submit(page, to=str(colleague.id), note="Woont nu in Lier")
    client.get(f"/nl/caseload/{newcomer.id}", status=404)
    session().expire_all()
    assert session().get_one(Newcomer, newcomer.id).counsellor_id == colleague.id
    hers = signed_in(colleague)
    assert "Olena K" in hers.get("/nl/caseload").soup.select_one("#look").parent.get_text()
    page = hers.get(f"/nl/caseload/{newcomer.id}")
    assert "Woont nu in Lier" in page.text
    hers.submit(page, "main form[action$=seen]")
    assert only(CounsellorTransfer).seen_at


def test_warm_handover(people, signed_in):
    newcomer, counsellor = people
    client = signed_in(counsellor)
    page = client.get(f"/nl/caseload/{newcomer.id}/handover")
    soon = (today() + timedelta(days=3)).isoformat()
    refused = client.submit(page, status=422, to_whom="Club Doel", planned_on=soon)
    page = client.submit(refused, agreed="y")
    assert "Club Doel" in page.text
    client.submit(page, "main form[action$=done]")
    assert only(WarmHandover).done_on == today()


def test_rules(site, signed_in):
    client = signed_in(factories.administrator())
    for kind, values in (("target", {}), ("term", {}), ("ground", {"ground": "study"})):
        page = client.get(f"/nl/admin/rules/new/{kind}")
        given = {"since": "2030-01-01", "number": "24", "source": "Besluit X", **values}
        refused = client.submit(page, status=422, **{**given, "since": "2020-01-01"})
        assert refused.form()["number"] == "24"
        assert "Besluit X" in client.submit(refused, since="2030-01-01").text
    assert session().query(TargetRule).count() == 2
    client.submit(
        client.get("/nl/admin/rules/new/target"), status=422, since="2031-01-01", number="abc", source="x"
    )


PAGES = ("", "/extend", "/exemption", "/decide/not_reached", "/decide/looked_at", "/decide/completed", "/transfer", "/handover")  # fmt: skip


@pytest.mark.parametrize("lang", ["x-pseudo", "ar"])
def test_all_pages_in_other_languages(people, signed_in, lang):
    newcomer, counsellor = people
    factories.counsellor(full_name="An Maes")
    client = signed_in(counsellor)
    client.submit(client.get(f"/nl/caseload/{newcomer.id}/exemption"), **{**EXEMPTION, "to_1": ""})
    client.submit(
        client.get(f"/nl/caseload/{newcomer.id}/handover"),
        to_whom="Club Doel",
        planned_on="2026-12-01",
        agreed="y",
    )
    client.get(f"/{lang}/caseload")
    for page in (*PAGES, f"/exemption/{only(Exemption).id}/end"):
        client.get(f"/{lang}/caseload/{newcomer.id}{page}")
    keeper = signed_in(factories.administrator())
    for page in ("", "/new/target", "/new/term", "/new/ground"):
        keeper.get(f"/{lang}/admin/rules{page}")


@pytest.mark.parametrize("page", PAGES)
def test_others_see_nothing_of_it(people, signed_in, browser, page):
    newcomer, _counsellor = people
    path = f"/nl/caseload/{newcomer.id}{page}"
    for person in (
        factories.coordinator(),
        factories.administrator(),
        newcomer.person,
        factories.buddy().person,
    ):
        signed_in(person).get(path, status=403)
    other = signed_in(factories.counsellor())
    assert (
        other.get(path, status=404).main.get_text()
        == other.get(f"/nl/caseload/999999{page}", status=404).main.get_text()
    )
    assert browser.get(path).soup.select_one("input[name=password]")


def test_r27_no_sanction_is_kept_or_named():
    """R26-R29: fines and sanctions are outside the product; no table and no text knows the word."""
    named = re.compile(r"\b(sanction\w*|penalt\w*|boetes?|sancties?|amendes?|handhaving)\b", re.IGNORECASE)
    texts = [
        *(ROOT / "translations").glob("*/LC_MESSAGES/messages.po"),
        *(ROOT / "app" / "models").glob("*.py"),
    ]
    found = {path.name: named.findall(path.read_text(encoding="utf-8")) for path in texts}
    assert len(texts) > 20
    assert not {name: words for name, words in found.items() if words}
