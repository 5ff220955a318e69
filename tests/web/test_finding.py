"""Finding activities on the pages: a phrase in any language, what fits, the map, the week, paper, and feeds."""

import json
from datetime import timedelta
from urllib.parse import parse_qs, quote_plus, urlsplit
from xml.etree import ElementTree as ET

import pytest
from icalendar import Calendar

from app.clock import in_brussels, today
from app.db import session, transaction
from app.models import Occurrence
from app.services.matchmaking.activities import fitting, home_of
from app.vocabulary import DutchLevel, OfferKind
from app.vocabulary.activities import OfferGoal, Suited, TextMaker
from app.vocabulary.facts import Criterion
from tests import factories
from tests.counting import statements

LANGS = ["x-pseudo", "nl", "ar"]
TOMORROW = today() + timedelta(days=1)
FOOTBALL = {
    "nl": "ik wil voetballen", "en": "I want to play football", "fr": "je veux jouer au football", "ar": "أريد أن ألعب كرة القدم",
    "tr": "futbol oynamak istiyorum", "uk": "я хочу грати у футбол", "ru": "хочу играть в футбол", "fa": "می‌خواهم فوتبال بازی کنم",
    "ps": "زه غواړم فوټبال وکړم", "ti": "ኩዕሶ እግሪ ክጻወት ይደሊ", "so": "waxaan rabaa inaan ciyaaro kubadda cagta",
    "es": "quiero jugar al fútbol", "pl": "chcę grać w piłkę nożną", "ro": "vreau să joc fotbal",
}  # fmt: skip


@pytest.fixture
def town(site):
    """Three activities in Mechelen: on three days, of three kinds."""
    return [
        factories.offer(
            title="Voetbal met kinderen", words="We spelen.", kind=OfferKind.SPORT, interests=["football", "children-family"],
            suited=[Suited.CHILDREN], price_cents=0, gatherings=[factories.weekly(5, "14:00")],
        ),
        factories.offer(title="Koor", interests=["singing"], dutch_level="a2", price_cents=550, gatherings=[factories.weekly(TOMORROW.weekday(), "20:00")]),
        factories.offer(title="Meelopen", kind=OfferKind.WORK_PLACEMENT, when_words="Op afspraak", slot="mon-morning"),
    ]  # fmt: skip


def titles(page, within="article"):
    return [title.get_text() for title in page.soup.select(f"{within} h2")]


@pytest.mark.parametrize("lang", FOOTBALL)
def test_a_phrase_in_any_language_finds_it(browser, town, lang):
    page = browser.get(f"/{lang}/activities?q={quote_plus(FOOTBALL[lang])}")
    assert titles(page) == ["Voetbal met kinderen"]
    assert page.soup.select_one("#q")["value"] == FOOTBALL[lang]
    assert browser.get(f"/nl/activities?q={quote_plus(FOOTBALL[lang])}").soup.select("article")


@pytest.mark.parametrize(
    ("lang", "phrase"),
    [
        ("es", "quiero hacer amigos"),
        ("en", "I want to make friends"),
        ("nl", "vrienden maken"),
        ("fr", "me faire des amis"),
        ("pl", "chcę znaleźć przyjaciół"),
    ],
)
def test_the_name_of_a_goal_finds_what_is_for_it(browser, town, lang, phrase):
    """What has no interest of its own: to make friends, to prepare for work."""
    factories.offer(title="Ontmoeten", goals=[OfferGoal.MAKE_FRIENDS])
    assert titles(browser.get(f"/{lang}/activities?q={quote_plus(phrase)}")) == ["Ontmoeten"]


def test_words_of_a_title_find_it_too_in_any_case_and_spelling(browser, town):
    assert titles(browser.get("/nl/activities?q=KOÓR")) == ["Koor"]
    assert titles(browser.get("/nl/activities?q=koor+mechelen")) == ["Koor"]


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("view", ["list", "map", "week"])
def test_every_view_in_every_direction(browser, town, lang, view):
    for query in ("", "&place=2800", "&q=xyzzy&place=2800&km=5", "&network=rivierenland&kind=sport"):
        page = browser.get(f"/{lang}/activities?view={view}{query}")
        assert page.soup.select_one("nav.views [aria-current]")


