"""Measures a caseload of 20 000 with 400 000 hours: .venv/bin/python docs/measure_caseload.py [sqlite|ADDRESS]

Makes its own invented records in an empty database: a file that is thrown away, or the empty database at ADDRESS
(postgresql+psycopg://…). Writes a table of the median time on the server and of the statements of each page to
standard output, for a counsellor with 20 000 newcomers and for one with 300. What a network adds is not in it.
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
from sqlalchemy import insert

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from app import create_app, db, schema  # noqa: E402
from app.clock import today  # noqa: E402
from app.config import Settings  # noqa: E402
from app.models import (  # noqa: E402
    ContactPerson,
    ContractVersion,
    Exemption,
    Grant,
    HourEntry,
    Newcomer,
    Offer,
    Person,
    Proof,
)
from app.services import accounts, sums  # noqa: E402
from app.vocabulary import EntryState, NewcomerState, Obligation, OfferKind, Role  # noqa: E402
from app.vocabulary.contracts import Evidence, ExemptionGround  # noqa: E402
from app.vocabulary.records import ProofState  # noqa: E402
from tests.counting import statements  # noqa: E402

CASELOADS = {1: 20_000, 2: 300}  # of the counsellors with these keys
ENTRIES = 20  # of each newcomer
EXEMPT_EACH = 15  # one of so many
STATES = (
    *(EntryState.ACCEPTED,) * 8,
    *(EntryState.CONFIRMED,) * 4,
    EntryState.SUBMITTED,
    EntryState.DRAFT,
    EntryState.REFUSED,
)
TIMES, WARM = 20, 2
PAGES = {
    "Caseload": "", "Last page": "?page=400", "By name": "?q=an", "By risk": "?risk=tight", "Exempt": "?risk=exempt", "Waits for me": "?waits=1",
    "No hours for 8 weeks": "?idle=8", "All filters": "?q=a&risk=hard&band=1&obligation=obliged&ends=2027-12-31&waits=1&idle=2",
}  # fmt: skip


def fill(random: Random) -> None:
    """Two counsellors, their newcomers with a contract, and the hours of each; written at once, then counted."""
    people = sum(CASELOADS.values())
    with db.transaction() as inside:
        first = [
            {"id": key, "full_name": f"Counsellor {key}", "locale": "nl", "email": f"c{key}@example.be"} for key in CASELOADS
        ]  # fmt: skip
        names = [
            {"id": key, "full_name": f"{random.choice(FIRST)} {random.choice(LAST)}", "locale": "ar"}
            for key in range(3, people + 3)
        ]
        inside.execute(insert(Person), [person(values) for values in first + names])
        inside.execute(
            insert(Grant),
            [{"person_id": key, "role": Role.COUNSELLOR, "agency_slug": "agii"} for key in CASELOADS],
        )
        of = [key for key, many in CASELOADS.items() for _ in range(many)]
        inside.execute(
            insert(Newcomer),
            [newcomer(key, counsellor) for key, counsellor in enumerate(of, start=1)],
        )
        inside.execute(
            insert(ContactPerson),
            [{"id": 1, "name": "Jan", "email": "jan@example.be", "locale": "nl"}],
        )
        inside.execute(
            insert(Offer), [offer(1), *(offer(key + 1, newcomer=key) for key in range(1, people, 20))]
        )
        inside.execute(insert(ContractVersion), [contract(random, key) for key in range(1, people + 1)])
        inside.execute(insert(Exemption), [exemption(key) for key in range(1, people + 1, EXEMPT_EACH)])
        inside.execute(insert(Proof), [proof(key) for key in range(1, people + 1, 10)])
        for key in range(1, people + 1, 500):
            some = range(key, min(key + 500, people + 1))
            inside.execute(
                insert(HourEntry), [entry(random, one, at) for one in some for at in range(ENTRIES)]
            )
    sums.repair()


FIRST = ("Olena", "Ahmad", "Fatima", "Yusuf", "Anna", "Maria", "Selam", "Zahra", "Ali", "Iryna")
LAST = (
    "Kovalenko",
    "Haddad",
    "Tesfay",
    "Nowak",
    "Rahimi",
    "Popescu",
    "Yilmaz",
    "Warsame",
    "Garcia",
    "Ivanova",
)


def person(values: dict[str, object]) -> dict[str, object]:
    """A row of the table of people."""
    name = str(values["full_name"])
    email = values.get("email")
    return {"email": None, **values, "email_canonical": email, "search_key": name.casefold()}


def newcomer(key: int, counsellor: int) -> dict[str, object]:
    """A newcomer of that counsellor."""
    return {
        "id": key, "person_id": key + 2, "state": NewcomerState.WAITING, "waiting_since": today(), "counsellor_id": counsellor,
        "postcode": "2800", "locality": "Mechelen", "municipality": "Mechelen", "province": "antwerpen", "network_slug": "rivierenland",
    }  # fmt: skip


def offer(key: int, newcomer: int | None = None) -> dict[str, object]:
    """A conversation group that counts, or an informal setting of a newcomer that nobody has judged yet."""
    judged = True if newcomer is None else None
    return {
        "id": key, "kind": OfferKind.CONVERSATION_GROUP, "title": "Babbelonië", "network_slug": "rivierenland", "municipality": "Mechelen",
        "contact_person_id": 1, "newcomer_id": newcomer, "dutch_spoken": judged, "people_met": judged,
    }  # fmt: skip


def contract(random: Random, key: int) -> dict[str, object]:
    """A first contract of a year and a half that runs out sooner or later."""
    ends = today() + timedelta(days=random.randint(-30, 500))
    return {
        "newcomer_id": key, "number": 1, "agency_slug": "agii", "obligation": random.choice(list(Obligation)),
        "contains_trajectory": random.random() > 0.05, "starts_on": ends - timedelta(days=540), "ends_on": ends, "by_person_id": 1,
    }  # fmt: skip


def exemption(key: int) -> dict[str, object]:
    """Studies, without a known end for most."""
    first = today() - timedelta(days=100)
    return {
        "newcomer_id": key, "ground": ExemptionGround.STUDY, "half_time": False, "evidence": Evidence.ENROLMENT, "seen_on": first,
        "valid_from": first, "valid_to": first + timedelta(days=90) if key % 4 == 0 else None, "decided_by_id": 1, "decided_on": first,
    }  # fmt: skip


def proof(key: int) -> dict[str, object]:
    """A signed proof that waits for a decision."""
    return {
        "number": f"2026-{key}", "newcomer_id": key, "kind": OfferKind.CONVERSATION_GROUP, "contact_person_id": 1,
        "state": ProofState.SIGNED, "signed_at": datetime.now(UTC), "signed_name": "Jan",
    }  # fmt: skip


def entry(random: Random, key: int, at: int) -> dict[str, object]:
    """Some hours of that newcomer."""
    starts = datetime.now(UTC) - timedelta(days=random.randint(5, 12) * (at + 1) + key % 120)
    minutes = 15 * random.randint(2, 12)
    state = random.choice(STATES)
    return {
        "newcomer_id": key, "offer_id": 1, "contact_person_id": 1, "starts_at": starts, "minutes": minutes,
        "ends_at": starts + timedelta(minutes=minutes), "dutch_company": True, "state": state, "entered_by_id": key + 2,
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
        tokens = {key: accounts.sign_in(key) for key in CASELOADS}
        db.release()
    sys.stdout.write(
        "| page | newcomers | ms | processor ms | statements |\n| --- | ---: | ---: | ---: | ---: |\n"
    )
    for key, many in CASELOADS.items():
        browser = app.test_client()
        with browser.session_transaction() as kept:
            kept["_user_id"], kept["_fresh"] = tokens[key], True
        paths = {name: f"/nl/caseload{query}" for name, query in PAGES.items()}
        own = 2 if key == 1 else CASELOADS[1] + 2  # without a proof
        paths |= {"One trajectory": f"/nl/caseload/{own}", "Its history": f"/nl/caseload/{own}/history"}
        for name, path in paths.items():
            took, worked, sent = measure(browser, path)
            sys.stdout.write(f"| {name} | {many} | {took:.0f} | {worked:.0f} | {sent} |\n")


def main() -> None:
    """Fill an empty database and measure."""
    with tempfile.TemporaryDirectory() as folder:
        where = {"DATA_DIR": folder, "SECRET_KEY": "for-measuring-only-0123456789-abcdefghij"}
        if len(sys.argv) > 1 and sys.argv[1] != "sqlite":
            where["DATABASE_URL"] = sys.argv[1]
        report(create_app(Settings.from_environment({**os.environ, **where})))


if __name__ == "__main__":
    main()
