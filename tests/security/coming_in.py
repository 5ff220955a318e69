"""The rules of coming in and staying in as plain checks, beside those of `rules`: for pytest, and for the mutants."""

import base64
from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import pyotp

from app.clock import now
from app.db import transaction
from app.models import AdministratorRequest, Message, SecondFactor, SignIn
from app.queries import admin, today
from app.queries.accounts import sign_in_by_token
from app.queries.reach import rows
from app.security import one_time, secrets, sign_in_limits
from app.security.permissions import Permission as P
from app.security.viewer import Viewer
from app.services import accounts
from app.vocabulary import Role
from tests import factories
from tests.security.sides import Side

DEMANDED = {"coordinator", "counsellor", "keeper"}
BEFORE = {P.SEE_PUBLIC, P.USE_LINK, P.SIGN_OUT, P.OWN_FACTOR}


def who_owes_a_second_factor(sides: dict[str, Side]) -> None:
    """Who sees the data of many, where it is demanded and until it is set up; until then hardly more than a stranger."""
    people = {**sides["here"].people, "keeper": factories.administrator()}
    for who in ("coordinator", "counsellor", "keeper", "helper", "member", "buddy", "newcomer"):
        token = accounts.sign_in(people[who].id)

        def found(*, demand: bool, token: str = token) -> Viewer:
            held = sign_in_by_token(token, demand_factor=demand)
            assert held is not None
            return held[1]

        assert found(demand=True).owes_factor is (who in DEMANDED), who
        assert found(demand=False).owes_factor is False, who
        with transaction() as db:
            db.add(factor := SecondFactor(person_id=people[who].id, salt="x", last_step=0))
        assert found(demand=True).owes_factor is False, who
        with transaction() as db:
            db.delete(factor)
    owing = Viewer(person_id=1, roles=frozenset({Role.COORDINATOR, Role.ADMINISTRATOR}), owes_factor=True)
    assert {permission for permission in P if owing.can(permission)} == BEFORE
    assert {permission for permission in P if owing.scopes(permission.value)} == BEFORE


def what_ends_at_a_moment(sides: dict[str, Side]) -> None:
    """A sign-in is over at the moment itself, as is a request for an administrator, and a message is due at it."""
    here = sides["here"]
    token = accounts.sign_in(here.people["helper"].id)
    held = sign_in_by_token(token)
    assert held is not None
    with transaction() as db:
        ends = db.get_one(SignIn, held[0].id).expires_at
        due = db.get_one(Message, here.keys["task"]).next_try_at
        asked = db.get_one(AdministratorRequest, here.keys["asked_for"]).asked_at
    keeper = factories.viewer(factories.administrator())
    for second, stands in ((-1, True), (0, False)):
        at = asked + timedelta(days=7, seconds=second)
        with patch("app.queries.admin.now", return_value=at):
            found = {row.id for row in rows(admin.requests_for(keeper))}
        assert (here.keys["asked_for"] in found) is stands, second
    for second, holds in ((-1, True), (0, False)):
        with patch("app.queries.accounts.now", return_value=ends + timedelta(seconds=second)):
            assert (sign_in_by_token(token) is not None) is holds, second
    coordinator = factories.viewer(here.people["coordinator"])
    for second, waits in ((-1, False), (0, True)):
        with patch("app.queries.today.now", return_value=due + timedelta(seconds=second)):
            assert (here.keys["task"] in {row.id for row in rows(today.messages_to_do(coordinator))}) is waits


def which_codes_are_taken(sides: dict[str, Side]) -> None:
    """Those of this half minute and of its neighbours, of this secret alone; recovery codes however they are typed."""
    secret, at = one_time.factor_secret("salt"), datetime(2026, 3, 2, 12, 0, 10, tzinfo=UTC)
    assert len(base64.b32decode(secret)) == 20
    assert secret == one_time.factor_secret("salt") != one_time.factor_secret("pepper")
    step = int(at.timestamp()) // 30
    for away in range(-3, 4):
        digits = pyotp.TOTP(secret).at(at + timedelta(seconds=30 * away))
        assert one_time.step_of(secret, digits, at) == (step + away if -1 <= away <= 1 else None), away
        assert one_time.step_of(one_time.factor_secret("pepper"), digits, at) is None, away
    assert one_time.step_of(secret, "", at) is None
    with patch("pyotp.TOTP.generate_otp", return_value="123456"):
        assert one_time.step_of(secret, "123456", at) == step  # the one of now before its neighbours
    assert [one_time.digits_of(text) for text in ("123 456", "12345", "1234567", "١٢٣٤٥٦", "12345a")] == [
        "123456", None, None, None, None,
    ]  # fmt: skip
    codes = one_time.recovery_codes()
    assert len(set(codes)) == 10
    hashes = {
        one_time.recovery_hash(text) for text in (codes[0], codes[0].lower(), codes[0].replace("-", " "))
    }
    assert len(hashes) == 1
    assert hashes != {one_time.recovery_hash(codes[1])}
    assert hashes != {secrets.code_hash(codes[0], "")}
    assert f"secret={secret}" in one_time.app_address(secret, "ann@example.be")
    assert "issuer=Samenspoor" in one_time.app_address(secret, "ann@example.be")


def how_long_one_stays_in(sides: dict[str, Side]) -> None:
    """The strictest role decides; without a role as somebody at home; never longer than the longest of it."""
    begun, hour, day = now(), timedelta(hours=1), timedelta(days=1)
    lasting = {
        (): (14 * day, 90 * day, False), (Role.BUDDY,): (14 * day, 90 * day, False), (Role.NEWCOMER,): (14 * day, 90 * day, False),
        (Role.ORGANISATION,): (day, 14 * day, True), (Role.COORDINATOR,): (2 * hour, 12 * hour, True),
        (Role.COUNSELLOR,): (2 * hour, 12 * hour, True), (Role.HELPER,): (hour, 12 * hour, True),
        (Role.ADMINISTRATOR,): (hour, 12 * hour, True), (Role.BUDDY, Role.ORGANISATION): (day, 14 * day, True),
        (Role.ADMINISTRATOR, Role.NEWCOMER, Role.COORDINATOR): (hour, 12 * hour, True),
    }  # fmt: skip
    for roles, (idle, longest, on_by_use) in lasting.items():
        found = sign_in_limits.limits_of(roles)
        assert (found.idle, found.longest, found.on_by_use) == (idle, longest, on_by_use), roles
        assert sign_in_limits.ends_at(begun, begun + hour, roles) == begun + hour + idle, roles
        assert sign_in_limits.ends_at(begun, begun + longest, roles) == begun + longest, roles


RULES = (who_owes_a_second_factor, what_ends_at_a_moment, which_codes_are_taken, how_long_one_stays_in)
