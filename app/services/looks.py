"""Counting how often activities are shown and opened; of who looks nothing is kept, not even for a moment."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import Select, delete, literal, select
from sqlalchemy.dialects import postgresql, sqlite

from app.clock import today
from app.db import session, transaction
from app.models import OfferLook

KEPT: Final = timedelta(days=90)
"""How long a count is kept."""
COLUMNS: Final = ("offer_id", "day", "shown", "opened")


def count_looks(offer_ids: Iterable[int], what: str, day: str) -> None:
    """One more for each of these activities on that day (ISO date): `what` is "shown" by a search, or "opened".

    In one statement, in order of their key so that two of these never wait for each other. For the worker, so that
    nobody who looks for an activity waits for somebody who writes.
    """
    on = date.fromisoformat(day)
    shown, opened = int(what == "shown"), int(what == "opened")
    rows = [{"offer_id": key, "day": on, "shown": shown, "opened": opened} for key in sorted(set(offer_ids))]
    if not rows:
        return
    with transaction():
        _add(rows)


def sum_looks() -> int:
    """Add the days before yesterday to the Monday of their week, and delete what is long past.

    Returns how many days were added to another. For the worker, each night: a table of weeks stays small.
    """
    with transaction() as db:
        db.execute(delete(OfferLook).where(OfferLook.day < today() - KEPT))
        past = select(OfferLook.day).where(OfferLook.day < today() - timedelta(days=1)).distinct()
        days = [day for day in db.scalars(past) if day.weekday()]
        for day in days:
            _add(
                select(OfferLook.offer_id, literal(day - timedelta(days=day.weekday())), OfferLook.shown, OfferLook.opened)
                .where(OfferLook.day == day)
            )  # fmt: skip
            db.execute(delete(OfferLook).where(OfferLook.day == day))
        return len(days)


def _add(rows: list[dict[str, Any]] | Select[int, date, int, int]) -> None:
    """Add these counts to those that are there."""
    made = postgresql.insert if session().get_bind().dialect.name == "postgresql" else sqlite.insert
    new = made(OfferLook)
    new = new.values(rows) if isinstance(rows, list) else new.from_select(COLUMNS, rows)
    session().execute(
        new.on_conflict_do_update(
            index_elements=[OfferLook.offer_id, OfferLook.day],
            set_={"shown": OfferLook.shown + new.excluded.shown, "opened": OfferLook.opened + new.excluded.opened},
        )
    )  # fmt: skip
