"""The wizard as people walk through it: three languages, taps only, back, later, twice, and everything typed wrong."""

import gzip
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.db import session
from app.forms.registrations import STEPS
from app.models import Buddy, Consent, Message, Newcomer, Person, Registration
from app.vocabulary import Role
from tests import factories
from tests.client import Client

LANGUAGES = ["nl", "ar", "x-pseudo"]
BUDDY = (
    ("who", {"full_name": "Marleen Peeters", "email": "marleen@example.be", "adult": "y", "clear_dutch": "y"}),
    ("where", {"place": "2800"}),
    ("languages", {"languages": ["fr"]}),
    ("likes", {"interests": ["cooking", "walking"]}),
    ("when", {"availability": ["sat-morning"]}),
    ("wishes", {"max_km": "25", "capacity": "1", "words": "Ik help graag.", "gender": "f"}),
    ("agree", {"duties": "y", "privacy": "y"}),
)
NEWCOMER = (
    ("name", {"full_name": "أمينة (Gent) 3"}),
    ("where", {"town": "44021"}),
    ("dutch", {"languages": ["ar"], "dutch_level": "a1"}),
    ("likes", {"interests": ["cooking"]}),
    ("when", {"availability": ["sat-morning"]}),
    ("hopes", {"goals": ["meet-people"], "wished_gender": "f"}),
    ("consent", {"adult": "y", "privacy": "y"}),
)
WALKS = {"buddy": BUDDY, "newcomer": NEWCOMER}


def walk(browser, kind, lang, *, until=None, **changes):
    """Fill in the steps one by one, up to `until`; returns the page that comes then."""
    page = browser.get(f"/{lang}/register/{kind}")
    for slug, answers in WALKS[kind]:
        assert page.response.request.path == f"/{lang}/register/{kind}/{slug}"
        if slug == until:
            break
        page = browser.submit(page, **{**answers, **changes.get(slug, {})})
    return page


def answered(browser, kind, lang, *, until=None, **changes):
    """As `walk`, but without looking at the pages on the way."""
    for slug, answers in WALKS[kind]:
        if slug == until:
            break
        sent = {**answers, **changes.get(slug, {})}
        answer = browser.send("POST", f"/{lang}/register/{kind}/{slug}", data=sent)
        assert answer.status_code == 303
    return browser.get(f"/{lang}/register/{kind}/{until}" if until else answer.location)


def new_browser(site):
    return Client(site.test_client())


def refused(page):
    """The fields that a refused form names, and its summary."""
    assert page.soup.select("[role=alert] li")
    return {re.sub("^error-", "", str(tag["id"])) for tag in page.soup.select("[id^=error-]")}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_buddy_in_seven_steps(browser, lang):
    assert len(BUDDY) == len(STEPS["buddy"]) == 7
    page = walk(browser, "buddy", lang)
    assert page.response.request.path.endswith("/register/buddy/done")
    assert len(page.soup.select("ol.track li")) == 4
    assert page.soup.select("time[datetime]")
    assert not page.soup.select("code")
    buddy = session().query(Buddy).one()
    assert (buddy.person.locale, buddy.network_slug, buddy.words_language) == (lang, "rivierenland", lang)
    assert f"http://localhost/{lang}/confirm-address/" in session().query(Message).one().text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_newcomer_in_seven_steps_by_taps_but_for_the_name(browser, lang):
    assert len(NEWCOMER) == len(STEPS["newcomer"]) == 7
    page = walk(browser, "newcomer", lang)
    code = page.soup.select_one("code").get_text()
    assert re.fullmatch(r"[A-Z2-9]{5}-[A-Z2-9]{5}", code)
    assert page.soup.select(".qr svg")
    newcomer = session().query(Newcomer).one()
    assert (newcomer.person.full_name, newcomer.network_slug, newcomer.person.email) == ("أمينة (Gent) 3", "gent-stad", None)
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
    assert elsewhere.send("POST", page.action(), data={"code": code.lower().replace("-", " ")}).status_code == 303
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
    expected = {"languages": "fr", "interests": ["walking", "cooking"], "availability": "sat-morning", "place": "2800 Mechelen", "max_km": "25"}
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
    link = next(str(tag.get_text()) for tag in later.soup.select("bdi[dir=ltr]") if "/continue/" in tag.get_text())
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
    assert [message.kind for message in session().query(Message).order_by(Message.id)] == ["confirm-address", "already-known"]
    assert session().query(Person).count() == 1


def test_the_owner_of_an_address_is_not_flooded(browser, site):
    answered(browser, "buddy", "nl")
    for _ in range(5):
        answered(new_browser(site), "buddy", "nl")
    assert session().query(Message).filter_by(kind="already-known").count() == 3


@pytest.mark.parametrize(
    ("typed", "words"),
    [("0000", "postcode"), ("9999", "vier cijfers"), ("B-99", "four figures"), ("1400", "Brussels"), ("x" * 500, ""), ("75001", ""), ("\x00", "")],
)
def test_places_that_are_not_ours_come_back_as_typed(browser, typed, words):
    page = browser.submit(browser.get("/en/register/buddy/where"), status=422, place=typed)
    assert refused(page) & {"place", "which"}
    assert page.form()["place"] == typed.replace("\x00", "")


