"""The list of the week: on Monday each coordinator reads by mail how much there is to do, in the own language.

Once a week, also when the worker runs twice or two of them run. Who has nothing to do gets no mail.
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import CursorResult, update

from app.clock import now, start_of_day, today
from app.db import lock, session, transaction
from app.models import MondayList, Person
from app.queries.accounts import viewer_of
from app.queries.today import PROMISED, Today, monday_readers, not_sent, today_of
from app.security.permissions import Permission
from app.security.predicates import demand
from app.security.viewer import Viewer
from app.services.outbox import tell

IN_TIME_DAYS = 2  # a worker that stood still on Monday still writes on Tuesday; later the list is of no use
MORNING = timedelta(hours=7)


def want_list(actor: Viewer, *, wanted: bool) -> None:
    """Switch the actor's own list on or off. Raises Forbidden for who has no such list."""
    demand(actor, Permission.JUDGE_PROPOSAL)
    with transaction() as db:
        lock(Person, actor.person_id)
        _row_of(actor.person_id or 0).wanted = wanted
        db.flush()


def send_lists(page_for: Callable[[str], str]) -> int:
    """Write the list of this week to who did not get it, and return to how many; for the worker, each night.

    `page_for(locale)` is the absolute address of the page Today.
    """
    day = today()
    if day.weekday() >= IN_TIME_DAYS:
        return 0
    monday = day - timedelta(days=day.weekday())
    readers = list(session().scalars(monday_readers(monday)))
    return sum(_send(person_id, monday, page_for) for person_id in readers)


def _send(person_id: int, monday: date, page_for: Callable[[str], str]) -> bool:
    """Whether a mail was written: the database decides who of two workers is first."""
    with transaction() as db:
        lock(Person, person_id)
        _row_of(person_id)
        claimed = db.execute(
            update(MondayList).where(MondayList.person_id == person_id, MondayList.wanted, not_sent(monday))
            .values(sent_for=monday).execution_options(synchronize_session=False)
        )  # fmt: skip
        assert isinstance(claimed, CursorResult)
        if claimed.rowcount != 1:
            return False
        person = db.get_one(Person, person_id)
        found = today_of(viewer_of(person))
        if not found.counts and not found.about_hours:
            return False
        tell(
            person, "monday-list", at=max(now(), start_of_day(today()) + MORNING), link=page_for(person.locale),
            **_facts(found),
        )  # fmt: skip
        return True


def _row_of(person_id: int) -> MondayList:
    """The row of a reader, made when there is none; the caller holds the person."""
    row = session().get(MondayList, person_id, populate_existing=True)
    if row is None:
        row = MondayList(person_id=person_id)
        session().add(row)
        session().flush()
    return row


def _facts(found: Today) -> dict[str, Any]:
    """Numbers only: a mail is no place for the names of the people it is about."""
    late = [item.due for item in found.owed if item.kind in PROMISED and item.late]
    return {
        "counts": {kind.value: number for kind, number in found.counts.items()},
        "oldest": min(late).isoformat() if late else "",
        "about_hours": found.about_hours,
    }
