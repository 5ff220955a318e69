"""The whole site by one program: prepares what is due, then keeps a web server and a worker going.

`python -m app.serve` ends with exit code 0 after Ctrl-C or SIGTERM, and with 1 and one clear line when it
cannot start. Settings come from the environment (app/config.py).
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import http.client
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from urllib.parse import urlsplit

import redis
from sqlalchemy import make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

from app import db, schema
from app.bootstrap import Refusal, require_port, say
from app.config import ROOT, BadSetting, Settings
from app.i18n.catalogues import CatalogueError, compile_stale, shipped
from app.papers import missing_scripts

# A machine that just started has other things to do as well: who gives up too soon never comes up.
READY_SECONDS = 300.0
STOP_SECONDS = 20.0
# A program that keeps dying is started again ever more slowly, up to this many seconds apart.
LONGEST_PAUSE = 30.0
# Who is slower than this with the first lines of a request is cut off; what comes after them waits at app/door.py.
HEADER_MILLISECONDS = 15_000
PR_SET_PDEATHSIG = 1


class Child:
    """One of our two programs: started again when it dies, ended with everything that it started."""

    def __init__(self, name: str, command: list[str]) -> None:
        self.name = name
        self.command = command
        self.process: subprocess.Popen[bytes] | None = None
        self.pause = 0.5
        self.again_at = 0.0
        self.started_at = 0.0

    def start(self) -> subprocess.Popen[bytes]:
        """Start it in a process group of its own, so that a Ctrl-C reaches only us, and it ends when we die."""
        self.started_at = time.monotonic()
        self.process = subprocess.Popen(
            self.command,
            cwd=ROOT,
            start_new_session=True,
            preexec_fn=die_with_parent(os.getpid()),  # noqa: PLW1509 - this program has a single thread
        )
        return self.process

    def tend(self) -> None:
        """Start it again when it has died, after a pause that doubles while it keeps dying."""
        if self.process is None:
            if time.monotonic() >= self.again_at:
                self.start()
            return
        code = self.process.poll()
        if code is None:
            return
        self.kill()
        lived = time.monotonic() - self.started_at
        self.pause = 0.5 if lived > LONGEST_PAUSE else min(self.pause * 2, LONGEST_PAUSE)
        self.again_at = time.monotonic() + (0 if lived > LONGEST_PAUSE else self.pause / 2)
        self.process = None
        say(f"The {self.name} ended by itself ({code}); it is started again.")

    def has_died(self) -> bool:
        """Whether it was started and is not there any more."""
        return self.process is not None and self.process.poll() is not None

    def ask_to_end(self) -> None:
        """Let it finish what it is doing, and take nothing new."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it and whatever it has started, at once."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


def die_with_parent(parent: int) -> Callable[[], None]:
    """What a child does before it becomes its program: ask Linux to be ended when this program dies."""
    library = ctypes.CDLL(None) if sys.platform == "linux" else None

    def prepare() -> None:
        if library is not None:
            library.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
            if os.getppid() != parent:
                os._exit(1)

    return prepare


def commands(settings: Settings) -> tuple[Child, Child]:
    """The web server and the worker of this deployment."""
    web = [sys.executable, "-m", "granian", "--interface", "asginl", "--host", settings.host]
    web += ["--port", str(settings.port), "--workers", str(settings.web_workers), "--http", "1", "--no-ws"]
    web += [
        "--http1-header-read-timeout",
        str(HEADER_MILLISECONDS),
        "--respawn-failed-workers",
        "--respawn-interval",
        "0.5",
    ]
    web += ["--workers-kill-timeout", "8", "--log-level", "warning", "--factory", "app.door:build"]
    worker = [sys.executable, "-m", "flask", "--app", "wsgi", "worker"]
    return Child("web server", web), Child("worker", worker)


