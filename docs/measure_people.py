"""Measures the lists of people of a network with 100 000 buddies: .venv/bin/python docs/measure_people.py [sqlite|ADDRESS]

Makes its own invented records in an empty database: a file that is thrown away, or the empty database at ADDRESS
(postgresql+psycopg://…). Writes the median time on the server and the statements of each list to standard output.
"""

from __future__ import annotations

import os
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter, process_time

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, text

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from app import create_app, db, schema  # noqa: E402
from app.config import Settings  # noqa: E402
from app.models import Buddy, Grant, Person  # noqa: E402
from app.reference.folding import fold  # noqa: E402
from app.reference.sorting import PLAIN, in_order_of, order_key  # noqa: E402
from app.services import accounts  # noqa: E402
from app.vocabulary import BuddyState, Interest, Role  # noqa: E402
from tests.counting import statements  # noqa: E402

PEOPLE = 100_000
TIMES, WARM = 10, 2
FIRST = (
    "Olena",
    "Ahmad",
    "Fatima",
    "Youssef",
    "Anna",
    "Marleen",
    "Selam",
    "Zahra",
    "Jan",
    "Iryna",
    "Griet",
    "José",
)
LAST = (
    "Kovalenko",
    "Haddad",
    "Tesfay",
    "Nowak",
    "Peeters",
    "Popescu",
    "Yılmaz",
    "Warsame",
    "García",
    "De Smet",
)
TOWNS = ("Mechelen", "Lier", "Duffel", "Willebroek", "Bornem", "Berlaar", "Nijlen", "Heist-op-den-Berg")
PAGES = {
    "All": "", "Second page": "?page=2", "Last page": "?page=2000", "By name": "?sort=name",
    "By name, downwards": "?sort=name&down=1", "By place": "?sort=place", "By state": "?sort=state",
    "A common name": "?q=peeters", "A rare name": "?q=jan+peeters+77777", "Nobody": "?q=qqqq",
    "An address": "?q=p77777@example.be", "One state": "?state=screening", "One language": "?language=am",
    "One interest": "?interest=chess", "One town": "?municipality=Lier",
    "All filters": "?q=an&state=approved&municipality=Lier&language=fr&interest=cooking&sort=name",
}  # fmt: skip


def fill(random: Random) -> None:
    """One coordinator and the buddies of the network."""
    with db.transaction() as inside:
        names = ["Els"] + [
            f"{random.choice(FIRST)} {random.choice(LAST)} {key}" for key in range(2, PEOPLE + 2)
        ]
        rows = [
            {
                "id": key, "full_name": name, "locale": "nl", "email": f"p{key}@example.be",
                "email_canonical": f"p{key}@example.be", "search_key": fold(name), "sort_key": order_key(name), "plain_key": in_order_of(order_key(name), PLAIN),
            }
            for key, name in enumerate(names, start=1)
        ]  # fmt: skip
        inside.execute(insert(Person), rows)
        inside.execute(
            insert(Grant), [{"person_id": 1, "role": Role.COORDINATOR, "network_slug": "rivierenland"}]
        )
        inside.execute(insert(Buddy), [buddy(random, key) for key in range(2, PEOPLE + 2)])
    with db.engine().begin() as connection:
        connection.execute(text("ANALYZE"))


def buddy(random: Random, key: int) -> dict[str, object]:
    """A buddy of the network who registered some time ago."""
    town = random.choice(TOWNS)
    return {
        "person_id": key, "postcode": "2800", "locality": town, "municipality": town, "province": "antwerpen",
        "network_slug": "rivierenland", "state": random.choice(list(BuddyState)), "capacity": 1,
        "languages": random.sample(("fr", "en", "ar", "tr", "es"), 2) + (["am"] if random.random() < 0.002 else []),
        "interests": random.sample([interest.value for interest in Interest], 4), "availability": [],
        "registered_at": datetime.now(UTC) - timedelta(minutes=random.randint(1, 1_000_000)),
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
        fill(Random(6))  # noqa: S311 - invented records
        token = accounts.sign_in(1)
        db.release()
    browser = app.test_client()
    with browser.session_transaction() as kept:
        kept["_user_id"], kept["_fresh"] = token, True
    sys.stdout.write("| list | ms | processor ms | statements |\n| --- | ---: | ---: | ---: |\n")
    for name, query in PAGES.items():
        took, worked, sent = measure(browser, f"/nl/people/buddies{query}")
        sys.stdout.write(f"| {name} | {took:.0f} | {worked:.0f} | {sent} |\n")
        sys.stdout.flush()


def main() -> None:
    """Fill an empty database and measure."""
    with tempfile.TemporaryDirectory() as folder:
        where = {"DATA_DIR": folder, "SECRET_KEY": "for-measuring-only-0123456789-abcdefghij"}
        if len(sys.argv) > 1 and sys.argv[1] != "sqlite":
            where["DATABASE_URL"] = sys.argv[1]
        report(create_app(Settings.from_environment({**os.environ, **where})))


if __name__ == "__main__":
    main()
