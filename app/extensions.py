"""The unbound third-party objects, bound to the application in create_app()."""

import logging
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from typing import Any

from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager
from flask_talisman import Talisman
from flask_wtf import CSRFProtect
from huey.api import Huey
from huey.constants import EmptyData
from redis.exceptions import RedisError

BEAT = "worker-lives"
BUSY_SECONDS = 15
AWAY = (OSError, sqlite3.Error, RedisError)
log = logging.getLogger(__name__)

csrf = CSRFProtect()
login_manager = LoginManager()
talisman = Talisman()


# A moving window: a fixed one lets twice as many through around its edge.
limiter = Limiter(key_func=get_remote_address, default_limits=[], strategy="moving-window")


class Queue:
    """Jobs by name, so that a use-case can ask for one without knowing what runs it.

    What must not be lost is written to the database first; a job put here only says that there is work.
    """

    def __init__(self) -> None:
        self.huey: Huey | None = None
        self._jobs: dict[str, Callable[..., Any]] = {}

    def bind(self, huey: Huey, jobs: dict[str, Callable[..., Any]]) -> None:
        """Use that huey and those tasks from now on."""
        self.huey, self._jobs = huey, jobs

    def beat(self) -> None:
        """Give a sign of life of the worker, for every process that shares its queue."""
        if self.huey is not None:
            self.huey.storage.put_data(BEAT, str(time.time()).encode())

    def last_beat(self) -> float | None:
        """When the worker last gave a sign of life, in seconds since 1970; None when never, or when the queue is away.

        Where jobs are done at once there is no worker to wait for.
        """
        if self.huey is not None and self.huey.immediate:
            return time.time()
        try:
            found = None if self.huey is None else self.huey.storage.peek_data(BEAT)
            return None if found is None or found is EmptyData else float(found)
        except (*AWAY, ValueError):
            return None

    def waiting(self) -> int:
        """How many jobs the worker has not begun; none when the queue is away."""
        try:
            return 0 if self.huey is None else int(self.huey.pending_count())
        except AWAY:
            return 0

    def forget(self) -> None:
        """Let a queue that is a file keep nothing of jobs that are done: some were asked with an address."""
        name = getattr(self.huey.storage, "filename", None) if self.huey is not None else None
        if name is None:
            return
        try:
            with closing(sqlite3.connect(name, timeout=BUSY_SECONDS, isolation_level=None)) as file:
                for statement in ("PRAGMA secure_delete = ON", "VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"):
                    file.execute(statement)
        except AWAY:
            log.warning("the queue is away: it is tidied the next night")

    def put(self, name: str, *args: object) -> None:
        """Ask the worker to do that job soon. An unknown name is a mistake of ours: KeyError.

        Raises what the queue raises when it is away (AWAY).
        """
        self._jobs[name](*args)

    def hint(self, name: str, *args: object) -> None:
        """As `put`, for a job that comes back by itself or may be left out: a queue that is away hinders nobody."""
        try:
            self.put(name, *args)
        except AWAY:
            log.warning("the queue is away: no %s for now", name)


queue = Queue()
