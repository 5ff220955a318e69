"""Texts read aloud: staff record them, readers hear exactly what they see (LANGUAGES S2, S3; SECURITY T14)."""

from threading import Barrier, Thread

import pytest
from sqlalchemy import delete, false, update

from app import db
from app.db import session, transaction
from app.errors import Forbidden, Invalid, Moved, NotFound
from app.models import Recording
from app.queries.recordings import board
from app.security.permissions import Permission
from app.services import recordings
from app.vocabulary import Role
from app.vocabulary.spoken import (
    AudioKind,
    spoken_text,
)
from tests import factories, sounds
from tests.readings import MESSAGES, QUESTION, address, kept, send, written


@pytest.fixture
def els(site):
    return factories.coordinator(full_name="Els أحمد")


@pytest.mark.parametrize("lang", ["x-pseudo", "nl", "ar"])
def test_pages_with_and_without_recordings(signed_in, els, lang):
    browser = signed_in(els)
    for tag in ("ti", "nl", "ps"):
        browser.get(f"/{lang}/recordings?language={tag}")
        browser.get(address(tag, page=lang))
    made = kept(els, "ps")
    page = browser.get(f"/{lang}/recordings?language=ps")
    assert page.soup.select_one(f".todo audio[src='/ps/listen/{made.content_digest}']")
    assert page.soup.select_one(".todo .reading [lang=ps][dir=rtl]")
    assert page.soup.select_one(".todo .dutch[lang=nl]")
    assert page.soup.select_one("nav [aria-current] .num").get_text() == f"1/{len(MESSAGES)}"
    browser.get(address("ps", page=lang))
    browser.get(f"/{lang}/recordings/{made.id}/remove")


def test_recording_goes_on_with_the_next_text_until_all_are_done(signed_in, els):
    browser = signed_in(els)
    first = board(factories.viewer(els), "so").after()
    page = send(browser, sounds.webm(), f"/en/recordings/so/{first.spoken.digest}")
    assert page.soup.select_one(".messages .good")
    for _count in range(len(MESSAGES) - 1):
        page = send(browser, sounds.webm(), page.response.request.path)
    assert page.response.request.path == "/en/recordings"
    assert "Every text of this language can be heard." in page.text
    assert session().query(Recording).count() == len(MESSAGES)
    assert written() == ["recording-kept"] * len(MESSAGES)
    assert browser.get("/en/audit").status == 200


