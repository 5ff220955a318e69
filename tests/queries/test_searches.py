"""Finding activities: each thing that can be asked for, what stands first, and what is never found."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.clock import in_brussels, now, today
from app.db import session, transaction
from app.models import Listing, Occurrence
from app.queries import searches
from app.queries.search_terms import Search
from app.reference import gazetteer
from app.reference.gazetteer import distance_m, places
from app.services import listings
from app.vocabulary import OfferKind
from app.vocabulary.activities import OfferGoal, Suited, TextMaker
from tests import factories

MECHELEN = gazetteer.resolve("Mechelen").place
GEEL = gazetteer.resolve("Geel").place


def titles(search=None, language="nl", page=1):
    return [hit.title for hit in searches.page_of(search or Search(), page, language).hits]


def in_geel(**values):
    return {"postcode": "2440", "locality": "Geel", "municipality": "Geel", "place": "Zaal", **values}


@pytest.mark.parametrize(
    ("search", "found"),
    [
        (Search(kind=OfferKind.SPORT), ["Voetbal"]),
        (Search(goal=OfferGoal.LEARN_DUTCH), ["Praten"]),
        (Search(level=0), ["Voetbal"]),
        (Search(level=1), ["Voetbal", "Praten"]),
        (Search(slots=("tue-morning",)), ["Praten"]),
        (Search(slots=("mon-evening", "sat-afternoon")), ["Voetbal"]),
        (Search(slots=("sun-evening",)), []),
        (Search(suited=(Suited.CHILDREN,)), ["Voetbal"]),
        (Search(suited=(Suited.CHILDREN, Suited.WHEELCHAIR)), []),
        (Search(free=True), ["Praten"]),
        (Search(interests=("football",)), ["Voetbal"]),
        (Search(interests=("chess", "football"), words=("niets",)), ["Voetbal"]),
        (Search(interests=("languages-conversation",)), ["Praten"]),
        (Search(interests=("children-family",), words=("niets",)), ["Voetbal"]),
        (Search(aims=(OfferGoal.LEARN_DUTCH,), words=("niets",)), ["Praten"]),
        (Search(words=("prat",)), ["Praten"]),
        (Search(words=("praten", "geel")), []),
        (Search(words=("100%_",)), []),
        (Search(place=MECHELEN, km=10), ["Praten"]),
        (Search(place=GEEL, km=10), ["Voetbal"]),
        (Search(place=GEEL, km=50), ["Voetbal", "Praten"]),
        (Search(network="kempen"), ["Voetbal"]),
        (Search(municipality="Mechelen"), ["Praten"]),
        (Search(language="ar"), ["Praten"]),
        (Search(language="nl", kind=OfferKind.SPORT), ["Voetbal"]),
        (Search(until=now() + timedelta(days=8)), ["Voetbal", "Praten"]),
        (Search(kind=OfferKind.SPORT, place=MECHELEN, km=10), []),
    ],
)
def test_each_thing_that_is_asked_for(site, search, found):
    talk = factories.offer(
        title="Praten", dutch_level="a1", goals=[OfferGoal.LEARN_DUTCH], price_cents=0,
        gatherings=[factories.weekly(1, "10:00")],
    )  # fmt: skip
    factories.text(talk, "ar")
    factories.offer(
        title="Voetbal", kind=OfferKind.SPORT, interests=["football"], suited=[Suited.CHILDREN], price_cents=500,
        gatherings=[factories.weekly(5, "14:00", **in_geel())],
    )  # fmt: skip
    assert sorted(titles(search)) == sorted(found)
    if search.place and len(found) > 1:
        assert titles(search) == found


def test_only_what_can_still_be_joined_is_found(site):
    club = factories.organisation(verified=False)
    for values in (
        {"published_at": None}, {"organisation_id": club.id}, {"ends_on": today() - timedelta(days=1)},
        {"places": 4, "places_taken": 4}, {"newcomer_id": factories.newcomer().id},
    ):  # fmt: skip
        factories.offer(**values)
    assert titles() == []
    factories.offer(title="Wachtlijst", places=4, places_taken=4, waiting_places=1)
    factories.offer(title="Vandaag nog", ends_on=today())
    assert sorted(titles()) == ["Vandaag nog", "Wachtlijst"]


def test_what_has_passed_since_last_night_is_over_unless_it_comes_again(site):
    once = factories.offer(gatherings=[{"municipality": "Mechelen", "dates": [str(today() + timedelta(days=1))], "start": "10:00", "minutes": 60}])  # fmt: skip
    weekly = factories.offer(title="Elke week", gatherings=[factories.weekly((today() + timedelta(days=1)).weekday())])  # fmt: skip
    assert len(titles()) == 2
    with transaction() as db:
        for listing in db.scalars(select(Listing)):
            listing.next_at = now() - timedelta(hours=1)
        first = db.scalars(select(Occurrence).where(Occurrence.offer_id == once.id)).one()
        first.starts_at = now() - timedelta(hours=1)
    assert titles() == [weekly.title]
    assert searches.page_of(Search(), 1, "nl").hits[0].next_at > now()


def test_an_activity_in_two_places_is_one_that_stands_where_it_is_nearest(site):
    factories.offer(title="Twee", gatherings=[factories.weekly(0), factories.weekly(3, **in_geel())])
    found = searches.page_of(Search(place=GEEL, km=50), 1, "nl")
    assert found.total == 1
    assert found.hits[0].gathering.municipality == "Geel"
    assert found.hits[0].metres == 0
    thursday = searches.page_of(Search(slots=("thu-morning",)), 1, "nl").hits[0]
    assert thursday.gathering.municipality == "Geel"
    assert (
        searches.page_of(Search(slots=("mon-morning",)), 1, "nl").hits[0].gathering.municipality == "Mechelen"
    )


def test_what_answers_most_of_a_phrase_stands_first(site):
    factories.offer(title="Voetbal", interests=["football"], gatherings=[factories.weekly(0)])
    factories.offer(
        title="Voetbal met kinderen",
        interests=["football", "children-family"],
        gatherings=[factories.weekly(6)],
    )
    assert titles(Search(interests=("football", "children-family"))) == ["Voetbal met kinderen", "Voetbal"]


def test_what_children_may_join_is_found_behind_what_was_meant(site):
    factories.offer(title="Zwemmen met kinderen", suited=[Suited.CHILDREN], gatherings=[factories.weekly(0)])
    factories.offer(
        title="Voetbal voor grote mensen", interests=["football"], gatherings=[factories.weekly(1)]
    )
    factories.offer(
        title="Voetbal met kinderen",
        interests=["football"],
        suited=[Suited.CHILDREN],
        gatherings=[factories.weekly(2)],
    )
    assert titles(Search(interests=("children-family", "football"))) == [
        "Voetbal met kinderen",
        "Voetbal voor grote mensen",
        "Zwemmen met kinderen",
    ]


def test_the_soonest_or_the_nearest_stands_first(site):
    tomorrow, later = (today() + timedelta(days=1)).weekday(), (today() + timedelta(days=4)).weekday()
    factories.offer(title="Ver en gauw", gatherings=[factories.weekly(tomorrow, **in_geel())])
    factories.offer(title="Dicht en later", gatherings=[factories.weekly(later)])
    factories.offer(title="Niets vast", slot="mon-morning")
    near = Search(place=MECHELEN, km=50)
    assert titles(near) == ["Dicht en later", "Niets vast", "Ver en gauw"]
    assert titles(Search()) == ["Ver en gauw", "Dicht en later", "Niets vast"]
    assert titles(Search(place=MECHELEN, km=50, soonest=True)) == [
        "Ver en gauw",
        "Dicht en later",
        "Niets vast",
    ]


def test_the_text_is_in_the_language_of_the_page_or_in_dutch(site):
    offer = factories.offer(title="Zingen", words="Samen zingen.")
    factories.text(offer, "ti", title="ምድራፍ", words="ብሓባር ንዝምር።", made_by=TextMaker.MACHINE)
    (own,), (source,) = (searches.page_of(Search(), 1, tag).hits for tag in ("ti", "ps"))
    assert (own.title, own.words, own.language) == ("ምድራፍ", "ብሓባር ንዝምር።", "ti")
    assert (source.title, source.language) == ("Zingen", "nl")


def test_pages_follow_each_other_and_there_is_none_past_the_last(site):
    for number in range(5):
        factories.offer(title=f"Nummer {number}")
    first, second, past = (searches.page_of(Search(), number, "nl", size=3) for number in (1, 2, 99))
    assert [found.total for found in (first, second, past)] == [5, 5, 5]
    assert (second.page, past.page, past.pages) == (2, 2, 2)
    assert len({hit.offer.id for hit in (*first.hits, *second.hits)}) == 5
    assert searches.page_of(Search(), -3, "nl", size=3).page == 1


def test_where_nothing_is_found_the_nearest_stands_by(site):
    factories.offer(
        title="Zelfde soort, ver", kind=OfferKind.SPORT, gatherings=[factories.weekly(0, **in_geel())]
    )
    factories.offer(title="Dichtbij, ander soort", gatherings=[factories.weekly(0)])
    search = Search(kind=OfferKind.SPORT, place=MECHELEN, km=5)
    assert titles(search) == []
    assert [hit.title for hit in searches.nearest_to(search, "nl")] == [
        "Zelfde soort, ver",
        "Dichtbij, ander soort",
    ]


def test_counts_for_the_map(site):
    factories.offer(gatherings=[factories.weekly(0), factories.weekly(1)])
    factories.offer(kind=OfferKind.SPORT, gatherings=[factories.weekly(0, **in_geel())])
    assert searches.counts_by_network(Search()) == {"rivierenland": 1, "kempen": 1}
    assert searches.counts_by_municipality(Search(kind=OfferKind.SPORT)) == {"Geel": 1}


def test_a_week_has_its_days_in_order_of_time(site):
    tomorrow = today() + timedelta(days=1)
    factories.offer(title="Later", gatherings=[factories.weekly(tomorrow.weekday(), "20:00")])
    factories.offer(title="Vroeger", gatherings=[factories.weekly(tomorrow.weekday(), "09:00")])
    gone = factories.offer(title="Niet", gatherings=[factories.weekly(tomorrow.weekday(), "11:00")])
    with transaction() as db:
        for time in db.scalars(select(Occurrence).where(Occurrence.offer_id == gone.id)):
            time.cancelled_at = now()
    days = [today() + timedelta(days=number) for number in range(7)]
    week = searches.week_of(Search(), days, "nl")
    assert [[time.hit.title for time in day] for day in week] == [
        [],
        ["Vroeger", "Later"],
        [],
        [],
        [],
        [],
        [],
    ]
    assert [len(day) for day in searches.week_of(Search(), days, "nl", most=0)] == [0, 1, 0, 0, 0, 0, 0]
    assert in_brussels(week[1][0].occurrence.starts_at).date() == tomorrow
    assert searches.week_of(Search(kind=OfferKind.SPORT), days, "nl") == [[] for _ in days]


def test_a_day_in_the_week_begins_and_ends_in_brussels(site):
    day = today() + timedelta(days=2)
    factories.offer(title="Laat", gatherings=[factories.weekly(day.weekday(), "23:30", 20)])
    factories.offer(title="Nacht", gatherings=[factories.weekly(day.weekday(), "00:10", 20)])
    (found,) = searches.week_of(Search(), [day], "nl")
    assert [time.hit.title for time in found] == ["Nacht", "Laat"]


def test_the_next_times_and_what_is_new(site):
    old = factories.offer(
        title="Oud", published_at=now() - timedelta(days=9), gatherings=[factories.weekly(2)]
    )
    factories.offer(title="Nieuw", slot="mon-morning")
    assert [hit.title for hit in searches.newest(Search(), "nl", 5)] == ["Nieuw", "Oud"]
    times = searches.times_of(Search(), "nl", most=3)
    assert [time.hit.offer.id for time in times] == [old.id] * 3
    assert [time.occurrence.starts_at for time in times] == sorted(
        time.occurrence.starts_at for time in times
    )


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(places()), st.sampled_from((5, 10, 25, 50)))
def test_distance_is_that_of_the_gazetteer(site, place, km):
    """On the flat map of a search a place lies within its circle or not, as on the globe, but for 0.2 % at the edge."""
    there = gazetteer.place("2440", "Geel")
    if not session().scalars(select(Listing)).first():
        factories.offer(title="Daar", gatherings=[in_geel(slots=["mon-morning"])])
        listings.refresh_listings()
    found = searches.page_of(Search(place=place, km=km), 1, "nl").hits
    metres = distance_m(place, there)
    if abs(metres - 1000 * km) > 2 * km:
        assert bool(found) is (metres < 1000 * km or place.municipality == "Geel")
    for hit in found:
        assert abs(hit.metres - metres) <= 2 + metres * 0.002
