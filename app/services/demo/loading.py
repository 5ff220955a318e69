"""Loads the demo, all of it or nothing, in a database in which nobody lives yet."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import select, update

from app.db import transaction
from app.errors import Refusal
from app.i18n import lazy_gettext as _
from app.models import Person
from app.security.passwords import hash_password
from app.services.demo.activities import open_doors
from app.services.demo.choices import choose_and_lend
from app.services.demo.desk import fill_desk
from app.services.demo.enrolment import enrol
from app.services.demo.history import give_past
from app.services.demo.hours import spend_time
from app.services.demo.houses import open_desk
from app.services.demo.joining import join_activities
from app.services.demo.links import DemoLinks
from app.services.demo.looks import let_look_around
from app.services.demo.pairs import bring_together
from app.services.demo.people_to_try import NETWORK, choose, give_addresses, name_pair, tell_who
from app.services.demo.population import arrivals, candidates
from app.services.demo.programmes import run_programmes
from app.services.demo.staff import give_account, give_keys, hire
from app.services.demo.staff_records import keep_records
from app.services.demo.ways import show_ways

SEED = 2026
PASSWORD = "samen-op-pad-2026"  # noqa: S105 - of invented people, told to everybody


class Inhabited(Refusal):
    """The demo goes only where nobody is."""

    code = "inhabited"
    message = _("There are people in this database already. The demo is loaded in an empty database only.")


def load_demo(
    links: DemoLinks, *, secret_key: str, say: Callable[[str], object] = lambda _line: None, seed: int = SEED
) -> list[str]:
    """Fill the database and return the lines that tell who can be tried. Raises Inhabited when anybody is there.

    `say` is told what is being made. All of it is one transaction. The same seed gives the same people, duos and
    hours, but for secrets; days are counted back from today.
    """
    with _without_collector(), transaction() as db:
        if db.scalar(select(Person.id).limit(1)) is not None:
            raise Inhabited()
        say("Coordinators, counsellors and activities of 18 networks ...")
        staff = hire(seed, links.invitation)
        houses = open_doors(staff.coordinators)
        open_desk(give_account(houses[NETWORK]), links)
        say("546 candidate buddies and 1 500 newcomers ...")
        enrolled = enrol(
            candidates(seed), arrivals(seed), staff, addresses=links.registration, page_for=links.account
        )
        say("Proposals and duos ...")
        pairings = bring_together(staff, enrolled, links.duos)
        choose_and_lend(staff, links.choose)
        run_programmes(staff)
        say("Contracts and hours ...")
        tried = choose(pairings)
        name_pair(tried)
        spend_time(staff, enrolled, pairings, links, tried=tried, secret_key=secret_key, seed=seed)
        give_addresses(tried, staff)
        # From the first real person on the audit log is only added to; these are dated back.
        db.execute(update(Person).values(demo=True))
        give_past(enrolled, pairings)
        fill_desk(tried, staff, links)
        show_ways(staff, tried, links)
        keep_records(staff, tried)
        join_activities(tried.newcomer, houses[NETWORK])
        let_look_around(seed)
        give_keys(staff)
        # One hash for all, because hashing two thousand passwords well would take minutes.
        db.execute(update(Person).values(demo=True))
        db.execute(
            update(Person).where(Person.email.is_not(None)).values(password_hash=hash_password(PASSWORD))
        )
        db.expire_all()
        return tell_who(tried, PASSWORD, links, secret_key=secret_key)


@contextmanager
def _without_collector() -> Iterator[None]:
    """A load makes a million objects that live until its end: looking through them again and again helps nobody."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
