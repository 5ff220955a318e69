"""Activities of organisations: their way, what is missing, and who is told. Every act by everybody: test_offer_ways."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.clock import today
from app.db import session
from app.errors import Forbidden, Invalid, NotFound, Refusal
from app.i18n import speak
from app.models import AuditEntry, Offer
from app.services import offer_texts, offer_writing, offers
from app.services.criteria import judge_criteria
from app.vocabulary import OfferKind
from app.vocabulary.activities import OfferState, TextState
from tests import factories
from tests.activities import TITLE, House, letters, listed, page_for, state_of, where, words
from tests.factories import viewer

S = OfferState


@pytest.fixture
def house(site):
    return House()


def test_the_way_of_an_activity(house):
    key = house.draft()
    offers.send_to_check(house.actor, key)
    assert not listed(key)
    offers.publish(house.desk, key, page_for=page_for)
    offer = session().get_one(Offer, key)
    assert offer.published_at
    assert offer.ends_on == today() + offers.USUAL
    assert (offer.municipality, offer.network_slug, offer.place) == ("Mechelen", "rivierenland", "Buurthuis")
    assert listed(key)
    assert letters("offer-published") == [house.person.email]
    assert set(session().scalars(select(AuditEntry.action).where(AuditEntry.subject == "offer"))) == {
        "offer-begun", "offer-changed", "offer-to_check", "offer-published",
    }  # fmt: skip


def test_nobody_checks_an_activity_of_the_own_organisation(house):
    own = factories.organisation_contact(house.organisation, roles=())
    factories.grant(own, factories.Role.COORDINATOR, network="rivierenland")
    offer = house.offer(S.TO_CHECK)
    with pytest.raises(Forbidden):
        offers.publish(viewer(own), offer.id, page_for=page_for)


def test_an_administrator_may_publish(house):
    offer = house.offer(S.TO_CHECK)
    offers.publish(viewer(factories.administrator()), offer.id, page_for=page_for)
    assert state_of(offer.id) is S.PUBLISHED


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"words": ""}, "what people do there"),
        ({"goals": []}, "one goal"),
        ({"gatherings": []}, "where it is"),
        ({"gatherings": [{"municipality": "Mechelen"}]}, "when it is"),
        ({"fluent_speakers": None}, "speak Dutch well"),
        ({"fluent_speakers": 0}, "speak Dutch well"),
        ({"meeting_words": ""}, "meet each other"),
        ({"insurer": ""}, "insures"),
    ],
)
def test_what_is_missing_is_said_before_it_is_checked(house, values, sentence):
    offer = house.offer(S.DRAFT, **values)
    with pytest.raises(Invalid) as refusal:
        offers.send_to_check(house.actor, offer.id)
    with speak("en"):
        assert sentence in str(refusal.value.message)


def test_moments_are_enough_where_nothing_is_fixed(house):
    offer = house.offer(
        S.DRAFT, slot="mon-morning", gatherings=[{"municipality": "Mechelen", "slots": ["mon-morning"]}]
    )
    offers.send_to_check(house.actor, offer.id)
    assert state_of(offer.id) is S.TO_CHECK


def test_not_published_before_the_organisation_is_verified_nor_when_it_does_not_count_nor_when_it_is_past(
    site,
):
    new = House(organisation=factories.organisation(verified=False))
    with pytest.raises(Refusal) as refusal:
        offers.publish(new.desk, new.offer(S.TO_CHECK).id, page_for=page_for)
    assert refusal.value.code == "not-verified"
    session().rollback()
    house = House(coordinator=new.coordinator)
    with pytest.raises(Refusal) as refusal:
        offers.publish(house.desk, house.offer(S.TO_CHECK, people_met=False).id, page_for=page_for)
    assert refusal.value.code == "criteria"
    session().rollback()
    past = [factories.weekly(rule="", dates=[(today() - timedelta(days=3)).isoformat()])]
    with pytest.raises(Refusal) as refusal:
        offers.publish(house.desk, house.offer(S.TO_CHECK, gatherings=past).id, page_for=page_for)
    assert refusal.value.code == "past"


def test_dates_say_the_end_where_there_are_only_dates(house):
    days = [today() + timedelta(days=at) for at in (3, 10)]
    offer = house.offer(
        S.TO_CHECK, gatherings=[factories.weekly(rule="", dates=[day.isoformat() for day in days])]
    )
    offers.publish(house.desk, offer.id, page_for=page_for)
    assert session().get_one(Offer, offer.id).ends_on == days[-1]


@pytest.mark.parametrize(
    "change",
    [
        lambda house, key: offer_writing.change_words(house.actor, key, words(kind=OfferKind.SPORT)),
        lambda house, key: offer_writing.change_terms(house.actor, key, house.terms(fluent_speakers=1)),
        lambda house, key: offer_writing.change_gatherings(
            house.actor, key, [where(postcode="3500", locality="Hasselt")]
        ),
    ],
    ids=["kind", "criteria", "network"],
)
@pytest.mark.parametrize(("before", "after"), [(S.PUBLISHED, S.TO_CHECK), (S.ENDED, S.DRAFT)])
def test_what_was_checked_is_not_changed_behind_the_check(house, change, before, after):
    offer = house.offer(before)
    change(house, offer.id)
    assert state_of(offer.id) is after
    assert session().get_one(Offer, offer.id).meets_criteria is None
    assert not listed(offer.id)


def test_a_coordinator_sends_back_with_words_and_the_organisation_is_told(house):
    offer = house.offer(S.TO_CHECK)
    with pytest.raises(Invalid):
        offers.send_back(house.desk, offer.id, note="", page_for=page_for)
    offers.send_back(house.desk, offer.id, note="Wie is erbij?", page_for=page_for)
    assert session().get_one(Offer, offer.id).check_note == "Wie is erbij?"
    assert letters("offer-sent-back") == [house.person.email]
    offers.send_to_check(house.actor, offer.id)
    assert session().get_one(Offer, offer.id).check_note == ""


@pytest.mark.parametrize("days", [-1, 400])
def test_it_goes_on_for_a_day_in_the_coming_year(house, days):
    offer = house.offer(S.ENDED)
    with pytest.raises(Invalid):
        offers.go_on(house.actor, offer.id, today() + timedelta(days=days))


def test_what_has_only_past_dates_needs_new_ones_and_an_unverified_organisation_does_not_go_on(house):
    past = [factories.weekly(rule="", dates=[(today() - timedelta(days=3)).isoformat()])]
    offer = house.offer(S.ENDED, gatherings=past)
    with pytest.raises(Refusal) as refusal:
        offers.go_on(house.actor, offer.id, today() + timedelta(days=9))
    assert refusal.value.code == "past"
    session().rollback()
    offer_writing.change_gatherings(house.actor, offer.id, [where()])
    offers.go_on(house.actor, offer.id, today() + timedelta(days=9))
    assert state_of(offer.id) is S.PUBLISHED
    unknown = House(organisation=factories.organisation(verified=False), coordinator=house.coordinator)
    with pytest.raises(Refusal) as refusal:
        offers.go_on(unknown.actor, unknown.offer(S.ENDED).id, today() + timedelta(days=9))
    assert refusal.value.code == "not-verified"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"start": "25:00"}, "start"),
        ({"start": "", "minutes": None}, "start"),
        ({"rule": "FREQ=HOURLY"}, "rule"),
        ({"first_on": None}, "first_on"),
        ({"first_on": today() + timedelta(days=2000)}, "dates"),
        ({"dates": [today() + timedelta(days=at) for at in range(61)]}, "dates"),
        ({"postcode": "9999"}, "place"),
    ],
)
def test_where_and_when_that_cannot_be(house, values, field):
    with pytest.raises(Invalid) as refusal:
        offer_writing.change_gatherings(house.actor, house.offer().id, [where(**values)])
    assert refusal.value.field == field


@pytest.mark.parametrize("number", [0, 13])
def test_there_is_one_place_or_a_few(house, number):
    with pytest.raises(Invalid):
        offer_writing.change_gatherings(house.actor, house.offer().id, [where()] * number)


def test_places_can_be_added_and_left_out(house):
    offer = house.offer()
    offer_writing.change_gatherings(
        house.actor, offer.id, [where(), where(postcode="2500", locality="Lier"), where()]
    )
    assert [place.municipality for place in session().get_one(Offer, offer.id).gatherings] == [
        "Mechelen",
        "Lier",
        "Mechelen",
    ]
    first = session().get_one(Offer, offer.id).gatherings[0].id
    offer_writing.change_gatherings(house.actor, offer.id, [where(place="Elders")])
    (left,) = session().get_one(Offer, offer.id).gatherings
    assert (left.id, left.place) == (first, "Elders")
    assert len(listed(offer.id)) == 1


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"contact_person_id": 999}, "contact_person_id"),
        ({"places": 2}, "places"),
        ({"places": 0}, "places"),
        ({"places": 9, "waiting_places": 0}, "waiting_places"),
        ({"waiting_places": 5, "reduced_cents": 100}, "reduced_cents"),
        ({"waiting_places": 5, "ends_on": today() - timedelta(days=1)}, "ends_on"),
    ],
)
def test_terms_that_cannot_be(house, values, field):
    offer = house.offer(places=5, places_taken=3, waiting_places=2, waiting_taken=1)
    with pytest.raises(Invalid) as refusal:
        offer_writing.change_terms(house.actor, offer.id, house.terms(**values))
    assert refusal.value.field == field


def test_a_draft_needs_an_organisation_that_is_not_refused_and_somebody_who_speaks_for_it(house):
    empty = factories.organisation()
    with pytest.raises(Refusal) as refusal:
        offer_writing.begin(house.desk, empty.id, words())
    assert refusal.value.code == "last"
    session().rollback()
    refused = House(
        organisation=factories.organisation(verified=False, refused_at=factories.now()),
        coordinator=house.coordinator,
    )
    with pytest.raises(Refusal) as refusal:
        offer_writing.begin(refused.actor, refused.organisation.id, words())
    assert refusal.value.code == "refused-organisation"
    session().rollback()
    with pytest.raises(NotFound):
        offer_writing.begin(house.actor, empty.id, words())


def test_tags_are_kept_in_order_and_strange_ones_are_not(house):
    key = house.draft(
        goals=["make-friends", "nonsense", "learn-dutch"], dutch_level="c2", suited=["wheelchair"]
    )
    offer = session().get_one(Offer, key)
    assert (offer.goals, offer.dutch_level, offer.suited) == (
        ["learn-dutch", "make-friends"],
        "none",
        ["wheelchair"],
    )


def test_texts_are_fresh_then_outdated_then_fresh_then_checked(house):
    offer = house.offer()
    offer_texts.write_text(house.actor, offer.id, "ar", title="محادثة", words="قهوة", by_machine=True)
    assert text_state(offer) is TextState.MACHINE_MADE
    offer_texts.check_text(house.desk, offer.id, "ar")
    assert text_state(offer) is TextState.CHECKED
    offer_writing.change_words(house.actor, offer.id, words(words="Nieuw."))
    assert text_state(offer) is TextState.OUTDATED
    with pytest.raises(Refusal):
        offer_texts.check_text(house.desk, offer.id, "ar")
    session().rollback()
    offer_texts.write_text(house.actor, offer.id, "ar", title="محادثة", words="جديد")
    assert text_state(offer) is TextState.FRESH
    offer_texts.remove_text(house.actor, offer.id, "ar")
    offer_texts.remove_text(house.actor, offer.id, "ar")
    session().expire_all()
    assert not session().get_one(Offer, offer.id).texts


def text_state(offer):
    session().expire_all()
    (text,) = session().get_one(Offer, offer.id).texts
    return text.state


@pytest.mark.parametrize("language", ["nl", "xx", "de"])
def test_a_text_is_in_another_language_of_the_site(house, language):
    with pytest.raises(Invalid):
        offer_texts.write_text(house.actor, house.offer().id, language, title=TITLE, words="")


def test_what_a_counsellor_judged_stays_when_only_words_change(house):
    newcomer = factories.newcomer(counsellor=factories.counsellor())
    offer = house.offer(dutch_spoken=None, people_met=None)
    factories.entry(newcomer, offer)
    session().expire_all()
    judge_criteria(viewer(newcomer_counsellor(newcomer)), offer.id, dutch_spoken=True, people_met=True)
    offer_writing.change_words(house.actor, offer.id, words(words="Anders gezegd."))
    assert session().get_one(Offer, offer.id).meets_criteria


def newcomer_counsellor(newcomer):
    from app.models import Person

    return session().get_one(Person, newcomer.counsellor_id)
