"""Loads the demo, all of it or nothing, in a database in which nobody lives yet."""

from collections.abc import Callable
from time import perf_counter

from sqlalchemy import select, update

from app.db import session, transaction
from app.errors import Refusal
from app.i18n import lazy_gettext as _
from app.models import Person
from app.security.passwords import hash_password
from app.services.demo.activities import open_doors
from app.services.demo.enrolment import enrol
from app.services.demo.links import DemoLinks
from app.services.demo.population import arrivals, candidates
from app.services.demo.staff import hire

SEED = 2026
PASSWORD = "samen-op-pad-2026"  # noqa: S105 - of invented people, told to everybody


class Inhabited(Refusal):
    """The demo goes only where nobody is."""

    code = "inhabited"
    message = _("There are people in this database already. The demo is loaded in an empty database only.")


def load_demo(
    links: DemoLinks, *, secret_key: str, say: Callable[[str], object] = lambda _line: None, seed: int = SEED
) -> list[str]:
    """Fill the database and return the lines that tell who can be tried. Raises Inhabited when anybody is there."""
    with transaction() as db:
        if db.scalar(select(Person.id).limit(1)) is not None:
            raise Inhabited()
        began = perf_counter()
        staff = hire(seed, links.invitation)
        offers = open_doors(staff.coordinators)
        say(f"staff and activities {perf_counter() - began:.1f}")
        enrolled = enrol(
            candidates(seed), arrivals(seed), staff, addresses=links.registration, page_for=links.account
        )
        say(f"enrolled {perf_counter() - began:.1f}")
        db.execute(update(Person).values(demo=True))
        db.execute(
            update(Person).where(Person.email.is_not(None)).values(password_hash=hash_password(PASSWORD))
        )
    return []
