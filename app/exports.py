"""The one writer of files that are taken away: CSV and Excel, with every formula made harmless (SECURITY 60).

Text that a spreadsheet would calculate gets an apostrophe in front, as people do by hand: what was typed stays
readable, in the file as in what a program saves from it.
"""

import io
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

import xlsxwriter
from defusedcsv import csv

from app.clock import in_brussels

Cell = str | int | float | date | None
FORMULA_STARTS = "=+-@|%\t\r"
LONGEST_CELL = 32_767  # characters, the limit of Excel: what is longer would silently be dropped
LONGEST_SHEET_NAME = 31
DATE_WIDTH = 12

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_PHONE = re.compile(r"\+[0-9]{6,15}")
_QUOTES = "'\"`´‘’“”«»"
_INVISIBLE = ("Cf", "Zs", "Zl", "Zp", "Cc", "Mn")


@dataclass(frozen=True)
class Sheet:
    """One table of an Excel file; `header` holds the words of its columns."""

    name: str
    header: Sequence[str]
    rows: Iterable[Sequence[Cell]] = field(default_factory=list)


def harmless(text: str) -> str:
    """Text that no spreadsheet takes for a formula, however it is disguised: full-width, behind blanks or quotes."""
    clean = _CONTROLS.sub("", text)[: LONGEST_CELL - 1]
    for letter in clean:
        if letter in "\t\r" or any(
            sign in FORMULA_STARTS for sign in unicodedata.normalize("NFKC", letter)[:1]
        ):
            return f"'{clean}"
        if letter not in _QUOTES and unicodedata.category(letter) not in _INVISIBLE:
            return clean
    return clean


def csv_file(rows: Iterable[Sequence[Cell]], header: Sequence[str]) -> bytes:
    """A CSV as Excel in Belgium opens it at a double click: UTF-8 with its mark, semicolons."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=";")
    writer.writerow([harmless(words) for words in header])
    for row in rows:
        writer.writerow([_in_words(cell) for cell in row])
    return b"\xef\xbb\xbf" + file.getvalue().encode("utf-8")


def xlsx_file(sheets: Iterable[Sheet]) -> bytes:
    """An Excel file whose texts are texts: no formulas, no links, numbers and dates as such."""
    file = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = xlsxwriter.Workbook(file, {**options, "default_date_format": "yyyy-mm-dd"})
    bold = book.add_format({"bold": True})
    for sheet in sheets:
        page = book.add_worksheet(_sheet_name(sheet.name))
        for column, words in enumerate(sheet.header):
            page.write_string(0, column, harmless(words), bold)
        page.set_column(0, max(0, len(sheet.header) - 1), DATE_WIDTH)
        page.freeze_panes(1, 0)
        for number, row in enumerate(sheet.rows, start=1):
            _write_row(page, number, row)
    book.close()
    return file.getvalue()


def _write_row(page: xlsxwriter.worksheet.Worksheet, number: int, row: Sequence[Cell]) -> None:
    for column, cell in enumerate(row):
        if isinstance(cell, str):
            # a telephone number is safe in a cell of text, and is to be read and dialled as it is
            page.write_string(number, column, cell if _PHONE.fullmatch(cell) else harmless(cell))
        elif isinstance(cell, datetime):
            page.write_datetime(number, column, in_brussels(cell).replace(tzinfo=None))
        elif isinstance(cell, date):
            page.write_datetime(number, column, cell)
        elif cell is not None:
            page.write_number(number, column, cell)


def _in_words(cell: Cell) -> str | int | float:
    if isinstance(cell, str):
        return harmless(cell)
    if isinstance(cell, datetime):
        return in_brussels(cell).strftime("%Y-%m-%d %H:%M")
    if isinstance(cell, date):
        return cell.isoformat()
    return "" if cell is None else cell


def _sheet_name(name: str) -> str:
    return re.sub(r"[\[\]:*?/\\']", " ", _CONTROLS.sub("", name))[:LONGEST_SHEET_NAME].strip() or "1"
