"""How a viewer's reach becomes a condition: the one place where scope enters a query."""

from collections.abc import Mapping
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, false, func, or_, select, true

from app.db import session
from app.errors import NotFound
from app.security.permissions import Permission, Scope
from app.security.viewer import Viewer

Row = TypeVar("Row")


def reach(
    viewer: Viewer, permission: Permission, conditions: Mapping[Scope, ColumnElement[bool]]
) -> ColumnElement[bool]:
    """The rows that the permission reaches for this viewer; no scope, no rows."""
    parts = [conditions[scope] for scope in viewer.scopes(permission) if scope in conditions]
    if Scope.ALL in viewer.scopes(permission):
        return true()
    return or_(false(), *parts)


def one(statement: Select[Row]) -> Row:
    """The single row of a limited selection. Raises NotFound, alike for a foreign row and for none."""
    found = session().scalars(statement).unique().one_or_none()
    if found is None:
        raise NotFound()
    return found


def rows(statement: Select[Row]) -> list[Row]:
    """All rows of a selection of one entity, each once."""
    return list(session().scalars(statement).unique())


def count(statement: Select[Any]) -> int:
    """How many rows a selection has."""
    return session().scalar(select(func.count()).select_from(statement.order_by(None).subquery())) or 0
