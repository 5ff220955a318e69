"""A world in which everybody and everything is called by a formula with mark-up: every page, every file, every letter."""

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree as ET

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from app.db import session
from app.models import Message
from tests.client import Page
from tests.crawl import world as crawled
from tests.crawl.test_pages import FILES, VISITS, address, wanted, world_on
from tests.crawl.world import World
from tests.database import SqliteGround

VOLUNTEER = "＝1+1'><img src=x onerror=alert(1)>{{7*7}}%(x)s"
NEWCOMER = "@SUM(1+1)<script>alert(1)</script>${7*7}{0.__class__}"
WORDS = '=HYPERLINK("http://evil.example")</textarea><svg onload=alert(1)>{{7*7}}%s'
FORMULA = tuple("=+-@\t\r＝＋－＠")
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@pytest.fixture(scope="module")
def world(site_for, tmp_path_factory) -> Iterator[World]:
    """The world of the crawl under other names."""
    ground = SqliteGround(tmp_path_factory.mktemp("dangerous"))
    before = {name: getattr(crawled, name) for name in ("VOLUNTEER", "NEWCOMER", "WORDS", "LIST")}
    lines = f"Naam;E-mail;Telefoon;Postcode;Nota\n{VOLUNTEER};zoe@example.be;0470 11 11 11;2800;x\n"
    try:
        for name, value in {
            "VOLUNTEER": VOLUNTEER,
            "NEWCOMER": NEWCOMER,
            "WORDS": WORDS,
            "LIST": lines,
        }.items():
            setattr(crawled, name, value)
        yield from world_on(ground, site_for(ground.url))
    finally:
        for name, value in before.items():
            setattr(crawled, name, value)


def file_of(world, endpoint, **more):
    who, values, ids = FILES[endpoint]
    path = address(world, endpoint, "nl", {**values, **world.ids.get(ids, {}), **more}).split("?lang")[0]
    answer = world.browsers[who].send("GET", path, buffered=True)
    assert answer.status_code == 200, path
    return path, answer


def cells_of(data, separator):
    return [
        cell
        for row in csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=separator)
        for cell in row
    ]


def tables(world):
    """(endpoint, values) of every route that gives a table, each kind of it."""
    for rule in world.site.url_map.iter_rules():
        if rule.endpoint not in FILES or "GET" not in (rule.methods or ()):
            continue
        name = next((name for name in ("kind", "form") if name in rule.arguments), None)
        if name:
            known = getattr(rule._converters[name], "items", ("csv", "xlsx"))
            for kind in sorted({"csv", "xlsx"} & set(known)):
                yield rule.endpoint, {name: kind}
        elif rule.rule.endswith((".csv", ".xlsx")) and not name:
            yield rule.endpoint, {}


def test_no_table_holds_a_formula(world):
    """Every CSV and every Excel file that the site gives, also those that are added later: no cell is calculated."""
    wrong, dangerous, files = [], 0, 0
    for endpoint, values in tables(world):
        path, answer = file_of(world, endpoint, **values)
        files += 1
        data = answer.get_data()
        if data.startswith(b"PK"):
            with zipfile.ZipFile(io.BytesIO(data)) as book:
                sheets = [
                    ET.fromstring(book.read(name))
                    for name in book.namelist()
                    if "sheet" in name and name.endswith(".xml")
                ]
                words = ET.fromstring(book.read("xl/sharedStrings.xml"))
                if any(
                    sheet.findall(f".//{MAIN}f") or sheet.findall(f".//{MAIN}hyperlink") for sheet in sheets
                ):
                    wrong.append((path, "a formula"))
                cells = ["".join(item.itertext()) for item in words]
        else:
            first = data.decode("utf-8-sig").partition("\n")[0]
            cells = cells_of(data, ";" if ";" in first else ",")
        wrong += [
            (path, cell[:60])
            for cell in cells
            if cell.startswith(FORMULA) and not cell[1:].replace(" ", "").replace(".", "").isdigit()
        ]
        dangerous += sum("evil.example" in cell or "SUM(1+1)" in cell or "＝1+1" in cell for cell in cells)
    assert not wrong, wrong[:20]
    assert files >= 12
    assert dangerous >= 5


def test_files_are_never_shown_in_the_page(world):
    """What is taken away is named by us, and is saved; nothing of a person is in its name."""
    for endpoint in FILES:
        who, values, ids = FILES[endpoint]
        if endpoint.startswith(("api.", "pages.", "static", "recordings.", "offers.news")):
            continue
        path = address(world, endpoint, "nl", {**values, **world.ids.get(ids, {})})
        answer = world.browsers[who].send("GET", path.split("?lang")[0], buffered=True)
        if answer.status_code != 200:
            continue
        told = answer.headers.get("Content-Disposition", "")
        assert told.startswith("attachment; filename="), path
        assert not set(told) & set("<>'\r\n/\\{}"), told
        assert answer.headers["Content-Type"].split(";")[0] != "text/html", path


def test_json_is_json(world):
    """Text comes out of every JSON file as it was written, escaped by its writer."""
    _path, answer = file_of(world, "privacy.my_data_file")
    assert NEWCOMER in json.dumps(json.loads(answer.get_data()), ensure_ascii=False)
    for endpoint in ("api.activities", "api.activities_json"):
        _path, answer = file_of(world, endpoint)
        assert answer.mimetype in ("application/json", "application/ld+json", "application/geo+json")
        json.loads(answer.get_data())


def runs(html):
    """What in a page would run or load because somebody is called so."""
    soup = BeautifulSoup(html, "html5lib")
    return [
        str(found)[:80] for found in soup.select("img[onerror], svg[onload], [onload], [onerror], script")
        if found.name != "script" or (not found.get("src") and "alert(1)" in found.get_text())
    ] + [word for word in ("49%(x)s", "49{0", "49%s") if word in html]  # fmt: skip


@pytest.mark.parametrize("tag", ["nl", "ar"])
def test_no_page_runs_what_somebody_is_called(world, tag):
    wrong, shown = [], 0
    for visit in VISITS:
        ids = {
            name: value
            for name, value in world.ids.get(visit.ids, {}).items()
            if name in wanted(world, visit)
        }
        path = address(world, visit.endpoint, tag, {**visit.values, **ids}, visit.query)
        page = Page(
            world.browsers[visit.who].send(visit.method, path, data=visit.sent or None, follow_redirects=True)
        )
        if found := runs(page.html):
            wrong.append((path, found))
        shown += "alert(1)" in page.html
        if page.status >= 500:
            wrong.append((path, page.status))
    assert not wrong, wrong[:20]
    assert shown > 40


def test_no_letter_runs_what_somebody_is_called(world):
    letters = list(session().scalars(select(Message)))
    assert any("alert(1)" in letter.html for letter in letters)
    for letter in letters:
        assert not runs(letter.html), letter.kind
        assert "\n" not in letter.subject
        assert "<script" not in letter.html
