"""From the bytes of a list to its rows: JSON of ours or of UiTdatabank, or a CSV. Pure; raises only Unreadable."""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from app.exchange import COLUMNS, FIELDS, FORMAT, GATHERING, LISTS, SOURCE_LONGEST
from app.services.offer_lists.cleaning import one_line
from app.vocabulary.offer_lists import OfferListKind

LARGEST: Final = 32 * 1024 * 1024
MOST: Final = 10_000
_NUMBERS: Final = frozenset(
    name for name, schema in {**FIELDS, **GATHERING}.items() if "integer" in schema.get("type", "")
)
_TRUTHS: Final = frozenset(name for name, schema in GATHERING.items() if schema.get("type") == "boolean")
_TRUTH: Final = {"1": True, "0": False, "true": True, "false": False, "": False}
_MARKS: Final = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


class Unreadable(Exception):
    """A list of which nothing can be used; `code` is one of WHOLE in app/vocabulary/offer_lists."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def rows_of(data: bytes, kind: OfferListKind) -> tuple[str, list[tuple[int, Any]]]:
    """The source that the list names, or nothing, and (number, row) of each row. Raises Unreadable."""
    if len(data) > LARGEST:
        raise Unreadable("too_large")
    text = _text(data)
    if not text.strip():
        raise Unreadable("empty")
    if kind is OfferListKind.OWN and text.lstrip()[:1] not in ("{", "["):
        return "", _numbered(list(_csv_rows(text)))
    source, found = _json_rows(text)
    return source, _numbered(list(enumerate(found, 1)))


def _numbered(found: list[tuple[int, Any]]) -> list[tuple[int, Any]]:
    if not found:
        raise Unreadable("empty")
    if len(found) > MOST:
        raise Unreadable("too_many")
    return found


def _text(data: bytes) -> str:
    """The letters of a file: UTF-8, or UTF-16 with its mark. Raises Unreadable for any other, which would be guessing."""
    try:
        for mark, encoding in _MARKS:
            if data.startswith(mark):
                return data[len(mark) :].decode(encoding)
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise Unreadable("letters") from None


def _refuse_constant(_name: str) -> None:
    raise ValueError


def _json_rows(text: str) -> tuple[str, list[Any]]:
    try:
        found = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise Unreadable("no_json") from None
    if isinstance(found, list):
        return "", found
    if isinstance(found, Mapping):
        for name in ("activities", "member", "results", "events"):
            rows = found.get(name)
            if isinstance(rows, list) and (name != "activities" or found.get("format") in (None, FORMAT)):
                source = found.get("source")
                return one_line(source)[:SOURCE_LONGEST] if isinstance(source, str) else "", rows
        if "@id" in found or "title" in found:
            return "", [found]
    raise Unreadable("no_list")


def _csv_rows(text: str) -> Iterator[tuple[int, Any]]:
    """(number of the first line, activity) of the lines that belong together. Raises Unreadable."""
    head = text.partition("\n")[0]
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=max(";,\t", key=head.count), strict=True)
    try:
        names = [name.strip() for name in reader.fieldnames or []]
        if "title" not in names or "source_id" not in names or len(set(names)) < len(names):
            raise Unreadable("columns")
        reader.fieldnames = names
        together: dict[tuple[str, str], tuple[int, dict[str, Any]]] = {}
        for row in reader:
            if not any(isinstance(cell, str) and cell.strip() for cell in row.values()):
                continue
            told = {name: _cell(name, row[name]) for name in names if name in COLUMNS}
            gathering = {name: told.pop(name) for name in GATHERING if name in told}
            key = (str(told.get("source") or ""), str(told.get("source_id") or f"line {reader.line_num}"))
            kept = together.setdefault(key, (reader.line_num, {**told, "gatherings": []}))
            kept[1]["gatherings"].append(gathering)
            if len(together) > MOST:
                raise Unreadable("too_many")
    except csv.Error:
        raise Unreadable("csv") from None
    yield from together.values()


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
