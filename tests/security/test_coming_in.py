"""Who comes in and who does not: sessions, links, guesses, and what a stranger may not learn (SECURITY, T7 to T10)."""

import re
import threading
import time
from contextvars import Context
from datetime import timedelta

import pytest
import time_machine

from app.clock import now
from app.db import session, transaction
from app.errors import Gone
from app.models import Grant, Link, Message, SignIn
from app.security import passwords
from app.services import accounts, staff
from app.vocabulary import Role
from app.vocabulary.records import LinkPurpose
from app.web import throttles
from tests import factories
from tests.client import Client
from tests.factories import PASSWORD
from tests.factors import phone_of

COOKIE = "samenspoor"
NEW = "zeven-groene-fietsen-9"
AWAY = [
    "//evil.example", "///evil.example", "////evil.example", "https://evil.example", "http:evil.example", "https:/evil.example",
    "HTTPS://EVIL.EXAMPLE", "/\\evil.example", "\\\\evil.example", "\\/evil.example", "/\t/evil.example", "/\n/evil.example",
    "/%09/evil.example\r\nx", "javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "vbscript:x", "ftp://evil.example",
    "evil.example", "evil.example/nl", "@evil.example", "http://localhost@evil.example", "http://localhost.evil.example",
    " https://evil.example", "\u2028//evil.example", "/ /evil.example", "?next=//evil.example", "#//evil.example", "mailto:x@evil.example",
    "/nl/" + "x" * 3000,
]  # fmt: skip


def somebody(**values):
    made = factories.person(roles=(Role.HELPER,), **values)
    accounts.set_password(made.id, PASSWORD)
    return made


def cookie_of(browser, name=COOKIE):
    kept = browser.browser.get_cookie(name)
    return kept.value if kept else None


def with_cookie(site, value):
    browser = Client(site.test_client())
    browser.browser.set_cookie(COOKIE, value)
    return browser


def is_in(browser):
    return browser.send("GET", "/nl/account").status_code == 200


def tries(browser, email, password, address="192.0.2.1", **more):
    return browser.send(
        "POST", "/nl/sign-in", data={"email": email, "password": password, **more}, environ_base={"REMOTE_ADDR": address}
    )  # fmt: skip


# --- sessions


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


# --- links


def test_a_link_has_the_configured_address_whatever_the_request_says(browser):
    human = somebody()
    for name in ("Host", "X-Forwarded-Host", "Forwarded", "X-Host", "X-Original-Host", "X-Forwarded-Server"):
        value = "host=evil.example" if name == "Forwarded" else "evil.example"
        browser.send("POST", "/nl/password", data={"email": human.email}, headers={name: value})
        with transaction() as own:
            own.query(Link).delete()
    texts = [message.text + message.html for message in session().query(Message)]
    assert len(texts) == 6
    assert all("http://localhost/nl/password/" in text and "evil" not in text for text in texts)


@pytest.mark.parametrize("purpose", [LinkPurpose.SIGN_IN, LinkPurpose.RESET_PASSWORD, LinkPurpose.INVITATION, LinkPurpose.CONFIRM_ADDRESS])  # fmt: skip
def test_a_link_opens_once_in_time_and_by_its_button(site, purpose):
    human = somebody()
    path = {"sign_in": "sign-in/link", "confirm_address": "confirm-address"}.get(purpose, "password")

    def use(token, **how):
        return (
            Client(site.test_client())
            .send("POST", f"/nl/{path}/{token}", data={"password": NEW}, **how)
            .status_code
        )

    def made():
        return accounts.new_link(purpose, locale="nl", person_id=human.id)

    token = made()
    for method in ("GET", "HEAD", "GET"):
        assert Client(site.test_client()).send(method, f"/nl/{path}/{token}").status_code == 200
    changed = token[:-1] + ("A" if token[-1] != "A" else "B")
    assert use(changed) == 404
    assert use(token) == 303
    assert use(token) == 410
    late = made()
    with transaction() as own:
        own.query(Link).filter_by(used_at=None).update({"expires_at": now()})
    assert use(late) == 410


