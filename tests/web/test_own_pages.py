"""The own page of a buddy, the own answers of a newcomer, and registering together with a helper."""

from datetime import timedelta

import pytest

from app.clock import today
from app.db import session, transaction
from app.models import Buddy, Consent, Newcomer
from app.vocabulary import BuddyState, NewcomerState, Role
from tests import duo_factories, factories

LANGUAGES = ["nl", "ar", "x-pseudo"]
TOMORROW = today() + timedelta(days=1)


@pytest.mark.parametrize(
    ("state", "lang"),
    [*((state, "x-pseudo") for state in BuddyState), (BuddyState.VERIFIED, "nl"), (BuddyState.PAUSED, "ar")],
)
def test_own_page_in_every_state(signed_in, state, lang):
    buddy = factories.buddy(
        state=state,
        words="Omdat ik graag help.",
        words_language="nl",
        wished_gender="f",
        paused_until=TOMORROW,
    )
    page = signed_in(buddy.person).get(f"/{lang}/buddy")
    assert page.soup.select_one("main [lang=nl][dir=auto]").get_text() == "Omdat ik graag help."


@pytest.mark.parametrize(
    ("state", "behind"),
    [
        (BuddyState.REGISTERED, 1),
        (BuddyState.INTAKE_PLANNED, 1),
        (BuddyState.SCREENING, 2),
        (BuddyState.APPROVED, 3),
    ],
)
def test_stations(signed_in, state, behind):
    page = signed_in(factories.buddy(state=state).person).get("/nl/buddy")
    assert len(page.soup.select("ol.track li.done")) == behind
    assert len(page.soup.select("ol.track li[aria-current=step]")) == 1


def test_who_calls_when_as_the_network_has_set_it(signed_in):
    with transaction():
        network = factories.a_network()
        network.caller_name, network.call_within_days, network.call_when, network.help_phone = (
            "Els",
            3,
            "dinsdagavond",
            "+3215000000",
        )
    buddy = factories.buddy(state=BuddyState.VERIFIED)
    page = signed_in(buddy.person).get("/ar/buddy")
    day = (buddy.registered_at + timedelta(days=3)).date().isoformat()
    assert "Els" in page.main.get_text()
    assert page.soup.select_one("main [lang=nl][dir=auto]").get_text() == "dinsdagavond"
    assert page.soup.select_one("main time")["datetime"][:10] in {
        day,
        (buddy.registered_at + timedelta(days=3, hours=2)).date().isoformat(),
    }
    assert page.soup.select_one("main a[href='tel:+3215000000'] bdi[dir=ltr]")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_buddy_looks_at_answers_and_changes_none(signed_in, lang):
    buddy = factories.buddy(
        availability=["wed-evening", "sat-morning"],
        max_km=12,
        capacity=4,
        words="Waarom niet?",
        words_language="fr",
        gender="x",
    )
    before = {
        name: getattr(buddy, name)
        for name in ("max_km", "capacity", "words", "words_language", "availability", "postcode", "gender")
    }
    browser = signed_in(buddy.person)
    for slug in ("where", "languages", "likes", "when", "wishes"):
        page = browser.get(f"/{lang}/buddy/answers/{slug}")
        assert browser.send("POST", page.action(), data=page.form()).location == f"/{lang}/buddy"
    session().expire_all()
    assert {name: getattr(buddy, name) for name in before} == before


def test_a_refused_change_comes_back(signed_in):
    buddy = factories.buddy(capacity=2)
    with transaction():
        buddy.places_taken = 2
    browser = signed_in(buddy.person)
    page = browser.submit(
        browser.get("/nl/buddy/answers/wishes"), status=422, capacity="1", words="Nieuwe woorden"
    )
    assert page.soup.select("#error-capacity")
    assert page.form()["words"] == "Nieuwe woorden"
    page = browser.submit(browser.get("/nl/buddy/answers/where"), status=422, place="0000")
    assert page.form()["place"] == "0000"
    browser.get("/nl/buddy/answers/who", status=404)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_break_and_back(signed_in, lang):
    buddy = factories.buddy()
    browser = signed_in(buddy.person)
    page = browser.get(f"/{lang}/buddy/pause")
    for wrong in (today().isoformat(), "2023-02-29", "01/02/2099", "", "9999999"):
        page = browser.submit(page, status=422, until=wrong)
        assert page.soup.select("#error-until")
    page = browser.submit(page, until=TOMORROW.isoformat())
    assert page.soup.select_one(f"time[datetime='{TOMORROW.isoformat()}']")
    browser.submit(page, "main form[action$=resume]")
    session().expire_all()
    assert buddy.state is BuddyState.APPROVED


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_buddy_stops_after_a_question(signed_in, lang):
    buddy = factories.buddy()
    browser = signed_in(buddy.person)
    page = browser.get(f"/{lang}/buddy/stop")
    assert session().get_one(Buddy, buddy.id).state is BuddyState.APPROVED
    browser.submit(page, status=422, reason="nonsense")
    page = browser.submit(page, reason="no-time")
    assert not [link for link in page.links() if "/answers/" in link or "/stop" in link]
    session().expire_all()
    assert buddy.state is BuddyState.LEFT


