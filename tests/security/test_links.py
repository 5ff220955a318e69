"""Links to come in by: the configured address, once, in time and by a button; no form leads away (SECURITY, T9, T10)."""

import re

import pytest

from app.clock import now
from app.db import session, transaction
from app.errors import Gone
from app.models import Link, Message
from app.services import accounts
from app.vocabulary.records import LinkPurpose
from tests.client import Client
from tests.factories import PASSWORD
from tests.security.sign_ins import NEW, somebody, tries

AWAY = [
    "//evil.example", "///evil.example", "////evil.example", "https://evil.example", "http:evil.example", "https:/evil.example",
    "HTTPS://EVIL.EXAMPLE", "/\\evil.example", "\\\\evil.example", "\\/evil.example", "/\t/evil.example", "/\n/evil.example",
    "/%09/evil.example\r\nx", "javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "vbscript:x", "ftp://evil.example",
    "evil.example", "evil.example/nl", "@evil.example", "http://localhost@evil.example", "http://localhost.evil.example",
    " https://evil.example", "\u2028//evil.example", "/ /evil.example", "?next=//evil.example", "#//evil.example", "mailto:x@evil.example",
    "/nl/" + "x" * 3000,
]  # fmt: skip


def test_a_link_has_the_configured_address_whatever_the_request_says(browser):
    human = somebody()
    for name in ("Host", "X-Forwarded-Host", "Forwarded", "X-Host", "X-Original-Host", "X-Forwarded-Server"):
        value = "host=evil.example" if name == "Forwarded" else "evil.example"
        browser.send("POST", "/nl/password", data={"email": human.email}, headers={name: value})
        with transaction() as own:
            own.query(Link).delete()
    texts = [message.text + message.html for message in session().query(Message)]
    assert len(texts) == 6
    assert all("http://localhost/nl/password/" in text and "evil" not in text for text in texts)


@pytest.mark.parametrize("purpose", [LinkPurpose.SIGN_IN, LinkPurpose.RESET_PASSWORD, LinkPurpose.INVITATION, LinkPurpose.CONFIRM_ADDRESS])  # fmt: skip
def test_a_link_opens_once_in_time_and_by_its_button(site, purpose):
    human = somebody()
    path = {"sign_in": "sign-in/link", "confirm_address": "confirm-address"}.get(purpose, "password")

    def use(token, **how):
        return (
            Client(site.test_client())
            .send("POST", f"/nl/{path}/{token}", data={"password": NEW}, **how)
            .status_code
        )

    def made():
        return accounts.new_link(purpose, locale="nl", person_id=human.id)

    token = made()
    for method in ("GET", "HEAD", "GET"):
        assert Client(site.test_client()).send(method, f"/nl/{path}/{token}").status_code == 200
    changed = token[:-1] + ("A" if token[-1] != "A" else "B")
    assert use(changed) == 404
    assert use(token) == 303
    assert use(token) == 410
    late = made()
    with transaction() as own:
        own.query(Link).filter_by(used_at=None).update({"expires_at": now()})
    assert use(late) == 410


def test_a_new_password_ends_the_links_that_were_sent_before(site):
    human = somebody()
    sent = [
        accounts.new_link(purpose, locale="nl", person_id=human.id)
        for purpose in (LinkPurpose.SIGN_IN, LinkPurpose.RESET_PASSWORD, LinkPurpose.RESET_PASSWORD)
    ]
    accounts.set_password_by_link(sent[2], NEW)
    statuses = [
        Client(site.test_client())
        .send("POST", f"/nl/{path}/{token}", data={"password": PASSWORD})
        .status_code
        for path, token in zip(("sign-in/link", "password"), sent, strict=False)
    ]
    assert statuses == [410, 410]


def test_a_mailbox_is_not_flooded_and_its_owner_comes_in(site):
    human = somebody()
    for _ in range(8):
        accounts.ask_link(human.email_canonical, LinkPurpose.RESET_PASSWORD)
    session().rollback()
    sent = session().query(Message).order_by(Message.id).all()
    assert len(sent) == 3
    tokens = [re.search(r"/nl/password/(\S+)", message.text)[1] for message in sent]
    for old in tokens[:2]:
        with pytest.raises(Gone):
            accounts.set_password_by_link(old, PASSWORD)
        session().rollback()
    accounts.set_password_by_link(tokens[2], NEW)
    assert accounts.person_by_password(human.email_canonical, NEW)


@pytest.mark.parametrize("target", AWAY)
def test_no_form_leads_away(site, signed_in, target):
    human = somebody()
    for where in (
        tries(Client(site.test_client()), human.email, PASSWORD, next=target),
        signed_in(human).send("POST", "/nl/stay", data={"next": target}),
        signed_in(human).send("POST", "/nl/stay", headers={"Referer": target.encode("ascii", "replace").decode().translate({10: "", 13: ""})}),
        Client(site.test_client()).send("GET", "/nl/account", query_string={"next": target}),
        Client(site.test_client()).send("GET", "/", query_string={"next": target, "lang": target}),
    ):  # fmt: skip
        assert re.fullmatch(r"/(?![/\\])[!-~]*", where.headers["Location"]), where.headers["Location"]
        assert "evil" not in where.headers["Location"].split("?")[0]
