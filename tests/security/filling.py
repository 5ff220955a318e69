"""Every text field of every form of the site, and what happens when something hostile is typed into it."""

import html
import json
import re
import sqlite3
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, Tag
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from app.db import session
from tests.client import Client, Page
from tests.crawl.test_pages import VISITS, address, wanted
from tests.crawl.world import World
from tests.database import TEMPLATE, PostgresqlGround, SqliteGround
from tests.security.hostile import MARK, ONE_LINE, kept_as

TYPED = {"text", "search", "email", "tel", "url", "password", "number", "date", "time", ""}
# What a field without a value is given, so that the others do not stand in the way of the one that is tried.
ORDINARY = {
    "email": "iemand@example.be",
    "tel": "0470 12 34 56",
    "url": "https://example.be",
    "number": "2",
    "date": "2026-12-01",
    "time": "10:00",
}
FREE = {"text", "search", ""}  # kinds of fields in which anything may be written


@dataclass
class Place:
    """One text field of one form: who sees it where, where it is sent, and what is sent beside it."""

    who: str
    page: str
    action: str
    method: str
    name: str
    kind: str
    beside: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.name} of {self.method} {self.action} ({self.who})"


def places(world: World) -> list[Place]:
    """The text fields of all forms on all pages of the crawl, each field of each route once."""
    found: dict[tuple[str, str, str], Place] = {}
    for visit in VISITS:
        if visit.method != "GET" or visit.status != 200:
            continue
        ids = {
            name: value
            for name, value in world.ids.get(visit.ids, {}).items()
            if name in wanted(world, visit)
        }
        path = address(world, visit.endpoint, "nl", {**visit.values, **ids}, visit.query)
        page = Page(world.browsers[visit.who].send("GET", path, follow_redirects=True))
        for place in _on(page, visit.who):
            found.setdefault((_route(world, place), place.method, place.name), place)
    return list(found.values())


def _route(world: World, place: Place) -> str:
    try:
        endpoint, values = world.site.url_map.bind("localhost").match(place.action, method=place.method)
    except HTTPException:
        return place.action
    return " ".join(
        [endpoint, *(str(values[name]) for name in ("slug", "kind", "act", "what", "tag") if name in values)]
    )


def _on(page: Page, who: str) -> Iterator[Place]:
    here = page.response.request.path
    for form in page.soup.select("form"):
        method = str(form.get("method", "get")).upper()
        action = urlsplit(str(form.get("action") or here)).path
        values = ordinary(form)
        for control in form.select("input[name], textarea[name]"):
            kind = "" if control.name == "textarea" else str(control.get("type", "text"))
            if kind in TYPED and control["name"] != "csrf_token":
                yield Place(who, here, action, method, str(control["name"]), kind, values)


def ordinary(form: Tag) -> dict[str, Any]:
    """What somebody would send who fills in everything with something that fits."""
    values: dict[str, Any] = {}
    for control in form.select("input[name], select[name], textarea[name]"):
        name, kind = str(control["name"]), str(control.get("type", "text"))
        if control.name == "select":
            chosen = (
                control.select("option[selected]")
                or [one for one in control.select("option") if one.get("value")][:1]
            )
            values[name] = str(chosen[0].get("value", "")) if chosen else ""
        elif kind == "radio":
            if name not in values or control.has_attr("checked"):
                values[name] = str(control.get("value", "on"))
        elif kind == "checkbox":
            values.setdefault(name, []).append(str(control.get("value", "on")))
        elif kind not in ("submit", "button", "image", "reset", "file"):
            typed = control.get_text() if control.name == "textarea" else str(control.get("value", ""))
            values[name] = typed or ORDINARY.get(
                kind, "2800" if "place" in name or "postcode" in name else "Gewoon"
            )
    return values


class Keeper:
    """The world as it was, to go back to after a form was taken; and what stands in its database."""

    def put_back(self) -> None:
        """Forget all that happened since."""
        session().rollback()
        session().expunge_all()
        self._put_back()

    def texts(self) -> Iterator[str]:
        """Every text of the database in which the mark stands, out of lists and objects too."""
        for value in self._values():
            yield from _strings(value)

    def _put_back(self) -> None:
        raise NotImplementedError

    def _values(self) -> Iterator[Any]:
        raise NotImplementedError


class SqliteKeeper(Keeper):
    """Copies the file."""

    def __init__(self, ground: SqliteGround) -> None:
        self.file = ground.file
        self.kept = sqlite3.connect(":memory:")
        self.file.backup(self.kept)

    def _put_back(self) -> None:
        self.kept.backup(self.file)

    def _values(self) -> Iterator[Any]:
        for (table,) in self.file.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            for row in self.file.execute(f'SELECT * FROM "{table}"'):
                yield from (value for value in row if isinstance(value, str) and MARK in value)


