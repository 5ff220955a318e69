"""Newcomer pages are light: at most 60 KB over the wire with their styles and scripts (S11)."""

import re

import pytest

from tests import factories
from tests.browser.tours import READERS, Ground
from tests.web.walks import new_browser

LIMIT = 60_000


def answer_of(browser, path):
    """The page as text."""
    return browser.send("GET", path, follow_redirects=True).get_data(as_text=True)


def weight(browser, path):
    """Bytes of a page with everything that it loads, as a browser that takes gzip gets them."""
    seen, waiting, total = set(), [path], 0
    while waiting:
        address = waiting.pop()
        seen.add(address)
        answer = browser.send(
            "GET", address, headers={"Accept-Encoding": "gzip"}, buffered=True, follow_redirects=True
        )
        assert answer.status_code == 200, address
        total += len(answer.get_data())
        answer.close()
        if address == path:
            page = answer_of(browser, path)
            found = re.findall(r'(?:href|src|data-module)="(/static/[^"]+)"', page)
            waiting += [item for item in dict.fromkeys(found) if item not in seen]
    return total


@pytest.mark.parametrize("lang", ["nl", "ar", "ti"])
@pytest.mark.parametrize("name", [name for name in READERS if not name.startswith("begins")])
def test_weight_over_the_wire(site, signed_in, name, lang):
    """Each page of visitors, newcomers and volunteers, with as many activities as a busy month has."""
    for _ in range(30):
        factories.offer(
            words="Koffie drinken en rustig praten met mensen uit de buurt. Iedereen is welkom. " * 3
        )
    tour = READERS[name](Ground(site, lang, signed_in))
    browser = new_browser(site)
    if tour.cookie:
        browser.browser.set_cookie("samenspoor", tour.cookie)
    weights = {
        stop.path: weight(browser, f"/{lang}/{stop.path}")
        for stop in tour.stops
        if stop.status == 200 and stop.sends is None
    }
    assert {path: bytes for path, bytes in weights.items() if bytes > LIMIT} == {}


def test_who_takes_no_gzip_gets_plain_text(browser):
    answer = browser.send("GET", "/nl/", headers={"Accept-Encoding": "identity"})
    assert answer.content_encoding is None
    assert b"<html" in answer.get_data()
