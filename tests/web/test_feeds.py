"""What other programs take over of activities can be read by them, whatever was typed; and no address is a fault."""

import json
from datetime import date, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

import pytest
from bs4 import BeautifulSoup
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from app.clock import BRUSSELS, in_brussels, now, today
from app.db import transaction
from app.feeds import Event, Held, Spot, structured
from app.models import Occurrence
from app.vocabulary import DayPart, OfferKind, Weekday
from app.vocabulary.activities import NeededDutch, OfferGoal, Suited
from app.vocabulary.masks import LIKINGS
from app.vocabulary.searches import Order, View
from tests import factories

HOSTILE = {
    "tags": "<b>Bal</b> & <script>alert(1)</script>",
    "ends a script": "</script><!-- ]]> <![CDATA[",
    "lines": "Koor\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:nep",
    "signs of the format": "Koken; eten, praten: \\n 100% \"samen\" 'nu'",
    "joined signs": "Voetbal 👨\u200d👩\u200d👧\u200d👦 🏳️\u200d🌈",
    "directions": "\u202eneppats\u202c \u2067مرحبا\u2069 Gent",
    "ends of lines elsewhere": "een\u2028twee\u2029drie\x85vier",
    "control": "a\x0bb\x07c\x7fd",
    "no letters": "x\ufffe\uffffy",
    "long": "Ontmoetingsnamiddag" * 10,
    "many bytes": "ብሓባር ንዘምር " * 15,
}


def readable(text):
    """The letters of a text on one line, without what cannot be seen and without marks of direction."""
    return " ".join(
        "".join(letter for letter in str(text) if letter.isprintable() or letter in "\u200d\n").split()
    )


@pytest.fixture(params=HOSTILE)
def hostile(site, request):
    """An activity with a title, words and a place that try to be something else; and its title."""
    text = HOSTILE[request.param]
    there = factories.weekly((today() + timedelta(days=2)).weekday(), "10:00")
    return factories.offer(
        title=text, words=f"{text}\n{text}", gatherings=[{**there, "place": text[:60]}]
    ), text


def test_the_calendar_can_be_read_whatever_was_typed(browser, hostile):
    offer, text = hostile
    for path in (f"/ar/activities/{offer.id}.ics", "/ar/activities.ics"):
        content = browser.send("GET", path).get_data()
        assert all(len(line) <= 75 for line in content.split(b"\r\n"))
        assert b"\n" not in content.replace(b"\r\n", b"")
        calendar = Calendar.from_ical(content)
        assert not calendar.errors
        events = calendar.walk("VEVENT")
        assert events
        assert content.split(b"\r\n").count(b"BEGIN:VEVENT") == len(events)
        for event in events:
            assert not event.errors
            assert readable(event["summary"]) == readable(text)
            assert "\n" not in event["summary"] + event["location"]
            assert event["summary"].params["language"] == "nl"
            assert {"uid", "dtstamp", "dtstart", "dtend", "status", "url"} <= {name.lower() for name in event}
            assert event["dtstamp"].dt.utcoffset() == timedelta(0)


def test_the_feed_can_be_read_whatever_was_typed(browser, hostile):
    offer, text = hostile
    channel = ET.fromstring(browser.send("GET", "/ti/activities.rss").get_data()).find("channel")
    assert {"title", "link", "description", "language"} <= {one.tag for one in channel}
    (item,) = channel.findall("item")
    assert readable(item.findtext("title")) == readable(text)
    assert "<" not in item.findtext("description")  # readers show it as HTML
    assert item.findtext("guid") == item.findtext("link") == f"http://localhost/ti/activities/{offer.id}"
    assert abs(parsedate_to_datetime(item.findtext("pubDate")) - offer.published_at) < timedelta(seconds=1)


def test_search_engines_can_read_it_whatever_was_typed(browser, hostile):
    offer, _text = hostile
    page = BeautifulSoup(browser.send("GET", f"/nl/activities/{offer.id}").get_data(as_text=True), "html5lib")
    (script,) = page.select("script[type='application/ld+json']")
    events = json.loads(script.string)["@graph"]
    assert [event["name"] for event in events] == [offer.title] * len(events)
    for event in events:
        checked(event)


def checked(event):
    """What schema.org and search engines ask of an event."""
    assert event["@type"] == "Event"
    assert {
        "name",
        "startDate",
        "endDate",
        "location",
        "eventStatus",
        "eventAttendanceMode",
        "url",
    } <= event.keys()
    begins, ends = (datetime.fromisoformat(event[name]) for name in ("startDate", "endDate"))
    assert begins.utcoffset() is not None
    assert begins < ends
    assert event["eventStatus"] in {"https://schema.org/EventScheduled", "https://schema.org/EventCancelled"}
    assert event["location"]["@type"] == "Place"
    assert event["location"]["name"]
    address = event["location"]["address"]
    assert (address["@type"], address["addressCountry"]) == ("PostalAddress", "BE")
    assert address["addressLocality"]
    if "offers" in event:
        assert event["offers"]["priceCurrency"] == "EUR"
        assert float(event["offers"]["price"]) >= 0
        assert event["offers"]["availability"] in {"https://schema.org/InStock", "https://schema.org/SoldOut"}


