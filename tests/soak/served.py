"""A site of its own for the long measurements: served as in production, visited over HTTP, killed and started again."""

from __future__ import annotations

import http.client
import json
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.cookies import SimpleCookie
from pathlib import Path
from threading import Barrier
from typing import TypeVar
from urllib.parse import urlencode, urlsplit

import psutil
from flask import Flask
from sqlalchemy import Engine

from app import create_app, db
from app.config import ROOT, Settings
from app.extensions import csrf, limiter, login_manager, queue, talisman
from tests.database import postgresql_address
from tests.site import SECRET
from tests.soak.clusters import Cluster

KINDS = ("SQLite", "PostgreSQL")
FIRST_START = 300.0  # seconds: makes the tables, on a machine that may be busy with other things
PATIENCE = 60.0  # seconds that a visitor waits for an answer
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
FORM = "application/x-www-form-urlencoded"

T = TypeVar("T")


class Served:
    """A site in a folder of its own: how it is started, killed, stopped, asked and looked into from outside."""

    def __init__(self, folder: Path, *, program: str = "app.serve", **environment: str) -> None:
        self.folder, self.program = folder, program
        self.port = _free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        kept = {name: text for name, text in os.environ.items() if name in {"PATH", "HOME", "LANG"}}
        self.environment = {
            **kept,
            "PORT": str(self.port),
            "DATA_DIR": str(folder / "data"),
            "DEMO": "0",
            "SECRET_KEY": SECRET,
            "TRUSTED_PROXIES": "1",  # so that each visitor comes from an address of their own
            **environment,
        }
        Path(self.environment["DATA_DIR"]).mkdir(parents=True, exist_ok=True)
        self.database = Settings.from_environment(self.environment).database
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def output(self) -> str:
        """What the site wrote since its first start."""
        return (self.folder / "output.txt").read_text(encoding="utf-8", errors="replace")

    def start(self) -> None:
        """Start it, as `make run` does; `ready()` tells when it answers."""
        with (self.folder / "output.txt").open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", self.program],
                cwd=ROOT, env=self.environment, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
            )  # fmt: skip

    def processes(self) -> list[psutil.Process]:
        """All programs of it that run now: the one that watches over the others first."""
        if self.process is None:
            return []
        with suppress(psutil.NoSuchProcess):
            first = psutil.Process(self.process.pid)
            return [first, *first.children(recursive=True)]
        return []

    def kill(self) -> None:
        """SIGKILL for all of it, at once."""
        programs = self.processes()
        for program in programs:
            with suppress(psutil.NoSuchProcess):
                program.kill()
        limit = time.monotonic() + 10
        while any(map(_lives, programs)) and time.monotonic() < limit:
            time.sleep(0.005)
        if self.process is not None:
            self.process.wait()
        self.process = None

    def stop(self) -> float:
        """SIGTERM; the seconds until nothing of it was left. Raises RuntimeError when it ends with a fault."""
        programs, process, began = self.processes(), self.process, time.monotonic()
        if process is None:
            return 0.0
        process.send_signal(signal.SIGTERM)
        code = process.wait(PATIENCE)
        _gone, alive = psutil.wait_procs(programs, timeout=10)
        self.process = None
        if code or alive:
            raise RuntimeError(f"ended with {code}, left behind {alive}: {self.output}")
        return time.monotonic() - began

    def ready(self, within: float = 5.0) -> float:
        """The seconds until /ready says yes, from now on. Raises TimeoutError when it does not in time."""
        return self._until("/ready", within)

    def answering(self, within: float = 5.0) -> float:
        """The seconds until /health is answered, from now on. Raises TimeoutError when it is not in time."""
        return self._until("/health", within)

    def _until(self, path: str, within: float) -> float:
        began = time.monotonic()
        visitor = Visitor(self.address, patience=within)
        while (took := time.monotonic() - began) < within:
            with suppress(OSError, http.client.HTTPException):
                if visitor.get(path).status == 200:
                    return time.monotonic() - began
            time.sleep(0.02)
        raise TimeoutError(f"{path} did not answer within {took:.1f} s: {self.output}")

    def memory(self) -> int:
        """The bytes resident of all its processes."""
        found = 0
        for program in self.processes():
            with suppress(psutil.NoSuchProcess):
                found += program.memory_info().rss
        return found

    def engine(self) -> Engine:
        """An engine of one's own on its database; whoever asks for it disposes of it."""
        return db.connect(self.database)

    @contextmanager
    def inside(self) -> Iterator[Flask]:
        """An application on the same database, with its context open for factories, services and queries."""
        bound, working = db._engine, (queue.huey, queue._jobs)
        shared = [(one, dict(vars(one))) for one in (limiter, talisman, login_manager, csrf)]
        db._engine = None  # not bind(None), which would close the connections of who comes after us
        app = create_app(
            Settings(
                secret_key=SECRET, database_url=self.database, data_dir=self.environment["DATA_DIR"], testing=True,
                base_url=self.address,
            )
        )  # fmt: skip
        try:
            with app.app_context():
                yield app
        finally:
            db.bind(None)
            db._engine = bound
            if working[0] is not None:
                queue.bind(working[0], working[1])
            for one, before in shared:
                vars(one).clear()
                vars(one).update(before)


