"""A migration while a site goes on with the code of before: nobody waits long, and it comes to its end."""

from threading import Event, Thread

import pytest
from sqlalchemy import String, bindparam, text
from sqlalchemy.exc import NotSupportedError, OperationalError

from app import db, schema
from tests.migrations.steps import STEPS

READ = text("SELECT count(*) FROM link")  # which the step 0026 changes


@pytest.fixture
def engine(empty_database, monkeypatch):
    monkeypatch.setattr(schema, "TABLE_MILLISECONDS", 50)
    monkeypatch.setattr(schema, "PAUSE_SECONDS", 0.01)
    made = db.connect(empty_database)
    schema.upgrade(made, "0025")
    yield made
    made.dispose()


@pytest.fixture
def attempts(monkeypatch):
    """How often the steps were begun, and an event for the second time."""
    move, seen, again = schema._moved, [], Event()

    def moved(*words):
        seen.append(words)
        if len(seen) > 1:
            again.set()
        move(*words)

    monkeypatch.setattr(schema, "_moved", moved)
    return again


@pytest.mark.postgresql
def test_it_waits_for_who_reads_without_letting_others_wait_for_it(engine, attempts):
    with engine.connect() as reader:
        reader.execute(READ)  # and goes on holding the table
        thread = Thread(target=schema.upgrade, args=(engine, "0026"))
        thread.start()
        assert attempts.wait(60), "it should begin anew"
        with engine.connect() as other:
            other.exec_driver_sql("SET lock_timeout = '20s'")
            assert other.execute(READ).scalar() == 0
        assert schema.version(engine) == "0025"
    thread.join(60)
    assert schema.version(engine) == "0026"


@pytest.mark.postgresql
def test_what_would_happen_if_it_did_not_begin_anew(engine, monkeypatch):
    monkeypatch.setattr(schema, "HELD_UP", ())
    with engine.connect() as reader:
        reader.execute(READ)
        with pytest.raises(OperationalError, match="lock timeout"):
            schema.upgrade(engine, "0026")


@pytest.mark.sqlite
def test_on_an_embedded_database_who_reads_is_not_in_the_way(engine, attempts):
    with engine.connect() as reader:
        reader.execute(READ)
        schema.upgrade(engine, "0026")
        assert reader.execute(READ).scalar() == 0
    assert not attempts.is_set()


def test_who_writes_waits_for_it_no_longer_than_for_anybody(empty_database, engine, monkeypatch):
    """And then gets the page that says to try again in a minute (tests of the web: 503 with Retry-After)."""
    monkeypatch.setattr(db, "BUSY_SECONDS", 0.1)
    monkeypatch.setattr(db, "LOCK_SECONDS", 0.1)
    site = db.connect(empty_database, at_work=True)
    writing = {db.WRITE: True}
    with engine.connect().execution_options(**writing) as step, step.begin():
        step.execute(text("ALTER TABLE link ADD COLUMN later VARCHAR(10)"))
        with (
            pytest.raises(OperationalError, match="lock"),
            site.connect().execution_options(**writing) as other,
            other.begin(),
        ):
            other.execute(text("DELETE FROM link"))
    site.dispose()


@pytest.mark.postgresql
def test_a_kept_plan_of_before_fails_once_and_never_again(engine):
    asked = text("SELECT message_id FROM message WHERE kind = :kind").bindparams(
        bindparam("kind", "x", String)
    )
    with engine.connect() as site:
        for _ in range(8):
            site.execute(asked).all()
            site.commit()
        with engine.begin() as step:
            step.execute(text("ALTER TABLE message ALTER COLUMN message_id TYPE VARCHAR(300)"))
        with pytest.raises(NotSupportedError, match="cached plan"):
            site.execute(asked).all()
        site.rollback()
        assert site.execute(asked).all() == []


def test_a_version_that_this_code_does_not_know_is_a_newer_one():
    assert schema.is_newer("9999")
    assert not any(schema.is_newer(version) for version in (None, *STEPS))
