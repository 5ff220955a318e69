"""Links in letters: only the newest opens, none after the address changed, and all lead to the configured address."""

import re
from contextvars import Context

import pytest

from app.db import session
from app.models import Message, Person
from app.services import accounts, arrivals, takeover
from app.services.accounts import LINK_LASTS, ONE_AT_A_TIME
from app.vocabulary import Role
from app.vocabulary.records import LinkPurpose
from tests import factories
from tests.client import Client
from tests.crawl.world import keep
from tests.factories import PASSWORD
from tests.security.test_enumeration import ORGANISATION
from tests.services.test_registrations import BUDDY, NEWCOMER, filled

PATHS = {LinkPurpose.SIGN_IN: "sign-in/link", LinkPurpose.CONFIRM_ADDRESS: "confirm-address"}
POISON = {
    "X-Forwarded-Host": "evil.example", "X-Forwarded-Server": "evil.example", "X-Host": "evil.example", "X-Original-Host": "evil.example",
    "Forwarded": "host=evil.example", "X-Forwarded-Proto": "gopher", "X-Forwarded-Prefix": "/evil", "Host": "evil.example",
}  # fmt: skip


def status(site, purpose, token, method="POST"):
    path = f"/nl/{PATHS.get(purpose, 'password')}/{token}"
    return Client(site.test_client()).send(method, path, data={"password": PASSWORD}).status_code


@pytest.mark.parametrize("purpose", ONE_AT_A_TIME)
def test_the_second_link_ends_the_first(site, purpose):
    human, other = factories.person(roles=(Role.HELPER,)), factories.person(roles=(Role.HELPER,))
    first, second = (accounts.new_link(purpose, locale="nl", person_id=human.id) for _ in range(2))
    theirs = accounts.new_link(purpose, locale="nl", person_id=other.id)
    assert [
        status(site, purpose, token, method) for token in (first, second) for method in ("GET", "HEAD")
    ] == [410, 410, 200, 200]
    assert [status(site, purpose, token) for token in (first, second, theirs)] == [410, 303, 303]


def test_a_link_of_another_kind_goes_on(site):
    human = factories.person(roles=(Role.HELPER,))
    tokens = {
        purpose: accounts.new_link(purpose, locale="nl", person_id=human.id) for purpose in ONE_AT_A_TIME
    }
    assert {status(site, purpose, token, "GET") for purpose, token in tokens.items()} == {200}


def test_no_link_opens_an_account_whose_address_changed(site):
    person = factories.newcomer(email=False).person
    viewer = factories.viewer(person)
    takeover.add_address(viewer, "old@example.be")
    tokens = {
        purpose: accounts.new_link(purpose, locale="nl", person_id=person.id) for purpose in ONE_AT_A_TIME
    }
    takeover.add_address(viewer, "new@example.be")
    assert {status(site, purpose, token) for purpose, token in tokens.items()} == {410}
    accounts.send_link("old@example.be", LinkPurpose.SIGN_IN, "{}{}".format)
    assert session().query(Message).filter_by(kind="sign-in-link").count() == 0
    assert session().get_one(Person, person.id, populate_existing=True).email_canonical == "new@example.be"


def test_the_ways_into_an_account_last_a_week_at_most():
    assert max(LINK_LASTS[purpose] for purpose in ONE_AT_A_TIME).days == 7
    assert LINK_LASTS[LinkPurpose.SIGN_IN] == LINK_LASTS[LinkPurpose.RESET_PASSWORD]
    assert LINK_LASTS[LinkPurpose.RESET_PASSWORD].total_seconds() == 3600


def registers(site, kind, role, steps, last):
    browser = Client(site.test_client())
    Context().run(keep, browser.browser, registrations={kind: filled(role, steps, email="new@example.be")})
    return browser, f"register/{kind}/{last}", {"adult": "y", "duties": "y", "privacy": "y"}


def acting(site, person):
    browser = Client(site.test_client())
    Context().run(keep, browser.browser, _user_id=accounts.sign_in(person.id), _fresh=True)
    return browser


FORMS = {
    "buddy": lambda site: registers(site, "buddy", Role.BUDDY, BUDDY, "agree"),
    "newcomer": lambda site: registers(site, "newcomer", Role.NEWCOMER, NEWCOMER, "consent"),
    "organisation": lambda site: (
        Client(site.test_client()), "register/organisation", {**ORGANISATION, "email": "new@example.be"}
    ),
    "address": lambda site: (
        acting(site, factories.newcomer(email=False).person), "account/address", {"email": "new@example.be"}
    ),
    "invitation": lambda site: (
        acting(site, factories.administrator()), "admin/people/new",
        {"full_name": "Noor", "email": "new@example.be", "role": "helper", "locale": "nl", "network": "", "agency": ""},
    ),
    "sign-in": lambda site: (Client(site.test_client()), "sign-in/link", {"email": factories.person(email="new@example.be").email}),
}  # fmt: skip


@pytest.mark.parametrize("header", POISON)
@pytest.mark.parametrize("name", FORMS)
def test_every_letter_leads_to_the_configured_address(site, name, header):
    browser, path, fields = FORMS[name](site)
    if kept := browser.browser.get_cookie("samenspoor"):
        browser.browser.set_cookie(
            "samenspoor", kept.value, domain="evil.example"
        )  # a browser that was led there
    answer = browser.send("POST", f"/nl/{path}", data=fields, headers={header: POISON[header]})
    assert answer.status_code in {200, 303}
    assert "evil" not in answer.headers.get("Location", "") or header == "Host"
    letter = session().query(Message).one()
    links = re.findall(r"(?:https?|gopher)://[^\s\"'<>]+", letter.text + letter.html)
    assert links
    assert all(link.startswith("http://localhost/") for link in links)
    assert "evil" not in letter.text + letter.html


def test_what_was_handed_in_is_made_later_when_the_queue_lost_it(site, monkeypatch):
    monkeypatch.setattr(arrivals.queue, "put", lambda *_args: None)
    browser, path, fields = FORMS["buddy"](site)
    browser.send("POST", f"/nl/{path}", data=fields)
    assert session().query(Person).count() == 0
    monkeypatch.undo()
    for _ in range(2):
        arrivals.make_waiting()
    session().rollback()
    assert session().query(Person).one().email == "new@example.be"
    assert session().query(Message).count() == 1
