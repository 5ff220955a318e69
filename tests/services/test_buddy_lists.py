"""Reading a list: right letters or a refusal that names the line, never a crash and never a wrong letter."""

import csv
import io

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.services.buddy_lists import COLUMNS, MOST_ROWS, read_list, read_text
from app.services.buddy_rows import Candidate, candidate_of

HEAD = "Naam;E-mail;Postcode"
WESTERN = f"{HEAD}\nJosé Ñúñez d’Hôte;jose@example.be;2800\nŒuvre;o@example.be;2800\n"
HERE = frozenset({"rivierenland"})


def names(data: bytes) -> list[str]:
    reading = read_list(data)
    assert reading.refused is None, reading.refused
    return [row.cells["name"] for row in reading.rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_every_usual_file_gives_right_letters(encoding, line_end, delimiter):
    text = WESTERN.replace(";", delimiter).replace("\n", line_end)
    data = (
        b"\xff\xfe" if encoding == "utf-16-le" else b"\xfe\xff" if encoding == "utf-16-be" else b""
    ) + text.encode(encoding)
    assert names(data) == ["José Ñúñez d’Hôte", "Œuvre"]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_its_mark(encoding):
    assert names(WESTERN.encode(encoding)) == ["José Ñúñez d’Hôte", "Œuvre"]


@pytest.mark.parametrize("name", ["أحمد", "Олена", "ዮናስ", "王芳", "Ünal Ş"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_every_script(name, encoding):
    assert names(f"{HEAD}\n{name};a@example.be;2800\n".encode(encoding)) == [name]


REFUSED = {
    "mixed encodings": (f"{HEAD}\nJosé;;2800\n".encode() + "Zoë;;2800\n".encode("cp1252"), 2),
    "latin-9 that differs from western": (f"{HEAD}\nA;;2800\nŽeljko;;2800\n".encode("iso8859-15"), 3),
    "central european": (f"{HEAD}\nAnn;;2800\nStanisław Żółć;;2800\n".encode("cp1250"), 3),
    "twice encoded": (f"{HEAD}\nAnn;;2800\nJosé;;2800\n".encode().decode("cp1252").encode(), 3),
    "replacement letter": (f"{HEAD}\nJos\ufffd;;2800\n".encode(), 2),
    "nul": (f"{HEAD}\nAnn\x00;;2800\n".encode(), 2),
    "control character": (f"{HEAD}\nAnn\x1b;;2800\n".encode(), 2),
    "broken utf-16": (b"\xff\xfe" + f"{HEAD}\nA".encode("utf-16-le") + b"\x00\xd8\x41\x00", 2),
    "open quote": (f'{HEAD}\nAnn;a@example.be;2800\n"Zoe;z@example.be;2800\nRik;;2800\n'.encode(), 3),
    "letters after a quote": (f'{HEAD}\n"Zoe"x;z@example.be;2800\n'.encode(), 2),
    "html": (b"<!DOCTYPE html>\n<html><body>Naam;E-mail;Postcode", 1),
    "svg": (b'  <svg xmlns="http://www.w3.org/2000/svg">', 1),
    "excel": (b"PK\x03\x04xxxx", 1),
    "old excel": (b"\xd0\xcf\x11\xe0xxxx", 1),
    "pdf": (b"%PDF-1.7", 1),
    "empty": (b"", 1),
    "only blanks": (b"\n  \n", 1),
    "no header": (b"Ann;ann@example.be;2800\n", 1),
    "no place": (b"Naam;E-mail\nAnn;a@example.be\n", 1),
    "no way to reach": (b"Naam;Postcode\nAnn;2800\n", 1),
    "two columns of one meaning": (b"\nNaam;Name;E-mail;Postcode\n", 2),
    "10 000 columns": (f"{HEAD}{';x' * 10_000}\n".encode(), 1),
    "1 MB cell": (f"{HEAD}\nAnn;;2800\n{'x' * 1_000_000};;2800\n".encode(), 3),
    "too many rows": ((HEAD + "\nAnn;a@example.be;2800" * (MOST_ROWS + 1)).encode(), MOST_ROWS + 2),
    "too large": (b"x" * (2 * 1024 * 1024 + 1), 0),
}  # fmt: skip


@pytest.mark.parametrize("case", list(REFUSED))
def test_what_cannot_be_read_is_refused_at_its_line(case):
    data, line = REFUSED[case]
    reading = read_list(data)
    assert reading.rows == ()
    assert reading.refused
    assert reading.refused.line == line
    assert str(reading.refused.message)


def test_lines_are_those_of_the_file():
    reading = read_text(
        'sep=;\n\nNaam;E-mail;Postcode\n\n"Ann\nBis";a@example.be;2800\nZoe;z@example.be;2800'
    )
    assert [row.line for row in reading.rows] == [5, 7]


def test_unknown_columns_are_named_and_left_out():
    reading = read_text("Naam;E-mail;Postcode;Nationaliteit;;Nota\nAnn;a@example.be;2800;x;;y")
    assert reading.ignored == ("Nationaliteit", "Nota")
    assert set(reading.rows[0].cells) == {"name", "email", "postcode"}


@pytest.mark.parametrize(
    ("column", "heading"), [(column, heading) for column, headings in COLUMNS.items() for heading in headings]
)
def test_every_heading_in_any_writing(column, heading):
    head = {"name": "x", "email": "y", "postcode": "z"} | {column: heading.upper()}
    known = {"name": "Naam", "email": "E-mail", "postcode": "Postcode"}
    line = [known.get(name, heading.upper()) if name != column else f" {heading.upper()} " for name in head]
    assert column in read_text(";".join(line) + "\n" + ";".join("abcd"[: len(line)])).rows[0].cells


@given(st.binary(max_size=400))
@example(b"\xff\xfe")
@example(b"\xfe\xff\x00")
@example(b"\xef\xbb\xbf")
@example(b"\x00\x00\x00\x00")
def test_never_raises_whatever_the_bytes(data):
    read_list(data)
    read_list(HEAD.encode() + b"\n" + data)


@given(st.text(max_size=200), st.sampled_from(["utf-8", "utf-16", "utf-16-le"]))
def test_never_raises_whatever_the_text(text, encoding):
    read_list(f"{HEAD}\n{text}".encode(encoding, "surrogatepass"))
    for row in read_text(f"{HEAD};Talen;Hobby's;km\n{text}").rows:
        candidate_of(row, HERE)


ORDINARY = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=30)


@given(st.lists(st.tuples(ORDINARY, ORDINARY), min_size=1, max_size=5), st.sampled_from(";,\t"))
def test_what_a_spreadsheet_writes_is_read_back(cells, delimiter):
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=delimiter).writerows(
        [["Naam", "E-mail", "Postcode"], *([name, mail, "2800"] for name, mail in cells)]
    )
    reading = read_list(file.getvalue().encode())
    if reading.refused is None:
        plain = [
            (name, mail)
            for name, mail in cells
            if not (name + mail).startswith("'") and not mail.startswith("'")
        ]
        read = {(row.cells["name"], row.cells["email"]) for row in reading.rows}
        assert set(plain) <= read


def row(**cells):
    heading, values = zip(*cells.items(), strict=True)
    names = {"name": "Naam", "email": "E-mail", "postcode": "Postcode", "max_km": "km"}
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=";").writerows(
        [[names.get(name, COLUMNS[name][0]) for name in heading], values]
    )
    reading = read_text(file.getvalue())
    assert reading.refused is None, reading.refused
    return candidate_of(reading.rows[0], HERE)


