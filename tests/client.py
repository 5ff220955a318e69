"""A test client that inspects every page it fetches, so that no test can pass over a broken one."""

import re
from contextvars import Context
from typing import Any

import html5lib
from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app import db

RIGHT_TO_LEFT = {"ar", "fa", "ps"}
UNLABELLED = {"hidden", "submit", "button", "image", "reset"}
MARKED = re.compile(r"⟦[^⟦⟧]*⟧", re.DOTALL)
LETTERS = re.compile(r"[^\W\d_]{2,}")
TRANSLATED_ATTRIBUTES = ("title", "alt", "aria-label", "placeholder", "aria-description")
MAIN_FORM = "main form:not([action$=also-in-dutch])"
OWN_WORDS = "bdi, textarea, [translate=no], script, style, template, [lang]:not(html), time, kbd, code, data"
TOLERATED = {"expected-doctype-but-got-chars"}


class Page:
    """A page as its reader gets it."""

    def __init__(self, response: TestResponse) -> None:
        self.response = response
        self.status = response.status_code
        self.html = response.get_data(as_text=True)
        self.soup = BeautifulSoup(self.html, "html5lib")

    @property
    def text(self) -> str:
        """The words of the page, blanks folded."""
        return " ".join(self.soup.get_text(" ").split())

    @property
    def main(self) -> Tag:
        """The part between head and foot of the page."""
        found = self.soup.find("main")
        assert isinstance(found, Tag)
        return found

    def links(self) -> list[str]:
        """Where the page leads."""
        return [str(link["href"]) for link in self.soup.select("a[href]")]

    def form(self, selector: str = MAIN_FORM) -> dict[str, Any]:
        """The fields of a form as a browser would send them untouched; names with several values give lists."""
        form = self.soup.select_one(selector)
        assert form is not None, f"no {selector}"
        values: dict[str, Any] = {}
        for field in form.select("input[name], select[name], textarea[name]"):
            kind = field.get("type", "text")
            if field.name == "input" and (kind in UNLABELLED - {"hidden"} or kind == "file"):
                continue
            if kind in ("checkbox", "radio") and not field.has_attr("checked"):
                continue
            if field.name == "select":
                chosen = field.select("option[selected]") or field.select("option")[:1]
                value = chosen[0].get("value", chosen[0].get_text()) if chosen else ""
            else:
                value = (
                    field.get_text()
                    if field.name == "textarea"
                    else field.get("value", "on" if kind == "checkbox" else "")
                )
            name = str(field["name"])
            values[name] = (
                [*values[name], value]
                if isinstance(values.get(name), list)
                else value
                if name not in values
                else [values[name], value]
            )
        return values

    def action(self, selector: str = MAIN_FORM) -> str:
        """Where a form is sent."""
        form = self.soup.select_one(selector)
        assert form is not None, f"no {selector}"
        return str(form.get("action") or self.response.request.full_path.rstrip("?"))


class Client:
    """Fetches pages and inspects them: language, direction, one heading, labels, valid HTML, no bare text."""

    def __init__(self, browser: FlaskClient) -> None:
        self.browser = browser

    def send(self, method: str, path: str, **kwargs: Any) -> TestResponse:
        """One request, apart from the test's own session and context, as another process would answer it."""
        answer: TestResponse = Context().run(self.browser.open, path, method=method, **kwargs)
        db.session().rollback()  # what the request changed is seen by the test from here on
        return answer

    def get(self, path: str, *, status: int = 200, **kwargs: Any) -> Page:
        """The page at that address, which must answer with that status; redirects are followed."""
        return self._look(self.send("GET", path, follow_redirects=True, **kwargs), status)

    def post(
        self, path: str, data: dict[str, Any] | None = None, *, status: int = 200, **kwargs: Any
    ) -> Page:
        """The page after sending that form; redirects are followed."""
        return self._look(self.send("POST", path, data=data or {}, follow_redirects=True, **kwargs), status)

    def submit(self, page: Page, selector: str = MAIN_FORM, *, status: int = 200, **changes: Any) -> Page:
        """Send a form of a page as a browser would, with some fields filled in otherwise."""
        values = {**page.form(selector), **changes}
        return self.post(
            page.action(selector),
            {key: value for key, value in values.items() if value is not None},
            status=status,
        )

    def _look(self, response: TestResponse, status: int) -> Page:
        page = Page(response)
        assert page.status == status, f"{page.status} at {response.request.path}: {page.text[:600]}"
        if response.mimetype == "text/html":
            inspect(page)
        return page


