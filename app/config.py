"""Every setting, its default and its meaning; production refuses to start without what it needs."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = ("change", "example", "secret", "password", "for-tests", "for-measuring", "…")
SHORTEST_KEY = 20  # of backups
# Of each setting that is an address: how it may begin, and one to look at.
ADDRESSES = {
    "database_url": (("postgresql", "postgres", "postgresql+psycopg", "sqlite"), "postgresql://user:password@host/name"),
    "redis_url": (("redis", "rediss", "unix"), "redis://127.0.0.1:6379/0"),
    "base_url": (("http", "https"), "https://samenspoor.example"),
    "smtp_url": (("smtp", "smtps"), "smtp://user:password@host:587"),
    "geocoder": (("http", "https"), "https://nominatim.example"),
}  # fmt: skip
FLAGS_ON = {"1", "true", "yes", "on"}
FLAGS_OFF = {"", "0", "false", "no", "off"}


class BadSetting(Exception):
    """A setting is missing or makes no sense; the text is one line that says what to do."""


def _setting(default: Any, meaning: str) -> Any:
    return field(default=default, metadata={"meaning": meaning})


@dataclass(frozen=True)
class Settings:
    """The settings of one deployment. Each field is read from the environment variable of its name in capitals."""

    production: bool = _setting(
        False, "1 in service: SECRET_KEY and BASE_URL become mandatory, the demo is refused"
    )
    secret_key: str = _setting(
        "",
        "signs cookies and links; at least 32 characters; made and kept in DATA_DIR when not in production",
    )
    base_url: str = _setting(
        "",
        "the address people see, such as https://samenspoor.example; links in mails are made from it alone",
    )
    host: str = _setting("127.0.0.1", "the address the web server listens on")
    port: int = _setting(8000, "the port the web server listens on")
    web_workers: int = _setting(
        1, "processes of the web server; more than 1 wants REDIS_URL, so that they share rate limits"
    )
    data_dir: str = _setting(str(ROOT / "var"), "where the embedded database, queue and secret are kept")
    database_url: str = _setting(
        "", "PostgreSQL 15 or newer in service (postgresql+psycopg://…); empty: an SQLite file in DATA_DIR"
    )
    redis_url: str = _setting("", "queue and rate limits in Redis; empty: embedded")
    demo: bool = _setting(
        True,
        "1 fills an empty database with an invented Flanders; 0 starts empty and asks for the first administrator",
    )
    second_factor: bool = _setting(
        False,
        "1 demands a second factor of coordinators, counsellors and administrators outside production too; in production it always is",
    )
    smtp_url: str = _setting(
        "",
        "smtp://user:password@host:587 or smtps://…; empty: mails stay readable on the administrators' page",
    )
    mail_from: str = _setting("Samenspoor <no-reply@samenspoor.example>", "the sender of mails")
    trusted_proxies: int = _setting(
        0, "how many proxies stand in front; their X-Forwarded headers are believed, no others"
    )
    geocoder: str = _setting(
        "gazetteer",
        "gazetteer, or the https:// address of a Nominatim service to ask for what the gazetteer does not know",
    )
    feed_hosts: str = _setting(
        "",
        "hosts from which lists of activities may be fetched, with commas between; empty: nothing is ever fetched",
    )
    backup_key: str = _setting(
        "",
        "seals backups: at least 20 characters, kept where the backups are not; without it no backup opens",
    )
    help_phone: str = _setting("", "help number shown where a network has none of its own")
    metrics_token: str = _setting(
        "", "who shows it as `Authorization: Bearer …` reads /metrics; empty: there is no such page"
    )
    log_json: bool = _setting(
        False, "1 writes the log as lines of JSON without personal data; always so in production"
    )
    pseudo: bool = _setting(
        False, "1 adds the pseudo-language x-pseudo, which marks every translated text; for tests"
    )
    testing: bool = _setting(False, "1 in tests: jobs run at once, no rate limits")

    @property
    def database(self) -> str:
        """The address of the database, the embedded one when none is set."""
        if not self.database_url:
            return f"sqlite:///{Path(self.data_dir) / 'samenspoor.sqlite3'}"
        return self.database_url.replace("postgres://", "postgresql://", 1).replace(
            "postgresql://", "postgresql+psycopg://", 1
        )

    @property
    def demands_second_factor(self) -> bool:
        """Whether who sees the data of many must have a second factor."""
        return self.production or self.second_factor

    @property
    def json_logs(self) -> bool:
        """Whether the log is written for machines, without personal data."""
        return self.production or self.log_json

    @property
    def address(self) -> str:
        """Where people find the site, without a slash at the end."""
        return (self.base_url or f"http://{self.host}:{self.port}").rstrip("/")

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> "Settings":
        """Read and check the settings. Raises BadSetting with one clear line."""
        environ = os.environ if environ is None else environ
        values: dict[str, Any] = {}
        for item in fields(cls):
            raw = environ.get(item.name.upper())
            if raw is not None:
                values[item.name] = _read(item.name.upper(), raw.strip(), type(item.default))
        settings = cls(**values)
        if settings.production and not _off(environ, "DEBUG", "FLASK_DEBUG"):
            raise BadSetting("In production nothing is debugged: take DEBUG and FLASK_DEBUG away.")
        settings._check()
        if not settings.secret_key:
            object.__setattr__(settings, "secret_key", _kept_secret(Path(settings.data_dir)))
        return settings

    @classmethod
    def table(cls) -> list[tuple[str, str, str]]:
        """(variable, default, meaning) of each setting, for the manual."""
        rows = []
        for item in fields(cls):
            default = "" if item.default is MISSING else item.default
            shown = (
                {True: "1", False: "0"}.get(default, str(default))
                if isinstance(default, bool)
                else str(default)
            )
            rows.append((item.name.upper(), shown.replace(str(ROOT) + os.sep, ""), item.metadata["meaning"]))
        return rows

    def _check(self) -> None:
        if not 0 < self.port < 65536:
            raise BadSetting(f"PORT must lie between 1 and 65535, it is {self.port}.")
        self._check_sense()
        if not self.production:
            return
        if guessable(self.secret_key):
            raise BadSetting(
                "In production SECRET_KEY is needed: at least 32 random characters, not out of an example but from `openssl rand -hex 32`."
            )
        if not self.base_url.startswith("https://"):
            raise BadSetting("In production BASE_URL is needed: the https:// address that people see.")

    def _check_sense(self) -> None:
        """Refuse what would otherwise come to light only when somebody needs it."""
        if self.web_workers < 1:
            raise BadSetting("WEB_WORKERS is at least 1.")
        for name, (beginnings, example) in ADDRESSES.items():
            given = getattr(self, name)
            if given not in ("", getattr(Settings, name)) and not _begins(given, beginnings):
                raise BadSetting(
                    f"{name.upper()} is not an address that can be used, such as {example}: see {name.upper()} in docs/running.md."
                )
        if "@" not in parseaddr(self.mail_from)[1]:
            raise BadSetting(
                "MAIL_FROM is not a sender of mails, such as Samenspoor <no-reply@samenspoor.example>."
            )
        if 0 < len(self.backup_key) < SHORTEST_KEY:
            raise BadSetting(f"BACKUP_KEY is too short: at least {SHORTEST_KEY} characters.")


def guessable(secret: str) -> bool:
    """Whether it is too short or too even for a secret, or out of an example."""
    return len(secret) < 32 or len(set(secret)) < 10 or any(word in secret.lower() for word in EXAMPLES)


def _begins(address: str, beginnings: tuple[str, ...]) -> bool:
    """Whether it begins so, and what stands as its host and its port are such."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return False
    return parts.scheme in beginnings and "//" in address and bool(parts.hostname or parts.path) and port != 0


def _off(environ: Mapping[str, str], *names: str) -> bool:
    return all(environ.get(name, "").strip().lower() in FLAGS_OFF for name in names)


def _read(name: str, raw: str, kind: type) -> Any:
    if kind is bool:
        if raw.lower() in FLAGS_ON | FLAGS_OFF:
            return raw.lower() in FLAGS_ON
        raise BadSetting(f"{name} is 1 or 0, not {raw!r}.")
    if kind is int:
        if raw.isascii() and raw.isdigit():
            return int(raw)
        raise BadSetting(f"{name} is a whole number, not {raw!r}.")
    return raw


def _kept_secret(folder: Path) -> str:
    """A secret of this machine for trying out; made at the first start and readable by its owner only."""
    path = folder / "secret"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w", encoding="ascii") as file:
                file.write(secrets.token_hex(32))
        return path.read_text(encoding="ascii")
    except FileExistsError:
        return path.read_text(encoding="ascii")
    except OSError as error:
        raise BadSetting(
            f"{folder} cannot be written ({error.strerror}): set DATA_DIR to a folder of your own."
        ) from error
