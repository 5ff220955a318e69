"""Backups: whole, of one moment, closed to others, put back on either database, without mail or erased people twice."""

import os
import shutil
import uuid
from contextlib import contextmanager
from datetime import timedelta
from threading import Event, Thread

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app import db, schema
from app.clock import now
from app.models import Message, SignIn
from app.services import backups
from app.services.backups import BadBackup, contents, envelope, rows
from app.vocabulary.records import Channel, MessageState
from tests import factories
from tests.database import postgresql_address
from tests.migrations import rows as example

KEY = "a key of more than twenty characters"
SECRET = "the secret of the site"


@pytest.fixture(scope="module", autouse=True)
def quick_keys():
    """Keys in tests are made by the same algorithm at a low cost."""
    before, envelope.COST = envelope.COST, 2**4
    yield
    envelope.COST = before


@pytest.fixture(scope="module")
def original(database_kind, request):
    """The address of a database with three rows in every table, which is copied for each test."""
    if database_kind == "sqlite":
        url = (
            f"sqlite:///{request.getfixturevalue('tmp_path_factory').mktemp('original') / 'original.sqlite3'}"
        )
        make(url)
        yield url
        return
    server = request.getfixturevalue("postgresql_server")
    name = f"original_{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
        make(postgresql_address(server, name, "postgresql+psycopg"))
        yield name
        admin.execute(f'DROP DATABASE "{name}"')


def make(url):
    engine = db.connect(url)
    schema.upgrade(engine)
    with engine.begin() as connection:
        example.fill(connection, count=3)
    engine.dispose()


@pytest.fixture
def full(database_kind, original, tmp_path, request):
    """A database of its own with three rows in every table."""
    if database_kind == "sqlite":
        shutil.copy(original.removeprefix("sqlite:///"), tmp_path / "full.sqlite3")
        engine = db.connect(f"sqlite:///{tmp_path / 'full.sqlite3'}")
        yield engine
        engine.dispose()
        return
    server = request.getfixturevalue("postgresql_server")
    name = f"full_{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{original}"')
        engine = db.connect(postgresql_address(server, name, "postgresql+psycopg"))
        yield engine
        engine.dispose()
        admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def place(tmp_path):
    """An empty place for an embedded database."""
    engine = db.connect(f"sqlite:///{tmp_path / 'place.sqlite3'}")
    yield engine
    engine.dispose()


def written(engine, path, key=KEY):
    return backups.write(engine, path, key=key, secret_key=SECRET)


def restored(engine, path, **other):
    return backups.restore(engine, path, key=KEY, secret_key=SECRET, folder=path.parent, **other)


def everything(engine):
    """Every row of every table in the common form, without what a restore changes on purpose."""
    found = {}
    with rows.snapshot(engine) as seen:
        for name in rows.tables(seen):
            names = sorted(rows.columns(seen, name))
            if name not in ("sign_in", "message"):
                found[name] = sorted(str(row) for row in rows.rows_of(seen, name, names))
    return found


def counted(engine):
    with engine.connect() as connection:
        return {
            name: connection.execute(text(f'SELECT count(*) FROM "{name}"')).scalar_one()
            for name in rows.tables(connection)
        }


def test_every_row_of_every_table_comes_back(full, tmp_path, place):
    before, counts = everything(full), counted(full)
    assert min(counts.values()) >= 3
    assert written(full, tmp_path / "x.backup") == counts
    assert restored(place, tmp_path / "x.backup").counts == counts
    assert everything(place) == before
    assert counted(place) == counts
    assert schema.version(place) == schema.newest()
    with place.connect() as connection:
        assert connection.execute(text("PRAGMA foreign_key_check")).first() is None


def test_a_backup_goes_back_where_it_came_from(full, tmp_path):
    before = everything(full)
    written(full, tmp_path / "x.backup")
    with full.begin() as connection:
        connection.execute(text("UPDATE person SET full_name = 'another'"))
    assert everything(full) != before
    restored(full, tmp_path / "x.backup", replace=True)
    assert everything(full) == before
    with full.begin() as connection:  # its numbers go on where they were
        connection.execute(
            text(
                "INSERT INTO audit_entry (at, action, subject, subject_id, facts) SELECT at, action, subject, subject_id, facts FROM audit_entry LIMIT 1"
            )
        )


