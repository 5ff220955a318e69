"""A program that reads or takes over a list of activities and is killed on the way, before anything of it is kept.

Asked with the address of a database, the key of a list, what to do (`read` or `take`) and where to die (`middle`, when
half is done; `end`, when all is written and not yet committed; `never`). Nobody gets to tidy up: it is SIGKILL.
"""

import os
import signal
import sys

from app import create_app
from app.config import Settings
from app.services import offer_lists
from app.services.offer_lists import taking

WORKS = {"read": offer_lists.read_list, "take": offer_lists.take_list}


def die(*_given: object, **_more: object) -> None:
    """Be killed, here and now."""
    os.kill(os.getpid(), signal.SIGKILL)


def die_after(whole, times):
    """The same function, that is killed when it was asked so often."""
    left = [times]

    def once(*given, **more):
        done = whole(*given, **more)
        left[0] -= 1
        if not left[0]:
            die()
        return done

    return once


def main(url: str, list_id: str, work: str, where: str) -> None:
    """Do it."""
    site = create_app(
        Settings(secret_key="k" * 40, database_url=url, testing=True, base_url="http://localhost")
    )
    if where == "middle":
        offer_lists.demand_plain = die_after(offer_lists.demand_plain, 3)
        taking.record_transition = die_after(taking.record_transition, 3)
    if where == "end":
        offer_lists.packed = die_after(offer_lists.packed, 1)
        offer_lists.take_all = die_after(offer_lists.take_all, 1)
    more = {"hosts": ()} if work == "read" else {}
    with site.app_context():
        WORKS[work](int(list_id), own_source="localhost", **more)


if __name__ == "__main__":
    main(*sys.argv[1:])
