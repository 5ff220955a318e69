"""B17: the headers of safety are on every answer, whatever its status, kind, language and reader."""

import pytest
from sqlalchemy.exc import OperationalError
from werkzeug.test import TestResponse

from app.config import Settings
from app.services import accounts
from app.vocabulary import Role
from tests import factories
from tests.client import Client

SAME_FOR_ALL = ("/static/", "/api/v1/", "/nl/listen/", "/ar/listen/", "/x-pseudo/listen/")
YEAR = 31_556_926  # seconds


def faults(answer: TestResponse, *, signed_in: bool = False, in_service: bool = False) -> list[str]:
    """Which of the headers of safety this answer lacks; in service it has to ask for strict transport too."""
    headers, where = answer.headers, answer.request.path
    policy = {
        part.split()[0]: part.split()[1:]
        for part in headers.get("Content-Security-Policy", "").split(";")
        if part
    }
    lacking = [
        name for name, fits in {
            "default-src": policy.get("default-src") == ["'none'"],
            "frame-ancestors": policy.get("frame-ancestors") == ["'none'"],
            "script": not {"'unsafe-inline'", "'unsafe-eval'", "*", "https:"} & set(policy.get("script-src", ["'self'"])),
            "style": "'unsafe-inline'" not in policy.get("style-src", []),
            "nosniff": headers.get("X-Content-Type-Options") == "nosniff",
            "frames": headers.get("X-Frame-Options") == "DENY",
            "referrer": headers.get("Referrer-Policy") == "strict-origin-when-cross-origin",
            "features": "camera=()" in headers.get("Permissions-Policy", ""),
        }.items() if not fits
    ]  # fmt: skip
    if in_service and headers.get("Strict-Transport-Security") != f"max-age={YEAR}; includeSubDomains":
        lacking.append("transport")
    if signed_in and not where.startswith(SAME_FOR_ALL) and headers.get("Cache-Control") != "no-store":
        lacking.append("no-store")
    return lacking


def test_every_refusal_and_fault(site, signed_in, monkeypatch):
    keeper, nobody = signed_in(factories.administrator()), Client(site.test_client())
    site.config["SHOW_FAULT_PAGE"] = True
    mark = nobody.send("GET", "/static/css/site.css", buffered=True)
    asked: dict[int, tuple[str, str, dict]] = {
        304: ("GET", "/static/css/site.css", {"headers": {"If-None-Match": mark.headers["ETag"]}}),
        301: ("GET", "/nl-BE/help", {}),
        404: ("GET", "/nl/nowhere", {}),
        405: ("DELETE", "/nl/help", {}),
        413: ("POST", "/nl/sign-in", {"data": {"email": "x" * 4_000_000}}),
        422: ("POST", "/nl/sign-in", {"data": {"email": ""}}),
        403: ("GET", "/nl/caseload", {}),
    }
    mark.close()
    wrong = []
    for status, (method, path, more) in asked.items():
        for client in (nobody, keeper):
            if status == 403 and client is nobody:
                continue
            answer = client.send(method, path, buffered=True, **more)
            found = faults(answer, signed_in=client is keeper)
            if answer.status_code != status or found:
                wrong.append((status, path, answer.status_code, found))
            answer.close()
    for status, trouble in ((500, ZeroDivisionError()), (503, OperationalError("x", {}, Exception()))):

        def broken(trouble=trouble):
            raise trouble

        monkeypatch.setitem(site.view_functions, "pages.help", broken)
        for path in ("/nl/help", "/ar/help"):
            answer = keeper.send("GET", path)
            found = faults(answer, signed_in=True)
            if answer.status_code != status or found:
                wrong.append((status, path, answer.status_code, found))
    site.config["WTF_CSRF_ENABLED"] = True
    answer = keeper.send("POST", "/nl/account")
    site.config["SHOW_FAULT_PAGE"] = site.config["WTF_CSRF_ENABLED"] = False
    assert answer.status_code == 400
    assert not faults(answer, signed_in=True)
    assert not wrong


def test_too_often(limited_site):
    client = Client(limited_site.test_client())
    answers = [
        client.send("POST", "/nl/sign-in", data={"email": "a@example.be", "password": "x"}) for _ in range(12)
    ]
    assert answers[-1].status_code == 429
    assert not faults(answers[-1])
    assert int(answers[-1].headers["Retry-After"]) > 0


@pytest.fixture
def service(another_site, fresh_database, tmp_path):
    """The application as it runs in service."""
    return another_site(
        Settings(
            secret_key="a-secret-of-a-service-0123456789abcdef", database_url=fresh_database, data_dir=str(tmp_path),
            production=True, base_url="https://samen.example",
        )
    )  # fmt: skip


