"""Looks at everything that a site in service stands on, and tells in one line each what is well and what to do."""

from __future__ import annotations

import os
import smtplib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import redis
from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError

from app import db, mailer, schema
from app.clock import now
from app.config import Settings, guessable
from app.i18n.catalogues import CatalogueError, shipped
from app.models import Person
from app.papers import missing_scripts
from app.services.backups import ENDING
from app.services.readiness import free, worker_lives

ROOM: Final = 1_000_000_000  # bytes
DRIFT: Final = timedelta(seconds=5)
BACKUP_AGE: Final = timedelta(hours=36)


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: what, whether it is well, and what was found or is to be done."""

    name: str
    well: bool
    words: str


def examine(settings: Settings) -> Iterator[Finding]:
    """Look at each thing in turn; one that is not well does not keep the others from being looked at."""
    for look in LOOKS:
        name = look.__name__.removeprefix("_")
        fault = look(settings)
        yield Finding(name.replace("_", " "), fault is None, fault or "well")


def _settings(settings: Settings) -> str | None:
    if not settings.production:
        return "this is no service: set PRODUCTION=1."
    if settings.demo:
        return "set DEMO=0: the demo is not for a service."
    if settings.testing or settings.pseudo:
        return "set TESTING=0 and PSEUDO=0: they are for tests."
    return None


def _secret(settings: Settings) -> str | None:
    if guessable(settings.secret_key):
        return "SECRET_KEY can be guessed: take the output of `openssl rand -hex 32`."
    return None


def _address(settings: Settings) -> str | None:
    parts = urlsplit(settings.base_url)
    if parts.scheme != "https" or not parts.hostname or parts.path.strip("/") or parts.query:
        return "BASE_URL is not an https:// address of a site, such as https://samenspoor.example."
    return None


def _trusted_hosts(settings: Settings) -> str | None:
    host = urlsplit(settings.address).hostname or ""
    if host in ("localhost", "127.0.0.1", "::1"):
        return f"only requests for {host} are answered: set BASE_URL to the name that people type."
    return None


def _proxy(settings: Settings) -> str | None:
    if settings.production and not settings.trusted_proxies:
        return "nobody who speaks TLS stands in front: set TRUSTED_PROXIES to the number of proxies."
    return None


def _database(settings: Settings) -> str | None:
    try:
        with db.engine().connect() as connection:
            connection.execute(text("SELECT 1"))
    except SQLAlchemyError as error:
        return f"it cannot be used ({type(error).__name__}): see DATABASE_URL."
    return None


def _schema(settings: Settings) -> str | None:
    try:
        there, wanted = schema.version(db.engine()), schema.newest()
    except SQLAlchemyError:
        return "the database does not answer."
    if there == wanted:
        return None
    if schema.is_newer(there):
        return f"the tables are at {there}, made by a newer version of this programme: take that version, or a backup."
    return (
        f"the tables are at {there or 'nothing'}, this code wants {wanted}: run `flask --app wsgi migrate`."
    )


def _clock(settings: Settings) -> str | None:
    try:
        with db.engine().connect() as connection:
            newest = connection.execute(select(func.max(Person.created_at))).scalar()
            there = connection.execute(select(func.now())).scalar_one()
    except SQLAlchemyError:
        return "the database does not answer."
    if newest is not None and newest > now() + DRIFT:
        return f"somebody was added at {newest:%Y-%m-%d %H:%M} UTC, which is still to come: set the clock of this machine."
    if there.tzinfo is not None and abs(there - now()) > DRIFT:
        return "this machine and the database do not agree on the time: let both follow a time server."
    return None


def _mail(settings: Settings) -> str | None:
    if not settings.smtp_url:
        return "no mail goes out: set SMTP_URL."
    try:
        with mailer.server_of(settings) as server:
            server.noop()
    except (OSError, smtplib.SMTPException, ValueError) as error:
        return f"the mail server does not take us ({type(error).__name__}): see SMTP_URL."
    return None


def _queue(settings: Settings) -> str | None:
    if not settings.redis_url:
        return (
            None
            if settings.web_workers == 1
            else "set REDIS_URL, or WEB_WORKERS=1: rate limits are not shared."
        )
    try:
        with redis.Redis.from_url(settings.redis_url, socket_connect_timeout=5) as server:
            server.ping()
    except (redis.RedisError, ValueError) as error:
        return f"Redis does not answer ({type(error).__name__}): see REDIS_URL."
    return None


def _worker(settings: Settings) -> str | None:
    return None if worker_lives() else "it gives no sign of life: is the service started?"


def _space(settings: Settings) -> str | None:
    there = free(Path(settings.data_dir))
    return (
        None
        if there >= ROOM
        else f"{there // 1_000_000} MB are free in DATA_DIR: make it {ROOM // 1_000_000}."
    )


def _folders(settings: Settings) -> str | None:
    folder = Path(settings.data_dir)
    if not folder.is_dir() or not os.access(folder, os.W_OK | os.X_OK):
        return f"{folder} cannot be written: give it to the user of the service, or set DATA_DIR."
    open_to_others = [path.name for path in folder.glob("*.sqlite3") if path.stat().st_mode & 0o007]
    if open_to_others and settings.production:
        return f"everybody on this machine can read {', '.join(sorted(open_to_others))}: chmod 600."
    return None


def _translations(settings: Settings) -> str | None:
    try:
        shipped().check()
    except (CatalogueError, OSError) as error:
        return str(error)
    return None


def _fonts(settings: Settings) -> str | None:
    missing = missing_scripts()
    return f'no font has the letters of {", ".join(missing)}: see "Fonts for papers".' if missing else None


def _backups(settings: Settings) -> str | None:
    if not settings.backup_key:
        return "they are not sealed: set BACKUP_KEY, and keep it somewhere else too."
    folder = Path(settings.data_dir) / "backups"
    newest = max((path.stat().st_mtime for path in folder.glob(f"*{ENDING}")), default=0.0)
    if now().timestamp() - newest > BACKUP_AGE.total_seconds():
        return f"none in {folder} is younger than a day and a half: see samenspoor-backup.timer."
    return None


LOOKS: Final[tuple[Callable[[Settings], str | None], ...]] = (
    _settings, _secret, _address, _trusted_hosts, _proxy, _database, _schema, _clock, _mail, _queue, _worker, _space,
    _folders, _translations, _fonts, _backups,
)  # fmt: skip
