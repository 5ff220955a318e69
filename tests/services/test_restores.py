"""Restores: every row comes back on either database or everything stays as it was, and no mail goes out a second time."""

from datetime import timedelta

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app import db, schema
from app.clock import now
from app.models import Message, SignIn
from app.services import backups
from app.services.backups import BadBackup
from app.vocabulary.records import Channel, MessageState
from tests import factories
from tests.backups import counted, everything, restored, written
from tests.database import postgresql_address

pytestmark = pytest.mark.usefixtures("quick_keys")


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


def test_a_restore_wants_an_empty_place_or_a_word(full, tmp_path):
    written(full, tmp_path / "x.backup")
    with full.begin() as connection:
        connection.execute(text("UPDATE person SET full_name = 'somebody else'"))
    before = everything(full)
    with pytest.raises(BadBackup, match="--replace"):
        restored(full, tmp_path / "x.backup")
    assert everything(full) == before


@pytest.mark.parametrize("beside", ["nothing", "empty tables of ours", "a name of ours"])
def test_a_restore_leaves_alone_what_is_of_others(full, empty_database, tmp_path, beside):
    written(full, tmp_path / "x.backup")
    others = db.connect(empty_database)
    theirs = "message" if beside == "a name of ours" else "invoices"
    if beside == "empty tables of ours":
        schema.upgrade(others)
    with others.begin() as connection:
        connection.execute(text(f"CREATE TABLE {theirs} (number bigint)"))
        connection.execute(text(f"INSERT INTO {theirs} VALUES (1), (2)"))
    with pytest.raises(BadBackup, match=rf"something else \({theirs}\) in this database: say --replace"):
        restored(others, tmp_path / "x.backup")
    assert counted(others)[theirs] == 2
    restored(others, tmp_path / "x.backup", replace=True)
    assert everything(others) == everything(full)
    others.dispose()


def test_empty_tables_of_ours_are_an_empty_place(full, empty_database, tmp_path):
    written(full, tmp_path / "x.backup")
    empty = db.connect(empty_database)
    schema.upgrade(empty)
    restored(empty, tmp_path / "x.backup")
    assert everything(empty) == everything(full)
    empty.dispose()


@pytest.mark.postgresql
def test_a_restore_leaves_functions_of_others_alone(postgresql_server, full, tmp_path):
    written(full, tmp_path / "x.backup")
    with psycopg.connect(postgresql_server, autocommit=True) as admin:
        admin.execute("CREATE DATABASE of_others TEMPLATE template0")
    others = db.connect(postgresql_address(postgresql_server, "of_others", "postgresql+psycopg"))
    with others.begin() as connection:
        connection.execute(text("CREATE FUNCTION tax() RETURNS int LANGUAGE sql AS 'SELECT 21'"))
    with pytest.raises(BadBackup, match=r"something else \(tax\(\)\)"):
        restored(others, tmp_path / "x.backup")
    with others.begin() as connection:
        assert connection.execute(text("SELECT tax()")).scalar_one() == 21
    others.dispose()


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
