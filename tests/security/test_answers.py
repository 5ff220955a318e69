"""What every answer carries, and that no request ends in a fault."""

import pytest

from tests import factories
from tests.client import Client

ODD = [
    "\x00",
    "a\x00b",
    "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
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
    browser = Client(site.test_client())
    for rule in site.url_map.iter_rules():
        if "POST" in rule.methods and not rule.arguments - {"lang", "token"}:
            path = rule.build({"lang": "nl", "token": "x"})[1]
            assert browser.send("POST", path).status_code == 400, path


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
