"""Coming in: by password, by link, by code; and what a stranger may not learn."""

import re

import pytest

from app.clock import now
from app.db import session, transaction
from app.models import Message, Person, SignIn
from app.services import accounts
from app.vocabulary import BuddyState, Role
from app.vocabulary.records import LinkPurpose
from tests import factories
from tests.factories import PASSWORD


def somebody(**values):
    made = factories.person(roles=(Role.HELPER,), **values)
    accounts.set_password(made.id, PASSWORD)
    return made


def last_link():
    message = session().query(Message).order_by(Message.id.desc()).first()
    return re.search(r"http://localhost(/\S+)", message.text)[1]


@pytest.mark.parametrize("lang", ["x-pseudo", "nl", "ar"])
@pytest.mark.parametrize("path", ["sign-in", "sign-in/code", "sign-in/link", "password"])
def test_doors(browser, lang, path):
    page = browser.get(f"/{lang}/{path}")
    assert browser.submit(page, status=422).soup.select("[role=alert]")


def test_password_opens_the_door(browser):
    human = somebody(locale="fr")
    page = browser.get("/nl/sign-in?next=/nl/account")
    browser.submit(page, email=human.email.upper(), password=PASSWORD)
    assert browser.get("/nl/account").form()["full_name"] == human.full_name


def test_wrong_password_and_unknown_address_look_the_same(browser):
    human = somebody()
    page = browser.get("/nl/sign-in")
    answers = [
        browser.submit(page, status=422, email=email, password="not the password")
        .main.get_text()
        .replace(email, "")
        for email in (human.email, "nobody@example.be")
    ]
    assert answers[0] == answers[1]


def test_reset_sets_a_password_once_and_ends_other_sign_ins(browser, signed_in):
    human = somebody()
    elsewhere = signed_in(human)
    browser.submit(browser.get("/nl/password"), email=human.email)
    path = last_link()
    page = browser.get(path)
    refused = browser.submit(page, status=422, password="password12")
    assert "raden" in refused.text or "guess" in refused.text
    browser.submit(page, password="zeven-groene-fietsen-9")
    browser.get(path, status=410)
    assert elsewhere.get("/nl/account").soup.select_one("input[name=password]")
    assert accounts.person_by_password(human.email_canonical, "zeven-groene-fietsen-9")


def test_unknown_address_gets_no_mail_and_the_same_page(browser):
    human = somebody()
    known = (
        browser.submit(browser.get("/nl/password"), email=human.email)
        .main.get_text()
        .replace(human.email, "")
    )
    unknown = (
        browser.submit(browser.get("/nl/password"), email="nobody@example.be")
        .main.get_text()
        .replace("nobody@example.be", "")
    )
    assert known == unknown
    assert session().query(Message).count() == 1


def test_link_signs_in_by_its_button_only(browser):
    human = factories.newcomer(locale="ar")
    browser.submit(browser.get("/nl/sign-in/link"), email=human.person.email)
    path = last_link()
    assert path.startswith("/ar/")
    for _ in range(2):
        page = browser.get(path)
    assert session().query(SignIn).count() == 0
    browser.send("POST", page.action(), data=page.form())
    assert session().query(SignIn).count() == 1


def test_code_signs_in_however_it_is_typed(browser, site):
    human = factories.newcomer(email=False)
    code = accounts.give_code(human.person_id, secret_key=site.config["SECRET_KEY"])
    page = browser.get("/ar/sign-in/code")
    browser.submit(page, status=422, code="AAAAA-AAAAA")
    browser.send("POST", page.action(), data={"code": f" {code.lower().replace('-', ' ')} "})
    assert session().query(SignIn).one().person_id == human.person_id


def test_confirming_the_address_brings_a_candidate_one_station_further(browser):
    buddy = factories.buddy(state=BuddyState.REGISTERED)
    token = accounts.new_link(LinkPurpose.CONFIRM_ADDRESS, locale="nl", person_id=buddy.person_id)
    page = browser.get(f"/nl/confirm-address/{token}")
    assert buddy.state is BuddyState.REGISTERED
    browser.send("POST", page.action(), data=page.form())
    session().expire_all()
    assert buddy.state is BuddyState.VERIFIED
    assert session().get(Person, buddy.person_id).email_confirmed_at


def test_deactivated_person_is_nobody_at_once(signed_in):
    human = somebody()
    browser = signed_in(human)
    browser.get("/nl/account")
    with transaction() as db:
        db.get(Person, human.id).active = False
    assert browser.get("/nl/account").soup.select_one("input[name=password]")


def test_sign_out_ends_the_sign_in_in_the_database(signed_in):
    human = somebody()
    browser = signed_in(human)
    browser.post("/nl/sign-out")
    assert session().query(SignIn).filter(SignIn.ended_at <= now()).count() == 1
    assert browser.get("/nl/account").soup.select_one("input[name=password]")


def test_own_account_is_kept_in_the_chosen_language(signed_in):
    human = somebody()
    page = signed_in(human).get("/nl/account")
    after = signed_in(human).submit(page, full_name="ሰላም", phone="٠٤٧٠ ١٢ ٣٤ ٥٦", locale="ti")
    assert after.soup.html["lang"] == "ti"
    session().expire_all()
    assert (human.full_name, human.phone, human.locale) == ("ሰላም", "+32470123456", "ti")


@pytest.mark.parametrize(
    "target",
    ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "/nl/\r\nx"],
)
def test_next_never_leads_away(browser, target):
    human = somebody()
    page = browser.get("/nl/sign-in")
    answer = browser.send(
        "POST", page.action(), data={"email": human.email, "password": PASSWORD, "next": target}
    )
    assert answer.headers["Location"] == "/nl/me"
