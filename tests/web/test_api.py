"""The open API: what it answers is what it describes; paging, marks, languages, limits, and refusals as documents."""

import csv
import io
import json
from datetime import timedelta

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from app import exchange
from app.clock import now, today
from app.db import session, transaction
from app.models import Offer, OfferText
from app.vocabulary import OfferKind
from app.vocabulary.activities import OfferState, TextMaker
from app.web.api_description import PER_MINUTE
from tests import factories
from tests.counting import statements

PLACE = "/api/v1"


def ask(browser, path, status=200, **headers):
    """The answer to a GET, which must have that status."""
    answer = browser.send("GET", PLACE + path, headers=headers)
    assert answer.status_code == status, answer.get_data(as_text=True)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    return answer


def described(browser):
    """The description that the site serves."""
    return ask(browser, "/openapi.json").json


def checker(document, name):
    """What checks a value against a schema of the description."""
    registry = Registry().with_resource("api", DRAFT202012.create_resource(document))
    return Draft202012Validator({"$ref": f"api#/components/schemas/{name}"}, registry=registry)


@pytest.fixture
def club(site):
    return factories.organisation(name="De Brug")


def activity(club, **values):
    return factories.offer(organisation_id=club.id, **{"gatherings": [factories.weekly()], **values})


def test_the_description_is_valid_openapi(browser):
    document = described(browser)
    OpenAPIV31SpecValidator(document).validate()
    assert document["openapi"] == "3.1.0"


def test_every_address_is_described(site, browser):
    rules = {
        rule.rule.removeprefix(PLACE).replace("<int:", "{").replace("<", "{").replace(">", "}")
        for rule in site.url_map.iter_rules()
        if rule.endpoint.startswith("api.")
    }
    assert rules == set(described(browser)["paths"])


@pytest.mark.parametrize(
    ("path", "name"),
    [("/", "Index"), ("/activities", "ActivityPage"), ("/activities/{id}", "Activity"), ("/activities.json", "ActivityFile"), ("/numbers", "NumberList"), ("/words", "Words"), *((f"/numbers/{table}", "Numbers") for table in ("provinces", "networks", "finished", "hours"))],
)  # fmt: skip
@pytest.mark.parametrize("language", ["nl", "ar", "x-pseudo"])
def test_answers_are_as_described(browser, club, path, name, language):
    free = activity(
        club, price_cents=0, places=12, goals=["learn-dutch"], interests=["cooking"], suited=["children"]
    )
    factories.text(free, "ar", words="نص")
    activity(club, gatherings=[{"municipality": "Mechelen", "slots": ["mon-evening"]}, factories.weekly(3)])
    query = "" if path.endswith(".json") or path == "/" else f"?lang={language}"
    answer = ask(browser, path.format(id=free.id) + query).json
    errors = [error.message for error in checker(described(browser), name).iter_errors(answer)]
    assert errors == []


def test_a_problem_is_as_described(browser):
    check = checker(described(browser), "Problem")
    for path, status in (
        ("/activities?limit=0", 422),
        ("/activities/99", 404),
        ("/numbers/secrets", 404),
        ("/nowhere", 404),
    ):
        answer = ask(browser, path, status)
        assert answer.content_type == "application/problem+json"
        assert list(check.iter_errors(answer.json)) == []
        assert answer.json["status"] == status


def test_only_what_everybody_may_see(browser, club):
    seen = activity(club)
    unknown = factories.organisation(verified=False)
    hidden = [
        activity(unknown), activity(club, published_at=None), activity(club, state=OfferState.TO_CHECK, published_at=None),
        activity(club, state=OfferState.ENDED), activity(club, ends_on=factories.days_from_now(-1)), factories.offer(published_at=None),
    ]  # fmt: skip
    answer = ask(browser, "/activities").json
    assert (answer["total"], [item["id"] for item in answer["activities"]]) == (1, [seen.id])
    for offer in hidden:
        ask(browser, f"/activities/{offer.id}", 404)
    file = ask(browser, "/activities.json").json
    assert [item["source_id"] for item in file["activities"]] == [str(seen.id)]


def test_nobody_is_named(browser, club):
    by = factories.contact(name="Fatima Peeters", email="fatima@example.be", phone="+32470123456")
    offer = activity(club, contact_person=by)
    for path in ("/activities", f"/activities/{offer.id}", "/activities.json", "/activities.csv"):
        told = ask(browser, path).get_data(as_text=True)
        assert not any(word in told for word in ("Fatima", "fatima", "+32470123456"))


