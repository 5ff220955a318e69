"""Whether somebody has an account here shows neither in the answer nor in how long it takes (B14)."""

import random
import re
import time
from collections.abc import Sequence
from contextvars import Context
from typing import Any

import pytest
import time_machine
from argon2 import PasswordHasher
from flask import Flask
from werkzeug.test import TestResponse

from app.db import session
from app.extensions import queue
from app.models import Registration
from app.queries.accounts import person_by_email
from app.security import passwords
from app.services import accounts, arrivals, registrations
from app.vocabulary import Role
from tests import factories
from tests.client import Client
from tests.crawl.world import keep
from tests.factories import PASSWORD
from tests.services.test_registrations import ADDRESSES, BUDDY, NEWCOMER, filled

pytestmark = pytest.mark.slow
timed = pytest.mark.sqlite  # where a query takes a part of a millisecond; `make soak` measures on both

SAMPLES = 300
FEW = 120  # enough to see what is as plain as in the controls
BAR = 0.60
FORMS = {
    "sign-in": {"password": "not the password"},
    "sign-in/link": {},
    "password": {},
}
ORGANISATION = {
    "name": "Buurthuis De Loods", "kind": "association", "place": "2800", "words": "Iedereen is welkom.",
    "contact_name": "An Peeters", "agree": "y",
}  # fmt: skip


def chance_to_tell(ones: Sequence[float], others: Sequence[float]) -> float:
    """How well one time tells of which kind it is: 0.5 not at all, 1 always (area under the ROC curve, folded)."""
    above = sum((one > other) + (one == other) / 2 for one in ones for other in others)
    area = above / (len(ones) * len(others))
    return max(area, 1 - area)


class Door:
    """A form that takes an address. `prepare` is what comes before it is sent, and is not measured."""

    def __init__(self, site: Flask) -> None:
        self.site = site
        self.browser = Client(site.test_client())

    def holding(self, **kept: Any) -> None:
        self.browser = Client(self.site.test_client())
        Context().run(keep, self.browser.browser, **kept)

    def prepare(self, email: str) -> None:
        """Nothing: the same browser sends it again and again."""

    def send(self, email: str) -> TestResponse:
        raise NotImplementedError


def form(path: str, fields: dict[str, str]) -> type[Door]:
    """A form that anybody may send."""

    class Plain(Door):
        def send(self, email: str) -> TestResponse:
            return self.browser.send("POST", f"/nl/{path}", data={"email": email, **fields})

    return Plain


def registration(kind: str, role: Role, steps: dict[str, dict[str, Any]], last: str) -> type[Door]:
    """The last step of a registration, by a browser that has not done so yet."""

    class Registers(Door):
        def prepare(self, email: str) -> None:
            self.holding(registrations={kind: filled(role, steps, email=email)})

        def send(self, email: str) -> TestResponse:
            ticks = {"adult": "y", "duties": "y", "privacy": "y"}
            return self.browser.send("POST", f"/nl/register/{kind}/{last}", data=ticks)

    return Registers


class AddsAddress(Door):
    """A newcomer with a code only, who adds an address."""

    def prepare(self, email: str) -> None:
        newcomer = factories.newcomer(email=False)
        self.holding(_user_id=accounts.sign_in(newcomer.person_id), _fresh=True)

    def send(self, email: str) -> TestResponse:
        return self.browser.send("POST", "/nl/account/address", data={"email": email})


DOORS: dict[str, type[Door]] = {
    **{path: form(path, fields) for path, fields in FORMS.items()},
    "register/buddy": registration("buddy", Role.BUDDY, BUDDY, "agree"),
    "register/newcomer": registration("newcomer", Role.NEWCOMER, NEWCOMER, "consent"),
    "register/organisation": form("register/organisation", ORGANISATION),
    "account/address": AddsAddress,
}
STATUS = {"sign-in": 422, "sign-in/link": 200, "password": 200}
BY_WORKER = tuple(name for name in DOORS if "register" in name or "account" in name)


