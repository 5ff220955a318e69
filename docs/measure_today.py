"""Measures Today of a network with 20 000 people: .venv/bin/python docs/measure_today.py [sqlite|ADDRESS]

Makes its own invented records in an empty database: a file that is thrown away, or the empty database at ADDRESS
(postgresql+psycopg://…): 14 000 newcomers, 6 000 buddies and 3 000 duos with hours and talks, all in one network, which
no network has. Writes the median time on the server and the statements of each page to standard output.
"""

from __future__ import annotations

import os
import sys
import tempfile
from datetime import timedelta
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter, process_time

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from app import create_app, db, schema  # noqa: E402
from app.clock import now, today  # noqa: E402
from app.config import Settings  # noqa: E402
from app.models import (  # noqa: E402
    Buddy,
    CheckIn,
    ContactPerson,
    Duo,
    Grant,
    HourEntry,
    Newcomer,
    Offer,
    Person,
)
from app.services import accounts  # noqa: E402
from app.vocabulary import BuddyState, DuoState, EntryState, NewcomerState, OfferKind, Role  # noqa: E402
from tests.counting import statements  # noqa: E402

BUDDIES, NEWCOMERS, DUOS, ENTRIES = 6_000, 14_000, 3_000, 12
PLACE = {
    "postcode": "2800", "locality": "Mechelen", "municipality": "Mechelen", "province": "antwerpen", "network_slug": "rivierenland",
}  # fmt: skip
DUO_STATES = (*(DuoState.ACTIVE,) * 8, DuoState.ASKED, DuoState.MEETING)
BUDDY_STATES = (
    *(BuddyState.APPROVED,) * 8,
    *(state for state in BuddyState if state is not BuddyState.APPROVED),
)
NEWCOMER_STATES = (*(NewcomerState.WAITING,) * 8, NewcomerState.REGISTERED, NewcomerState.READY)
TIMES, WARM = 20, 2


def fill(random: Random) -> None:
    """One coordinator with far too many people."""
    with db.transaction() as inside:
        people = BUDDIES + NEWCOMERS
        inside.execute(insert(Person), [person(key) for key in range(1, people + 2)])
        inside.execute(
            insert(Grant), [{"person_id": 1, "role": Role.COORDINATOR, "network_slug": "rivierenland"}]
        )
        inside.execute(insert(Buddy), [buddy(random, key) for key in range(1, BUDDIES + 1)])
        inside.execute(insert(Newcomer), [newcomer(random, key) for key in range(1, NEWCOMERS + 1)])
        inside.execute(
            insert(ContactPerson), [{"id": 1, "name": "Jan", "email": "jan@example.be", "locale": "nl"}]
        )
        offer = {"id": 1, "kind": OfferKind.BUDDY, "title": "Samen", "contact_person_id": 1}
        inside.execute(insert(Offer), [{**offer, "network_slug": "rivierenland", "municipality": "Mechelen"}])
        inside.execute(insert(Duo), [duo(random, key) for key in range(1, DUOS + 1)])
        inside.execute(
            insert(HourEntry), [entry(random, key, at) for key in range(1, DUOS + 1) for at in range(ENTRIES)]
        )
        inside.execute(
            insert(CheckIn),
            [{"duo_id": key, "on": today() - timedelta(days=random.randint(0, 120)), "by_person_id": 1} for key in range(1, DUOS + 1)],
        )  # fmt: skip


def person(key: int) -> dict[str, object]:
    """A row of the table of people; the first one is the coordinator."""
    address = "c1@example.be" if key == 1 else None
    return {
        "id": key, "full_name": f"Person {key}", "locale": "nl", "email": address, "email_canonical": address,
        "search_key": f"person {key}",
    }  # fmt: skip


def buddy(random: Random, key: int) -> dict[str, object]:
    """A buddy in any state, who registered some day in the last year."""
    at = now() - timedelta(days=random.randint(0, 365))
    return {
        "id": key, "person_id": key + 1, "state": random.choice(BUDDY_STATES), "registered_at": at, "talk_at": at, **PLACE,
    }  # fmt: skip


def newcomer(random: Random, key: int) -> dict[str, object]:
    """A newcomer in one of the states that ask for something, or one who waits."""
    at = now() - timedelta(days=random.randint(0, 365))
    return {
        "id": key, "person_id": BUDDIES + key + 1, "state": random.choice(NEWCOMER_STATES), "registered_at": at,
        "talk_at": at, "waiting_since": at.date(), **PLACE,
    }  # fmt: skip


def duo(random: Random, key: int) -> dict[str, object]:
    """A duo that is asked, meets or goes on."""
    began = today() - timedelta(days=random.randint(10, 170))
    return {
        "id": key, "newcomer_id": key, "buddy_id": key, "network_slug": "rivierenland", "state": random.choice(DUO_STATES),
        "approved_by_id": 1, "answer_before": now() - timedelta(days=random.randint(-7, 7)), "starts_on": began,
        "ends_on": began + timedelta(days=180), "insurer": "Ethias", "contact_shared_at": now() - timedelta(days=random.randint(0, 30)),
    }  # fmt: skip


def entry(random: Random, key: int, at: int) -> dict[str, object]:
    """Two hours of that duo."""
    quiet = 40 if key % 5 == 0 else 0
    starts = now() - timedelta(days=quiet + random.randint(1, 14) * (at + 1))
    return {
        "newcomer_id": key, "offer_id": 1, "contact_person_id": 1, "duo_id": key, "starts_at": starts, "minutes": 120,
        "ends_at": starts + timedelta(hours=2), "dutch_company": True, "state": EntryState.ACCEPTED, "entered_by_id": key + 1,
        "submission_key": f"{key}-{at}",
    }  # fmt: skip


def measure(browser: FlaskClient, path: str) -> tuple[float, float, int]:
    """(milliseconds, milliseconds of the processor, statements) of a page; medians of the times."""
    times, busy = [], []
    for at in range(WARM + TIMES):
        with statements() as sent:
            began, work = perf_counter(), process_time()
            answer = browser.get(path)
            answer.get_data()
            took, worked = perf_counter() - began, process_time() - work
        if answer.status_code != 200:
            raise SystemExit(f"{answer.status_code} at {path}")
        if at >= WARM:
            times.append(took * 1000)
            busy.append(worked * 1000)
    return median(times), median(busy), len(sent)


def report(app: Flask) -> None:
    """Measure, and write the table."""
    with app.app_context():
        schema.upgrade(db.engine())
        fill(Random(5))  # noqa: S311 - invented records
        token = accounts.sign_in(1)
        db.release()
    browser = app.test_client()
    with browser.session_transaction() as kept:
        kept["_user_id"], kept["_fresh"] = token, True
    sys.stdout.write("| page | ms | processor ms | statements |\n| --- | ---: | ---: | ---: |\n")
    for name, path in (("Today", "/nl/today"), ("One kind", "/nl/today?kind=silent")):
        took, worked, sent = measure(browser, path)
        sys.stdout.write(f"| {name} | {took:.0f} | {worked:.0f} | {sent} |\n")


def main() -> None:
    """Fill an empty database and measure."""
    with tempfile.TemporaryDirectory() as folder:
        where = {"DATA_DIR": folder, "SECRET_KEY": "for-measuring-only-0123456789-abcdefghij"}
        if len(sys.argv) > 1 and sys.argv[1] != "sqlite":
            where["DATABASE_URL"] = sys.argv[1]
        report(create_app(Settings.from_environment({**os.environ, **where})))


if __name__ == "__main__":
    main()
