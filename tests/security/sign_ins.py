"""Somebody with a password, and signing in with it from any browser and address."""

from app.services import accounts
from app.vocabulary import Role
from tests import factories
from tests.client import Client
from tests.factories import PASSWORD

COOKIE = "samenspoor"
NEW = "zeven-groene-fietsen-9"


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