def test_what_is_asked_for_stays_in_the_form_and_in_every_link(browser, town):
    page = browser.get(
        "/nl/activities?q=voetbal&place=2800&km=10&level=b1&day=sat&part=afternoon&suited=children&free=1"
    )
    assert titles(page) == ["Voetbal met kinderen"]
    assert page.soup.select_one("details[open] #km option[selected]")["value"] == "10"
    assert {box["name"] for box in page.soup.select("input[checked]")} == {"suited", "free"}
    for link in page.soup.select("nav.views a"):
        asked = parse_qs(urlsplit(link["href"]).query)
        assert (asked["q"], asked["place"], asked["day"], asked["free"]) == (
            ["voetbal"],
            ["Mechelen"],
            ["sat"],
            ["1"],
        )


def test_what_is_passed_on_says_what_was_understood(browser, town):
    page = browser.get("/nl/activities?q=" + quote_plus("ik wil voetballen met Fatima uit de Kerkstraat"))
    shared = [link["href"] for link in page.soup.select(".share a")]
    assert all("Fatima" not in link for link in shared)
    assert any("like%3Dfootball" in link for link in shared)
    assert titles(browser.get("/nl/activities?like=football")) == ["Voetbal met kinderen"]


def test_nothing_found_offers_what_comes_closest(browser, town):
    page = browser.get("/nl/activities?q=voetbal&day=sun&place=2800")
    assert not page.soup.select("article")
    nearest = [title.get_text() for title in page.soup.select("li.card h3")]
    assert nearest[0] == "Voetbal met kinderen"
    assert len(nearest) == 3


def test_with_nothing_at_all_the_page_still_says_what_to_do(browser, site):
    assert browser.get("/nl/activities").soup.select_one(".empty a")


@pytest.mark.parametrize("query", ["km=-1", "km=99999", "level=z", "day=zzz", "part=1", "goal=x", "suited=x", "like=x", "network=x", "town=x", "view=x", "order=x", "from=2026-99-99", "view=week&from=9999-12-31", "q=" + "a" * 5000, "q=%25%5F%27", "page=0"])  # fmt: skip
def test_what_makes_no_sense_is_left_out(browser, town, query):
    assert browser.get(f"/nl/activities?{query}").status == 200


def test_free_and_level_are_said_in_words_beside_their_picture(browser, town):
    cards = {card.h2.get_text(): card for card in browser.get("/nl/activities").soup.select("article")}
    assert "€\u00a05,50" in cards["Koor"].get_text()
    assert len(cards["Koor"].select(".level .on")) == 2
    assert not cards["Voetbal met kinderen"].select(".level .on")


def test_the_text_is_in_the_language_of_the_page_and_marked_where_it_is_not(browser, site):
    offer = factories.offer(title="Zingen", words="Samen zingen.")
    factories.text(offer, "ar", title="غناء", words="نغني معا.", made_by=TextMaker.MACHINE)
    page = browser.get(f"/ar/activities/{offer.id}")
    assert page.soup.select_one("h1 bdi[lang=ar]").get_text() == "غناء"
    assert page.soup.select_one("p[lang=ar][dir=auto]").get_text() == "نغني معا."
    assert page.soup.select_one("main a[hreflang=nl]")["href"] == f"/nl/activities/{offer.id}"
    page = browser.get(f"/ps/activities/{offer.id}")
    assert page.soup.select_one("h1 bdi[lang=nl]").get_text() == "Zingen"
    with transaction():
        session().merge(offer).words = "Samen zingen en eten."
    assert browser.get(f"/ar/activities/{offer.id}").soup.select_one("main a[hreflang=nl]")


def test_a_full_activity_says_so_and_is_in_no_list(browser, site):
    offer = factories.offer(title="Vol", places=2, places_taken=2)
    assert browser.get(f"/nl/activities/{offer.id}").soup.select_one(".notice.wait")
    assert not browser.get("/nl/activities").soup.select("article")


def test_several_places_and_a_time_that_does_not_take_place(browser, site):
    there = {
        "postcode": "2440",
        "locality": "Geel",
        "municipality": "Geel",
        "place": "Zaal",
        "route": "Achterom",
    }
    offer = factories.offer(gatherings=[factories.weekly(0), factories.weekly(2, **there)])
    with transaction() as db:
        first = db.query(Occurrence).filter_by(offer_id=offer.id).order_by(Occurrence.starts_at).first()
        first.cancelled_at = first.created_at
    page = browser.get(f"/nl/activities/{offer.id}")
    assert "Zaal, 2440 Geel" in page.text
    assert "Achterom" in page.text
    assert page.soup.select("s time")


