"""The doctor: each thing that a service stands on, well and not well."""

import smtplib
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from huey import MemoryHuey
from sqlalchemy.exc import OperationalError

from app import db, mailer, schema
from app.clock import now
from app.config import Settings
from app.extensions import BEAT, queue
from app.i18n.catalogues import CatalogueError
from app.services import doctor
from tests import factories


@pytest.fixture
def service(site, tmp_path, monkeypatch):
    """The settings of a service in which everything is well."""

    @contextmanager
    def server(_settings):
        yield type("Server", (), {"noop": staticmethod(lambda: None)})

    monkeypatch.setattr(mailer, "server_of", server)
    monkeypatch.setattr(doctor, "missing_scripts", list)
    monkeypatch.setattr(doctor, "free", lambda _folder: doctor.ROOM)
    monkeypatch.setattr(doctor, "shipped", lambda: type("Shipped", (), {"check": staticmethod(lambda: None)}))
    (tmp_path / "backups").mkdir()
    (tmp_path / "backups" / "one.backup").touch()
    monkeypatch.setattr(queue, "huey", MemoryHuey("apart"))
    queue.beat()
    return Settings(
        production=True, demo=False, secret_key="0123456789abcdef0123456789ABCDEF", base_url="https://samenspoor.be",
        trusted_proxies=1, data_dir=str(tmp_path), smtp_url="smtp://mail.example:25", backup_key="x" * 32,
    )  # fmt: skip


def unwell(settings):
    return {finding.name: finding.words for finding in doctor.examine(settings) if not finding.well}


def test_a_service_that_is_well(service):
    assert unwell(service) == {}
    assert len(list(doctor.examine(service))) == 16


@pytest.mark.parametrize(
    ("change", "name", "words"),
    [
        ({"production": False}, "settings", "PRODUCTION=1"),
        ({"demo": True}, "settings", "DEMO=0"),
        ({"pseudo": True}, "settings", "PSEUDO=0"),
        ({"secret_key": "a" * 64}, "secret", "SECRET_KEY"),
        ({"secret_key": "for-tests-only-0123456789-abcdefghij"}, "secret", "SECRET_KEY"),
        ({"secret_key": "my-password-0123456789-abcdefghijklm"}, "secret", "SECRET_KEY"),
        ({"base_url": "https://samenspoor.be/site"}, "address", "BASE_URL"),
        ({"base_url": "https://localhost"}, "trusted hosts", "localhost"),
        ({"trusted_proxies": 0}, "proxy", "TRUSTED_PROXIES"),
        ({"smtp_url": ""}, "mail", "SMTP_URL"),
        ({"web_workers": 2}, "queue", "REDIS_URL"),
        ({"redis_url": "redis://127.0.0.1:1/0"}, "queue", "ConnectionError"),
        ({"backup_key": ""}, "backups", "BACKUP_KEY"),
    ],
)
def test_a_setting_that_is_not_well_is_told_alone(service, change, name, words):
    found = unwell(replace(service, **change))
    assert list(found) == [name]
    assert words in found[name]


def test_without_a_database_the_rest_is_looked_at(service, monkeypatch):
    def away():
        raise OperationalError("SELECT 1", {}, OSError("away"))

    monkeypatch.setattr(db, "engine", away)
    found = unwell(service)
    assert list(found) == ["database", "schema", "clock"]
    assert "DATABASE_URL" in found["database"]


def test_older_tables_are_told(service, monkeypatch):
    monkeypatch.setattr(schema, "newest", lambda: "9999")
    assert "flask --app wsgi migrate" in unwell(service)["schema"]


def test_newer_tables_are_told(service, monkeypatch):
    monkeypatch.setattr(schema, "version", lambda _engine: "9999")
    assert "newer version" in unwell(service)["schema"]


def test_a_clock_that_is_behind_is_told(service, monkeypatch):
    human = factories.person()
    with db.transaction():
        human.created_at = now() + timedelta(hours=1)
    assert "set the clock" in unwell(service)["clock"]


def test_a_database_with_another_clock_is_told(service, monkeypatch, database_kind):
    monkeypatch.setattr(doctor, "now", lambda: now() + timedelta(minutes=1))
    assert "do not agree" in unwell(service).get("clock", "do not agree")
    assert ("clock" in unwell(service)) == (database_kind == "postgresql")


def test_a_mail_server_that_refuses_is_told(service, monkeypatch):
    @contextmanager
    def server(_settings):
        raise smtplib.SMTPAuthenticationError(535, b"password of somebody")
        yield

    monkeypatch.setattr(mailer, "server_of", server)
    assert unwell(service) == {
        "mail": "the mail server does not take us (SMTPAuthenticationError): see SMTP_URL."
    }


def test_what_the_machine_lacks_is_told(service, tmp_path, monkeypatch):
    def broken():
        raise CatalogueError("nl is not there.")

    queue.huey.storage.put_data(BEAT, b"0")
    monkeypatch.setattr(doctor, "missing_scripts", lambda: ["Thai"])
    monkeypatch.setattr(doctor, "free", lambda _folder: 5_000_000)
    monkeypatch.setattr(doctor, "shipped", broken)
    (tmp_path / "samenspoor.sqlite3").touch(mode=0o644)
    (tmp_path / "backups" / "one.backup").unlink()
    found = unwell(service)
    assert list(found) == ["worker", "space", "folders", "translations", "fonts", "backups"]
    assert "5 MB" in found["space"]
    assert "chmod 600" in found["folders"]
    assert "Thai" in found["fonts"]


def test_a_folder_that_is_not_there_is_told(service, tmp_path):
    assert "cannot be written" in unwell(replace(service, data_dir=str(tmp_path / "nowhere")))["folders"]


def test_the_command_has_a_line_for_each_and_an_exit_code(site, service, monkeypatch):
    run = site.test_cli_runner()
    monkeypatch.setitem(site.extensions, "settings", service)
    done = run.invoke(args=["doctor"])
    assert done.exit_code == 0
    assert done.output.startswith("ok  settings: well\n")
    assert len(done.output.splitlines()) == 16
    monkeypatch.setitem(site.extensions, "settings", replace(service, smtp_url=""))
    done = run.invoke(args=["doctor"])
    assert done.exit_code == 1
    assert "NOT mail: no mail goes out: set SMTP_URL.\n" in done.output
