"""B12: 200 visitors who send a header one byte at a time, and 200 who send a form so: everybody else is answered."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from typing import Self

from app.config import ROOT
from tests.mail_sink import free_port
from tests.soak.figures import on_a_site
from tests.soak.served import KINDS, Served, Visitor, served

SLOW = 200
PAUSE = 5.0  # seconds between two bytes
SECONDS = 60.0
ENOUGH, P95 = 0.99, 1.0
PAGES = ("/nl/", "/nl/help", "/nl/sign-in", "/nl/activities")
HEADER = b"GET /nl/help HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "
BODY = (
    b"POST /nl/sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    b"Content-Length: 5000\r\n\r\nemail="
)


@dataclass(frozen=True)
class Measured:
    """Requests of others, how many of them were answered well, seconds for 95 of 100, and slow ones that were cut off."""

    requests: int
    well: int
    p95: float
    cut_off: int

    def kept(self) -> bool:
        """Whether it is within the bar."""
        return self.requests > 0 and self.well >= ENOUGH * self.requests and self.p95 <= P95

    def words(self) -> str:
        """The figures."""
        return f"{self.well} of {self.requests} others answered, p95 {self.p95 * 1000:.0f} ms, {self.cut_off} slow ones cut off"


def measure() -> tuple[str, bool]:
    """Measure it on both databases, and once without app/door.py, where it must not be kept."""
    words, kept = on_a_site(lambda site: beside_the_slow(site.port, SECONDS))
    with (
        tempfile.TemporaryDirectory() as folder,
        served(KINDS[0], Path(folder)) as site,
        doorless(site) as port,
    ):
        control = beside_the_slow(port, PAUSE * 3)
    told = f"{words}; the same without app/door.py: {control.well} of {control.requests}"
    return told, kept and not control.kept()


@contextlib.contextmanager
def doorless(site: Served) -> Iterator[int]:
    """The same site by the same web server whose threads wait themselves for what is sent; its port."""
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "wsgi",
        "--http",
        "1",
        "--no-ws",
        "--port",
        str(port),
    ]
    program = subprocess.Popen(
        [*command, "--blocking-threads", "4", "--log-level", "error", "wsgi:application"],
        cwd=ROOT, env=site.environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        limit = time.monotonic() + 120
        while time.monotonic() < limit and not answered(port)[0]:
            time.sleep(0.2)
        yield port
    finally:
        os.killpg(program.pid, 9)
        program.wait()


def beside_the_slow(port: int, seconds: float) -> Measured:
    """Ask for pages, one after another, while the slow ones go on."""
    times, well = [], 0
    with Crowd(port) as crowd:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            good, took = answered(port, PAGES[len(times) % len(PAGES)])
            times.append(took)
            well += good
            time.sleep(0.05)
    return Measured(len(times), well, sorted(times)[int(len(times) * 0.95)], crowd.cut_off)


def answered(port: int, path: str = "/nl/help") -> tuple[bool, float]:
    """Whether somebody gets that page, and in how many seconds."""
    began = time.monotonic()
    with contextlib.suppress(OSError):
        status = Visitor(f"http://127.0.0.1:{port}", patience=PAUSE).get(path).status
        return status == 200, time.monotonic() - began
    return False, time.monotonic() - began


class Crowd:
    """The slow ones: each sends its beginning, then a byte every few seconds, and comes again when it is cut off."""

    def __init__(self, port: int) -> None:
        self.port, self.cut_off, self.over = port, 0, Event()
        self.lines: dict[int, socket.socket] = {}
        self.thread = Thread(target=self._drip, daemon=True)

    def __enter__(self) -> Self:
        for number in range(2 * SLOW):
            self._come(number)
        self.thread.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self.over.set()
        self.thread.join()
        for line in self.lines.values():
            line.close()

    def _come(self, number: int) -> None:
        with contextlib.suppress(OSError):
            line = socket.create_connection(("127.0.0.1", self.port), timeout=PAUSE)
            line.sendall(BODY if number % 2 else HEADER)
            self.lines[number] = line

    def _drip(self) -> None:
        while not self.over.wait(PAUSE):
            for number in range(2 * SLOW):
                try:
                    self.lines[number].sendall(b"a")
                except (OSError, KeyError):
                    self.cut_off += 1
                    self._come(number)
