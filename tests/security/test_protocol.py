"""Requests that no browser sends: addresses, languages, hosts, methods and bodies that broke other sites (SECURITY 1-12, 67, 68)."""

import json
import time

import pytest

from app.db import session
from app.i18n import LANGUAGES
from app.models import Message
from app.services import accounts
from app.web.addresses import safe_path
from app.web.hooks import LANGUAGE_COOKIE
from tests import factories
from tests.client import Client

ELSEWHERE = [
    "//evil.example", "///evil.example", "////evil.example/%2e%2e", "http://evil.example", "https:evil.example", "https:///evil.example",
    "HTTP://EVIL.EXAMPLE", "javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "vbscript:x", "\\\\evil.example", "/\\evil.example",
    "\\/evil.example", "/\\/evil.example", "\t//evil.example", "/\t/evil.example", "/\n/evil.example", "/\r/evil.example", " //evil.example",
    " https://evil.example", "\x00//evil.example", "/\x0b/evil.example", "//evil.example\\@localhost", "//localhost@evil.example",
    "http:evil.example", "http:/evil.example", ".evil.example", "@evil.example", "evil.example", "?next=//evil.example", "#//evil.example",
    "", "/" * 3, "//", "/ /evil.example", "ftp://evil.example", "/nl/" + "x" * 3000,
]  # fmt: skip
HERE = [
    "/",
    "/nl/",
    "/nl/account?x=1",
    "/nl/account#part",
    "/nl//evil.example",
    "/@evil.example",
    "/%2f%2fevil.example",
    "/%5cevil.example",
]


def test_there_are_thirty_ways_to_lead_away():
    assert len(set(ELSEWHERE)) >= 30


@pytest.mark.parametrize("target", ELSEWHERE, ids=range(len(ELSEWHERE)))
def test_nothing_leads_to_another_site(site, target):
    """Signing in, the switch of Dutch, and what asks to sign in first: only ever to a path of this site."""
    human = factories.coordinator()
    with_password(human)
    for path, fields in (
        ("/nl/also-in-dutch", {"on": "1", "next": target}),
        ("/nl/sign-in", {"email": human.email, "password": factories.PASSWORD, "next": target}),
    ):
        answer = Client(site.test_client()).send("POST", path, data=fields)
        assert answer.status_code == 303, path
        assert_stays(answer.headers["Location"])
    page = (
        Client(site.test_client())
        .send("GET", "/nl/sign-in", query_string={"next": target})
        .get_data(as_text=True)
    )
    assert 'value="//' not in page
    if target:
        assert safe_path(target) is None


def with_password(human):
    accounts.set_password(human.id, factories.PASSWORD)


def assert_stays(location):
    assert location.startswith("/")
    assert not location.startswith(("//", "/\\"))
    assert not any(ord(letter) < 33 for letter in location)
    assert "evil.example" not in location.partition("?")[0]


@pytest.mark.parametrize("target", HERE)
def test_an_own_path_is_followed(target):
    assert safe_path(target) == target


HOSTS = [
    {"Host": "evil.example"}, {"X-Forwarded-Host": "evil.example"}, {"Forwarded": "host=evil.example;proto=http"}, {"X-Host": "evil.example"},
    {"X-Forwarded-Server": "evil.example"}, {"X-Original-Host": "evil.example"}, {"X-Forwarded-Proto": "evil"}, {"X-Forwarded-Prefix": "//evil.example"},
]  # fmt: skip


@pytest.mark.parametrize("headers", HOSTS, ids=lambda headers: next(iter(headers)))
def test_links_in_mails_are_made_of_the_configured_address_alone(site, headers):
    human = factories.coordinator()
    with_password(human)
    for path in ("/nl/password", "/nl/sign-in/link"):
        Client(site.test_client()).send("POST", path, data={"email": human.email}, headers=headers)
    letters = session().query(Message).filter_by(person_id=human.id).all()
    assert len(letters) == 2
    for letter in letters:
        assert "http://localhost/" in letter.text
        assert "evil" not in letter.text + letter.html + json.dumps(letter.facts)


