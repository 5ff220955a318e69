"""The open API under odd requests: each is answered as described, from every site, and pages stay whole while rows change."""

import json
from random import Random

import pytest
from sqlalchemy.exc import OperationalError

from app.db import transaction
from app.models import Offer
from app.services import listings
from app.vocabulary.activities import OfferState
from app.web import api
from app.web.api_description import FILES_PER_HOUR
from tests import factories
from tests.web.test_api import PLACE, activity, ask, checker, described

PATHS = ("/", "/activities", "/activities.json", "/activities.csv", "/activities.schema.json", "/numbers", "/numbers/hours", "/words", "/openapi.json")  # fmt: skip
SAID = "nl"


@pytest.fixture
def club(site):
    return factories.organisation(name="De Brug")


@pytest.fixture
def quiet(site, monkeypatch):
    """Faults are answered as on a real site."""
    monkeypatch.setitem(site.config, "SHOW_FAULT_PAGE", True)


def pages(browser, between):
    """The keys of all pages, while something happens between two of them."""
    found, path = [], "/activities?limit=3"
    while path:
        answer = ask(browser, path).json
        found += [item["id"] for item in answer["activities"]]
        path = answer["next"] and answer["next"].removeprefix(f"http://localhost{PLACE}")
        between()
    return found


def set_state(offer_id, state):
    with transaction() as db:
        db.get_one(Offer, offer_id).state = state
        listings.refresh([offer_id])


@pytest.mark.parametrize("seed", range(4))
def test_pages_have_no_doubles_or_gaps_while_rows_change(browser, club, seed):
    random = Random(seed)
    there = [activity(club).id for _ in range(11)]
    fickle = random.sample(there, 4)

    def between():
        act = random.randrange(4)
        key = random.choice(fickle)
        if act == 0:
            activity(club)
        elif act == 1:
            set_state(key, OfferState.ENDED)
        elif act == 2:
            set_state(key, OfferState.PUBLISHED)
        else:
            with transaction() as db:
                db.get_one(Offer, random.choice(there)).title = f"Anders {random.random()}"

    found = pages(browser, between)
    assert found == sorted(set(found))
    assert set(there) - set(fickle) <= set(found)


@pytest.mark.parametrize("path", PATHS)
def test_head_says_the_same_without_the_body(browser, club, path):
    activity(club)
    whole, head = ask(browser, path), browser.send("HEAD", PLACE + path)
    assert (head.status_code, head.get_data()) == (200, b"")
    for name in (
        "Content-Type",
        "Content-Length",
        "ETag",
        "Cache-Control",
        "Vary",
        "Access-Control-Allow-Origin",
    ):
        assert head.headers.get(name) == whole.headers.get(name), name


@pytest.mark.parametrize("path", PATHS)
def test_a_preflight_is_answered(browser, path):
    asked = {"Origin": "https://town.example", "Access-Control-Request-Method": "GET"}
    answer = browser.send("OPTIONS", PLACE + path, headers=asked)
    assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (200, "*")
    assert answer.headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize(
    "accept",
    ["", "*/*", "text/html", "application/xml;q=1", "image/png;q=nan", "application/json;q=0", "x", "a/b;q=1e999", ",;=,", "*/*;q=" + "9" * 5000],
)  # fmt: skip
def test_there_is_one_form_whatever_is_accepted(browser, accept):
    assert ask(browser, "/words", Accept=accept).content_type == "application/json"


@pytest.mark.parametrize(
    ("accepted", "said"),
    [("", SAID), ("*", SAID), ("xx, yy;q=0.9", SAID), ("nl;q=NaN", SAID), ("fr;q=-1", SAID), ("ar;q=1e999", SAID), ("../../etc", SAID), ("nl%00", SAID), (",".join(["xx"] * 5000), SAID), ("zh-Hant-TW-x-a", SAID), ("fr-CA", "fr"), ("xx, ar;q=0.5", "ar"), ("TI", "ti"), ("uk_UA", "uk")],
)  # fmt: skip
def test_a_language_that_is_not_known_or_not_one_is_dutch(browser, accepted, said):
    assert ask(browser, "/words", **{"Accept-Language": accepted}).headers["Content-Language"] == said


@pytest.mark.parametrize("path", PATHS)
def test_what_is_not_known_is_refused_everywhere(browser, path):
    check = checker(described(browser), "Problem")
    for query in ("limt=2", "kind%00=sport", "=", "%F0%9F%98%80=1"):
        answer = ask(browser, f"{path}?{query}", 422)
        assert answer.content_type == "application/problem+json"
        assert list(check.iter_errors(answer.json)) == []
        assert len(answer.json["errors"]) == 1


def test_marks_in_every_form(browser, club):
    activity(club)
    mark = ask(browser, "/activities").headers["ETag"]
    for sent, status in (
        (mark, 304), (f'"x", {mark}', 304), ("*", 304), (mark.removeprefix("W/"), 304), ('W/"x"', 200), ('"', 200), ("", 200), ("x" * 9000, 200),
    ):  # fmt: skip
        answer = ask(browser, "/activities", status, **{"If-None-Match": sent})
        assert answer.headers["ETag"] == mark
        assert (answer.get_data() == b"") == (status == 304)


@pytest.mark.parametrize("path", ["/nowhere", "/activities/0x1", "/activities/1/2", "/activities/-1", "/numbers/..%2f..%2fetc", "/%c0%ae%c0%ae", "/activities;x", "//activities"])  # fmt: skip
def test_what_is_not_there(browser, path):
    answer = browser.send("GET", PLACE + path)
    assert answer.status_code in (404, 308)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_the_address_without_its_last_stroke_leads_on_for_scripts_too(browser):
    answer = browser.send("GET", PLACE)
    assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (308, "*")


def test_a_fault_is_a_document_with_a_reference_and_no_more(browser, quiet, monkeypatch):
    monkeypatch.setattr(api.offer_exports, "page_after", lambda *_a: 1 / 0)
    answer = ask(browser, "/activities", 500)
    assert answer.content_type == "application/problem+json"
    assert list(checker(described(browser), "Problem").iter_errors(answer.json)) == []
    assert answer.json["reference"]
    assert "Zero" not in answer.get_data(as_text=True)


def test_a_database_that_is_away_says_when_to_ask_again(browser, quiet, monkeypatch):
    def away(*_given):
        raise OperationalError("x", {}, Exception("away"))

    monkeypatch.setattr(api.offer_exports, "page_after", away)
    answer = ask(browser, "/activities", 503)
    assert (answer.json["status"], answer.headers["Retry-After"]) == (503, "5")


def test_whole_files_are_counted_by_the_hour(limited):
    for _ in range(FILES_PER_HOUR):
        ask(limited, "/activities.csv")
    refused = ask(limited, "/activities.csv", 429)
    assert 60 < int(refused.headers["Retry-After"]) <= 3600
    assert list(checker(described(limited), "Problem").iter_errors(json.loads(refused.data))) == []
    ask(limited, "/activities")
