"""What people get while the database, the disk or the queue is away (SECURITY, items 76, 77 and 82): B4 and B8 in small."""

import errno
import sqlite3
import time
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError, OperationalError

from app import db
from app.clock import now
from app.db import session, transaction
from app.extensions import queue
from app.models import SignIn, StaffNote
from app.web import errors, viewing
from tests import factories

ADVICE = {
    "nl": "Probeer het over een minuut opnieuw",
    "fr": "Réessayez dans une minute",
    "ar": "يرجى المحاولة بعد دقيقة",
}


@contextmanager
def other_engine(engine):
    """The site on another engine for a while."""
    mine, db._engine = db._engine, engine
    try:
        yield
    finally:
        db._engine = mine
        engine.dispose()


@contextmanager
def outside(url):
    """A connection that is not one of the site."""
    engine = db.connect(url)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


@contextmanager
def database_away(site):
    """Nobody answers where the database was."""
    engine = db.connect(
        "sqlite:////nowhere/at/all"
        if db.engine().dialect.name == "sqlite"
        else "postgresql+psycopg://127.0.0.1:1/none"
    )
    with other_engine(engine):
        yield


@contextmanager
def nothing_fits(url):
    """Every write is refused for want of space, as SQLite and PostgreSQL do."""
    engine = db.connect(url)
    if engine.dialect.name == "sqlite":
        refusal = sqlite3.OperationalError("database or disk is full")
    else:
        refusal = psycopg.errors.DiskFull("could not extend file")

    @event.listens_for(engine, "before_cursor_execute")
    def _no(_connection, _cursor, statement, *_more):
        if statement.split()[0] in {"INSERT", "UPDATE"}:
            raise OperationalError(statement, {}, refusal)

    with other_engine(engine):
        yield


def write_note(keeper, newcomer, words, lang="nl"):
    """Send the form for a note."""
    return keeper.send("POST", f"/{lang}/people/newcomers/{newcomer.id}/note", data={"note-note": words})


def notes():
    session().rollback()
    return [note.text for note in session().query(StaffNote)]


@pytest.fixture
def newcomer(site):
    return factories.newcomer()


@pytest.fixture
def keeper(signed_in, newcomer):
    """A coordinator who was last seen a while ago, so that each page wants to write down that she is there."""
    person = factories.coordinator()
    found = signed_in(person)
    with transaction():
        session().query(SignIn).update({"seen_at": now() - timedelta(minutes=20)})
    return found


@pytest.mark.parametrize("lang", ADVICE)
def test_without_a_database_everybody_is_asked_for_patience_and_then_served(
    site, browser, keeper, newcomer, lang
):
    with database_away(site):
        for client in (browser, keeper):
            for answer in (
                client.send("GET", f"/{lang}/activities"),
                client.send("GET", f"/{lang}/today"),
                client.send("POST", f"/{lang}/sign-in", data={"email": "a@example.be", "password": "x" * 12}),
            ):
                if answer.status_code in (
                    302,
                    303,
                ):  # who is nobody is asked to sign in, which takes no database
                    continue
                page = answer.get_data(as_text=True)
                assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5"), page
                assert f'lang="{lang}"' in page
                assert answer.headers["Cache-Control"] == "no-store"
        assert write_note(keeper, newcomer, "lost", lang).status_code == 503
        answer = browser.send("GET", "/ready")
        assert (answer.status_code, answer.json["database"]) == (503, False)
    assert keeper.send("GET", f"/{lang}/today").status_code == 200
    assert write_note(keeper, newcomer, "kept").status_code == 303
    assert notes() == ["kept"]


@pytest.mark.parametrize("lang", ADVICE)
def test_on_a_full_disk_people_read_on_and_writers_are_told(fresh_database, keeper, newcomer, lang):
    with nothing_fits(fresh_database):
        for path in ("/today", f"/people/newcomers/{newcomer.id}", "/activities", "/"):
            assert keeper.send("GET", f"/{lang}{path}").status_code == 200, path
        answer = write_note(keeper, newcomer, "lost", lang)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
        assert ADVICE[lang] in answer.get_data(as_text=True)
    assert notes() == []
    assert write_note(keeper, newcomer, "kept").status_code == 303
    assert notes() == ["kept"]


