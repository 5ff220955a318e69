"""Figures about the work of the site for who watches over it: numbers only, of no person and no network."""

from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy import func, select

from app.clock import now
from app.db import session
from app.extensions import queue
from app.models import Message, Run
from app.vocabulary.records import Channel, MessageState, RunState


class Figure(NamedTuple):
    """A name, what it means, the name of its label if it has one, and a value for each label (or for '')."""

    name: str
    meaning: str
    by: str
    values: dict[str, float]


def figures() -> Iterator[Figure]:
    """Every figure, as it is now."""
    by_state = (
        select(Message.state, func.count()).where(Message.channel == Channel.MAIL).group_by(Message.state)
    )
    mails = {row[0]: row[1] for row in session().execute(by_state)}
    yield Figure(
        "mails", "Mails in the database, by state.", "state",
        {state.value: float(mails.get(state, 0)) for state in MessageState},
    )  # fmt: skip
    yield Figure("outbox_age_seconds", "How long the oldest mail that is due waits.", "", {"": _age()})
    runs = {row[0]: row[1] for row in session().execute(select(Run.state, func.count()).group_by(Run.state))}
    yield Figure(
        "matcher_runs", "Runs of the matcher, by state.", "state",
        {state.value: float(runs.get(state, 0)) for state in RunState},
    )  # fmt: skip
    yield Figure("jobs_waiting", "Jobs that the worker has not begun.", "", {"": float(queue.waiting())})
    beat = queue.last_beat()
    if beat is not None:
        yield Figure(
            "worker_silent_seconds",
            "Since when the worker gave no sign of life.",
            "",
            {"": now().timestamp() - beat},
        )


def _age() -> float:
    oldest = session().scalar(
        select(func.min(Message.next_try_at)).where(
            Message.channel == Channel.MAIL,
            Message.state == MessageState.QUEUED,
            Message.next_try_at <= now(),
        )
    )
    return 0.0 if oldest is None else (now() - oldest).total_seconds()
