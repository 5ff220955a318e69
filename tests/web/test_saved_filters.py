"""Filters kept under a name: one's own, at most one to start with, and nothing else of an address in them."""

from threading import Barrier, Thread

import pytest

from app.db import release, session, transaction
from app.errors import Forbidden, Invalid, NotFound
from app.models import SavedFilter
from app.services import saved_filters
from app.vocabulary import BuddyState
from app.vocabulary.lists import ListKind
from app.web.saved_filters import only_filters
from tests import factories


@pytest.fixture
def els(site):
    return factories.coordinator()


def kept():
    return session().query(SavedFilter).order_by(SavedFilter.id).all()


@pytest.mark.parametrize("lang", ["x-pseudo", "nl", "ar"])
@pytest.mark.parametrize(("path", "query"), [("buddies", "state=screening"), ("newcomers", "state=ready")])
def test_a_filter_is_kept_opens_the_list_and_goes(signed_in, els, lang, path, query):
    factories.buddy(state=BuddyState.SCREENING, name="Ann")
    browser = signed_in(els)
    address = f"/{lang}/people/{path}"
    page = browser.get(f"{address}?{query}&page=1&evil=%3Cscript%3E")
    browser.submit(page, "form[action$='/filters']", name="Te beslissen")
    (one,) = kept()
    assert (one.name, one.query, one.is_start) == ("Te beslissen", query, False)
    page = browser.get(f"{address}?{query}")
    assert page.soup.select_one("nav a.pill[aria-current]").get_text(strip=True).startswith("Te beslissen")
    browser.submit(page, "form[action$='/start']")
    assert browser.send("GET", address).location == f"{address}?{query}"
    everybody = browser.get(f"{address}?all=1")
    browser.submit(everybody, "form[action$='/everybody']")
    assert browser.send("GET", address).status_code == 200
    browser.submit(browser.get(address), "form[action$='/take-away']")
    assert kept() == []


@pytest.mark.parametrize("name", ["", "x" * 61])
def test_a_filter_needs_a_name(signed_in, els, name):
    browser = signed_in(els)
    browser.submit(browser.get("/nl/people/buddies?q=an"), "form[action$='/filters']", name=name)
    assert kept() == []


def test_too_many_are_refused_in_words_and_the_same_name_is_replaced(signed_in, els):
    actor = factories.viewer(els)
    for number in range(saved_filters.MOST):
        saved_filters.keep(actor, ListKind.BUDDY, name=f"Filter {number}", query="q=an")
    saved_filters.keep(actor, ListKind.BUDDY, name="Filter 3", query="q=bo")
    assert [one.query for one in kept() if one.name == "Filter 3"] == ["q=bo"]
    with pytest.raises(Invalid):
        saved_filters.keep(actor, ListKind.BUDDY, name="Nog een", query="")
    browser = signed_in(els)
    browser.submit(browser.get("/nl/people/buddies?q=an"), "form[action$='/filters']", name="Nog een")
    assert len(kept()) == saved_filters.MOST


def test_one_list_starts_with_one_filter_at_most(els):
    actor = factories.viewer(els)
    for name in ("a", "b"):
        saved_filters.keep(actor, ListKind.BUDDY, name=name, query="q=an")
    saved_filters.keep(actor, ListKind.NEWCOMER, name="c", query="q=an")
    for one in kept():
        saved_filters.open_with(actor, one.id, start=True)
    session().expire_all()
    assert [one.is_start for one in kept()] == [False, True, True]


def test_nobody_touches_those_of_another(els):
    saved_filters.keep(factories.viewer(els), ListKind.BUDDY, name="a", query="")
    other = factories.viewer(factories.coordinator())
    for act in (saved_filters.take_away, lambda actor, key: saved_filters.open_with(actor, key, start=True)):
        with pytest.raises(NotFound):
            act(other, kept()[0].id)
    with pytest.raises(Forbidden):
        saved_filters.keep(factories.viewer(factories.counsellor()), ListKind.BUDDY, name="a", query="")


@pytest.mark.parametrize(
    ("query", "left"),
    [
        ("q=an&evil=1&sort=name&down=1", "q=an&sort=name&down=1"), ("lang=ar", ""), ("q=a%26b", "q=a%26b"),
        (f"q={'x' * 2000}", f"q={'x' * 998}"), ("q=" + "é" * 400, ""), ("%zz", ""),
    ],
)  # fmt: skip
def test_only_filters_are_kept(query, left):
    assert only_filters(query) == left


def test_two_at_once_make_no_two_starts(els, site):
    actor = factories.viewer(els)
    for name in ("a", "b"):
        saved_filters.keep(actor, ListKind.BUDDY, name=name, query="")
    ids, together, faults = [one.id for one in kept()], Barrier(2), []

    def start(key):
        with site.app_context():
            together.wait()
            try:
                saved_filters.open_with(actor, key, start=True)
            except Exception as error:  # noqa: BLE001 - told below
                faults.append(error)
            finally:
                release()

    threads = [Thread(target=start, args=(key,)) for key in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with transaction() as db:
        assert db.query(SavedFilter).filter_by(is_start=True).count() == 1
    assert faults == []