@pytest.mark.postgresql
def test_what_was_embedded_goes_to_a_server_and_back(postgresql_server, full, tmp_path, place):
    before = everything(full)
    written(full, tmp_path / "x.backup")
    restored(place, tmp_path / "x.backup")
    written(place, tmp_path / "y.backup")
    with psycopg.connect(postgresql_server, autocommit=True) as admin:
        admin.execute("CREATE DATABASE second TEMPLATE template0")
    second = db.connect(postgresql_address(postgresql_server, "second", "postgresql+psycopg"))
    restored(second, tmp_path / "y.backup")
    assert everything(second) == before
    second.dispose()


def test_what_was_decided_still_cannot_be_changed_after_a_restore(full, tmp_path, place):
    def frozen(engine):
        change = "UPDATE proof_paper SET created_at = created_at"
        with (
            pytest.raises(IntegrityError, match="a signed proof is not changed"),
            engine.begin() as connection,
        ):
            connection.execute(text(change))

    frozen(full)
    written(full, tmp_path / "x.backup")
    for engine in (place, full):
        restored(engine, tmp_path / "x.backup", replace=True)
        frozen(engine)


@contextmanager
def writing(engine):
    """Somebody who goes on adding two networks in one act, as long as it lasts."""
    stop, begun = Event(), Event()

    def work():
        number = 0
        while not stop.is_set():
            number += 1
            with engine.connect().execution_options(**{db.WRITE: True}) as connection, connection.begin():
                for table in ("shortage_note", "remark"):
                    connection.execute(text(f"INSERT INTO pair_{table} VALUES ({number})"))
            begun.set()

    with engine.begin() as connection:
        for table in ("shortage_note", "remark"):
            connection.execute(text(f"CREATE TABLE pair_{table} (number bigint)"))
    thread = Thread(target=work, daemon=True)
    thread.start()
    try:
        assert begun.wait(20)
        yield
    finally:
        stop.set()
        thread.join()


def pairs(path):
    counts = backups.check(path, key=KEY)
    return counts["pair_remark"], counts["pair_shortage_note"]


def test_a_backup_is_of_one_moment_while_people_write(full, tmp_path):
    with writing(full):
        for number in range(3):
            written(full, tmp_path / f"{number}.backup")
    found = [pairs(tmp_path / f"{number}.backup") for number in range(3)]
    assert all(one == other for one, other in found), found
    assert found[0][0] < found[2][0]


def test_without_one_moment_the_test_above_would_see_it(full, tmp_path, monkeypatch):
    @contextmanager
    def careless(engine):
        """Each statement sees what is there when it comes, as it would with no transaction around all of them."""
        with engine.connect() as connection:
            connection.begin()  # of PostgreSQL's own kind, READ COMMITTED
            if engine.dialect.name == "sqlite":
                connection.exec_driver_sql("COMMIT")
            yield connection

    slowly = rows.columns

    def columns(connection, table):
        if table == "pair_shortage_note":  # the second of the two
            Event().wait(0.2)
        return slowly(connection, table)

    monkeypatch.setattr(rows, "snapshot", careless)
    monkeypatch.setattr(contents, "columns", columns)
    with writing(full):
        written(full, tmp_path / "x.backup")
    one, other = pairs(tmp_path / "x.backup")
    assert one < other