def measure(site: Flask, name: str, known: list[str], samples: int) -> float:
    """Ask with addresses that somebody and that nobody has, in pairs: how well the time tells, on the clock or of the processor.

    What the processor did is not blurred by whatever else this machine does. Which of a pair comes first is left to
    chance: what a process does every so many requests, such as collecting its garbage, would else meet one kind only.
    """
    door, taken = DOORS[name](site), ([], [])
    for number in range(samples + 10):
        for kind in random.sample((0, 1), 2):
            email = known[number % len(known)] if kind == 0 else f"persoon{number}@example.be"
            door.prepare(email)
            clock, work = time.perf_counter(), time.thread_time()
            answer = door.send(email)
            if number >= 10:
                taken[kind].append((time.perf_counter() - clock, time.thread_time() - work))
            assert answer.status_code == STATUS.get(name, 303), answer.status_code
    ones, others = (list(zip(*times, strict=True)) for times in taken)
    return max(chance_to_tell(one, other) for one, other in zip(ones, others, strict=True))


@pytest.fixture
def known(site, monkeypatch):
    """Addresses of people with a password, hashed at a cost that can be seen but is soon paid 600 times."""
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1))
    passwords._nobody.cache_clear()
    people = [factories.person(roles=(Role.HELPER,)) for _ in range(40)]
    hashed = passwords.hash_password(PASSWORD)
    with accounts.transaction():
        for person in people:
            person.password_hash = hashed
    yield [str(person.email) for person in people]
    passwords._nobody.cache_clear()


@pytest.fixture
def with_a_worker(site):
    """Jobs wait for a worker, as on a real site."""
    assert queue.huey is not None
    queue.huey.immediate = False
    yield
    queue.huey.flush()
    queue.huey.immediate = True


def said(site: Flask, name: str, email: str) -> list[str]:
    """The answer and the own pages, before and after the worker came by, without what is new each time: secrets, and the numbers of records."""
    door = DOORS[name](site)
    door.prepare(email)
    heard = [door.send(email)]
    pages = (
        "/nl/register/buddy/done",
        "/nl/me",
        "/nl/account",
        "/nl/account/address",
        "/nl/my-data",
        "/nl/my-data.json",
    )
    heard += [door.browser.send("GET", page) for page in pages]
    for key in arrivals.waiting():
        arrivals.make(key, ADDRESSES)
    heard += [door.browser.send("GET", page) for page in pages]
    return [
        f"{one.status_code} {one.headers.get('Location')} {sorted(one.headers.keys())} "
        + re.sub(r'nonce="[^"]*"|name="csrf_token"[^>]*|\d+', "", one.get_data(as_text=True).replace(email, "ADDRESS"))
        for one in heard
    ]  # fmt: skip


@pytest.mark.parametrize("name", DOORS)
def test_the_answers_are_the_same(site, known, with_a_worker, name):
    with time_machine.travel("2026-11-21T12:00:00Z", tick=False):
        mine, other = said(site, name, known[0]), said(site, name, "nobody001@example.be")
    assert mine == other
    handed_in = session().query(Registration).filter(Registration.finished_at.is_not(None)).count()
    assert handed_in == (2 if name in BY_WORKER else 0)


@timed
@pytest.mark.parametrize("name", DOORS)
def test_the_times_tell_nothing(site, known, with_a_worker, name):
    found = measure(site, name, known, SAMPLES)
    assert found <= BAR, f"told in {found:.0%} of the cases"


@timed
@pytest.mark.parametrize("name", BY_WORKER)
def test_a_person_who_is_made_while_the_asker_waits_would_be_seen(site, known, monkeypatch, name):
    """The negative control: what was handed in is made at once, and known people had their letters of this hour."""
    monkeypatch.setattr(registrations, "tell_owner", lambda *_: None)
    assert measure(site, name, known, FEW) > BAR


@timed
def test_a_sign_in_that_hashes_only_for_known_people_would_be_seen(site, known, monkeypatch):
    def fits(stored: str | None, password: str) -> bool:
        return stored is not None and passwords.password_fits(stored, password)

    monkeypatch.setattr(accounts, "password_fits", fits)
    assert measure(site, "sign-in", known, FEW) > BAR


@timed
def test_a_letter_that_is_written_while_the_asker_waits_would_be_seen(site, known, monkeypatch):
    monkeypatch.setattr(accounts, "LINKS_AN_HOUR", SAMPLES)
    monkeypatch.setattr(
        accounts, "ask_link", lambda canonical, purpose: accounts.send_link(canonical, purpose, "{}{}".format)
    )
    assert person_by_email(known[0]) is not None
    assert measure(site, "password", known, FEW) > BAR
