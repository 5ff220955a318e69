"""Forty hours to the minute (R01, R02): however they are cut up, and on however many proofs they stand."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.clock import now, start_of_day, today
from app.db import session
from app.models import TrajectoryReached, TrajectorySum
from app.services import trajectories
from tests import factories
from tests.factories import viewer
from tests.hours_acts import accept, all_proofs, confirm, sign
from tests.hours_world import CONFIRMED, SUBMITTED, World, track_for

TARGET = 40 * 60
FEW = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def world(site) -> World:
    return World()


def cut_up(total):
    """That many minutes as times of at most eighteen hours, in any way."""
    cuts = st.sets(st.integers(1, total - 1), min_size=2, max_size=8)
    lengths = cuts.map(
        lambda found: [b - a for a, b in zip([0, *sorted(found)], [*sorted(found), total], strict=True)]
    )
    return lengths.filter(lambda found: max(found) <= 18 * 60)


def reached(world):
    session().expire_all()
    return session().get(TrajectoryReached, world.newcomer.id)


def accepted(world):
    session().expire_all()
    return session().get_one(TrajectorySum, world.newcomer.id).accepted


def accept_together(world, lengths, *, since):
    """Accept times of these lengths, each on a day of its own, on one proof."""
    lines = [
        world.entry(CONFIRMED, minutes=minutes, starts_at=now() - timedelta(days=since + at))
        for at, minutes in enumerate(lengths)
    ]
    key = factories.proof(*lines).id
    trajectories.accept(viewer(world.counsellor), world.newcomer.id, key, track_for)


@FEW
@given(lengths=cut_up(TARGET - 1), on_the_first=st.integers(1, 8))
def test_39_59_is_never_reached_and_a_minute_more_is(site, lengths, on_the_first):
    """R01, R02."""
    world = World()
    parts = [part for part in (lengths[:on_the_first], lengths[on_the_first:]) if part]
    for at, part in enumerate(parts):
        accept_together(world, part, since=3 + 20 * at)
        assert reached(world) is None
    assert accepted(world) == TARGET - 1
    accept_together(world, [1], since=2)
    assert (accepted(world), reached(world).minutes) == (TARGET, TARGET)


def test_160_quarters_are_exactly_40_hours(world):
    """R01, R02: told, confirmed, signed and accepted, hours of several proofs are added up to the minute."""
    began = start_of_day(today() - timedelta(days=50)) + timedelta(hours=8)
    times = [
        world.entry(SUBMITTED, minutes=15, starts_at=began + timedelta(minutes=15 * (at % 16), days=at // 16))
        for at in range(160)
    ]
    counsellor = viewer(world.counsellor)
    confirm(*times[:159])
    assert accept(world, counsellor, sign(all_proofs()[0]).id) == 159
    assert (accepted(world), reached(world)) == (159 * 15, None)
    confirm(times[159])
    assert accept(world, counsellor, sign(all_proofs()[1]).id) == 1
    assert (accepted(world), reached(world).minutes) == (TARGET, TARGET)
