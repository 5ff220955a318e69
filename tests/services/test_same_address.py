"""One address is one account, however it is written and however many come with it at the same moment."""

from contextlib import contextmanager

import pytest
from sqlalchemy import UniqueConstraint, func, select, text

from app.db import session, transaction
from app.models import Buddy, Person
from app.security.identity import tidy_email
from app.security.viewer import ANONYMOUS
from app.services import arrivals, registrations
from app.services.registrations import Registered
from app.vocabulary import Role
from tests import factories
from tests.racing import at_once
from tests.services.test_registrations import BUDDY

TIMES = 100
SPELLINGS = (
    "jan.peeters@bücher.example", "Jan.Peeters@BÜCHER.example", "jan.peeters@xn--bcher-kva.example", "JAN.PEETERS@XN--BCHER-KVA.EXAMPLE",
    "jan.peeters+site@bücher.example", "jan.peeters@bücher.example.", "  jan.peeters@bücher.example ", "jan.peeters＠bücher.example",
    "jan.peeters@bücher。example", "jan.pee\u200bters@bücher.example", "jan.peeters@bu\u0308cher.example", "ｊａｎ.peeters@bücher.example",
)  # fmt: skip
CANONICAL = "jan.peeters@xn--bcher-kva.example"
OTHERS = ("jan.peeters@bücher.example.be", "janpeeters@bücher.example", "jan.peeters@bücheг.example", "jan.peeters@bucher.example")  # fmt: skip


def filled(address):
    """A registration of which every step is answered, from a browser of its own."""
    token = registrations.begin(ANONYMOUS, Role.BUDDY, "nl")
    for step, given in BUDDY.items():
        told = {**given, "email": tidy_email(address)} if step == "who" else given
        registrations.save_step(ANONYMOUS, Role.BUDDY, token, step, told, locale="nl")
    return token


def registered_at_once(site, addresses):
    """What each of so many heard who pressed the last button at the same moment."""
    tokens = [filled(address) for address in addresses]
    return at_once(
        site, 1,
        *[lambda token=token: arrivals.hand_in(ANONYMOUS, Role.BUDDY, token, "nl") for token in tokens],
    )  # fmt: skip


def accounts():
    return session().scalars(select(Person.email_canonical).order_by(Person.id)).all()


def test_all_spellings_at_once_are_one_account(site):
    heard = registered_at_once(site, [SPELLINGS[number % len(SPELLINGS)] for number in range(TIMES)])
    assert all(isinstance(one, Registered) for one in heard), heard
    assert {(one.person_id, one.network_slug) for one in heard} == {(None, "rivierenland")}
    assert accounts() == [CANONICAL]
    assert session().scalar(select(func.count()).select_from(Buddy)) == 1


def test_addresses_that_only_look_alike_are_accounts_of_their_own(site):
    registered_at_once(site, [SPELLINGS[0], *OTHERS])
    assert len(set(accounts())) == 1 + len(OTHERS)


@contextmanager
def without_the_constraint():
    """The table of people without its rule that an address is of one of them."""
    table = Person.__table__
    rule = next(
        item
        for item in table.constraints
        if isinstance(item, UniqueConstraint) and "email_canonical" in item.columns
    )
    with transaction() as inside:
        inside.execute(text(f"ALTER TABLE person DROP CONSTRAINT {rule.name}"))
    try:
        yield
    finally:
        with transaction() as inside:
            inside.execute(text("DELETE FROM buddy"))
            inside.execute(text("TRUNCATE person CASCADE"))
            inside.execute(text(f"ALTER TABLE person ADD CONSTRAINT {rule.name} UNIQUE (email_canonical)"))


@pytest.mark.postgresql
def test_negative_control_without_the_rule_of_the_table_there_are_several(site):
    with without_the_constraint():
        registered_at_once(site, SPELLINGS)
        assert accounts() == [CANONICAL] * len(SPELLINGS)


def test_staff_see_a_look_alike_for_what_it_is(site, signed_in):
    alike, plain = factories.buddy(), factories.buddy()
    with transaction() as inside:
        inside.get_one(Person, alike.person_id).email = "jan@exаmple.example"
    office = signed_in(factories.coordinator())
    page = office.get(f"/nl/people/buddies/{alike.id}?contact=1")
    assert "jan@exаmple.example (xn--exmple-4nf.example)" in page.text
    assert "xn--" not in office.get(f"/nl/people/buddies/{plain.id}?contact=1").text
