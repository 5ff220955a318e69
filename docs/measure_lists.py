"""Measures a list of 10 000 events: .venv/bin/python docs/measure_lists.py [NUMBER]

Makes its own invented events in an empty database, a SQLite file that is thrown away, and brings them in, once more as
they are, and once more with another title each. Writes time and memory of each step to standard output, and how long the
list goes on after somebody stopped it while it was read.
"""

from __future__ import annotations

import gc
import json
import resource
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from threading import Thread
from time import perf_counter, process_time, sleep

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from app import create_app, db, schema  # noqa: E402
from app.clock import today  # noqa: E402
from app.config import Settings  # noqa: E402
from app.extensions import queue  # noqa: E402
from app.models import Listing, OfferList  # noqa: E402
from app.services import offer_lists  # noqa: E402
from app.services.offer_lists.taking import Answers  # noqa: E402
from app.vocabulary.offer_lists import OfferListKind  # noqa: E402
from tests import factories  # noqa: E402

MEGABYTE = 1024  # ru_maxrss counts kilobytes
HOURS = [{"opens": "10:00", "closes": "12:00", "dayOfWeek": ["tuesday", "thursday"]}]
ANSWERS = Answers(fluent_speakers=3, meeting_words="Samen.", insurer="Ethias", publish=True)


def events(number: int, name: str) -> bytes:
    """A page of events: half of them on one day, half of them each week."""
    day = (today() + timedelta(days=10)).isoformat()
    once = {
        "calendarType": "single",
        "subEvent": [{"startDate": f"{day}T19:00:00", "endDate": f"{day}T21:00:00"}],
    }
    weekly = {"calendarType": "permanent", "openingHours": HOURS}
    address = {
        "addressCountry": "BE",
        "postalCode": "2800",
        "addressLocality": "Mechelen",
        "streetAddress": "Kaai 1",
    }
    rows = [
        {
            "@id": f"https://example.be/event/{at}", "name": {"nl": f"{name} {at}"}, "mainLanguage": "nl",
            "description": {"nl": "<p>Samen <b>zwemmen</b> in het water.</p>" * 10}, "workflowStatus": "APPROVED",
            "terms": [{"id": "0.59.0.0.0", "label": "Sport en beweging", "domain": "eventtype"}],
            "location": {"name": {"nl": "Zwembad"}, "address": {"nl": address}}, **(weekly if at % 2 else once),
        }
        for at in range(number)
    ]  # fmt: skip
    return json.dumps({"member": rows, "totalItems": number}).encode()


@contextmanager
def timed(name: str) -> Iterator[None]:
    """Write a line of the table: what it took on the clock, of the processor, and the most memory until then."""
    gc.collect()
    clock, processor = perf_counter(), process_time()
    yield
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEGABYTE
    print(
        f"| {name} | {perf_counter() - clock:.1f} | {process_time() - processor:.1f} | {most:.0f} |",
        flush=True,
    )


def keep(house: int, by: int, data: bytes) -> int:
    """Keep a list, of which the reading is asked for at once."""
    actor = factories.viewer(db.session().get_one(factories.Person, by))
    return offer_lists.keep_list(actor, organisation_id=house, kind=OfferListKind.UITDATABANK, data=data)


def main(number: int) -> None:
    """Measure it."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(secret_key="k" * 40, data_dir=folder, testing=True, base_url="http://localhost")
        schema.upgrade(db.connect(settings.database))
        site = create_app(settings)
        with site.app_context():
            house, by = factories.organisation().id, factories.coordinator().id
            factories.contact(organisation_id=house)
            print(f"{number} events, {len(events(number, 'Zwemmen')) / 1e6:.1f} MB")
            print("| step | s | processor s | most memory until then, MB |\n| --- | ---: | ---: | ---: |")
            with timed("Nothing yet"):
                pass
            for name in ("Zwemmen", "Zwemmen", "Baantjes trekken"):
                with timed("Read"):
                    key = keep(house, by, events(number, name))
                with timed("Take over"):
                    actor = factories.viewer(db.session().get_one(factories.Person, by))
                    offer_lists.take_over(actor, key, ANSWERS)
                db.session().rollback()
                kept = db.session().get_one(OfferList, key, populate_existing=True)
                print(f"{kept.state.value}: {kept.added} added, {kept.changed} changed, {kept.same} the same, "
                      f"{kept.left_out} left out, {db.session().query(Listing).count()} to be found")  # fmt: skip
            stop(site, house, by, events(number, "Baantjes trekken"))


def stop(site: object, house: int, by: int, data: bytes) -> None:
    """Say how soon a list stops that is being read by another thread."""
    jobs: list[tuple[object, ...]] = []
    queue.put, put = lambda *job: jobs.append(job), queue.put  # type: ignore[method-assign]
    key = keep(house, by, data)
    queue.put = put  # type: ignore[method-assign]

    def work() -> None:
        with site.app_context():  # type: ignore[attr-defined]
            offer_lists.read_list(key, hosts=(), own_source="localhost")

    reader = Thread(target=work)
    reader.start()
    sleep(1)
    actor = factories.viewer(db.session().get_one(factories.Person, by))
    began = perf_counter()
    offer_lists.stop_list(actor, key)
    reader.join()
    kept = db.session().get_one(OfferList, key, populate_existing=True)
    print(
        f"{kept.state.value} {perf_counter() - began:.1f} s after it was asked, at row {kept.rows_done} of {kept.rows_all}"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
