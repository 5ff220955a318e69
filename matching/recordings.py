"""Reading recorded runs: folders with the tables, the setting and the report of an `assign`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from matching import output
from matching.settings import read_idf, read_report, read_weights, weights_toml
from matching.tables import (
    BUDDY_COLUMNS,
    ISO_DAY,
    NEWCOMER_COLUMNS,
    TableError,
    read_buddies,
    read_newcomers,
    read_past,
)
from matching.types import Buddy, Idf, Newcomer, Objective
from matching.weights import Weights

TABLES = ("newcomers.csv", "buddies.csv", "report.json")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """A run as it was: who took part, the setting, the day and the interest counts.

    `found` is the sum of utilities (millionths) that the run came to, None when it is not known.
    """

    name: str
    newcomers: tuple[Newcomer, ...]
    buddies: tuple[Buddy, ...]
    past: tuple[tuple[str, str], ...] = ()
    weights: Weights
    as_of: date
    idf: Idf
    objective: Objective = "best"
    found: int | None = None


def read_recordings(folder: Path, current: Weights | None = None) -> tuple[Recording, ...]:
    """The run in a folder, or those in its sub-folders by name; raises TableError.

    Each has newcomers.csv, buddies.csv and report.json, and past.csv and weights.toml where the run had them.
    `current` takes the place of the recorded settings; without it a report must be of the setting beside it.
    """
    if (folder / TABLES[-1]).exists():
        return (_recording(folder, current),)
    inside = sorted(path for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else []
    if not inside:
        raise TableError(
            str(folder), None, None, "a folder with " + ", ".join(TABLES) + ", or folders of that kind"
        )
    return tuple(_recording(path, current) for path in inside)


def write_recording(recording: Recording, folder: Path) -> None:
    """Write the files of a recording, all or none; points are rounded to 0.01 degrees, about a kilometre."""
    report: dict[str, object] = {
        "as_of": recording.as_of.isoformat(),
        "bonus": int(recording.objective == "most-people"),
        "idf": {"people": recording.idf.people, "named": dict(recording.idf.named)},
        "weights_version": recording.weights.version,
    }
    if recording.found is not None:
        report["objective"] = recording.found
    texts = {
        "newcomers.csv": output.located_csv(recording.newcomers, NEWCOMER_COLUMNS),
        "buddies.csv": output.located_csv(recording.buddies, BUDDY_COLUMNS),
        "past.csv": output.past_csv(recording.past),
        "weights.toml": weights_toml(recording.weights),
        "report.json": json.dumps(report, ensure_ascii=False, indent=1, sort_keys=True) + "\n",
    }
    output.write_all({folder / name: text for name, text in texts.items()})


@dataclass(frozen=True, slots=True)
class _Report:
    """What a replay needs of a report beside the interest counts."""

    as_of: date
    weights_version: str | None
    bonus: int | None
    objective: int | None


def _recording(folder: Path, current: Weights | None) -> Recording:
    newcomers, buddies, report = (folder / name for name in TABLES)
    past, weights = folder / "past.csv", folder / "weights.toml"
    facts = _report(report)
    setting = read_weights(weights) if weights.exists() else Weights()
    if current is None and facts.weights_version not in {None, setting.version}:
        expected = f"the setting {facts.weights_version!r} of the report, found {setting.version!r}"
        raise TableError(str(weights), None, "version", expected)
    return Recording(
        name=folder.name,
        newcomers=read_newcomers(newcomers, facts.as_of),
        buddies=read_buddies(buddies),
        past=read_past(past) if past.exists() else (),
        weights=current or setting,
        as_of=facts.as_of,
        idf=read_idf(report),
        objective="most-people" if facts.bonus else "best",
        found=facts.objective if current in {None, setting} else None,
    )


def _report(path: Path) -> _Report:
    data = read_report(path)
    if not isinstance(data, dict):
        raise TableError(str(path), None, None, "the JSON of a report")
    for name, kind, expected in (
        ("weights_version", str, "a text"),
        ("bonus", int, "a whole number"),
        ("objective", int, "a whole number"),
    ):
        if name in data and (not isinstance(data[name], kind) or isinstance(data[name], bool)):
            raise TableError(str(path), None, name, f"{expected}, found {data[name]!r}")
    day = str(data.get("as_of"))
    try:
        as_of = date.fromisoformat(day if ISO_DAY.fullmatch(day) else "")
    except ValueError as error:
        raise TableError(
            str(path), None, "as_of", f"an ISO date such as 2026-11-20, found {day!r}"
        ) from error
    return _Report(as_of, data.get("weights_version"), data.get("bonus"), data.get("objective"))
