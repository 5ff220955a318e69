"""The pages of lists of activities: what was chosen comes back when it is refused, and looking changes nothing."""

import json
from functools import partial
from io import BytesIO

import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from app.db import session
from app.door import Door
from app.models import Offer, OfferList
from app.services.offer_lists.reading import LARGEST
from app.vocabulary import Role
from app.vocabulary.activities import OfferState
from app.vocabulary.offer_lists import OfferListState
from app.web.bodies import most_for
from tests import factories
from tests.activity_lists import event, events, lists_in_every_state
from tests.setup.test_door import ask, in_a_loop

LANGUAGES = ("x-pseudo", "nl", "ar")


@pytest.fixture
def house(site):
    made = factories.organisation(name="De <b>Brug")
    factories.contact(organisation_id=made.id)
    return made


def send(browser, house, content, *, lang="nl", status=200, **fields):
    """Send a file."""
    data = {"kind": "uitdatabank", "organisation": str(house.id), "address": "", **fields}
    if content is not None:
        data["file"] = (BytesIO(content), "../../x")
    return browser.post(f"/{lang}/activity-lists", data, status=status, content_type="multipart/form-data")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_whole_way(signed_in, house, lang):
    browser = signed_in(factories.coordinator())
    film = event(3, terms=[{"id": "0.50.6.0.0", "label": "Film <b>", "domain": "eventtype"}])
    content = events(event(1), event(2, name="<b>Praattafel</b>"), film, event(4, typicalAgeRange="6-12"))
    preview = send(browser, house, json.dumps(content).encode(), lang=lang)
    assert "Film <b>" in preview.text
    assert session().query(Offer).count() == 0
    refused = browser.submit(
        preview, status=422, publish="y", meeting_words="Samen aan tafel.", **{"kind-1": "other"}
    )
    assert "Samen aan tafel." in refused.html
    assert refused.form()["kind-1"] == "other"
    answers = {"fluent_speakers": "4", "insurer": "Ethias", "kind-0": "", "publish": "y"}
    done = browser.submit(refused, **answers)
    kept = session().query(OfferList).one()
    assert (kept.state, kept.added, kept.left_out) == (OfferListState.DONE, 2, 2)
    assert {offer.state for offer in session().query(Offer)} == {OfferState.PUBLISHED}
    rows = browser.send("GET", f"/{lang}/activity-lists/{kept.id}/rows.csv")
    assert rows.get_data(as_text=True).count("\r\n") >= 3
    assert any(link.endswith("rows.csv") for link in done.links())
    page = browser.get(
        f"/{lang}/activities/{session().query(Offer.id).filter_by(source_id='event-2').scalar()}"
    )
    assert "UiTdatabank" in page.text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_state_has_its_page(signed_in, site, lang):
    coordinator = factories.coordinator()
    browser = signed_in(coordinator)
    for key in lists_in_every_state(factories.viewer(coordinator)).values():
        browser.get(f"/{lang}/activity-lists/{key}")
    assert (
        len([link for link in browser.get(f"/{lang}/activity-lists").links() if "/activity-lists/" in link])
        >= 6
    )


@pytest.mark.parametrize(("content", "fields"), [(None, {}), (b"", {}), (None, {"address": "https://127.0.0.1/"}), (b"[]", {"organisation": "999"}), (b"[]", {"organisation": "x"}), (b"[]", {"kind": "y"})])  # fmt: skip
def test_what_is_refused_says_why(signed_in, house, content, fields):
    page = send(signed_in(factories.coordinator()), house, content, status=422, **fields)
    assert page.soup.select_one("[role=alert] li")
    assert session().query(OfferList).count() == 0


def test_an_address_can_be_named_only_where_that_is_allowed(signed_in, house):
    assert (
        signed_in(factories.coordinator()).get("/nl/activity-lists").soup.select_one("[name=address]") is None
    )


def status_of(browser, path, content, **fields):
    """How the site answers to a large file, which the client of tests keeps in a file of its own."""
    form = {**fields, "file": (BytesIO(content), "x")}
    answer = browser.send("POST", f"/nl/{path}", data=form, content_type="multipart/form-data")
    answer.request.environ["wsgi.input"].close()
    answer.close()
    return answer.status_code


