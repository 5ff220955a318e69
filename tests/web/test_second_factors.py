"""The second factor on the screens: asked for by every door, demanded of who sees the data of many."""

import re
from dataclasses import replace

import pytest

from app.db import session, transaction
from app.models import Grant, Message, Person, SignIn
from app.queries.second_factors import has_factor
from app.security.one_time import factor_secret
from app.services import accounts, second_factors
from app.vocabulary import Role
from app.vocabulary.records import LinkPurpose
from tests import factories
from tests.client import Client
from tests.factories import PASSWORD
from tests.factors import Phone, phone_of

HERE = "/nl/account/second-factor"


@pytest.fixture
def demanding(site):
    """A site that demands a second factor, as in production."""
    settings = site.extensions["settings"]
    site.extensions["settings"] = replace(settings, second_factor=True)
    yield site
    site.extensions["settings"] = settings


@pytest.fixture
def els(site):
    made = factories.coordinator(full_name="Els (Gent) 3")
    accounts.set_password(made.id, PASSWORD)
    return made


def phone_shown(page) -> Phone:
    """The phone of who typed the letters of that page in an app."""
    letters = page.main.select_one("bdi b").get_text()
    assert f"secret={letters.replace(' ', '')}" in page.main.select_one("details a")["href"]
    return Phone(letters.replace(" ", ""), [], shown=-1)


def with_password(browser, person, **more):
    page = browser.get("/nl/sign-in")
    return browser.send(
        "POST", page.action(), data={**page.form(), "email": person.email, "password": PASSWORD, **more}
    )


@pytest.mark.parametrize("lang", ["x-pseudo", "nl", "ar"])
def test_it_is_set_up_used_and_taken_away(signed_in, site, els, lang):
    browser = signed_in(els)
    page = browser.get(f"/{lang}/account/second-factor")
    refused = browser.submit(page, status=422, code="12345")
    assert phone_shown(refused).secret == phone_shown(page).secret, "not another one at each mistake"
    phone = phone_shown(page)
    done = browser.submit(page, code=phone.code())
    codes = [code.get_text() for code in done.soup.select("main code")]
    assert len(codes) == 10
    elsewhere = Client(site.test_client())
    half = elsewhere.submit(elsewhere.get(f"/{lang}/sign-in"), email=els.email, password=PASSWORD)
    assert half.soup.select_one("input[name=code]")
    wrong = elsewhere.submit(half, status=422, code="000000")
    elsewhere.submit(wrong, code=phone.code())
    standing = elsewhere.get(f"/{lang}/account/second-factor")
    assert "10" in standing.main.get_text()
    elsewhere.get(f"/{lang}/account")
    elsewhere.submit(standing, status=422, code="ABCDE-22222")
    elsewhere.submit(standing, code=codes[0])
    assert not has_factor(els.id)


def test_half_in_is_not_in(browser, els):
    phone_of(els)
    answer = with_password(browser, els)
    assert answer.headers["Location"] == "/nl/sign-in/second-factor"
    assert session().query(SignIn).filter(SignIn.ended_at.is_(None)).count() == 0
    for path in ("today", "account", "people/newcomers", "account/second-factor", "my-data"):
        assert "/sign-in" in browser.send("GET", f"/nl/{path}").headers["Location"]


def test_every_door_asks_for_it(browser, els, site):
    phone_of(els)
    doors = {
        "sign-in/link": accounts.new_link(LinkPurpose.SIGN_IN, locale="nl", person_id=els.id),
        "confirm-address": accounts.new_link(LinkPurpose.CONFIRM_ADDRESS, locale="nl", person_id=els.id),
        "password": accounts.new_link(LinkPurpose.RESET_PASSWORD, locale="nl", person_id=els.id),
    }
    for path, token in doors.items():
        stranger = Client(site.test_client())
        answer = stranger.send(
            "POST", f"/nl/{path}/{token}", data={"password": "zeven-groene-fietsen-9"}, follow_redirects=False
        )
        assert answer.headers["Location"] == "/nl/sign-in/second-factor", path
    code = accounts.give_code(els.id, secret_key=site.config["SECRET_KEY"])
    answer = browser.send("POST", "/nl/sign-in/code", data={"code": code})
    assert answer.headers["Location"] == "/nl/sign-in/second-factor"
    assert session().query(SignIn).filter(SignIn.ended_at.is_(None)).count() == 0


def test_the_way_goes_on_to_the_page_that_was_wanted(browser, els):
    phone = phone_of(els)
    with_password(browser, els, next="/nl/people/newcomers?q=x")
    answer = browser.send("POST", "/nl/sign-in/second-factor", data={"code": phone.codes[0]})
    assert answer.headers["Location"] == "/nl/people/newcomers?q=x"
    other = with_password(browser, els, next="//evil.example")
    assert other.headers["Location"] == "/nl/sign-in/second-factor"
    answer = browser.send("POST", "/nl/sign-in/second-factor", data={"code": phone.codes[1]})
    assert answer.headers["Location"] == "/nl/me"