def test_in_service(service):
    """Strict transport on every answer, plain http led to https, and no other host than the configured one."""
    client = Client(service.test_client())
    for path, status in (
        ("/nl/", 200),
        ("/nl/nowhere", 404),
        ("/nl/account", 302),
        ("/static/css/site.css", 200),
    ):
        answer = client.send("GET", path, base_url="https://samen.example", buffered=True)
        assert answer.status_code == status, path
        assert not faults(answer), path
        assert "max-age=31556926" in answer.headers["Strict-Transport-Security"]
        for cookie in answer.headers.getlist("Set-Cookie"):
            assert all(word in cookie for word in ("Secure", "HttpOnly", "SameSite=Lax")), cookie
        answer.close()
    plain = client.send("GET", "/nl/", base_url="http://samen.example")
    assert plain.status_code in (301, 302)
    assert plain.headers["Location"].startswith("https://samen.example/")
    for poison in ({"base_url": "https://evil.example"}, {"headers": {"Host": "evil.example"}}):
        answer = client.send("GET", "/nl/", **{"base_url": "https://samen.example", **poison})
        assert answer.status_code == 400
        assert b"evil.example" not in answer.get_data()
        assert not faults(answer)
    for name in ("X-Forwarded-Host", "Forwarded", "X-Host", "X-Original-URL"):
        value = "host=evil.example" if name == "Forwarded" else "evil.example"
        answer = client.send("GET", "/nl/", base_url="https://samen.example", headers={name: value})
        assert b"evil.example" not in answer.get_data()
        assert "evil" not in str(answer.headers)


HTTPS = "https://samen.example"


def test_in_service_strict_transport_is_asked_for_whatever_the_status(service, monkeypatch):
    human = factories.person(roles=(Role.HELPER,))
    accounts.set_password(human.id, factories.PASSWORD)
    monkeypatch.setitem(service.config, "WTF_CSRF_ENABLED", False)
    inside, nobody = Client(service.test_client()), Client(service.test_client())
    entered = {"email": human.email, "password": factories.PASSWORD}
    mark = nobody.send("GET", "/static/css/site.css", base_url=HTTPS, buffered=True)
    asked = [
        (303, inside, "POST", "/nl/sign-in", {"data": entered}), (200, inside, "GET", "/nl/account", {}), (403, inside, "GET", "/nl/caseload", {}),
        (404, inside, "GET", "/nl/nowhere", {}), (422, inside, "POST", "/nl/account/address", {"data": {"email": ""}}),
        (200, nobody, "GET", "/ready", {}), (301, nobody, "GET", "/nl-BE/help", {}), (302, nobody, "GET", "/nl/account", {}),
        (304, nobody, "GET", "/static/css/site.css", {"headers": {"If-None-Match": mark.headers["ETag"]}}), (400, nobody, "GET", "/nl/", {"headers": {"Host": "evil.example"}}),
        (405, nobody, "DELETE", "/nl/help", {}), (413, nobody, "POST", "/nl/sign-in", {"data": {"email": "x" * 4_000_000}}), (422, nobody, "POST", "/nl/sign-in", {"data": {"email": ""}}),
    ]  # fmt: skip
    mark.close()
    wrong = []
    for status, client, method, path, more in asked:
        answer = client.send(method, path, **{"base_url": HTTPS, "buffered": True, **more})
        found = faults(answer, signed_in=client is inside and status != 303, in_service=True)
        if answer.status_code != status or found:
            wrong.append((status, path, answer.status_code, found))
        answer.close()
    monkeypatch.setitem(service.config, "SHOW_FAULT_PAGE", True)
    for status, trouble in ((500, ZeroDivisionError()), (503, OperationalError("x", {}, Exception()))):

        def broken(trouble=trouble):
            raise trouble

        monkeypatch.setitem(service.view_functions, "pages.help", broken)
        answer = inside.send("GET", "/nl/help", base_url=HTTPS)
        found = faults(answer, signed_in=True, in_service=True)
        if answer.status_code != status or found:
            wrong.append((status, "/nl/help", answer.status_code, found))
    assert not wrong


def test_the_check_can_fail(browser):
    answer = browser.send("GET", "/nl/")
    assert not faults(answer)
    assert faults(answer, in_service=True) == ["transport"]
    del answer.headers["Cache-Control"]
    assert faults(answer, signed_in=True) == ["no-store"]
    answer.headers["Content-Security-Policy"] = "default-src 'none'; script-src 'unsafe-inline'"
    del answer.headers["X-Content-Type-Options"]
    assert {"script", "nosniff", "frame-ancestors"} <= set(faults(answer))
