"""What every answer carries, and that no request ends in a fault."""

import pytest

from app.services import accounts
from tests import factories
from tests.client import Client
from tests.security.test_matrix import address

ODD = [
    "\x00",
    "a\x00b",
    "\xed\xa0\x80",
    "x" * 200_000,
    "{{7*7}}",
    "%(x)s",
    "{0.__class__}",
    "\u202eabc",
    "<script>alert(1)</script>",
    "'; DROP TABLE person; --",
    "𝒽" * 300,
]


@pytest.mark.parametrize(
    "path", ["/nl/", "/ar/nowhere", "/zz/", "/health", "/static/css/site.css", "/nl/account", "/"]
)
def test_headers_on_every_answer(browser, path):
    answer = browser.send("GET", path, buffered=True)
    headers = answer.headers
    answer.close()
    policy = headers["Content-Security-Policy"]
    assert "unsafe-inline" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"]


def test_nothing_of_a_signed_in_person_is_kept_by_the_browser(signed_in):
    answer = signed_in(factories.administrator()).send("GET", "/nl/account")
    assert answer.headers["Cache-Control"] == "no-store"


def test_every_form_needs_its_token(site):
    site.config["WTF_CSRF_ENABLED"] = True
    browser, tried = Client(site.test_client()), 0
    for rule in site.url_map.iter_rules():
        if "POST" in rule.methods:
            path = address(rule)
            assert browser.send("POST", path).status_code == 400, path
            tried += 1
    assert tried > 100


def test_the_token_of_another_or_of_an_earlier_session_opens_nothing(site, signed_in):
    """Item 56: not at signing in, not at signing out, not at the switch of a language."""
    site.config["WTF_CSRF_ENABLED"] = True
    human = factories.coordinator()
    accounts.set_password(human.id, factories.PASSWORD)
    stranger, visitor, inside = Client(site.test_client()), Client(site.test_client()), signed_in(human)
    foreign = stranger.get("/nl/sign-in").form()["csrf_token"]
    own = visitor.get("/nl/sign-in").form()
    entered = {**own, "email": human.email, "password": factories.PASSWORD}
    assert visitor.send("POST", "/nl/sign-in", data={**entered, "csrf_token": foreign}).status_code == 400
    for client in (visitor, inside):
        for path in ("/nl/sign-out", "/nl/also-in-dutch", "/nl/account"):
            sent = {"csrf_token": foreign, "on": "1", "next": "/nl/"}
            assert client.send("POST", path, data=sent).status_code == 400, path
    headers = {"Origin": "https://evil.example", "Referer": "https://evil.example/"}
    assert (
        visitor.send("POST", "/nl/sign-in", data={**entered, "csrf_token": ""}, headers=headers).status_code
        == 400
    )
    assert visitor.send("POST", "/nl/sign-in", data=entered).status_code == 303
    assert visitor.send("POST", "/nl/sign-out", data={"csrf_token": own["csrf_token"]}).status_code == 400


@pytest.mark.parametrize("text", ODD, ids=range(len(ODD)))
def test_odd_texts_never_end_in_a_fault(site, signed_in, text):
    site.config["SHOW_FAULT_PAGE"] = True
    for browser in (
        Client(site.test_client()),
        signed_in(factories.administrator()),
        signed_in(factories.coordinator()),
    ):
        for rule in site.url_map.iter_rules():
            if rule.arguments - {"lang"} or rule.endpoint in {"static", "accounts.sign_out"}:
                continue
            path = rule.build({"lang": "nl"} if rule.arguments else {})[1]
            for method in rule.methods & {"GET", "POST"}:
                fields = dict.fromkeys(
                    ("email", "password", "code", "full_name", "q", "next", "phone", "on", "page", "role"),
                    text,
                )
                answer = browser.send(
                    method,
                    path,
                    **(
                        {"data": fields}
                        if method == "POST"
                        else {"query_string": {"q": text[:500], "page": text[:500]}}
                    ),
                )
                assert answer.status_code < 500, (path, method, answer.status_code)
                assert b"alert(1)</script>" not in answer.get_data()
    site.config["SHOW_FAULT_PAGE"] = False


def test_too_much_is_refused_with_a_page(browser):
    assert browser.send("POST", "/nl/sign-in", data={"email": "x" * 4_000_000}).status_code == 413
    assert browser.send(
        "POST", "/nl/sign-in", data={f"f{number}": "" for number in range(3000)}
    ).status_code in (200, 400, 413, 422)


def test_a_fault_shows_a_page_with_a_number_and_nothing_else(site, monkeypatch):
    site.config["SHOW_FAULT_PAGE"] = True
    monkeypatch.setitem(site.view_functions, "pages.help", lambda: 1 / 0)
    page = Client(site.test_client()).get("/nl/help", status=500)
    assert page.soup.select_one("main code")
    assert "ZeroDivision" not in page.html
    site.config["SHOW_FAULT_PAGE"] = False


@pytest.mark.parametrize("number", [2**31, 2**63, 10**30])
def test_ids_larger_than_any_are_not_there(signed_in, number):
    for human, path in (
        (factories.coordinator(), "duos"),
        (factories.counsellor(), "caseload"),
        (factories.administrator(), "admin/messages"),
    ):
        signed_in(human).get(f"/nl/{path}/{number}", status=404)