# --- what fits


@pytest.fixture
def newcomer(site):
    return factories.newcomer(
        interests=["football", "cooking"],
        availability=["sat-afternoon"],
        dutch_level=DutchLevel.A1,
        max_km=20,
    )


def test_a_newcomer_sees_first_what_fits_and_why(signed_in, town, newcomer):
    factories.offer(title="Te moeilijk", interests=["football"], dutch_level="b1")
    factories.offer(title="Te ver", interests=["football"], municipality="Hasselt")
    for lang in LANGS:
        page = signed_in(newcomer.person).get(f"/{lang}/activities")
        assert titles(page) == ["Voetbal met kinderen", "Meelopen"]
        assert len(page.soup.select("article")[0].select(".fits li")) == 2
    sorted_else = signed_in(newcomer.person).get("/nl/activities?order=soon")
    assert len(titles(sorted_else)) == 5


def test_what_was_said_stands_before_what_fits(signed_in, newcomer):
    far = {
        "interests": ["football", "children-family"],
        "suited": [Suited.CHILDREN],
        "municipality": "Duffel",
    }
    factories.offer(title="Voetbal met kinderen", gatherings=[factories.weekly(1, "09:00")], **far)
    factories.offer(
        title="Koken met kinderen",
        interests=["cooking"],
        suited=[Suited.CHILDREN],
        gatherings=[factories.weekly(5, "14:00")],
    )
    office = signed_in(newcomer.person)
    asked = office.get(f"/en/activities?q={quote_plus('I want to play football with my children')}")
    assert titles(asked) == ["Voetbal met kinderen", "Koken met kinderen"]
    assert titles(office.get("/en/activities")) == ["Koken met kinderen", "Voetbal met kinderen"]


def test_the_reasons_are_those_of_the_matcher_the_strongest_first(town, newcomer):
    best, *others = fitting(newcomer, home_of(newcomer), "nl")
    assert best.hit.title == "Voetbal met kinderen"
    assert next(code for code, _facts in best.reasons) in (Criterion.PLACE, Criterion.INTERESTS)
    assert dict(best.reasons)[Criterion.INTERESTS]["common"] == ("football",)
    assert dict(best.reasons)[Criterion.AVAILABILITY]["common"] == ("sat-afternoon",)
    assert all(other.score is None or other.score <= best.score for other in others)


def test_who_told_nothing_gets_the_list_of_everybody(signed_in, town):
    silent = factories.newcomer(interests=[], availability=[])
    page = signed_in(silent.person).get("/nl/activities")
    assert len(titles(page)) == 3
    assert not page.soup.select(".fits")


# --- map, week and paper


def test_the_map_leads_from_networks_to_municipalities_to_the_list(browser, town):
    page = browser.get("/nl/activities?view=map&kind=sport")
    circle = page.soup.select_one(".dot-map a")
    assert circle.title.get_text()
    page = browser.get(circle["href"])
    assert "network=rivierenland" in circle["href"]
    circle = page.soup.select_one(".dot-map a")
    assert circle.title.get_text() == "Mechelen: 1"
    assert [link["href"] for link in page.soup.select("ul.lines a")] == [circle["href"]]
    assert titles(browser.get(circle["href"])) == ["Voetbal met kinderen"]


def test_a_week_can_be_leafed_through_and_never_back_before_today(browser, town):
    page = browser.get("/nl/activities?view=week&q=koor")
    assert [link.get_text() for link in page.soup.select(".week-days a")] == ["Koor"]
    pills = [link for link in page.soup.select("a.pill") if "from=" in link["href"]]
    assert len(pills) == 1
    after = browser.get(pills[0]["href"])
    assert [link.get_text() for link in after.soup.select(".week-days a")] == ["Koor"]
    assert len([link for link in after.soup.select("a.pill") if "from=" in link["href"]]) == 2
    early = browser.get(f"/nl/activities?view=week&from={today() - timedelta(days=30)}")
    assert early.soup.select_one(".week-days time")["datetime"] == str(today())


