"""How a page finds its language, and how a reader finds another (LANGUAGES L1-L8, T5)."""

import re

import pytest

from app.i18n import LANGUAGES
from tests import factories

HEADERS = [
    ("nl-BE,en;q=0.9", "nl"), ("uk-UA,ru;q=0.9", "uk"), ("ar-SY,fr;q=0.5", "ar"), ("ps-AF,en;q=0.5", "ps"),
    ("ti-ER,en;q=0.3", "ti"), ("prs", "fa"), ("fa-AF", "fa"), ("xx", "nl"), ("", "nl"), ("*", "nl"),
    ("x" * 65536, "nl"), ("nl;q=NaN", "nl"), ("fr;q=-1, ar;q=1e999, tr", "tr"), (",".join(["zz"] * 5000), "nl"),
]  # fmt: skip


@pytest.mark.parametrize(("header", "language"), HEADERS, ids=lambda value: value[:20])
def test_header_decides_where_nothing_else_does(browser, header, language):
    answer = browser.send("GET", "/", headers={"Accept-Language": header})
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/{language}/")
    assert {"Accept-Language", "Cookie"} <= {
        part.strip() for part in ",".join(answer.headers.getlist("Vary")).split(",")
    }


def test_address_then_preference_then_cookie_then_header(browser, signed_in):
    wanted = {"headers": {"Accept-Language": "tr"}}
    assert browser.get("/fr/", **wanted).soup.html["lang"] == "fr"
    assert browser.send("GET", "/", **wanted).headers["Location"] == "/fr/"  # the cookie of the page before
    human = signed_in(factories.administrator(locale="pl"))
    assert human.send("GET", "/", **wanted).headers["Location"] == "/pl/"
    assert human.get("/ar/", **wanted).soup.html["lang"] == "ar"
    assert human.send("GET", "/", **wanted).headers["Location"] == "/pl/"


@pytest.mark.parametrize(("header", "opened"), [("xx", True), ("", True), ("nl-BE", False), ("ti-ER", False)])
def test_who_asked_for_no_language_of_ours_sees_them_all_once(browser, header, opened):
    wanted = {"headers": {"Accept-Language": header}}
    assert bool(browser.get("/", **wanted).soup.select("nav details[open] a[hreflang]")) is opened
    assert not browser.get("/nl/", **wanted).soup.select("nav details[open]")  # seen; Dutch was kept


def test_a_language_in_the_address_was_asked_for(browser):
    assert not browser.get("/ar/", headers={"Accept-Language": "xx"}).soup.select("nav details[open]")


@pytest.mark.parametrize(
    "address",
    ["/zz/", "/zz/help", "/../../etc/passwd", "/nl%00/", "/zh-Hant-TW-x-a/", "/%c0%ae/", "/nl/nowhere"],
)
def test_unknown_language_or_page_is_404_with_a_chooser(browser, address):
    page = browser.get(address, status=404)
    assert len(page.soup.select("nav li a[hreflang]")) == len(LANGUAGES)


@pytest.mark.parametrize(
    ("address", "location"),
    [
        ("/NL/", "/nl/"),
        ("/prs/help", "/fa/help"),
        ("/nl_BE.UTF-8/", "/nl/"),
        ("/uk-UA/numbers", "/uk/numbers"),
    ],
)
def test_another_spelling_leads_to_the_language(browser, address, location):
    answer = browser.send("GET", address)
    assert (answer.status_code, answer.headers["Location"]) == (301, location)


@pytest.mark.parametrize("path", ["", "numbers", "activities", "privacy"])
def test_alternates_name_each_other(browser, path):
    seen = {}
    for tag in ("nl", "ar", "ti"):
        page = browser.get(f"/{tag}/{path}")
        seen[tag] = {
            link["hreflang"]: link["href"] for link in page.soup.select("link[rel=alternate][hreflang]")
        }
    assert seen["nl"] == seen["ar"] == seen["ti"]
    assert set(seen["nl"]) == {language.tag for language in LANGUAGES} | {"x-default"}
    for address in set(seen["nl"].values()):
        assert browser.send("GET", address).status_code == 200


def test_language_menu_has_no_flags_and_marks_the_current_one(browser):
    menu = next(nav for nav in browser.get("/ar/").soup.select("nav") if nav.select("a[hreflang=nl]"))
    assert not menu.select("img")
    assert not re.search("[\U0001f1e6-\U0001f1ff]", menu.get_text())
    assert [link["lang"] for link in menu.select("a[aria-current]")] == ["ar"]
    assert all(link["lang"] == link["hreflang"] for link in menu.select("a"))


def test_what_is_missing_stands_in_dutch_and_says_so(signed_in):
    page = signed_in(factories.administrator()).get("/so/admin/messages")
    assert page.soup.select('main span[lang="nl"][dir="ltr"]')
    assert not re.search("[\ue0d1\ue0d2]", page.html)
    assert not page.soup.select("title span, option span")


def test_the_page_of_languages_tells_how_much_a_native_speaker_has_read(browser, monkeypatch):
    from app.i18n.provenance import Reading
    from app.web import pages

    read = {"ti": Reading(40, 1234), "so": Reading(1234, 1234)}
    monkeypatch.setattr(pages, "shipped_reading", lambda tag: read.get(tag, Reading(0, 1173)))
    for tag, part in (
        ("en", "Somebody who grew up with this language checked 40 of 1,234 texts."),
        ("nl", "Iemand die met deze taal opgroeide, keek 40 van 1.234 teksten na."),
        ("ar", "راجع شخص نشأ مع هذه اللغة 40 من 1,234 من النصوص."),
    ):
        said = " ".join(browser.get(f"/{tag}/languages").text.split())
        assert said.count(part) == 1
        assert said.count("40") == 1
    browser.get("/x-pseudo/languages")
    said = browser.get("/en/languages").text
    assert said.count("A native speaker has read all sentences.") == 1
    assert said.count("No native speaker has read all sentences yet.") == 12
