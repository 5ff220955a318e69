"""Acts of several people at the same moment, and the guards taken out to see that a race would show their absence."""

from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

from sqlalchemy import Update

from app import db
from app.db import session


def at_once(site, round_number: int, *acts: Callable[[], Any]) -> list[Any]:
    """Each act at the same moment in a thread of its own: what each returned or raised, in the order of `acts`."""
    ready, heard = Barrier(len(acts)), [None] * len(acts)

    def run(number: int) -> None:
        with site.app_context():
            try:
                ready.wait(timeout=20)
                heard[number] = acts[number]()
            except Exception as refusal:  # noqa: BLE001 - what else comes out is for the test to judge
                heard[number] = refusal
            finally:
                db.release()

    session().rollback()
    threads = [Thread(target=run, args=(number,)) for number in range(len(acts))]
    for thread in threads if round_number % 2 else reversed(threads):
        thread.start()
    for thread in threads:
        thread.join()
    session().rollback()  # what was read before is an older picture
    return heard


def unconditional(statement: Update) -> None:
    """An update as it would be written by who looked before and trusts it: that row, whatever it is by now."""
    careless = statement._clone()
    careless._where_criteria = careless._where_criteria[:1]
    session().execute(careless)