@pytest.mark.parametrize("lang", LANGS)
def test_the_sheet_of_a_municipality(browser, town, lang):
    page = browser.get(f"/{lang}/activities?place=2800")
    sheet = next(link for link in page.links() if "week-sheet" in link)
    page = browser.get(f"{sheet}?from={TOMORROW}")  # whatever is over today comes again within the week
    assert [cell.get_text() for cell in page.soup.select("th[scope=row]")] != []
    assert {cell.get_text() for cell in page.soup.select("th[scope=row]")} == {"Voetbal met kinderen", "Koor"}
    assert page.soup.select_one(".qr svg")
    pdf = browser.send("GET", next(link for link in page.links() if ".pdf" in link))
    assert pdf.get_data().startswith(b"%PDF")
    browser.get(f"/{lang}/activities/week-sheet/Atlantis", status=404)


def test_few_questions_to_the_database_however_much_there_is(browser, signed_in, town, newcomer):
    for _ in range(15):
        factories.offer(gatherings=[factories.weekly(3), factories.weekly(4)])
    paths = ["", "?place=2800&q=koor", "?q=xyzzy", "?view=map", "?view=map&network=kempen", "?view=week", f"/{town[0].id}", "/week-sheet/Mechelen", ".rss", ".ics", f"/{town[0].id}.ics"]  # fmt: skip
    for client in (browser, signed_in(newcomer.person)):
        for path in paths:
            with statements() as sent:
                client.send("GET", f"/nl/activities{path}")
            assert len(sent) <= 8, path


# --- for other programs


def test_the_calendar_holds_what_is_found(browser, town):
    answer = browser.send("GET", "/ar/activities.ics?q=koor")
    assert answer.content_type == "text/calendar; charset=utf-8"
    events = Calendar.from_ical(answer.get_data()).walk("VEVENT")
    assert {str(event["summary"]) for event in events} == {"Koor"}
    assert all(in_brussels(event["dtstart"].dt).hour == 20 for event in events)
    assert len({event["uid"] for event in events}) == len(events) == 9
    one = Calendar.from_ical(browser.send("GET", f"/nl/activities/{town[1].id}.ics").get_data()).walk(
        "VEVENT"
    )
    assert {event["uid"] for event in one} <= {event["uid"] for event in events}
    assert browser.send("GET", "/nl/activities/99999.ics").status_code == 404


def test_the_feed_tells_what_is_new(browser, town):
    nasty = factories.offer(title="<b>Bal</b> & \x0bkoffie", words="a]]>b")
    answer = browser.send("GET", "/nl/activities.rss")
    assert answer.content_type == "application/rss+xml; charset=utf-8"
    channel = ET.fromstring(answer.get_data()).find("channel")
    items = channel.findall("item")
    assert items[0].findtext("title") == "<b>Bal</b> & koffie"
    assert items[0].findtext("link") == f"http://localhost/nl/activities/{nasty.id}"
    assert len(items) == 4
    assert [
        item.findtext("title")
        for item in ET.fromstring(browser.send("GET", "/nl/activities.rss?kind=sport").get_data()).iter(
            "item"
        )
    ] == ["Voetbal met kinderen"]
    page = browser.get("/nl/activities?kind=sport")
    assert page.soup.select_one("link[type='application/rss+xml']")["href"] == "/nl/activities.rss?kind=sport"


def test_search_engines_can_take_it_over(browser, town):
    offer = factories.offer(
        title="</script><script>alert(1)", price_cents=0, gatherings=[factories.weekly(0)]
    )
    page = browser.get(f"/nl/activities/{offer.id}")
    script = page.soup.select_one("script[type='application/ld+json']")
    assert script["nonce"]
    assert "alert" not in "".join(
        other.get_text() for other in page.soup.select("script") if other is not script
    )
    first, *_others = json.loads(script.string)["@graph"]
    assert (first["@type"], first["name"]) == ("Event", "</script><script>alert(1)")
    assert first["location"]["address"]["postalCode"] == "2800"
    assert first["isAccessibleForFree"] is True
    assert first["startDate"].endswith(("+01:00", "+02:00"))
    assert browser.get(f"/nl/activities/{town[2].id}").soup.select("script[type='application/ld+json']") == []
