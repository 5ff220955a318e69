"""Lists cut into pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select

from app.db import session
from app.queries.reach import count

SIZE = 50


@dataclass(frozen=True)
class Cut:
    """One page of a list: its rows, its number from 1, how many pages and rows there are in all."""

    rows: Sequence[Any]
    page: int
    pages: int
    total: int


def cut(statement: Select[Any], page: int, *, size: int = SIZE) -> Cut:
    """That page of a selection; a number that is too high gives the last page. One entity a row gives the entity."""
    total = count(statement)
    pages = max(1, -(-total // size))
    page = min(max(1, page), pages)
    result = session().execute(statement.limit(size).offset((page - 1) * size)).unique()
    rows = result.scalars().all() if len(statement.column_descriptions) == 1 else result.all()
    return Cut(rows=rows, page=page, pages=pages, total=total)


def cut_long(statement: Select[Any], page: int, *, size: int = SIZE, total: int | None = None) -> Cut:
    """That page of a long selection of one entity with an `id`: first only the keys are sorted, then fifty rows read."""
    entity = statement.column_descriptions[0]["entity"]
    if total is None:
        total = count(statement.with_only_columns(entity.id))
    pages = max(1, -(-total // size))
    page = min(max(1, page), pages)
    keys = (
        session().scalars(statement.with_only_columns(entity.id).limit(size).offset((page - 1) * size)).all()
    )
    found = {row.id: row for row in session().scalars(select(entity).where(entity.id.in_(keys))).unique()}
    return Cut(rows=[found[key] for key in keys], page=page, pages=pages, total=total)


def cut_rows(rows: Sequence[Any], page: int, *, size: int = SIZE) -> Cut:
    """That page of rows that are at hand already."""
    pages = max(1, -(-len(rows) // size))
    page = min(max(1, page), pages)
    return Cut(rows=rows[(page - 1) * size : page * size], page=page, pages=pages, total=len(rows))