TAGS = [
    "xx", "zz-ZZ", "nl_BE.UTF-8", "..%2f..%2fetc", "nl%00", "NL", "zh-Hant-TW-x-a", "%2e%2e", "x" * 300, "ar%0d%0aSet-Cookie:x=1", "{{7*7}}", "%c0%ae%c0%ae", "-", "nl;x",
]  # fmt: skip


KNOWN = {f"/{item.tag}/" for item in LANGUAGES}


def led_to(browser, tag):
    """Where the door leads a browser that kept that language."""
    browser.browser.set_cookie(LANGUAGE_COOKIE, tag)
    answer = browser.send("GET", "/")
    assert answer.request.cookies[LANGUAGE_COOKIE] == tag, "the cookie was not sent"
    assert answer.status_code == 302
    return answer.headers["Location"]


def test_the_language_of_a_cookie_is_followed(browser):
    """So that the odd ones below are really read."""
    assert [led_to(browser, tag) for tag in ("fr", "ti", "nl")] == ["/fr/", "/ti/", "/nl/"]


@pytest.mark.parametrize("tag", TAGS)
def test_an_unknown_language_is_a_known_one_or_not_there(browser, tag):
    for path in (f"/{tag}/", f"/{tag}/help", f"/{tag}/sign-in"):
        answer = browser.send("GET", path)
        assert answer.status_code in (200, 301, 302, 308, 404), path
        assert "x=1" not in answer.headers.get("Set-Cookie", "")
    assert led_to(browser, tag) in KNOWN
    assert browser.send("GET", "/nl/", query_string={"lang": tag}).status_code == 200


WISHES = [
    "x" * 65_536, ",".join(["aa"] * 5000), "nl;q=NaN", "nl;q=-1", "nl;q=1e999", "*", "", ";;;", "nl;q=", "q=1", "ar;q=0.5,nl;q=a", "\u00e9", "nl-BE-x-" + "a-" * 2000, "i-klingon,zz",
]  # fmt: skip


@pytest.mark.parametrize("wish", WISHES, ids=range(len(WISHES)))
def test_any_wish_for_a_language_is_answered(browser, wish):
    started = time.monotonic()
    assert browser.send("GET", "/", headers={"Accept-Language": wish}).status_code in (200, 302)
    assert browser.send("GET", "/nl/help", headers={"Accept-Language": wish}).status_code == 200
    assert time.monotonic() - started < 5


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "PROPFIND", "FOO"])
def test_other_methods_are_not_there(browser, signed_in, method):
    keeper = signed_in(factories.administrator())
    for client in (browser, keeper):
        for path in ("/nl/help", "/nl/account", "/nl/sign-in", "/api/v1/activities"):
            assert client.send(method, path).status_code in (404, 405, 501), (method, path)
    for override in ({"X-HTTP-Method-Override": method}, {"X-Method-Override": method}):
        assert keeper.send("GET", "/nl/account", headers=override).status_code == 200
        assert browser.send("POST", "/nl/help", headers=override).status_code == 405
    assert browser.send("POST", "/nl/help", data={"_method": "GET"}).status_code == 405


PATHS = [
    "/nl/%2e%2e%2fetc/passwd", "/nl/%00", "//nl/help", "/nl//help", "/nl/help;x=1", "/nl/%c0%ae%c0%ae/", "/static/../config.py", "/static/%2e%2e/config.py",
    "/static/..%2fconfig.py", "/static/%2e%2e%2f%2e%2e%2fwsgi.py", "/static//etc/passwd", "/static/css/%00", "/.git/config", "/.env", "/wsgi.py", "/nl/help/../account",
    "/nl/caseload/-1", "/nl/caseload/1e3", "/nl/caseload/0x1", "/nl/caseload/١", "/nl/duos/1;2", "/nl/duos/1%20", "/%ff%fe", "/nl/" + "a/" * 500,
]  # fmt: skip


