"""Whether the site can do all of its work at this moment."""

import shutil
from functools import cache
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app import db, schema
from app.clock import now
from app.extensions import queue

SILENT_SECONDS = 60.0
LEAST_SPACE = 200_000_000  # bytes


def readiness(folder: Path) -> dict[str, bool]:
    """By name: does the database answer, has it the tables of this code, does the worker live, is there space in `folder`."""
    database = database_answers()
    return {
        "database": database,
        "schema": database and _serves(schema.version(db.engine())),
        "worker": worker_lives(),
        "space": free(folder) >= LEAST_SPACE,
    }


def database_answers() -> bool:
    """Whether the database answers a question."""
    try:
        db.session().execute(text("SELECT 1"))
    except SQLAlchemyError:
        db.release()
        return False
    return True


def worker_lives() -> bool:
    """Whether the worker gave a sign of life within the last minute."""
    beat = queue.last_beat()
    return beat is not None and now().timestamp() - beat < SILENT_SECONDS


def free(folder: Path) -> int:
    """The bytes that are free where that folder is, or will be."""
    there = next(path for path in (folder.resolve(), *folder.resolve().parents) if path.is_dir())
    return shutil.disk_usage(there).free


@cache
def _serves(version: str | None) -> bool:
    """Whether this code can work with tables of that version; a newer version only adds to them (docs/running.md)."""
    return version == schema.newest() or schema.is_newer(version)
