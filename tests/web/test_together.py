"""A helper beside a newcomer: two languages, agreement asked aloud, the card, and the account taken over (S7)."""

import re

import pytest

from app.db import session, transaction
from app.models import AuditEntry, Consent, Message, Newcomer, Person
from app.reference.languages import OWN_NAMES
from app.vocabulary import Role
from tests import factories
from tests.client import Client
from tests.web.walks import new_browser

ANSWERS = (
    ("name", {"full_name": "ሰላም ተስፋይ", "latin_name": "Selam Tesfay"}),
    ("where", {"town": "44021"}),
    ("dutch", {"languages": ["ti"], "dutch_level": "none"}),
    ("likes", {"interests": ["cooking"]}),
    ("when", {"availability": ["sat-morning"]}),
    ("hopes", {"goals": ["meet-people"], "words": "ምብሳል ይፈቱ"}),
    ("consent", {"adult": "y", "privacy": "y", "asked_aloud": "y", "spoken": "ar"}),
)


def a_helper(role=Role.HELPER):
    if role is Role.COUNSELLOR:
        return factories.counsellor(full_name="Griet Maes")
    return factories.person(roles=(role,), network="gent-stad", full_name="Griet Maes")


def registered(browser, lang="ti"):
    """Register together up to the card, which is returned."""
    page = browser.submit(browser.get("/nl/together/begin/register"), language=lang)
    for slug, answers in ANSWERS:
        assert page.response.request.path == f"/{lang}/together/{slug}"
        page = browser.submit(page, **answers)
    assert page.response.request.path == f"/{lang}/together/card"
    return page


def code_on(page):
    return page.soup.select_one("code.code").get_text()


@pytest.mark.parametrize("role", [Role.HELPER, Role.COORDINATOR, Role.COUNSELLOR])
def test_agreement_says_who_helped_and_in_which_languages(signed_in, role):
    helper = a_helper(role)
    registered(signed_in(helper))
    newcomer, consent = session().query(Newcomer).one(), session().query(Consent).one()
    assert (consent.helped_by_id, consent.locale, consent.spoken, consent.asked_aloud) == (
        helper.id,
        "ti",
        "ar",
        True,
    )
    assert consent.version
    assert consent.given_at
    entry = session().query(AuditEntry).filter_by(action="consent-asked").one()
    assert (entry.actor_id, entry.subject_id) == (helper.id, newcomer.id)
    assert entry.facts == {"read": "ti", "spoken": "ar", "aloud": True, "version": consent.version}
    staff = signed_in(factories.coordinator(newcomer.network_slug))
    for lang in ("x-pseudo", "nl"):
        page = staff.get(f"/{lang}/people/newcomers/{newcomer.id}")
        assert "Griet Maes" in page.main.get_text()
    assert "Arabisch" in page.main.get_text()
    assert "Tigrinya" in page.main.get_text()
    assert "Selam Tesfay" in page.soup.select_one("h1").get_text()
    own = signed_in(newcomer.person)
    for lang in ("x-pseudo", "ti", "nl"):
        page = own.get(f"/{lang}/my-data")
    agreed = page.soup.select_one("[aria-labelledby=agreed]").get_text()
    assert "Griet Maes" in agreed
    assert "Arabisch" in agreed


@pytest.mark.parametrize("missing", ["asked_aloud", "privacy", "adult"])
def test_nothing_is_kept_without_a_yes_that_was_asked_aloud(signed_in, missing):
    browser = signed_in(a_helper())
    page = browser.submit(browser.get("/nl/together/begin/register"), language="ti")
    for _slug, answers in ANSWERS[:-1]:
        page = browser.submit(page, **answers)
    browser.submit(page, status=422, **{**ANSWERS[-1][1], missing: None})
    browser.submit(page, status=422, **{**ANSWERS[-1][1], "spoken": "klingon"})
    assert session().query(Newcomer).count() == 0


def without_dutch(page):
    """What can be tapped or answered on a page and has no Dutch beside it; own names of languages need none."""
    bare = []
    for tag in page.soup.select(
        "main h1, main legend, main label, main button, main summary, main th, aside.helping button"
    ):
        words = tag.get_text(" ", strip=True)
        if not words or tag.select_one("[lang=nl]") or "visually-hidden" in tag.get("class", []):
            continue
        if (
            tag.find_parent(hidden=True)
            or tag.has_attr("hidden")
            or tag.has_attr("data-say")
            or words in OWN_NAMES.values()
        ):
            continue
        if tag.select_one(".visually-hidden") and not re.sub(
            r"\s", "", "".join(tag.find_all(string=True, recursive=False))
        ):
            continue
        bare.append(f"{tag.name}: {words[:60]}")
    return bare


