"""Measures finding among 50 000 activities: .venv/bin/python docs/measure_search.py [sqlite|ADDRESS] [MANY]

Makes its own invented activities in an empty database: a file that is thrown away, or the empty database at ADDRESS
(postgresql+psycopg://…). Writes a table of the median time on the server, of the processor's time and of the
statements of each page to standard output. One in ten activities is in two places, so there are 55 000 to look
through, with 500 000 times in the nine weeks ahead. What a network adds is not in it.
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
from sqlalchemy import func, insert, select, text

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from app import create_app, db, schema  # noqa: E402
from app.clock import now, start_of_day, today  # noqa: E402
from app.config import Settings  # noqa: E402
from app.models import (  # noqa: E402
    ContactPerson,
    Gathering,
    Grant,
    Listing,
    Newcomer,
    Occurrence,
    Offer,
    OfferText,
    Organisation,
    Person,
)
from app.reference.folding import fold  # noqa: E402
from app.reference.gazetteer import places  # noqa: E402
from app.services import accounts, matchmaking  # noqa: E402
from app.vocabulary import DutchLevel, NewcomerState, OfferKind, Role  # noqa: E402
from app.vocabulary.activities import OfferGoal, OfferState, Suited, TextMaker  # noqa: E402
from app.vocabulary.masks import GOALS, LEVELS, LIKINGS, SLOTS, SUITED, mask  # noqa: E402
from tests.counting import statements  # noqa: E402

MANY = 50_000
HOUSES = 2_000
WEEKS = 9
HOURS = {"morning": 10, "afternoon": 14, "evening": 19}
TITLES = (
    "Praattafel",
    "Voetbal voor iedereen",
    "Samen koken",
    "Zwemmen",
    "Koor",
    "Naaiclub",
    "Wandelen",
    "Schaken",
    "Fietsen",
)
TIMES, WARM = 20, 3
PAGES = {
    "All": "", "Last page": "?page=2000", "Near Mechelen": "?place=2800", "Within 5 km of Gent": "?place=9000&km=5",
    "One kind": "?kind=sport", "A phrase in Tigrinya": "?q=ምስ+ደቀይ+ኩዕሶ+ክጻወት+ይደሊ", "Words of a title": "?q=naaiclub",
    "A phrase near a place": "?q=ik+wil+voetballen+met+mijn+kinderen&place=Leuven",
    "Text in the own language": "?own=1", "Soonest": "?order=soon&place=2800",
    "All filters": "?place=8500&km=50&kind=sport&goal=make-friends&level=a1&day=sat&part=morning&suited=children&free=1&own=1",
    "Nothing found": "?q=naaiclub&kind=work_placement&day=sun&part=evening&place=8970&km=5&free=1&suited=wheelchair&suited=children&level=none&goal=prepare-for-work",
    "Map": "?view=map", "Map of a network": "?view=map&network=limburg", "Map of a phrase": "?view=map&q=football",
    "Week": "?view=week", "Week near Mechelen": "?view=week&place=2800&km=10", "Week of a phrase": "?view=week&q=schaken&place=3600",
}  # fmt: skip
FILES = {"Calendar": ".ics?place=2800&kind=sport", "RSS": ".rss", "RSS of a place": ".rss?place=9000"}


def fill(random: Random, many: int) -> None:
    """Organisations and their activities, written at once; listings and times as services/listings makes them."""
    with db.transaction() as inside:
        inside.execute(insert(Person), [
            {"id": 1, "full_name": "Selam", "locale": "ti", "search_key": "selam", "email": "selam@example.be", "email_canonical": "selam@example.be"}
        ])  # fmt: skip
        inside.execute(insert(Grant), [{"person_id": 1, "role": Role.NEWCOMER}])
        inside.execute(insert(Newcomer), [newcomer()])
        inside.execute(
            insert(Organisation),
            [
                {"id": key, "name": f"Huis {key}", "network_slug": "limburg", "verified_at": now()}
                for key in range(1, HOUSES + 1)
            ],
        )
        inside.execute(
            insert(ContactPerson), [{"id": 1, "name": "Jan", "email": "jan@example.be", "locale": "nl"}]
        )
        gathering = 0
        for first in range(1, many + 1, 1000):
            offers, gatherings, listed, times, texts = [], [], [], [], []
            for key in range(first, min(first + 1000, many + 1)):
                made = offer(random, key)
                offers.append(made)
                if random.random() < 0.2:
                    texts.append(
                        {
                            "offer_id": key,
                            "language": random.choice(("ar", "fr", "ti")),
                            "title": "x",
                            "words": "",
                            "made_by": TextMaker.PERSON,
                            "source_mark": "x",
                        }
                    )
                for position in range(1 + (random.random() < 0.1)):
                    gathering += 1
                    row, listing = place_of(random, made, gathering, position)
                    gatherings.append(row)
                    listed.append(listing)
                    times += coming(row, listing)
            inside.execute(insert(Offer), offers)
            inside.execute(insert(Gathering), gatherings)
            inside.execute(insert(Listing), listed)
            if times:
                inside.execute(insert(Occurrence), times)
            if texts:
                inside.execute(insert(OfferText), texts)


def newcomer() -> dict[str, object]:
    """Somebody in Mechelen who told interests and moments."""
    return {
        "id": 1, "person_id": 1, "state": NewcomerState.WAITING, "waiting_since": today(), "postcode": "2800", "locality": "Mechelen",
        "municipality": "Mechelen", "province": "antwerpen", "network_slug": "rivierenland", "interests": ["football", "cooking", "children-family"],
        "availability": ["sat-morning", "sat-afternoon", "wed-afternoon"], "dutch_level": DutchLevel.A1, "max_km": 25,
    }  # fmt: skip


def offer(random: Random, key: int) -> dict[str, object]:
    """A published activity of an organisation."""
    return {
        "id": key, "kind": random.choice(list(OfferKind)), "title": f"{random.choice(TITLES)} {key}", "network_slug": "limburg",
        "words": "We komen samen en praten Nederlands. Iedereen is welkom.", "state": OfferState.PUBLISHED, "organisation_id": 1 + key % HOUSES,
        "contact_person_id": 1, "published_at": now() - timedelta(minutes=key), "interests": random.sample(LIKINGS, random.randint(0, 2)),
        "goals": random.sample(list(OfferGoal), random.randint(1, 2)), "suited": random.sample(list(Suited), random.randint(0, 2)),
        "dutch_level": random.choice(LEVELS), "price_cents": random.choice((0, 0, 300, None)), "dutch_spoken": True, "people_met": True,
    }  # fmt: skip


def place_of(
    random: Random, made: dict[str, object], key: int, position: int
) -> tuple[dict[str, object], dict[str, object]]:
    """One place of it with a weekly moment, and what a search goes by."""
    there, slot = random.choice(places()), random.choice(SLOTS)
    fixed = random.random() < 0.95
    row = {
        "id": key, "offer_id": made["id"], "position": position, "place": "Buurthuis", "postcode": there.postcode,
        "locality": there.locality, "municipality": there.municipality, "slots": [slot], "start": f"{HOURS[slot[4:]]}:00" if fixed else "",
        "minutes": 120,
    }  # fmt: skip
    listing = {
        "offer_id": made["id"], "gathering_id": key, "network_slug": there.network, "municipality": there.municipality,
        "lat": there.lat, "lon": there.lon, "kind": made["kind"], "level": LEVELS.index(str(made["dutch_level"])),
        "goal_bits": mask(made["goals"], GOALS), "interest_bits": mask(made["interests"], LIKINGS), "slot_bits": mask([slot], SLOTS),  # type: ignore[arg-type]
        "suited_bits": mask(made["suited"], SUITED), "price_cents": made["price_cents"], "joinable": random.random() < 0.95,  # type: ignore[arg-type]
        "next_at": first_of(slot) if fixed else None, "search_key": fold(f"{made['title']} Buurthuis {there.locality} {there.municipality}"),
    }  # fmt: skip
    return row, listing


def first_of(slot: str):  # noqa: ANN201
    """The next time of that moment of the week."""
    day = SLOTS.index(slot) // 3
    ahead = (day - today().weekday() - 1) % 7 + 1
    return start_of_day(today() + timedelta(days=ahead)) + timedelta(hours=HOURS[slot[4:]])


def coming(row: dict[str, object], listing: dict[str, object]) -> list[dict[str, object]]:
    """Its times in the weeks ahead."""
    begins = listing["next_at"]
    if begins is None:
        return []
    return [
        {"offer_id": row["offer_id"], "gathering_id": row["id"], "starts_at": begins + timedelta(weeks=week), "ends_at": begins + timedelta(weeks=week, hours=2)}  # type: ignore[operator]
        for week in range(WEEKS)
    ]  # fmt: skip


def measure(browser: FlaskClient, path: str) -> tuple[float, float, int, int]:
    """(milliseconds, milliseconds of the processor, statements, activities on it) of a page; medians of the times."""
    times, busy = [], []
    for at in range(WARM + TIMES):
        with statements() as sent:
            began, work = perf_counter(), process_time()
            answer = browser.get(path)
            body = answer.get_data(as_text=True)
            took, worked = perf_counter() - began, process_time() - work
        if answer.status_code != 200:
            raise SystemExit(f"{answer.status_code} at {path}")
        if at >= WARM:
            times.append(took * 1000)
            busy.append(worked * 1000)
    return median(times), median(busy), len(sent), body.count("<article") or body.count("<li><b>")


def report(app: Flask, many: int) -> None:
    """Fill, measure, and write the table."""
    with app.app_context():
        schema.upgrade(db.engine())
        fill(Random(7), many)  # noqa: S311 - invented activities
        with db.engine().connect() as connection:
            connection.execute(text("ANALYZE"))
            connection.commit()
        counts = [
            db.session().scalar(select(func.count()).select_from(table))
            for table in (Offer, Listing, Occurrence)
        ]
        token = accounts.sign_in(1)
        db.release()
        matchmaking.warm_up()
    sys.stdout.write("{} activities, {} places, {} times\n\n".format(*counts))
    sys.stdout.write(
        "| page | ms | processor ms | statements | shown |\n| --- | ---: | ---: | ---: | ---: |\n"
    )
    anybody, newcomer = app.test_client(), app.test_client()
    with newcomer.session_transaction() as kept:
        kept["_user_id"], kept["_fresh"] = token, True
    asked = [(name, anybody, f"/nl/activities{path}") for name, path in {**PAGES, **FILES}.items()]
    asked += [
        ("One activity", anybody, "/nl/activities/1"), ("What fits me", newcomer, "/ti/activities"),
        ("What fits me, a phrase", newcomer, "/ti/activities?q=ኩዕሶ"), ("My track", newcomer, "/ti/my-track"),
    ]  # fmt: skip
    for name, browser, path in asked:
        took, worked, sent, shown = measure(browser, path)
        sys.stdout.write(f"| {name} | {took:.0f} | {worked:.0f} | {sent} | {shown} |\n")
        sys.stdout.flush()


def main() -> None:
    """Fill an empty database and measure."""
    many = int(sys.argv[2]) if len(sys.argv) > 2 else MANY
    with tempfile.TemporaryDirectory() as folder:
        where = {"DATA_DIR": folder, "SECRET_KEY": "for-measuring-only-0123456789-abcdefghij"}
        if len(sys.argv) > 1 and sys.argv[1] != "sqlite":
            where["DATABASE_URL"] = sys.argv[1]
        report(create_app(Settings.from_environment({**os.environ, **where})), many)


if __name__ == "__main__":
    main()