class PostgresqlKeeper(Keeper):
    """Keeps the world as the database of a run keeps what the migrations left."""

    def __init__(self, ground: PostgresqlGround) -> None:
        self.ground = ground
        ground.admin.execute("DROP SCHEMA kept CASCADE")
        ground.admin.execute(TEMPLATE)

    def _put_back(self) -> None:
        self.ground.restore()

    def _values(self) -> Iterator[Any]:
        admin = self.ground.admin
        for (table,) in admin.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        ).fetchall():
            found = admin.execute(
                f"SELECT to_jsonb(one) FROM public.\"{table}\" one WHERE strpos(one::text, '{MARK}') > 0"
            )  # type: ignore[arg-type]
            for (row,) in found.fetchall():
                yield from row.values()


def _strings(value: Any) -> Iterator[str]:
    """The texts with the mark in what a column holds: a text, or the JSON of lists and objects as text or as it is."""
    if isinstance(value, str):
        try:
            found = json.loads(value)
        except ValueError:
            found = value
        value = found if isinstance(found, dict | list) else value
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            if MARK in item:
                yield item
        elif isinstance(item, dict | list):
            waiting += list(item.values()) if isinstance(item, dict) else item


@dataclass
class Outcome:
    """What became of one text in one field."""

    place: Place
    text: str
    status: int
    page: str
    stored: list[str]
    location: str

    @property
    def taken(self) -> bool:
        """Whether the form was accepted."""
        return self.status in (302, 303)

    @property
    def names_the_field(self) -> bool:
        """Whether the answer says at that very field what is wrong."""
        soup = BeautifulSoup(self.page, "html5lib")
        controls = soup.select(f'[name="{self.place.name}"]')
        return any(
            control.get("aria-invalid") == "true" or "error-" in str(control.get("aria-describedby"))
            for control in controls
        )

    def shown_again(self) -> list[str]:
        """What stands in that field of the answer."""
        soup = BeautifulSoup(self.page, "html5lib")
        return [
            control.get_text() if control.name == "textarea" else str(control.get("value", ""))
            for control in soup.select(f'[name="{self.place.name}"]')
        ]


def type_into(world: World, keeper: Keeper, place: Place, text: str) -> Outcome:
    """Send the form with that text in that field, and put the world back if anything came of it."""
    client: Client = world.browsers[place.who]
    cookies = dict(client.browser._cookies)
    values = {**place.beside, place.name: text}
    given: dict[str, Any] = {"data": values} if place.method == "POST" else {"query_string": values}
    answer: TestResponse = client.send(place.method, place.action, **given)
    page = answer.get_data(as_text=True)
    client.browser._cookies = cookies
    stored = []
    if place.method == "POST" and answer.status_code < 400:
        stored = list(keeper.texts())
        keeper.put_back()
    return Outcome(place, text, answer.status_code, page, stored, answer.headers.get("Location", ""))


def as_typed(text: str) -> str:
    """What was typed of what is kept: the page that a letter is escapes it once, and a calendar as its format asks."""
    if text.startswith("<!doctype html>"):
        return html.unescape(text)
    return of_calendar(text) if text.startswith("BEGIN:VCALENDAR") else text


def of_calendar(text: str) -> str:
    """A calendar without its folds and strokes (RFC 5545, 3.1 and 3.3.11)."""
    plain = text.replace("\r\n ", "").replace("\r\n", "\n")
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], plain)


def control_letters(text: str) -> str:
    """The letters of a kept text that may stand in none: all that steer, but for a tab and the end of a line."""
    return "".join(
        letter for letter in as_typed(text) if letter not in "\t\n" and unicodedata.category(letter) == "Cc"
    )


def faults(outcome: Outcome, payload: str) -> list[str]:
    """What may not be: a fault of ours, mark-up that runs, a text that is calculated, or one that is kept otherwise than typed."""
    found = []
    if outcome.status >= 500:
        found.append(f"answers {outcome.status}")
    if "<" in payload and re.search(r"<\w", payload) and outcome.text in outcome.page:
        found.append("is not escaped")
    if f"49 {MARK}" in outcome.page:
        found.append("is calculated")
    for text in outcome.stored:
        if text.startswith("<!doctype html>") and re.search(r"<\w", payload) and outcome.text in text:
            found.append("is not escaped in a letter")
        if controls := control_letters(text):
            found.append(f"is kept with the control letters {controls!r}")
        if payload in ONE_LINE and outcome.place.kind and kept_as(payload) in kept_as(as_typed(text)):
            found.append("is kept with its line break")
    wanted_text = kept_as(outcome.text)
    if outcome.place.kind in FREE:
        found += [
            f"is kept as {text[:200]!r}" for text in outcome.stored if wanted_text not in as_typed(text)
        ]
    return found
