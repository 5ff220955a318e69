"""Random requests to the open API, from its own description and from nowhere: never a fault, always as described.

A short form runs with every change; `--fuzz 2000` sends that many to each address, and says how often which answer came.
"""

import json
from collections import Counter
from urllib.parse import quote

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import load_all_checks
from schemathesis.specs.openapi.checks import positive_data_acceptance

from app.vocabulary.masks import GOALS, LIKINGS
from app.web.api_parameters import FILTERS, PAGING, PERIOD
from tests import factories
from tests.web.test_api import PLACE, described

SHORT = 6
ASKED = ("listActivities", "getActivity", "listNumbers", "getNumbers", "getWords")
PLAIN = ("jsonFile", "csvFile", "getSchema", "getDescription", "getIndex")
POSITIVE, NEGATIVE = schemathesis.GenerationMode
NAMES = [*FILTERS, *PAGING, *PERIOD, "lang", "x"]
PIECES = st.one_of(
    st.text(max_size=30), st.integers().map(str), st.floats().map(str), st.dates().map(str), st.datetimes().map(str),
    st.sampled_from([*GOALS, *LIKINGS, "true", "null", "%", "_", "'", "--", "9" * 4000, "2026-11-21T00:00:00Z", "0x1", "1e9", "①"]),
)  # fmt: skip


@pytest.fixture
def quickly(request):
    """How often to try, with what suits a test whose database stays the same."""
    return settings(
        max_examples=request.config.getoption("--fuzz") or SHORT, deadline=None, database=None, derandomize=not request.config.getoption("--fuzz"),
        phases=(Phase.generate,), suppress_health_check=list(HealthCheck),
    )  # fmt: skip


@pytest.fixture
def filled(site):
    """A few activities to find."""
    club = factories.organisation()
    for level in ("none", "a2"):
        offer = factories.offer(organisation_id=club.id, dutch_level=level, gatherings=[factories.weekly()])
        factories.text(offer, "ti")


@pytest.mark.parametrize(
    ("operation", "mode"),
    [*((name, POSITIVE) for name in (*ASKED, *PLAIN)), *((name, NEGATIVE) for name in ASKED)],
)
def test_by_its_description(site, browser, filled, quickly, operation, mode, record_property):
    load_all_checks()
    told = Counter()
    schema = schemathesis.openapi.from_dict(described(browser))
    schema.app, schema.location = site, f"http://localhost{PLACE}/openapi.json"
    found = schema.find_operation_by_id(operation)

    # that a period begins before it ends cannot be said in a description
    excluded = [positive_data_acceptance] if operation == "getNumbers" else []

    @quickly
    @given(case=found.as_strategy(generation_mode=mode))
    def requests(case):
        answer = case.call_and_validate(headers={"Accept-Encoding": "identity"}, excluded_checks=excluded)
        told[answer.status_code] += 1

    requests()
    record_property(f"{operation} {mode.value}", dict(told))


def test_the_operations_are_all(browser):
    paths = described(browser)["paths"].values()
    assert {path["get"]["operationId"] for path in paths} == {*ASKED, *PLAIN}


def test_from_nowhere(browser, filled, quickly, record_property):
    told = Counter()

    @quickly
    @given(
        path=st.sampled_from(["/activities", "/activities/1", "/numbers/hours", "/words", "/activities.csv"]) | PIECES.map(lambda text: "/" + quote(text)),
        query=st.lists(st.tuples(st.sampled_from(NAMES) | PIECES, PIECES), max_size=4),
        header=PIECES, method=st.sampled_from(["GET", "GET", "GET", "HEAD", "OPTIONS", "POST", "DELETE"]),
    )  # fmt: skip
    def requests(path, query, header, method):
        sent = "&".join(f"{quote(name)}={quote(value)}" for name, value in query)
        plain = "".join(letter for letter in header if " " <= letter <= "~")
        answer = browser.send(
            method, f"{PLACE}{path}?{sent}",
            headers=dict.fromkeys(("Accept", "Accept-Language", "If-None-Match", "If-Modified-Since", "Range"), plain),
        )  # fmt: skip
        told[answer.status_code] += 1
        assert answer.status_code in (200, 304, 308, 404, 405, 422)
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        if answer.status_code in (404, 405, 422) and method != "HEAD":
            assert json.loads(answer.data)["status"] == answer.status_code

    requests()
    record_property("from nowhere", dict(told))
