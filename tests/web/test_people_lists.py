"""The pages of an import: what was sent comes back when it is refused, and nobody is added by looking."""

from io import BytesIO

import pytest

from app.db import session
from app.models import Buddy, BuddyImport
from app.vocabulary import Role
from tests import factories

LIST = "Naam;E-mail;Postcode;Talen\nJosé <b>x</b>;jose@example.be;2800;Klingon\n=1+1;x;2800;\n"


def send(browser, content, *, name="lijst.csv", lang="nl", status=200, **fields):
    """Send a file of that name."""
    data = {"network": "rivierenland", "text": "", **fields}
    if content is not None:
        data["file"] = (BytesIO(content), name)
    return browser.post(f"/{lang}/people/import", data, status=status, content_type="multipart/form-data")


@pytest.mark.parametrize("lang", ["x-pseudo", "nl", "ar"])
def test_the_whole_way(signed_in, lang):
    browser = signed_in(factories.coordinator())
    preview = send(browser, LIST.encode("cp1252"), lang=lang)
    assert "José <b>x</b>" in preview.text
    assert "Klingon" in preview.text
    assert session().query(Buddy).count() == 0
    done = browser.submit(preview, invite="y")
    assert session().query(Buddy).count() == 1
    assert any(link.endswith("/rows.csv") for link in done.links())
    kept = session().query(BuddyImport).one()
    rows = browser.send("GET", f"/{lang}/people/import/{kept.id}/rows.csv")
    assert rows.headers["Content-Disposition"] == 'attachment; filename="rows-to-mend.csv"'
    assert "'=1+1" in rows.get_data(as_text=True)
    browser.get(f"/{lang}/people/import")
    browser.post(f"/{lang}/people/import/{kept.id}", status=409)


@pytest.mark.parametrize("lang", ["x-pseudo", "nl", "ar"])
@pytest.mark.parametrize(
    ("content", "text"),
    [(b"<html><body>", ""), (b"PK\x03\x04", ""), (b"\x00\xff\x00", ""), (b"", ""), (None, "Ann;2800"), (None, "Naam;E-mail;Postcode\n"), (None, "")],
)  # fmt: skip
def test_what_is_refused_says_why_and_keeps_what_was_pasted(signed_in, lang, content, text):
    page = send(signed_in(factories.coordinator()), content, lang=lang, text=text, status=422)
    assert page.soup.select_one("[role=alert] li")
    assert page.soup.select_one("textarea").get_text().strip() == text.strip()
    assert session().query(BuddyImport).count() == 0


@pytest.mark.parametrize(
    "name", ["../../x", "C:\\x", "con", "x" * 300, "\u202egnp.csv", ".htaccess", "a\x00b", ""]
)
def test_the_name_of_a_file_is_never_used(signed_in, name):
    page = send(signed_in(factories.coordinator()), LIST.encode(), name=name or "x")
    assert page.response.request.path.endswith("/people/import/1")


def test_pasted_rows(signed_in):
    page = send(
        signed_in(factories.coordinator()),
        None,
        text="Naam\tE-mail\tPostcode\r\nأحمد\ta@example.be\t2800\r\n",
    )
    assert "أحمد" in page.text


def test_a_file_that_is_too_large_is_refused_in_words(signed_in):
    browser = signed_in(factories.coordinator())
    for megabytes, status in ((2, 422), (4, 413)):
        head = b'--x\r\nContent-Disposition: form-data; name="network"\r\n\r\nrivierenland\r\n'
        head += b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\nNaam;E-mail;Postcode\n'
        body = head + b"x" * (megabytes * 1024 * 1024) + b"\r\n--x--\r\n"
        browser.post("/nl/people/import", body, status=status, content_type="multipart/form-data; boundary=x")


def test_lists_of_another_network_do_not_exist(signed_in):
    send(signed_in(factories.coordinator()), LIST.encode())
    kept = session().query(BuddyImport).one().id
    other = signed_in(factories.coordinator("kempen"))
    for path in (f"import/{kept}", f"import/{kept}/rows.csv"):
        other.get(f"/nl/people/{path}", status=404)
    other.post(f"/nl/people/import/{kept}", status=404)
    send(other, LIST.encode(), status=422)
    assert session().query(Buddy).count() == 0


def test_a_coordinator_of_two_networks_brings_in_rows_of_both(signed_in):
    els = factories.coordinator()
    factories.grant(els, Role.COORDINATOR, network="kempen")
    browser = signed_in(els)
    assert browser.get("/nl/people/import").soup.select_one("select[name=network]")
    preview = send(browser, f"{LIST}Zoe;zoe@example.be;2300;\n".encode())
    browser.submit(preview)
    assert {buddy.network_slug for buddy in session().query(Buddy)} == {"rivierenland", "kempen"}
