"""The first sheet of an Excel file as the lines of a list. Nothing of the file is run, followed or trusted (SECURITY 57-63)."""

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree as ET

LARGEST_PART = 12 * 1024 * 1024  # bytes of one part, unpacked
MOST_LINES = 20_000
MOST_CELLS = 200  # in a row; what a list may have is judged later
CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
PARTS = "xl/"


class Unreadable(Exception):
    """The file is no Excel file that we read: damaged, protected, far too large, or made to do harm."""


def text_of_workbook(data: bytes) -> str:
    """The first sheet as semicolon-separated text, each row of it on the line of its number. Raises Unreadable."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            words = _shared_words(file)
            return _lines(_tree(file, _first_sheet(file)), words)
    except (zipfile.BadZipFile, zlib.error, ET.ParseError, LookupError, ValueError, RuntimeError, OSError) as error:  # fmt: skip
        raise Unreadable from error


def _tree(file: zipfile.ZipFile, name: str) -> ET.Element:
    """A part of the file, read up to a limit whatever its header says, and refused when it declares entities."""
    with file.open(name) as part:
        content = part.read(LARGEST_PART + 1)
    if len(content) > LARGEST_PART or any(sign in content for sign in (b"<!DOCTYPE", b"<!ENTITY", b"\x00")):
        raise Unreadable
    return ET.fromstring(content)  # noqa: S314 - no document type, so no entities


def _first_sheet(file: zipfile.ZipFile) -> str:
    sheet = _tree(file, f"{PARTS}workbook.xml").find(f"{MAIN}sheets/{MAIN}sheet")
    if sheet is None:
        raise Unreadable
    wanted = sheet.get(RELATION)
    for relation in _tree(file, f"{PARTS}_rels/workbook.xml.rels"):
        if relation.get("Id") == wanted:
            target = relation.get("Target", "")
            return target.removeprefix("/") if target.startswith("/") else f"{PARTS}{target}"
    raise Unreadable


def _shared_words(file: zipfile.ZipFile) -> list[str]:
    """The texts that cells point to by number; without those that only say how to pronounce them."""
    if f"{PARTS}sharedStrings.xml" not in file.namelist():
        return []
    return [_words(item) for item in _tree(file, f"{PARTS}sharedStrings.xml")]


def _words(item: ET.Element) -> str:
    runs = (item, *item.findall(f"{MAIN}r"))
    return "".join(text.text or "" for run in runs for text in run.findall(f"{MAIN}t"))


def _lines(sheet: ET.Element, words: list[str]) -> str:
    lines = io.StringIO(newline="")
    writer = csv.writer(lines, delimiter=";", lineterminator="\n")
    last = 0
    for number, cells in _rows(sheet, words):
        if not last < number <= MOST_LINES:
            raise Unreadable
        lines.write("\n" * (number - last - 1))
        writer.writerow(cells)
        last = number
    return lines.getvalue()


def _rows(sheet: ET.Element, words: list[str]) -> Iterator[tuple[int, list[str]]]:
    number = 0
    for row in sheet.iterfind(f"{MAIN}sheetData/{MAIN}row"):
        number = int(row.get("r", number + 1))
        cells: dict[int, str] = {}
        for cell in row.iterfind(f"{MAIN}c"):
            place = _column(cell.get("r"), len(cells))
            if place >= MOST_CELLS:
                raise Unreadable
            cells[place] = " ".join(_value(cell, words).split("\n"))
        yield number, [cells.get(place, "") for place in range(max(cells, default=-1) + 1)]


def _column(place: str | None, beside: int) -> int:
    found = CELL.fullmatch(place or "")
    if found is None:
        return beside
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return column - 1


def _value(cell: ET.Element, words: list[str]) -> str:
    kind, value = cell.get("t", "n"), cell.findtext(f"{MAIN}v", "").replace("\r", "\n")
    if kind == "s":
        return words[int(value)].replace("\r", "\n")
    if kind == "inlineStr":
        inline: Any = cell.find(f"{MAIN}is")
        return "" if inline is None else _words(inline).replace("\r", "\n")
    if kind in ("e", "b"):
        return ""
    return _plain(value) if kind == "n" else value


def _plain(number: str) -> str:
    """A number as a person would type it: 2800 and not 2800.0 or 2.8E3."""
    if re.fullmatch(r"[0-9]+", number) or not number:
        return number
    value = float(number)
    return str(int(value)) if value == int(value) else number
