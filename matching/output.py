"""Writing what a run found: files appear whole or not at all, with LF line ends and sorted keys."""

from __future__ import annotations

import csv
import io
import json
import os
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from matching.outcomes import COLUMNS as OUTCOME_COLUMNS
from matching.outcomes import Outcome, outcome_rows
from matching.places import Place, found_by_name
from matching.tables import BUDDY_COLUMNS, NEWCOMER_COLUMNS, PAST_COLUMNS
from matching.types import CRITERIA, Buddy, Newcomer, Pair, Plan, Shortage, Unmatched

PAIR_COLUMNS = ("newcomer_id", "buddy_id", "score", "utility", "distance_m", "common_slots", "common_interests",
                "common_languages", *CRITERIA)  # fmt: skip
PLACE = ("postcode", "locality")
POINT = ("lat", "lon", "province")


def pairs_csv(pairs: Iterable[Pair]) -> str:
    """Pairs with the columns of pairs.csv and scores.csv, in the order given."""
    return _csv(PAIR_COLUMNS, (_pair_row(pair) for pair in pairs))


def _pair_row(pair: Pair) -> list[object]:
    shared = (pair.common_slots, pair.common_interests, pair.common_languages)
    return [
        pair.newcomer_id, pair.buddy_id, pair.score, pair.utility, pair.distance_m,
        *(";".join(items) for items in shared), *(pair.values[code] for code in CRITERIA),
    ]  # fmt: skip


def prices_csv(plan: Plan) -> str:
    """The prices above 0 of both sides, by side and id."""
    rows = [("buddy", key, value) for key, value in sorted(plan.buddy_prices.items())]
    rows += [("newcomer", key, value) for key, value in sorted(plan.newcomer_prices.items())]
    return _csv(("side", "id", "price"), rows)


def report_json(plan: Plan) -> str:
    """The report of a run; only `seconds` differs between equal runs."""
    report = {
        "as_of": plan.as_of.isoformat(),
        "bonus": plan.bonus,
        "bound": plan.bound,
        "buddies": plan.buddies,
        "idf": {"people": plan.idf.people, "named": dict(plan.idf.named)},
        "ignored_past": plan.ignored_past,
        "matched": plan.matched,
        "newcomers": plan.newcomers,
        "objective": plan.objective,
        "permitted_pairs": plan.permitted_pairs,
        "places": plan.places,
        "price_ends": {key: list(ends) for key, ends in plan.price_ends.items()},
        "proved": plan.proved,
        "seconds": {stage: round(value, 6) for stage, value in plan.seconds.items()},
        "shortage": [shortage_entry(entry) for entry in plan.shortage],
        "unmatched": [unmatched_entry(entry) for entry in plan.unmatched],
        "weights_version": plan.weights_version,
    }
    return json.dumps(report, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def unmatched_entry(entry: Unmatched) -> dict[str, object]:
    """One entry of `unmatched` as it stands in the report."""
    unlocks = [
        {key: value for key, value in asdict(item).items() if value is not None} for item in entry.unlocks
    ]
    return {"newcomer_id": entry.newcomer_id, "reason": entry.reason, "unlocks": unlocks}


def shortage_entry(entry: Shortage) -> dict[str, object]:
    """One entry of `shortage` as it stands in the report."""
    return asdict(entry)


def newcomers_csv(people: Iterable[Newcomer]) -> str:
    """Newcomers as the command reads them; everybody lives in a locality of the gazetteer."""
    return _people_csv(NEWCOMER_COLUMNS, people)


def buddies_csv(people: Iterable[Buddy]) -> str:
    """Buddies as the command reads them; everybody lives in a locality of the gazetteer."""
    return _people_csv(BUDDY_COLUMNS, people)


def located_csv(people: Iterable[Newcomer | Buddy], columns: Sequence[str]) -> str:
    """People of one side as the command reads them, wherever they live: points to 0.01 degrees, no postcodes."""
    names = [name for name in columns if name not in PLACE]
    return _csv(names, ([_cell(person, name) for name in names] for person in people))


def past_csv(pairs: Iterable[tuple[str, str]]) -> str:
    """Pairs that must not come again."""
    return _csv(PAST_COLUMNS, pairs)


def outcomes_csv(outcomes: Iterable[Outcome]) -> str:
    """Outcomes as `learn` reads them, told as accepted or refused."""
    return _csv(OUTCOME_COLUMNS, outcome_rows(outcomes))


def _people_csv(columns: Sequence[str], people: Iterable[Newcomer | Buddy]) -> str:
    names = [name for name in columns if name not in POINT]
    where = {(place.lat, place.lon, place.province): place for place in reversed(found_by_name())}
    rows = ((where[person.lat, person.lon, person.province], person) for person in people)
    return _csv(
        names, ([_cell(place if name in PLACE else person, name) for name in names] for place, person in rows)
    )


def _cell(holder: Newcomer | Buddy | Place, name: str) -> object:
    value = getattr(holder, name)
    if isinstance(value, tuple):
        return ";".join(value)
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, float):
        return round(value, 2)
    return "" if value is None else value


def _csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue()


def write_all(files: Mapping[Path, str]) -> None:
    """Write every file or none: all are prepared beside their place first, then put there."""
    prepared: list[tuple[str, Path]] = []
    try:
        for path, text in files.items():
            handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
            prepared.append((name, path))
            with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
                file.write(text)
            if path.is_dir():
                raise IsADirectoryError(21, "is a folder", str(path))
        for name, path in prepared:
            Path(name).chmod(0o644)
            Path(name).replace(path)
    finally:
        for name, _ in prepared:
            Path(name).unlink(missing_ok=True)