def test_reading_would_stop_if_it_had_to_write(fresh_database, keeper, monkeypatch):
    """The control of the test above: without its guard nobody who is signed in reads on."""
    monkeypatch.setattr(viewing, "OperationalError", LookupError)
    with nothing_fits(fresh_database):
        assert keeper.send("GET", "/nl/today").status_code == 503


@pytest.mark.sqlite
def test_while_another_program_holds_the_file_people_read_on(fresh_database, keeper, newcomer, monkeypatch):
    monkeypatch.setattr(db, "BUSY_SECONDS", 0.2)
    other = sqlite3.connect(fresh_database.removeprefix("sqlite:///"), isolation_level=None)
    with other_engine(db.connect(fresh_database)):
        other.execute("BEGIN IMMEDIATE")
        assert keeper.send("GET", "/nl/today").status_code == 200
        assert write_note(keeper, newcomer, "lost").status_code == 503
        other.execute("ROLLBACK")
        assert write_note(keeper, newcomer, "kept").status_code == 303
    other.close()
    assert notes() == ["kept"]


@pytest.mark.postgresql
def test_a_server_that_restarts_is_found_again(fresh_database, keeper, newcomer, monkeypatch):
    """Connections that ended between two requests are not noticed; one that ends in the middle is a 503, and no write."""
    end_others = text(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database() "
        "AND pid <> pg_backend_pid() AND application_name = 'site'"
    )
    site_url = f"{fresh_database}&application_name=site"
    with outside(fresh_database) as admin, other_engine(db.connect(site_url)):
        for _ in range(3):
            assert keeper.send("GET", "/nl/today").status_code == 200
            admin.execute(end_others)
        admin.rollback()
        real = db.Session.flush

        def ended(self, *given, **more):
            noted = any(isinstance(one, StaffNote) for one in self.new)
            real(self, *given, **more)
            if noted:
                admin.execute(end_others)

        with monkeypatch.context() as patch:
            patch.setattr(db.Session, "flush", ended)
            assert write_note(keeper, newcomer, "lost").status_code == 503
        assert write_note(keeper, newcomer, "kept").status_code == 303
    assert notes() == ["kept"]


@pytest.mark.postgresql
def test_a_server_that_restarts_would_be_missed_without_a_look_at_each_connection(
    fresh_database, keeper, monkeypatch
):
    """The control of the test above: who comes next is refused, though the server is there again."""
    engine = db.connect(f"{fresh_database}&application_name=site")
    monkeypatch.setattr(engine.pool, "_pre_ping", False)
    with outside(fresh_database) as admin, other_engine(engine):
        assert keeper.send("GET", "/nl/today").status_code == 200
        admin.execute(
            text(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = 'site'"
            )
        )
        admin.rollback()
        assert keeper.send("GET", "/nl/today").status_code == 503


def test_without_its_answer_a_database_that_is_away_would_be_a_fault(site, browser, monkeypatch):
    """The control of B4, of which no answer but 503 is borne: what is not told as patience comes out as 500."""
    handlers = site.error_handler_spec[None][None]
    for kind in [one for one in handlers if one in errors.AWAY or issubclass(one, DBAPIError)]:
        monkeypatch.delitem(handlers, kind)
    monkeypatch.setitem(site.config, "SHOW_FAULT_PAGE", True)
    with database_away(site):
        assert browser.send("GET", "/nl/activities").status_code == 500


@pytest.mark.postgresql
def test_a_page_that_is_made_when_the_server_goes_away_still_gets_out(
    site, fresh_database, keeper, monkeypatch
):
    """Only letting go of the connection fails then, and nothing of the page depends on that."""
    end_others = text(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = 'site'"
    )
    with (
        outside(fresh_database) as admin,
        other_engine(db.connect(f"{fresh_database}&application_name=site")),
        monkeypatch.context() as patch,
    ):

        def shown():
            session().execute(text("SELECT 1"))
            assert admin.execute(end_others).all()
            return "made"

        patch.setitem(site.view_functions, "pages.help", shown)
        for _ in range(3):
            assert keeper.send("GET", "/nl/help").get_data(as_text=True) == "made"
    assert keeper.send("GET", "/nl/today").status_code == 200


