"""Excel files as lists: what a spreadsheet makes is read as it was typed, and what is made to do harm is refused."""

import io
import zipfile
from datetime import date, timedelta

import pytest
import xlsxwriter

from app.clock import today
from app.db import session
from app.errors import Invalid
from app.exports import Sheet, xlsx_file
from app.models import Grant, Message, Newcomer, Person, Transition
from app.queries.imports import list_of
from app.services import imports
from app.services.buddy_lists import columns_of, read_list, read_text
from app.services.buddy_rows import Candidate, candidate_of
from app.services.workbooks import MOST_LINES, Unreadable, text_of_workbook
from app.vocabulary import DutchLevel, NewcomerState, Role
from app.vocabulary.lists import ListKind
from tests import factories

HERE = frozenset({"rivierenland"})
HEAD = ("Naam", "E-mail", "Telefoon", "Postcode")


def book(*rows, head=HEAD):
    return xlsx_file([Sheet("Lijst", head, rows), Sheet("Ander", ["Naam"], [["Niemand"]])])


def changed(data, **parts):
    """The same file with other bytes in some of its parts; `__` stands for a slash."""
    made = io.BytesIO()
    names = {name.replace("__", "/").replace("_xml", ".xml"): content for name, content in parts.items()}
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, names.get(name, old.read(name)))
    return made.getvalue()


def test_the_first_sheet_is_the_list():
    reading = read_list(
        book(["José Ünal", "jose@example.be", 470111111, 2800], ["سامي", "", "0470 22 22 22", "2800"])
    )
    assert reading.refused is None
    assert [row.line for row in reading.rows] == [2, 3]
    people = [candidate_of(row, HERE) for row in reading.rows]
    assert [item.person["full_name"] for item in people] == ["José Ünal", "سامي"]
    assert [item.person["phone"] for item in people] == ["+32470111111", "+32470222222"]
    assert {item.record["municipality"] for item in people} == {"Mechelen"}


def test_lines_are_those_of_the_sheet_and_texts_are_whole():
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as file:
        sheet = file.add_worksheet()
        sheet.write_row(1, 0, HEAD)
        bold = file.add_format({"bold": True})
        sheet.write_rich_string(4, 0, "Ann ", bold, "Peeters")
        sheet.write(4, 1, 'ann@example.be;"x"\nb')
        sheet.write(4, 3, 2800.0)
        sheet.write(4, 4, True)
        sheet.write_formula(4, 5, "=1/0", value="#DIV/0!")
    lines = text_of_workbook(made.getvalue()).split("\n")
    assert lines[1] == ";".join(HEAD)
    assert lines[4] == 'Ann Peeters;"ann@example.be;""x"" b";;2800;;'


def test_texts_in_the_cell_itself_and_cells_without_a_place():
    sheet = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row>'
        b'<c t="inlineStr"><is><t>Naam</t></is></c><c><v>2.8E3</v></c><c><v>0.5</v></c><c t="inlineStr"/><c t="e"><v>#N/A</v></c>'
        b"</row></sheetData></worksheet>"
    )
    assert text_of_workbook(changed(book(), xl__worksheets__sheet1_xml=sheet)) == "Naam;2800;0.5;;\n"


BOMB = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'


@pytest.mark.parametrize(
    "data",
    [
        b"PK\x03\x04xxxx",
        book()[:400],
        changed(book(), xl__workbook_xml=BOMB),
        changed(book(), xl__sharedStrings_xml=BOMB.decode().encode("utf-16")),
        changed(book(), xl__workbook_xml=b"<a/>"),
        changed(book(), xl__workbook_xml=b"<a"),
        changed(book(), xl___rels__workbook_xml=b"<a/>").replace(b"workbook.xml.rels", b"workbook.xml.relz"),
        changed(book(), xl__sharedStrings_xml=b"<a/>"),
        changed(book(), xl__worksheets__sheet1_xml=b" " * (13 * 1024 * 1024)),
    ],
)  # fmt: skip
def test_what_is_no_workbook_is_refused_in_words(data):
    with pytest.raises(Unreadable):
        text_of_workbook(data)
    assert read_list(data).refused.line == 1