def inspect(page: Page) -> None:
    """Raise AssertionError when the page breaks one of the rules that hold for every page."""
    where = page.response.request.path
    html = page.soup.html
    assert html is not None
    lang = str(html.get("lang"))
    asked = where.split("/")[1]
    if page.status == 200 and len(asked) == 2:
        assert lang == asked, f"{where} is in {lang}"
    assert html.get("dir") == ("rtl" if lang in RIGHT_TO_LEFT else "ltr"), f"{where}: direction"
    assert len(page.soup.find_all("h1")) == 1, f"{where}: {len(page.soup.find_all('h1'))} h1"
    assert page.soup.title, f"{where}: no title"
    assert page.soup.title.get_text(strip=True), f"{where}: empty title"
    _valid(page, where)
    _labelled(page, where)
    _own_origin(page, where)
    if lang == "x-pseudo":
        bare = unmarked(page.soup)
        assert not bare, f"{where}: text that never reaches the translators: {bare[:8]}"


def unmarked(soup: BeautifulSoup) -> list[str]:
    """Texts of a page in the pseudo-language that carry no mark: they are not translated (T1)."""
    soup = BeautifulSoup(str(soup), "html5lib")
    bare = []
    for tag in soup.find_all(True):
        for name in TRANSLATED_ATTRIBUTES:
            value = str(tag.get(name) or "")
            if (
                LETTERS.search(_without_marked(value))
                and not tag.find_parent(attrs={"translate": "no"})
                and tag.get("translate") != "no"
            ):
                bare.append(f"{name}={value}")
    for tag in soup.select(OWN_WORDS):
        tag.decompose()
    # a mark may span several text nodes, as a sentence with a link inside does
    text = _without_marked(soup.get_text("\x00"))
    bare += [
        part.strip()
        for part in text.split("\x00")
        if LETTERS.search(part) and part.strip() != "Samenspoor" and part.strip(" ·–—|") != "Samenspoor"
    ]
    return bare


def _without_marked(text: str) -> str:
    """The text outside of all marks; a translated sentence may hold translated words."""
    found = 1
    while found:
        text, found = MARKED.subn("", text)
    return text


def _valid(page: Page, where: str) -> None:
    parser = html5lib.HTMLParser(strict=False)
    parser.parse(page.html)
    errors = [
        f"{position} {code} {details}" for position, code, details in parser.errors if code not in TOLERATED
    ]
    assert not errors, f"{where}: not valid HTML: {errors[:5]}"
    ids = [str(tag["id"]) for tag in page.soup.select("[id]")]
    twice = {name for name in ids if ids.count(name) > 1}
    assert not twice, f"{where}: ids used twice: {twice}"
    for tag in page.soup.select("[aria-describedby], [aria-labelledby]"):
        for attribute in ("aria-describedby", "aria-labelledby"):
            for name in str(tag.get(attribute) or "").split():
                assert name in ids, f"{where}: {attribute} names {name}, which is not there"


def _labelled(page: Page, where: str) -> None:
    named = {str(label.get("for")) for label in page.soup.select("label[for]")}
    for field in page.soup.select("input, select, textarea"):
        if field.get("type") in UNLABELLED:
            continue
        inside = field.find_parent("label")
        assert (
            field.get("id") in named or inside or field.get("aria-label") or field.get("aria-labelledby")
        ), f"{where}: no label: {field}"
    for button in page.soup.select("button, a[href]"):
        name = (
            button.get_text(strip=True)
            or button.get("aria-label")
            or button.select_one("[aria-label], title")
        )
        assert name, f"{where}: nothing to read on {button}"


def _own_origin(page: Page, where: str) -> None:
    for tag in page.soup.select(
        "script[src], link[rel=stylesheet][href], img[src], source[src], iframe[src]"
    ):
        target = str(tag.get("src") or tag.get("href"))
        assert re.match(r"/(?!/)|data:", target), f"{where}: third party {target}"
    assert not page.soup.select("[style]"), f"{where}: inline style {page.soup.select('[style]')[:2]}"
    assert not [tag for tag in page.soup.find_all(True) if any(key.startswith("on") for key in tag.attrs)], (
        f"{where}: inline script"
    )