def test_pages_give_every_activity_once(browser, club):
    keys = [activity(club).id for _ in range(5)]
    found, path = [], "/activities?limit=2&kind=conversation_group"
    while path:
        answer = ask(browser, path)
        found += [item["id"] for item in answer.json["activities"]]
        following = answer.json["next"]
        assert (f'<{following}>; rel="next"' if following else None) == answer.headers.get("Link")
        path = following and following.removeprefix(f"http://localhost{PLACE}")
    assert found == keys


def test_filters(browser, club):
    sport = activity(
        club, kind=OfferKind.SPORT, title="Voetbal met [b]ballen%", interests=["football"], goals=["make-friends"],
        dutch_level="b1", suited=["wheelchair"], price_cents=0, places=1, places_taken=1, changed_at=now() - timedelta(days=9),
        gatherings=[factories.weekly(0, "19:00", postcode="9000", locality="Gent", municipality="Gent")],
    )  # fmt: skip
    other = activity(club, price_cents=500, dutch_level="a1")
    since = (now() - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    asked = {
        "kind=sport": [sport], "goal=make-friends": [sport], "interest=football": [sport], "level=a2": [other],
        "level=b2": [sport, other], "suited=wheelchair": [sport], "slot=mon-evening": [sport], "slot=tue-morning": [other],
        "network=gent-stad": [sport], "municipality=gent": [sport], "q=VOETBAL%20brug": [sport], "q=ballen%25": [sport],
        "q=%25": [sport, other], "q=voetbal%20mechelen": [], "free=true": [sport], "free=false": [other], "joinable=true": [other],
        "joinable=false": [sport], f"changed_since={since}": [other],
    }  # fmt: skip
    for query, wanted in asked.items():
        found = [item["id"] for item in ask(browser, f"/activities?{query}").json["activities"]]
        assert found == [offer.id for offer in wanted], query


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=101", "limit=x", "limit=1&limit=2", "after=-1", "after=99999999999", "after=٣", "kind=party", "lang=xx", "lang=", "q=", "q=%00", f"q={'x' * 101}", "free=1", "changed_since=2026-11-21", "changed_since=2026-13-01T00:00:00Z", "unknown=1", "municipality="],
)  # fmt: skip
def test_what_is_not_as_described_is_refused_by_name(browser, query):
    answer = ask(browser, f"/activities?{query}", 422).json
    assert answer["errors"][0]["parameter"] == query.partition("=")[0]
    assert answer["errors"][0]["detail"]


@pytest.mark.parametrize(
    "query", ["from=2026-02-30", "from=20260101", "to=x", "to=2026-W01-1", "from=2026-11-02&to=2026-11-01"]
)
def test_periods_that_cannot_be(browser, query):
    assert ask(browser, f"/numbers/hours?{query}", 422).json["errors"]


def test_days_beyond_what_is_known_are_those_that_are(browser):
    answer = ask(browser, "/numbers/hours?from=0001-01-01&to=9999-12-31").json
    assert (answer["from"], answer["to"]) == ("2000-01-01", today().isoformat())
    for instant in (
        "0001-01-01T00:00:00%2B23:59",
        "9999-12-31T23:59:59-23:59",
        "2000-02-29T00:00:00Z",
        "9996-02-29T00:00:00Z",
    ):
        ask(browser, f"/activities?changed_since={instant}")


def test_a_mark_saves_the_answer(browser, club):
    offer = activity(club)
    first = ask(browser, f"/activities/{offer.id}")
    mark = first.headers["ETag"]
    again = ask(browser, f"/activities/{offer.id}", 304, **{"If-None-Match": mark})
    assert (again.get_data(), again.headers["ETag"]) == (b"", mark)
    with transaction() as db:
        db.get_one(Offer, offer.id).title = "Anders"
    assert ask(browser, f"/activities/{offer.id}", **{"If-None-Match": mark}).headers["ETag"] != mark
    assert ask(browser, f"/activities/{offer.id}?lang=fr", **{"If-None-Match": mark}).status_code == 200


