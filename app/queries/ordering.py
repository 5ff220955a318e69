"""Names in the order in which a reader of a language looks them up, paged by the database."""

from sqlalchemy import ColumnElement, func
from sqlalchemy.orm import InstrumentedAttribute

from app.db import session
from app.models import Person
from app.reference.sorting import PLAIN, exchange


def by_name(language: str) -> ColumnElement[str] | InstrumentedAttribute[str]:
    """What sorts people by name for a reader of that language (D4); letters are compared by their code alone."""
    if exchange(language) == exchange(PLAIN):
        return Person.plain_key  # by far the most readers: kept and indexed
    key: ColumnElement[str] = func.translate(Person.sort_key, *exchange(language))
    return key.collate("C") if session().get_bind().dialect.name == "postgresql" else key
