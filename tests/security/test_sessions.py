"""A sign-in: what it changes in the browser, how long it lasts, and that it ends everywhere at once (SECURITY, T8)."""

import threading
import time
from contextvars import Context
from datetime import timedelta

import pytest
import time_machine

from app.clock import now
from app.db import session, transaction
from app.models import Grant, SignIn
from app.services import accounts, staff
from app.vocabulary import Role
from tests import factories
from tests.client import Client
from tests.factories import PASSWORD
from tests.factors import phone_of
from tests.security.sign_ins import COOKIE, NEW, cookie_of, is_in, somebody, tries, with_cookie


def test_the_id_is_another_one_after_signing_in_and_dead_after_signing_out(site, browser):
    email = somebody().email
    site.config["WTF_CSRF_ENABLED"] = True
    page = browser.get("/nl/sign-in")
    planted = cookie_of(browser)
    assert planted, "a stranger has a session: for the secret of forms"
    browser.submit(page, email=email, password=PASSWORD)
    own = cookie_of(browser)
    assert own != planted
    assert not is_in(with_cookie(site, planted)), "who planted the session is not let in with her"
    assert is_in(with_cookie(site, own))
    page = browser.get("/nl/account")
    browser.submit(page, "form[action$=sign-out]")
    assert not is_in(with_cookie(site, own)), "ended in the database, not only in her browser"
    site.config["WTF_CSRF_ENABLED"] = False


def test_after_signing_out_nothing_comes_back(signed_in):
    human = somebody()
    browser = signed_in(human)
    assert browser.send("GET", "/nl/account").headers["Cache-Control"] == "no-store"
    browser.post("/nl/sign-out")
    second_tab = browser.send("POST", "/nl/account", data={"full_name": "Other", "locale": "nl"})
    assert "/sign-in" in second_tab.headers["Location"]
    session().refresh(human)
    assert human.full_name != "Other"


def in_parallel(site, cookies, change):
    """Ask with each cookie again and again while `change` happens; (seconds from its end to the start, status)."""
    heard, over, ready = [], threading.Event(), threading.Barrier(len(cookies) + 1)
    done = []

    def ask(cookie):
        client = site.test_client()
        client.set_cookie(COOKIE, cookie)
        ready.wait()
        while not over.is_set():
            began = time.monotonic()
            status = Context().run(client.get, "/nl/account").status_code
            heard.append((began - done[0] if done else -1.0, status))

    threads = [threading.Thread(target=ask, args=(cookie,)) for cookie in cookies]
    for thread in threads:
        thread.start()
    ready.wait()
    until(lambda: len(heard) >= len(cookies))
    change()
    done.append(time.monotonic())
    until(lambda: sum(since >= 0 for since, _status in heard) >= 2 * len(cookies))
    over.set()
    for thread in threads:
        thread.join()
    session().rollback()
    return heard


def until(true):
    limit = time.monotonic() + 240
    while not true() and time.monotonic() < limit:
        time.sleep(0.005)


def change_password(human):
    return lambda: accounts.set_password(human.id, NEW)


def take_role(human):
    keeper = factories.viewer(factories.administrator())
    role = session().query(Grant).filter_by(person_id=human.id).one().id
    return lambda: staff.revoke(keeper, role)


@pytest.mark.parametrize("change", [change_password, take_role])
def test_with_twenty_requests_at_once_nobody_stays_in(site, signed_in, change):
    """B15: from a second after the change (here: from the change on) every request of every browser is refused."""
    human = somebody()
    acts = change(human)
    heard = in_parallel(site, [cookie_of(signed_in(human)) for _ in range(20)], acts)
    assert 200 in [status for since, status in heard if since < 0]
    late = [since for since, status in heard if since >= 0 and status == 200]
    assert late == []


def test_a_session_that_is_not_ended_would_be_seen(site, signed_in, monkeypatch):
    """The negative control: a change of password that forgets the sign-ins."""
    human = somebody()
    monkeypatch.setattr(accounts, "end_all_sign_ins", lambda _person_id: None)
    heard = in_parallel(site, [cookie_of(signed_in(human)) for _ in range(20)], change_password(human))
    assert 200 in [status for since, status in heard if since >= 0]


@pytest.mark.parametrize("key", [False, True])
def test_who_signs_in_while_the_password_changes_is_not_in(site, browser, monkeypatch, key):
    """The old password was right when it was looked at; before the sign-in began another one was chosen."""
    human = factories.coordinator()
    accounts.set_password(human.id, PASSWORD)
    if key:
        phone_of(human)
    begins = accounts.half_sign_in if key else accounts.sign_in

    def later(person_id, **how):
        accounts.set_password(person_id, NEW)
        return begins(person_id, **how)

    monkeypatch.setattr(accounts, begins.__name__, later)
    assert tries(browser, human.email, PASSWORD).status_code == 422
    assert session().query(SignIn).filter(SignIn.ended_at.is_(None)).count() == 0
    monkeypatch.undo()
    assert tries(browser, human.email, NEW).status_code == 303


