"""How far each permission reaches: in two networks that mirror each other, everybody sees the own records and no others."""

import pytest
from sqlalchemy.exc import IntegrityError

from app.vocabulary import Role
from tests import factories
from tests.security.rules import RULES
from tests.security.scopes import SCOPES, wrong
from tests.security.sides import both_sides


@pytest.fixture
def sides(site):
    return both_sides()


def test_everybody_sees_the_own_records_and_no_others(sides):
    viewers = {name: side.viewers() for name, side in sides.items()}
    keeper = factories.viewer(factories.administrator())
    faults = {row.name: found for row in SCOPES if (found := list(wrong(row, sides, viewers, keeper)))}
    assert not faults


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.COUNSELLOR, Role.ORGANISATION], ids=str)
def test_a_role_without_its_place_cannot_be_granted(site, role):
    """A coordinator without a network reaches nothing: the database does not even keep one."""
    with pytest.raises(IntegrityError):
        factories.grant(factories.person(), role)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_rule(sides, rule):
    rule(sides)