def test_when_all_connections_sleep_people_are_told_at_once(fresh_database, browser, keeper, monkeypatch):
    monkeypatch.setattr(db, "POOL_SECONDS", 0.2)
    engine = db.connect(fresh_database, at_work=True)
    with other_engine(engine), ExitStack() as sleepers:
        for _ in range(engine.pool.size() + engine.pool._max_overflow):
            connection = sleepers.enter_context(engine.connect())
            connection.execute(text("SELECT 1"))
        began = time.monotonic()
        assert keeper.send("GET", "/nl/today").status_code == 503
        assert time.monotonic() - began < 2
        sleepers.close()
        assert keeper.send("GET", "/nl/today").status_code == 200


@pytest.mark.postgresql
def test_nobody_waits_for_ever_for_a_row_that_is_held(fresh_database, keeper, newcomer, monkeypatch):
    monkeypatch.setattr(db, "LOCK_SECONDS", 1)
    with outside(fresh_database) as other, other_engine(db.connect(fresh_database, at_work=True)):
        other.execute(text("LOCK TABLE staff_note"))
        assert write_note(keeper, newcomer, "lost").status_code == 503
        other.rollback()
        assert write_note(keeper, newcomer, "kept").status_code == 303
    assert notes() == ["kept"]


@pytest.mark.sqlite
def test_what_a_site_at_work_stored_outlives_a_power_cut(fresh_database):
    for at_work, kept in (
        (True, 2),
        (False, 1),
    ):  # FULL writes through to the disk at every commit, NORMAL now and then
        engine = db.connect(fresh_database, at_work=at_work)
        with engine.connect() as connection:
            assert connection.scalar(text("PRAGMA synchronous")) == kept
        engine.dispose()


def away(*_given):
    raise sqlite3.OperationalError("database or disk is full")


def test_a_queue_that_is_away_hinders_nobody_who_reads(site, browser, monkeypatch):
    offer = factories.offer()
    monkeypatch.setattr(queue, "_jobs", dict.fromkeys(queue._jobs, away))
    assert browser.send("GET", "/nl/activities").status_code == 200
    assert browser.send("GET", f"/nl/activities/{offer.id}").status_code == 200


def test_a_link_that_cannot_be_sent_now_is_not_promised(site, browser, monkeypatch):
    person = factories.person()
    monkeypatch.setattr(queue, "_jobs", dict.fromkeys(queue._jobs, away))
    assert browser.send("POST", "/nl/sign-in/link", data={"email": person.email}).status_code == 503


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EMFILE, errno.ENFILE, errno.EDQUOT])
def test_what_the_machine_lacks_for_a_moment_is_no_fault(site, browser, monkeypatch, number):
    def lacking():
        raise OSError(number, "no")

    monkeypatch.setitem(site.view_functions, "pages.help", lacking)
    answer = browser.send("GET", "/fr/help")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert ADVICE["fr"] in answer.get_data(as_text=True)


def test_words_remain_when_not_even_a_page_can_be_read(site, browser, monkeypatch):
    def lacking(*_given, **_more):
        raise OSError(errno.EMFILE, "no")

    monkeypatch.setitem(site.view_functions, "pages.help", lacking)
    monkeypatch.setattr(errors, "render_template", lacking)
    answer = browser.send("GET", "/fr/help")
    assert (answer.status_code, answer.mimetype) == (503, "text/plain")
    assert ADVICE["fr"] in answer.get_data(as_text=True)


def test_other_faults_stay_faults(site, browser, monkeypatch):
    def wrong():
        raise OSError(errno.EISDIR, str(Path("/")))

    monkeypatch.setitem(site.view_functions, "pages.help", wrong)
    monkeypatch.setitem(site.config, "SHOW_FAULT_PAGE", True)
    assert browser.send("GET", "/fr/help").status_code == 500


@pytest.mark.postgresql
def test_who_waits_for_a_table_that_a_migration_changes_waits_once(signed_in, fresh_database, monkeypatch):
    browser = signed_in(factories.coordinator())
    db.release()
    monkeypatch.setattr(db, "LOCK_SECONDS", 0.1)
    engine, waits = db.connect(fresh_database, at_work=True), []
    event.listen(engine, "handle_error", waits.append)
    with other_engine(engine), outside(fresh_database) as other, other.begin():
        other.execute(text("LOCK TABLE sign_in, person"))
        answer = browser.send("GET", "/nl/activities")
        db.release()
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, errors.RETRY_SECONDS)
    assert len(waits) == 1
