"""B13 and B15 over HTTP: guessing at an account, and a sign-in that ends when the password or the role changes."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event, Thread

from sqlalchemy import select

from app.db import release, session
from app.models import Grant, Message, Person
from app.services import accounts, staff
from app.vocabulary import Role
from tests import factories
from tests.factories import PASSWORD
from tests.site import SECRET
from tests.soak.figures import Several, on_a_site
from tests.soak.served import Answer, Served, Visitor, at_once

NEW = "zeven-groene-fietsen-9"
GUESSES = 40
MOST_CHECKED = 10
BROWSERS = 20
LIMIT_SECONDS = 1.0
LETTER_WITHIN = 300.0  # seconds, on a machine that may be busy with other things
RESET = re.compile(r"/nl/password/[\w-]+")
REFUSED, TOO_MANY, DONE = 422, 429, 303


@dataclass(frozen=True)
class Guessed:
    """Of so many guesses, how many were checked; whether the owner came in meanwhile, and could choose another password."""

    checked: int
    stopped: int
    owner_in: bool
    reset: bool

    def kept(self) -> bool:
        """Whether that is within B13."""
        return (
            0 < self.checked <= MOST_CHECKED
            and self.checked + self.stopped == GUESSES
            and self.owner_in
            and self.reset
        )

    def words(self) -> str:
        """The figures."""
        owner = "the owner in meanwhile" if self.owner_in else "the owner NOT in"
        chosen = "a new password chosen" if self.reset else "NO new password"
        return f"{self.checked} of {GUESSES} guesses from {GUESSES} addresses checked, {owner}, {chosen}"


def measure_guessing() -> tuple[str, bool]:
    """B13."""
    return on_a_site(guessed)


def guessed(site: Served) -> Guessed:
    """Guess at an account from everywhere, all spellings of its address by turns."""
    email = somebody(site)
    owner = Visitor(site.address)
    owner.sign_in(email, PASSWORD)
    leave(owner)
    spelled = (email, email.upper(), email.replace("@", "+x@"), f" {email} ", f"{email}.")
    statuses = [
        tries(Visitor(site.address), spelled[number % 5], f"guess number {number}").status for number in range(GUESSES)
    ]  # fmt: skip
    owner_in = tries(owner, email, PASSWORD).status == DONE
    stranger = Visitor(site.address)
    stranger.post("/nl/password", {"email": email})
    link = letter_of(site, email)
    reset = stranger.post(link, {"password": NEW}).status == DONE and is_in(stranger)
    return Guessed(statuses.count(REFUSED), statuses.count(TOO_MANY), owner_in, reset)


def somebody(site: Served) -> str:
    """The address of somebody who has a password there."""
    with site.inside():
        human = factories.person(roles=(Role.HELPER,))
        accounts.set_password(human.id, PASSWORD)
        email = str(human.email)
        release()
    return email


def tries(visitor: Visitor, email: str, password: str) -> Answer:
    """One try to sign in."""
    return visitor.post("/nl/sign-in", {"email": email, "password": password, "next": ""})


def leave(visitor: Visitor) -> None:
    """Sign out."""
    visitor.get("/nl/account")
    visitor.send("POST", "/nl/sign-out", {})


def is_in(visitor: Visitor) -> bool:
    """Whether the own account opens."""
    return visitor.get("/nl/account").status == 200


def letter_of(site: Served, email: str) -> str:
    """The page to which the letter leads with which that person chooses another password. Raises TimeoutError."""
    engine, began = site.engine(), time.monotonic()
    try:
        while time.monotonic() - began < LETTER_WITHIN:
            with engine.connect() as connection:
                found = connection.execute(
                    select(Message.text).where(Message.to_email == email, Message.kind == "reset-password")
                ).scalar()
            if found and (link := RESET.search(found)):
                return link.group()
            time.sleep(0.1)
    finally:
        engine.dispose()
    raise TimeoutError("no letter was written")


@dataclass(frozen=True)
class Ended:
    """The last answer with the own page that was asked for so many seconds after the change (0: none), and how many were before."""

    last_seconds: float
    before: int
    after: int

    def kept(self) -> bool:
        """Whether that is within B15."""
        return self.last_seconds <= LIMIT_SECONDS and self.before >= BROWSERS and self.after >= BROWSERS

    def words(self) -> str:
        """The figures."""
        shown = f"the last page shown {self.last_seconds * 1000:.0f} ms after it"
        return f"{self.after} requests of {BROWSERS} browsers after it, {shown}"


def measure_ending() -> tuple[str, bool]:
    """B15: by another password, and by a role that is taken away."""
    return on_a_site(
        lambda site: Several(
            {"password changed": ended(site, change_password), "role changed": ended(site, take_role)}
        )
    )


def ended(site: Served, change: Callable[[Person], None]) -> Ended:
    """Let browsers of one person ask again and again while `change` happens."""
    with site.inside():
        human = factories.person(roles=(Role.HELPER,))
        code = accounts.give_code(human.id, secret_key=SECRET)
        visitors = [Visitor(site.address) for _ in range(BROWSERS)]
        for visitor in visitors:
            answer = visitor.post("/nl/sign-in/code", {"code": code})
            if answer.status != DONE:
                raise RuntimeError(f"{answer.status} at sign-in")
        heard: list[tuple[float, bool]] = []
        over = Event()

        def asks(visitor: Visitor) -> Callable[[], None]:
            def ask() -> None:
                while not over.is_set():
                    began = time.monotonic()
                    heard.append((began, is_in(visitor)))

            return ask

        asking = Thread(target=at_once, args=([asks(visitor) for visitor in visitors],))
        asking.start()
        until(lambda: len(heard) >= BROWSERS)
        change(human)
        changed = time.monotonic()
        until(lambda: sum(began > changed for began, _in in heard) >= 2 * BROWSERS)
        over.set()
        asking.join()
        release()
    late = [began - changed for began, inside in heard if inside and began > changed]
    before = sum(inside for began, inside in heard if began <= changed)
    return Ended(max(late, default=0.0), before, sum(began > changed for began, _in in heard))


def change_password(human: Person) -> None:
    """As she does herself, elsewhere."""
    accounts.set_password(human.id, NEW)


def take_role(human: Person) -> None:
    """As an administrator does."""
    keeper = factories.viewer(factories.administrator())
    role = session().scalars(select(Grant.id).where(Grant.person_id == human.id)).one()
    staff.revoke(keeper, role)


def until(true: Callable[[], bool]) -> None:
    """Wait for that, some minutes at most. Raises TimeoutError."""
    limit = time.monotonic() + 240
    while not true():
        if time.monotonic() > limit:
            raise TimeoutError("that took too long")
        time.sleep(0.005)
