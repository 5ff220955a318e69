"""No page may be forgotten by the tours, and each stop answers as its tour says."""

import pytest

from tests.browser.looking import Look, stands_in_nobodys_way
from tests.browser.staff_tours import TOURS
from tests.browser.tours import Ground

# No page: they lead on, or give a file or one word.
ELSEWHERE = {
    "static", "pages.door", "pages.health", "accounts.home", "registrations.go_on", "recordings.listen",
    "calendars.meeting", "calendars.buddy_talk", "calendars.newcomer_talk",
    "people.buddies_file", "people.newcomers_file", "people.import_rows", "privacy.my_data_file",
    "remarks.file", "reports.as_csv", "reports.as_xlsx",
    "proofs.guide_pdf", "proofs.own_pdf", "trajectories.proof_pdf", "confirmations.proof_pdf", "confirmations.my_proof_pdf",
    "staff_reports.file", "staff_reports.proofs_file",
    "sharing.poster",  # on paper: test_prints
}  # fmt: skip


def test_the_tours_stop_at_every_page(site, signed_in):
    seen = {stop.endpoint for tour in TOURS.values() for stop in tour(Ground(site, "nl", signed_in)).stops}
    pages = {rule.endpoint for rule in site.url_map.iter_rules() if "GET" in rule.methods}
    assert pages - ELSEWHERE == seen


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["nl", "ar", "ti"])
@pytest.mark.parametrize("name", TOURS)
def test_nothing_stands_in_the_way(site, signed_in, request, name, lang):
    """A1: on every page, in three scripts, axe finds nothing serious or moderate, on a phone and on a desktop."""
    tour = TOURS[name](Ground(site, lang, signed_in))
    look = Look(request.getfixturevalue("visitor")(lang=lang), lang)
    faults = look.along(tour, stands_in_nobodys_way)
    assert not faults, "\n".join(faults)
