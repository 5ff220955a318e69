"""Reading the tables of the command: CSV with a header, refused with file, line, column and what was expected."""

from __future__ import annotations

import csv
import io
import math
import os
import re
from collections.abc import Callable, Generator
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from matching.places import find_place, localities
from matching.types import DUTCH_LEVELS, GENDERS, PROVINCES, WISHES, Buddy, Newcomer
from matching.validate import MOST_KM, MOST_PLACES, wrong_interest, wrong_language, wrong_slot

SHARED = ("id", "postcode", "locality", "lat", "lon", "province", "languages", "interests", "availability", "max_km",
          "gender")  # fmt: skip
NEWCOMER_COLUMNS = (
    *SHARED,
    "dutch_level",
    "buddy_gender",
    "waiting_since",
    "owes_trajectory",
    "contract_end",
)
BUDDY_COLUMNS = (*SHARED, "newcomer_gender", "capacity")
PAST_COLUMNS = ("newcomer_id", "buddy_id")
DECIDED_COLUMNS = (*PAST_COLUMNS, "decision")
DECISIONS = ("fixed", "refused")
ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
CELL_LIMIT = 10_000
ROW_LIMIT = 1_000_000
"""Most bytes of a row, and of empty lines before it: more than all its cells can hold."""


class TableError(ValueError):
    """Input that is refused: which file, line (from 1) and column, and what was expected there."""

    def __init__(self, file: str, line: int | None, column: str | None, expected: str) -> None:
        where = [file, *([f"line {line}"] if line else []), *([f"column {column}"] if column else [])]
        super().__init__(f"{', '.join(where)}: expected {expected}")
        self.file = file
        self.line = line
        self.column = column
        self.expected = expected


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table with where it stands."""

    file: str
    line: int
    cells: dict[str, str]

    def refuse(self, column: str, expected: str) -> TableError:
        """The error that says what was expected in a column of this row, and what stands there."""
        found = self.cells.get(column, "")
        return TableError(self.file, self.line, column, f"{expected}, found {found[:80]!r}")

    def text(self, column: str) -> str:
        """A cell without spaces around; empty when the column is missing."""
        return self.cells.get(column, "")

    def many(self, column: str, wrong: Callable[[tuple[str, ...]], str | None]) -> tuple[str, ...]:
        """The values of a cell, separated by `;`."""
        values = tuple(part for part in (item.strip() for item in self.text(column).split(";")) if part)
        if expected := wrong(values):
            raise self.refuse(column, expected)
        return values

    def one_of(self, column: str, allowed: tuple[str, ...], empty: str) -> str:
        """A cell of a closed list; `empty` when nothing stands there."""
        value = self.text(column)
        if value and value not in allowed:
            raise self.refuse(column, "one of " + ", ".join(allowed) + " or empty")
        return value or empty

    def whole(self, column: str, most: int) -> int | None:
        """A whole number from 0 to `most`; None when nothing stands there."""
        value = self.text(column)
        if not value:
            return None
        if not (value.isascii() and value.isdigit()) or len(value) > 9 or int(value) > most:
            raise self.refuse(column, f"a whole number from 0 to {most} or empty")
        return int(value)

    def day(self, column: str, latest: date | None = None) -> date | None:
        """An ISO date, not after `latest`; None when nothing stands there."""
        value = self.text(column)
        if not value:
            return None
        expected = "an ISO date such as 2026-11-20" + (f" up to {latest}" if latest else "") + " or empty"
        try:
            found = date.fromisoformat(value) if ISO_DAY.fullmatch(value) else None
        except ValueError:
            found = None
        if found is None or (latest is not None and found > latest):
            raise self.refuse(column, expected)
        return found

    def degrees(self, column: str, most: int) -> float:
        """Degrees, rounded to 0.01."""
        try:
            value = float(self.text(column))
        except ValueError:
            value = math.nan
        if not abs(value) <= most:
            raise self.refuse(column, f"degrees from -{most} to {most}")
        return round(value, 2)

    def point(self) -> tuple[float, float, str]:
        """Latitude, longitude and province: of the gazetteer, or as they stand in the row."""
        if not self.text("postcode"):
            if self.text("locality"):
                raise self.refuse("postcode", "the postcode of the locality")
            if not self.text("province") or self.text("province") not in PROVINCES:
                raise self.refuse("province", "a postcode, or lat, lon and one of " + ", ".join(PROVINCES))
            return self.degrees("lat", 90), self.degrees("lon", 180), self.text("province")
        for column in ("lat", "lon", "province"):
            if self.text(column):
                raise self.refuse(column, "nothing beside a postcode")
        postcode = self.text("postcode")
        place = find_place(postcode, self.text("locality"))
        if place is None and not localities(postcode):
            raise self.refuse("postcode", "a postcode of Flanders or Brussels such as 9000")
        if place is None:
            raise self.refuse("locality", "one of " + ", ".join(row.locality for row in localities(postcode)))
        return place.lat, place.lon, place.province


def read_newcomers(path: Path, as_of: date) -> tuple[Newcomer, ...]:
    """The newcomers of a file; raises TableError."""
    with closing(_people(path, NEWCOMER_COLUMNS)) as rows:
        return tuple(_newcomer(row, as_of) for row in rows)


def read_buddies(path: Path) -> tuple[Buddy, ...]:
    """The buddies of a file; raises TableError."""
    with closing(_people(path, BUDDY_COLUMNS)) as rows:
        return tuple(_buddy(row) for row in rows)


def read_past(path: Path) -> tuple[tuple[str, str], ...]:
    """The pairs (newcomer id, buddy id) of a file; raises TableError."""
    with closing(read_rows(path, PAST_COLUMNS, PAST_COLUMNS)) as rows:
        return tuple(_pair(row) for row in rows)


def read_decided(path: Path) -> dict[tuple[str, str], tuple[str, int]]:
    """Decision and line of each pair (newcomer id, buddy id) of a file; raises TableError."""
    found: dict[tuple[str, str], tuple[str, int]] = {}
    with closing(read_rows(path, DECIDED_COLUMNS, DECIDED_COLUMNS)) as rows:
        for row in rows:
            if row.text("decision") not in DECISIONS:
                raise row.refuse("decision", "one of " + ", ".join(DECISIONS))
            pair = _pair(row)
            if pair in found:
                raise row.refuse("buddy_id", f"each pair once; line {found[pair][1]} has it")
            found[pair] = row.text("decision"), row.line
    return found


def _pair(row: Row) -> tuple[str, str]:
    for column in PAST_COLUMNS:
        if not row.text(column):
            raise row.refuse(column, "an id")
    return row.text("newcomer_id"), row.text("buddy_id")


def read_text(path: Path, most: int) -> str:
    """A file of at most `most` bytes as text, without a byte order mark; raises TableError when it is not UTF-8."""
    try:
        with path.open("rb") as file:
            large = os.fstat(file.fileno()).st_size > most
            data = b"" if large else file.read(most + 1)
    except OSError as error:
        raise _unreadable(path, error) from error
    if large or len(data) > most:
        raise TableError(str(path), None, None, f"a file of at most {most} bytes")
    return _decoded(path, 1, data)


def _unreadable(path: Path, error: OSError) -> TableError:
    return TableError(str(path), None, None, f"a file that can be read ({error.strerror})")


def _decoded(path: Path, line: int, data: bytes) -> str:
    try:
        return data.decode("utf-8-sig" if line == 1 else "utf-8")
    except UnicodeDecodeError as error:
        line += data[: error.start].count(b"\n")
        raise TableError(str(path), line, None, "text in UTF-8") from error


@dataclass(slots=True)
class Lines:
    """The lines of a file one by one, so that a file without end is refused without being read to its end.

    `held` counts the bytes since the last row: whoever takes a row puts it back to 0.
    """

    path: Path
    held: int = 0

    def __iter__(self) -> Generator[str, None, None]:
        number = 1
        try:
            with self.path.open("rb") as file:
                while data := file.readline(ROW_LIMIT + 1):
                    self.held += len(data)
                    if self.held > ROW_LIMIT:
                        raise TableError(str(self.path), number, None, f"rows of at most {ROW_LIMIT} bytes")
                    yield from io.StringIO(_decoded(self.path, number, data), newline="")
                    number += 1
        except OSError as error:
            raise _unreadable(self.path, error) from error


def _newcomer(row: Row, as_of: date) -> Newcomer:
    lat, lon, province = row.point()
    return Newcomer(
        id=row.text("id"),
        lat=lat,
        lon=lon,
        province=province,
        languages=row.many("languages", wrong_language),
        dutch_level=row.one_of("dutch_level", DUTCH_LEVELS, "none"),
        interests=row.many("interests", wrong_interest),
        availability=row.many("availability", wrong_slot),
        max_km=row.whole("max_km", MOST_KM),
        gender=row.one_of("gender", GENDERS, ""),
        buddy_gender=row.one_of("buddy_gender", WISHES, ""),
        waiting_since=row.day("waiting_since", as_of),
        owes_trajectory=row.one_of("owes_trajectory", ("1", "0"), "0") == "1",
        contract_end=row.day("contract_end"),
    )


def _buddy(row: Row) -> Buddy:
    lat, lon, province = row.point()
    capacity = row.whole("capacity", MOST_PLACES)
    return Buddy(
        id=row.text("id"),
        lat=lat,
        lon=lon,
        province=province,
        languages=row.many("languages", wrong_language),
        interests=row.many("interests", wrong_interest),
        availability=row.many("availability", wrong_slot),
        max_km=row.whole("max_km", MOST_KM),
        gender=row.one_of("gender", GENDERS, ""),
        newcomer_gender=row.one_of("newcomer_gender", WISHES, ""),
        capacity=1 if capacity is None else capacity,
    )


def _people(path: Path, columns: tuple[str, ...]) -> Generator[Row, None, None]:
    seen: dict[str, int] = {}
    with closing(read_rows(path, columns, ("id",))) as rows:
        for row in rows:
            name = row.text("id")
            if not name:
                raise row.refuse("id", "a non-empty text")
            if name in seen:
                raise row.refuse("id", f"an id that no other row has (line {seen[name]} has it)")
            seen[name] = row.line
            yield row


def read_rows(path: Path, columns: tuple[str, ...], required: tuple[str, ...]) -> Generator[Row, None, None]:
    """The rows of a file with these columns, some of them required; raises TableError for what is no such table.

    Who may stop before the end closes it, and with it the file.
    """
    lines = Lines(path)
    text = iter(lines)
    reader = csv.reader(text, strict=True)
    header: list[str] | None = None
    line = 1
    try:
        for cells in reader:
            if not cells:
                line = reader.line_num + 1
                continue
            lines.held = 0
            if header is None:
                header = _header(str(path), line, [cell.strip() for cell in cells], columns, required)
            else:
                yield _row(str(path), line, header, cells)
            line = reader.line_num + 1
    except csv.Error as error:
        raise TableError(str(path), line, None, f"comma-separated values ({error})") from error
    finally:
        text.close()
    if header is None:
        raise TableError(str(path), 1, None, "a header with " + ", ".join(required))


def _header(
    file: str, line: int, found: list[str], columns: tuple[str, ...], required: tuple[str, ...]
) -> list[str]:
    for at, name in enumerate(found):
        if name not in columns:
            raise TableError(file, line, name or str(at + 1), "a known column: " + ", ".join(columns))
        if name in found[:at]:
            raise TableError(file, line, name, "each column once")
    for name in required:
        if name not in found:
            raise TableError(file, line, name, f"a column {name}")
    return found


def _row(file: str, line: int, header: list[str], cells: list[str]) -> Row:
    if len(cells) != len(header):
        column = header[len(cells)] if len(cells) < len(header) else str(len(header) + 1)
        raise TableError(file, line, column, f"{len(header)} cells as in the header, found {len(cells)}")
    row = Row(file, line, {name: cell.strip() for name, cell in zip(header, cells, strict=True)})
    for name, cell in row.cells.items():
        if len(cell) > CELL_LIMIT or "\0" in cell:
            raise row.refuse(name, f"at most {CELL_LIMIT} characters, none of them NUL")
    return row
