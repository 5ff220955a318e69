"""The door to erasure: who was erased since a backup was made is erased again when it is put back (T24)."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from app import db
from app.services import tombstones
from app.services.tombstones import FILE, Stone


def keep_beside(engine: Engine, folder: Path) -> None:
    """Write who was erased beside a backup, so that it can be put back on another machine; no word about them."""
    with db.using(engine), suppress(DBAPIError):  # an empty place, or tables of a version without erasure
        tombstones.keep(folder)


def known(engine: Engine, folders: Iterable[Path]) -> list[Stone]:
    """Who was erased, as that database and the files of these folders know it; to be read before a restore."""
    found = {stone for folder in folders for stone in tombstones.read(folder / FILE)}
    with db.using(engine), suppress(DBAPIError):  # an empty place, or tables of an older version
        found.update(tombstones.stones())
    return list(found)


def remember(found: list[Stone], folder: Path) -> None:
    """Write them to the list of that folder, which the worker applies each night."""
    tombstones.keep(folder, found)


def erase_again(connection: Connection, found: list[Stone]) -> tuple[int, int]:
    """Erase them again inside a restore that nobody sees yet; returns how many were erased, and how many could not be."""
    with db.inside(connection):
        return tombstones.bury_again(found), len(tombstones.here(found))