def test_each_time_is_told_where_it_is_and_whether_it_takes_place(browser, site):
    there = {"postcode": "2440", "locality": "Geel", "municipality": "Geel", "place": "Zaal"}
    day = (today() + timedelta(days=1)).weekday()
    offer = factories.offer(
        price_cents=250, places=3, places_taken=3,
        gatherings=[factories.weekly(day, "10:00"), factories.weekly((day + 1) % 7, "10:00", **there)],
    )  # fmt: skip
    with transaction() as db:
        first = db.query(Occurrence).filter_by(offer_id=offer.id).order_by(Occurrence.starts_at).first()
        first.cancelled_at = now()
    page = browser.get(f"/nl/activities/{offer.id}")
    events = json.loads(page.soup.select_one("script[type='application/ld+json']").string)["@graph"]
    for event in events:
        checked(event)
    told = [
        (event["eventStatus"].rpartition("/")[2], event["location"]["address"]["postalCode"])
        for event in events
    ]
    assert told[:3] == [("EventCancelled", "2800"), ("EventScheduled", "2440"), ("EventScheduled", "2800")]
    assert {event["offers"]["availability"] for event in events} == {"https://schema.org/SoldOut"}
    assert {event["offers"]["price"] for event in events} == {"2.50"}
    times = Calendar.from_ical(browser.send("GET", f"/nl/activities/{offer.id}.ics").get_data()).walk(
        "VEVENT"
    )
    assert [str(time["status"]) for time in times[:2]] == ["CANCELLED", "CONFIRMED"]
    assert "2440 Geel" in times[1]["location"]


@pytest.mark.parametrize(
    ("day", "offset"),
    [
        (date(2026, 3, 28), "+01:00"),
        (date(2026, 3, 29), "+02:00"),
        (date(2026, 10, 24), "+02:00"),
        (date(2026, 10, 25), "+01:00"),
    ],
)
def test_the_clock_stays_ten_when_it_is_put_forward_or_back(day, offset):
    begins = datetime(day.year, day.month, day.day, 10, tzinfo=BRUSSELS)
    held = Held(
        begins.astimezone(), begins.astimezone() + timedelta(hours=2), False, Spot("", "", "", "Gent", None)
    )
    text = structured(Event("Koor", "", "nl", "https://a.example/1", "", None, False, [held]), "n")
    (event,) = json.loads(text.partition(">")[2].rpartition("<")[0])["@graph"]
    assert event["startDate"] == f"{day}T10:00{offset}"
    assert event["endDate"] == f"{day}T12:00{offset}"
    assert "offers" not in event


def test_the_calendar_of_an_activity_keeps_its_hour_on_both_sides_of_the_change(browser, site):
    """A file of times in Brussels says so with the rule of summer time, so a program elsewhere shows the right hour."""
    factories.offer(gatherings=[factories.weekly(0, "10:00")])
    content = browser.send("GET", "/nl/activities.ics").get_data()
    calendar = Calendar.from_ical(content)
    (zone,) = calendar.walk("VTIMEZONE")
    assert str(zone["tzid"]) == "Europe/Brussels"
    made = zone.to_tz()
    for day, month, hours in ((27, 3, 1), (29, 3, 2), (30, 10, 2), (1, 11, 1)):
        assert datetime(2027, month, day, 10, tzinfo=made).utcoffset() == timedelta(hours=hours)
    assert {in_brussels(event["dtstart"].dt).hour for event in calendar.walk("VEVENT")} == {10}


# --- addresses

VALUES = st.one_of(
    st.text(max_size=40), st.integers().map(str), st.dates().map(str),
    st.sampled_from([
        "", "2800", "Gent", "Sint-Niklaas", "Halle", "Atlantis", "9" * 4000, "\x00", "%", "_", "'", "--", "0001-01-01", "9999-12-31", "𐤀" * 200, "㌀" * 200,
        *LIKINGS[:4], *OfferKind, *OfferGoal, *NeededDutch, *Weekday, *DayPart, *Suited, *Order, *View, "limburg", "1",
    ]),
)  # fmt: skip
NAMES = st.sampled_from(
    ["q", "place", "km", "network", "town", "kind", "goal", "level", "day", "part", "suited", "like", "free", "own", "order", "view", "page", "from", "x"]
)  # fmt: skip
PATHS = ("", ".ics", ".rss", "/week-sheet/Mechelen")


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("lang", ["nl", "ar"])
def test_no_address_is_a_fault(request, site, browser, lang, path):
    """Any words after the question mark give a page; those that make sense are in its links again."""
    factories.offer(title="Koor", interests=["singing"], gatherings=[factories.weekly()])
    often = request.config.getoption("--fuzz")

    @settings(
        max_examples=often or 25, deadline=None, database=None, derandomize=not often, phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(st.lists(st.tuples(NAMES, VALUES), max_size=8))
    def tried(asked):
        answer = browser.send("GET", f"/{lang}/activities{path}?{urlencode(asked)}")
        assert answer.status_code == 200, asked

    tried()


@pytest.mark.parametrize(
    "query",
    [f"q={sign * 200}" for sign in ("𐤀", "㌀", "ﷺ", "ክ")]
    + [
        "view=week&from=9999-12-31",
        "from=0001-01-01",
        "place=" + "a" * 5000,
        "&".join(f"like={tag}" for tag in LIKINGS),
    ],
)
@pytest.mark.parametrize("path", PATHS)
def test_what_is_far_too_much_still_gives_a_page(browser, site, path, query):
    assert browser.send("GET", f"/ti/activities{path}?{query}").status_code == 200


def test_the_file_of_a_week_far_ahead_is_that_of_the_last_one(browser, site):
    answer = browser.send("GET", "/nl/activities/week-sheet/Mechelen.pdf?from=9999-12-31")
    assert answer.get_data().startswith(b"%PDF")
    assert str(today() + timedelta(weeks=8)) in answer.headers["Content-Disposition"]