def test_a_new_password_ends_the_links_that_were_sent_before(site):
    human = somebody()
    sent = [
        accounts.new_link(purpose, locale="nl", person_id=human.id)
        for purpose in (LinkPurpose.SIGN_IN, LinkPurpose.RESET_PASSWORD, LinkPurpose.RESET_PASSWORD)
    ]
    accounts.set_password_by_link(sent[2], NEW)
    statuses = [
        Client(site.test_client())
        .send("POST", f"/nl/{path}/{token}", data={"password": PASSWORD})
        .status_code
        for path, token in zip(("sign-in/link", "password"), sent, strict=False)
    ]
    assert statuses == [410, 410]


def test_a_mailbox_is_not_flooded_and_its_owner_comes_in(site):
    human = somebody()
    for _ in range(8):
        accounts.ask_link(human.email_canonical, LinkPurpose.RESET_PASSWORD)
    session().rollback()
    sent = session().query(Message).order_by(Message.id).all()
    assert len(sent) == 3
    tokens = [re.search(r"/nl/password/(\S+)", message.text)[1] for message in sent]
    for old in tokens[:2]:
        with pytest.raises(Gone):
            accounts.set_password_by_link(old, PASSWORD)
        session().rollback()
    accounts.set_password_by_link(tokens[2], NEW)
    assert accounts.person_by_password(human.email_canonical, NEW)


@pytest.mark.parametrize("target", AWAY)
def test_no_form_leads_away(site, signed_in, target):
    human = somebody()
    for where in (
        tries(Client(site.test_client()), human.email, PASSWORD, next=target),
        signed_in(human).send("POST", "/nl/stay", data={"next": target}),
        signed_in(human).send("POST", "/nl/stay", headers={"Referer": target.encode("ascii", "replace").decode().translate({10: "", 13: ""})}),
        Client(site.test_client()).send("GET", "/nl/account", query_string={"next": target}),
        Client(site.test_client()).send("GET", "/", query_string={"next": target, "lang": target}),
    ):  # fmt: skip
        assert re.fullmatch(r"/(?![/\\])[!-~]*", where.headers["Location"]), where.headers["Location"]
        assert "evil" not in where.headers["Location"].split("?")[0]


# --- guesses


def checked(monkeypatch):
    """The passwords that were really compared with a hash."""
    heard, fits = [], accounts.password_fits

    def listen(stored, password):
        heard.append(password)
        return fits(stored, password)

    monkeypatch.setattr(accounts, "password_fits", listen)
    return heard


def guess_from_everywhere(site, email):
    spelled = (email, email.upper(), email.replace("@", "+x@"), f" {email} ", f"{email}.")
    return [
        tries(Client(site.test_client()), spelled[number % 5], f"guess number {number}", f"198.51.100.{number}").status_code
        for number in range(40)
    ]  # fmt: skip


def test_ten_guesses_at_an_account_wherever_they_come_from(throttled, site, monkeypatch):
    """B13: no more than ten are checked in a quarter of an hour; the owner comes in where she was before, and can reset."""
    human = somebody()
    hers = Client(site.test_client())
    assert tries(hers, human.email, PASSWORD).status_code == 303
    hers.post("/nl/sign-out")
    heard = checked(monkeypatch)
    statuses = guess_from_everywhere(site, human.email)
    assert len(heard) <= 10
    assert statuses == [422] * len(heard) + [429] * (40 - len(heard))
    assert tries(Client(site.test_client()), human.email, PASSWORD, "203.0.113.9").status_code == 429
    assert tries(hers, human.email, PASSWORD).status_code == 303, "her own browser has a count of its own"
    stranger = Client(site.test_client())
    stranger.send("POST", "/nl/password", data={"email": human.email})
    token = re.search(r"/nl/password/(\S+)", session().query(Message).one().text)[1]
    assert stranger.send("POST", f"/nl/password/{token}", data={"password": NEW}).status_code == 303
    assert is_in(stranger)


def test_counting_by_address_would_be_seen(throttled, site, monkeypatch):
    """The negative control: counted for each address that asks, as was done before."""
    human = somebody()
    monkeypatch.setattr(throttles, "key_of", lambda email: f"{email} {throttles.request.remote_addr}")
    heard = checked(monkeypatch)
    guess_from_everywhere(site, human.email)
    assert len(heard) > 10


