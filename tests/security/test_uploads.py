"""Files that are sent: only by staff, judged by what is in them and never by their name, kept nowhere under it (SECURITY 62, 63)."""

import io
import json
import zipfile

import pytest

from app.db import session
from app.models import BuddyImport, Offer, ProgrammeVersion, Recording
from app.security.permission_map import PERMISSION_MAP
from app.vocabulary import Role
from app.vocabulary.spoken import spoken_text
from tests import factories
from tests.client import Client

STAFF = {Role.COORDINATOR, Role.COUNSELLOR, Role.ADMINISTRATOR}
NAMES = [
    "../../x.csv", "..\\..\\x.csv", "C:\\x.csv", "/etc/passwd", "con", "nul.csv", "x" * 300 + ".csv", "\u202egpj.csv", "a\x00b.csv", ".htaccess", "", "x.csv;y.php",
    "<script>.csv", "x\r\nSet-Cookie: a=b.csv",
]  # fmt: skip


def bomb():
    """200 MB of nothing in an Excel file of some kB."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("[Content_Types].xml", "<Types/>")
        with file.open("xl/workbook.xml", "w") as part:
            for _ in range(200):
                part.write(b" " * 1_000_000)
    return kept.getvalue()


def entity():
    """An Excel file that asks for a file of the machine."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as file:
        file.writestr(
            "xl/workbook.xml",
            '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><workbook>&e;</workbook>',
        )
    return kept.getvalue()


CONTENTS = {
    "page": b"<!doctype html><script>alert(1)</script>", "drawing": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "program": b"\x7fELF\x02\x01\x01" + b"\x00" * 200, "windows program": b"MZ" + b"\x90" * 200, "picture": b"\x89PNG\r\n\x1a\n" + b"\x00" * 200,
    "pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "archive": b"PK\x05\x06" + b"\x00" * 18, "gzip": b"\x1f\x8b\x08" + b"\x00" * 100, "php": b"<?php system($_GET['x']); ?>",
    "nothing": b"", "zeros": b"\x00" * 1000, "old excel": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "deep": b"[" * 100_000, "wav": b"RIFF\x00\x00\x00\x00WAVE",
    "bomb": bomb(), "entity": entity(), "cut": b'{"activities": [', "surrogate": json.dumps({"activities": ["\ud800"]}).encode(),
}  # fmt: skip


@pytest.fixture
def doors(site, signed_in):
    """(browser, address, name of the field, what is sent beside it) of every form that takes a file."""
    house = factories.organisation(insurer="Ethias")
    factories.contact(organisation_id=house.id)
    coordinator, keeper = signed_in(factories.coordinator()), signed_in(factories.administrator())
    said = spoken_text("My track", "ti").digest
    return [
        (coordinator, "/nl/people/import", "file", {"kind": "buddy", "network": "rivierenland"}),
        (coordinator, "/nl/activity-lists", "file", {"kind": "own", "organisation": str(house.id)}),
        (coordinator, "/nl/activity-lists", "file", {"kind": "uitdatabank", "organisation": str(house.id)}),
        (coordinator, f"/nl/recordings/ti/{said}", "sound", {}),
        (keeper, "/nl/admin/weights", "weights", {"programme": "1"}),
    ]


def kept():
    """What came of the files: lists of people, recordings, settings, activities."""
    session().expire_all()
    return [session().query(table).count() for table in (BuddyImport, Recording, ProgrammeVersion, Offer)]


def test_only_staff_has_a_form_that_takes_a_file(site):
    """Every address that reads a file asks for a permission of staff; a new one has to be looked at here."""
    reading = {"people.import_list", "offers.lists", "recordings.text", "programmes.weights"}
    found = {rule.endpoint for rule in site.url_map.iter_rules() if rule.endpoint in reading}
    assert found == reading
    for endpoint in found:
        assert set(PERMISSION_MAP[site.view_functions[endpoint].permission]) <= STAFF


def send(door, name, content):
    client, path, field, beside = door
    data = {**beside, field: (io.BytesIO(content), name, "text/csv")}
    return client.send("POST", path, data=data, content_type="multipart/form-data")


@pytest.mark.parametrize("what", CONTENTS)
def test_what_a_file_is_stands_in_it(doors, what):
    before = kept()
    for door in doors:
        answer = send(door, "list.csv", CONTENTS[what])
        assert answer.status_code in (303, 400, 413, 422), (door[1], what, answer.status_code)
        assert b"root:" not in answer.get_data()
        assert b"alert(1)</script>" not in answer.get_data()
    assert kept() == before


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_the_name_of_a_file_says_nothing(doors, name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for door in doors:
        answer = send(door, name, b"\x00\x01")
        assert answer.status_code in (303, 400, 422), (door[1], answer.status_code)
        assert "a" not in answer.headers.get("Set-Cookie", "").split("=")[0].split(",")
    assert not list(tmp_path.rglob("*"))


def test_nobody_else_gets_a_file_in(site, signed_in, doors):
    before = kept()
    for person in (
        None,
        factories.buddy().person,
        factories.newcomer().person,
        factories.counsellor(),
        factories.member(),
    ):
        client = signed_in(person) if person else Client(site.test_client())
        for _own, *door in doors:
            answer = send((client, *door), "x.csv", b"Naam;E-mail\nAnn;ann@example.be\n")
            assert answer.status_code in (302, 303, 403)
    assert kept() == before
