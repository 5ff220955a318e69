"""What was typed is not lost: by another language (L7), by hours of waiting, by an ended sign-in (S9)."""

from datetime import timedelta

import pytest
import time_machine

from app.clock import now
from app.db import session
from app.models import HourEntry, KeptForm, Registration, Remark, SignIn
from app.security.sign_in_limits import LIMITS
from app.services import accounts, kept_forms
from tests import factories
from tests.client import MAIN_FORM
from tests.factories import PASSWORD
from tests.hours_world import World

HERE = {"Sec-Fetch-Site": "same-origin"}
WORDS = 'حكينا عن المدرسة و<القطار> "اليوم"'


@pytest.fixture
def checked(site):
    """The site with its check that a form comes from itself."""
    site.config["WTF_CSRF_ENABLED"] = True
    yield
    site.config["WTF_CSRF_ENABLED"] = False


def later(**how):
    return time_machine.travel(now() + timedelta(**how), tick=True)


def hours_typed(page):
    """The form of something else, filled in."""
    return {
        **page.form(), "kind": "sport", "title": WORDS, "contact_name": "Karim", "contact_email": "karim@example.be",
        "day": "yesterday", "at": "10:00", "minutes": "60", "dutch": "yes",
    }  # fmt: skip


def shown(page, name):
    """What a form holds under that name."""
    return page.form().get(name)


def test_a_wizard_goes_on_after_five_hours(browser, checked):
    first = browser.get("/ar/register/newcomer/name")
    second = browser.submit(first, call_name="سمر", full_name="سمر")
    with later(hours=5):
        third = browser.submit(second, postcode="2800", place="Mechelen")
        assert third.response.request.path != first.response.request.path
        assert session().query(Registration).count() == 1
        assert browser.get("/ar/register/newcomer/name").form()["full_name"] == "سمر"


def test_hours_told_after_the_sign_in_ended_wait_for_who_signs_in_again(signed_in, checked, site):
    newcomer = factories.newcomer()
    code = accounts.give_code(newcomer.person_id, secret_key=site.config["SECRET_KEY"])
    browser = signed_in(newcomer.person)
    page = browser.get("/ar/hours/tell/other")
    typed = hours_typed(page)
    with later(days=14, hours=3):
        door = browser.post(page.action(), typed)
        assert door.response.request.path == "/ar/sign-in"
        assert door.soup.select_one(".messages .wait")
        assert session().query(HourEntry).count() == 0
        again = browser.submit(browser.get("/ar/sign-in/code"), code=code)
        assert again.response.request.path == "/ar/hours/tell/other"
        assert again.soup.select_one(".messages .good")
        assert again.soup.select_one(f"{MAIN_FORM}[data-kept]")
        for name in ("kind", "title", "contact_name", "contact_email", "day", "at", "minutes"):
            assert shown(again, name) == typed[name], name
        other_language = browser.get("/nl/hours/tell/other")
        assert shown(other_language, "title") == WORDS
        browser.submit(again)
        assert session().query(HourEntry).count() == 1
        assert session().query(KeptForm).count() == 0
        assert shown(browser.get("/ar/hours/tell/other"), "title") == ""


def test_nobody_else_gets_what_was_typed(signed_in, site):
    first, second = factories.newcomer(), factories.newcomer()
    browser = signed_in(first.person)
    page = browser.get("/nl/hours/tell/other")
    with later(days=15):
        browser.post(page.action(), hours_typed(page))
        code = accounts.give_code(second.person_id, secret_key=site.config["SECRET_KEY"])
        browser.submit(browser.get("/nl/sign-in/code"), code=code)
        assert shown(browser.get("/nl/hours/tell/other"), "title") == ""


def test_a_password_leads_back_to_the_form_too(signed_in):
    world = World()
    accounts.set_password(world.duo.buddy.person_id, PASSWORD)
    browser = signed_in(world.duo.buddy.person)
    page = browser.get("/nl/buddy/pause")
    with later(days=15):
        door = browser.post(page.action(), {**page.form(), "note": "x"})
        again = browser.submit(door, email=world.duo.buddy.person.email, password=PASSWORD)
        assert again.response.request.path == "/nl/buddy/pause"


def test_a_button_leads_back_to_the_page_on_which_it_stands(signed_in, site):
    newcomer = factories.newcomer()
    entry = factories.entry(newcomer, factories.offer())
    code = accounts.give_code(newcomer.person_id, secret_key=site.config["SECRET_KEY"])
    browser = signed_in(newcomer.person)
    page = f"/nl/hours/{entry.id}"
    with later(days=15):
        browser.post(f"{page}/agree", {"answer": "yes"}, headers={"Referer": f"http://localhost{page}"})
        assert browser.submit(browser.get("/nl/sign-in/code"), code=code).response.request.path == page


def test_what_is_too_large_and_passwords_are_not_kept(signed_in):
    person = factories.newcomer().person
    browser = signed_in(person)
    with later(days=15):
        browser.post("/nl/account", {"full_name": "x" * 70_000})
        assert session().query(KeptForm).count() == 0
        browser.post("/nl/account/password", {"password": "secret words of mine", "csrf_token": "x"})
        assert session().query(KeptForm).count() == 0
        browser.post("/nl/account", {"full_name": "Samar"})
        browser.post("/nl/account", {"full_name": "Sara", "password": "secret words of mine"})
        assert session().query(KeptForm).one().fields == {"full_name": ["Sara"]}


