"""Files that are sent: only by staff, judged by what is in them and never by their name, kept nowhere under it (SECURITY 62, 63)."""

import importlib
import inspect
import io
import json
import pkgutil
import zipfile
from types import CodeType

import pytest
from flask import request
from sqlalchemy import select
from wtforms import FileField, Form
from wtforms.fields.core import UnboundField

from app import forms
from app.db import Base, session
from app.forms.files import FileForm
from app.models import BuddyImport, Offer, OfferList, ProgrammeVersion, Recording
from app.security.permission_map import PERMISSION_MAP
from app.security.permissions import Permission
from app.vocabulary import Role
from app.vocabulary.spoken import spoken_text
from tests import factories
from tests.activity_lists import activity, event, events
from tests.architecture.source import ROOT
from tests.client import Client
from tests.security.hostile import MARK
from tests.sounds import PACKETS, ogg
from tests.weights import WEIGHTS

APP = ROOT / "app"
STAFF = {Role.COORDINATOR, Role.COUNSELLOR, Role.ADMINISTRATOR}
BREAKS = "\r\n"
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


def file_forms():
    """The forms of ours, and those derived from them, that declare a field for a file."""
    modules = [
        importlib.import_module(f"app.forms.{found.name}") for found in pkgutil.iter_modules(forms.__path__)
    ]
    made = {
        one
        for module in modules
        for one in vars(module).values()
        if isinstance(one, type) and issubclass(one, Form)
    }
    return {one for one in made if any(takes_a_file(getattr(one, name)) for name in dir(one))}


def takes_a_file(field):
    """Whether that attribute of a form is a field for a file, of whatever kind."""
    return isinstance(field, UnboundField) and issubclass(field.field_class, FileField)


def named_in(code):
    """Every name that stands in a function, also in what is defined inside it."""
    inside = [one for one in code.co_consts if isinstance(one, CodeType)]
    return set(code.co_names).union(*(named_in(one) for one in inside))


def reads_a_file(view, taking):
    """Whether a view, or a function of the pages that it calls, makes such a form or looks at the files of a request."""
    seen, waiting = set(), [inspect.unwrap(view)]
    while waiting:
        function = waiting.pop()
        names = named_in(function.__code__)
        found = [function.__globals__[name] for name in names if name in function.__globals__]
        if "files" in names or any(isinstance(one, type) and one in taking for one in found):
            return True
        seen.add(function)
        called = {
            inspect.unwrap(one)
            for one in found
            if inspect.isfunction(one) and one.__module__.startswith("app.web")
        }
        waiting += called - seen
    return False


def receiving(site):
    """The endpoints that read a file, found in what the pages do."""
    taking = file_forms()
    return {endpoint for endpoint, view in site.view_functions.items() if reads_a_file(view, taking)}


def open_to_others(site):
    """Of those the ones that somebody who is no staff may open."""
    return {
        endpoint
        for endpoint in receiving(site)
        if not set(PERMISSION_MAP[site.view_functions[endpoint].permission]) <= STAFF
    }


def taken():
    """How many of each there are, and when the last of the recordings was read."""
    recordings = [one.content_digest for one in session().query(Recording)]
    return [*kept(), session().query(OfferList).count(), *recordings]


def test_only_staff_has_a_form_that_takes_a_file(site):
    """Every address that reads a file asks for a permission of staff; a new one has to be looked at here."""
    assert receiving(site) == {"people.import_list", "offers.lists", "recordings.text", "programmes.weights"}
    assert not open_to_others(site)


def test_a_file_from_anybody_would_be_seen(site, monkeypatch):
    """A page for everybody that makes such a form, calls what makes one, or reads the files of the request itself."""
    monkeypatch.setattr(called_by_a_view, "__module__", "app.web.made_up")
    for view in (
        lambda: FileForm().file.data,
        lambda: called_by_a_view().file,
        lambda: [request.files["file"] for _ in "x"],
    ):
        view.permission = Permission.SEE_PUBLIC
        with monkeypatch.context() as patched:
            patched.setitem(site.view_functions, "pages.help", view)
            assert open_to_others(site) == {"pages.help"}


def called_by_a_view():
    """What a view may leave to another function."""
    return FileForm()


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


def right(door, turn):
    """What each of these forms takes: another one each turn, so that it is kept beside the one before."""
    _client, path, _field, beside = door
    if "people" in path:
        return f"Naam;E-mail;Telefoon;Postcode\nAnn;ann{turn}@example.be;;2800\n".encode()
    if "recordings" in path:
        return ogg(packets=PACKETS + turn)
    if "weights" in path:
        return WEIGHTS.replace(b"2026-2", f"2026-{turn + 2}".encode())
    found = {"activities": [activity(turn)]} if beside["kind"] == "own" else events(event(turn))
    return json.dumps(found).encode()


def everything_kept():
    """Every value of every table, as text."""
    session().expire_all()
    for table in Base.metadata.sorted_tables:
        for row in session().execute(select(table)):
            yield from map(str, row)


def files_here(folder):
    """What lies in that folder, and when each was written."""
    return {file: file.stat().st_mtime_ns for file in folder.rglob("*")}


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_the_name_of_a_file_says_nothing(doors, name, tmp_path, monkeypatch):
    """A file that is right is taken under each name, which is kept nowhere and makes no file; the same with a mark in it."""
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    elsewhere = files_here(APP)
    for turn, called in enumerate((name, f"../{MARK}{name}"), 1):
        for door in doors:
            before = taken()
            answer = send(door, called, right(door, turn))
            assert "a" not in answer.headers.get("Set-Cookie", "").split("=")[0].split(",")
            assert MARK not in str(answer.headers)
            if BREAKS in name:  # ends the head of its part, so that no file arrives at all
                assert (answer.status_code, taken()) == (422, before), door[1]
                continue
            assert answer.status_code == 303, (door[1], answer.status_code)
            assert taken() != before, door[1]
            assert MARK not in door[0].get(answer.headers["Location"]).html
    assert not [text for text in everything_kept() if MARK in text]
    assert not list(here.rglob("*"))
    assert not list(tmp_path.parent.rglob(f"*{MARK}*"))
    assert files_here(APP) == elsewhere


def test_a_name_that_is_kept_would_be_seen(doors):
    """Where a name does stand in a record, it is found there."""
    house = factories.organisation(name=f"{MARK}.csv")
    assert [text for text in everything_kept() if MARK in text] == [house.name]


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
            answer = send((client, *door), "x.csv", right((client, *door), 1))
            assert answer.status_code in (302, 303, 403)
    assert kept() == before
