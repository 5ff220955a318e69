"""Which published activities somebody should look at, and what is gone from the list when it is settled."""

from datetime import timedelta

import pytest

from app.clock import now, today
from app.db import session, transaction
from app.errors import Moved, NotFound
from app.models import AuditEntry, Offer, OfferLook
from app.queries.care import Asked, care_of
from app.queries.text_reports import languages_of
from app.queries.today import today_of
from app.services import offer_texts, offer_writing, offers
from app.services.looks import count_looks, sum_looks
from app.services.offer_endings import ask_now, ask_who_goes_on
from app.vocabulary import OfferKind
from app.vocabulary.activities import OfferState, TextMaker, TextState
from app.vocabulary.care import Finding
from app.vocabulary.today import Owing
from tests import factories
from tests.activities import House, letters, link_for, words

F = Finding
LONG_AGO = now() - timedelta(days=200)
PAST = {"gatherings": [factories.weekly(rule="", dates=["2020-01-01"])]}


@pytest.fixture
def house(site):
    return House()


def day(days):
    return today() + timedelta(days=days)


def looks(offer, on, shown=0, opened=0):
    with transaction() as db:
        db.add(OfferLook(offer_id=offer.id, day=day(on), shown=shown, opened=opened))


def counting_since(days):
    """Counting began so long ago, with an activity that was found."""
    looks(factories.offer(network="kempen"), -days, shown=1)


def found(finding=None, **asked):
    return [offer.id for _line, offer in care_of(Asked("rivierenland", finding, **asked)).lines]


def of(offer):
    lines = care_of(Asked("rivierenland")).lines
    return {*next((line.findings for line, listed in lines if listed.id == offer.id), ())}


@pytest.mark.parametrize(
    ("finding", "values"),
    [
        (F.NOT_COUNTING, {"dutch_spoken": False}), (F.NOT_COUNTING, {"people_met": False}), (F.NO_DATES, PAST),
        (F.UNTOUCHED, {"changed_at": LONG_AGO}), (F.ENDS_SOON, {"ends_on": day(21)}), (F.UNJUDGED, {"people_met": None}),
    ],
)  # fmt: skip
def test_each_finding_and_an_activity_without_it(house, finding, values):
    amiss, well = house.offer(**values), house.offer(ends_on=day(22))
    assert found(finding) == [amiss.id]
    assert well.id not in found()
    assert care_of(Asked("rivierenland")).counts == {finding: 1}
    assert care_of(Asked("rivierenland")).published == 2


@pytest.mark.parametrize("state", [state for state in OfferState if state is not OfferState.PUBLISHED])
def test_only_what_everybody_sees_is_looked_at(house, state):
    house.offer(state, dutch_spoken=False)
    assert not found(F.NOT_COUNTING)


def test_what_is_by_appointment_or_on_one_day_needs_no_dates_and_has_its_end(house):
    house.offer(gatherings=[{"municipality": "Mechelen", "slots": ["mon-morning"]}], ends_on=day(100))
    house.offer(gatherings=[factories.weekly(rule="", dates=[day(3).isoformat()])], ends_on=day(3))
    assert not found()


def test_an_outdated_text_until_it_is_written_again(house):
    offer = house.offer()
    factories.text(offer, "ar")
    assert not found(F.OUTDATED)
    offer_writing.change_words(house.actor, offer.id, words(title="Taalcafé"))
    assert found(F.OUTDATED) == [offer.id]
    offer_texts.write_text(house.actor, offer.id, "ar", title="مقهى", words="")
    assert not found(F.OUTDATED)


def test_the_kept_mark_is_the_mark_of_the_text_whatever_changes_it(house):
    offer = house.offer()
    assert session().get_one(Offer, offer.id).kept_mark == offer.text_mark
    offer_writing.change_words(house.actor, offer.id, words(words="Anders."))
    session().expire_all()
    changed = session().get_one(Offer, offer.id)
    assert changed.kept_mark == changed.text_mark


def test_unseen_only_when_it_was_counted_for_four_weeks(house):
    offer = house.offer(published_at=LONG_AGO)
    new = house.offer(published_at=now() - timedelta(days=20))
    counting_since(27)
    assert not found(F.UNSEEN)
    counting_since(28)
    assert found(F.UNSEEN) == [offer.id]
    looks(offer, -30, shown=9)
    assert found(F.UNSEEN) == [offer.id]
    looks(offer, 0, shown=1)
    assert new.id not in found(F.UNSEEN)
    assert not found(F.UNSEEN)


def test_shown_and_not_opened_opened_and_not_joined(house):
    shown, opened, joined = house.offer(), house.offer(), house.offer(places=3, places_taken=1)
    elsewhere = house.offer(link="https://example.org")
    for at in (-1, 0):
        looks(shown, at, shown=25)
        for offer in (opened, joined, elsewhere):
            looks(offer, at, shown=25, opened=10)
    assert found(F.UNOPENED) == [shown.id]
    assert found(F.UNJOINED) == [opened.id]
    line = care_of(Asked("rivierenland", F.UNJOINED)).lines[0][0]
    assert (line.shown, line.opened) == (50, 20)