def test_kept_forms_go_after_a_day(site):
    token = kept_forms.keep({"a": ["b"]}, page="/x", action="/x", sign_in_token=None)
    assert kept_forms.kept(token).fields == {"a": ["b"]}
    assert kept_forms.forget_kept_forms() == 0
    with later(hours=25):
        assert kept_forms.kept(token) is None
        assert kept_forms.forget_kept_forms() == 1


@pytest.mark.parametrize(("lang", "dir_"), [("nl", "ltr"), ("ar", "rtl")])
def test_a_form_of_a_lost_session_comes_back_with_all_that_was_typed(browser, checked, lang, dir_):
    typed = {"sentence": WORDS, "better": "x", "csrf_token": "of-long-ago"}
    page = browser.post(f"/{lang}/remark", typed, status=400, headers=HERE)
    assert (page.soup.html["lang"], page.soup.html["dir"]) == (lang, dir_)
    assert page.soup.select_one(".messages .wait")
    assert shown(page, "sentence") == WORDS
    assert session().query(Remark).count() == 0
    browser.submit(page)
    assert session().query(Remark).one().sentence == WORDS


def test_a_lost_session_on_a_page_of_ones_own_keeps_it_for_who_signs_in(browser, checked, site):
    newcomer = factories.newcomer()
    code = accounts.give_code(newcomer.person_id, secret_key=site.config["SECRET_KEY"])
    door = browser.post("/ar/hours/tell/other", {"title": WORDS, "csrf_token": "x"}, headers=HERE)
    assert door.response.request.path == "/ar/sign-in"
    assert len(door.soup.select(".messages .notice")) == 1
    again = browser.submit(browser.get("/ar/sign-in/code"), code=code)
    assert shown(again, "title") == WORDS


@pytest.mark.parametrize(
    "headers",
    [{}, {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"}, {"Origin": "null"},
     {"Referer": "https://evil.example/http://localhost/"}],
)  # fmt: skip
def test_what_another_site_sends_is_refused_and_never_shown_again(browser, checked, headers):
    page = browser.post("/nl/remark", {"sentence": WORDS}, status=400, headers=headers)
    assert WORDS not in page.text
    assert not page.soup.select(MAIN_FORM)


@pytest.mark.parametrize(
    "headers", [{"Origin": "http://localhost"}, {"Referer": "http://localhost/nl/remark"}]
)
def test_older_browsers_show_where_they_come_from(browser, checked, headers):
    page = browser.post("/nl/remark", {"sentence": WORDS}, status=400, headers=headers)
    assert shown(page, "sentence") == WORDS


@pytest.mark.parametrize("path", ["hours/tell/other", "account", "my-answers/stop"])
def test_another_language_in_the_middle_of_a_form_does_nothing_and_keeps_all(signed_in, checked, path):
    """L7: the field `typed` only shows the form again."""
    newcomer = factories.newcomer()
    browser = signed_in(newcomer.person)
    page = browser.get(f"/nl/{path}")
    names = {"title": WORDS, "full_name": WORDS, "reason": "other"}
    typed = {key: value for key, value in names.items() if page.soup.select(f"{MAIN_FORM} [name={key}]")}
    there = browser.post(f"/ar/{path}", {**page.form(), **typed, "typed": f"/nl/{path}"})
    assert there.soup.html["lang"] == "ar"
    assert {key: shown(there, key) for key in typed} == typed
    assert not there.soup.select("[aria-invalid], [role=alert][data-focus]")
    assert there.soup.select_one(f"{MAIN_FORM}[data-kept]")
    session().refresh(newcomer.person)
    assert newcomer.person.full_name != WORDS


def test_dutch_beside_it_in_the_middle_of_a_form(browser, checked):
    page = browser.get("/ar/remark")
    both = browser.post(
        "/ar/remark", {**page.form(), "sentence": WORDS, "typed": "/ar/remark", "also_dutch": "1"}
    )
    assert both.soup.select_one("main label .dutch[lang=nl]")
    assert shown(both, "sentence") == WORDS


def test_the_last_minutes_are_warned_of_and_one_tap_stays(signed_in, checked):
    person = factories.newcomer().person
    browser = signed_in(person)
    assert browser.get("/ar/my-track").soup.select_one(".ending[hidden]")
    with later(days=13, hours=23, minutes=50):
        page = browser.get("/ar/hours/tell/other")
        warning = page.soup.select_one(".ending:not([hidden])")
        assert 0 < int(warning["data-ends"]) <= 600
        stayed = browser.submit(page, ".ending form")
        assert stayed.response.request.path == "/ar/hours/tell/other"
        assert stayed.soup.select_one(".ending[hidden]")
        fields = page.form(".ending form")
        answer = browser.send("POST", "/ar/stay", data=fields, headers={"Accept": "application/json"})
        assert answer.get_json()["seconds"] > 13 * 24 * 3600
    with later(days=20):
        assert browser.get("/ar/my-track").response.request.path == "/ar/my-track"


def test_who_is_signed_out_cannot_stay(signed_in):
    browser = signed_in(factories.newcomer().person)
    with later(days=15):
        answer = browser.send("POST", "/nl/stay", data={})
        assert "/sign-in" in answer.headers["Location"]
        assert session().query(SignIn).filter(SignIn.expires_at > now()).count() == 0


def test_a_sign_in_lasts_long_enough_to_be_helped():
    assert all(timedelta(minutes=30) <= limits.idle <= limits.longest for limits in LIMITS.values())
