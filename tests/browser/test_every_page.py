"""No page may be forgotten by the tours, and each stop answers as its tour says."""

import pytest

from tests.browser.looking import Look, stands_in_nobodys_way, walk_without_hindrance
from tests.browser.staff_tours import TOURS
from tests.browser.tours import Ground, Stop, Tour

# No page: they lead on, or give a file or one word.
ELSEWHERE = {
    "static", "pages.door", "pages.health", "watching.ready", "watching.metrics", "accounts.home", "registrations.go_on", "recordings.listen",
    "calendars.meeting", "calendars.buddy_talk", "calendars.newcomer_talk",
    "people.buddies_file", "people.newcomers_file", "people.import_rows", "privacy.my_data_file",
    "buddies.certificate", "people.certificate", "remarks.file", "reports.as_csv", "reports.as_xlsx",
    "proofs.guide_pdf", "proofs.own_pdf", "trajectories.proof_pdf", "confirmations.proof_pdf", "confirmations.my_proof_pdf",
    "staff_reports.file", "staff_reports.proofs_file", "trajectories.caseload_file",
    "sharing.poster",  # on paper: test_prints
    "quality.file", "quality.missing_file", "quality.languages_file", "shortages.newsletter", "offers.calendar", "offers.times", "offers.news", "offers.week_sheet_pdf",
    "offers.list_rows", "offers.offers_file",
    "api.index", "api.openapi", "api.schema", "api.words", "api.activities", "api.activity", "api.activities_json",
    "api.activities_csv", "api.numbers", "api.table",
}  # fmt: skip

# Some of their pages look after a while whether something is done, and then go on by themselves.
POLLED = {"matching", "administrator"}


def test_the_tours_stop_at_every_page(site, signed_in):
    seen = {stop.endpoint for tour in TOURS.values() for stop in tour(Ground(site, "nl", signed_in)).stops}
    pages = {rule.endpoint for rule in site.url_map.iter_rules() if "GET" in rule.methods}
    assert pages - ELSEWHERE == seen


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["nl", "ar", "ti"])
@pytest.mark.parametrize("name", TOURS)
def test_nothing_stands_in_the_way(site, signed_in, request, name, lang):
    """A1: on every page, in three scripts, axe finds nothing serious or moderate, on a phone and on a desktop.

    In Dutch each page is gone to, so that its policy is kept; in the others the words and their direction decide.
    """
    tour = TOURS[name](Ground(site, lang, signed_in))
    look = Look(request.getfixturevalue("visitor")(lang=lang), lang)
    if lang == "nl" or name in POLLED:
        faults = look.along(tour, stands_in_nobodys_way)
    else:
        faults = walk_without_hindrance(look, tour)
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("walks", [False, True], ids=["going", "walking"])
def test_what_stands_in_the_way_is_found(visitor, walks):
    """A picture without words, a drawing that is too wide and a text that is too pale, by either way of looking."""
    page = visitor()
    bad = '<img src="/static/img/mark.svg"><canvas width="2000"></canvas><p><font color="#eeeeee">Hulp</font></p>'

    def spoil(route):
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace("<h1", f"{bad}<h1"))

    page.route("**/nl/privacy", spoil)
    look, tour = Look(page, "nl"), Tour((Stop("pages.help", "help"), Stop("pages.privacy", "privacy")))
    faults = walk_without_hindrance(look, tour) if walks else look.along(tour, stands_in_nobodys_way)
    assert all("nl/privacy: " in fault for fault in faults)
    for found in (
        "wide of 360",
        "wide of 1280",
        "image-alt at 360",
        "image-alt at 1280",
        "color-contrast at 360",
    ):
        assert any(found in fault for fault in faults), (found, faults)
