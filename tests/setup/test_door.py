"""The door of the web server: requests come in whole before a thread works on them, as WSGI tells it."""

import asyncio
import errno
import io
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
from werkzeug.datastructures import Headers

from app import door
from app.door import Door
from tests.security.test_headers import faults

MOST = 1000


def in_a_loop(asked):
    """What that coroutine gives, from a thread of its own: a browser of other tests may hold the loop of this one."""
    with ThreadPoolExecutor(1) as apart:
        return apart.submit(asyncio.run, asked).result()


def echo(environ, start_response):
    """What arrived."""
    body = environ["wsgi.input"].read()
    start_response("200 OK", [("Content-Type", "text/plain"), ("X-Path", environ["PATH_INFO"])])
    return [environ["REQUEST_METHOD"].encode(), b" ", body]


def scope_of(method="GET", path=b"/", headers=(), **others):
    return {
        "type": "http", "http_version": "1.1", "method": method, "path": path.decode("latin-1"), "raw_path": path,
        "query_string": b"a=1&b=%20", "headers": list(headers), "server": ("127.0.0.1", 80), "client": ("10.0.0.1", 5),
        "scheme": "http", **others,
    }  # fmt: skip


async def ask(entrance, *parts, pause=None, **scope):
    """The answer to a request that arrives in these parts; after the first it waits for `pause`, when there is one."""
    waiting, sent = list(parts) or [b""], []

    async def receive():
        if pause is not None and len(waiting) < max(len(parts), 1):
            await pause.wait()
        if not waiting:
            return {"type": "http.disconnect"}
        part = waiting.pop(0)
        return {"type": "http.request", "body": part, "more_body": bool(waiting) or pause is not None}

    async def send(message):
        sent.append(message)

    await entrance(scope_of(**scope), receive, send)
    return sent[0]["status"], dict(sent[0]["headers"]), b"".join(part.get("body", b"") for part in sent[1:])


def test_what_is_sent_in_parts_arrives_whole():
    entrance = Door(echo, most=MOST)
    status, headers, body = in_a_loop(ask(entrance, b"one ", b"two", method="POST", path=b"/nl/h%C3%A9"))
    assert (status, body) == (200, b"POST one two")
    assert headers[b"x-path"] == "/nl/hé".encode()


def test_no_more_is_taken_in_than_the_site_takes():
    entrance = Door(echo, most=MOST)
    _status, _headers, body = in_a_loop(ask(entrance, *[b"x" * 400] * 50, method="POST"))
    assert MOST < len(body) < MOST + 500