@contextmanager
def served(kind: str, folder: Path, *, program: str = "app.serve", **environment: str) -> Iterator[Served]:
    """A site on an empty database of its own of that kind (KINDS), started and ready; nothing of it is left after.

    `environment` adds settings to it, or changes them: with DATABASE_URL it uses that database. `program` is another
    module to start it by, for a site with a weakened guard.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with database_of(kind, folder, environment) as url:
        site = Served(folder, program=program, **environment, DATABASE_URL=url)
        site.start()
        try:
            site.ready(FIRST_START)
            yield site
        finally:
            site.kill()


@contextmanager
def database_of(kind: str, folder: Path, environment: dict[str, str]) -> Iterator[str]:
    """The address of an empty database: the one that the environment names, which is taken out, or one in the folder."""
    if given := environment.pop("DATABASE_URL", ""):
        yield given
    elif kind == "SQLite":
        yield ""  # the file in its DATA_DIR
    else:
        with Cluster(folder / "server") as cluster:
            yield postgresql_address(cluster.make("site"), "site", "postgresql+psycopg")


@dataclass(frozen=True)
class Answer:
    """What came back: the status, the names in small letters of its headers, the text, and the seconds it took."""

    status: int
    headers: Mapping[str, str]
    text: str
    seconds: float

    @property
    def location(self) -> str:
        """Where it leads on: a path of the site, '' for none."""
        split = urlsplit(self.headers.get("location", ""))
        return split.path + (f"?{split.query}" if split.query else "")

    def json(self) -> object:
        """What it says, read as JSON."""
        return json.loads(self.text)


class Visitor:
    """Somebody with cookies and an internet address of their own, over HTTP; follows no redirect by itself.

    Raises OSError or HTTPException where no whole answer comes back.
    """

    def __init__(self, address: str, *, patience: float = PATIENCE, language: str = "nl") -> None:
        split = urlsplit(address)
        self.host, self.port = split.hostname or "", split.port or 80
        self.patience, self.language = patience, language
        self.cookies: dict[str, str] = {}
        self.token = ""
        self.from_address = f"10.{'.'.join(str(secrets.randbelow(250) + 1) for _ in range(3))}"

    def get(self, path: str) -> Answer:
        """Ask for a page, and remember the secret of the forms on it."""
        return self.send("GET", path)

    def post(self, path: str, fields: Mapping[str, str | Sequence[str]]) -> Answer:
        """Load the page with a form and send it back, filled in so."""
        self.get(path)
        return self.send("POST", path, fields)

    def sign_in(self, email: str, password: str) -> None:
        """Come in with address and password. Raises RuntimeError when that is refused."""
        answer = self.post("/nl/sign-in", {"email": email, "password": password, "next": ""})
        if answer.status != 303:
            raise RuntimeError(f"{answer.status} at sign-in: {answer.text[:300]}")
        while answer.location:  # to a page, which has a form with the secret of this sign-in
            answer = self.get(answer.location)

    def send(self, method: str, path: str, fields: Mapping[str, str | Sequence[str]] | None = None) -> Answer:
        """One request, a form with the secret that was remembered last."""
        headers = {"X-Forwarded-For": self.from_address, "Accept-Language": self.language}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        body = None
        if fields is not None:
            headers |= {"Content-Type": FORM, "Origin": f"http://{self.host}:{self.port}"}
            body = urlencode({"csrf_token": self.token, **fields}, doseq=True)
        began = time.monotonic()
        connection = http.client.HTTPConnection(self.host, self.port, timeout=self.patience)
        try:
            connection.request(method, path, body=body, headers=headers)
            response = connection.getresponse()
            text = response.read().decode("utf-8", "replace")
        finally:
            connection.close()
        self._remember(response, text)
        found = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, found, text, time.monotonic() - began)

    def _remember(self, response: http.client.HTTPResponse, text: str) -> None:
        for line in response.headers.get_all("Set-Cookie") or []:
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
        if found := TOKEN.search(text):
            self.token = found.group(1)


def at_once(acts: Sequence[Callable[[], T]]) -> list[T]:
    """Each act in a thread of its own, let go together: what each returned; what one raises comes out at the end."""
    if not acts:
        return []
    gate = Barrier(len(acts))

    def run(act: Callable[[], T]) -> T:
        gate.wait(30)
        return act()

    with ThreadPoolExecutor(len(acts)) as threads:
        return [future.result() for future in [threads.submit(run, act) for act in acts]]


def _lives(program: psutil.Process) -> bool:
    """Whether it still holds anything: one that is dead may stay listed until init looks, which takes seconds in a container."""
    try:
        return program.status() != psutil.STATUS_ZOMBIE or program.num_threads() > 1
    except psutil.NoSuchProcess:
        return False


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])
