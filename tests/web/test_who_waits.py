"""What pages say of somebody whom a plan leaves without a buddy, of who is missing, and of what a place is worth."""

import re

import pytest
from sqlalchemy import select

from app.db import session
from app.models import Proposal, Run
from app.services import matches
from tests import duo_factories, factories
from tests.counting import statements

CODES = re.compile(r"too_far|no_slot|no_language|gender_wish|past_pair|no_capacity|low_score|no_place|max_km")
LANGS = ("x-pseudo", "nl", "fr", "ar")


@pytest.fixture
def els(site):
    return factories.coordinator()


@pytest.fixture
def newcomers(els):
    """Five whom a plan leaves alone, each for another reason; the first of them could change three things."""
    alone = {
        "gender_wish": factories.newcomer(
            name="Amina Ver", wished_gender="m", availability=["sat-morning", "sun-morning"]
        ),
        "too_far": factories.newcomer(name="Bilal Ver", postcode="2830", max_km=1),
        "no_slot": factories.newcomer(name="Chen Ver", availability=["fri-evening"]),
        "no_language": factories.newcomer(name="Dana Ver", dutch_level="none", languages=["ti"]),
    }
    fits = [factories.newcomer(name=f"Past {number}") for number in range(3)]
    factories.buddy(name="Marleen Maes", gender="f", languages=["nl", "fr"])
    full = factories.buddy(name="Koen Claes", gender="f", capacity=1)
    duo_factories.duo(newcomer=factories.newcomer(), buddy=full, approved_by=els)
    matches.start_run(factories.viewer(els), "rivierenland")
    return alone | {"no_place": max(fits, key=lambda one: one.id)}


@pytest.mark.parametrize("lang", LANGS)
def test_a_run_says_who_is_missing_and_what_a_place_is_worth(newcomers, els, signed_in, lang):
    office = signed_in(els)
    run = session().scalars(select(Run)).one()
    page = office.get(f"/{lang}/matching/runs/{run.id}")
    reasons = {row["reason"] for row in run.report["unmatched"]}
    assert reasons == set(newcomers)
    shown = page.soup.select_one("main").get_text(" ")
    assert not CODES.search(shown)
    assert len(page.soup.select("#unmatched-table-caption ~ tbody tr")) == len(run.report["unmatched"])
    assert page.soup.select("section[aria-labelledby=missing] li")
    named = [cell.get_text() for cell in page.soup.select("section[aria-labelledby=places] li bdi")]
    assert sorted(named) == ["Koen", "Marleen"]
    for row in run.report["places"]:
        assert not {str(row["gain"]), str(row["loss"])} & set(re.findall(r"\d+", shown)) - {"0"}


@pytest.mark.parametrize("lang", LANGS)
def test_a_proposal_says_each_rule_that_was_checked(newcomers, els, signed_in, lang):
    proposal = session().scalars(select(Proposal)).unique().first()
    page = signed_in(els).get(f"/{lang}/matching/proposals/{proposal.id}")
    rules = page.soup.select("details.more")[-1].select("dd")
    assert len(rules) == len(proposal.explanation["rules"]) == 7
    assert not CODES.search(page.soup.select_one("main").get_text(" "))


@pytest.mark.parametrize("lang", LANGS)
def test_staff_read_why_a_newcomer_has_no_buddy(newcomers, els, signed_in, lang):
    office = signed_in(els)
    for code, newcomer in newcomers.items():
        path = f"/{lang}/people/newcomers/{newcomer.id}"
        with statements() as sent:
            page = office.get(path)
        assert len(sent) <= 8
        said = page.soup.find(id="left-title").parent
        assert said.select_one("p").get_text(strip=True).endswith((".", "⟧"))
        assert not CODES.search(said.get_text(" "))
        assert bool(said.select("li")) == (code != "no_place")
        assert said.select_one("a[href*='/matching/runs/']")


@pytest.mark.parametrize("lang", ["x-pseudo", "nl", "ar", "ti"])
def test_a_newcomer_reads_what_could_help_with_dutch_beside(newcomers, signed_in, lang):
    for code, newcomer in newcomers.items():
        hers = signed_in(newcomer.person)
        hers.post(f"/{lang}/also-in-dutch", {"on": "1", "next": f"/{lang}/my-track"})
        with statements() as sent:
            page = hers.get(f"/{lang}/my-track")
        assert len(sent) <= 8
        said = page.soup.find(id="chances").parent
        assert not CODES.search(said.get_text(" "))
        assert not re.search(r"\d", said.get_text(" "))
        chances = said.select("li")
        assert bool(chances) == (code != "no_place")
        for one in [said.select_one("p"), *chances]:
            assert bool(one.select("[lang=nl]")) == (lang != "nl")
    hers = signed_in(newcomers["gender_wish"].person)
    page = hers.get("/nl/my-track")
    assert "zonder je wens" in page.soup.find(id="chances").parent.get_text()
    assert "/nl/my-answers/hopes" in page.links()


def test_who_has_a_proposal_or_no_plan_yet_reads_no_reason(newcomers, signed_in):
    matched = session().scalars(select(Proposal)).unique().first().newcomer
    for one in (matched, factories.newcomer()):
        assert signed_in(one.person).get("/nl/my-track").soup.find(id="chances") is None