@pytest.mark.parametrize("role", list(Role))
def test_the_strictest_role_decides_how_long(site, role):
    human = factories.newcomer().person
    with transaction() as own:
        club, agency = factories.organisation(), "agii"
        if role is not Role.NEWCOMER:
            own.add(Grant(
                person_id=human.id, role=role, network_slug="kempen" if role is Role.COORDINATOR else None,
                agency_slug=agency if role is Role.COUNSELLOR else None, organisation_id=club.id if role is Role.ORGANISATION else None,
            ))  # fmt: skip
    accounts.sign_in(human.id)
    found = session().query(SignIn).filter_by(person_id=human.id).one()
    hours = (found.expires_at - found.created_at).total_seconds() / 3600
    wanted = {
        Role.COORDINATOR: 2,
        Role.COUNSELLOR: 2,
        Role.HELPER: 1,
        Role.ADMINISTRATOR: 1,
        Role.ORGANISATION: 24,
    }
    assert hours == wanted.get(role, 14 * 24)


def walk(browser, began, *hours):
    """Whether somebody is in when she looks at a page that many hours after the sign-in, one look after the other."""
    found = []
    for hour in hours:
        with time_machine.travel(began + timedelta(hours=hour), tick=False):
            found.append(is_in(browser))
    return found


def test_in_an_office_a_sign_in_ends_when_nobody_is_there(signed_in):
    began, browser = now(), signed_in(factories.coordinator())
    assert walk(browser, began, 1.9, 3.8, 5.7) == [True] * 3, "use lets it go on"
    assert walk(browser, began, 7.8, 7.9) == [False] * 2


def test_in_an_office_a_day_is_the_end_whatever_is_done(signed_in):
    began, browser = now(), signed_in(factories.coordinator())
    hours = [1.5 * number for number in range(1, 8)]
    assert walk(browser, began, *hours) == [True] * 7
    with time_machine.travel(began + timedelta(hours=11.9), tick=False):
        answer = browser.send("POST", "/nl/stay", headers={"Accept": "application/json"})
        assert 0 < answer.get_json()["seconds"] <= 360
    assert walk(browser, began, 12.1) == [False]


def test_at_home_it_goes_on_by_saying_so_only(signed_in):
    began, browser = now(), signed_in(factories.newcomer().person)
    assert walk(browser, began, 24 * 7, 24 * 13, 24 * 14.1) == [True, True, False]
    began, browser = now(), signed_in(factories.newcomer().person)
    for days in (13, 26, 39, 52, 65, 78):
        with time_machine.travel(began + timedelta(days=days), tick=False):
            assert browser.send("POST", "/nl/stay").status_code == 303
    assert walk(browser, began, 24 * 89.9, 24 * 90.1) == [True, False]


def test_all_other_devices_are_signed_out_at_once(signed_in):
    human = somebody()
    here, there, stranger = signed_in(human), signed_in(human), signed_in(somebody())
    page = here.get("/nl/account")
    assert here.submit(page, "form[action$=end-others]").response.request.path == "/nl/account"
    assert [is_in(browser) for browser in (here, there, stranger)] == [True, False, True]


@pytest.mark.parametrize(
    ("browser", "kept"),
    [
        ("Mozilla/5.0 (Linux; Android 14; SM-A155F) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36", "phone|Chrome|Android"),
        ("Mozilla/5.0 (Linux; Android 13; SM-T500) AppleWebKit/537.36 Chrome/126.0.0.0 Safari/537.36", "tablet|Chrome|Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Mobile/15E148 Safari/604.1", "phone|Safari|iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126.0.0.0 Safari/537.36 Edg/126.0", "computer|Edge|Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0", "computer|Firefox|Linux"),
        ("curl/8.0", "other||"), ("", "other||"), ("<script>|phone|x", "other||"),
    ],
)  # fmt: skip
def test_of_a_device_only_its_kind_is_kept(site, browser, kept):
    human, client = somebody(), Client(site.test_client())
    client.send(
        "POST",
        "/nl/sign-in",
        data={"email": human.email, "password": PASSWORD},
        headers={"User-Agent": browser},
    )
    assert session().query(SignIn).one().device == kept
    words = client.get("/nl/account").main.get_text()
    assert all(name in words for name in kept.split("|")[1:])
