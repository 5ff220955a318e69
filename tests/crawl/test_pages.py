"""Every page in every language and in the pseudo-language: the rules of LANGUAGES that hold wherever one looks."""

from collections.abc import Iterator
from contextvars import Context
from itertools import cycle

import pytest
from flask import Flask

from app import db
from app.i18n import PSEUDO, language
from app.security.permissions import Permission
from tests.client import Page, invalid
from tests.crawl import basics, isolation, languages, reading
from tests.crawl.basics import faults_of
from tests.crawl.readers import NEWCOMER, STAFF, Visit
from tests.crawl.tree import Tree
from tests.crawl.visits import FILES, WATCHED, visits
from tests.crawl.world import World, keep
from tests.database import Ground, PostgresqlGround, SqliteGround

VISITS = visits()
SHOWN_IN = (*languages.TAGS, PSEUDO)
# The markup of a page is the same in all languages but for the direction, and for Dutch where a word is missing.
VALIDATED_IN = ("nl", "ar")
# "Also in Dutch" is on wherever it can be but here, so that both ways are seen.
SWITCHED_OFF_IN = "fr"
OPEN_TO_ALL = (Permission.SEE_PUBLIC, Permission.REGISTER)


def world_on(ground: Ground, site: Flask) -> Iterator[World]:
    csrf, site.config["WTF_CSRF_ENABLED"] = site.config["WTF_CSRF_ENABLED"], False
    db.bind(db.connect(ground.url))
    with site.app_context():
        yield World(site)
        db.release()
    db.bind(None)
    site.config["WTF_CSRF_ENABLED"] = csrf
    ground.close()


@pytest.fixture(scope="module")
def world(site_for, tmp_path_factory) -> Iterator[World]:
    """One world for all visits: nobody changes it by looking."""
    ground = SqliteGround(tmp_path_factory.mktemp("crawl"))
    yield from world_on(ground, site_for(ground.url))


@pytest.fixture(scope="module")
def world_on_postgresql(site_for, postgresql_server, worker_id) -> Iterator[World]:
    """The same world on the other database."""
    ground = PostgresqlGround(postgresql_server, f"crawl_{worker_id}")
    yield from world_on(ground, site_for(ground.url))


def get_routes(site: Flask) -> set[str]:
    return {rule.endpoint for rule in site.url_map.iter_rules() if "GET" in (rule.methods or ())}


def test_every_page_of_the_site_is_on_the_list(world):
    assert (
        get_routes(world.site)
        == {visit.endpoint for visit in VISITS if visit.method == "GET"} | set(FILES) | WATCHED
    )


def address(world: World, endpoint: str, tag: str, values: dict[str, object], query: str = "") -> str:
    path = world.site.url_map.bind("localhost").build(endpoint, {"lang": tag, **values})
    return f"{path}?{query}" if query else path


@pytest.mark.parametrize("endpoint", FILES)
def test_files_are_there(world, endpoint):
    who, values, ids = FILES[endpoint]
    path = address(world, endpoint, "ti", {**values, **world.ids.get(ids, {})}).split("?lang")[0]
    answer = world.browsers[who].send("GET", path)
    assert answer.status_code in (200, 302), path
    assert answer.get_data()
    answer.close()


def look(world: World, visit: Visit, tag: str) -> tuple[str, Page]:
    """The page of that visit in that language, and the address at which it stands in the end."""
    client = world.browsers[visit.who]
    ids = {key: value for key, value in world.ids.get(visit.ids, {}).items() if key in wanted(world, visit)}
    path = address(world, visit.endpoint, tag, {**visit.values, **ids}, visit.query)
    Context().run(keep, client.browser, also_dutch=tag != SWITCHED_OFF_IN)
    page = Page(client.send(visit.method, path, data=visit.sent or None, follow_redirects=True))
    assert page.status == visit.status, f"{page.status} at {path}: {page.text[:400]}"
    there = page.response.request
    landed, _values = world.site.url_map.bind("localhost").match(there.path, method=there.method)
    assert landed == (visit.lands or visit.endpoint), f"{path} leads to {there.path}"
    return there.path + (f"?{there.query_string.decode()}" if there.query_string else ""), page


def wanted(world: World, visit: Visit) -> set[str]:
    return {name for rule in world.site.url_map.iter_rules(visit.endpoint) for name in rule.arguments}


def faults_in(world: World, visit: Visit, tag: str, path: str, page: Page) -> list[str]:
    """What is wrong with that page: rules for all, for this reader, and for this address."""
    tree, printed = page.tree, "paper" in page.tree.root.classes
    faults = [] if tree.lang == tag else [f"lang is {tree.lang}"]
    faults += faults_of(tree, (*basics.RULES, *isolation.RULES))
    if not printed:
        faults += faults_of(tree, (*languages.RULES, *reading.RULES))
        if visit.status == 200 and visit.method == "GET":
            faults += languages.menu_leads_here(tree, path)
            open_to_all = world.site.view_functions[visit.endpoint].permission in OPEN_TO_ALL
            if open_to_all and not languages.kept_from_search(tree):
                faults += languages.alternates_lead_here(tree, path)
    if visit.reader is not STAFF or (tag != PSEUDO and "staff" in language(tag).complete):
        faults += languages.nothing_missing(tree)
    if visit.reader is NEWCOMER and not printed:
        faults += of_newcomers(tree, visit, tag)
    return faults + (invalid(page.html) if tag in VALIDATED_IN else [])


def of_newcomers(tree: Tree, visit: Visit, tag: str) -> list[str]:
    """Dutch beside and read aloud, on the pages of people who read little."""
    rules = [reading.read_aloud]
    if tag != "nl":
        rules.append(reading.dutch_switch)
    if tag == SWITCHED_OFF_IN and not visit.both:
        rules.append(reading.no_dutch_beside)
    elif tag not in (SWITCHED_OFF_IN, "nl"):
        rules.append(reading.dutch_beside)
    return faults_of(tree, tuple(rules))


@pytest.mark.parametrize("visit", VISITS, ids=str)
def test_page_in_every_language(world, visit):
    faults: dict[str, list[str]] = {}
    for tag in SHOWN_IN:
        path, page = look(world, visit, tag)
        for fault in faults_in(world, visit, visit.always or tag, path, page):
            faults.setdefault(fault, []).append(tag)
    assert not faults, "\n".join(f"{fault} [{' '.join(tags)}]" for fault, tags in faults.items())


@pytest.mark.postgresql
@pytest.mark.parametrize(("visit", "tag"), list(zip(VISITS, cycle(languages.TAGS), strict=False)), ids=str)
def test_page_on_postgresql(world_on_postgresql, visit, tag):
    """Whatever a page asks of it, this database answers too; in one language each, as words are the same on both."""
    _path, page = look(world_on_postgresql, visit, tag)
    assert page.tree.lang == (visit.always or tag)