def test_a_sealed_backup_shows_nothing_and_opens_for_its_key_only(full, tmp_path):
    path = tmp_path / "x.backup"
    with full.begin() as connection:
        connection.execute(text("UPDATE person SET full_name = 'Canary Kanarie'"))
    written(full, path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert b"Canary" not in path.read_bytes()
    for key, words in (("", "sealed"), (KEY + "x", "another key"), ("short", "at least 20")):
        with pytest.raises(BadBackup, match=words):
            backups.check(path, key=key)


def test_a_poor_key_or_a_name_in_use_leaves_no_file(full, tmp_path):
    with pytest.raises(BadBackup, match="at least 20"):
        written(full, tmp_path / "x.backup", key="short")
    assert not list(tmp_path.glob("x*"))
    (tmp_path / "x.backup").write_text("kept")
    with pytest.raises(BadBackup, match="never overwrites"):
        written(full, tmp_path / "x.backup")
    assert (tmp_path / "x.backup").read_text() == "kept"


def test_what_is_written_badly_is_seen_at_once(full, tmp_path, monkeypatch):
    monkeypatch.setattr(contents, "write", lambda file, *_: file.write(b"nothing") and {})
    with pytest.raises(BadBackup):
        written(full, tmp_path / "x.backup")
    monkeypatch.setattr(contents, "write", lambda file, *_: {"person": 3})
    monkeypatch.setattr(backups, "check", lambda *_, **__: {"person": 2})
    with pytest.raises(BadBackup, match="not what was read"):
        written(full, tmp_path / "x.backup")
    assert not list(tmp_path.glob("x*"))


def test_a_database_without_tables_is_not_kept(place, tmp_path):
    with pytest.raises(BadBackup, match="nothing to keep"):
        written(place, tmp_path / "x.backup")


@pytest.fixture(scope="module")
def samples(tmp_path_factory):
    """A sealed and a plain backup of several pieces, made by hand."""
    folder = tmp_path_factory.mktemp("samples")
    make(f"sqlite:///{folder / 'full.sqlite3'}")
    engine = db.connect(f"sqlite:///{folder / 'full.sqlite3'}")
    before, envelope.PIECE = envelope.PIECE, 4000
    for name, key in (("sealed", KEY), ("plain", "")):
        written(engine, folder / name, key=key)
    yield folder
    envelope.PIECE = before
    engine.dispose()


@pytest.mark.parametrize("name", ["sealed", "plain"])
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_every_change_and_every_cut_is_seen(samples, name, data):
    """Another byte anywhere, an end that is missing, or two pieces of a sealed file the other way round."""
    whole = (samples / name).read_bytes()
    at = data.draw(st.integers(0, len(whole) - 1))
    if data.draw(st.booleans()):
        changed = whole[:at]
    else:
        changed = whole[:at] + bytes([whole[at] ^ data.draw(st.integers(1, 255))]) + whole[at + 1 :]
    bad = samples / "bad"
    bad.write_bytes(changed)
    with pytest.raises(BadBackup):
        backups.check(bad, key=KEY)


def test_pieces_in_another_order_are_seen(samples):
    whole = (samples / "sealed").read_bytes()
    start, size = len(envelope.SEALED) + envelope.SALT, 5 + 4000 + envelope.SEAL
    one, two = whole[start : start + size], whole[start + size : start + 2 * size]
    bad = samples / "bad"
    bad.write_bytes(whole[:start] + two + one + whole[start + 2 * size :])
    with pytest.raises(BadBackup, match="damaged"):
        backups.check(bad, key=KEY)


def test_a_restore_wants_an_empty_place_or_a_word(full, tmp_path):
    written(full, tmp_path / "x.backup")
    with full.begin() as connection:
        connection.execute(text("UPDATE person SET full_name = 'somebody else'"))
    before = everything(full)
    with pytest.raises(BadBackup, match="--replace"):
        restored(full, tmp_path / "x.backup")
    assert everything(full) == before


def test_a_restore_that_fails_leaves_what_was_there(full, tmp_path, monkeypatch):
    written(full, tmp_path / "x.backup")
    before = everything(full)
    monkeypatch.setattr(backups, "_settle", lambda _connection: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        restored(full, tmp_path / "x.backup", replace=True)
    assert everything(full) == before
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("restoring-")] == []


@pytest.mark.parametrize(
    ("version", "words"), [("9999", "newer version"), ("0002", "does not fit its version")]
)
def test_a_backup_of_tables_that_are_not_known_is_refused(full, tmp_path, monkeypatch, version, words):
    before = everything(full)
    with monkeypatch.context() as patch:
        patch.setattr(backups, "_version", lambda _connection: version)
        written(full, tmp_path / "x.backup")
    with pytest.raises(BadBackup, match=words):
        restored(full, tmp_path / "x.backup", replace=True)
    assert everything(full) == before


def test_a_backup_with_a_lost_reference_is_refused(full, tmp_path, place):
    with full.connect() as connection:
        driver = connection.connection.driver_connection
        if full.dialect.name == "sqlite":
            driver.execute("PRAGMA foreign_keys = OFF")
        else:
            driver.execute("SET session_replication_role = replica")
        with connection.begin():
            connection.execute(text("DELETE FROM network WHERE slug = 'limburg'"))
        connection.invalidate()
    written(full, tmp_path / "x.backup")
    with pytest.raises(BadBackup, match="not consistent"):
        restored(place, tmp_path / "x.backup")


def test_a_database_that_is_in_use_is_not_overwritten(full, tmp_path, monkeypatch):
    written(full, tmp_path / "x.backup")
    before = everything(full)
    monkeypatch.setattr("app.services.backups.loading.PATIENCE", 200)
    with full.connect().execution_options(**{db.WRITE: True}) as other, other.begin():
        other.execute(text("SELECT count(*) FROM person"))
        with pytest.raises(BadBackup, match="stop the site first"):
            restored(full, tmp_path / "x.backup", replace=True)
    assert everything(full) == before


def test_an_older_backup_comes_to_the_newest_version_or_stays_as_it_was(empty_database, tmp_path, place):
    older = db.connect(empty_database)
    schema.upgrade(older, "0020")
    with older.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO person (full_name, call_name, latin_name, search_key, sort_key, plain_key, locale, active, demo, created_at) "
                "VALUES ('Åsa دنيا', '', '', 'a', 'a', 'a', 'sv', '1', '0', '2026-01-02 03:04:05.000006+00:00')"
            )
        )
    written(older, tmp_path / "x.backup")
    restored(place, tmp_path / "x.backup")
    assert schema.version(place) == schema.newest()
    restored(older, tmp_path / "x.backup", replace=True, newest=False)
    assert schema.version(older) == "0020"
    for engine in (place, older):
        with engine.connect() as connection:
            assert connection.execute(text("SELECT full_name, locale FROM person")).all() == [
                ("Åsa دنيا", "sv")
            ]
    older.dispose()


