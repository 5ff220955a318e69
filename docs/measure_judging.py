"""Measures judging in a network where 2 000 wait: .venv/bin/python docs/measure_judging.py

Makes its own invented people in a file that is thrown away, has a plan made, and prints how long the page of a pair
and each kind of decision take, with the plan solved again around them.
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

from sqlalchemy import insert, select

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from app import create_app, db, schema  # noqa: E402
from app.clock import today  # noqa: E402
from app.config import Settings  # noqa: E402
from app.models import Buddy, Newcomer, Person, Proposal  # noqa: E402
from app.queries import judging  # noqa: E402
from app.reference import gazetteer  # noqa: E402
from app.reference.interests import INTERESTS  # noqa: E402
from app.services import matches, replanning  # noqa: E402
from app.vocabulary import BuddyState, DutchLevel, NewcomerState, ProposalRefusal, ProposalState, Slot  # noqa: E402
from tests import factories  # noqa: E402

NETWORK, WAITING, BUDDIES, TIMES = "rivierenland", 2_000, 700, 7


def answers(random: Random, places: list[gazetteer.Place]) -> dict[str, object]:
    """Where somebody lives, and what somebody likes, speaks and has time for."""
    place = random.choice(places)
    tags, slots = [item.slug for item in INTERESTS], [slot.value for slot in Slot]
    return {
        "postcode": place.postcode, "locality": place.locality, "municipality": place.municipality,
        "province": place.province, "network_slug": place.network, "max_km": random.choice([10, 20, 25]),
        "languages": random.sample(["ar", "fr", "en", "tr", "uk"], 2), "interests": random.sample(tags, 4),
        "availability": random.sample(slots, 5),
    }  # fmt: skip


def fill(random: Random) -> None:
    """Everybody at once."""
    places = [place for place in gazetteer.places() if place.network == NETWORK]
    people = [
        {"id": 1_000 + at, "full_name": f"Person {at}", "locale": "nl", "email": f"p{at}@example.be"}
        for at in range(WAITING + BUDDIES)
    ]
    newcomers = [
        {
            "person_id": row["id"], "state": NewcomerState.WAITING, "dutch_level": random.choice(list(DutchLevel)),
            "waiting_since": today() - timedelta(days=random.randrange(400)), **answers(random, places),
        }
        for row in people[:WAITING]
    ]  # fmt: skip
    buddies = [
        {
            "person_id": row["id"], "state": BuddyState.APPROVED, "capacity": random.choice([1, 1, 2]),
            **answers(random, places),
        }
        for row in people[WAITING:]
    ]  # fmt: skip
    with db.transaction() as inside:
        for model, made in ((Person, people), (Newcomer, newcomers), (Buddy, buddies)):
            inside.execute(insert(model), made)


def timed(work: object, *given: object, **named: object) -> tuple[float, float]:
    """Seconds on the clock and of the processor of one call, from an empty session on."""
    db.release()
    began, busy = perf_counter(), process_time()
    work(*given, **named)  # type: ignore[operator]
    return perf_counter() - began, process_time() - busy


def next_pair() -> int:
    """The key of the best pair that is left."""
    db.release()
    best = (
        select(Proposal.id)
        .where(Proposal.state == ProposalState.SUGGESTED)
        .order_by(Proposal.score.desc(), Proposal.id)
    )
    return db.session().scalars(best.limit(1)).one()


def main() -> None:
    """Fill, make a plan, judge, print."""
    folder = tempfile.mkdtemp(prefix="judging-")
    url = f"sqlite:///{folder}/judging.sqlite3"
    schema.upgrade(db.connect(url))
    site = create_app(
        Settings(secret_key="m" * 40, database_url=url, testing=True, base_url="http://localhost")
    )
    with site.app_context():
        fill(Random(7))  # noqa: S311 - invented people
        actor = factories.viewer(factories.coordinator(NETWORK))
        whole = timed(matches.start_run, actor, NETWORK)

        def page() -> None:
            found = judging.judging(actor, next_pair())
            shown = replanning.prospects(
                found.proposal, found.proposal.run, found.suggested, found.taking_part
            )
            seen.append(shown.others[0].buddy_id if shown.others else 0)

        seen: list[int] = []
        acts = {"the page with three alternatives and their cost": [timed(page) for _ in range(TIMES)]}
        acts["approve"] = [timed(matches.reserve, actor, next_pair()) for _ in range(TIMES)]
        acts["refuse, and solve the plan again"] = [
            timed(replanning.refuse, actor, next_pair(), reason=ProposalRefusal.NOT_A_FIT)
            for _ in range(TIMES)
        ]
        chosen = []
        for _ in range(TIMES):
            page()
            if seen[-1]:
                chosen.append(timed(replanning.choose, actor, next_pair(), seen[-1]))
        acts["choose another, and solve the plan again"] = chosen
        print(
            f"{WAITING} wait, {BUDDIES} buddies; the plan itself took {whole[0]:.1f} s ({os.cpu_count()} cores)"
        )
        for name, times in acts.items():
            clock, busy = median(took for took, _busy in times), median(busy for _took, busy in times)
            print(f"{clock:7.3f} s on the clock, {busy:7.3f} s of the processor  {name}")
    db.bind(None)


if __name__ == "__main__":
    main()