@pytest.mark.parametrize("row", [b'<row r="5"/><row r="5"/>', b'<row r="%d"/>' % (MOST_LINES + 1), b'<row><c r="ZZ1"/></row>'])  # fmt: skip
def test_a_sheet_that_would_never_end_is_refused(row):
    sheet = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%b</sheetData></worksheet>'
    with pytest.raises(Unreadable):
        text_of_workbook(changed(book(), xl__worksheets__sheet1_xml=sheet % row))


def test_a_workbook_whose_sheet_is_not_named_is_refused():
    relations = b'<Relationships xmlns="x"/>'
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book())) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            new.writestr(name, relations if name == "xl/_rels/workbook.xml.rels" else old.read(name))
    with pytest.raises(Unreadable):
        text_of_workbook(made.getvalue())


def newcomer_of(**cells):
    head = {"name": "Naam", "email": "E-mail", "postcode": "Postcode"} | {
        name: columns_of(ListKind.NEWCOMER)[name][0] for name in cells
    }
    values = {"name": "Sami", "email": "sami@example.be", "postcode": "2800", **cells}
    text = ";".join(head.values()) + "\n" + ";".join(values[name] for name in head)
    found = candidate_of(read_text(text).rows[0], HERE, ListKind.NEWCOMER)
    assert isinstance(found, Candidate), found
    return found


@pytest.mark.parametrize(("written", "level"), [("A2", DutchLevel.A2), ("geen", DutchLevel.NONE), ("C1", DutchLevel.B2), ("", DutchLevel.NONE)])  # fmt: skip
def test_level_of_dutch(written, level):
    found = newcomer_of(dutch_level=written)
    assert (found.record["dutch_level"], found.left_out) == (level, ())


@pytest.mark.parametrize("written", ["2026-03-02", "2/3/2026", "02.03.2026", "46083", "٢/٣/٢٠٢٦"])
def test_since_when_somebody_waits(written):
    assert newcomer_of(waiting_since=written).record["waiting_since"] == date(2026, 3, 2)


@pytest.mark.parametrize(
    "written", ["31/2/2026", "gisteren", "1/1/1999", "99999", f"{today() + timedelta(days=1)}"]
)
def test_a_day_that_cannot_be_is_not_guessed(written):
    found = newcomer_of(waiting_since=written)
    assert (found.record["waiting_since"], found.left_out) == (today(), (written,))


@pytest.mark.parametrize(
    ("written", "locale", "left"),
    [("Arabisch", "ar", ()), ("Nederlands", "nl", ()), ("", "nl", ()), ("Klingon", "nl", ("Klingon",)), ("Lingala", "nl", ("Lingala",))],
)  # fmt: skip
def test_the_language_of_our_letters(written, locale, left):
    found = newcomer_of(letters_in=written)
    assert (found.person["locale"], found.left_out) == (locale, left)


def test_unknown_level_is_said(site):
    assert newcomer_of(dutch_level="veel").left_out == ("veel",)


def test_a_list_of_newcomers_is_taken_over_as_a_whole(site):
    els = factories.viewer(factories.coordinator())
    rows = [
        ["Sami", "sami@example.be", "", 2800, "A1", "2/3/2026", "Arabisch"],
        ["Fout", "geen adres", "", 2800, "", "", ""],
    ]
    data = book(*rows, head=[*HEAD, "Niveau Nederlands", "Wacht sinds", "Contacttaal"])
    kept = imports.keep_list(els, network="rivierenland", data=data, text="", kind=ListKind.NEWCOMER)
    assert len(imports.preview_of(els, list_of(els, kept)).right) == 1
    assert (
        imports.take_over(
            els, kept, invite=True, link_for=lambda locale, token: f"http://localhost/{locale}/{token}"
        )
        == 1
    )
    newcomer = session().query(Newcomer).one()
    assert (newcomer.state, newcomer.dutch_level, newcomer.waiting_since) == (
        NewcomerState.REGISTERED, DutchLevel.A1, date(2026, 3, 2),
    )  # fmt: skip
    assert session().query(Grant).filter_by(person_id=newcomer.person_id).one().role is Role.NEWCOMER
    assert session().query(Transition).one().reason == "import"
    assert (newcomer.person.locale, session().query(Message).one().kind) == ("ar", "imported-newcomer")
    assert "geen adres" in imports.rows_given_back(els, kept).decode("utf-8-sig")
    assert session().query(Person).filter_by(full_name="Fout").count() == 0
    with pytest.raises(Invalid):
        imports.keep_list(els, network="rivierenland", data=data, text="", kind=ListKind.NEWCOMER)
