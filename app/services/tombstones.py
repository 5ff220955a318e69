"""Who was erased, without a word about them: kept beside the database, so that a backup brings nobody back (T24)."""

import json
import logging
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Select, inspect, select, union_all

from app.db import session
from app.models import ContactPerson, ContactTombstone, MergedPerson, Person, Tombstone
from app.services.erasures import erase
from app.services.erasures.contacts import erase_contact

FILE = "tombstones.jsonl"
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Stone:
    """A record of a person: its key, when it was made, and when the person was erased.

    `contact`: it is a contact person without an account, and the key is of that table.
    """

    person_id: int
    made_at: datetime
    erased_at: datetime
    contact: bool = False

    def line(self) -> str:
        """As one line of JSON."""
        values = {
            "contact" if self.contact else "person": self.person_id,
            "made": self.made_at.isoformat(),
            "erased": self.erased_at.isoformat(),
        }
        return json.dumps(values)

    @staticmethod
    def of(line: str) -> "Stone":
        """What `line()` wrote. Raises ValueError or KeyError for anything else."""
        values = json.loads(line)
        contact = "contact" in values
        key = values["contact" if contact else "person"]
        return Stone(
            int(key), datetime.fromisoformat(values["made"]), datetime.fromisoformat(values["erased"]), contact
        )  # fmt: skip


def stones() -> list[Stone]:
    """Everybody who was erased in this database, with the records that had gone up in theirs before."""
    found = union_all(
        select(Tombstone.person_id, Tombstone.made_at, Tombstone.erased_at),
        select(MergedPerson.gone_id, MergedPerson.gone_made_at, Tombstone.erased_at)
        .join(Tombstone, Tombstone.person_id == MergedPerson.kept_id),
    )  # fmt: skip
    contacts = select(ContactTombstone.contact_id, ContactTombstone.made_at, ContactTombstone.erased_at)
    return [
        *(Stone(*row) for row in session().execute(found)),
        *(Stone(*row, contact=True) for row in session().execute(contacts)),
    ]


def keep(folder: Path, found: Iterable[Stone] | None = None) -> Path:
    """Write all tombstones to their file, whole or not at all, together with those that stand in it already.

    All of this database, or those that were `found`.
    """
    path = folder / FILE
    lines = {stone.line() for stone in [*(stones() if found is None else found), *read(path)]}
    new = path.with_suffix(".new")
    with new.open("w", encoding="ascii") as file:
        file.writelines(f"{line}\n" for line in sorted(lines))
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
    return path


def read(path: Path) -> list[Stone]:
    """The tombstones of a file; none when there is no file."""
    if not path.exists():
        return []
    return [Stone.of(line) for line in path.read_text(encoding="ascii").splitlines() if line.strip()]


def somebody_is_here() -> bool:
    """Whether the database has tables and anybody in them, so that it can be the one of a site."""
    there = inspect(session().connection()).has_table(Person.__tablename__)
    return there and session().scalar(select(Person.id).limit(1)) is not None


def bury_again(found: Iterable[Stone]) -> int:
    """Erase again everybody whom a restore brought back; returns how many. Nobody is told again.

    Everybody in a transaction of their own: one that fails is logged, and holds up nobody.
    """
    return sum(_tried(stone) for stone in here(found))


def here(found: Iterable[Stone]) -> list[Stone]:
    """Which of them stand in this database and are not erased in it.

    A record counts as the same one when its key and the moment it was made are the same.
    """
    return [stone for stone in found if session().scalar(_made_at(stone)) == stone.made_at]


def _made_at(stone: Stone) -> Select[datetime]:
    if not stone.contact:
        return select(Person.created_at).where(Person.id == stone.person_id, Person.erased_at.is_(None))
    return select(ContactPerson.created_at).where(
        ContactPerson.id == stone.person_id, ContactPerson.person_id.is_(None),
        ContactPerson.id.not_in(select(ContactTombstone.contact_id)),
    )  # fmt: skip


def _tried(stone: Stone) -> bool:
    try:
        return erase_contact(stone.person_id) if stone.contact else erase(stone.person_id, links=None)
    except Exception:
        log.exception("%s could not be erased again", stone.line())
        return False
