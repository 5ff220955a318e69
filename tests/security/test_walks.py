"""Walks through a world of records in every state: who is nothing to them, what they betray, and what every answer carries."""

from collections.abc import Iterator
from contextvars import Context
from dataclasses import dataclass

import pytest
from sqlalchemy import select

from app.db import Base, session, transaction
from app.models import Link, Message, Person
from app.queries.accounts import sign_in_by_token
from app.security.secrets import token_hash
from tests.client import Client
from tests.crawl.test_pages import FILES, VISITS, address, wanted, world_on
from tests.crawl.world import World
from tests.database import PostgresqlGround, SqliteGround
from tests.security import canaries
from tests.security.outsiders import (
    NOWHERE,
    OPEN,
    allowed,
    built,
    closed_rules,
    fill_what_the_world_lacks,
    names_of,
    outsiders,
    records,
    roles_of,
)
from tests.security.test_headers import faults

EACH = 2  # records for each address; the crawl has some dozens of newcomers and buddies in every state


@pytest.fixture(scope="module")
def world(database_kind, request, site_for, tmp_path_factory) -> Iterator[World]:
    """One world for all walks through it: what they may not change is held to be as it was."""
    if database_kind == "sqlite":
        ground = SqliteGround(tmp_path_factory.mktemp("walks"))
    else:
        worker = request.getfixturevalue("worker_id")
        ground = PostgresqlGround(request.getfixturevalue("postgresql_server"), f"walks_{worker}")
    for made in world_on(ground, site_for(ground.url)):
        fill_what_the_world_lacks(made)
        yield made


@pytest.fixture(scope="module")
def strangers(world) -> dict[str, tuple[Client, set]]:
    return {who: (world.browser(who, person), roles_of(person)) for who, person in outsiders().items()}


@pytest.mark.sqlite
def test_every_page_and_file(world):
    """B17: each address of the site in one language each, by its own reader, and each page by nobody."""
    wrong, statuses, seen = [], set(), set()
    inside = {reader for reader, client in world.browsers.items() if person_behind(client)}
    assert {"newcomer active", "buddy active", "organisation", "helper", "administrator"} <= inside
    asked = [
        (visit.endpoint, visit.who, {**visit.values, **world.ids.get(visit.ids, {})}, visit.query, visit.method, wanted(world, visit))
        for visit in VISITS
    ]  # fmt: skip
    for endpoint, (who, values, ids) in FILES.items():
        asked.append((endpoint, who, {**values, **world.ids.get(ids, {})}, "", "GET", None))
    for at, (endpoint, who, values, query, method, names) in enumerate(asked):
        known = {name: value for name, value in values.items() if names is None or name in names}
        path = address(world, endpoint, ("nl", "ar", "x-pseudo")[at % 3], known, query)
        for reader in {who, "nobody"} if (endpoint, method) not in seen else {who}:
            answer = world.browsers[reader].send(method, path, buffered=True)
            if found := faults(answer, signed_in=reader in inside):
                wrong.append((path, reader, answer.status_code, found))
            statuses.add(answer.status_code)
            answer.close()
        seen.add((endpoint, method))
    assert not wrong, wrong[:20]
    assert {200, 302, 403, 404, 422} <= statuses


def test_every_address_of_a_record_is_tried(world):
    """A new address with a new kind of number has to be made known to this walk."""
    missing = [rule.rule for rule, _ in closed_rules(world.site) if not records(world, names_of(rule), EACH)]
    assert not missing


def body(answer):
    """What the answer says, without the address that was asked for, which a form shows again."""
    text = answer.get_data(as_text=True).replace(answer.request.path.removeprefix("/nl"), "")
    return text.split("<main")[1] if "<main" in text else text


def contents():
    """All rows of all tables, but for when somebody was last seen."""
    tables = [table for table in Base.metadata.sorted_tables if table.name != "sign_in"]
    return {table.name: sorted(map(repr, session().execute(select(table)))) for table in tables}


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_is_of_others_looks_like_what_is_not_there(world, strangers, method):
    """Looked at, it is not there. Sent to, the answer is that for what is not there, and nothing changes."""
    wrong, tried = [], 0
    before = contents()
    for rule, permission in closed_rules(world.site):
        if method not in rule.methods:
            continue
        names = names_of(rule)
        nowhere = {name: NOWHERE if name.endswith("_id") else "not-there" for name in names}
        for who, (client, roles) in strangers.items():
            if not allowed(roles, permission):
                continue
            none = client.send(method, built(rule, nowhere))
            for ids in records(world, names, EACH):
                path, answer = built(rule, ids), client.send(method, built(rule, ids))
                tried += 1
                same = (answer.status_code, body(answer)) == (none.status_code, body(none))
                if not same or answer.status_code not in ((404,) if method == "GET" else (303, 404, 422)):
                    wrong.append((who, method, path, answer.status_code, none.status_code))
    assert not wrong, f"{len(wrong)} of {tried}: {wrong[:40]}"
    assert tried > 100
    assert before == contents()


def test_the_walk_can_fail(world):
    """Who does look after the records gets to see most of them: the addresses above are right."""
    seen = 0
    for rule, _permission in closed_rules(world.site):
        if "GET" not in rule.methods:
            continue
        for who in ("coordinator", "counsellor"):
            for ids in records(world, names_of(rule), EACH):
                seen += world.browsers[who].send("GET", built(rule, ids)).status_code == 200
    assert seen > 60


