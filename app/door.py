"""The door of the web server: takes in each request whole, without a thread, before one of the few threads works on it.

Pages are made by few threads (WSGI). If a thread itself waited for what a visitor sends, as many visitors who send one
letter every few seconds would keep everybody else out; here they cost a little memory each, and only so long.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import sys
from collections.abc import Awaitable, Callable, Iterable, Iterator, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from contextvars import Context
from functools import partial
from tempfile import SpooledTemporaryFile
from typing import IO, Any
from urllib.parse import unquote_to_bytes

from app import create_app
from app.errors import NoSpace
from app.web.bodies import most_for

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

THREADS = 4
BODY_SECONDS = 60.0
IN_MEMORY = 256 * 1024
# Of the two answers that no application makes: an empty one, with the headers of safety all the same (B17).
NOTHING = [
    (b"content-length", b"0"),
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
    (b"referrer-policy", b"strict-origin-when-cross-origin"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
]
log = logging.getLogger(__name__)


class TooSlow(Exception):
    """The visitor took too long to send the request, or went away before it was whole."""


class NoRoom:
    """A body that could not be kept: the disk is full, or no file can be opened. Who reads it is told so."""

    def __init__(self, lack: OSError) -> None:
        self.lack = lack

    def read(self, _size: int = -1) -> bytes:
        """Raises NoSpace: an OSError would be taken for a visitor who went away."""
        raise NoSpace from self.lack

    readline = read


class Door:
    """An ASGI application around a WSGI one, of which so many requests are worked on at the same time.

    Of a body no more is taken in than `most` bytes and one: the application refuses it as too large by itself. `more`
    (method, path) is asked about one that is larger: how many bytes are taken in there.
    """

    def __init__(
        self, application: Application, *, most: int, threads: int = THREADS, patience: float = BODY_SECONDS,
        more: Callable[[str, bytes], int] | None = None,
    ) -> None:  # fmt: skip
        self.application, self.most, self.patience = application, most, patience
        self.more = more or (lambda _method, _path: most)
        self.threads = ThreadPoolExecutor(threads, "page")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        body: IO[bytes] = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - a full disk may object to its end
        try:
            await self._answer(scope, receive, send, body)
        finally:
            with suppress(OSError):
                body.close()

    async def _answer(self, scope: Scope, receive: Receive, send: Send, body: IO[bytes]) -> None:
        stream: IO[bytes] | NoRoom = body
        try:
            async with asyncio.timeout(self.patience):
                await self._take_in(receive, body, scope)
            body.seek(0)
        except (TimeoutError, TooSlow):
            await _send(send, 408, [*NOTHING, (b"connection", b"close")], b"")
            return
        except OSError as lack:  # the application says so, in the reader's language
            stream = NoRoom(lack)
        work = asyncio.get_running_loop().run_in_executor(
            self.threads, Context().run, answer, self.application, environment(scope, stream)
        )
        await _send(send, *await work)

    async def _take_in(self, receive: Receive, body: IO[bytes], scope: Scope) -> None:
        more, most = True, self.most
        while more:
            if body.tell() > most:
                most = self.more(scope["method"], _path(scope))
                if body.tell() > most:
                    return
            part = await receive()
            if part["type"] == "http.disconnect":
                raise TooSlow
            body.write(part.get("body", b""))
            more = part.get("more_body", False)


async def _send(send: Send, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _path(scope: Scope) -> bytes:
    return unquote_to_bytes(scope.get("raw_path") or scope["path"].encode())


def environment(scope: Scope, body: IO[bytes] | NoRoom) -> dict[str, Any]:
    """The request as WSGI tells it (PEP 3333)."""
    server, client = scope.get("server") or ("localhost", 80), scope.get("client") or ("", 0)
    found: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": _path(scope).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1]),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": client[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": body,
        "wsgi.input_terminated": True,  # it holds the whole body, whatever its length was said to be
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in _headers(scope["headers"]):
        found[name] = (
            f"{found[name]}{'; ' if name == 'HTTP_COOKIE' else ','}{value}" if name in found else value
        )
    return found


def _headers(headers: Iterable[tuple[bytes, bytes]]) -> Iterator[tuple[str, str]]:
    for name, value in headers:
        key = name.decode("latin-1").upper().replace("-", "_")
        if "_" in name.decode("latin-1"):
            continue  # a name written with _ would pass for the one with -, past a proxy that takes only that one away
        yield (key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"), value.decode("latin-1")


def answer(application: Application, environ: dict[str, Any]) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
    """What the application answers: status, headers and the whole body, so that no thread waits for a slow reader."""
    begun: list[Any] = []

    def start(status: str, headers: list[tuple[str, str]], _fault: Any = None) -> None:
        begun[:] = [
            int(status[:3]),
            [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers],
        ]

    try:
        parts = application(environ, start)
        try:
            body = b"".join(parts)
        finally:
            close = getattr(parts, "close", None)
            if close is not None:
                close()
    except Exception:
        log.exception("no answer")
        return 500, NOTHING, b""
    return begun[0], begun[1], body


def build() -> Door:
    """The door of this deployment, as its web server asks for it.

    What is loaded stays: to look for garbage among it costs a fifth of the start, and again time and again later.
    """
    gc.disable()
    try:
        app = create_app()
    finally:
        gc.enable()
    gc.freeze()
    return Door(app, most=app.config["MAX_CONTENT_LENGTH"], more=partial(most_for, app))