def main() -> int:
    """Prepare, start, tell where, and keep watch until somebody stops us."""
    began = time.monotonic()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        settings = Settings.from_environment()
        require_port({"HOST": settings.host, "PORT": str(settings.port)})
        with alone(Path(settings.data_dir)):
            prepare(settings)
        keep(settings, began)
    except (Refusal, BadSetting) as refusal:
        print(refusal, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        say("\nStopped.")
    return 0


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold the data folder, so that of two starts at once the second finds everything prepared."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = (folder / "start.lock").open("w", encoding="ascii")
    except OSError as error:
        raise Refusal(
            f"No permission to write in {folder} ({error.strerror}): set DATA_DIR to a folder of your own."
        ) from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another start is preparing the database; waiting for it ...")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def prepare(settings: Settings) -> None:
    """Compile translations, bring the tables up to date, and fill an empty database or tell how to begin."""
    try:
        shipped().check()
        with contextlib.suppress(PermissionError):  # then each process compiles in memory
            written = compile_stale()
            if written:
                say(f"Translations compiled: {', '.join(written)}.")
    except (CatalogueError, OSError) as error:
        raise Refusal(str(error)) from error
    require_redis(settings.redis_url)
    if prepare_database(settings):
        return
    if settings.demo and not settings.production:
        load_demo()
    else:
        ask_for_administrator()


def require_redis(url: str) -> None:
    """Refuse a queue that does not answer; without REDIS_URL there is nothing to ask."""
    if not url:
        return
    try:
        with redis.Redis.from_url(url, socket_connect_timeout=5) as queue:
            queue.ping()
    except (redis.RedisError, ValueError) as error:
        raise Refusal(f"Redis does not answer ({error}): see REDIS_URL.") from error


def prepare_database(settings: Settings) -> bool:
    """Bring the tables up to date; return whether anybody is in there."""
    try:
        engine = db.connect(settings.database)
        if schema.upgrade(engine):
            say("The tables of the database are up to date.")
        with engine.connect() as connection:
            anybody = connection.execute(text("SELECT 1 FROM person LIMIT 1")).first() is not None
        engine.dispose()
    except schema.UnknownVersionError as error:
        raise Refusal(str(error)) from error
    except SQLAlchemyError as error:
        raise Refusal(unusable(settings.database, error)) from error
    return anybody


def unusable(url: str, error: SQLAlchemyError) -> str:
    """Say in one line why the database cannot be used, without the password in its address."""
    try:
        address = make_url(url).render_as_string(hide_password=True)
    except ArgumentError:
        return "DATABASE_URL is not an address of a database, such as postgresql://user:password@host/name."
    reason = str(error.orig if isinstance(error, DBAPIError) else error).strip().splitlines()[0]
    return f"The database {address} cannot be used ({reason}): see DATABASE_URL."


def load_demo() -> None:
    """Fill the empty database with the invented Flanders, by a program of its own that ends when we are stopped."""
    say("Loading the demo: an invented Flanders (only now; about half a minute) ...")
    loader = Child("demo", [sys.executable, "-m", "flask", "--app", "wsgi", "demo", "--quiet"])
    try:
        if loader.start().wait():
            say("The demo could not be loaded (see above); the site starts without it.")
    finally:
        loader.kill()


def ask_for_administrator() -> None:
    """Tell who starts an empty site how to come in; ask right away where somebody sits at a terminal."""
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "admin"]
    if not sys.stdin.isatty():
        say("Nobody can sign in yet. Make the first administrator, who gets a link to begin with:")
        say('  .venv/bin/flask --app wsgi admin "Full Name" name@example.org')
        return
    say("Nobody can sign in yet. Who is the first administrator?")
    try:
        name, email = input("  Full name: "), input("  E-mail address: ")
    except EOFError:
        return
    done = subprocess.run(
        [*command, "--", name, email], cwd=ROOT, capture_output=True, text=True, check=False
    )
    say(
        f"  Choose a password here; this link works once: {done.stdout.strip()}"
        if done.stdout
        else done.stderr.strip()
    )


def keep(settings: Settings, began: float) -> None:
    """Start both programs, wait until pages are answered, and watch over them until we are asked to stop."""
    stop = stop_when_asked()
    share_figures(settings)
    children = commands(settings)
    try:
        for child in children:
            child.start()
        if wait_until_ready(settings, children[0], stop):
            greet(settings, time.monotonic() - began)
            tell_missing_scripts()
        elif not stop.is_set():
            raise Refusal("The web server did not come up; what it wrote stands above.")
        while not stop.wait(0.2):
            for child in children:
                child.tend()
        say("Stopping ...")
        end(children)
        say("Stopped.")
    finally:
        for child in children:
            child.kill()


def share_figures(settings: Settings) -> None:
    """Give the processes of the web server a folder in which their figures are added up; those of before go."""
    if settings.web_workers == 1:
        return
    folder = Path(settings.data_dir) / "figures"
    folder.mkdir(exist_ok=True)
    for old in folder.glob("*.db"):
        old.unlink(missing_ok=True)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)


def tell_missing_scripts() -> None:
    """Say which names would be boxes on papers, because no font of this machine has their letters."""
    missing = missing_scripts()
    if missing:
        say(
            f'No font here has the letters of {", ".join(missing)}: see "Fonts for papers" in docs/running.md.'
        )


def stop_when_asked() -> threading.Event:
    """From now on Ctrl-C and SIGTERM set this event; asked a second time, they interrupt whatever we do."""
    stop = threading.Event()

    def asked(_signal: int, _frame: FrameType | None) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    signal.signal(signal.SIGINT, asked)
    signal.signal(signal.SIGTERM, asked)
    return stop


def end(children: tuple[Child, ...]) -> None:
    """Ask all to end, and wait until they have; a second Ctrl-C cuts the waiting short."""
    for child in children:
        child.ask_to_end()
    limit = time.monotonic() + STOP_SECONDS
    with contextlib.suppress(KeyboardInterrupt):
        while time.monotonic() < limit and any(child.process and not child.has_died() for child in children):
            time.sleep(0.05)


def wait_until_ready(settings: Settings, web: Child, stop: threading.Event) -> bool:
    """Ask for /health until it is answered; False when the web server died, took too long or we are stopped."""
    limit = time.monotonic() + READY_SECONDS
    while time.monotonic() < limit and not web.has_died() and not stop.wait(0.05):
        if is_well(settings):
            return True
    return False


def is_well(settings: Settings) -> bool:
    """Whether the web server answers /health, asked as the proxy in front of it would ask."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104
    connection = http.client.HTTPConnection(host, settings.port, timeout=5)
    try:
        headers = {"Host": urlsplit(settings.address).netloc, "X-Forwarded-Proto": "https"}
        connection.request("GET", "/health", headers=headers)
        return connection.getresponse().status < 400
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def greet(settings: Settings, seconds: float) -> None:
    """Tell where the site is, and who can sign in when it is the demo."""
    say(f"\nSamenspoor is ready after {seconds:.1f} s: {settings.address}/\n")
    people = Path(settings.data_dir) / "demo-people.txt"
    if settings.demo and people.exists():
        say(people.read_text(encoding="utf-8"))
    say("Stop it with Ctrl-C.")


if __name__ == "__main__":
    sys.exit(main())