READERS = (
    "nobody", "buddy active", "buddy asked", "newcomer active", "newcomer asked", "counsellor",
    "coordinator", "coordinator kempen", "organisation", "helper", "buddy beside", "newcomer beside",
    "counsellor of the same agency", "organisation beside",
)  # fmt: skip
EACH_TIME = 2  # of those who have the permission of an address, beside its own reader; the others in turn


@dataclass(frozen=True)
class Seen:
    """Whom and which contracts somebody read about at an address, and whose rights were there to do so."""

    path: str
    reader: str
    whose: tuple[int | None, ...]
    people: frozenset[int]
    contracts: frozenset[str]


@pytest.fixture(scope="module")
def rights(world, strangers) -> canaries.Rights:
    canaries.plant(world.counsellor)
    return canaries.Rights()


@pytest.fixture(scope="module")
def seen(world, rights, pytestconfig) -> list[Seen]:
    """What everybody read at every address of the crawl; with `--fuzz 1` everybody who has its permission at all."""
    most = None if pytestconfig.getoption("fuzz") else EACH_TIME
    people = {name: person_behind(client) for name, client in world.browsers.items()}
    roles = {name: roles_of(session().get_one(Person, key)) if key else set() for name, key in people.items()}
    found = []
    for at, (path, own) in enumerate(addresses(world).items()):
        for reader in readers_of(world, path, own, roles, at, most):
            answer = world.browsers[reader].send("GET", path, buffered=True)
            text = canaries.text_of(answer.get_data())
            answer.close()
            whose = (people[reader], *holders(path))
            named, contracts = canaries.people_in(text, rights.people), canaries.contracts_in(text)
            found.append(Seen(path, reader, whose, frozenset(named), frozenset(contracts)))
    return found


def person_behind(client):
    """The key of the person who is signed in in that browser."""

    def token():
        with client.browser.session_transaction() as kept:
            return kept.get("_user_id")

    found = Context().run(token)
    return sign_in_by_token(found)[1].person_id if found else None


def addresses(world):
    """Every GET address of the crawl with its records, once, and who reads it."""
    found = {
        address(world, visit.endpoint, "nl", {
            **visit.values, **{name: value for name, value in world.ids.get(visit.ids, {}).items() if name in wanted(world, visit)},
        }, visit.query): visit.who
        for visit in VISITS if visit.method == "GET"
    }  # fmt: skip
    for endpoint, (who, values, ids) in FILES.items():
        if endpoint != "static":
            known = {**values, **world.ids.get(ids, {})}
            found[address(world, endpoint, "nl", known).split("?lang")[0]] = who
    return found


def holders(path):
    """Whom a secret link in that address belongs to: it opens what is that person's."""
    hashes = [token_hash(part) for part in path.partition("?")[0].split("/")]
    return session().scalars(
        select(Link.person_id).where(Link.token_hash.in_(hashes), Link.person_id.is_not(None))
    )


def readers_of(world, path, own, roles, at, most):
    """Who is tried at that address: its own reader, and of those who have its permission so many, in turn."""
    endpoint, _values = world.site.url_map.bind("localhost").match(path.partition("?")[0])
    permission = world.site.view_functions[endpoint].permission
    others = ["nobody", "buddy active", "newcomer active"]
    if permission not in OPEN:
        others = [reader for reader in READERS if roles[reader] and allowed(roles[reader], permission)]
    others = others[at % len(others) :] + others[: at % len(others)] if others else []
    return sorted({own, *others[:most]} - {"administrator"})


@pytest.mark.sqlite
def test_nobody_reads_how_to_reach_others_or_their_contract(seen, rights):
    wrong = []
    for one in seen:
        people = one.people.difference(*map(rights.reachable_by, one.whose))
        contracts = one.contracts.difference(*map(rights.contracts_of, one.whose))
        if people or contracts:
            wrong.append((one.reader, one.path, people, contracts))
    assert not wrong, f"{len(wrong)} of {len(seen)}: {wrong[:20]}"
    assert len(seen) > 400


@pytest.mark.sqlite
def test_the_canaries_sing(seen):
    """Where somebody has the right, the details are there: a walk that finds nothing would find nothing at all."""
    assert len({one.path for one in seen if one.people}) > 5
    assert len({one.path for one in seen if one.contracts}) > 3
    kinds = {
        kind for one in seen if one.people for kind in ("csv", "xlsx", "json", "pdf") if kind in one.path
    }
    assert {"csv", "xlsx"} <= kinds


@pytest.mark.sqlite
def test_letters_tell_nobody_how_to_reach_others(world, rights):
    """Of what is written to somebody: no address or number of a person whom that somebody may not reach."""
    with transaction() as db:
        for letter in db.scalars(select(Message)):
            letter.to_phone = None
    wrong, letters = [], list(session().scalars(select(Message)))
    for letter in letters:
        text = " ".join((letter.subject, letter.text, letter.html, str(letter.facts)))
        found = canaries.people_in(text, rights.people) - rights.reachable_by(letter.person_id)
        if found or canaries.contracts_in(text) - rights.contracts_of(letter.person_id):
            wrong.append((letter.kind, letter.to_email, found))
    assert letters
    assert not wrong
