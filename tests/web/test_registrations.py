"""The wizard as people walk through it: three languages, taps only, back, later, twice, and everything typed wrong."""

import gzip
import re
from pathlib import Path

import pytest

from app.db import session
from app.forms.registrations import STEPS
from app.models import Buddy, Consent, Message, Newcomer, Person, Registration
from tests import factories
from tests.web.walks import BUDDY, NEWCOMER, WALKS, answered, new_browser, walk

LANGUAGES = ["nl", "ar", "x-pseudo"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_buddy_in_seven_steps(browser, lang):
    assert len(BUDDY) == len(STEPS["buddy"]) == 7
    page = walk(browser, "buddy", lang)
    assert page.response.request.path.endswith("/register/buddy/done")
    assert len(page.soup.select("ol.track li")) == 4
    assert page.soup.select("time[datetime]")
    assert not page.soup.select("code")
    buddy = session().query(Buddy).one()
    assert (buddy.person.locale, buddy.network_slug) == (lang, "rivierenland")
    assert buddy.words_language == ("und" if lang == "ar" else lang)  # "Ik help graag." is not Arabic
    assert f"http://localhost/{lang}/confirm-address/" in session().query(Message).one().text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_newcomer_in_seven_steps_by_taps_but_for_the_name(browser, lang):
    assert len(NEWCOMER) == len(STEPS["newcomer"]) == 7
    page = walk(browser, "newcomer", lang)
    code = page.soup.select_one("code").get_text()
    assert re.fullmatch(r"[A-Z2-9]{5}-[A-Z2-9]{5}", code)
    assert page.soup.select(".qr svg")
    newcomer = session().query(Newcomer).one()
    assert (newcomer.person.full_name, newcomer.network_slug, newcomer.person.email) == (
        "أمينة (Gent) 3",
        "gent-stad",
        None,
    )
    consent = session().query(Consent).one()
    assert (consent.text, consent.locale) == ("privacy", lang)
    browser.get(f"/{lang}/my-answers")  # signed in at once
    gone = browser.send("POST", f"/{lang}/register/card")
    assert (gone.status_code, gone.location) == (303, f"/{lang}/me")
    assert browser.send("GET", f"/{lang}/register/card").location == f"/{lang}/me"


def test_the_code_of_the_card_opens_the_account_elsewhere(browser, site):
    code = answered(browser, "newcomer", "nl").soup.select_one("code").get_text()
    elsewhere = new_browser(site)
    page = elsewhere.get("/nl/sign-in/code")
    assert (
        elsewhere.send("POST", page.action(), data={"code": code.lower().replace("-", " ")}).status_code
        == 303
    )
    assert "أمينة" in elsewhere.get("/nl/account").html


def test_the_page_answers_with_place_province_and_network(browser):
    page = answered(browser, "buddy", "nl", until="languages")
    for words in ("2800 Mechelen", "Antwerpen", "Rivierenland"):
        assert words in page.main.get_text(" ")


def test_back_shows_what_was_answered(browser):
    page = answered(browser, "buddy", "nl", until="agree")
    seen = {}
    while back := page.soup.select_one("a.back"):
        page = browser.get(str(back["href"]))
        seen |= page.form()
    expected = {
        "languages": "fr",
        "interests": ["walking", "cooking"],
        "availability": "sat-morning",
        "place": "2800 Mechelen",
        "max_km": "25",
    }
    assert expected.items() <= seen.items()
    assert (seen["full_name"], seen["words"]) == ("Marleen Peeters", "Ik help graag.")


def test_what_is_missing_stands_before_the_last_button(browser):
    answered(browser, "buddy", "nl", until="likes")
    page = browser.get("/nl/register/buddy/agree")
    links = [link for link in page.links() if "/register/buddy/" in link]
    assert {f"/nl/register/buddy/{slug}" for slug in ("likes", "when", "wishes")} <= set(links)
    page = browser.submit(page, status=422, duties="y", privacy="y")
    assert session().query(Person).count() == 0
    assert page.form()["duties"] == "y"


def test_go_on_on_another_device(browser, site):
    answered(browser, "newcomer", "ar", until="when")
    later = browser.get("/ar/register/newcomer/later")
    link = next(
        str(tag.get_text()) for tag in later.soup.select("bdi[dir=ltr]") if "/continue/" in tag.get_text()
    )
    assert link.startswith("http://localhost/ar/register/newcomer/continue/")
    elsewhere = new_browser(site)
    page = elsewhere.get(link.removeprefix("http://localhost"))
    assert page.response.request.path == "/ar/register/newcomer/when"
    assert elsewhere.get("/ar/register/newcomer/name").form()["full_name"] == "أمينة (Gent) 3"
    assert session().query(Registration).count() == 1
    elsewhere.get(link.removeprefix("http://localhost") + "x", status=410)
    elsewhere.get(link.removeprefix("http://localhost").replace("newcomer", "buddy"), status=410)


def test_another_person_at_the_same_device_begins_anew(browser):
    answered(browser, "buddy", "nl", until="likes")
    page = browser.get("/nl/register/buddy")
    assert page.response.request.path == "/nl/register/buddy"
    assert "Marleen" not in page.html
    fresh = browser.submit(page)
    assert not fresh.form()["full_name"]
    answered(browser, "newcomer", "nl", until="where")
    assert browser.get("/nl/register/newcomer/go-on").response.request.path.endswith("/where")


def test_another_language_half_way_loses_nothing(browser):
    page = answered(browser, "buddy", "nl", until="likes")
    typed = {"interests": ["chess"], "likes_words": "fietsen \u202eabc", "keep": "1"}
    page = browser.post("/ar/register/buddy/likes", {**page.form(), **typed})
    assert page.soup.html["lang"] == "ar"
    assert (page.form()["interests"], page.form()["likes_words"]) == ("chess", "fietsen abc")
    assert not page.soup.select("[role=alert]")
    page = browser.post("/ar/register/buddy/likes", {**typed, "also_dutch": "1"})
    assert page.soup.select_one(".switch[aria-pressed=true]")
    assert page.soup.select("h1 [lang=nl]")
    assert "likes" not in session().query(Registration).one().answers
    assert browser.get("/ar/register/buddy/who").form()["full_name"] == "Marleen Peeters"


def test_words_keep_the_language_in_which_they_were_written(browser):
    answered(browser, "buddy", "nl", until="agree")
    page = browser.get("/fr/register/buddy/wishes")
    browser.submit(page)
    assert session().query(Registration).one().answers["wishes"]["words_language"] == "nl"
    browser.submit(browser.get("/fr/register/buddy/wishes"), words="Pour aider.")
    session().expire_all()
    assert session().query(Registration).one().answers["wishes"]["words_language"] == "fr"


def test_the_last_button_twice_gives_one_person_and_the_same_page(browser):
    page = answered(browser, "buddy", "nl", until="agree")
    answers = {**page.form(), "duties": "y", "privacy": "y"}
    pages = [browser.post(page.action(), answers) for _ in range(2)]
    assert pages[0].main == pages[1].main
    assert session().query(Person).count() == 1


def test_a_newcomer_who_taps_twice_is_one_person_whose_last_code_works(browser, site):
    page = answered(browser, "newcomer", "nl", until="consent")
    cookie = browser.browser.get_cookie("samenspoor").value
    codes = []
    for _ in range(2):
        browser.browser.set_cookie("samenspoor", cookie)  # both taps leave with the cookie of before
        codes.append(browser.submit(page, adult="y", privacy="y").soup.select_one("code").get_text())
    assert session().query(Person).count() == 1
    elsewhere = new_browser(site)
    assert elsewhere.send("POST", "/nl/sign-in/code", data={"code": codes[1]}).status_code == 303


def test_a_known_address_sees_the_same_page(browser, site):
    first, second = answered(browser, "buddy", "nl"), answered(new_browser(site), "buddy", "nl")
    assert first.main == second.main
    assert [message.kind for message in session().query(Message).order_by(Message.id)] == [
        "confirm-address",
        "already-known",
    ]
    assert session().query(Person).count() == 1


def test_the_owner_of_an_address_is_not_flooded(browser, site):
    answered(browser, "buddy", "nl")
    for _ in range(5):
        answered(new_browser(site), "buddy", "nl")
    assert session().query(Message).filter_by(kind="already-known").count() == 3


def test_unknown_steps_and_kinds_are_not_found(browser):
    for path in (
        "/nl/register/buddy/nonsense",
        "/nl/register/admin",
        "/nl/register/buddy/name",
        "/nl/register/newcomer/who",
    ):
        browser.get(path, status=404)


def test_a_form_without_its_token_is_refused(browser, site):
    site.config["WTF_CSRF_ENABLED"] = True
    browser.post("/nl/register/buddy/who", dict(BUDDY[0][1]), status=400)
    page = browser.get("/nl/register/buddy/who")
    page = browser.submit(page, **BUDDY[0][1])
    assert page.response.request.path.endswith("/where")


def test_who_is_signed_in_has_registered(signed_in):
    browser = signed_in(factories.newcomer().person)
    browser.get("/nl/register/buddy", status=403)


def test_done_and_card_are_for_who_registered(browser, signed_in):
    assert browser.get("/nl/register/buddy/done").response.request.path == "/nl/register/buddy/who"
    assert signed_in(factories.newcomer().person).send("GET", "/nl/register/card").location == "/nl/me"


@pytest.mark.parametrize("kind", ["buddy", "newcomer"])
def test_every_page_weighs_little(browser, site, kind):
    static = Path(site.static_folder)
    page = browser.get(f"/ar/register/{kind}")
    for slug, answers in WALKS[kind]:
        files = {
            str(tag.get("src") or tag.get("href"))
            for tag in page.soup.select("script[src], link[rel=stylesheet]")
        }
        files |= {str(tag["data-module"]) for tag in page.soup.select("[data-module]")}
        bodies = [
            page.html.encode(),
            *((static / path.split("?")[0].removeprefix("/static/")).read_bytes() for path in files),
        ]
        weight = sum(len(gzip.compress(body)) for body in bodies)
        assert weight <= 60_000, f"{slug}: {weight}"
        page = browser.submit(page, **answers)
