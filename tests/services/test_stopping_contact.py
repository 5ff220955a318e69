"""A coordinator stops contact for somebody who told something: the same as when that person had asked for help."""

import pytest

from app.db import session
from app.errors import Forbidden, Invalid, NotFound
from app.models import AuditEntry, Message, SafetyNote, SafetyReport
from app.queries.duos import my_duos
from app.queries.safety import report_page, told_already
from app.services import safety
from app.services.safety import Told
from app.vocabulary import DuoState, Role
from app.vocabulary.safety import SafetyKind
from app.vocabulary.screening import SafetyOutcome
from tests import duo_factories, factories
from tests.duets import LINKS, STRANGERS, Duet

HEARD = Told(SafetyKind.AFRAID, "Ze belde en huilde")
SHARED = (DuoState.MEETING, DuoState.ACTIVE, DuoState.PAUSED)


def page_for(locale, number):
    return f"http://localhost/{locale}/safety/{number}"


def stops(duet, actor=None, side=Role.NEWCOMER, told=HEARD):
    actor = actor or duet.as_("coordinator")
    return safety.stop_contact(actor, duet.duo.id, side, told, page_for=page_for)


@pytest.mark.parametrize("side", [Role.NEWCOMER, Role.BUDDY])
@pytest.mark.parametrize("state", SHARED)
def test_contact_stops_at_once_and_both_read_the_same(site, state, side):
    duet = Duet(state)
    number = stops(duet, side=side)
    assert duet.fresh().state is DuoState.FROZEN
    for who in ("newcomer", "buddy"):
        (seen,) = my_duos(duet.as_(who))
        assert (seen.state, seen.contact) == (DuoState.FROZEN, None)
        assert (told_already(duet.as_(who), duet.duo.id) is not None) is (who == side.value)
    report = report_page(duet.as_("coordinator"), number).report
    assert (report.by_role, report.kind, report.words, report.duo_was) == (side, SafetyKind.AFRAID, "", state)
    assert [(note.by_person_id, note.words) for note in report.notes] == [(duet.coordinator.id, HEARD.words)]


def test_it_is_decided_as_every_call_for_help(site):
    duet = Duet(DuoState.ACTIVE)
    number = stops(duet)
    safety.close(duet.as_("coordinator"), number, outcome=SafetyOutcome.GO_ON, links=LINKS)
    assert duet.fresh().state is DuoState.ACTIVE


@pytest.mark.parametrize("state", [state for state in DuoState if state not in SHARED])
def test_without_contact_there_is_nothing_to_stop(site, state):
    duet = Duet(state)
    with pytest.raises(NotFound):
        stops(duet)
    assert duet.fresh().state is state


@pytest.mark.parametrize(
    "who", ["newcomer", "buddy", "counsellor", *sorted(set(STRANGERS) - {"administrator"})]
)
def test_nobody_else_stops_it(site, who):
    duet = Duet(DuoState.ACTIVE)
    with pytest.raises((Forbidden, NotFound)):
        stops(duet, duet.as_(who))
    assert duet.fresh().state is DuoState.ACTIVE


def test_nobody_stops_the_own_duo_as_coordinator(site):
    duet = Duet(DuoState.ACTIVE)
    factories.grant(duet.buddy.person, Role.COORDINATOR, network="rivierenland")
    with pytest.raises((Forbidden, NotFound)):
        stops(duet, duet.as_("buddy"))


def test_it_needs_a_few_words(site):
    duet = Duet(DuoState.ACTIVE)
    with pytest.raises(Invalid):
        stops(duet, told=Told(SafetyKind.AFRAID))
    assert (duet.fresh().state, session().query(SafetyReport).count()) == (DuoState.ACTIVE, 0)


def test_colleagues_get_the_mail_that_names_nobody_and_the_log_says_who_stopped_it(site):
    duet = Duet(DuoState.ACTIVE)
    colleague = factories.coordinator()
    stops(duet)
    message = session().query(Message).one()
    assert (message.person_id, message.kind) == (colleague.id, "safety-reported")
    assert HEARD.words not in message.text
    entry = session().query(AuditEntry).filter_by(action="contact-stopped").one()
    assert entry.actor_id == duet.coordinator.id


def test_the_network_that_lent_the_buddy_stops_it_too_and_the_other_one_handles_it(site, signed_in):
    duet = Duet(DuoState.ACTIVE)
    lent = factories.buddy("2300")
    duo = duo_factories.duo(
        newcomer=factories.newcomer(), buddy=lent, approved_by=duet.coordinator, state=DuoState.ACTIVE
    )
    lender = factories.coordinator("kempen")
    page = signed_in(lender).post(
        f"/nl/duos/{duo.id}/stop-contact", {"side": "buddy", "words": "Hij voelt zich niet veilig"}
    )
    assert page.response.request.path == f"/nl/duos/{duo.id}"
    assert session().query(SafetyReport).one().network_slug == "rivierenland"


def test_from_the_page_of_the_duo(site, signed_in):
    duet = Duet(DuoState.ACTIVE)
    browser = signed_in(duet.coordinator)
    path = f"/nl/duos/{duet.duo.id}/stop-contact"
    assert browser.get(f"/nl/duos/{duet.duo.id}").soup.select_one(f'a[href="{path}"]')
    refused = browser.submit(browser.get(path), side="newcomer", words="", status=422)
    assert refused.soup.select("[aria-invalid]")
    page = browser.submit(browser.get(path), side="newcomer", words=HEARD.words)
    assert page.response.request.path.startswith("/nl/safety/")
    assert session().query(SafetyNote).one().words == HEARD.words
    browser.get(path, status=404)
