"""Lists cut into pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select

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


def cut_rows(rows: Sequence[Any], page: int, *, size: int = SIZE) -> Cut:
    """That page of rows that are at hand already."""
    pages = max(1, -(-len(rows) // size))
    page = min(max(1, page), pages)
    return Cut(rows=rows[(page - 1) * size : page * size], page=page, pages=pages, total=len(rows))
