"""Every setting with which the site must not start is refused in one clear line, before anything is begun (item 84)."""

import signal

import pytest

from app import serve
from app.config import BadSetting, Settings
from app.i18n.catalogues import CatalogueError

GOOD = {
    "PRODUCTION": "1",
    "SECRET_KEY": "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae",
    "BASE_URL": "https://samenspoor.be",
}


@pytest.fixture(autouse=True)
def same_signals():
    kept = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in kept.items():
        signal.signal(number, handler)


def test_what_is_needed_suffices():
    assert Settings.from_environment(GOOD).production


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", ""),
        ("SECRET_KEY", "a" * 64),
        ("SECRET_KEY", "change-me-0123456789abcdefghijklmnopqrstuv"),
        ("SECRET_KEY", "for-tests-only-0123456789-abcdefghij"),
        ("SECRET_KEY", "for-measuring-only-0123456789-abcdefghij"),
        ("BASE_URL", ""),
        ("BASE_URL", "samenspoor.be"),
        ("BASE_URL", "https://"),
        ("BASE_URL", "https://[x"),
        ("DATABASE_URL", "postgresql://[a/b"),
        ("BASE_URL", "http://samenspoor.be"),
        ("DEBUG", "1"),
        ("FLASK_DEBUG", "true"),
        ("PRODUCTION", "perhaps"),
        ("DEMO", "2"),
        ("PORT", "0"),
        ("PORT", "70000"),
        ("PORT", "-1"),
        ("PORT", "http"),
        ("WEB_WORKERS", "0"),
        ("WEB_WORKERS", "many"),
        ("TRUSTED_PROXIES", "-1"),
        ("SMTP_URL", "mail.example.be"),
        ("SMTP_URL", "http://user:hidden@mail.example.be"),
        ("SMTP_URL", "smtp://user:hidden@mail.example.be:port"),
        ("MAIL_FROM", "Samenspoor"),
        ("GEOCODER", "nominatim"),
        ("GEOCODER", "ftp://nominatim.example.be"),
        ("BACKUP_KEY", "hidden"),
    ],
)
def test_a_setting_that_makes_no_sense_is_refused_by_its_name(name, value):
    with pytest.raises(BadSetting) as refusal:
        Settings.from_environment(GOOD | {name: value})
    line = str(refusal.value)
    assert name in line
    assert "\n" not in line
    assert "hidden" not in line


@pytest.mark.parametrize(
    ("what", "trouble"),
    [
        ("missing", CatalogueError("The languages in the code and the folders differ: nl.")),
        ("unread", OSError("no")),
    ],
)
def test_without_translations_it_does_not_start(what, trouble, monkeypatch, tmp_path, capsys):
    def broken():
        raise trouble

    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.setenv("PORT", "1025")
    monkeypatch.setattr(serve, "require_port", lambda _environment: None)
    monkeypatch.setattr(serve, "shipped", broken)
    monkeypatch.setattr(serve, "keep", lambda *_given: pytest.fail("it began"))
    assert serve.main() == 1
    assert capsys.readouterr().err.splitlines() == [str(trouble)], what
