"""How far each permission reaches: in two networks that mirror each other, everybody sees the own records and no others."""

import ast

import pytest
from sqlalchemy.exc import IntegrityError

from app.vocabulary import Role
from tests import factories
from tests.architecture.source import ROOT
from tests.security import coming_in
from tests.security.rules import RULED, RULES
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


@pytest.mark.parametrize("rule", [*RULES, *coming_in.RULES], ids=lambda rule: rule.__name__)
def test_rule(sides, rule):
    rule(sides)


def test_every_selection_is_in_the_table():
    """A new selection that asks how far a permission reaches has to say here who sees what."""
    told = (*(row.function for row in SCOPES), *RULED)
    known = {(one.__module__.rpartition(".")[2], one.__qualname__) for one in told}
    asking = {
        (file.stem, node.name)
        for file in (ROOT / "app" / "queries").glob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and node.name != "reach"
        and any(isinstance(part, ast.Call) and getattr(part.func, "id", "") == "reach" for part in ast.walk(node))
    }  # fmt: skip
    assert len(asking) > 25
    assert asking <= known, asking - known
