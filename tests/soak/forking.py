"""B3 in small: the site inside a forked process, under writes of several threads, ended by SIGKILL at a random moment."""

from __future__ import annotations

import os
import random
import select
import signal
import time
import warnings
from collections.abc import Callable, Mapping, Sequence
from contextvars import Context
from pathlib import Path
from threading import Event, Thread

from flask import Flask
from sqlalchemy.orm import Session

from app import db
from tests.soak.looking import Found, finish, look
from tests.soak.served import Answer, Served
from tests.soak.writing import Told, Writer, settle, writers_for

AFTER_FIRST = (0.0, 0.15)  # seconds from the first acknowledged write to the kill
LONGEST = 30  # seconds that a forked site lives when nobody ends it


class InsideDoor:
    """The same as served.Visitor, for the application in this process."""

    def __init__(self, app: Flask) -> None:
        self.client = app.test_client()

    def send(self, method: str, path: str, fields: Mapping[str, str | Sequence[str]] | None = None) -> Answer:
        """One request, in a session of its own."""
        began = time.monotonic()
        response = Context().run(self.client.open, path, method=method, data=fields)
        headers = {name.lower(): value for name, value in response.headers.items()}
        return Answer(
            response.status_code, headers, response.get_data(as_text=True), time.monotonic() - began
        )

    def sign_in(self, email: str, password: str) -> None:
        """Come in with address and password."""
        if self.send("POST", "/nl/sign-in", {"email": email, "password": password}).status != 303:
            raise RuntimeError("refused at sign-in")


class PipedTold(Told):
    """What a writer knows, told at once to another process, which outlives this one."""

    def __init__(self, pipe: int) -> None:
        super().__init__()
        self.pipe = pipe

    def hear(self, mark: str, act: Callable[[], Answer]) -> bool:
        """Tell that it is sent, do it, and tell that it was acknowledged."""
        name = self.kept_as(mark)
        os.write(self.pipe, f"sent {mark} {name}\n".encode())
        went = super().hear(mark, act)
        if mark in self.acknowledged:
            os.write(self.pipe, f"acknowledged {mark} {name}\n".encode())
        return went


def killed_inside(folder: Path, url: str, cycles: int, session: type[Session] = Session) -> Found:
    """Kill a site inside a forked process so often; `url` is a migrated database that nobody else has open.

    `session` is the class of its sessions: another one weakens it.
    """
    folder.mkdir(parents=True)
    site, told = Served(folder, DATABASE_URL=url), Told()
    with site.inside() as app:
        app.config["WTF_CSRF_ENABLED"] = False
        people = settle(1)
        doors = [InsideDoor(app) for _ in range(3)]
        writers = writers_for(people, iter(doors).__next__)
        for cycle in range(cycles):
            db.release()
            db.engine().dispose()
            for writer in writers:
                writer.begin(f"{cycle}", Told())
            one_kill(url, writers, told, session)
            for writer in writers:
                writer.told = told
                writer.again()
        wrong = finish()
        return look(db.engine(), [told], wrong)


def one_kill(url: str, writers: list[Writer], told: Told, session: type[Session]) -> None:
    """Let them write in a process of its own, kill it at a random moment, and keep what they told."""
    ours, theirs = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore", DeprecationWarning
        )  # of forking beside threads, none of which we need
        pid = os.fork()
    if not pid:
        try:
            db.Session = session  # type: ignore[misc]
            _write(url, writers, theirs)
        finally:
            os._exit(1)
    os.close(theirs)
    heard = b""
    while b"acknowledged" not in heard and select.select([ours], [], [], LONGEST)[0]:
        more = os.read(ours, 65_536)
        if not more:  # it ended by itself
            break
        heard += more
    time.sleep(random.uniform(*AFTER_FIRST))
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    while more := os.read(ours, 65_536):
        heard += more
    os.close(ours)
    for line in heard.decode().splitlines():
        word, mark, name = line.split()
        told.names[mark] = name
        if word == "sent":
            told.unsure.add(mark)
        else:
            told.unsure.discard(mark)
            told.acknowledged.add(mark)


def _write(url: str, writers: list[Writer], pipe: int) -> None:
    db._engine = db.connect(url)  # not bind(): what the other process has open is its own
    for writer in writers:
        writer.told = PipedTold(pipe)
    threads = [Thread(target=writer.write, args=(Event(),), daemon=True) for writer in writers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LONGEST)
