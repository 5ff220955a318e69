"""Measures the server on a demo database: DATA_DIR=var SECRET_KEY=… .venv/bin/python docs/measure_pages.py

Writes a table of the median time and of the statements of each kind of page to standard output. Every page is asked for
in Dutch, by who uses it, within this process: what a network adds is not in it. Nothing of the demo is changed but
sign-ins.
"""

from __future__ import annotations

import sys
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

from flask.testing import FlaskClient
from sqlalchemy import func, select

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from app import create_app, db  # noqa: E402
from app.config import Settings  # noqa: E402
from app.models import Buddy, Duo, HourEntry, Message, Newcomer, Person, Proposal  # noqa: E402
from app.services import accounts  # noqa: E402
from app.vocabulary import NewcomerState, ProposalState  # noqa: E402
from tests.counting import statements  # noqa: E402

TIMES = 20
WARM = 2


def person(name: str) -> int:
    """The key of one of the people to try."""
    return (
        db.session().scalars(select(Person.id).where(Person.email == f"{name}@demo.samenspoor.example")).one()
    )


def pages() -> list[tuple[str, str, int | None]]:
    """(what it is, its address without the language, who looks) of each kind of page."""
    get, by = (
        db.session().scalar,
        {name: person(name) for name in ("volunteer", "coordinator", "counsellor", "administrator")},
    )
    network = get(select(Buddy.network_slug).where(Buddy.person_id == by["volunteer"]))
    duo = get(select(func.max(Duo.id)).where(Duo.network_slug == network))
    proposal = get(
        select(func.max(Proposal.id)).join(Newcomer, Newcomer.id == Proposal.newcomer_id)
        .where(Newcomer.network_slug == network, Proposal.state == ProposalState.SUGGESTED)
    )  # fmt: skip
    run = get(select(Proposal.run_id).where(Proposal.id == proposal))
    buddy = get(select(func.min(Buddy.id)).where(Buddy.network_slug == network))
    newcomer = get(select(func.min(Newcomer.id)).where(Newcomer.network_slug == network))
    followed = get(
        select(func.min(Newcomer.id)).where(
            Newcomer.counsellor_id == by["counsellor"], Newcomer.state == NewcomerState.IN_DUO
        )
    )
    own = get(
        select(Person.id).join(Newcomer, Newcomer.person_id == Person.id).where(Newcomer.id == followed)
    )
    entry = get(select(func.min(HourEntry.id)).where(HourEntry.newcomer_id == followed))
    message = get(select(func.max(Message.id)))
    desk, case, admin = by["coordinator"], by["counsellor"], by["administrator"]
    return [
        ("Home", "/", None), ("Activities", "/activities", None), ("Numbers", "/numbers", None),
        ("First step of a buddy", "/register/buddy/who", None), ("Sign in", "/sign-in", None),
        ("My track", "/my-track", own), ("Hours told", "/hours", own), ("One entry", f"/hours/{entry}", own),
        ("Tell hours", "/hours/tell", own), ("My duo", "/my-duo", by["volunteer"]), ("Own page of a buddy", "/buddy", by["volunteer"]),
        ("To confirm", "/to-confirm", by["volunteer"]),
        ("Today", "/today", desk), ("Matching", "/matching", desk), ("A plan", f"/matching/runs/{run}", desk),
        ("Judging a pair", f"/matching/proposals/{proposal}", desk), ("Buddies", "/people/buddies", desk),
        ("A buddy", f"/people/buddies/{buddy}", desk), ("Newcomers", "/people/newcomers", desk),
        ("A newcomer", f"/people/newcomers/{newcomer}", desk), ("Duos", "/duos", desk), ("A duo", f"/duos/{duo}", desk),
        ("Import", "/people/import", desk), ("My network", "/network", desk), ("Audit log of a network", "/audit", desk),
        ("Caseload", "/caseload", case), ("A trajectory", f"/caseload/{followed}", case),
        ("People and roles", "/admin/people", admin), ("Messages", "/admin/messages", admin),
        ("A message", f"/admin/messages/{message}", admin), ("Audit log", "/audit", admin),
        ("Matching of all networks", "/matching", admin),
    ]  # fmt: skip


def measure(browser: FlaskClient, path: str) -> tuple[float, float, int, int]:
    """(milliseconds, milliseconds of the processor, statements, kilobytes) of a page; medians of the times."""
    times, busy = [], []
    for at in range(WARM + TIMES):
        with statements() as sent:
            began, work = perf_counter(), process_time()
            answer = browser.get(path)
            body = answer.get_data()
            took, worked = perf_counter() - began, process_time() - work
        if answer.status_code != 200:
            raise SystemExit(f"{answer.status_code} at {path}")
        if at >= WARM:
            times.append(took * 1000)
            busy.append(worked * 1000)
    return median(times), median(busy), len(sent), round(len(body) / 1024)


def main() -> None:
    """Measure every kind of page and write the table."""
    app = create_app(Settings.from_environment())
    with app.app_context():
        found = pages()
        tokens = {who: accounts.sign_in(who) for _name, _path, who in found if who is not None}
        db.release()
    sys.stdout.write(
        "| page | asked by | ms | processor ms | statements | kB |\n| --- | --- | ---: | ---: | ---: | ---: |\n"
    )
    for name, path, who in found:
        browser = app.test_client()
        if who is not None:
            with browser.session_transaction() as kept:
                kept["_user_id"], kept["_fresh"] = tokens[who], True
        took, worked, sent, size = measure(browser, f"/nl{path}")
        sys.stdout.write(
            f"| {name} | {'signed in' if who else 'anybody'} | {took:.0f} | {worked:.0f} | {sent} | {size} |\n"
        )


if __name__ == "__main__":
    main()