def test_the_language_is_that_of_the_request(browser, signed_in, club):
    offer = activity(club, title="Samen koken")
    factories.text(offer, "ar", title="نطبخ معا", made_by=TextMaker.MACHINE)
    path = f"/activities/{offer.id}"
    arabic = ask(browser, path, **{"Accept-Language": "ar-SY, nl;q=0.5"})
    assert (arabic.json["title"], arabic.json["language"], arabic.json["text_state"]) == (
        "نطبخ معا",
        "ar",
        "machine_made",
    )
    assert arabic.headers["Content-Language"] == "ar"
    assert arabic.json["url"] == f"http://localhost/ar/activities/{offer.id}"
    french = ask(browser, f"{path}?lang=fr", **{"Accept-Language": "ar"}).json
    assert (french["title"], french["language"], french["text_state"]) == ("Samen koken", "nl", "source")
    assert french["languages"] == ["ar", "nl"]
    with transaction() as db:
        db.get_one(Offer, offer.id).title = "Samen bakken"
    assert ask(browser, f"{path}?lang=ar").json["text_state"] == "outdated"
    assert "Accept-Language" in arabic.headers["Vary"]
    reader = signed_in(factories.person(locale="ar"))
    assert ask(reader, path).headers["Content-Language"] == "nl"
    assert session().query(OfferText).count() == 1


def test_scripts_of_other_sites_may_ask(browser):
    asked = browser.send("OPTIONS", f"{PLACE}/activities", headers={"Origin": "https://town.example"})
    assert asked.status_code == 200
    assert "If-None-Match" in asked.headers["Access-Control-Allow-Headers"]
    assert "Access-Control-Allow-Credentials" not in asked.headers
    assert not ask(browser, "/activities").headers.getlist("Set-Cookie")


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE"])
def test_nothing_can_be_changed(browser, method):
    answer = browser.send(method, f"{PLACE}/activities")
    assert (answer.status_code, answer.content_type) == (405, "application/problem+json")
    assert answer.headers["Allow"] == "GET, HEAD, OPTIONS"


def test_who_asks_too_often_waits(limited):
    left = [ask(limited, "/words").headers["X-RateLimit-Remaining"] for _ in range(2)]
    assert left == [str(PER_MINUTE - 1), str(PER_MINUTE - 2)]
    for _ in range(PER_MINUTE - 2):
        limited.send("HEAD", f"{PLACE}/words")
    refused = ask(limited, "/words", 429)
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    assert (refused.json["status"], refused.content_type) == (429, "application/problem+json")


def test_small_counts_are_held_back(browser):
    for _ in range(3):
        factories.buddy()
    told = ask(browser, "/numbers/provinces").json
    assert {line["values"]["candidates"]["held_back"] for line in told["lines"]} <= {"<5", "…"}
    assert told["total"]["values"]["candidates"] == {"value": None, "held_back": "<5"}


def test_the_file_is_as_its_schema_and_can_be_read_as_csv(browser, club):
    offer = activity(
        club, title="=1+1", goals=["learn-dutch", "meet-people"], places=3,
        gatherings=[factories.weekly(dates=["2026-12-24"]), factories.weekly(4, postcode="9000", locality="Gent")],
    )  # fmt: skip
    factories.text(offer, "fr")
    schema = ask(browser, "/activities.schema.json").json
    Draft202012Validator.check_schema(schema)
    file = ask(browser, "/activities.json")
    assert list(Draft202012Validator(schema).iter_errors(file.json)) == []
    assert file.json["activities"][0]["texts"][0]["language"] == "fr"
    lines = list(
        csv.DictReader(
            io.StringIO(ask(browser, "/activities.csv").get_data(as_text=True).lstrip("\ufeff"), newline=""),
            delimiter=";",
        )
    )
    assert tuple(lines[0]) == exchange.COLUMNS
    assert [line["postcode"] for line in lines] == ["2800", "9000"]
    assert (lines[0]["title"], lines[0]["goals"], lines[0]["dates"]) == (
        "'=1+1",
        "learn-dutch, meet-people",
        "2026-12-24",
    )


def test_few_statements_however_many_there_are(browser, club):
    for _ in range(8):
        factories.text(activity(club), "ar")
    for path in ("/activities", "/activities.csv", "/numbers/networks", "/numbers/hours"):
        with statements() as sent:
            ask(browser, path)
        assert len(sent) <= 8, (path, sent)


def test_an_empty_site_answers_too(browser):
    assert ask(browser, "/activities").json == {"total": 0, "activities": [], "next": None}
    assert json.loads(ask(browser, "/activities.json").data)["activities"] == []
    assert ask(browser, "/activities.csv").data.count(b"\r\n") == 1
