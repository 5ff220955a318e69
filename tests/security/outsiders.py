"""People who have nothing to do with a world of records, and the addresses of everything in that world."""

from collections.abc import Iterator
from itertools import islice

from flask import Flask
from sqlalchemy import select
from werkzeug.routing import AnyConverter, IntegerConverter, Rule

from app import models
from app.clock import today
from app.db import session, transaction
from app.models import Grant, Person
from app.security.permission_map import PERMISSION_MAP
from app.security.permissions import Permission
from app.vocabulary import Role
from app.vocabulary.lists import ListKind
from tests import factories
from tests.crawl.world import World

NOWHERE = 987654321
# What is the same for everybody, and what a secret opens: nobody is an outsider there.
OPEN = frozenset({
    Permission.SEE_PUBLIC, Permission.REGISTER, Permission.USE_LINK, Permission.RECORD_TEXTS,
    Permission.SET_STAFF, Permission.SET_WEIGHTS, Permission.ADMINISTER,
})  # fmt: skip
# The tables in which the numbers of an address are found, where the world has no name for a row of them.
TABLES = {
    "block_id": models.Block, "filter_id": models.SavedFilter, "handover_id": models.WarmHandover, "loan_id": models.Loan,
    "note_id": models.StaffNote, "occurrence_id": models.Occurrence, "request_id": models.LoanRequest,
    "sign_in_id": models.SignIn, "sign_up_id": models.SignUp, "training_id": models.Training, "wish_id": models.Wish,
}  # fmt: skip
BESIDE = {"occurrence_id": "offer_id", "sign_up_id": "newcomer_id", "handover_id": "newcomer_id"}
WORDS = {
    "slug": "rivierenland",
    "tag": "nl",
    "position": 1,
    "act": "ready",
    "question": "meet",
    "kind": "csv",
}
# A word of an address that chooses a page or a form, not a record.
CHOICES = {"lang", "position", "act", "question", "tag", "kind", "town", "aim", "table"}


def outsiders() -> dict[str, Person]:
    """By name: in each role somebody of another network and somebody of the same one who is nothing to the others."""
    unverified = factories.organisation("gent-stad", verified=False)
    return {
        "buddy elsewhere": factories.buddy("9000").person,
        "buddy beside": factories.buddy("2800").person,
        "newcomer elsewhere": factories.newcomer("9000").person,
        "newcomer beside": factories.newcomer("2800").person,
        "counsellor of another agency": factories.counsellor("atlas"),
        "counsellor of the same agency": factories.counsellor("agii"),
        "coordinator elsewhere": factories.coordinator("gent-stad"),
        "organisation elsewhere": factories.organisation_contact(factories.organisation("gent-stad")),
        "organisation beside": factories.organisation_contact(factories.organisation()),
        "organisation that is not verified": factories.organisation_contact(unverified),
        "helper": factories.person(roles=(Role.HELPER,)),
    }


def roles_of(person: Person) -> set[Role]:
    """The roles that were granted to that person."""
    return set(session().scalars(select(Grant.role).where(Grant.person_id == person.id)))


def names_of(rule: Rule) -> set[str]:
    """The parts of an address that say which record it is about."""
    picks = {name for name, kind in rule._converters.items() if isinstance(kind, AnyConverter)}
    return set(rule.arguments) - CHOICES - picks - set(rule.defaults or {})


def built(rule: Rule, values: dict[str, object]) -> str:
    """The address of that rule in Dutch with those values, and any of those that can be chosen."""
    chosen: dict[str, object] = {"lang": "nl"}
    for name, kind in rule._converters.items():
        if isinstance(kind, AnyConverter):
            chosen[name] = min(kind.items)
        elif name != "lang":
            chosen[name] = WORDS.get(name, NOWHERE if isinstance(kind, IntegerConverter) else "not-there")
    found = rule.build({**chosen, **values})
    assert found is not None, rule
    return found[1]


def closed_rules(site: Flask) -> list[tuple[Rule, Permission]]:
    """The routes about a record that only some people may see."""
    found = []
    for rule in site.url_map.iter_rules():
        permission = getattr(site.view_functions[rule.endpoint], "permission", None)
        if permission is not None and permission not in OPEN and names_of(rule):
            found.append((rule, permission))
    return found


def records(world: World, names: set[str], most: int) -> list[dict[str, object]]:
    """Up to `most` records of the world that have all these names, spread over what there is of them."""
    known = [
        {name: ids[name] for name in names} for ids in [*world.ids.values(), {"slug": "rivierenland"}]
        if names <= set(ids)
    ]  # fmt: skip
    known = [ids for at, ids in enumerate(known) if ids not in known[:at]] or list(_from_tables(world, names))
    return known[:: max(1, len(known) // most)][:most]


def _from_tables(world: World, names: set[str]) -> Iterator[dict[str, object]]:
    for name in sorted(names & set(TABLES)):
        for row in islice(session().scalars(select(TABLES[name]).order_by(TABLES[name].id)), 3):
            values: dict[str, object] = {name: row.id}
            other = BESIDE.get(name)
            if other in names:
                values[other] = getattr(row, other)
            yield {**{key: WORDS[key] for key in names if key in WORDS}, **values}
    if names == {"newcomer_id", "offer_id"}:
        yield {**world.ids["newcomer waiting"], **world.ids["offer club"]}


def allowed(roles: set[Role], permission: Permission) -> bool:
    """Whether one of the roles has that permission at all."""
    return bool(roles & set(PERMISSION_MAP[permission]))


def fill_what_the_world_lacks(world: World) -> None:
    """A filter, a training, a hand-over: records that no page of the crawl needs and an address asks for."""
    newcomer = world.ids["newcomer waiting"]["newcomer_id"]
    with transaction() as db:
        db.add(models.SavedFilter(
            person_id=world.coordinator.id, kind=ListKind.BUDDY, name="x", query="",
        ))  # fmt: skip
        db.add(models.WarmHandover(
            newcomer_id=newcomer, to_whom="x", agreed_on=today(), planned_on=today(), by_person_id=world.counsellor.id,
        ))  # fmt: skip