def test_who_is_counted_on_is_told_what_to_do_first(signed_in):
    buddy, newcomer = factories.buddy(), factories.newcomer()
    duo_factories.duo(newcomer=newcomer, buddy=buddy, approved_by=factories.coordinator())
    for person, path in ((buddy.person, "/nl/buddy/stop"), (newcomer.person, "/nl/my-answers/stop")):
        browser = signed_in(person)
        assert not browser.get(path).soup.select("main form:not([action$=also-in-dutch])")
        browser.post(path, {"reason": ""}, status=409)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_newcomer_looks_at_answers_and_changes_none(signed_in, lang):
    newcomer = factories.newcomer(words="أحب الطبخ", words_language="ar", wished_gender="f")
    before = {
        name: getattr(newcomer, name)
        for name in (
            "words",
            "words_language",
            "dutch_level",
            "languages",
            "goals",
            "wished_gender",
            "postcode",
        )
    }
    browser = signed_in(newcomer.person)
    for slug in ("where", "dutch", "likes", "when", "hopes"):
        page = browser.get(f"/{lang}/my-answers/{slug}")
        assert browser.send("POST", page.action(), data=page.form()).location == f"/{lang}/my-answers"
    session().expire_all()
    assert {name: getattr(newcomer, name) for name in before} == before


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_newcomer_stops_after_a_question(signed_in, lang):
    newcomer = factories.newcomer()
    browser = signed_in(newcomer.person)
    page = browser.submit(browser.get(f"/{lang}/my-answers/stop"))
    assert not [link for link in page.links() if "/my-answers/" in link]
    session().expire_all()
    assert newcomer.state is NewcomerState.LEFT


def test_own_pages_are_nobody_elses(signed_in, browser):
    newcomer, buddy = factories.newcomer(), factories.buddy()
    signed_in(newcomer.person).get("/nl/buddy", status=403)
    signed_in(buddy.person).get("/nl/my-answers", status=403)
    assert "/sign-in" in browser.get("/nl/buddy").response.request.path


HELPED = (
    {"full_name": "ሰላም"}, {"town": "44021"}, {"languages": ["ti"], "dutch_level": "none"}, {"interests": ["cooking"]}, {"unknown": "y"},
    {"goals": ["meet-people"]}, {"adult": "y", "privacy": "y", "asked_aloud": "y"},
)  # fmt: skip


@pytest.mark.parametrize(("role", "lang"), [(Role.HELPER, "nl"), (Role.COORDINATOR, "x-pseudo")])
def test_together_two_languages_on_one_screen_and_a_card_at_the_end(signed_in, role, lang):
    human = factories.person(roles=(role,), network="rivierenland")
    browser = signed_in(human)
    page = browser.get(f"/{lang}/together")
    page = browser.submit(browser.get(f"/{lang}/together/begin/register"), language="ti")
    assert page.soup.html["lang"] == "ti"
    assert page.soup.select("h1 [lang=nl]")
    for answers in HELPED:
        page = browser.submit(page, **answers)
    assert page.soup.select_one("code").get_text()
    newcomer, consent = session().query(Newcomer).one(), session().query(Consent).one()
    assert newcomer.helped_by_id == consent.helped_by_id == human.id
    assert (newcomer.person.locale, consent.locale) == ("ti", "ti")
    assert browser.get("/nl/together/name").form()["full_name"] == ""
    browser.submit(browser.get("/ti/together/card"), "main form")
    assert browser.get("/ti/together/card").response.request.path == "/ti/together"
    browser.get("/nl/my-answers", status=403)


def test_a_helper_comes_in_at_the_only_thing_a_helper_does(signed_in):
    helper = signed_in(factories.person(roles=(Role.HELPER,)))
    assert helper.get("/nl/me").response.request.path == "/nl/together"
    assert "/nl/together" in signed_in(factories.counsellor()).get("/nl/me").links()


def test_together_needs_a_language_of_ours_and_the_right(signed_in, browser):
    helper = signed_in(factories.person(roles=(Role.HELPER,)))
    helper.post("/nl/together/begin/register", {"language": "zz"}, status=422)
    helper.get("/nl/together/who", status=404)
    signed_in(factories.newcomer().person).get("/nl/together", status=403)
    assert "/sign-in" in browser.get("/nl/together/name").response.request.path


def test_one_helper_cannot_go_on_with_what_another_began(signed_in, site):
    first, second = (signed_in(factories.person(roles=(Role.HELPER,))) for _ in range(2))
    first.submit(first.submit(first.get("/nl/together/begin/register"), language="fr"), full_name="Amina")
    with first.browser.session_transaction() as kept:
        begun = kept["registrations"]
    with second.browser.session_transaction() as kept:
        kept["registrations"] = begun
    assert first.get("/fr/together/name").form()["full_name"] == "Amina"
    assert "Amina" not in second.get("/fr/together/name").html
