"""Who may do what, walked over every route with every role: own, of another, and not there at all."""

import csv
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.routing import AnyConverter, IntegerConverter

from app.db import session, transaction
from app.models import Grant, OfferList, Person, Proposal, Run, SavedFilter, StaffNote
from app.security.permission_map import PERMISSION_MAP
from app.security.permissions import Permission
from app.vocabulary import EntryState, Role
from app.vocabulary.lists import ListKind
from app.vocabulary.offer_lists import OfferListKind, OfferListState
from app.vocabulary.records import RunState
from tests import duo_factories, factories
from tests.client import Client

MATRIX = Path(__file__).with_name("authz_matrix.csv")


def test_the_map_is_the_matrix():
    with MATRIX.open(encoding="utf-8") as lines:
        written = {
            row.pop("permission"): {
                None if role == "anonymous" else Role(role): scope for role, scope in row.items() if scope
            }
            for row in csv.DictReader(lines)
        }
    assert {
        key.value: {role: scope.value for role, scope in cells.items()}
        for key, cells in PERMISSION_MAP.items()
    } == written


def people():
    """One person of each role, in Rivierenland where the role has a network."""
    club = factories.organisation()
    contact = factories.person()
    with transaction() as db:
        db.add(Grant(person_id=contact.id, role=Role.ORGANISATION, organisation_id=club.id))
    return {
        Role.BUDDY: factories.buddy().person,
        Role.NEWCOMER: factories.newcomer().person,
        Role.COUNSELLOR: factories.counsellor(),
        Role.COORDINATOR: factories.coordinator("rivierenland"),
        Role.ORGANISATION: contact,
        Role.HELPER: factories.person(roles=(Role.HELPER,)),
        Role.ADMINISTRATOR: factories.administrator(),
    }


def address(rule, **ids):
    """The address of a rule in Dutch, with those ids, or with ids that are nowhere."""
    values = {}
    for name, convert in rule._converters.items():
        if isinstance(convert, AnyConverter):
            values[name] = min(convert.items)
        else:
            values[name] = (
                "nl"
                if name == "lang"
                else 987654321
                if isinstance(convert, IntegerConverter)
                else "not-there"
            )
    return rule.build({**values, **ids})[1]


def routes(site: Flask):
    """(path with ids that are nowhere, method, permission) of every route."""
    return [
        (address(rule), method, site.view_functions[rule.endpoint].permission)
        for rule in site.url_map.iter_rules()
        if rule.endpoint != "static"
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"})
    ]


@pytest.mark.parametrize("role", [None, *Role], ids=str)
def test_every_route_with_every_role(site, signed_in, role):
    human = people()[role] if role else None
    wrong = []
    for path, method, permission in routes(site):
        if path.endswith("/sign-out"):
            continue
        browser = signed_in(human) if human else Client(site.test_client())
        answer = browser.send(method, path)
        allowed = role in PERMISSION_MAP[permission]
        asked_to_sign_in = answer.status_code == 302 and "/sign-in" in answer.headers.get("Location", "")
        if answer.status_code >= 500:
            wrong.append((path, method, answer.status_code))
        elif allowed and (answer.status_code == 403 or asked_to_sign_in):
            wrong.append((path, method, f"{permission} is allowed, {answer.status_code}"))
        elif not allowed and not (asked_to_sign_in if role is None else answer.status_code == 403):
            wrong.append((path, method, f"{permission} is denied, {answer.status_code}"))
    assert not wrong


def elsewhere():
    """Ids of things in Kempen, by the name under which a route asks for them."""
    staff, counsellor = factories.coordinator("kempen"), factories.counsellor("atlas")
    buddy, newcomer = factories.buddy("2300"), factories.newcomer("2300", counsellor=counsellor)
    duo = duo_factories.duo(newcomer=newcomer, buddy=buddy, approved_by=staff)
    entry = factories.entry(newcomer, factories.offer(network="kempen"))
    proof = factories.proof(factories.entry(newcomer, entry.offer, state=EntryState.CONFIRMED))
    with transaction() as db:
        run = Run(
            network_slug="kempen",
            programme_id=1,
            state=RunState.DONE,
            by_person_id=staff.id,
            as_of=factories.days_from_now(0),
            weights_version="x",
            weights={},
        )
        db.add(run)
        db.flush()
        proposal = Proposal(
            run_id=run.id, newcomer_id=newcomer.id, buddy_id=buddy.id, score=1, utility=1, explanation={}
        )
        db.add(proposal)
    with transaction() as db:
        saved = SavedFilter(person_id=staff.id, kind=ListKind.BUDDY, name="x", query="")
        db.add(saved)
    house = factories.organisation("kempen")
    with transaction() as db:
        kept = OfferList(
            network_slug="kempen",
            organisation_id=house.id,
            by_person_id=staff.id,
            kind=OfferListKind.OWN,
            state=OfferListState.STOPPED,
        )
        db.add(kept)
    hit = factories.blocked(staff, factories.buddy("2300"))
    with transaction() as db:
        note = StaffNote(person_id=buddy.person_id, network_slug="kempen", text="x")
        db.add(note)
    return {
        "list_id": kept.id, "hit_id": hit.id, "block_id": hit.block_id, "note_id": note.id, "filter_id": saved.id, "how": "start", "outcome": "refused",
        "buddy_id": buddy.id, "newcomer_id": newcomer.id, "duo_id": duo.id, "entry_id": entry.id, "run_id": run.id,
        "proof_id": proof.id, "proposal_id": proposal.id, "person_id": session().get(Person, newcomer.person_id).id, "slug": "kempen", "network": "kempen",
    }  # fmt: skip


@pytest.mark.parametrize(
    "role",
    [Role.BUDDY, Role.NEWCOMER, Role.COUNSELLOR, Role.COORDINATOR, Role.ORGANISATION, Role.HELPER],
    ids=str,
)
def test_what_is_elsewhere_looks_like_what_is_not_there(site, signed_in, role):
    """A foreign id answers like an unknown one: 404, the same body."""
    foreign, human, tried = elsewhere(), people()[role], 0
    for rule in site.url_map.iter_rules():
        names = rule.arguments - {"lang", *(rule.defaults or {})}
        if "GET" not in rule.methods or not names or not names <= set(foreign):
            continue
        permission = site.view_functions[rule.endpoint].permission
        if role not in PERMISSION_MAP[permission]:
            continue
        browser = signed_in(human)
        bodies = []
        for ids in (foreign, dict.fromkeys(foreign, 987654321)):
            path = address(rule, **{name: ids[name] for name in names})
            answer = browser.send("GET", path)
            assert answer.status_code == 404, (path, answer.status_code)
            bodies.append(answer.get_data(as_text=True).split("<main")[1])
        assert bodies[0] == bodies[1], rule
        tried += 1
    if role is Role.COORDINATOR:
        assert tried


def test_no_role_may_what_nobody_may():
    """Deciding is not for administrators, and contract facts are not for coordinators."""
    assert Role.ADMINISTRATOR not in PERMISSION_MAP[Permission.JUDGE_PROPOSAL]
    assert Role.COORDINATOR not in PERMISSION_MAP[Permission.SEE_CONTRACT]
    assert Role.NEWCOMER not in PERMISSION_MAP[Permission.SIGN_HOURS]