def test_dutch_stands_beside_everything_that_can_be_tapped(signed_in):
    browser = signed_in(a_helper())
    page = browser.submit(browser.get("/nl/together/begin/register"), language="ti")
    for _slug, answers in ANSWERS:
        assert page.soup.select_one("aside.helping")
        assert without_dutch(page) == []
        page = browser.submit(page, **answers)
    assert without_dutch(page) == []
    assert not page.soup.select("button.switch")


def test_another_language_half_way_loses_nothing(signed_in):
    browser = signed_in(a_helper())
    page = browser.submit(browser.get("/nl/together/begin/register"), language="ti")
    typed = {**page.form(), "full_name": "ሰላም", "keep": "1"}
    page = browser.post("/ar/together/name", typed)
    assert page.form()["full_name"] == "ሰላም"
    page = browser.submit(page)
    assert page.response.request.path == "/ar/together/where"
    assert browser.get("/ti/together/name").form()["full_name"] == "ሰላም"


@pytest.mark.parametrize("lang", ["nl", "ar", "x-pseudo"])
def test_where_helping_begins(signed_in, lang):
    helper = a_helper()
    factories.newcomer(helped_by_id=helper.id)
    factories.newcomer(helped_by_id=helper.id)
    factories.newcomer(helped_by_id=factories.person().id)
    browser = signed_in(helper)
    page = browser.get(f"/{lang}/together")
    assert "2" in page.main.get_text()
    assert len(page.main.select("ul li")) == 3
    for aim in ("register", "search"):
        assert f"/{lang}/together/begin/{aim}" in page.links()
        browser.get(f"/{lang}/together/begin/{aim}")


def test_looking_at_activities_together_keeps_nothing(signed_in):
    with_words = factories.offer(
        title="Praatcafé", when_words="zaterdag", price_words="gratis", words="Koffie", place="Bib"
    )
    factories.offer(network="gent-stad", municipality="Gent", title="Ver weg")
    browser = signed_in(a_helper())
    page = browser.submit(browser.get("/nl/together/begin/search"), language="ti")
    assert page.response.request.path == "/ti/together/activities"
    assert page.soup.select("article .chips [lang=nl]")
    page = browser.get("/ti/together/activities?place=2800")
    assert [title.get_text() for title in page.main.select("article h2")] == [with_words.title]
    for lang, place in (("ar", "Gent"), ("x-pseudo", "Sint"), ("nl", "qqqqq"), ("x-pseudo", "2800")):
        browser.get(f"/{lang}/together/activities?place={place}")
    assert session().query(Newcomer).count() == 0
    page = browser.post("/ti/together/end")
    assert not page.soup.select("aside.helping")


def test_the_card_in_two_languages(signed_in):
    with transaction():
        factories.a_network("gent-stad").help_phone = "+3215000000"
    page = registered(signed_in(a_helper()))
    card = page.soup.select_one("section.code-card")
    assert re.fullmatch(r"[A-Z2-9]{5}-[A-Z2-9]{5}", code_on(page))
    assert card["lang"] == "ti"
    assert card.select_one("code")["dir"] == "ltr"
    assert card.select_one("a[href='tel:+3215000000'] bdi[dir=ltr]")
    assert "Je persoonlijke code" in card.select_one("h2 [lang=nl]").get_text()
    assert card.select_one("svg")
    assert "ሰላም" not in card.get_text()
    staff = signed_in(factories.coordinator("gent-stad"))
    newcomer = session().query(Newcomer).one()
    page = staff.post(f"/nl/people/newcomers/{newcomer.id}/code")
    assert page.soup.select_one("section.code-card")["lang"] == "ti"


def kept_by(browser):
    with browser.browser.session_transaction() as kept:
        return repr(dict(kept))


