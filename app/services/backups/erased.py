"""The door to erasure: who was erased since a backup was made is erased again when it is put back (T24)."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from app import db
from app.services import tombstones
from app.services.tombstones import FILE, Stone


def keep_beside(folder: Path) -> None:
    """Write who was erased beside a backup, so that it can be put back on another machine; no word about them."""
    try:
        tombstones.keep(folder)
    except DBAPIError:  # an empty place, or tables of a version without erasure
        db.session().rollback()
    finally:
        db.release()


def known(folders: Iterable[Path]) -> list[Stone]:
    """Who was erased, as the database in use and the files of these folders know it; to be read before a restore."""
    found = {stone for folder in folders for stone in tombstones.read(folder / FILE)}
    try:
        found.update(tombstones.stones())
    except DBAPIError:  # an empty place, or tables of an older version
        db.session().rollback()
    finally:
        db.release()
    return list(found)


def erase_again(found: list[Stone], folder: Path) -> int:
    """Erase them again in the database that was put back, and keep the list; returns how many were there."""
    try:
        many = tombstones.bury_again(found)
        tombstones.keep(folder)
    finally:
        db.release()
    return many
