"""Hours as people type them, through the screens: what is refused changes nothing, what is equal counts the same, what is sent again is one.

These are the hostile inputs 31, 32, 34, 36, 37 and 38. All of it happens in a week in which no clock changes.
"""

from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from app.clock import now, today
from app.db import session, transaction
from app.models import HourEntry
from app.queries.newcomers import track_of
from app.vocabulary import EntryState
from tests import factories
from tests.factories import viewer
from tests.hours_screens import TOLD, only_entry, tell

NO_LENGTHS = ("-1", "0", "NaN", "inf", "1e3", "0x10", "1_0", "", " ", "+2", "999999999999")
SAME_LENGTHS = ("2:30", "2.5", "2,5", "2u30")
TWO_MEANINGS = ("40", "2.30", "1.234,5")
TOO_LONG = ("40:00", "40.0", "40,0", "40h", "40u", "25:00")
NO_DAYS = (
    "0001-01-01", "9999-12-31", "2023-02-29", "31-04", "2026-04-31", "2024-13-01", "01/02/2024", "2026-13-01",
)  # fmt: skip
NO_TIMES = ("24:00", "25:00", "-1:00")


@pytest.fixture(autouse=True)
def week():
    with time_machine.travel(datetime(2026, 3, 12, 11, tzinfo=UTC)):
        yield


@pytest.fixture
def newcomer(site):
    counsellor = factories.counsellor()
    made = factories.newcomer(counsellor=counsellor)
    factories.contract(
        made, counsellor, starts_on=today() - timedelta(days=30), ends_on=today() - timedelta(days=5)
    )
    return made


@pytest.fixture
def hers(newcomer, signed_in):
    return signed_in(newcomer.person)


@pytest.fixture
def offer(newcomer):
    return factories.offer(title="Taalcafé")


def rows():
    session().expire_all()
    return session().query(HourEntry).order_by(HourEntry.id).all()


def confirmed():
    with transaction() as inside:
        inside.execute(update(HourEntry).values(state=EntryState.CONFIRMED))


def told_before(newcomer, offer):
    """An entry that is there already, and what all of hers comes to."""
    factories.entry(
        newcomer,
        offer,
        state=EntryState.CONFIRMED,
        starts_at=datetime.combine(today() - timedelta(days=10), time(9), UTC),
    )
    return totals(newcomer)


def totals(newcomer):
    session().expire_all()
    return track_of(viewer(newcomer.person)).totals


def refused(page, field, hint):
    """The field is named, says what to write instead, and what was filled in beside it is kept."""
    words = page.soup.select_one(f"#error-{field}").get_text(" ")
    assert hint in words
    assert page.soup.select(f"[role=alert] a[href='#{field}']")
    kept = page.form()
    assert {name: kept[name] for name in ("day", "minutes", "dutch") if name in kept} == {
        name: value for name, value in page.sent.items() if name in ("day", "minutes", "dutch")
    }


def told(client, offer, *, status, **changes):
    page = tell(client, offer, status=status, **changes)
    page.sent = {**TOLD, **changes}
    return page


@pytest.mark.parametrize("typed", [*NO_LENGTHS, *TWO_MEANINGS, *TOO_LONG])
def test_a_length_that_is_none_or_two_is_refused_with_an_example_and_changes_nothing(
    newcomer, hers, offer, typed
):
    before = told_before(newcomer, offer)
    page = told(hers, offer, status=422, minutes="other", other_minutes=typed)
    field = "other_minutes" if typed.strip() else "minutes"
    refused(page, field, "24" if typed in TOO_LONG else "1:30")
    assert page.form()["other_minutes"] == typed.strip()
    assert (len(rows()), totals(newcomer)) == (1, before)


@pytest.mark.parametrize("typed", SAME_LENGTHS)
def test_equal_lengths_are_equal_minutes(hers, offer, typed):
    tell(hers, offer, minutes="other", other_minutes=typed)
    assert only_entry().minutes == 150


@pytest.mark.parametrize("typed", NO_DAYS)
def test_a_day_that_is_none_is_refused_and_never_turned_round(newcomer, hers, offer, typed):
    before = told_before(newcomer, offer)
    page = told(hers, offer, status=422, day="other", other_day=typed)
    assert page.soup.select_one("#error-other_day")
    assert page.form()["other_day"] == typed
    assert (len(rows()), totals(newcomer)) == (1, before)


@pytest.mark.parametrize("days", [1, 2, 400])
def test_the_future_is_refused(hers, offer, days):
    day = (today() + timedelta(days=days)).isoformat()
    page = told(hers, offer, status=422, day="other", other_day=day)
    refused(page, "other_day", "toekomst")
    assert rows() == []


def test_a_day_is_the_day_that_was_written(hers, offer):
    """The second of January, which is no first of February."""
    tell(hers, offer, day="other", other_day="2026-01-02")
    assert only_entry().day == date(2026, 1, 2)