def message(**other):
    return Message(
        **{
            "channel": Channel.MAIL, "state": MessageState.QUEUED, "kind": "x", "to_email": "a@example.org", "locale": "nl",
            "subject": "x", "text": "x", "message_id": f"<{other}>", **other,
        }
    )  # fmt: skip


def test_no_mail_goes_out_a_second_time_and_nobody_is_signed_in(site, tmp_path):
    with db.transaction() as inside:
        human = factories.person()
        tomorrow = now() + timedelta(days=1)
        inside.add_all(
            [
                message(),
                message(next_try_at=tomorrow),
                message(state=MessageState.SENT),
                message(channel=Channel.TASK),
            ]
        )
        inside.add(SignIn(person_id=human.id, token_hash="x", expires_at=tomorrow))
    written(db.engine(), tmp_path / "x.backup")
    db.release()
    assert restored(db.engine(), tmp_path / "x.backup", replace=True).held == 1

    def states():
        return [(row.state, row.failure) for row in db.session().query(Message).order_by(Message.id)]

    others = [(MessageState.QUEUED, ""), (MessageState.SENT, ""), (MessageState.QUEUED, "")]
    assert states() == [(MessageState.FAILED, backups.HELD), *others]
    assert db.session().query(SignIn).one().ended_at is not None
    db.release()
    assert backups.release_mail(db.engine()) == 1
    assert states() == [(MessageState.QUEUED, ""), *others]


def test_old_backups_are_removed(tmp_path):
    for name in ("old.backup", "new.backup", "old.txt"):
        (tmp_path / name).touch()
    for name in ("old.backup", "old.txt"):
        os.utime(tmp_path / name, (1, 1))
    assert backups.forget(tmp_path, days=35) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["new.backup", "old.txt"]
