"""The whole site started as it is by `make run`: ready, watched over, stopped without a trace, or refused in one line."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from tests.architecture.source import ROOT

READY = 60


def words_of(program: psutil.Process) -> list[str]:
    """The command line of a program; none of one that ends at this moment."""
    try:
        return program.cmdline()
    except psutil.NoSuchProcess:  # a zombie is one, too
        return []


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


class Site:
    """A started site: what it wrote, and the programs that it runs."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.port = free_port()
        self.output = folder / "output.txt"
        clean = {name: text for name, text in os.environ.items() if name in {"PATH", "HOME", "LANG"}}
        self.environment = {
            **clean,
            "PORT": str(self.port),
            "DATA_DIR": str(folder / "data"),
            "DEMO": "0",
            **settings,
        }
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "app.serve"],
                cwd=ROOT, env=self.environment, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
            )  # fmt: skip

    @property
    def text(self) -> str:
        return self.output.read_text(encoding="utf-8")

    def wait_until(self, condition, what: str) -> None:
        limit = time.monotonic() + READY
        while not condition():
            assert time.monotonic() < limit, f"{what}: {self.text}"
            assert self.process.poll() is None, f"{what}: {self.text}"
            time.sleep(0.05)

    def wait_until_ready(self) -> "Site":
        self.wait_until(lambda: "is ready" in self.text, "not ready")
        return self

    def status(self) -> int:
        """What /health answers; 0 when nobody does."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/health")
            return connection.getresponse().status
        except OSError:
            return 0
        finally:
            connection.close()

    def programs(self, *, all_of_them: bool = True) -> list[psutil.Process]:
        found = psutil.Process(self.process.pid).children(recursive=all_of_them)
        return [
            program for program in found if program.is_running() and program.status() != psutil.STATUS_ZOMBIE
        ]

    def program(self, word: str) -> psutil.Process | None:
        """The web server (`granian`) or the worker (`worker`), as this program has started it."""
        return next((found for found in self.programs(all_of_them=False) if word in words_of(found)), None)

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Ask it to stop; returns its exit code after seeing that nothing is left."""
        programs = self.programs()
        self.process.send_signal(number)
        code = self.process.wait(30)
        _, alive = psutil.wait_procs(programs, timeout=5)
        assert not alive, f"left behind: {alive}"
        return code

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(30)


@pytest.fixture
def start(tmp_path):
    """Start a site; whatever the test leaves running is stopped."""
    sites = []

    def begin(**settings: str) -> Site:
        folder = tmp_path / str(len(sites))
        folder.mkdir()
        sites.append(Site(folder, **settings))
        return sites[-1]

    yield begin
    for site in sites:
        site.close()


def refused(site: Site) -> str:
    """The one line with which a site did not start."""
    assert site.process.wait(READY) == 1
    lines = site.text.splitlines()
    assert len(lines) == 1, site.text
    return lines[0]


def test_it_starts_on_both_databases_and_stops_without_a_trace(start, empty_database):
    url = empty_database.replace("postgresql+psycopg://", "postgresql://")
    site = start(DATABASE_URL=url).wait_until_ready()
    assert site.status() == 200
    assert f"http://127.0.0.1:{site.port}/" in site.text
    assert "Make the first administrator" in site.text
    assert site.program("worker")
    began = time.monotonic()
    assert site.stop() == 0
    assert time.monotonic() - began < 15
    assert "Stopping ..." in site.text
    assert site.text.endswith("Stopped.\n")
    assert site.status() == 0


def test_ctrl_c_stops_it_and_it_starts_again(start):
    first = start().wait_until_ready()
    assert first.stop(signal.SIGINT) == 0
    second = start(DATA_DIR=first.environment["DATA_DIR"]).wait_until_ready()
    assert "tables" not in second.text
    assert second.stop() == 0


def test_a_worker_or_web_server_that_dies_is_started_again(start):
    site = start().wait_until_ready()
    for word in ("worker", "granian"):
        site.wait_until(lambda word=word: site.program(word), f"no {word}")
        victim = site.program(word)
        victim.kill()
        site.wait_until(
            lambda word=word, victim=victim: (found := site.program(word)) and found.pid != victim.pid,
            f"no new {word}",
        )
    site.wait_until(lambda: site.status() == 200, "not well again")
    assert site.text.count("is started again") == 2
    assert site.stop() == 0


def test_a_process_of_the_web_server_that_dies_is_replaced(start):
    site = start().wait_until_ready()
    (victim,) = site.program("granian").children()
    victim.kill()
    victim.wait(5)
    site.wait_until(lambda: site.status() == 200, "not well again")
    assert "ended by itself" not in site.text
    assert site.stop() == 0


def test_nothing_goes_on_when_it_is_killed(start):
    site = start().wait_until_ready()
    programs = site.programs()
    site.process.kill()
    site.process.wait()
    _, alive = psutil.wait_procs(programs, timeout=20)
    assert not alive


def test_two_starts_at_once_both_come_up(start, empty_database):
    first, second = start(DATABASE_URL=empty_database), start(DATABASE_URL=empty_database)
    for site in (first, second):
        assert site.wait_until_ready().status() == 200
    assert (first.stop(), second.stop()) == (0, 0)


def test_a_port_in_use_is_one_line(start):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert refused(start(PORT=str(port))).startswith(f"Port {port} is in use")


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"PORT": "no"}, "PORT is a whole number"),
        ({"PRODUCTION": "1"}, "SECRET_KEY is needed"),
        ({"PRODUCTION": "1", "SECRET_KEY": "a" * 40}, "SECRET_KEY is needed"),
        ({"PRODUCTION": "1", "SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyz"}, "BASE_URL is needed"),
        ({"PRODUCTION": "1", "SECRET_KEY": "change-me-0123456789abcdefghijklmnopqrstuv"}, "of an example"),
        ({"PRODUCTION": "1", "FLASK_DEBUG": "1"}, "nothing is debugged"),
        ({"PRODUCTION": "1", "DEBUG": "true"}, "nothing is debugged"),
        ({"DATABASE_URL": "postgresql://nobody:hidden@127.0.0.1:1/none"}, "see DATABASE_URL"),
        ({"REDIS_URL": "redis://127.0.0.1:1/0"}, "see REDIS_URL"),
        ({"REDIS_URL": "nonsense"}, "see REDIS_URL"),
        ({"DATABASE_URL": "nonsense"}, "DATABASE_URL is not an address"),
        ({"DATABASE_URL": "oddsql://127.0.0.1/none"}, "see DATABASE_URL"),
        ({"DATA_DIR": "/proc/nowhere"}, "DATA_DIR"),
    ],
)
def test_what_it_cannot_start_with_is_one_line(start, settings, words):
    line = refused(start(**settings))
    assert words in line
    assert "hidden" not in line


def test_it_can_be_stopped_while_it_prepares(start):
    site = start()
    begun = Path(site.environment["DATA_DIR"]) / "start.lock"
    site.wait_until(begun.exists, "did not begin")
    assert site.stop() == 0
    assert site.text.endswith("Stopped.\n")
    assert start(DATA_DIR=site.environment["DATA_DIR"]).wait_until_ready().stop() == 0
