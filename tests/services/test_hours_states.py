"""Every event in every state by every role."""

from collections.abc import Callable

import pytest

from app.db import session
from app.errors import Forbidden, Moved, NotFound
from app.models import Transition
from app.security.viewer import ANONYMOUS, Viewer
from app.services import confirmations, hours, trajectories
from app.vocabulary import EntryState, HoursRefusal
from app.vocabulary.records import Subject
from tests.factories import viewer
from tests.hours_world import (
    ACCEPTED,
    CONFIRMED,
    CORRECTED,
    DRAFT,
    OVERDUE,
    REFUSED,
    REVERSED,
    SUBMITTED,
    World,
    by_account,
    link_for,
    track_for,
)


@pytest.fixture
def world(site) -> World:
    return World()


EVENTS: dict[str, Callable[[World, Viewer, int], object]] = {
    "send": lambda world, actor, key: hours.send(actor, key, link_for),
    "take back": lambda world, actor, key: hours.take_back(actor, key),
    "agree": lambda world, actor, key: hours.agree(actor, key),
    "disagree": lambda world, actor, key: hours.disagree(actor, key, link_for),
    "confirm": lambda world, actor, key: confirmations.confirm(by_account(actor), [key]),
    "correct": lambda world, actor, key: confirmations.correct(
        by_account(actor), key, minutes=60, note="", track_for=track_for
    ),
    "refuse": lambda world, actor, key: confirmations.refuse(
        by_account(actor), key, reason=HoursRefusal.NOT_PRESENT, note="", track_for=track_for
    ),
    "confirm by link": lambda world, actor, key: confirmations.confirm(
        confirmations.signer_by_link(world.link(), actor), [key]
    ),
    "give back": lambda world, actor, key: trajectories.give_back(
        actor, world.newcomer.id, key, note="?", track_for=track_for
    ),
    "reverse": lambda world, actor, key: trajectories.reverse(actor, world.newcomer.id, key, note="wrong"),
}
# event -> (who may, state before -> state after); everything else is refused and changes nothing
EVERYBODY_ELSE = {
    "buddy",
    "counsellor",
    "coordinator",
    "administrator",
    "other newcomer",
    "other buddy",
    "other counsellor",
    "nobody",
}
ALLOWED: dict[str, tuple[set[str], dict[EntryState, EntryState]]] = {
    "send": ({"newcomer", "buddy"}, {DRAFT: SUBMITTED, SUBMITTED: SUBMITTED, OVERDUE: OVERDUE}),
    "take back": ({"newcomer", "buddy"}, {DRAFT: REVERSED, SUBMITTED: REVERSED, OVERDUE: REVERSED, CORRECTED: REVERSED}),
    "agree": ({"newcomer"}, {CORRECTED: CONFIRMED}),
    "disagree": ({"newcomer"}, {CORRECTED: SUBMITTED}),
    "confirm": ({"buddy"}, {SUBMITTED: CONFIRMED, OVERDUE: CONFIRMED}),
    "correct": ({"buddy"}, {SUBMITTED: CORRECTED, OVERDUE: CORRECTED}),
    "refuse": ({"buddy"}, {SUBMITTED: REFUSED, OVERDUE: REFUSED}),
    # the holder of the link, whoever is signed in there, but for the newcomer
    "confirm by link": (EVERYBODY_ELSE, {SUBMITTED: CONFIRMED, OVERDUE: CONFIRMED}),
    "give back": ({"counsellor"}, {CONFIRMED: SUBMITTED}),
    "reverse": ({"counsellor"}, {ACCEPTED: REVERSED}),
}  # fmt: skip


@pytest.mark.parametrize("event", EVENTS)
def test_every_event_in_every_state_by_every_role(world, event):
    who_may, moves = ALLOWED[event]
    actors = {name: viewer(person) for name, person in world.people.items()} | {"nobody": ANONYMOUS}
    for before in EntryState:
        for name, actor in actors.items():
            entry = world.entry(before)
            case = f"{event} of {before} by {name}"
            if name in who_may and before in moves:
                EVENTS[event](world, actor, entry.id)
                session().expire_all()
                assert entry.state is moves[before], case
                last = (
                    session()
                    .query(Transition)
                    .filter_by(subject=Subject.HOUR_ENTRY, subject_id=entry.id)
                    .first()
                )
                assert (last is not None) == (before is not moves[before]), case
                assert last is None or (last.from_state, last.to_state, last.actor_id) == (
                    before,
                    moves[before],
                    actor.person_id,
                ), case
            else:
                with pytest.raises((Forbidden, NotFound, Moved)):
                    EVENTS[event](world, actor, entry.id)
                session().expire_all()
                assert entry.state is before, case
                assert (
                    not session()
                    .query(Transition)
                    .filter_by(subject_id=entry.id, subject=Subject.HOUR_ENTRY)
                    .count()
                ), case
