"""Newcomer pages are light: at most 60 KB over the wire with their styles and scripts (S11)."""

import re

import pytest

from tests import factories

LIMIT = 60_000


def weight(browser, path):
    """Bytes of a page with everything that it loads, as a browser that takes gzip gets them."""
    seen, waiting, total = set(), [path], 0
    while waiting:
        address = waiting.pop()
        seen.add(address)
        answer = browser.send("GET", address, headers={"Accept-Encoding": "gzip"}, buffered=True)
        assert answer.status_code == 200, address
        total += len(answer.get_data())
        answer.close()
        if address == path:
            page = browser.get(path).html
            found = re.findall(r'(?:href|src|data-module)="(/static/[^"]+)"', page)
            waiting += [item for item in dict.fromkeys(found) if item not in seen]
    return total


@pytest.mark.parametrize("lang", ["nl", "ar", "ti"])
@pytest.mark.parametrize(
    "path",
    ["", "activities", "numbers", "register/newcomer/name", "my-track", "hours", "hours/tell", "my-duo"],
)
def test_weight_over_the_wire(browser, signed_in, lang, path):
    own = path.startswith(("my-", "hours"))
    for _ in range(30):
        factories.offer(
            words="Koffie drinken en rustig praten met mensen uit de buurt. Iedereen is welkom. " * 3
        )
    visitor = signed_in(factories.newcomer().person) if own else browser
    assert weight(visitor, f"/{lang}/{path}") <= LIMIT


def test_who_takes_no_gzip_gets_plain_text(browser):
    answer = browser.send("GET", "/nl/", headers={"Accept-Encoding": "identity"})
    assert answer.content_encoding is None
    assert b"<html" in answer.get_data()
