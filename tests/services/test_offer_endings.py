"""An activity ends by itself; its contact person is asked once whether it goes on, and answers without an account."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.clock import now, today
from app.db import session, transaction
from app.errors import Forbidden, Gone, Invalid, NotFound
from app.models import AuditEntry, ContactPerson, Message, Offer
from app.security.viewer import ANONYMOUS
from app.services.accounts import new_link
from app.services.offer_endings import answer, ask_who_goes_on, end_offers, offer_of_link
from app.vocabulary.activities import OfferState
from app.vocabulary.records import LinkPurpose
from tests import factories
from tests.activities import House, letters, link_for, state_of

S = OfferState


@pytest.fixture
def house(site):
    return House()


def day(days):
    return today() + timedelta(days=days)


def asked(house, **values):
    """An activity about which its contact person was just asked, and the secret of the link."""
    offer = house.offer(ends_on=day(10), **values)
    ask_who_goes_on(link_for)
    letter = (
        session()
        .scalars(select(Message).where(Message.kind == "offer-goes-on").order_by(Message.id.desc()))
        .first()
    )
    return offer, next(word for word in letter.text.split() if "/g/" in word).rsplit("/", 1)[1]


def test_asked_once_within_three_weeks_of_the_end(house):
    near = house.offer(ends_on=day(21))
    for values in (
        {"ends_on": day(22)}, {"ends_on": None}, {"ends_on": day(5), "state": S.TAKEN_BACK, "published_at": None},
        {"ends_on": day(5), "gatherings": [factories.weekly(rule="", dates=[day(5).isoformat()])]},
    ):  # fmt: skip
        house.offer(**values)
    assert ask_who_goes_on(link_for) == 1
    assert ask_who_goes_on(link_for) == 0
    assert letters("offer-goes-on") == [house.contact.email]
    assert session().get_one(Offer, near.id).asked_at


def test_over_after_its_last_day_and_not_before(house):
    today_is_last, over = house.offer(ends_on=day(0)), house.offer(ends_on=day(-1))
    taken_back = house.offer(S.TAKEN_BACK, ends_on=day(-1))
    assert end_offers() == 1
    assert [state_of(key) for key in (today_is_last.id, over.id, taken_back.id)] == [
        S.PUBLISHED,
        S.ENDED,
        S.TAKEN_BACK,
    ]
    assert end_offers() == 0


@pytest.mark.parametrize("over", [False, True])
def test_a_yes_by_link_lets_it_go_on_also_just_after_the_end(house, over):
    offer, token = asked(house)
    if over:
        with transaction() as db:
            db.get_one(Offer, offer.id).ends_on = day(-1)
        end_offers()
    assert offer_of_link(token, ANONYMOUS).id == offer.id
    answer(token, ANONYMOUS, until=day(90))
    assert state_of(offer.id) is S.PUBLISHED
    kept = session().get_one(Offer, offer.id)
    assert (kept.ends_on, kept.asked_at) == (day(90), None)
    with pytest.raises(Gone):
        answer(token, ANONYMOUS, until=day(90))


def test_a_no_leaves_it_until_its_last_day(house):
    offer, token = asked(house)
    answer(token, ANONYMOUS, until=None)
    assert state_of(offer.id) is S.PUBLISHED
    assert "offer-not-going-on" in session().scalars(select(AuditEntry.action)).all()
    assert ask_who_goes_on(link_for) == 0


def test_after_a_day_that_cannot_be_the_link_still_works(house):
    offer, token = asked(house)
    with pytest.raises(Invalid):
        answer(token, ANONYMOUS, until=day(-1))
    session().rollback()
    answer(token, ANONYMOUS, until=day(30))
    assert session().get_one(Offer, offer.id).ends_on == day(30)


def test_a_link_of_who_left_or_of_another_organisation_opens_nothing(house):
    offer, token = asked(house)
    with transaction() as db:
        db.get_one(ContactPerson, house.contact.id).left_at = now()
    with pytest.raises(Forbidden):
        offer_of_link(token, ANONYMOUS)
    stranger = factories.contact(organisation_id=factories.organisation().id)
    foreign = new_link(LinkPurpose.GOES_ON, locale="nl", contact_person_id=stranger.id, offer=offer.id)
    for wrong in (
        foreign,
        "nonsense",
        new_link(LinkPurpose.GOES_ON, locale="nl", contact_person_id=stranger.id, offer=0),
    ):
        with pytest.raises(NotFound):
            offer_of_link(wrong, ANONYMOUS)
