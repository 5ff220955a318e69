"""Pages of activities for who makes and who checks them, and the question whether one goes on."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup

from app.clock import today
from app.db import session
from app.models import Offer
from app.security.viewer import ANONYMOUS
from app.services import offer_writing
from app.services.accounts import new_link
from app.vocabulary.activities import OfferState, TextState
from app.vocabulary.records import LinkPurpose
from tests import factories
from tests.activities import House, state_of

LANGS = ("x-pseudo", "nl", "ar")
S = OfferState
WORDS = {
    "title": "Praattafel",
    "kind": "conversation_group",
    "words": "We praten samen.",
    "goals": "learn-dutch",
    "dutch_level": "a1",
}
WHERE = {
    "town": "2800", "place": "Buurthuis", "rhythm": "weekly", "weekdays": ["tue", "thu"], "start": "10:00", "ends": "12:00",
    "skips_school_holidays": "y",
}  # fmt: skip
TERMS = {
    "fluent_speakers": "4",
    "meeting_words": "Samen aan tafel.",
    "insurer": "Ethias",
    "price": "2,50",
    "reduced": "1",
    "places": "10",
}
LONG = "Wij nodigen u van harte uit om samen met ons en met heel veel andere buren te komen eten."


@pytest.fixture
def house(site):
    return House()


def at(offer, page=""):
    return f"/nl/my-activities/{offer.id}{page and '/'}{page}"


def kept(offer):
    session().expire_all()
    return session().get_one(Offer, offer.id)


def test_from_a_first_word_to_published(signed_in, house):
    browser = signed_in(house.person)
    page = browser.submit(
        browser.get(f"/nl/my-activities/organisation/{house.organisation.id}/new"), "form.card", **WORDS
    )
    offer = session().query(Offer).one()
    assert page.response.request.path == at(offer, "where/1")
    page = browser.submit(page, "form.stack", **WHERE)
    assert page.response.request.path == at(offer, "terms")
    page = browser.submit(page, "form.stack", **TERMS, contact_person_id=str(house.contact.id))
    assert page.response.request.path == at(offer)
    for words in ("Praattafel", "10:00", "12:00", "2,50", "Samen aan tafel."):
        assert words in page.main.get_text(), words
    browser.submit(page, "form[action$='/send']")
    assert state_of(offer.id) is S.TO_CHECK
    desk = signed_in(house.coordinator)
    assert f"/nl/activities/{offer.id}/check" in desk.get("/nl/today").links()
    check = desk.get(f"/nl/activities/{offer.id}/check")
    assert desk.post(f"/nl/activities/{offer.id}/check", {"dutch": "y"}, status=422).soup.select_one(
        "#error-meet"
    )
    desk.submit(check, "form:has([name=dutch])", dutch="y", meet="y")
    assert state_of(offer.id) is S.PUBLISHED
    assert f"/nl/activities/{offer.id}" in desk.get("/nl/activities").links()
    assert kept(offer).gatherings[0].rule == "FREQ=WEEKLY;BYDAY=TU,TH"


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("state", list(OfferState))
def test_the_pages_in_each_state(signed_in, house, lang, state):
    offer = house.offer(
        state, check_note="Korter", price_cents=0, suited=["wheelchair"], interests=["chess"], ends_on=today()
    )
    factories.text(offer, "ar")
    factories.text(offer, "fr", source_mark="older")
    browser, desk = signed_in(house.person), signed_in(house.coordinator)
    for page in ("", "/words", "/where/1", "/where/2", "/terms", "/texts/ar", "/texts/fr", "/texts/ti"):
        browser.get(f"/{lang}/my-activities/{offer.id}{page}")
    desk.get(f"/{lang}/my-activities/{offer.id}")
    desk.get(f"/{lang}/activities/{offer.id}/check")


def test_hints_for_plain_dutch_keep_what_was_typed_and_nothing_else(signed_in, house):
    browser, new = signed_in(house.person), f"/nl/my-activities/organisation/{house.organisation.id}/new"
    page = browser.post(new, {**WORDS, "words": f"{LONG} Gezelschapsspelletjes!", "hints": "1"})
    assert LONG in page.soup.select_one(".notice.wait").get_text()
    assert "Gezelschapsspelletjes" in page.soup.select(".notice.wait li")[1].get_text()
    assert page.soup.select_one("[name=title]")["value"] == WORDS["title"]
    assert browser.post(new, {**WORDS, "hints": "1"}).soup.select_one("p.good")
    assert not session().query(Offer).all()


def test_hints_while_typing_are_those_of_the_button_and_need_a_sign_in(browser, signed_in, house):
    """A part of the page for the script; what was typed comes back as text."""
    mine, here = signed_in(house.person), "/nl/my-activities/hints"
    page = mine.get(f"/nl/my-activities/organisation/{house.organisation.id}/new")
    box = page.soup.select_one("#hints")
    assert (box["data-asks"], box["data-of"]) == (here, page.soup.select_one("[name=words]")["id"])
    sent = {"words": f"{LONG} <b>Gezelschapsspelletjes</b>!"}
    part = mine.send("POST", here, data=sent).get_data(as_text=True)
    said = mine.post(page.response.request.path, {**WORDS, **sent, "hints": "1"}).soup.select_one(
        "#hints .notice"
    )
    found = BeautifulSoup(part, "html.parser").select_one("#hints .notice")
    assert [item.get_text() for item in found.select("li")] == [item.get_text() for item in said.select("li")]
    assert not found.select("b")
    assert "data-module" not in part
    assert BeautifulSoup(mine.send("POST", here).get_data(as_text=True), "html.parser").select_one("#hints")
    assert "/sign-in" in browser.send("POST", here, data=sent).headers["Location"]
    assert signed_in(factories.newcomer().person).send("POST", here, data=sent).status_code == 403
    assert not session().query(Offer).all()


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"title": ""}, "title"), ({"title": "x" * 81}, "title"), ({"kind": ""}, "kind"), ({"kind": "nonsense"}, "kind"),
        ({"link": "ftp://x.be"}, "link"), ({"interests": ["chess", "football", "running", "cycling", "gym", "walking"]}, "interests"),
        ({"goals": "nonsense"}, "goals"),
    ],
)  # fmt: skip
def test_words_that_cannot_be(signed_in, house, typed, field):
    page = signed_in(house.person).post(at(house.offer(S.DRAFT), "words"), {**WORDS, **typed}, status=422)
    assert page.soup.select_one(f"#error-{field}")


@pytest.mark.parametrize(
    ("typed", "rule", "days"),
    [
        ({"rhythm": "biweekly"}, "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH", []),
        ({"rhythm": "monthly", "weekdays": ["fri"], "number": "-1"}, "FREQ=MONTHLY;BYDAY=-1FR", []),
        ({"rhythm": "dates", "dates": "24/11/2026, 2026-12-01 en"}, None, []),
        ({"rhythm": "dates", "dates": "24/11/2026, 1.12.2026; 1-12-2026"}, "", ["2026-11-24", "2026-12-01"]),
        ({"rhythm": "open", "slots": ["mon-morning"], "start": "", "ends": ""}, "", []),
    ],
)
def test_each_way_to_say_when_comes_back_as_it_was_said(signed_in, house, typed, rule, days):
    offer, browser = house.offer(S.DRAFT), signed_in(house.person)
    if rule is None:
        browser.post(at(offer, "where/1"), {**WHERE, **typed}, status=422)
        return
    browser.post(at(offer, "where/1"), {**WHERE, **typed})
    place = kept(offer).gatherings[0]
    assert (place.rule, place.dates) == (rule, days)
    page = browser.get(at(offer, "where/1"))
    assert page.soup.select_one(f"[name=rhythm][value={typed['rhythm']}]").has_attr("checked")
    browser.submit(page, "form.stack")
    again = kept(offer).gatherings[0]
    assert (again.rule, again.dates, again.start, again.minutes, again.slots) == (
        place.rule, place.dates, place.start, place.minutes, place.slots,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"town": ""}, "town"), ({"town": "Beveren"}, "town"), ({"rhythm": ""}, "rhythm"), ({"weekdays": []}, "weekdays"),
        ({"rhythm": "monthly"}, "weekdays"), ({"rhythm": "dates"}, "dates"), ({"dates": "32/13/2026"}, "dates"),
        ({"rhythm": "open"}, "slots"), ({"start": ""}, "ends"), ({"ends": "09:00"}, "ends"), ({"start": "25:99"}, "start"),
        ({"rhythm": "kept"}, "rhythm"), ({"first_on": "2026-12-01", "until": "2026-11-01"}, "until"),
        ({"first_on": "1990-01-01"}, None),
    ],
)  # fmt: skip
def test_where_and_when_that_cannot_be(signed_in, house, typed, field):
    page = signed_in(house.person).post(at(house.offer(S.DRAFT), "where/1"), {**WHERE, **typed}, status=422)
    assert page.soup.select_one(f"#error-{field}" if field else ".notice.bad")


def test_a_rule_that_the_form_cannot_say_is_kept(signed_in, house):
    offer = house.offer(S.DRAFT, gatherings=[factories.weekly(rule="FREQ=DAILY;COUNT=9")])
    browser = signed_in(house.person)
    page = browser.get(at(offer, "where/1"))
    browser.submit(page, "form.stack", place="Elders")
    place = kept(offer).gatherings[0]
    assert (place.rule, place.place) == ("FREQ=DAILY;COUNT=9", "Elders")


def test_places_are_added_and_left_out(signed_in, house):
    offer, browser = house.offer(), signed_in(house.person)
    browser.submit(browser.get(at(offer, "where/2")), "form.stack", **{**WHERE, "town": "2500"})
    assert [place.municipality for place in kept(offer).gatherings] == ["Mechelen", "Lier"]
    browser.submit(browser.get(at(offer)), "form[action$='/where/2/remove']")
    assert len(kept(offer).gatherings) == 1
    for position in (0, 3):
        browser.get(at(offer, f"where/{position}"), status=404)


def test_a_place_from_before_has_the_postcode_of_its_town(signed_in, house):
    offer = house.offer(S.DRAFT, slot="mon-morning", gatherings=None)
    signed_in(house.person).submit(signed_in(house.person).get(at(offer, "where/2")), "form.stack", **WHERE)
    assert [place.postcode for place in kept(offer).gatherings] == ["2800", "2800"]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"price": "duur"}, "price"), ({"price": "1001"}, "price"), ({"reduced": "3"}, "reduced"), ({"places": "0"}, "places"),
        ({"places": "veel"}, "places"), ({"fluent_speakers": "-1"}, "fluent_speakers"), ({"contact_person_id": "0"}, "contact_person_id"),
        ({"ends_on": "2020-01-01"}, "ends_on"),
    ],
)  # fmt: skip
def test_terms_that_cannot_be(signed_in, house, typed, field):
    sent = {**TERMS, "contact_person_id": str(house.contact.id), **typed}
    page = signed_in(house.person).post(at(house.offer(S.DRAFT), "terms"), sent, status=422)
    assert page.soup.select_one(f"#error-{field}")


@pytest.mark.parametrize(
    ("typed", "cents"), [("", None), ("0", 0), ("5", 500), ("5,5", 550), ("€ 12.30", 1230), ("٥", 500)]
)
def test_prices(signed_in, house, typed, cents):
    offer, browser = house.offer(S.DRAFT), signed_in(house.person)
    browser.post(
        at(offer, "terms"),
        {**TERMS, "contact_person_id": str(house.contact.id), "price": typed, "reduced": ""},
    )
    assert kept(offer).price_cents == cents
    browser.submit(browser.get(at(offer, "terms")), "form.stack")
    assert kept(offer).price_cents == cents


def test_texts_in_other_languages(signed_in, house):
    offer, browser = house.offer(), signed_in(house.person)
    page = browser.submit(
        browser.get(at(offer, "texts/ar")), "form.stack", title="محادثة", words="قهوة", by_machine="y"
    )
    (text,) = kept(offer).texts
    assert text.state is TextState.MACHINE_MADE
    browser.submit(browser.get(at(offer, "texts/ar")), "form[action$='/check']")
    assert kept(offer).texts[0].state is TextState.CHECKED
    browser.submit(browser.get(at(offer, "texts/ar")), "form[action$='/remove']")
    assert not kept(offer).texts
    browser.post(at(offer, "texts/ar"), {"title": ""}, status=422)
    for tag in ("nl", "xx"):
        browser.get(at(offer, f"texts/{tag}"), status=404)
    assert page.main


def test_one_time_is_called_off_and_put_back(signed_in, house):
    offer, browser = house.offer(gatherings=[factories.weekly()]), signed_in(house.person)
    page = browser.get(at(offer))
    first, *others = page.main.select("ul.todo li time")
    page = browser.submit(page, "form[action$='/call_off']")
    assert page.main.select_one("ul.todo li s time")["datetime"] == first["datetime"]
    assert len(page.main.select("ul.todo li")) == len(others) + 1
    day = first["datetime"][:10]
    assert kept(offer).gatherings[0].except_dates == [day]
    stale = browser.get(at(offer)).soup.select_one("form[action$='/put_back']")["action"]
    browser.submit(browser.get(at(offer)), "form[action$='/put_back']")
    assert kept(offer).gatherings[0].except_dates == []
    browser.post(stale, status=409)
    browser.post(stale.replace("put_back", "call_off").replace("/times/", "/times/9"), status=404)


def test_times_are_shown_of_what_is_published_only(signed_in, house):
    browser = signed_in(house.person)
    for state in S:
        page = browser.get(at(house.offer(state, gatherings=[factories.weekly()])))
        assert bool(page.soup.select("#times")) is (state is S.PUBLISHED)


def test_taken_back_ended_and_on_again(signed_in, house):
    offer, browser = house.offer(ends_on=today() + timedelta(days=9)), signed_in(house.person)
    browser.submit(browser.get(at(offer)), "form[action$='/end']")
    assert state_of(offer.id) is S.ENDED
    browser.post(at(offer, "go-on"), {"until": "2020-01-01"}, status=422)
    browser.submit(browser.get(at(offer)), "form[action$='/go-on']")
    assert kept(offer).ends_on == today() + timedelta(days=183)
    browser.submit(browser.get(at(offer)), "form[action$='/take_back']")
    assert state_of(offer.id) is S.TAKEN_BACK
    browser.get(f"/nl/activities/{offer.id}", status=404)


def test_the_coordinator_sends_it_back_with_words(signed_in, house):
    offer, desk = house.offer(S.TO_CHECK), signed_in(house.coordinator)
    assert desk.post(f"/nl/activities/{offer.id}/send-back", {"note": ""}, status=422).soup.select_one(
        "#error-note"
    )
    desk.submit(
        desk.get(f"/nl/activities/{offer.id}/check"), "form[action$='/send-back']", note="Wie is erbij?"
    )
    assert state_of(offer.id) is S.DRAFT
    assert "Wie is erbij?" in signed_in(house.person).get(at(offer)).main.get_text()


def test_what_changed_while_the_coordinator_looked_is_looked_at_again(signed_in, house):
    offer, desk = house.offer(S.TO_CHECK), signed_in(house.coordinator)
    page = desk.get(f"/nl/activities/{offer.id}/check")
    offer_writing.change_terms(house.actor, offer.id, house.terms(fluent_speakers=1))
    desk.submit(page, "form:has([name=dutch])", dutch="y", meet="y", status=409)
    assert state_of(offer.id) is S.TO_CHECK


def test_the_coordinator_of_the_place_waits_for_the_one_of_the_organisation(signed_in, site):
    """An organisation of another network that is not verified: told, without a way to what the viewer may not see."""
    house = House(organisation=factories.organisation("limburg", verified=False))
    offer = house.offer(S.TO_CHECK)
    for lang in LANGS:
        page = signed_in(house.coordinator).get(f"/{lang}/activities/{offer.id}/check")
        assert not [link for link in page.links() if "/organisations/" in link]
        assert not page.soup.select("[name=dutch]")


def test_nothing_leads_to_a_public_page_that_is_hidden(signed_in, site):
    house = House(organisation=factories.organisation(verified=False))
    offer = house.offer()
    for person, path in ((house.person, at(offer)), (house.coordinator, f"/nl/activities/{offer.id}/check")):
        assert f"/nl/activities/{offer.id}" not in signed_in(person).get(path).links()


def test_of_an_unverified_organisation_the_coordinator_looks_at_that_first(signed_in, site):
    house = House(organisation=factories.organisation(verified=False))
    offer = house.offer(S.TO_CHECK)
    page = signed_in(house.coordinator).get(f"/nl/activities/{offer.id}/check")
    assert f"/nl/organisations/{house.organisation.id}/check" in page.links()
    assert not page.soup.select("[name=dutch]")


def link(house, offer):
    return new_link(LinkPurpose.GOES_ON, locale="nl", contact_person_id=house.contact.id, offer=offer.id)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("answer", ["yes", "no"])
def test_a_contact_person_says_by_link_whether_it_goes_on(browser, house, lang, answer):
    last = today() + timedelta(days=9)
    offer = house.offer(ends_on=last)
    token = link(house, offer)
    page = browser.get(f"/{lang}/g/{token}")
    assert kept(offer).ends_on == last
    assert browser.post(
        f"/{lang}/g/{token}", {"until": "2020-01-01", "answer": "yes"}, status=422
    ).soup.select_one("#error-until")
    browser.submit(page, "form.card", answer=answer)
    assert kept(offer).ends_on == (today() + timedelta(days=183) if answer == "yes" else last)
    browser.get(f"/{lang}/g/{token}", status=410)


def test_a_link_of_nobody_opens_nothing(browser, house):
    browser.get("/nl/g/nonsense", status=404)
    assert ANONYMOUS.person_id is None


def test_foreign_activities_are_not_there(signed_in, house):
    offer = house.offer(S.TO_CHECK)
    for person in (
        factories.coordinator("limburg"),
        factories.organisation_contact(factories.organisation()),
    ):
        browser = signed_in(person)
        for page in ("", "words", "where/1", "terms", "texts/ar"):
            browser.get(at(offer, page), status=404)
    signed_in(factories.coordinator("limburg")).get(f"/nl/activities/{offer.id}/check", status=404)