def test_a_known_browser_is_no_way_to_guess_more(throttled, site, monkeypatch):
    human, other = somebody(), somebody()
    thief = Client(site.test_client())
    assert tries(thief, other.email, PASSWORD).status_code == 303
    heard = checked(monkeypatch)
    kept = cookie_of(thief, throttles.KNOWN)
    for value in (kept, kept[:-2] + "xx", "", "W10.x", kept.split(".")[0]):
        thief.browser.set_cookie(throttles.KNOWN, value)
        for number in range(12):
            tries(thief, human.email, f"guess number {number}")
    assert len(heard) == 10


def test_one_guess_at_very_many_accounts_is_stopped_too(throttled, site, monkeypatch):
    heard = checked(monkeypatch)
    statuses = [
        tries(Client(site.test_client()), f"p{number}@example.be", "x").status_code for number in range(120)
    ]
    assert len(heard) == 100
    assert statuses.count(429) == 20


def test_too_many_tries_say_another_way_in(throttled, site):
    human = somebody()
    pages = [tries(Client(site.test_client()), human.email, "x") for _ in range(11)]
    assert pages[-1].status_code == 429
    words = pages[-1].get_data(as_text=True)
    assert "link" in words.split("<main")[1].split("</main")[0]
    unknown = [tries(Client(site.test_client()), "nobody@example.be", "x") for _ in range(11)]
    assert unknown[-1].status_code == 429


# --- passwords


@pytest.mark.parametrize(
    ("password", "taken"),
    [
        ("password1", False), ("password12", False), ("qwertyuiop", False), ("1234567890", False), ("aaaaaaaaaaaa", False),
        ("short-9", False), ("", False), ("x" * 1_000_000, False), ("ዘጠነ ፀሓይ ማይ ኣብ ደቡብ", True),
        ("vier woorden 🚲 die niet bij elkaar horen, en dan nog zoveel meer 64", True), ("🚲 een heel lang wachtwoord van vierenzestig tekens met blanco’s🌻", True), ("korenbloem vijver 42", True),
    ],
)  # fmt: skip
def test_which_passwords_are_taken(signed_in, password, taken):
    human = factories.person(roles=(Role.HELPER,), email_confirmed_at=now())
    began = time.monotonic()
    answer = signed_in(human).send("POST", "/nl/account/password", data={"password": password or human.email})
    assert (answer.status_code == 303) is taken
    assert time.monotonic() - began < 30
    session().refresh(human)
    assert bool(human.password_hash) is taken


def test_who_did_not_confirm_the_address_chooses_no_password_yet(signed_in):
    """Else signing in with it would tell whether the address was free."""
    human = factories.person(roles=(Role.HELPER,))
    browser = signed_in(human)
    for method in ("GET", "POST"):
        answer = browser.send(method, "/nl/account/password", data={"password": NEW})
        assert answer.headers["Location"] == "/nl/account"
    assert "/nl/account/address" in browser.get("/nl/account").links()
    token = accounts.new_link(LinkPurpose.CONFIRM_ADDRESS, locale="nl", person_id=human.id)
    accounts.confirm_address(token)
    assert browser.send("POST", "/nl/account/password", data={"password": NEW}).status_code == 303
    assert accounts.person_by_password(human.email_canonical, NEW)


def test_a_very_long_password_is_never_hashed(monkeypatch):
    monkeypatch.setattr(passwords, "_hasher", None)
    assert not passwords.password_fits("x", "y" * 1_000_000)


def test_letters_that_look_the_same_are_the_same_password(site):
    human = somebody()
    accounts.set_password(human.id, "caf\u00e9 \u00e0 Li\u00e8ge, toujours")
    assert accounts.person_by_password(human.email_canonical, "cafe\u0301 a\u0300 Lie\u0300ge, toujours")


def test_who_finds_a_browser_open_does_not_change_its_password(signed_in):
    human = somebody()
    browser = signed_in(human)
    page = browser.get("/nl/account/password")
    browser.submit(page, status=422, password=NEW, password_now="guess number 1")
    browser.submit(page, status=422, password=NEW)
    assert accounts.person_by_password(human.email_canonical, PASSWORD)
    elsewhere = signed_in(human)
    browser.submit(page, password=NEW, password_now=PASSWORD)
    assert accounts.person_by_password(human.email_canonical, NEW)
    assert is_in(browser)
    assert not is_in(elsewhere)


# --- how long


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
