"""Measures the pages about quality: .venv/bin/python docs/measure_quality.py [sqlite|ADDRESS] [ACTIVITIES] [NEWCOMERS]

Makes its own invented records in an empty database: a file that is thrown away, or the empty database at ADDRESS
(postgresql+psycopg://…): the activities of docs/measure_search.py in the network of their place, each with a count of
looks on every day of four weeks, and newcomers all over Flanders. Looks at the network that has most activities.
Writes the median time on the server, the processor's time and the statements of each page to standard output.
"""

from __future__ import annotations

import os
import sys
import tempfile
from datetime import timedelta
from pathlib import Path
from random import Random

from flask import Flask
from sqlalchemy import func, insert, select, text, update

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

import measure_search  # noqa: E402

from app import create_app, db, schema  # noqa: E402
from app.clock import today  # noqa: E402
from app.config import Settings  # noqa: E402
from app.models import Grant, Listing, Newcomer, Offer, OfferLook, Person  # noqa: E402
from app.reference.gazetteer import places  # noqa: E402
from app.services import accounts  # noqa: E402
from app.vocabulary import Agency, DutchLevel, NewcomerState, Role  # noqa: E402
from app.vocabulary.masks import LIKINGS, SLOTS  # noqa: E402

NEWCOMERS = 75_000
DAYS = 28
COORDINATOR, COUNSELLOR = 2, 3
AT_ONCE = 1000


def fill(random: Random, newcomers: int) -> str:
    """Looks and newcomers beside the activities, a coordinator and a counsellor; returns the slug of the network."""
    with db.transaction() as inside:
        first = (
            select(Listing.network_slug).where(Listing.offer_id == Offer.id)
            .order_by(Listing.id).limit(1).scalar_subquery()
        )  # fmt: skip
        inside.execute(update(Offer).values(network_slug=first, ends_on=today() + timedelta(days=90)))
        inside.execute(update(Offer).where(Offer.id % 50 == 0).values(dutch_spoken=None))
        keys = list(inside.scalars(select(Offer.id).order_by(Offer.id)))
        back = (today() - timedelta(days=days) for days in range(DAYS))
        days = [
            day for day in back if not day.weekday() or day >= today() - timedelta(days=1)
        ]  # as each night leaves them
        for at in range(0, len(keys), AT_ONCE):
            inside.execute(insert(OfferLook), [
                {"offer_id": key, "day": day, "shown": random.randint(1, 9), "opened": random.randint(0, 3)}
                for key in keys[at : at + AT_ONCE] for day in days
            ])  # fmt: skip
        inside.execute(insert(Person), [person(key) for key in range(COORDINATOR, newcomers + 4)])
        for at in range(0, newcomers, AT_ONCE):
            inside.execute(
                insert(Newcomer),
                [newcomer(random, key) for key in range(at + 4, min(at + AT_ONCE, newcomers) + 4)],
            )
        counted = select(Offer.network_slug).group_by(Offer.network_slug).order_by(func.count().desc())
        network = inside.scalars(counted).first()
        inside.execute(insert(Grant), [
            {"person_id": COORDINATOR, "role": Role.COORDINATOR, "network_slug": network, "agency_slug": None},
            {"person_id": COUNSELLOR, "role": Role.COUNSELLOR, "network_slug": None, "agency_slug": Agency.AGII},
        ])  # fmt: skip
        assert network
        return network


def person(key: int) -> dict[str, object]:
    """A row of the table of people."""
    return {"id": key, "full_name": f"Person {key}", "locale": "nl", "search_key": f"person {key}"}


def newcomer(random: Random, key: int) -> dict[str, object]:
    """Somebody somewhere who told interests and moments; one in thousand is of the counsellor."""
    there = random.choice(places())
    return {
        "id": key, "person_id": key, "state": NewcomerState.WAITING, "waiting_since": today(), "postcode": there.postcode,
        "locality": there.locality, "municipality": there.municipality, "province": there.province, "network_slug": there.network,
        "interests": random.sample(LIKINGS, 4), "availability": random.sample(SLOTS, 6), "dutch_level": random.choice(list(DutchLevel)),
        "max_km": 25, "counsellor_id": COUNSELLOR if key % 1000 == 0 else None,
    }  # fmt: skip


def report(app: Flask, activities: int, newcomers: int) -> None:
    """Fill, measure, and write the table."""
    with app.app_context():
        schema.upgrade(db.engine())
        measure_search.fill(Random(7), activities)  # noqa: S311 - invented activities
        network = fill(Random(8), newcomers)  # noqa: S311 - invented looks
        with db.engine().connect() as connection:
            connection.execute(text("ANALYZE"))
            connection.commit()
        own = db.session().scalar(select(func.count()).where(Offer.network_slug == network))
        tokens = [accounts.sign_in(key) for key in (COORDINATOR, COUNSELLOR)]
        db.release()
    sys.stdout.write(f"{activities} activities ({own} in {network}), {newcomers} newcomers\n\n")
    sys.stdout.write("| page | ms | processor ms | statements |\n| --- | ---: | ---: | ---: |\n")
    browsers = [app.test_client() for _token in tokens]
    for browser, token in zip(browsers, tokens, strict=True):
        with browser.session_transaction() as kept:
            kept["_user_id"], kept["_fresh"] = token, True
    desk, counsellor = browsers
    for name, browser, path in (
        ("Care for activities", desk, "/nl/quality"), ("One finding, page 3", desk, "/nl/quality?finding=no-dates&page=3"),
        ("Without a text", desk, "/nl/quality?without=ti"), ("Missing in the network", desk, f"/nl/quality/{network}/missing"),
        ("Activities by language", desk, "/nl/reports/languages"), ("The same, everywhere", counsellor, "/nl/reports/languages"),
        ("Today", desk, "/nl/today"), ("To do of a counsellor", counsellor, "/nl/caseload/to-do"),
        ("One activity, counted", app.test_client(), "/nl/activities/1"), ("A search, counted", app.test_client(), "/nl/activities?place=2800"),
    ):  # fmt: skip
        took, worked, sent, _shown = measure_search.measure(browser, path)
        sys.stdout.write(f"| {name} | {took:.0f} | {worked:.0f} | {sent} |\n")
        sys.stdout.flush()


def main() -> None:
    """Fill an empty database and measure."""
    activities = int(sys.argv[2]) if len(sys.argv) > 2 else measure_search.MANY
    newcomers = int(sys.argv[3]) if len(sys.argv) > 3 else NEWCOMERS
    with tempfile.TemporaryDirectory() as folder:
        where = {"DATA_DIR": folder, "SECRET_KEY": "for-measuring-only-0123456789-abcdefghij"}
        if len(sys.argv) > 1 and sys.argv[1] != "sqlite":
            where["DATABASE_URL"] = sys.argv[1]
        report(create_app(Settings.from_environment({**os.environ, **where})), activities, newcomers)


if __name__ == "__main__":
    main()
