"""Settings that make no sense: one line, without the value, which may hold a password."""

import subprocess
import sys

import pytest

from app.config import BadSetting, Settings
from tests.architecture.source import ROOT


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "hidden"),
        ("DATABASE_URL", "mysql://user:hidden@127.0.0.1/site"),
        ("DATABASE_URL", "postgresql:hidden"),
        ("DATABASE_URL", "postgresql://user:hidden@127.0.0.1:port/site"),
        ("REDIS_URL", "hidden"),
        ("REDIS_URL", "http://hidden"),
        ("SMTP_URL", "hidden.example:25"),
        ("SMTP_URL", "smtp://user:hidden@mail.example:99999"),
        ("GEOCODER", "hidden"),
        ("PORT", "0"),
        ("PORT", "-1"),
        ("WEB_WORKERS", "two"),
        ("DEMO", "maybe"),
    ],
)
def test_a_value_that_makes_no_sense_is_refused(tmp_path, name, value):
    with pytest.raises(BadSetting, match=name) as refused:
        Settings.from_environment({"DATA_DIR": str(tmp_path), name: value})
    assert "hidden" not in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "postgres://user:secret@127.0.0.1:5432/site?sslmode=require"),
        ("DATABASE_URL", "postgresql+psycopg:///site?host=/run/postgresql"),
        ("DATABASE_URL", "sqlite:////srv/site.sqlite3"),
        ("REDIS_URL", "unix:///run/redis.sock"),
        ("SMTP_URL", "smtps://user:secret@mail.example"),
        ("GEOCODER", "gazetteer"),
        ("GEOCODER", "https://nominatim.example/search"),
    ],
)
def test_what_makes_sense_is_taken(tmp_path, name, value):
    settings = Settings.from_environment({"DATA_DIR": str(tmp_path), name: value})
    assert getattr(settings, name.lower()) == value


def test_a_command_says_it_in_one_line_and_ends(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", "doctor"],
        cwd=ROOT, env={"PRODUCTION": "1", "DATA_DIR": str(tmp_path)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith("In production SECRET_KEY is needed")
    assert len(done.stderr.splitlines()) == 1
