"""What is taken away as a file: nothing in it is calculated, everything can be read."""

import csv
import io
import zipfile
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.exports import Sheet, csv_file, harmless, xlsx_file

FORMULAS = [
    "=1+1", "+1+1", "-2+3", "@SUM(A1)", "\t=1+1", "\r=1+1", "＝1+1", "＋1", "－1", "＠A", "  =1+1", "'=1+1", '"=1+1',
    "\u00a0=1+1", "\u200b=1+1", "\u202e=1+1", "\ufeff=1+1", "\n=1+1", "|calc", "%0a=1", "=cmd|' /C calc'!A0", "\x00=1", "´=1",
]  # fmt: skip


def cells(data: bytes) -> list[list[str]]:
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))


@pytest.mark.parametrize("text", FORMULAS)
def test_formulas_are_text(text):
    written = cells(csv_file([["x", text]], ["a", text]))
    assert all(row[1].startswith("'") for row in written)
    assert b"<f>" not in sheet_of(xlsx_file([Sheet("A", ["a"], [[text]])]))


@pytest.mark.parametrize(
    "text", ["Ann", "d'Hondt", "’t Groen", "Ахмед", "أحمد", "12-3", "a=b", "", " ", "«Ann»"]
)
def test_ordinary_text_stays_as_it_is(text):
    assert harmless(text) == text


def test_phone_stays_readable():
    assert cells(csv_file([["+32470000001"]], ["a"]))[1] == ["'+32470000001"]
    assert b"'+32470000001" not in strings_of(xlsx_file([Sheet("A", ["a"], [["+32470000001"]])]))


def test_kinds_of_cells():
    late = datetime(2026, 7, 1, 22, 30, tzinfo=UTC)
    rows = [['é; "x"\ny', 3, 2.5, date(2026, 3, 4), late, None]]
    assert cells(csv_file(rows, list("abcdef")))[1] == [
        'é; "x"\ny',
        "3",
        "2.5",
        "2026-03-04",
        "2026-07-02 00:30",
        "",
    ]
    assert b"<v>3</v>" in sheet_of(xlsx_file([Sheet("A", list("abcdef"), rows)]))


def test_names_of_sheets_and_long_cells():
    data = xlsx_file([Sheet("a/b:c?[d]" * 9, ["x"], [["y" * 40_000]]), Sheet("", ["x"])])
    assert b"y" * 32_000 in strings_of(data)


@given(st.text())
def test_never_a_formula_whatever_is_typed(text):
    shown = cells(csv_file([["x", text]], ["a", "b"]))[1][1].lstrip()
    assert shown[:1] not in tuple("=+-@")


def sheet_of(data: bytes) -> bytes:
    return zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml")


def strings_of(data: bytes) -> bytes:
    return zipfile.ZipFile(io.BytesIO(data)).read("xl/sharedStrings.xml")