@pytest.mark.parametrize("path", PATHS, ids=range(len(PATHS)))
def test_odd_paths_lead_nowhere(site, signed_in, path):
    site.config["SHOW_FAULT_PAGE"] = True
    for client in (Client(site.test_client()), signed_in(factories.coordinator())):
        answer = client.send("GET", path, buffered=True)
        assert answer.status_code in (200, 301, 302, 308, 400, 403, 404), path
        assert b"import" not in answer.get_data()[:3000] or answer.mimetype == "text/html"
        assert b"root:x" not in answer.get_data()
    site.config["SHOW_FAULT_PAGE"] = False


def test_bodies_that_are_no_form(site, browser):
    site.config["SHOW_FAULT_PAGE"] = True
    started = time.monotonic()
    many = "&".join(f"f{number}=" for number in range(200_000))
    parts = (
        b"".join(
            b'--x\r\nContent-Disposition: form-data; name="a%d"\r\n\r\nb\r\n' % number
            for number in range(5000)
        )
        + b"--x--\r\n"
    )
    for body, kind, fits in (
        (b"email=" + b"x" * 10_000_000, "application/x-www-form-urlencoded", {413, 400}),
        (many.encode(), "application/x-www-form-urlencoded", {413, 400, 422}),
        (parts, "multipart/form-data; boundary=x", {413, 400}),
        (b'{"email": "\\ud800"}', "application/json", {400, 415, 422}),
        (b"email=a", "application/json", {400, 415, 422}),
        (b"email=%ff%fe", "application/x-www-form-urlencoded; charset=utf-16", {400, 415, 422}),
        (b"--x\r\n", "multipart/form-data; boundary=x", {400, 413, 422}),
        (b"x", "multipart/form-data", {400, 413, 422}),
        (b"\x1f\x8b\x08\x00", "application/x-www-form-urlencoded", {400, 415, 422}),
    ):
        headers = {"Content-Encoding": "gzip"} if body.startswith(b"\x1f") else {}
        answer = browser.send("POST", "/nl/sign-in", data=body, content_type=kind, headers=headers)
        assert answer.status_code in fits, (kind, body[:20], answer.status_code)
    assert browser.send("GET", "/nl/help").status_code == 200
    assert time.monotonic() - started < 30
    site.config["SHOW_FAULT_PAGE"] = False


def test_the_first_of_a_doubled_field_counts(site):
    """`email` twice, in the address and in the body: the first in the body is what is checked and used."""
    human, other = factories.coordinator(), factories.coordinator()
    body = f"email={human.email}&email={other.email}"
    Client(site.test_client()).send(
        "POST",
        f"/nl/password?email={other.email}",
        data=body,
        content_type="application/x-www-form-urlencoded",
    )
    assert [letter.person_id for letter in session().query(Message)] == [human.id]


def test_fields_that_no_form_has_change_nothing(site, signed_in):
    """Roles, networks, checked marks and keys that are sent along are not looked at (T13)."""
    human = factories.buddy().person
    before = factories.viewer(human)
    client = signed_in(human)
    more = {
        "role": "administrator", "roles": "administrator", "is_admin": "1", "network_slug": "kempen", "network": "kempen", "id": "1", "person_id": "1",
        "verified_at": "2026-01-01", "capacity": "99", "places_taken": "-1", "state": "ready", "active": "0", "email_canonical": "x@example.be",
    }  # fmt: skip
    page = client.get("/nl/account")
    for form in page.soup.select("main form[method=post]"):
        action = str(form.get("action") or "/nl/account")
        if "sign-out" not in action:
            client.send("POST", action, data={"full_name": "Ann", "locale": "nl", **more})
    session().expire_all()
    after = factories.viewer(human)
    assert (after.roles, after.networks, after.buddy_id, after.person_id) == (
        before.roles,
        before.networks,
        before.buddy_id,
        before.person_id,
    )
    assert factories.session().get_one(type(human), human.id).active
