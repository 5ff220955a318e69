"""Passwords: how often they are guessed at, which are taken, and who changes them (SECURITY, T7)."""

import re
import time

import pytest

from app.clock import now
from app.db import session
from app.models import Message
from app.security import passwords
from app.services import accounts
from app.vocabulary import Role
from app.vocabulary.records import LinkPurpose
from app.web import throttles
from tests import factories
from tests.client import Client
from tests.factories import PASSWORD
from tests.security.sign_ins import NEW, cookie_of, is_in, somebody, tries


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
