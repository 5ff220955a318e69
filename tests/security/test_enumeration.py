"""Whether somebody has an account here shows neither in the answer nor in how long it takes (B14)."""

import re
import time
from collections.abc import Sequence

import pytest
from argon2 import PasswordHasher

from app.extensions import queue
from app.queries.accounts import person_by_email
from app.security import passwords
from app.services import accounts
from app.vocabulary import Role
from tests import factories
from tests.client import Client
from tests.factories import PASSWORD

pytestmark = [pytest.mark.sqlite, pytest.mark.slow]  # where a query takes a part of a millisecond

SAMPLES = 300
FEW = 120  # enough to see what is as plain as in the controls
BAR = 0.60
FORMS = {
    "sign-in": {"password": "not the password"},
    "sign-in/link": {},
    "password": {},
}


def chance_to_tell(ones: Sequence[float], others: Sequence[float]) -> float:
    """How well one time tells of which kind it is: 0.5 not at all, 1 always (area under the ROC curve, folded)."""
    above = sum((one > other) + (one == other) / 2 for one in ones for other in others)
    area = above / (len(ones) * len(others))
    return max(area, 1 - area)


def measure(site, path: str, known: list[str], samples: int) -> float:
    """Ask with addresses that somebody and that nobody has, by turns: how well the time tells, on the clock or of the processor.

    What the processor did is not blurred by whatever else this machine does.
    """
    browser, taken = Client(site.test_client()), ([], [])
    for number in range(samples + 10):
        for kind in (0, 1) if number % 2 else (1, 0):
            email = known[number % len(known)] if kind == 0 else f"persoon{number % len(known)}@example.be"
            fields = {"email": email, **FORMS[path]}
            clock, work = time.perf_counter(), time.thread_time()
            browser.send("POST", f"/nl/{path}", data=fields)
            if number >= 10:
                taken[kind].append((time.perf_counter() - clock, time.thread_time() - work))
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


@pytest.mark.parametrize("path", FORMS)
def test_the_answers_are_the_same(site, known, with_a_worker, path):
    def body(email: str) -> str:
        text = Client(site.test_client()).send("POST", f"/nl/{path}", data={"email": email, **FORMS[path]})
        page = text.get_data(as_text=True).replace(email, "ADDRESS")
        return re.sub(r'nonce="[^"]*"|name="csrf_token"[^>]*', "", page)

    assert body(known[0]) == body("nobody001@example.be")


@pytest.mark.parametrize("path", FORMS)
def test_the_times_tell_nothing(site, known, with_a_worker, path):
    found = measure(site, path, known, SAMPLES)
    assert found <= BAR, f"told in {found:.0%} of the cases"


def test_a_sign_in_that_hashes_only_for_known_people_would_be_seen(site, known, monkeypatch):
    def fits(stored: str | None, password: str) -> bool:
        return stored is not None and passwords.password_fits(stored, password)

    monkeypatch.setattr(accounts, "password_fits", fits)
    assert measure(site, "sign-in", known, FEW) > BAR


def test_a_letter_that_is_written_while_the_asker_waits_would_be_seen(site, known, monkeypatch):
    monkeypatch.setattr(accounts, "LINKS_AN_HOUR", SAMPLES)
    monkeypatch.setattr(
        accounts, "ask_link", lambda canonical, purpose: accounts.send_link(canonical, purpose, "{}{}".format)
    )
    assert person_by_email(known[0]) is not None
    assert measure(site, "password", known, FEW) > BAR
