"""What the last plan of a network says: of one newcomer whom it leaves without a buddy, and of who is missing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.db import session
from app.models import Buddy, Newcomer, Run
from app.queries.buddies import buddies_for
from app.queries.network_programmes import key_of
from app.queries.reach import rows
from app.security.viewer import Viewer
from app.vocabulary import NewcomerState
from app.vocabulary.records import RunState

MISSING_SHOWN = 8
ALIKE_SHOWN = 2  # entries of the recruiting list that differ in their moment alone
PLACES_SHOWN = 8


@dataclass(frozen=True)
class LeftOut:
    """A newcomer whom the last plan leaves without a buddy: the matcher's reason and the changes that would help.

    `unlocks` holds the first of each kind (smallest change first) that the newcomer has not made since.
    """

    run_id: int
    at: datetime
    reason: str
    unlocks: list[dict[str, Any]]


def left_out(newcomer: Newcomer) -> LeftOut | None:
    """What the last plan of the newcomer's programme says of who waits; None when it has a buddy or knew nobody."""
    if newcomer.state is not NewcomerState.WAITING:
        return None
    last = session().execute(
        select(Run.id, Run.finished_at, Run.report["unmatched"])
        .where(
            Run.network_slug == newcomer.network_slug, Run.state == RunState.DONE,
            Run.programme_id == key_of(newcomer),
        )
        .order_by(Run.id.desc()).limit(1)
    ).first()  # fmt: skip
    if last is None:
        return None
    run_id, at, kept = last
    row = next((row for row in kept or () if row["newcomer_id"] == newcomer.id), None)
    if row is None:
        return None
    unlocks = [unlock for unlock in row["unlocks"] if not _done(newcomer, unlock)]
    return LeftOut(run_id, at, row["reason"], first_of_each(unlocks))


def first_of_each(unlocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The first change of each kind, in the order given."""
    kinds: dict[str, dict[str, Any]] = {}
    for unlock in unlocks:
        kinds.setdefault(unlock["change"], unlock)
    return list(kinds.values())


def _done(newcomer: Newcomer, unlock: Mapping[str, Any]) -> bool:
    """Whether the newcomer made that change since the plan."""
    if unlock["change"] == "max_km":
        return newcomer.max_km is not None and newcomer.max_km >= unlock["to"]
    if unlock["change"] == "wish":
        return not newcomer.wished_gender
    told: list[str] = getattr(newcomer, unlock["change"])
    return unlock["add"] in told or (unlock["change"] == "availability" and not told)


def missing_in(
    *runs: Run, shown_most: int = MISSING_SHOWN, alike_most: int = ALIKE_SHOWN
) -> list[dict[str, Any]]:
    """The entries of the recruiting lists for the runs' own network, most worth first, not many that are alike."""
    shown: list[dict[str, Any]] = []
    alike: dict[tuple[str, str], int] = {}
    entries = [(run, entry) for run in runs for entry in run.report.get("shortage", [])]
    if len(runs) > 1:
        entries.sort(key=lambda item: -int(item[1]["value"]))
    for run, entry in entries:
        key = entry["language"], entry["wish"]
        if entry["network"] == run.network_slug and alike.get(key, 0) < alike_most:
            alike[key] = alike.get(key, 0) + 1
            shown.append(entry)
    return shown[:shown_most]


@dataclass(frozen=True)
class Place:
    """What a place with a buddy is worth to a plan, at both ends; `places` = free ones at the time of the run."""

    buddy_id: int
    name: str
    places: int
    gain: int
    loss: int


def places_in(viewer: Viewer, run: Run) -> list[Place]:
    """The buddies with whom one more place would help most, and then those whose places cost most to lose.

    Only buddies that the viewer may see: who went to another network since is not named here any more.
    """
    kept = sorted(run.report.get("places", []), key=lambda row: (-row["gain"], -row["loss"], row["buddy_id"]))
    kept = kept[:PLACES_SHOWN]
    keys = [row["buddy_id"] for row in kept]
    found = rows(buddies_for(viewer).where(Buddy.id.in_(keys)).options(joinedload(Buddy.person)))
    names = {buddy.id: buddy.person.first_name for buddy in found}
    return [Place(name=names[row["buddy_id"]], **row) for row in kept if row["buddy_id"] in names]