@pytest.mark.parametrize("typed", ["B-9000", " 9000 ", "9000 Gent", "gand", "٩٠٠٠", "GENT", "9000\u200b"])
def test_spellings_of_one_place(browser, typed):
    browser.submit(browser.get("/nl/register/buddy/where"), place=typed)
    assert session().query(Registration).one().answers["where"] == {"postcode": "9000", "locality": "Gent"}


def test_a_name_of_several_places_is_asked_back_and_never_guessed(browser):
    page = browser.get("/nl/register/buddy/where")
    page = browser.submit(page, status=422, place="Nieuwerkerken")
    options = [str(tag["value"]) for tag in page.soup.select("input[name=which]")]
    assert options == ["3850 Nieuwerkerken", "9320 Nieuwerkerken"]
    again = browser.submit(page, status=422)
    assert refused(again) == {"which"}
    changed_mind = browser.submit(page, status=422, place="Gnt", which=options[0])
    assert "9000" in changed_mind.main.get_text()
    browser.submit(page, which=options[1])
    assert session().query(Registration).one().answers["where"]["postcode"] == "9320"


def test_near_misses_are_offered(browser):
    page = browser.submit(browser.get("/ar/register/newcomer/where"), status=422, place="Sint-Niklas")
    browser.submit(page, which=str(page.soup.select_one("input[name=which]")["value"]))
    assert session().query(Registration).one().answers["where"]["postcode"] == "9100"


def test_own_words_are_looked_up_and_confirmed(browser):
    page = browser.get("/nl/register/newcomer/likes")
    page = browser.submit(page, likes_words="ik ga graag zwemmen", interests=["chess"])
    assert page.response.request.path.endswith("/likes")
    assert set(page.form()["interests"]) == {"chess", "swimming"}
    page = browser.submit(page)
    assert page.response.request.path.endswith("/when")
    likes = session().query(Registration).one().answers["likes"]
    assert likes == {"interests": ["swimming", "chess"], "likes_words": "ik ga graag zwemmen", "likes_language": "nl"}


def test_words_that_name_no_picture_are_kept_for_a_person_to_read(browser):
    page = browser.get("/nl/register/newcomer/likes")
    page = browser.submit(page, likes_words="kwantumzeilen")
    assert not page.soup.select("[role=alert]")
    page = browser.submit(page)
    assert page.response.request.path.endswith("/when")


@pytest.mark.parametrize(("shortcut", "count"), [("evenings", 7), ("weekends", 6)])
def test_shortcuts_of_the_week_without_script(browser, shortcut, count):
    page = browser.get("/ar/register/newcomer/when")
    page = browser.submit(page, shortcut=shortcut)
    assert len(page.soup.select("input[name=availability][checked]")) == count
    page = browser.submit(page, shortcut=shortcut)
    assert not page.soup.select("input[name=availability][checked]")
    page = browser.submit(browser.submit(page, shortcut="evenings"), shortcut="none")
    assert not page.soup.select("input[name=availability][checked]")


def test_an_empty_week_is_told_on_purpose(browser):
    page = browser.get("/nl/register/newcomer/when")
    assert refused(browser.submit(page, status=422)) == {"availability"}
    browser.submit(page, unknown="y")
    assert session().query(Registration).one().answers["when"] == {"availability": []}
    assert browser.get("/nl/register/newcomer/when").form()["unknown"] == "y"


BAD = [
    ("buddy", "who", {"full_name": ""}, "full_name"),
    ("buddy", "who", {"full_name": " \u202e\u200b "}, "full_name"),
    ("buddy", "who", {"full_name": "An\x00na"}, "full_name"),
    ("buddy", "who", {"full_name": "A" * 201}, "full_name"),
    ("buddy", "who", {"full_name": "An\r\nBcc: x@example.be"}, "full_name"),
    ("buddy", "who", {"full_name": "An 85.07.30-033.28"}, "full_name"),
    ("buddy", "who", {"email": "x@y.be\nBcc: z@example.be"}, "email"),
    ("buddy", "who", {"email": "a" * 320 + "@example.be"}, "email"),
    ("buddy", "who", {"email": "An <an@example.be>"}, "email"),
    ("buddy", "who", {"email": "", "phone": ""}, "email"),
    ("buddy", "who", {"email": "", "phone": "12"}, "phone"),
    ("buddy", "who", {"adult": None}, "adult"),
    ("buddy", "who", {"clear_dutch": None}, "clear_dutch"),
    ("buddy", "where", {"place": ""}, "place"),
    ("buddy", "where", {"place": "", "town": "99999"}, "town"),
    ("buddy", "languages", {"languages": ["nl"]}, "languages"),
    ("buddy", "likes", {"interests": ["cooking", "church"]}, "interests"),
    ("buddy", "likes", {"likes_words": "nummer 85073003328"}, "likes_words"),
    ("buddy", "likes", {"likes_words": "x" * 301}, "likes_words"),
    ("buddy", "when", {"availability": ["mon-night"]}, "availability"),
    ("buddy", "wishes", {"max_km": "7"}, "max_km"),
    ("buddy", "wishes", {"capacity": "99"}, "capacity"),
    ("buddy", "wishes", {"wished_gender": "q"}, "wished_gender"),
    ("buddy", "wishes", {"words": "85.07.30-033.28"}, "words"),
    ("buddy", "wishes", {"words": "w" * 100_000}, "words"),
    ("buddy", "agree", {"duties": None}, "duties"),
    ("buddy", "agree", {"privacy": None}, "privacy"),
    ("newcomer", "name", {"full_name": ""}, "full_name"),
    ("newcomer", "dutch", {"languages": None}, "languages"),
    ("newcomer", "dutch", {"dutch_level": None}, "dutch_level"),
    ("newcomer", "dutch", {"dutch_level": "c2"}, "dutch_level"),
    ("newcomer", "likes", {"interests": None}, "interests"),
    ("newcomer", "hopes", {"goals": ["asylum"]}, "goals"),
    ("newcomer", "consent", {"adult": None}, "adult"),
    ("newcomer", "consent", {"privacy": None}, "privacy"),
]


