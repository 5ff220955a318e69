"""B14 over HTTP: whether the time in which a form is answered tells that somebody has the address."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import update

from app.clock import now
from app.db import release, transaction
from app.models import Person, Registration
from app.security.passwords import hash_password
from app.security.secrets import new_token, token_hash
from app.services import accounts
from app.vocabulary import Role
from tests import factories
from tests.factories import PASSWORD
from tests.security.test_enumeration import BAR, FORMS, ORGANISATION, SAMPLES, STATUS, chance_to_tell
from tests.services.test_registrations import BUDDY, NEWCOMER
from tests.site import SECRET
from tests.soak.figures import Several, on_a_site
from tests.soak.pace import night
from tests.soak.served import Served, Visitor

WARM_UP = 10
FIRST = ("sign-in", "register/buddy")  # the two that do most for a known address
TICKS = {"adult": "y", "duties": "y", "privacy": "y"}
Sends = Callable[[str], float]
"""Send the form with that address, as somebody new: the seconds until the answer was there."""


@dataclass(frozen=True)
class Told:
    """How well the time of one form tells: 0.5 not at all, 1 always; and how long it mostly takes, in seconds."""

    area: float
    median: float

    def kept(self) -> bool:
        """Whether that is within B14."""
        return self.area <= BAR

    def words(self) -> str:
        """The figures."""
        return f"AUC {self.area:.2f} ({self.median * 1000:.0f} ms)"


def measure() -> tuple[str, bool]:
    """B14: the forms that do most for a known address, and at night every form that takes one."""
    names = tuple(FORMS_OF) if night() else FIRST
    words, kept = on_a_site(lambda site: Several(told(site, names)))
    return f"{SAMPLES} + {SAMPLES} times each: {words}", kept


def told(site: Served, names: tuple[str, ...], samples: int = SAMPLES) -> dict[str, Told]:
    """Send each of those forms with addresses that somebody and that nobody has, by turns."""
    known = people(site, samples + WARM_UP)
    found = {}
    for name in names:
        sends = FORMS_OF[name](site, 2 * (samples + WARM_UP))
        taken: tuple[list[float], list[float]] = ([], [])
        for number, email in enumerate(known):
            for kind in (0, 1) if number % 2 else (1, 0):
                address = email if kind == 0 else f"{name.replace('/', '.')}.{number}@example.org"
                taken[kind].append(sends(address))
        ones, others = (times[WARM_UP:] for times in taken)
        found[name] = Told(chance_to_tell(ones, others), sorted(ones + others)[samples])
    return found


def people(site: Served, how_many: int) -> list[str]:
    """Addresses of people with a password."""
    with site.inside(), transaction() as db:
        made = [factories.person(roles=(Role.HELPER,)) for _ in range(how_many)]
        db.execute(update(Person).values(password_hash=hash_password(PASSWORD), email_confirmed_at=now()))
        emails = [str(person.email) for person in made]
    release()
    return emails


def form(path: str, fields: dict[str, str]) -> Callable[[Served, int], Sends]:
    """A form that anybody may send."""

    def prepared(site: Served, _times: int) -> Sends:
        def sends(email: str) -> float:
            visitor = Visitor(site.address)
            return sent(visitor, f"/nl/{path}", {"email": email, "next": "", **fields})

        return sends

    return prepared


def registration(kind: str, steps: dict[str, Any], last: str) -> Callable[[Served, int], Sends]:
    """The last step of a registration of which all others are done."""
    role = Role.BUDDY if kind == "buddy" else Role.NEWCOMER

    def prepared(site: Served, times: int) -> Sends:
        tokens = [new_token() for _ in range(times)]
        engine = site.engine()

        def sends(email: str) -> float:
            token, visitor = tokens.pop(), Visitor(site.address)
            answers = {
                name: {**step, **({"email": email} if "email" in step else {})}
                for name, step in steps.items()
            }
            row = {
                "token_hash": token_hash(token),
                "role": role,
                "locale": "nl",
                "answers": answers,
                "source": "site",
            }
            with engine.begin() as connection:
                connection.execute(
                    Registration.__table__.insert(), row | {"created_at": now(), "touched_at": now()}
                )
            visitor.get(f"/nl/register/{kind}/continue/{token}")
            return sent(visitor, f"/nl/register/{kind}/{last}", TICKS)

        return sends

    return prepared


def adding(site: Served, times: int) -> Sends:
    """An address that a newcomer with a code adds."""
    with site.inside():
        newcomers = [factories.newcomer(email=False) for _ in range(times)]
        codes = [accounts.give_code(newcomer.person_id, secret_key=SECRET) for newcomer in newcomers]
        release()

    def sends(email: str) -> float:
        visitor = Visitor(site.address)
        visitor.post("/nl/sign-in/code", {"code": codes.pop()})
        return sent(visitor, "/nl/account/address", {"email": email})

    return sends


def sent(visitor: Visitor, path: str, fields: dict[str, str]) -> float:
    """The seconds until a form is answered, the page with it not counted. Raises RuntimeError for an answer that is none."""
    answer = visitor.post(path, fields)
    if answer.status != STATUS.get(path.removeprefix("/nl/"), 303):
        raise RuntimeError(f"{answer.status} at {path}: {answer.text[:300]}")
    return answer.seconds


FORMS_OF: dict[str, Callable[[Served, int], Sends]] = {
    **{path: form(path, fields) for path, fields in FORMS.items()},
    "register/buddy": registration("buddy", BUDDY, "agree"),
    "register/newcomer": registration("newcomer", NEWCOMER, "consent"),
    "register/organisation": form("register/organisation", ORGANISATION),
    "account/address": adding,
}