def test_taking_over_from_another_browser(signed_in, site):
    helper = signed_in(a_helper())
    page = registered(helper)
    code = code_on(page)
    assert code_on(helper.get("/ti/together/card")) == code
    assert code not in kept_by(helper)
    assert page.response.headers["Cache-Control"] == "no-store"
    newcomer = session().query(Newcomer).one()

    own = new_browser(site)
    page = own.submit(own.get(f"/ti/sign-in/code?code={code}"))
    assert page.response.request.path == "/ti/account/yours"
    assert page.soup.select_one("h1")
    assert (
        session()
        .query(AuditEntry)
        .filter_by(action="account-taken-over", actor_id=newcomer.person_id)
        .count()
        == 1
    )
    assert own.get("/ti/me").status == 200

    assert helper.get("/ti/together/card").response.request.path == "/ti/together"
    assert code not in helper.get("/ti/together").html
    helper.get(f"/nl/people/newcomers/{newcomer.id}", status=403)
    helper.get("/nl/my-answers", status=403)
    helper.post("/ti/together/consent", {"adult": "y", "privacy": "y", "asked_aloud": "y", "spoken": "ti"})
    assert "ሰላም" not in helper.get("/ti/together/name").html

    again = new_browser(site)
    page = again.submit(again.get("/ti/sign-in/code"), code=code)
    assert page.response.request.path != "/ti/account/yours"


def test_nothing_stays_in_the_helpers_browser(signed_in):
    browser = signed_in(a_helper())
    page = registered(browser)
    code = code_on(page)
    before = kept_by(browser)
    assert code not in before
    assert "ሰላም" not in before
    browser.submit(page, "main form")
    after = kept_by(browser)
    assert "card" not in after
    assert "'together': 't" not in after
    assert browser.get("/ti/together/name").form()["full_name"] == ""


def test_a_card_that_was_replaced_is_not_shown(signed_in):
    helper = signed_in(a_helper())
    registered(helper)
    newcomer = session().query(Newcomer).one()
    signed_in(factories.coordinator("gent-stad")).post(f"/nl/people/newcomers/{newcomer.id}/code")
    assert helper.get("/ti/together/card").response.request.path == "/ti/together"


def test_an_address_can_be_added_and_confirmed(signed_in, site):
    newcomer = factories.newcomer(email=False, locale="ti")
    browser = signed_in(newcomer.person)
    for lang in ("x-pseudo", "ti"):
        browser.get(f"/{lang}/account/yours")
        page = browser.get(f"/{lang}/account/address")
    browser.submit(page, email="no address", status=422)
    browser.submit(page, email="Selam@example.be")
    letter = session().query(Message).filter_by(person_id=newcomer.person_id).one()
    assert "/ti/confirm-address/" in letter.text
    assert session().get_one(Person, newcomer.person_id, populate_existing=True).email == "Selam@example.be"
    browser.submit(browser.get("/ti/account/address"), email="Selam.T@example.be")
    letters = session().query(Message).filter_by(person_id=newcomer.person_id).order_by(Message.id).all()
    ways = [re.search(r"http://localhost(/ti/confirm-address/\S+)", one.text).group(1) for one in letters]
    assert [one.to_email for one in letters] == ["Selam@example.be", "Selam.T@example.be"]
    assert browser.send("POST", ways[0]).status_code == 410, "an address that is no longer hers"
    assert browser.send("POST", ways[1]).status_code == 303
    assert browser.get("/ti/account/address").response.request.path == "/ti/account"


def test_an_address_of_somebody_else_looks_the_same_and_its_owner_is_told(signed_in):
    owner = factories.person()
    newcomer = factories.newcomer(email=False, locale="ti")
    browser = signed_in(newcomer.person)
    page = browser.submit(browser.get("/ti/account/address"), email=owner.email.replace("@", "+x@"))
    assert page.soup.select(".messages .notice")
    assert session().get_one(Person, newcomer.person_id, populate_existing=True).email_canonical is None
    assert session().query(Message).one().person_id == owner.id


def test_codes_are_throttled(throttled, browser):
    page = browser.get("/nl/sign-in/code")
    values = {**page.form(), "code": "AAAAA-22222"}
    statuses = [browser.send("POST", "/nl/sign-in/code", data=values).status_code for _ in range(12)]
    assert statuses == [422] * 10 + [429] * 2


def test_a_helper_is_invited_and_can_do_this_only(signed_in, site):
    boss = signed_in(factories.administrator())
    page = boss.get("/nl/admin/people/new")
    boss.submit(page, full_name="Biblio Theek", email="bib@example.be", locale="nl", role="helper")
    link = re.search(r"http://localhost(/nl/password/\S+)", session().query(Message).one().text).group(1)
    helper = Client(site.test_client())
    page = helper.submit(helper.get(link), password=factories.PASSWORD)
    assert page.response.request.path == "/nl/together"
    for path in ("today", "people/newcomers", "people/buddies", "admin/people", "audit", "trajectories"):
        assert helper.send("GET", f"/nl/{path}").status_code in (403, 404)
    code_on(registered(helper))
