"""From the bytes of a list to its rows: JSON of ours or of UiTdatabank, or a CSV. Pure; raises only Unreadable."""

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.exchange import COLUMNS, FIELDS, FORMAT, GATHERING, LISTS, SOURCE_LONGEST
from app.reference.folding import fold
from app.services.offer_lists.cleaning import one_line
from app.services.offer_lists.rows import Flawed, LeftOut
from app.vocabulary.offer_lists import OfferListKind

LARGEST: Final = 32 * 1024 * 1024
MOST: Final = 10_000
_NUMBERS: Final = frozenset(
    name for name, schema in {**FIELDS, **GATHERING}.items() if "integer" in schema.get("type", "")
)
_TRUTHS: Final = frozenset(name for name, schema in GATHERING.items() if schema.get("type") == "boolean")
_TRUTH: Final = {"1": True, "0": False, "true": True, "false": False, "": False}
_TABLES: Final = (b"[Content_Types].xml", b"xl/", b"opendocument.spreadsheet")
"""What stands in the head of a spreadsheet, which is a zip file, whatever it is called; it is never opened."""
_MARKS: Final = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


class Unreadable(Exception):
    """A list of which nothing can be used: `code` is one of WHOLE in app/vocabulary/offer_lists, `line` where it went
    wrong (from 1), or 0 where that cannot be said.
    """

    def __init__(self, code: str, line: int = 0) -> None:
        super().__init__(code)
        self.code, self.line = code, line


@dataclass(frozen=True)
class Contents:
    """What a list holds: the source that it names, or nothing; (number, row) of each row; how many it says there are in
    all where these are only a part of them, else 0.
    """

    source: str
    rows: list[tuple[int, Any]]
    of: int = 0


def contents_of(data: bytes, kind: OfferListKind) -> Contents:
    """The rows of a list. Raises Unreadable."""
    if len(data) > LARGEST:
        raise Unreadable("too_large")
    if data.startswith(b"PK") and any(mark in data[:2000] for mark in _TABLES):
        raise Unreadable("spreadsheet")
    text = _text(data)
    if not text.strip():
        raise Unreadable("empty")
    if kind is OfferListKind.OWN and text.lstrip()[:1] not in ("{", "["):
        return Contents("", _numbered(list(_csv_rows(text))))
    source, found, total = _json_rows(text)
    return Contents(source, _numbered(list(enumerate(found, 1))), total if total > len(found) else 0)


def _numbered(found: list[tuple[int, Any]]) -> list[tuple[int, Any]]:
    if not found:
        raise Unreadable("empty")
    if len(found) > MOST:
        raise Unreadable("too_many")
    return found


def _text(data: bytes) -> str:
    """The letters of a file: UTF-8, or UTF-16 with its mark. Raises Unreadable for any other, which would be guessing."""
    text = ""
    try:
        encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "utf-8")
        text = data.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise Unreadable("letters", data.count(b"\n", 0, error.start) + 1) from None
    nothing = text.find("\0")  # UTF-16 without its mark, or no text at all
    if nothing >= 0:
        raise Unreadable("letters", text.count("\n", 0, nothing) + 1)
    return text


def _refuse_constant(_name: str) -> None:
    raise ValueError


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    seen: set[str] = set()
    for name, _value in pairs:
        if name in seen:
            break
        seen.add(name)
    return Flawed(pairs, LeftOut("doubled", {"field": one_line(name)[:SOURCE_LONGEST]}))


def _json_rows(text: str) -> tuple[str, list[Any], int]:
    """The source that is named, the rows, and how many there are said to be in all."""
    try:
        found = json.loads(text, parse_constant=_refuse_constant, object_pairs_hook=_object)
    except json.JSONDecodeError as error:
        raise Unreadable("no_json", error.lineno) from None
    except (ValueError, RecursionError):
        raise Unreadable("no_json") from None
    if isinstance(found, list):
        return "", found, 0
    if isinstance(found, Mapping):
        for name in ("activities", "member", "results", "events"):
            rows = found.get(name)
            if isinstance(rows, list) and (name != "activities" or found.get("format") in (None, FORMAT)):
                if isinstance(found, Flawed):
                    raise Unreadable("doubled")
                source, total = found.get("source"), found.get("totalItems")
                named = one_line(source)[:SOURCE_LONGEST] if isinstance(source, str) else ""
                return named, rows, total if isinstance(total, int) else 0
        if "@id" in found or "title" in found:
            return "", [found], 0
    raise Unreadable("no_list")


def _csv_rows(text: str) -> Iterator[tuple[int, Any]]:
    """(number of the first line, activity) of the lines that belong together. Raises Unreadable."""
    head = re.split(r"[\r\n]", text.lstrip("\r\n"), maxsplit=1)[0]
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=max(";,\t", key=head.count), strict=True)
    try:
        names = [name.strip() for name in reader.fieldnames or []]
        if "title" not in names or "source_id" not in names or len(set(names)) < len(names):
            raise Unreadable("columns")
        reader.fieldnames = names
        together: dict[tuple[str, str], tuple[int, dict[str, Any]]] = {}
        flaws: dict[tuple[str, str], LeftOut] = {}
        for row in reader:
            if not any(isinstance(cell, str) and cell.strip() for cell in row.values()):
                continue
            told = {name: _cell(name, row[name]) for name in names if name in COLUMNS}
            gathering = {name: told.pop(name) for name in GATHERING if name in told}
            key = (str(told.get("source") or ""), str(told.get("source_id") or f"line {reader.line_num}"))
            kept = together.setdefault(key, (reader.line_num, {**told, "gatherings": []}))
            kept[1]["gatherings"].append(gathering)
            if None in row or None in row.values():  # cut off, or a separator too many
                flaws[key] = LeftOut("cells")
            elif fold(str(told["title"])) != fold(str(kept[1]["title"])):
                flaws.setdefault(key, LeftOut("twice"))
            if len(together) > MOST:
                raise Unreadable("too_many")
    except csv.Error:
        raise Unreadable("csv", reader.reader.line_num) from None
    for key, (line, told) in together.items():
        yield line, Flawed(told, flaws[key]) if key in flaws else told


def _cell(name: str, value: Any) -> Any:
    """A cell as what it stands for; what is no number stays a text, for the row to be left out by that name."""
    text = value.strip() if isinstance(value, str) else ""
    if text[:1] == "'" and text[1:2] in tuple("=+-@|%"):
        text = text[1:]
    if name in LISTS:
        return [part.strip() for part in text.split(",") if part.strip()]
    if name in _TRUTHS:
        return _TRUTH.get(text.lower(), text)
    if name in _NUMBERS:
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else text or None
    return text
