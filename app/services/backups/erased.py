"""The door to erasure: who was erased since a backup was made is erased again when it is put back (T24)."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from sqlalchemy.exc import DBAPIError

from app import db

MODULE: Final = "app.services.tombstones"
FILE: Final = "tombstones.jsonl"


def _tombstones() -> Any:
    """That service, where this version of the site has it."""
    return import_module(MODULE) if find_spec(MODULE) else None


def keep_beside(folder: Path) -> None:
    """Write who was erased beside a backup, so that it can be put back on another machine; no word about them."""
    tombstones = _tombstones()
    if tombstones is None:
        return
    try:
        tombstones.keep(folder)
    except DBAPIError:  # an empty place, or tables of a version without erasure
        db.session().rollback()
    finally:
        db.release()


def known(folders: Iterable[Path]) -> list[Any]:
    """Who was erased, as the database in use and the files of these folders know it; to be read before a restore."""
    tombstones = _tombstones()
    if tombstones is None:
        return []
    found = {stone for folder in folders for stone in tombstones.read(folder / FILE)}
    try:
        found.update(tombstones.stones())
    except DBAPIError:  # an empty place, or tables of an older version
        db.session().rollback()
    finally:
        db.release()
    return list(found)


def erase_again(found: list[Any], folder: Path) -> int:
    """Erase them again in the database that was put back, and keep the list; returns how many were there."""
    tombstones = _tombstones()
    if tombstones is None:
        return 0
    try:
        many: int = tombstones.bury_again(found)
        tombstones.keep(folder)
    finally:
        db.release()
    return many
