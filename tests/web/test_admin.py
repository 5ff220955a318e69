"""Administration: roles are given and taken, mails can be read, the log cannot be changed."""

import ast
from dataclasses import replace

import pytest

from app.db import session, transaction
from app.errors import Forbidden
from app.models import AuditEntry, Grant, Message, Person, SignIn
from app.services import staff
from app.services.intake import NewcomerAct
from app.services.outbox import tell
from app.services.records import audit
from app.services.screening import BuddyAct
from app.vocabulary import Role
from app.vocabulary.actions import ACTIONS, SUBJECTS
from app.vocabulary.activities import OfferState
from app.vocabulary.contracts import DecisionKind
from app.vocabulary.exports import LookReason
from tests import factories
from tests.architecture.source import modules


@pytest.mark.parametrize("lang", ["x-pseudo", "nl", "ar"])
@pytest.mark.parametrize("path", ["admin/people", "admin/people/new", "admin/messages", "audit"])
def test_pages_with_and_without_rows(signed_in, lang, path):
    keeper = factories.administrator(full_name="أحمد (Gent) 3")
    browser = signed_in(keeper)
    browser.get(f"/{lang}/{path}")
    with transaction():
        tell(keeper, "sign-in-link", link="http://localhost/nl/x")
    factories.coordinator()
    browser.get(f"/{lang}/{path}")


def test_invited_coordinator_gets_a_mail_and_only_her_network(signed_in):
    browser = signed_in(factories.administrator())
    page = browser.get("/nl/admin/people/new")
    refused = browser.submit(page, status=422, full_name="Els", email="els@example.be", role="coordinator")
    assert refused.form()["full_name"] == "Els"
    browser.submit(
        page, full_name="Els", email="els@example.be", role="coordinator", network="kempen", locale="fr"
    )
    els = session().query(Person).filter_by(email="els@example.be").one()
    assert factories.viewer(els).networks == {"kempen"}
    assert session().query(Message).filter_by(person_id=els.id).one().locale == "fr"


@pytest.mark.parametrize("lang", ["x-pseudo", "nl", "fr"])
def test_an_administrator_is_made_by_two(signed_in, lang):
    first, second = factories.administrator(), factories.administrator()
    hers, his = signed_in(first), signed_in(second)
    page = hers.submit(
        hers.get(f"/{lang}/admin/people/new"), full_name="Noor", email="noor@example.be", role="administrator"
    )
    assert page.soup.select_one("form[action$=refuse]")
    assert page.soup.select_one("form[action$=agree]") is None, "the one who asked does not agree"
    his.submit(his.get(f"/{lang}/admin/people"), "form[action$=refuse]")
    assert session().query(Person).filter_by(email="noor@example.be").count() == 0
    hers.submit(page, "form[action$=refuse]", status=404)
    hers.submit(
        hers.get(f"/{lang}/admin/people/new"), full_name="Noor", email="noor@example.be", role="administrator"
    )
    page = his.submit(his.get(f"/{lang}/admin/people"), "form[action$=agree]")
    assert "noor@example.be" in page.main.get_text()
    noor = session().query(Person).filter_by(email="noor@example.be").one()
    assert factories.viewer(noor).roles == {Role.ADMINISTRATOR}


def test_taking_a_role_ends_sign_ins_at_once(signed_in):
    keeper, els = factories.administrator(), factories.coordinator()
    hers = signed_in(els)
    hers.get("/nl/audit")
    role = session().query(Grant).filter_by(person_id=els.id).one()
    signed_in(keeper).post(f"/nl/admin/roles/{role.id}/take")
    assert hers.get("/nl/audit").soup.select_one("input[name=password]")
    assert session().query(SignIn).filter(SignIn.person_id == els.id, SignIn.ended_at.is_(None)).count() == 0


def test_nobody_gives_or_takes_the_own_roles(site):
    keeper = factories.administrator()
    with pytest.raises(Forbidden):
        staff.grant(factories.viewer(keeper), keeper.id, role=Role.COORDINATOR, network="kempen")
    own = session().query(Grant).filter_by(person_id=keeper.id).one()
    with pytest.raises(Forbidden):
        staff.revoke(factories.viewer(keeper), own.id)