GOOD = {"name": "Ann Peeters", "email": "ann@example.be", "postcode": "2800"}


def test_a_right_row_becomes_a_candidate():
    found = row(
        **GOOD,
        phone="0470/12.34.56",
        languages="Frans, arabe en English; Vlaams",
        interests="voetbal, koken / chess",
        max_km="15 km",
        capacity="2",
        words="Graag",
    )
    assert isinstance(found, Candidate)
    assert found.person["phone"] == "+32470123456"
    assert (found.record["municipality"], found.record["network_slug"]) == ("Mechelen", "rivierenland")
    assert found.record["languages"] == ["fr", "ar", "en"]
    assert found.record["interests"] == ["football", "cooking", "chess"]
    assert (found.record["max_km"], found.record["capacity"]) == (15, 2)
    assert found.left_out == ()


def test_a_line_that_is_too_wide_is_given_back_whole():
    reading = read_text(f"{HEAD}\nAnn;a@example.be;2800;extra;\nZoe;z@example.be;2800;;\n")
    wrong, right = (candidate_of(found, HERE) for found in reading.rows)
    assert [trouble.line for trouble in wrong] == [2]
    assert reading.rows[0].raw == ("Ann", "a@example.be", "2800 extra")
    assert isinstance(right, Candidate)


def test_what_is_not_understood_is_said():
    found = row(**GOOD, languages="Klingon", interests="allerlei", max_km="ver", capacity="99")
    assert found.left_out == ("Klingon", "allerlei", "ver", "99")
    assert (found.record["max_km"], found.record["capacity"]) == (None, 1)


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"email": "ann@"}, "email"),
        ({"email": ""}, "email"),
        ({"phone": "12"}, "phone"),
        ({"phone": "4,70E+08"}, "phone"),
        ({"postcode": "2300"}, "postcode"),
        ({"postcode": "1000"}, "postcode"),
        ({"postcode": "0000"}, "postcode"),
        ({"postcode": "5000"}, "postcode"),
        ({"postcode": "", "place": "Atlantis"}, "place"),
        ({"words": "Ik ben 85.07.30-033 28"}, ""),
    ],
)
def test_what_is_wrong_is_named(change, column):
    found = row(**{**GOOD, **change})
    assert [trouble.column for trouble in found] == [column]
    assert all(str(trouble.message) and trouble.line == 2 for trouble in found)


def test_all_that_is_wrong_with_a_row_is_said_at_once():
    assert [trouble.column for trouble in row(name="", email="x", phone="y", postcode="9999")] == [
        "name",
        "email",
        "phone",
        "postcode",
    ]


@pytest.mark.parametrize(
    "place",
    [
        {"postcode": "B-2800"},
        {"postcode": "2800 Mechelen"},
        {"postcode": "", "place": "mechelen"},
        {"postcode": "", "place": "Malines"},
    ],
)
def test_places_as_people_write_them(place):
    assert row(**{**GOOD, **place}).record["municipality"] == "Mechelen"


def test_first_and_last_name_in_two_columns():
    assert (
        row(first_name="Ann", last_name="van den Berg", email="a@example.be", postcode="2800").person[
            "full_name"
        ]
        == "Ann van den Berg"
    )
