"""The inside of a backup file: lines of JSON under gzip, from a head to an end that tells how many rows there are.

The head tells the version of the tables; each table has a line with its columns and then a line for each row. The last
line holds the count of every table and the SHA-256 of all lines before it.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import json
import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

from sqlalchemy import Connection

from app.services.backups.envelope import BadBackup, Opening, Sealing
from app.services.backups.rows import columns, rows_of, tables

VERSION: Final = re.compile(r"\d{4}")


@dataclass(frozen=True)
class Head:
    """What a backup tells about itself: when it was made (UTC, ISO), of which version, and with which secret."""

    made: str
    version: str
    secret: str


@dataclass(frozen=True)
class Table:
    """The columns of one table and its rows in the common form; the rows can be read once, before the next table."""

    name: str
    columns: list[str]
    rows: Iterator[list[Any]]


def write(file: BinaryIO, connection: Connection, head: Head, key: str) -> dict[str, int]:
    """Write all that the connection sees; returns the number of rows of each table."""
    sealing = Sealing(file, key)
    counts = {}
    with gzip.GzipFile(fileobj=sealing, mode="wb", compresslevel=4, mtime=0) as packed:
        lines = _Lines(packed)
        lines.put(vars(head))
        for name in tables(connection):
            names = columns(connection, name)
            lines.put({"table": name, "columns": names})
            counts[name] = sum(lines.put(row) for row in rows_of(connection, name, names))
        lines.put({"rows": counts, "sha256": lines.seen.hexdigest()})
    sealing.finish()
    return counts


class _Lines:
    def __init__(self, file: gzip.GzipFile) -> None:
        self.file = file
        self.seen = hashlib.sha256()

    def put(self, value: object) -> int:
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_bytes)
        line = text.encode() + b"\n"
        self.seen.update(line)
        self.file.write(line)
        return 1


def _bytes(value: bytes | memoryview) -> dict[str, str]:
    return {"base64": base64.b64encode(value).decode("ascii")}


class Reading:
    """A backup file while it is read: its head, then its tables one after the other; the end is checked at the end."""

    def __init__(self, path: Path, key: str) -> None:
        """Open it. Raises BadBackup when it is none, is damaged, or has another key."""
        self._file = path.open("rb")
        try:
            opening = io.BufferedReader(Opening(self._file, key), 1024 * 1024)
            self._packed = gzip.GzipFile(fileobj=opening, mode="rb")
            self._seen = hashlib.sha256()
            self.head = _head(self._line())
        except BadBackup:
            self.close()
            raise
        self.counts: dict[str, int] = {}

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def tables(self) -> Iterator[Table]:
        """Every table in turn. Raises BadBackup where the file is damaged, and at its end when anything is missing."""
        line = self._line()
        while isinstance(line, dict) and line.keys() == {"table", "columns"}:
            name = line["table"]
            self.counts[name] = 0
            yield Table(name, line["columns"], self._rows(name))
            line = self._following
        if line != {"rows": self.counts, "sha256": self._before} or self._unpacked(self._packed.read):
            raise BadBackup("This backup is damaged: it does not hold what its end tells.")

    def _rows(self, name: str) -> Iterator[list[Any]]:
        line = self._line()
        while isinstance(line, list):
            self.counts[name] += 1
            yield [_value(value) for value in line]
            line = self._line()
        self._following = line

    def _line(self) -> Any:
        line = self._unpacked(self._packed.readline)
        self._before = self._seen.hexdigest()
        self._seen.update(line)
        try:
            return json.loads(line)
        except ValueError as error:
            raise BadBackup("This backup is damaged.") from error

    def _unpacked(self, read: Callable[[], bytes]) -> bytes:
        try:
            return read()
        except (OSError, EOFError, zlib.error) as error:
            raise BadBackup("This backup is damaged.") from error


def _head(line: Any) -> Head:
    if (
        not isinstance(line, dict)
        or line.keys() != {"made", "version", "secret"}
        or not VERSION.fullmatch(line["version"])
    ):
        raise BadBackup("This backup is damaged.")
    return Head(**line)


def _value(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    try:
        return base64.b64decode(value["base64"], validate=True)
    except (KeyError, ValueError, TypeError) as error:
        raise BadBackup("This backup is damaged.") from error