@pytest.mark.parametrize(("kind", "slug", "wrong", "field"), BAD, ids=lambda value: str(value)[:40] if isinstance(value, (str, dict)) else None)
def test_bad_input_comes_back_with_the_field_named(browser, kind, slug, wrong, field):
    page = browser.get(f"/nl/register/{kind}/{slug}")
    before = session().query(Person).count()
    sent = {**dict(WALKS[kind])[slug], **wrong}
    page = browser.submit(page, status=422, **sent)
    assert field in refused(page)
    kept = page.form()
    for name, value in sent.items():
        if name not in wrong and isinstance(value, str):
            assert kept[name] == value
    if isinstance(wrong.get(field), str) and not set(wrong[field]) & set("\x00\u202e\r\n") and field in kept and field != "town":
        assert kept[field] == wrong[field]
    assert session().query(Person).count() == before


@pytest.mark.parametrize("name", ["ሰላም", "O", "Nguyễn", "O'Brien", "d'Hondt", "Null", "<script>alert(1)</script>", "{{7*7}}", "%(x)s", "👨‍👩‍👧 می‌خواهم"])
def test_every_name_is_kept_as_typed(browser, name):
    answered(browser, "newcomer", "nl", name={"full_name": name})
    assert session().query(Person).one().full_name == name
    page = browser.get("/nl/account")
    assert page.form()["full_name"] == name


def test_direction_controls_are_taken_out_of_names(browser):
    answered(browser, "newcomer", "nl", name={"full_name": "\u202eAmina\u2066 \u200bB."})
    assert session().query(Person).one().full_name == "Amina B."


def test_more_fields_than_asked_change_nothing(browser):
    answered(browser, "buddy", "nl", who={"role": "administrator", "id": "1", "network_slug": "brussel"}, wishes={"places_taken": "9", "state": "approved"})
    buddy = session().query(Buddy).one()
    assert (buddy.state, buddy.places_taken, buddy.network_slug) == ("registered", 0, "rivierenland")
    assert [grant.role for grant in buddy.person.grants] == [Role.BUDDY]


def test_unknown_steps_and_kinds_are_not_found(browser):
    for path in ("/nl/register/buddy/nonsense", "/nl/register/admin", "/nl/register/buddy/name", "/nl/register/newcomer/who"):
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


FIELDS = st.sampled_from(sorted({name for steps in STEPS.values() for step in steps for name in (*step.form.keeps, "place", "which", "town", "unknown", "shortcut", "understood", "understand", "keep")}))  # fmt: skip
VALUES = st.one_of(st.text(max_size=40), st.sampled_from(["y", "2800", "cooking", "mon-evening", "evenings", "a1", "-1", "NaN", "1e9", "\x00", "null"]))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    step=st.sampled_from([(kind, step.slug) for kind, steps in STEPS.items() for step in steps]),
    data=st.dictionaries(FIELDS, st.lists(VALUES, max_size=3), max_size=8),
)
def test_no_step_ever_breaks(browser, step, data):
    kind, slug = step
    answer = browser.send("POST", f"/nl/register/{kind}/{slug}", data=data)
    assert answer.status_code in (200, 303, 422)


@pytest.mark.parametrize("kind", ["buddy", "newcomer"])
def test_every_page_weighs_little(browser, site, kind):
    static = Path(site.static_folder)
    page = browser.get(f"/ar/register/{kind}")
    for slug, answers in WALKS[kind]:
        files = {str(tag.get("src") or tag.get("href")) for tag in page.soup.select("script[src], link[rel=stylesheet]")}
        files |= {str(tag["data-module"]) for tag in page.soup.select("[data-module]")}
        bodies = [page.html.encode(), *((static / path.split("?")[0].removeprefix("/static/")).read_bytes() for path in files)]
        weight = sum(len(gzip.compress(body)) for body in bodies)
        assert weight <= 60_000, f"{slug}: {weight}"
        page = browser.submit(page, **answers)