def test_filters_and_pages_and_what_is_most_urgent(house):
    late = house.offer(changed_at=LONG_AGO, kind=OfferKind.SPORT)
    worst = house.offer(dutch_spoken=False)
    assert found() == [worst.id, late.id]
    assert found(kind=OfferKind.SPORT) == [late.id]
    assert not found(town="Lier")
    assert set(found(town="Mechelen")) == {late.id, worst.id}
    pages = [care_of(Asked("rivierenland"), number, size=1) for number in (1, 2, 3)]
    assert [(page.page, page.pages, page.lines[0][1].id) for page in pages] == [
        (1, 2, worst.id),
        (2, 2, late.id),
        (2, 2, late.id),
    ]


def test_without_a_text_in_a_language(house):
    said, silent = house.offer(), house.offer()
    factories.text(said, "ti")
    assert found(without="ti") == [silent.id]
    assert not found(without="nl")


def test_asked_once_in_four_weeks_and_again_before_its_end(house):
    offer = house.offer(changed_at=LONG_AGO, ends_on=day(60))
    ask_now(house.desk, offer.id, link_for)
    assert letters("offer-goes-on") == [house.contact.email]
    assert session().query(AuditEntry).filter_by(action="offer-asked").count() == 1
    with pytest.raises(Moved):
        ask_now(house.desk, offer.id, link_for)
    with transaction():
        session().get_one(Offer, offer.id).ends_on = day(10)
    assert ask_who_goes_on(link_for) == 0
    with transaction():
        session().get_one(Offer, offer.id).asked_at = now() - timedelta(days=30)
    assert ask_who_goes_on(link_for) == 1
    assert ask_who_goes_on(link_for) == 0


def test_who_may_ask_and_about_what(house):
    offer, draft = house.offer(ends_on=day(60)), house.offer(OfferState.DRAFT)
    with pytest.raises(NotFound):
        ask_now(factories.viewer(factories.coordinator("kempen")), offer.id, link_for)
    with pytest.raises(Moved):
        ask_now(house.desk, draft.id, link_for)
    with pytest.raises(Moved):
        ask_now(house.desk, house.offer(ends_on=None).id, link_for)
    assert not letters("offer-goes-on")


def owed(house):
    return [(item.network, item.number) for item in today_of(house.desk).owed if item.kind is Owing.CARE]


def test_today_has_one_line_that_goes_when_it_is_done(house):
    assert owed(house) == []
    stale, unfit = house.offer(changed_at=LONG_AGO, ends_on=day(60)), house.offer(dutch_spoken=False)
    house.offer(ends_on=day(10))
    assert owed(house) == [("rivierenland", 2)]
    ask_now(house.desk, stale.id, link_for)
    assert owed(house) == [("rivierenland", 1)]
    offers.take_back(house.desk, unfit.id)
    assert owed(house) == []
    assert today_of(factories.viewer(factories.coordinator("kempen"))).owed == []


def test_looks_are_added_up_by_the_day_and_forgotten(house):
    one, other = house.offer(), house.offer()
    for what in ("shown", "shown", "opened"):
        count_looks([other.id, one.id, one.id], what, day(0).isoformat())
    count_looks([one.id], "shown", day(-91).isoformat())
    count_looks([], "shown", day(0).isoformat())
    rows = session().query(OfferLook).filter_by(day=day(0)).order_by(OfferLook.offer_id)
    assert [(row.offer_id, row.shown, row.opened) for row in rows] == [(one.id, 2, 1), (other.id, 2, 1)]
    sum_looks()
    assert session().query(OfferLook).count() == 2


def test_days_become_weeks_and_no_look_is_lost(house):
    offer = house.offer()
    for back in range(20):
        looks(offer, -back, shown=3, opened=1)
    assert sum_looks() == sum(1 for back in range(2, 20) if day(-back).weekday())
    assert sum_looks() == 0
    rows = session().query(OfferLook).all()
    assert (sum(row.shown for row in rows), sum(row.opened for row in rows)) == (60, 20)
    assert all(row.day.weekday() == 0 or row.day >= day(-1) for row in rows)
    assert len(rows) <= 6


def test_u5_texts_by_language_and_state(house):
    for made, values in (
        ("fresh", {}), ("machine_made", {"made_by": TextMaker.MACHINE}), ("outdated", {"source_mark": "older"}),
        ("checked", {"checked_at": now()}),
    ):  # fmt: skip
        factories.text(house.offer(title=made), "ar", **values)
    factories.text(house.offer(OfferState.DRAFT), "ar")
    factories.text(factories.offer(network="kempen"), "ti")
    own, every = languages_of(["rivierenland"]), languages_of(None)
    assert own.texts == {"ar": dict.fromkeys(TextState, 1)}
    assert (own.published, own.written, own.without("ar"), own.without("ti")) == (4, {"nl": 4}, 0, 4)
    assert (every.published, every.without("ti"), every.without("nl")) == (5, 4, 0)