def test_more_is_taken_in_only_where_more_may_be_sent():
    entrance = Door(echo, most=MOST, more=lambda method, path: 3 * MOST if (method, path) == ("POST", b"/h\xc3\xa9") else MOST)  # fmt: skip
    for size, path, method, most in (
        (2 * MOST, b"/h%C3%A9", "POST", 2 * MOST), (9 * MOST, b"/h%C3%A9", "POST", 3 * MOST), (9 * MOST, b"/he", "POST", MOST),
        (9 * MOST, b"/h%C3%A9", "PUT", MOST),
    ):  # fmt: skip
        _status, _headers, body = in_a_loop(
            ask(entrance, *[b"x" * 100] * (size // 100), method=method, path=path)
        )
        assert most <= len(body) - len(method) - 1 <= most + 100, (path, method)


class Threaded(Door):
    """The same without a door: the thread that works on a request waits itself for what is sent."""

    def __init__(self, *args, **more):
        super().__init__(*args, **more)
        self.arrived = threading.Event()

    async def _take_in(self, receive, body, scope):
        if getattr(receive, "slow", False):
            await asyncio.get_running_loop().run_in_executor(self.threads, self.arrived.wait, 5)


@pytest.mark.parametrize("kind", [Door, Threaded], ids=["as it is", "without it"])
def test_two_hundred_who_send_slowly_keep_nobody_out(kind):
    """B12, in small: beside them 50 others are answered at once; where threads wait for what is sent, nobody is."""
    entrance = kind(echo, most=MOST)

    async def slowly(pause):
        async def receive():
            await pause.wait()
            return {"type": "http.disconnect"}

        async def send(_message):
            return None

        receive_marked = mark(receive)
        await entrance(scope_of("POST"), receive_marked, send)

    async def all_of_them():
        pause = asyncio.Event()
        slow = [asyncio.create_task(slowly(pause)) for _ in range(200)]
        await asyncio.sleep(0)
        began, answered = time.monotonic(), 0
        try:
            async with asyncio.timeout(1):
                for _ in range(50):
                    answered += (await ask(entrance))[0] == 200
        except TimeoutError:
            pass
        took = time.monotonic() - began
        pause.set()
        if isinstance(entrance, Threaded):
            entrance.arrived.set()
        await asyncio.gather(*slow)
        return answered, took

    answered, took = in_a_loop(all_of_them())
    assert (answered == 50 and took < 1) is (kind is Door)


def mark(receive):
    """Tell that what this gives comes slowly."""
    receive.slow = True
    return receive


def safe(headers):
    """Whether what the door answers by itself has the headers that every answer has (B17), and is kept nowhere."""
    said = Headers([(name.decode(), value.decode()) for name, value in headers.items()])
    answer = SimpleNamespace(headers=said, request=SimpleNamespace(path="/nl/"))
    return faults(answer, signed_in=True) == []


def test_who_takes_too_long_or_goes_away_is_let_go():
    async def too_long():
        return await ask(Door(echo, most=MOST, patience=0.05), b"a", pause=asyncio.Event())

    async def gone():
        ready = asyncio.Event()
        ready.set()
        return await ask(Door(echo, most=MOST), b"a", pause=ready)

    for act in (too_long, gone):
        status, headers, body = in_a_loop(act())
        assert (status, body, headers[b"connection"]) == (408, b"", b"close")
        assert safe(headers)


def test_the_request_is_told_as_wsgi_wants_it():
    scope = scope_of(
        path=b"/%ff%2e", client=None, server=None,
        headers=[
            (b"host", b"samenspoor.example"), (b"cookie", b"a=1"), (b"cookie", b"b=2"), (b"accept", b"x"), (b"accept", b"y"),
            (b"content-type", b"text/plain"), (b"x_forwarded_for", b"10.9.9.9"),
        ],
    )  # fmt: skip
    told = door.environment(scope, io.BytesIO())
    assert (told["PATH_INFO"], told["QUERY_STRING"]) == ("/\xff.", "a=1&b=%20")
    assert (told["HTTP_COOKIE"], told["HTTP_ACCEPT"], told["CONTENT_TYPE"]) == (
        "a=1; b=2",
        "x,y",
        "text/plain",
    )
    assert told["HTTP_HOST"] == "samenspoor.example"
    assert not any("FORWARDED" in name for name in told)
    assert (told["SERVER_NAME"], told["REMOTE_ADDR"]) == ("localhost", "")


def test_an_answer_is_closed_and_a_fault_is_no_answer(caplog):
    closed = []

    class Parts:
        def __iter__(self):
            return iter([b"a", b"b"])

        def close(self):
            closed.append(True)

    def whole(_environ, start_response):
        start_response("204 No Content", [])
        return Parts()

    def broken(_environ, _start_response):
        raise ValueError("a fault")

    assert door.answer(whole, {}) == (204, [], b"ab")
    assert closed == [True]
    status, headers, body = door.answer(broken, {})
    assert (status, body) == (500, b"")
    assert safe(dict(headers))
    assert "no answer" in caplog.text


def test_something_else_than_a_request_is_not_answered():
    in_a_loop(Door(echo, most=MOST)({"type": "lifespan"}, None, None))


def test_the_door_of_the_site(monkeypatch):
    monkeypatch.setattr(door, "create_app", type("App", (), {"config": {"MAX_CONTENT_LENGTH": 3}}))
    assert door.build().most == 3


class Full(io.BytesIO):
    """A file on a disk without space, which objects once more when it is closed."""

    def __init__(self, _in_memory=0):
        super().__init__()

    def write(self, part):
        raise OSError(errno.ENOSPC, "No space left on device")

    def close(self):
        raise OSError(errno.ENOSPC, "No space left on device")


def test_what_does_not_fit_on_the_disk_is_told_by_a_page_of_the_site(site, monkeypatch):
    """Item 77: the folder for temporary files is full."""
    monkeypatch.setattr(door, "SpooledTemporaryFile", Full)
    form = (b"content-type", b"application/x-www-form-urlencoded")
    length = (b"content-length", b"300000")
    entrance = Door(site, most=MOST * MOST)
    asked = ask(
        entrance, b"email=" + b"x" * 299_994, method="POST", path=b"/fr/sign-in", headers=[form, length]
    )
    status, headers, body = in_a_loop(asked)
    assert (status, headers[b"retry-after"]) == (503, b"5")
    assert "Réessayez dans une minute" in body.decode()
