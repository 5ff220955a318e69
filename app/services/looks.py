"""Counting how often activities are shown and opened; of who looks nothing is kept, not even for a moment."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite

from app.clock import today
from app.db import transaction
from app.models import OfferLook

KEPT: Final = timedelta(days=90)
"""How long the count of a day is kept."""


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
    with transaction() as db:
        insert = postgresql.insert if db.get_bind().dialect.name == "postgresql" else sqlite.insert
        db.execute(
            insert(OfferLook).values(rows).on_conflict_do_update(
                index_elements=[OfferLook.offer_id, OfferLook.day],
                set_={"shown": OfferLook.shown + shown, "opened": OfferLook.opened + opened},
            )
        )  # fmt: skip


def forget_looks() -> int:
    """Delete the counts of days long past; returns how many. For the worker, each night."""
    with transaction() as db:
        gone: Any = db.execute(delete(OfferLook).where(OfferLook.day < today() - KEPT))
        return int(gone.rowcount)
