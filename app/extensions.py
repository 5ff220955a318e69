"""The unbound third-party objects, bound to the application in create_app()."""

from collections.abc import Callable
from typing import Any

from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager
from flask_talisman import Talisman
from flask_wtf import CSRFProtect
from huey.api import Huey

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

    def put(self, name: str, *args: object) -> None:
        """Ask the worker to do that job soon. An unknown name is a mistake of ours: KeyError."""
        self._jobs[name](*args)


queue = Queue()