def test_half_in_ends_when_the_password_changes_and_after_ten_minutes(browser, els):
    phone = phone_of(els)
    with_password(browser, els)
    accounts.set_password(els.id, "zeven-groene-fietsen-9")
    answer = browser.send("POST", "/nl/sign-in/second-factor", data={"code": phone.codes[0]})
    assert answer.headers["Location"] == "/nl/sign-in"
    accounts.set_password(els.id, PASSWORD)
    with_password(browser, els)
    with transaction() as db:
        for link in db.query(accounts.Link).filter_by(purpose=LinkPurpose.SECOND_FACTOR):
            link.expires_at = link.created_at
    answer = browser.send("POST", "/nl/sign-in/second-factor", data={"code": phone.codes[0]})
    assert answer.headers["Location"] == "/nl/sign-in"


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.COUNSELLOR, Role.ADMINISTRATOR])
def test_where_it_is_demanded_nothing_else_opens(demanding, signed_in, role):
    make = {Role.COORDINATOR: factories.coordinator, Role.COUNSELLOR: factories.counsellor}
    human = make.get(role, factories.administrator)()
    browser = signed_in(human)
    for path in (
        "today",
        "caseload",
        "admin/people",
        "people/newcomers",
        "account",
        "my-data.json",
        "me",
        "audit",
    ):
        assert browser.send("GET", f"/nl/{path}").headers["Location"] == HERE, path
    browser.get("/nl/help")
    page = browser.get(HERE)
    assert page.soup.select_one("main .notice")
    browser.submit(page, code=phone_shown(page).code())
    browser.get("/nl/account")
    assert has_factor(human.id)


def test_it_is_demanded_of_nobody_else(demanding, signed_in):
    for human in (
        factories.buddy().person,
        factories.newcomer().person,
        factories.person(roles=(Role.HELPER,)),
    ):
        assert signed_in(human).get("/nl/account").response.request.path == "/nl/account"


def test_production_demands_it_whatever_the_setting(site):
    settings = site.extensions["settings"]
    assert not settings.demands_second_factor
    assert replace(settings, production=True).demands_second_factor


def test_taken_away_where_demanded_it_has_to_be_set_up_again_at_once(demanding, signed_in, els):
    phone = phone_of(els)
    browser = signed_in(els)
    browser.submit(browser.get(HERE), code=phone.codes[0])
    assert browser.send("GET", "/nl/today").headers["Location"] == HERE


def test_guesses_are_few_also_with_another_sign_in_each_time(throttled, site, els):
    phone = phone_of(els)
    statuses = []
    for _ in range(8):
        browser = Client(site.test_client())
        with_password(browser, els)
        statuses.append(
            browser.send("POST", "/nl/sign-in/second-factor", data={"code": "000000"}).status_code
        )
    assert statuses == [422] * 5 + [429] * 3
    assert browser.send("POST", "/nl/sign-in/second-factor", data={"code": phone.codes[0]}).status_code == 429


def test_a_lost_phone_needs_two_administrators(signed_in, els):
    phone_of(els)
    first, second = factories.administrator(), factories.administrator(full_name="أحمد (Gent) 3")
    for lang in ("x-pseudo", "nl", "ar"):
        signed_in(second).get(f"/{lang}/admin/people")
    form = f"form[action$='/admin/people/{els.id}/second-factor']"
    signed_in(first).submit(signed_in(first).get("/nl/admin/people"), form)
    assert has_factor(els.id)
    waiting = signed_in(first).get("/ar/admin/people")
    assert not waiting.soup.select(form)
    signed_in(second).submit(signed_in(second).get("/x-pseudo/admin/people"), form)
    assert not has_factor(els.id)
    assert session().query(Message).filter_by(kind="second-factor-reset").count() == 1


def test_no_staff_is_made_by_an_administrator_without_it(demanding, signed_in):
    """Coordinators, counsellors and their region, and other administrators: by who has a second factor only."""
    keeper, other = factories.administrator(), factories.coordinator()
    role = session().query(Grant).filter_by(person_id=other.id).one().id
    browser = signed_in(keeper)
    sent = {
        "full_name": "Noor",
        "email": "noor@example.be",
        "locale": "nl",
        "network": "kempen",
        "agency": "agii",
    }
    acts = [("people/new", {**sent, "role": role.value}) for role in second_factors.STAFF]
    acts += [
        (f"roles/{role}/take", {}),
        ("administrators/1/agree", {}),
        (f"people/{other.id}/second-factor", {}),
    ]
    for path, fields in acts:
        answer = browser.send("POST", f"/nl/admin/{path}", data=fields)
        assert answer.headers["Location"] == "/nl/account/second-factor", path
    assert session().query(Grant).count() == 2
    assert session().query(Person).count() == 2
    phone_of(keeper)  # which ends the sign-ins of before
    answer = signed_in(keeper).send("POST", "/nl/admin/people/new", data={**sent, "role": "coordinator"})
    assert answer.headers["Location"] == "/nl/admin/people"
    assert session().query(Grant).count() == 3


def test_the_command_for_who_runs_the_server(site, els):
    phone_of(els)
    person_id, email, run = els.id, els.email, site.test_cli_runner().invoke
    assert run(args=["reset-second-factor", "nobody@example.be"]).exit_code == 1
    assert run(args=["reset-second-factor", "no address"]).exit_code == 1
    assert run(args=["reset-second-factor", email]).exit_code == 0
    assert not has_factor(person_id)


def test_its_owner_sees_no_secret_in_the_own_data(signed_in, els):
    phone = phone_of(els, salt="grain-of-salt")
    text = signed_in(els).send("GET", "/nl/my-data.json").get_data(as_text=True)
    assert re.search(r'"recovery codes"', text)
    assert "grain-of-salt" not in text
    assert factor_secret("grain-of-salt") not in text
    assert not any(code in text for code in phone.codes)
    assert second_factors.passes(els.id, phone.codes[0])