def test_coordinator_reads_the_log_of_her_network_only(signed_in):
    els = factories.coordinator("rivierenland")
    with transaction():
        audit(None, "here-it-is", network="rivierenland")
        audit(None, "not-for-her", network="kempen")
        audit(None, "of-no-network")
    page = signed_in(els).get("/nl/audit")
    assert "here-it-is" in page.text
    assert "not-for-her" not in page.text
    assert "of-no-network" not in page.text


def test_a_mail_is_shown_as_its_reader_gets_it(signed_in):
    newcomer = factories.newcomer(locale="ar")
    with transaction():
        message = tell(newcomer.person, "sign-in-link", link="http://localhost/ar/x")
    page = signed_in(factories.administrator()).get(f"/nl/admin/messages/{message.id}")
    assert page.soup.select_one("article [lang=ar]")
    signed_in(factories.administrator()).get("/nl/admin/messages/999999", status=404)


@pytest.mark.parametrize("lang", ["nl", "x-pseudo"])
def test_with_a_mail_server_nobody_but_the_reader_sees_a_mail_and_the_address_asks_a_reason(
    site, signed_in, monkeypatch, lang
):
    """T18: a mail can hold a secret link or somebody's telephone number; a look at the address is written down."""
    newcomer = factories.newcomer(locale="ar")
    with transaction():
        message = tell(newcomer.person, "sign-in-link", link="http://localhost/ar/secret-token")
    settings = replace(site.extensions["settings"], smtp_url="smtp://mail.example.be")
    monkeypatch.setitem(site.extensions, "settings", settings)
    browser = signed_in(factories.administrator())
    assert newcomer.person.email not in browser.get(f"/{lang}/admin/messages").html
    for query in ("", "?why=", "?why=nothing"):
        page = browser.get(f"/{lang}/admin/messages/{message.id}{query}", status=422 if query else 200)
        options = page.soup.select("#why[required] option")
        assert [one["value"] for one in options] == [
            "",
            *LookReason,
        ]  # the first is chosen, unless another is
        assert not [one for one in options if one.has_attr("selected") and one["value"]]
        assert bool(page.soup.select("#error-why")) == bool(query)
        assert newcomer.person.email not in page.html
        assert "secret-token" not in page.html
    looks = session().query(AuditEntry).filter_by(action="contact-seen", subject="message")
    assert not looks.count()
    page = browser.get(f"/{lang}/admin/messages/{message.id}?why=undelivered")
    assert newcomer.person.email in page.html
    assert "secret-token" not in page.html
    assert looks.one().facts == {"why": "undelivered"}


def written_actions():
    """The codes that the code writes into the log."""
    for module in modules("app/"):
        for call in module.nodes(ast.Call):
            if getattr(call.func, "id", "") == "audit" and isinstance(call.args[1], ast.Constant):
                yield call.args[1].value
    yield from ("buddies-exported", "newcomers-exported", "place-declined", "place-lent")
    yield from ("place-asked-declined", "place-asked-offered")
    yield from (f"offer-{state.value}" for state in OfferState)
    yield from ("offer-text-written", "offer-text-checked", "offer-text-removed")
    yield from ("organisation-verified", "organisation-refused", "activity-joined", "activity-waiting")
    for name, acts in (("buddy", BuddyAct), ("newcomer", NewcomerAct), ("trajectory", DecisionKind)):
        yield from (f"{name}-{act.value.replace('_', '-')}" for act in acts)


def written_subjects():
    """The kinds of records that the code writes into the log."""
    for module in modules("app/"):
        for call in module.nodes(ast.Call):
            if getattr(call.func, "id", "") == "audit" and len(call.args) > 2:
                yield from (value.value for value in call.args[2:3] if isinstance(value, ast.Constant))


def test_every_act_in_the_log_has_words(site):
    written = set(written_actions())
    assert len(written) > 40
    assert written == ACTIONS.keys()
    assert SUBJECTS.keys() >= set(written_subjects())


def test_the_log_says_in_words_what_happened(signed_in):
    els = factories.coordinator("rivierenland")
    with transaction():
        audit(factories.viewer(els), "contact-seen", "hour_entry", 7, network="rivierenland")
        audit(None, "buddies-exported", network="rivierenland")
    page = signed_in(els).get("/en/audit")
    cells = [cell.get_text(" ", strip=True) for cell in page.soup.select("tbody td")]
    assert "Contact details looked at" in cells
    assert "Hours 7 · Rivierenland" in cells
    assert "Rivierenland" in cells
