"""How far each permission reaches: in two networks that mirror each other, everybody sees the own records and no others."""

import pytest
from sqlalchemy.exc import IntegrityError

from app.db import session
from app.security.viewer import Viewer
from app.vocabulary import Role
from tests import factories
from tests.security.scopes import SCOPES, Row
from tests.security.sides import Side, both_sides, of_no_side


def found(row: Row, viewer: Viewer) -> set[int | str]:
    """The keys of what the selection gives, by that row's names alone."""
    rows = session().scalars(row.select(viewer)).unique().all()
    return {getattr(item, "slug", None) or item.id for item in rows}


def wrong(
    row: Row, sides: dict[str, Side], viewers: dict[str, dict[str, Viewer]], keeper: Viewer
) -> list[str]:
    """Who sees more or less than the row says."""
    every = {(side, name): sides[side].keys[name] for side in sides for name in row.names.split()}
    faults = []
    for side, other in (("here", "there"), ("there", "here")):
        for who, viewer in viewers[side].items():
            named = row.seen.get(who, "").split()
            wanted = {every[other if name[0] == "~" else side, name.lstrip("~")] for name in named}
            if found(row, viewer) & set(every.values()) != wanted:
                faults.append(f"{who} {side}")
    faults += [who for who, viewer in of_no_side().items() if found(row, viewer)]
    seen = found(row, keeper) & set(every.values())
    return faults + (["administrator"] if seen != (set(every.values()) if row.all else set()) else [])


@pytest.fixture
def sides(site):
    made = both_sides()
    for side in made.values():
        side.keys["network"] = side.network
    return made


def test_everybody_sees_the_own_records_and_no_others(sides):
    viewers = {name: side.viewers() for name, side in sides.items()}
    keeper = factories.viewer(factories.administrator())
    faults = {row.name: found for row in SCOPES if (found := wrong(row, sides, viewers, keeper))}
    assert not faults


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.COUNSELLOR, Role.ORGANISATION], ids=str)
def test_a_role_without_its_place_cannot_be_granted(site, role):
    """A coordinator without a network reaches nothing: the database does not even keep one."""
    with pytest.raises(IntegrityError):
        factories.grant(factories.person(), role)
