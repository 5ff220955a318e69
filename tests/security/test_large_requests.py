"""Too much at once (SECURITY 1, 2, 4, 63): refused at once, with a page that says so, and without taking much memory."""

import io
import time
import tracemalloc
import zipfile

import pytest

from app.web.bodies import MOST_FIELDS
from tests import factories
from tests.security.test_uploads import bomb

MOST_GROWTH = 50_000_000  # bytes
LONGEST = 2.0  # seconds, on a machine that does nothing else; twice as much where tests share it
FORM = "application/x-www-form-urlencoded"
GUARDS = ("MAX_CONTENT_LENGTH", "MAX_FORM_MEMORY_SIZE", "MAX_FORM_PARTS")


def parts(count):
    each = b"".join(
        b'--x\r\nContent-Disposition: form-data; name="a%d"\r\n\r\nb\r\n' % number for number in range(count)
    )
    return each + b"--x--\r\n"


TOO_MUCH = {
    "10 MB in one field": (b"email=" + b"x" * 10_000_000, FORM),
    "10 MB in one part": (b'--x\r\nContent-Disposition: form-data; name="email"\r\n\r\n' + b"x" * 10_000_000 + b"\r\n--x--\r\n", "multipart/form-data; boundary=x"),
    "2 MB in one part": (b'--x\r\nContent-Disposition: form-data; name="email"\r\n\r\n' + b"x" * 2_000_000 + b"\r\n--x--\r\n", "multipart/form-data; boundary=x"),
    "1 000 001 fields": (b"a&" * 1_000_001, FORM),
    "1 000 001 named fields": (b"&".join(b"f%d=" % number for number in range(1_000_001)), FORM),
    "5 000 parts": (parts(5000), "multipart/form-data; boundary=x"),
}  # fmt: skip


@pytest.fixture
def growth(site):
    """Bytes that were held at most since it was last asked."""
    tracemalloc.start(1)
    tracemalloc.reset_peak()
    held = tracemalloc.get_traced_memory()[0]
    yield lambda: tracemalloc.get_traced_memory()[1] - held
    tracemalloc.stop()


@pytest.mark.parametrize("what", TOO_MUCH)
def test_too_much_is_refused_with_a_page_and_little_memory(site, browser, growth, what):
    body, kind = TOO_MUCH[what]
    began = time.process_time()
    answer = browser.send("POST", "/nl/sign-in", data=body, content_type=kind)
    assert time.process_time() - began < 2 * LONGEST
    assert answer.status_code == 413
    assert "Dit is te veel in één keer" in answer.get_data(as_text=True)
    assert growth() < MOST_GROWTH
    assert browser.send("GET", "/nl/help").status_code == 200


@pytest.mark.parametrize("what", [what for what in TOO_MUCH if not what.startswith("1 000 001")])
def test_without_the_limits_it_would_be_worked_on(site, browser, monkeypatch, what):
    """So it is the limits that refuse it: the test can fail."""
    for name in GUARDS:
        monkeypatch.setitem(site.config, name, None)
    body, kind = TOO_MUCH[what]
    assert browser.send("POST", "/nl/sign-in", data=body, content_type=kind).status_code == 422


def test_as_many_fields_as_are_taken_are_answered_soon(browser, growth):
    began = time.process_time()
    answer = browser.send("POST", "/nl/sign-in", data=b"a&" * (MOST_FIELDS - 1), content_type=FORM)
    assert answer.status_code == 422
    assert browser.send("POST", "/nl/sign-in", data=b"a&" * MOST_FIELDS, content_type=FORM).status_code == 413
    assert time.process_time() - began < 2 * LONGEST
    assert growth() < MOST_GROWTH


def test_it_is_refused_in_the_language_of_the_reader(site, browser):
    """Also where the secret of the form is looked for, before anything else is known of the request."""
    site.config["WTF_CSRF_ENABLED"] = True
    body, kind = TOO_MUCH["10 MB in one field"]
    answer = browser.send("POST", "/fr/sign-in", data=body, content_type=kind)
    site.config["WTF_CSRF_ENABLED"] = False
    assert answer.status_code == 413
    assert '<html lang="fr"' in answer.get_data(as_text=True)


def macro():
    """An Excel file with a program in it."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as file:
        file.writestr("[Content_Types].xml", "<Types/>")
        file.writestr("xl/workbook.xml", "<workbook/>")
        file.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 500)
    return kept.getvalue()


@pytest.mark.parametrize("make", [bomb, macro], ids=["bomb", "macro"])
def test_a_workbook_that_grows_or_acts_is_refused_and_never_unpacked(site, signed_in, growth, make):
    client = signed_in(factories.coordinator())
    file = (
        io.BytesIO(make()),
        "list.xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    )
    answer = client.send(
        "POST",
        "/nl/people/import",
        data={"kind": "buddy", "network": "rivierenland", "file": file},
        content_type="multipart/form-data",
    )
    assert answer.status_code in (413, 422)
    assert growth() < MOST_GROWTH