@pytest.mark.parametrize("ago", [31, 4])
def test_a_day_around_the_term_is_kept_held_and_said_r03(newcomer, hers, offer, ago):
    """R03: before the first and after the last day of the contract nothing counts; it is kept, and both are told."""
    day = (today() - timedelta(days=ago)).isoformat()
    tell(hers, offer, day="other", other_day=day)
    confirmed()
    factories.entry(newcomer, offer, state=EntryState.CONFIRMED, starts_at=now() - timedelta(days=20))
    assert (totals(newcomer).held, totals(newcomer).confirmed) == (120, 120)
    assert "valt buiten de termijn" in hers.get("/nl/my-track").text


@pytest.mark.parametrize("at", NO_TIMES)
def test_a_time_that_is_none(newcomer, hers, offer, at):
    before = told_before(newcomer, offer)
    refused(told(hers, offer, status=422, at=at), "at", "14:30")
    assert (len(rows()), totals(newcomer)) == (1, before)


def test_a_day_has_no_twenty_five_hours(hers, offer):
    """The whole day is asked back first; with it on the list, no hour of that day is left, and none reaches into it."""
    whole = {"at": "00:00", "minutes": "other", "other_minutes": "24:00"}
    assert told(hers, offer, status=422, **whole).soup.select_one("input[name=sure]")
    assert rows() == []
    tell(hers, offer, **whole, sure="y")
    for at in ("00:00", "12:00", "23:00"):
        tell(hers, offer, status=422, at=at, minutes="60", sure="y")
    before = (today() - timedelta(days=2)).isoformat()
    tell(hers, offer, status=422, day="other", other_day=before, at="23:30", minutes="60", sure="y")
    assert [row.minutes for row in rows()] == [1440]


def test_nothing_ends_before_it_begins(newcomer, offer):
    """People tell a beginning and a length, so that no form can say it; the table refuses it from whomever."""
    start = now() - timedelta(days=2)
    for ends in (start, start - timedelta(hours=1)):
        with pytest.raises(IntegrityError), transaction() as inside:
            inside.add(
                HourEntry(
                    newcomer_id=newcomer.id, offer_id=offer.id, contact_person_id=offer.contact_person_id, starts_at=start,
                    ends_at=ends, minutes=60, dutch_company=True, entered_by_id=newcomer.person_id, submission_key="odd",
                )
            )  # fmt: skip


@pytest.mark.parametrize(
    ("day", "at", "length"),
    [(2, "22:00", "3:00"), (2, "22:30", "1:00"), (2, "21:00", "6:00"), (1, "00:30", "0:15"), (2, "21:30", "0:45")],
)  # fmt: skip
def test_two_times_at_once_are_never_both_counted(newcomer, hers, offer, day, at, length):
    """The same, within, around, across midnight from both sides, and at another organisation."""
    first = (today() - timedelta(days=2)).isoformat()
    tell(hers, offer, day="other", other_day=first, at="22:00", minutes="180")
    before = totals(newcomer)
    other = factories.offer(
        title="Naaiatelier", contact_person=factories.contact(organisation_id=factories.organisation().id)
    )
    on = (today() - timedelta(days=day)).isoformat()
    for about in (offer, other):
        page = told(
            hers, about, status=422, day="other", other_day=on, at=at, minutes="other", other_minutes=length
        )
        refused(page, "at", "Taalcafé")
    assert (len(rows()), totals(newcomer)) == (1, before)


@pytest.mark.parametrize("minutes", [0, 10, 60])
def test_the_same_form_later_is_the_same_entry_and_the_same_page(newcomer, hers, offer, minutes):
    """Sent twice, again after a while, and after a step back with something changed: one entry, one page."""
    begun = now()
    with time_machine.travel(begun, tick=False):
        form = hers.get(f"/nl/hours/tell/{offer.id}")
        first = hers.submit(form, **TOLD)
    with time_machine.travel(begun + timedelta(minutes=minutes), tick=False):
        again = hers.submit(form, **TOLD)
        reloaded = hers.get(first.response.request.path)
        back = hers.submit(form, **{**TOLD, "at": "11:00", "minutes": "60"})
    assert len({page.response.request.path for page in (first, again, reloaded, back)}) == 1
    assert len({page.main.get_text() for page in (first, again, reloaded, back)}) == 1
    assert only_entry().minutes == 120


def test_the_same_form_after_the_answer_is_still_the_same_entry(newcomer, hers, offer):
    """Back to the form when the contact person has confirmed: nothing new is told, the page says how it stands."""
    form = hers.get(f"/nl/hours/tell/{offer.id}")
    first = hers.submit(form, **TOLD)
    confirmed()
    again = hers.submit(form, **TOLD)
    assert again.response.request.path == first.response.request.path
    assert only_entry().state is EntryState.CONFIRMED
