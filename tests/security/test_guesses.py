"""Guesses at codes and at many accounts, whatever the request says of where it comes from (SECURITY, item 70)."""

from datetime import timedelta

import pytest
import time_machine
from werkzeug.middleware.proxy_fix import ProxyFix

from app.clock import now
from app.db import session
from app.models import Person
from app.services import accounts
from app.vocabulary import Role
from tests import factories
from tests.client import Client
from tests.factories import PASSWORD

HERE = "192.0.2.7"


def sends(site, path, fields, *, address=HERE, **headers):
    browser = Client(site.test_client())
    return browser.send(
        "POST", f"/nl/{path}", data=fields, environ_base={"REMOTE_ADDR": address}, headers=headers
    )


def with_code(site, **values):
    human = factories.newcomer(email=False, **values).person
    return human, accounts.give_code(human.id, secret_key=site.config["SECRET_KEY"])


def tries_code(site, code, **more):
    return sends(site, "sign-in/code", {"code": code}, **more).status_code


def forged(number, _seen=HERE):
    """What somebody may say who wants to look like many: another address each time, in every header that has one."""
    other = f"198.51.100.{number}"
    return {
        "X-Forwarded-For": other, "Forwarded": f"for={other}", "X-Real-IP": other, "X-Client-IP": other, "True-Client-IP": other,
    }  # fmt: skip


def behind_a_proxy(site, monkeypatch):
    """As with TRUSTED_PROXIES=1: the proxy adds the address it sees to what the visitor said."""
    monkeypatch.setattr(site, "wsgi_app", ProxyFix(site.wsgi_app, x_for=1, x_proto=1, x_host=1))
    return lambda number, seen=HERE: {"X-Forwarded-For": f"198.51.100.{number}, {seen}"}


@pytest.mark.parametrize("proxied", [False, True])
def test_another_forwarded_address_each_time_is_no_other_visitor(throttled, site, monkeypatch, proxied):
    says = behind_a_proxy(site, monkeypatch) if proxied else forged
    codes = [tries_code(site, "AAAAA-22222", **says(number)) for number in range(14)]
    assert codes == [422] * 10 + [429] * 4
    many = [
        sends(
            site, "sign-in", {"email": f"p{number}@example.be", "password": "x"}, **says(number)
        ).status_code
        for number in range(104)
    ]
    assert many == [422] * 100 + [429] * 4
    human = factories.person(roles=(Role.HELPER,))
    one = [
        sends(
            site,
            "sign-in",
            {"email": human.email, "password": "x"},
            address=f"203.0.113.{number}",
            **says(number, f"203.0.113.{number}"),
        )
        for number in range(14)
    ]
    assert [answer.status_code for answer in one] == [422] * 10 + [429] * 4, "counted for the account"


MANY = 1000


def checked(monkeypatch):
    """The passwords that are looked at from now on; none of them is right."""
    heard = []
    monkeypatch.setattr(accounts, "password_fits", lambda _kept, said: heard.append(said))
    return heard


def test_a_thousand_guesses_at_one_account_from_a_thousand_addresses(throttled, site, monkeypatch):
    """No more than ten are looked at."""
    human = factories.person(roles=(Role.HELPER,))
    accounts.set_password(human.id, PASSWORD)
    heard, said = checked(monkeypatch), []
    for number in range(MANY):
        address = f"203.0.{number // 250}.{number % 250}"
        said.append(
            sends(
                site, "sign-in", {"email": human.email, "password": f"guess {number}"}, address=address
            ).status_code
        )
    assert len(heard) <= 10
    assert said == [422] * len(heard) + [429] * (MANY - len(heard))


def test_one_guess_at_each_of_a_thousand_accounts_from_one_address(throttled, site, monkeypatch):
    heard = checked(monkeypatch)
    said = [
        sends(
            site, "sign-in", {"email": f"p{number}@example.be", "password": "x"}, **forged(number % 250)
        ).status_code
        for number in range(MANY)
    ]
    assert len(heard) == 100
    assert said == [422] * 100 + [429] * (MANY - 100)


def test_believing_what_the_visitor_says_would_be_seen(throttled, site, monkeypatch):
    """The negative control: two proxies are believed where there is one."""
    monkeypatch.setattr(site, "wsgi_app", ProxyFix(site.wsgi_app, x_for=2))
    codes = [
        tries_code(site, "AAAAA-22222", **{"X-Forwarded-For": f"198.51.100.{number}, {HERE}"})
        for number in range(14)
    ]
    assert 429 not in codes


def test_wrong_codes_are_counted_and_the_owner_waits_a_quarter_of_an_hour_at_most(throttled, site):
    _human, code = with_code(site)
    began = now()
    with time_machine.travel(began, tick=False):
        assert [tries_code(site, "AAAAA-22222") for _ in range(10)] == [422] * 10
        assert tries_code(site, code) == 429
        assert tries_code(site, code, address="203.0.113.9") == 303, "elsewhere she is not kept out"
    with time_machine.travel(began + timedelta(minutes=15, seconds=1), tick=False):
        assert tries_code(site, code) == 303


def test_a_class_comes_in_from_one_address(throttled, site):
    codes = [with_code(site)[1] for _ in range(14)]
    assert [tries_code(site, code) for code in codes] == [303] * 14


def test_a_code_is_kept_as_a_hash_and_the_next_one_ends_it(site):
    human, code = with_code(site)
    kept = session().get_one(Person, human.id, populate_existing=True).code_hash
    assert len(kept) == 64
    assert code.replace("-", "").lower() not in kept
    assert tries_code(site, code.lower().replace("-", " ")) == 303, "as it is typed from a card"
    other = accounts.give_code(human.id, secret_key=site.config["SECRET_KEY"])
    assert (tries_code(site, code), tries_code(site, other)) == (422, 303)


def test_the_owner_of_an_account_that_is_guessed_at_is_in_again_within_a_quarter_of_an_hour(throttled, site):
    human = factories.person(roles=(Role.HELPER,))
    accounts.set_password(human.id, PASSWORD)
    began, right = now(), {"email": human.email, "password": PASSWORD}
    with time_machine.travel(began, tick=False):
        for number in range(30):
            sends(site, "sign-in", {**right, "password": "x"}, address=f"198.51.100.{number}")
        assert sends(site, "sign-in", right).status_code == 429
    with time_machine.travel(began + timedelta(minutes=15, seconds=1), tick=False):
        assert sends(site, "sign-in", right).status_code == 303
