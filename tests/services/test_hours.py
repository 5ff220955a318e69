"""Telling: who may, lengths, overlaps, days of more than ten hours, and clocks that change."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine

from app.clock import now, today
from app.db import session, transaction
from app.errors import Forbidden, Invalid, NotFound
from app.models import HourEntry
from app.services import confirmations, hours
from app.services.hours import Occasion
from app.vocabulary import DuoState, OfferKind
from tests import factories
from tests.factories import viewer
from tests.hours_world import (
    ACCEPTED,
    DRAFT,
    SUBMITTED,
    World,
    by_account,
    link_for,
    telling,
)


@pytest.fixture
def world(site) -> World:
    return World()


class TestTelling:
    """R49: not in the future, at most 24 hours, more than 10 on a day asked back, no overlap."""

    def test_roles_that_tell(self, world):
        for name, person in world.people.items():

            def tell(person=person, name=name):
                return hours.tell(
                    viewer(person), world.offer.id, telling(name, day=today() - timedelta(days=5)), link_for
                )

            if name in ("newcomer", "buddy"):
                state = tell().state
                assert state is (DRAFT if name == "newcomer" else SUBMITTED)
                hours.take_back(viewer(person), session().query(HourEntry).filter_by(state=state).one().id)
            else:
                with pytest.raises((Forbidden, NotFound)):
                    tell()

    def test_something_else_is_told_by_newcomers_only(self, world):
        occasion = Occasion(OfferKind.SPORT, "Voetbal", "Piet", "piet@example.be", None, "nl")
        with pytest.raises(Forbidden):
            hours.tell_other(viewer(world.buddy.person), occasion, telling())

    def test_not_when_it_is_not_over_and_not_too_long_ago(self, world):
        """R49: not in the future."""
        actor = viewer(world.newcomer.person)
        with time_machine.travel(datetime(2026, 3, 10, 12, 0, tzinfo=UTC), tick=False):
            hours.tell(
                actor, world.offer.id, telling("a", day=date(2026, 3, 10), at=time(11), minutes=120), link_for
            )
            for day, at, field in (
                (date(2026, 3, 10), time(11, 1), "at"), (date(2026, 3, 11), time(0), "day"), (date(9999, 12, 31), time(9), "day"),
                (date(1, 1, 1), time(9), "day"), (date(2022, 1, 1), time(9), "day"),
            ):  # fmt: skip
                with pytest.raises(Invalid) as refusal:
                    hours.tell(actor, world.offer.id, telling("b", day=day, at=at), link_for)
                assert refusal.value.field == field
        assert session().query(HourEntry).count() == 1

    @pytest.mark.parametrize("minutes", [0, -1, 1441, 10**9])
    def test_lengths_that_are_none(self, world, minutes):
        """R49."""
        with pytest.raises(Invalid, match="invalid"):
            hours.tell(viewer(world.newcomer.person), world.offer.id, telling(minutes=minutes), link_for)

    def test_whole_day_is_asked_back(self, world):
        """R49: more than ten hours on a day."""
        actor = viewer(world.newcomer.person)
        day = today() - timedelta(days=3)
        with pytest.raises(Invalid) as refusal:
            hours.tell(actor, world.offer.id, telling(day=day, at=time(0), minutes=1440), link_for)
        assert refusal.value.field == "sure"
        hours.tell(actor, world.offer.id, telling(day=day, at=time(0), minutes=1440, sure=True), link_for)

    def test_ten_hours_are_not_asked_back_and_a_minute_more_is(self, world):
        actor = viewer(world.newcomer.person)
        hours.tell(actor, world.offer.id, telling("a", at=time(8), minutes=300), link_for)
        hours.tell(actor, world.offer.id, telling("b", at=time(13), minutes=300), link_for)
        with pytest.raises(Invalid) as refusal:
            hours.tell(actor, world.offer.id, telling("c", at=time(18), minutes=1), link_for)
        assert refusal.value.code == "long-day"

    @pytest.mark.parametrize(
        ("at", "minutes", "overlaps"),
        [(time(8), 120, False), (time(8), 121, True), (time(10), 120, True), (time(10, 30), 15, True), (time(11, 59), 60, True),
         (time(12), 60, False), (time(9), 300, True)],
    )  # fmt: skip
    def test_overlaps(self, world, at, minutes, overlaps):
        """R49."""
        actor = viewer(world.newcomer.person)
        hours.tell(actor, world.offer.id, telling("a"), link_for)
        if overlaps:
            with pytest.raises(Invalid) as refusal:
                hours.tell(actor, world.offer.id, telling("b", at=at, minutes=minutes), link_for)
            assert refusal.value.code == "overlap"
        else:
            hours.tell(actor, world.offer.id, telling("b", at=at, minutes=minutes), link_for)

    def test_overlap_across_midnight(self, world):
        actor = viewer(world.newcomer.person)
        evening, morning = today() - timedelta(days=3), today() - timedelta(days=2)
        hours.tell(actor, world.offer.id, telling("a", day=evening, at=time(23), minutes=120), link_for)
        with pytest.raises(Invalid):
            hours.tell(actor, world.offer.id, telling("b", day=morning, at=time(0, 30), minutes=60), link_for)

    def test_two_newcomers_may_be_there_together(self, world):
        offer = factories.offer()
        for person in (world.newcomer.person, factories.newcomer().person):
            hours.tell(viewer(person), offer.id, telling(), link_for)
        assert session().query(HourEntry).count() == 2

    def test_after_the_duo_ended(self, world):
        with transaction() as inside:
            duo = inside.get(type(world.duo), world.duo.id)
            duo.state, duo.ended_at = DuoState.ENDED, now() - timedelta(days=3)
        earlier = world.entry(ACCEPTED, starts_at=now() - timedelta(days=20))
        assert earlier.id
        actor = viewer(world.newcomer.person)
        with pytest.raises(Forbidden):
            hours.tell(actor, world.offer.id, telling("a"), link_for)
        hours.tell(actor, world.offer.id, telling("b", day=today() - timedelta(days=10)), link_for)
        with pytest.raises(NotFound):
            hours.tell(
                viewer(world.buddy.person),
                world.offer.id,
                telling("c", day=today() - timedelta(days=11)),
                link_for,
            )
        late = world.entry(SUBMITTED, starts_at=now() - timedelta(days=1))
        with pytest.raises(Forbidden):
            confirmations.confirm(by_account(viewer(world.buddy.person)), [late.id])

    def test_a_key_of_somebody_else_is_another_key(self, world):
        first = hours.tell(viewer(world.newcomer.person), world.offer.id, telling("same"), link_for)
        other = world.people["other newcomer"]
        second = hours.tell(viewer(other), factories.offer().id, telling("same"), link_for)
        assert first.id != second.id


class TestClocks:
    @pytest.mark.parametrize(
        ("day", "at", "minutes", "starts", "ends"),
        [
            (
                date(2026, 3, 29),
                time(1, 30),
                60,
                "2026-03-29T00:30",
                "2026-03-29T01:30",
            ),  # 1:30 to 3:30 on the wall
            (date(2026, 3, 29), time(3, 0), 60, "2026-03-29T01:00", "2026-03-29T02:00"),
            (
                date(2025, 10, 26),
                time(2, 30),
                60,
                "2025-10-26T00:30",
                "2025-10-26T01:30",
            ),  # the first half past two
            (
                date(2025, 10, 26),
                time(1, 0),
                180,
                "2025-10-25T23:00",
                "2025-10-26T02:00",
            ),  # 1:00 to 3:00 on the wall
            (date(2026, 1, 5), time(10, 0), 90, "2026-01-05T09:00", "2026-01-05T10:30"),
            (date(2026, 7, 6), time(10, 0), 90, "2026-07-06T08:00", "2026-07-06T09:30"),
        ],
    )
    def test_minutes_really_passed(self, world, day, at, minutes, starts, ends):
        with time_machine.travel(datetime(2026, 8, 1, tzinfo=UTC), tick=False):
            entry = hours.tell(
                viewer(world.newcomer.person),
                world.offer.id,
                telling(day=day, at=at, minutes=minutes),
                link_for,
            )
            assert (f"{entry.starts_at:%Y-%m-%dT%H:%M}", f"{entry.ends_at:%Y-%m-%dT%H:%M}") == (starts, ends)
            assert entry.day == day

    @pytest.mark.parametrize("at", [time(2, 0), time(2, 30), time(2, 59)])
    def test_hour_that_did_not_exist(self, world, at):
        with (
            time_machine.travel(datetime(2026, 8, 1, tzinfo=UTC), tick=False),
            pytest.raises(Invalid) as refusal,
        ):
            hours.tell(
                viewer(world.newcomer.person), world.offer.id, telling(day=date(2026, 3, 29), at=at), link_for
            )
        assert refusal.value.field == "at"

    def test_both_hours_of_the_long_night_are_different(self, world):
        actor = viewer(world.newcomer.person)
        with time_machine.travel(datetime(2026, 8, 1, tzinfo=UTC), tick=False):
            hours.tell(
                actor,
                world.offer.id,
                telling("a", day=date(2025, 10, 26), at=time(2, 0), minutes=60),
                link_for,
            )
            hours.tell(
                actor,
                world.offer.id,
                telling("b", day=date(2025, 10, 26), at=time(3, 0), minutes=60),
                link_for,
            )
