"""Shifts around each change of the clock, and links over midnight, wherever the clock of the server stands (B19, item 41)."""

import os
import time as process_clock
from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from sqlalchemy import delete

from app.clock import in_brussels
from app.db import session, transaction
from app.errors import Gone, Invalid
from app.i18n.formats import clock_text
from app.models import HourEntry
from app.services import hours
from app.services.accounts import LINK_LASTS, new_link, open_link
from app.vocabulary.records import LinkPurpose
from tests import factories
from tests.factories import viewer
from tests.hours_screens import tell
from tests.hours_world import link_for, telling

ZONES = ("UTC", "Europe/Brussels", "Asia/Kathmandu")
# (days from the Sunday, begin and minutes as told, begin and end in UTC with the days from the Sunday, end as it is shown)
SPRING = (
    (-1, "22:00", 120, "-1 21:00", "-1 23:00", "00:00"), (-1, "23:30", 180, "-1 22:30", "+0 01:30", "03:30"),
    (0, "00:00", 60, "-1 23:00", "+0 00:00", "01:00"), (0, "01:00", 60, "+0 00:00", "+0 01:00", "03:00"),
    (0, "01:30", 60, "+0 00:30", "+0 01:30", "03:30"), (0, "01:59", 1, "+0 00:59", "+0 01:00", "03:00"),
    (0, "02:30", 60, None, None, None),
    (0, "03:00", 60, "+0 01:00", "+0 02:00", "04:00"), (0, "10:00", 120, "+0 08:00", "+0 10:00", "12:00"),
    (1, "09:00", 90, "+1 07:00", "+1 08:30", "10:30"),
)  # fmt: skip
AUTUMN = (
    (-1, "22:00", 120, "-1 20:00", "-1 22:00", "00:00"), (-1, "23:30", 180, "-1 21:30", "+0 00:30", "02:30"),
    (0, "00:00", 60, "-1 22:00", "-1 23:00", "01:00"), (0, "01:00", 60, "-1 23:00", "+0 00:00", "02:00"),
    (0, "01:30", 120, "-1 23:30", "+0 01:30", "02:30"), (0, "02:00", 60, "+0 00:00", "+0 01:00", "02:00"),
    (0, "02:30", 60, "+0 00:30", "+0 01:30", "02:30"), (0, "03:00", 60, "+0 02:00", "+0 03:00", "04:00"),
    (0, "10:00", 120, "+0 09:00", "+0 11:00", "12:00"), (1, "09:00", 90, "+1 08:00", "+1 09:30", "10:30"),
)  # fmt: skip
CHANGES = {
    date(2025, 3, 30): SPRING,
    date(2025, 10, 26): AUTUMN,
    date(2026, 3, 29): SPRING,
    date(2026, 10, 25): AUTUMN,
}
AFTERWARDS = datetime(2026, 11, 5, 12, tzinfo=UTC)


@pytest.fixture
def zone():
    """Put the clock of this process into a time zone; afterwards it is back in its own."""
    before = os.environ.get("TZ")

    def put(name):
        os.environ.pop("TZ", None)
        if name is not None:
            os.environ["TZ"] = name
        process_clock.tzset()

    yield put
    put(before)


def utc(sunday, told):
    days, at = told.split()
    return datetime.combine(sunday + timedelta(days=int(days)), time.fromisoformat(at), UTC)


def kept(offer, day, at, minutes):
    """What is kept of a shift that somebody tells: its instants, its day, its minutes, its begin and end as shown; None refused."""
    actor = viewer(factories.newcomer().person)
    try:
        told = telling("shift", day=day, at=time.fromisoformat(at), minutes=minutes, sure=True)
        key = hours.tell(actor, offer.id, told, link_for).id
    except Invalid as refusal:
        return refusal.field
    session().expire_all()
    entry = session().get_one(HourEntry, key)
    shown = clock_text(entry.starts_at), clock_text(entry.ends_at)
    return entry.starts_at, entry.ends_at, entry.day, entry.minutes, *shown


def wrong(offer):
    """The shifts of all changes that are not kept or shown as they were."""
    found = []
    for sunday, shifts in CHANGES.items():
        for days, at, minutes, begin, end, until in shifts:
            day = sunday + timedelta(days=days)
            right = "at" if begin is None else (utc(sunday, begin), utc(sunday, end), day, minutes, at, until)
            if kept(offer, day, at, minutes) != right:
                found.append((sunday, at, minutes))
    return found


@pytest.mark.parametrize("name", ZONES)
def test_every_shift_around_every_change_is_kept_and_shown_right(site, zone, name):
    zone(name)
    with time_machine.travel(AFTERWARDS, tick=False):
        assert wrong(factories.offer()) == []


@pytest.mark.parametrize("name", ZONES)
def test_negative_control_a_clock_that_asks_the_server_where_it_is_gets_shifts_wrong(
    site, zone, monkeypatch, name
):
    zone(name)
    monkeypatch.setattr(hours, "instant_of", lambda day, at: datetime.combine(day, at).astimezone(UTC))
    with time_machine.travel(AFTERWARDS, tick=False):
        assert len(wrong(factories.offer())) >= (2 if name == "Europe/Brussels" else 38)


@pytest.mark.parametrize("name", ZONES)
@pytest.mark.parametrize("day", [date(2026, 3, 28), date(2026, 10, 24), date(2026, 7, 1)])
def test_a_link_made_before_midnight_works_after_it_and_for_as_long_as_it_says(site, zone, name, day):
    zone(name)
    issued = hours.instant_of(day, time(23, 59))
    person = factories.person()
    with time_machine.travel(issued, tick=False):
        tokens = {
            purpose: new_link(purpose, locale="nl", person_id=person.id)
            for purpose in (LinkPurpose.RESET_PASSWORD, LinkPurpose.CONFIRM_ADDRESS)
        }
    for purpose, token in tokens.items():
        ends = issued + LINK_LASTS[purpose]
        for at in (issued + timedelta(minutes=2), ends - timedelta(seconds=1)):
            with time_machine.travel(at, tick=False):
                assert open_link(token, purpose).person_id == person.id
        with time_machine.travel(ends + timedelta(seconds=1), tick=False), pytest.raises(Gone):
            open_link(token, purpose)


@pytest.mark.parametrize("at", ["2026-03-28T22:59", "2026-03-28T23:01", "2026-10-24T21:59", "2026-10-24T22:01"])  # fmt: skip
def test_the_same_days_and_times_are_shown_wherever_the_server_stands(site, zone, signed_in, at):
    """A minute before and after midnight in Brussels, when it is another day in Kathmandu."""
    now = datetime.fromisoformat(at).replace(tzinfo=UTC)
    offer, newcomer = factories.offer(), factories.newcomer()
    seen, days = set(), set()
    with time_machine.travel(now, tick=False):
        for name in ZONES:
            zone(name)
            client = signed_in(newcomer.person)
            page = tell(client, offer)
            days.add(session().query(HourEntry).one().day)
            seen.add(page.main.get_text() + client.get("/nl/hours").main.get_text())
            with transaction() as inside:
                inside.execute(delete(HourEntry))
    assert days == {in_brussels(now).date() - timedelta(days=1)}
    assert len(seen) == 1