BAD = {
    "svg": (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "a.ogg", "audio/ogg"),
    "html": (b"<!doctype html><script>alert(1)</script>", "stem.ogg", "audio/ogg"),
    "html behind ogg": (sounds.ogg() + b"<script>alert(1)</script>", "a.ogg", "audio/ogg"),
    "cut off": (sounds.webm(live=False)[:-9], "a.webm", "audio/webm"),
    "empty": (b"", "a.mp3", "audio/mpeg"),
    "200 001 bytes": (sounds.id3(bytes(200_001 - 10 - 208)) + sounds.mp3(frames=1), "a.mp3", "audio/mpeg"),
    "wav": (b"RIFF\0\0\0\0WAVEfmt " + bytes(100), "a.wav", "audio/wav"),
    "video": (sounds.webm(tracks=sounds.track_entry(kind=1, codec=b"V_VP8")), "a.webm", "audio/webm"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_sound_is_refused_at_its_field(signed_in, els, name):
    page = send(signed_in(els), BAD[name][0], address(page="en"), *BAD[name][1:], status=422)
    assert page.soup.select_one("#sound[aria-invalid]")
    assert len(page.soup.select_one("#error-sound").get_text(strip=True)) > 20
    assert session().query(Recording).count() == 0


def test_exactly_200_000_bytes_are_taken(signed_in, els):
    send(signed_in(els), sounds.id3(bytes(200_000 - 10 - 208)) + sounds.mp3(frames=1))
    assert session().query(Recording).one().size == 208, "what is not heard is not kept"


@pytest.mark.parametrize(
    "name", ["", "../../x.html", "con", "a" * 300, "x\u202egpj.exe", ".htaccess", "a.svg"]
)
def test_neither_name_nor_declared_type_counts(signed_in, els, name):
    """Items 62 and 63."""
    send(signed_in(els), sounds.aac(), name=name, kind="image/svg+xml")
    assert [row.kind for row in session().query(Recording)] == [AudioKind.AAC]


def test_nothing_sent_is_said(signed_in, els):
    """A browser in which no file was chosen sends one without name and content."""
    hers = signed_in(els)
    for page in (
        hers.post(address(page="en"), {"sound": "text"}, status=422),
        hers.post(address(page="en"), status=422),
        send(hers, b"", address(page="en"), name="", kind="application/octet-stream", status=422),
    ):
        assert "Record the text, or choose a file." in page.text


def test_the_database_holds_the_limit_too(els):
    made = kept(els)
    with pytest.raises(Exception, match="content"), transaction() as changing:
        changing.execute(update(Recording).where(Recording.id == made.id).values(content=bytes(200_001)))


def test_removing_is_asked_first_and_written_down(browser, signed_in, els):
    made = kept(els)
    path, sound = f"/en/recordings/{made.id}/remove", f"/ti/listen/{made.content_digest}"
    hers = signed_in(els)
    hers.submit(hers.get(path))
    assert session().query(Recording).count() == 0
    assert written() == ["recording-kept", "recording-removed"]
    hers.get(path, status=404)
    hers.post(path, status=404)
    assert browser.send("GET", sound).status_code == 404


def test_recordings_of_texts_that_are_gone_are_listed(signed_in, els):
    made = kept(els)
    with transaction() as changing:
        changing.execute(
            update(Recording).where(Recording.id == made.id).values(message="Gone", text="x", text_digest="x")
        )
    page = signed_in(els).get("/en/recordings?language=ti")
    assert page.soup.select_one(f"[aria-labelledby=gone] a[href$='/{made.id}/remove']")


def test_who_may(site, els):
    for person in (els, factories.administrator()):
        assert factories.viewer(person).can(Permission.RECORD_TEXTS)
        kept(person)
    made = session().query(Recording).one()
    for person in (
        factories.counsellor(),
        factories.newcomer().person,
        factories.person(roles=(Role.HELPER,)),
    ):
        actor = factories.viewer(person)
        with pytest.raises(Forbidden):
            recordings.keep_recording(actor, "ti", made.text_digest, sounds.ogg())
        with pytest.raises(Forbidden):
            recordings.remove_recording(actor, made.id)
    with pytest.raises(NotFound):
        recordings.remove_recording(factories.viewer(els), made.id + 1)
    with pytest.raises(Invalid):
        kept(els, content=b"no sound")


def test_a_text_that_changed_while_it_was_read_is_not_kept(signed_in, els):
    hers = signed_in(els)
    for digest in ("0" * 64, spoken_text(QUESTION, "so").digest):
        send(hers, sounds.ogg(), f"/nl/recordings/ti/{digest}", status=409)
        hers.get(f"/nl/recordings/ti/{digest}", status=404)
    for path in ("/nl/recordings/zz/x", "/nl/recordings?language=zz", "/nl/recordings?language=x-pseudo"):
        hers.get(path, status=404)
    send(hers, sounds.ogg(), "/nl/recordings/zz/x", status=404)


def test_two_people_read_the_same_text_at_once(site, els):
    """One of them may be told that somebody was first; there is one recording, and no fault."""
    sofie, start, told = factories.coordinator("kempen"), Barrier(2), []

    def read(person_viewer, content):
        with site.app_context():
            start.wait()
            try:
                recordings.keep_recording(person_viewer, "ti", spoken_text(QUESTION, "ti").digest, content)
                told.append("kept")
            except Moved:
                told.append("moved")
            finally:
                db.release()

    readers = [
        Thread(target=read, args=(factories.viewer(person), content))
        for person, content in ((els, sounds.ogg()), (sofie, sounds.mp3()))
    ]
    db.release()
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    assert len(told) == 2
    assert "kept" in told
    assert session().query(Recording).count() == 1


def test_who_is_first_is_told_to_the_second(site, els, monkeypatch):
    """What the race above meets on PostgreSQL, made certain: the row is there, and was not seen."""
    kept(els)
    monkeypatch.setattr(recordings, "delete", lambda model: delete(model).where(false()))
    with pytest.raises(Moved):
        kept(els, content=sounds.mp3())
    assert [row.kind for row in session().query(Recording)] == [AudioKind.OGG]


def test_the_microphone_is_for_one_page_only(signed_in, browser, els):
    hers = signed_in(els)
    for path in ("/nl/recordings", "/nl/", "/nl/register/newcomer/name"):
        answer = hers.send("GET", path)
        assert "microphone=()" in answer.headers["Permissions-Policy"]
        assert "blob:" not in answer.headers["Content-Security-Policy"]
    answer = hers.send("GET", address())
    assert "microphone=(self)" in answer.headers["Permissions-Policy"]
    assert "camera=()" in answer.headers["Permissions-Policy"]
    assert "media-src 'self' blob:" in answer.headers["Content-Security-Policy"]
    assert "script-src 'self' 'nonce-" in answer.headers["Content-Security-Policy"]


def test_who_read_aloud_finds_it_among_the_own_data(signed_in, els):
    made = kept(els)
    assert made.text in signed_in(els).send("GET", "/nl/my-data.json").get_data(as_text=True)