def test_a_list_of_many_megabytes_comes_through_and_a_larger_one_is_refused(signed_in, house):
    browser = signed_in(factories.coordinator())
    large = json.dumps(
        events(*(event(number, description={"nl": "x" * 3000}) for number in range(1500)))
    ).encode()
    assert len(large) > 4 * 1024 * 1024
    post = {"kind": "uitdatabank", "organisation": str(house.id), "address": ""}
    assert status_of(browser, "activity-lists", large, **post) == 303
    assert session().query(OfferList).one().report["rows"] == 1500
    too_large = b"x" * (LARGEST + 2 * 1024 * 1024)
    for path, content in (("activity-lists", too_large), ("people/import", large)):
        assert status_of(browser, path, content) == 413


def through_the_door(site, browser, path, content, **fields):
    """Status of the answer to a large file that comes in by the door of the web server, in parts."""
    mark, body = encode_multipart({**fields, "file": FileStorage(BytesIO(content), "x", "file")})
    parts = [body[at : at + 1_000_000] for at in range(0, len(body), 1_000_000)]
    cookie = browser.browser.get_cookie("samenspoor")
    headers = {
        "host": "localhost", "content-type": f"multipart/form-data; boundary={mark}", "content-length": str(len(body)),
        "cookie": f"samenspoor={cookie.value}",
    }  # fmt: skip
    sent = [(name.encode(), value.encode()) for name, value in headers.items()]
    door = Door(site, most=site.config["MAX_CONTENT_LENGTH"], more=partial(most_for, site))
    status, _headers, _body = in_a_loop(ask(door, *parts, method="POST", path=path.encode(), headers=sent))
    session().rollback()  # what the request changed is seen by the test from here on
    return status


def test_the_door_takes_in_as_large_a_list_as_is_promised(site, signed_in, house):
    browser = signed_in(factories.coordinator())
    content = json.dumps(
        events(*(event(number, description={"nl": "x" * 3000}) for number in range(1700)))
    ).encode()
    assert len(content) > 5 * 1024 * 1024
    post = {"kind": "uitdatabank", "organisation": str(house.id), "address": ""}
    assert through_the_door(site, browser, "/nl/activity-lists", content, **post) == 303
    assert session().query(OfferList).one().report["rows"] == 1700
    for path, sent in (("activity-lists", b"x" * (LARGEST + 2 * 1024 * 1024)), ("people/import", content)):
        assert through_the_door(site, browser, f"/nl/{path}", sent, **post) == 413


def test_stopping_and_beginning_again(signed_in, site):
    coordinator = factories.coordinator()
    browser, found = signed_in(coordinator), lists_in_every_state(factories.viewer(coordinator))
    browser.post(f"/nl/activity-lists/{found['reading']}/stop")
    browser.post(f"/nl/activity-lists/{found['done']}/stop", status=409)
    browser.post(f"/nl/activity-lists/{found['taking']}/again", status=409)
    states = dict(session().query(OfferList.id, OfferList.state))
    assert (states[found["reading"]], states[found["done"]]) == (OfferListState.STOPPED, OfferListState.DONE)


def test_another_network_sees_nothing_of_it(signed_in, site):
    found = lists_in_every_state(factories.viewer(factories.coordinator()))
    factories.offer(organisation_id=factories.organisation().id, title="Van hier")
    other = signed_in(factories.coordinator("gent-stad"))
    for path in (f"{found['ready']}", f"{found['ready']}/rows.csv"):
        other.get(f"/nl/activity-lists/{path}", status=404)
    other.post(f"/nl/activity-lists/{found['ready']}", status=404)
    assert "Van hier" not in other.send("GET", "/nl/activity-lists/activities.json").get_data(as_text=True)


def test_an_administrator_takes_everything_away(signed_in, house):
    factories.offer(organisation_id=house.id, network="gent-stad", title="Daar")
    boss = signed_in(factories.administrator())
    file = boss.send("GET", "/nl/activity-lists/activities.json").json
    assert [one["title"] for one in file["activities"]] == ["Daar"]
    assert "Daar" in boss.send("GET", "/nl/activity-lists/activities.csv").get_data(as_text=True)
    boss.get("/nl/activity-lists")


@pytest.mark.parametrize("role", [None, Role.NEWCOMER, Role.HELPER])
def test_others_have_no_lists(signed_in, browser, role):
    if role is None:
        assert browser.send("GET", "/nl/activity-lists").status_code == 302
    else:
        signed_in(factories.person(roles=(role,))).get("/nl/activity-lists", status=403)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_open_data_are_explained(browser, lang):
    page = browser.get(f"/{lang}/open-data")
    assert "/api/v1/openapi.json" in page.links()
    assert "source_id" in page.text
