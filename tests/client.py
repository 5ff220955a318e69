"""A test client that inspects every page it fetches, so that no test can pass over a broken one."""

import re
from contextvars import Context
from functools import cached_property
from typing import Any

import html5lib
from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app import db
from tests.crawl.basics import faults_of
from tests.crawl.tree import Tree

MAIN_FORM = "main form:not([action$=also-in-dutch])"
UNSENT = {"submit", "button", "image", "reset", "file"}
TOLERATED = {"expected-doctype-but-got-chars"}
# Characters that no parser minds; between quotes, and between tags when one of them is no blank.
PLAIN = r"[^<>&\x00-\x08\x0b-\x1f\x7f-\x9f\ue000-\uffff\U0001fffe-\U0010ffff{}]"
VALUE = re.compile(f'(?<!type)="{PLAIN.format(chr(34))}*"')
TEXT = re.compile(rf">\s*(?=[^\s<]){PLAIN.format('')}+<")
# The shapes of pages that were valid.
VALID: set[str] = set()


class Page:
    """A page as its reader gets it."""

    def __init__(self, response: TestResponse) -> None:
        self.response = response
        self.status = response.status_code
        self.html = response.get_data(as_text=True)

    @cached_property
    def soup(self) -> BeautifulSoup:
        """The page as a browser reads it, for tests that look for something in it."""
        return BeautifulSoup(self.html, "html5lib")

    @cached_property
    def tree(self) -> Tree:
        """The page as the rules read it."""
        return Tree(self.html)

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
            if field.name == "input" and kind in UNSENT:
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
    asked = where.split("/")[1]
    if page.status == 200 and len(asked) == 2:
        assert page.tree.lang == asked, f"{where} is in {page.tree.lang}"
    faults = faults_of(page.tree) + invalid(page.html)
    assert not faults, f"{where}: {faults[:8]}"


def invalid(html: str) -> list[str]:
    """Where the page is not valid HTML. A full parser is slow: a page shaped as one that was right is right too."""
    shape = shape_of(html)
    if shape in VALID:
        return []
    parser = html5lib.HTMLParser(strict=False)
    parser.parse(html)
    faults = [
        f"not valid HTML: {position} {code} {details}"
        for position, code, details in parser.errors
        if code not in TOLERATED
    ]
    if not faults:
        VALID.add(shape)
    return faults


def shape_of(html: str) -> str:
    """All of the page on which its validity depends: tags, names of attributes, and where text stands that is not blank.

    What is odd stays as it is: text with an ampersand, control characters, kinds of fields, and whatever is not closed.
    """
    return TEXT.sub(">x<", VALUE.sub('=""', html))
