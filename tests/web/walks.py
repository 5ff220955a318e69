"""Both registrations as people fill them in, for the tests of the wizard."""

import re

from tests.client import Client

BUDDY = (
    (
        "who",
        {"full_name": "Marleen Peeters", "email": "marleen@example.be", "adult": "y", "clear_dutch": "y"},
    ),
    ("where", {"place": "2800"}),
    ("languages", {"languages": ["fr"]}),
    ("likes", {"interests": ["cooking", "walking"]}),
    ("when", {"availability": ["sat-morning"]}),
    ("wishes", {"max_km": "25", "capacity": "1", "words": "Ik help graag.", "gender": "f"}),
    ("agree", {"duties": "y", "privacy": "y"}),
)
NEWCOMER = (
    ("name", {"full_name": "أمينة (Gent) 3"}),
    ("where", {"town": "44021"}),
    ("dutch", {"languages": ["ar"], "dutch_level": "a1"}),
    ("likes", {"interests": ["cooking"]}),
    ("when", {"availability": ["sat-morning"]}),
    ("hopes", {"goals": ["meet-people"], "wished_gender": "f"}),
    ("consent", {"adult": "y", "privacy": "y"}),
)
WALKS = {"buddy": BUDDY, "newcomer": NEWCOMER}


def walk(browser, kind, lang, *, until=None, **changes):
    """Fill in the steps one by one, up to `until`; returns the page that comes then."""
    page = browser.get(f"/{lang}/register/{kind}")
    for slug, answers in WALKS[kind]:
        assert page.response.request.path == f"/{lang}/register/{kind}/{slug}"
        if slug == until:
            break
        page = browser.submit(page, **{**answers, **changes.get(slug, {})})
    return page


def answered(browser, kind, lang, *, until=None, **changes):
    """As `walk`, but without looking at the pages on the way."""
    for slug, answers in WALKS[kind]:
        if slug == until:
            break
        sent = {**answers, **changes.get(slug, {})}
        answer = browser.send("POST", f"/{lang}/register/{kind}/{slug}", data=sent)
        assert answer.status_code == 303
    return browser.get(f"/{lang}/register/{kind}/{until}" if until else answer.location)


def new_browser(site):
    return Client(site.test_client())


def refused(page):
    """The fields that a refused form names, and its summary."""
    assert page.soup.select("[role=alert] li")
    return {re.sub("^error-", "", str(tag["id"])) for tag in page.soup.select("[id^=error-]")}
