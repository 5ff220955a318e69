"""A mail server of ours that can be away, slow, full or choosy, and remembers each mail that it took."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from email import message_from_bytes
from typing import Any, Self

from aiosmtpd.controller import Controller


def free_port() -> int:
    """A port that nobody uses at this moment."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@dataclass
class Sink:
    """What it takes stands in `taken` as (Message-ID, recipient), in the order in which it came.

    `slow` is how many seconds each of its answers takes, `last` the one after the mail itself; `refuses` tells for a recipient with which code (0: taken),
    and while `breaks`, or at a mail to whom `breaks_at` tells, it ends the connection instead of answering.
    """

    port: int = field(default_factory=free_port)
    slow: float = 0.0
    last: float = 0.0
    refuses: Callable[[str], int] = lambda _recipient: 0
    breaks: bool = False
    breaks_at: Callable[[str], bool] = lambda _recipient: False
    taken: list[tuple[str, str]] = field(default_factory=list)
    _server: Controller | None = None
    _lines: set[Any] = field(default_factory=set)

    @property
    def url(self) -> str:
        """Its address, as SMTP_URL wants it."""
        return f"smtp://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self.open()
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def open(self) -> None:
        """Be there, at the same port as before."""
        self._server = Controller(self, hostname="127.0.0.1", port=self.port, enable_SMTPUTF8=False)
        self._server.start()

    def close(self) -> None:
        """Be away: who is connected is cut off, who tries to connect is refused."""
        if self._server is not None:
            for line in self._lines:
                self._server.loop.call_soon_threadsafe(line.abort)
            self._lines = set()
            self._server.stop(no_assert=True)
            self._server = None

    def often(self) -> Counter[str]:
        """How often each Message-ID was taken."""
        return Counter(number for number, _recipient in self.taken)

    async def handle_MAIL(  # noqa: N802 - the name that aiosmtpd calls
        self, server: Any, _session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        """Take any sender, slowly."""
        self._lines.add(server.transport)
        await asyncio.sleep(self.slow)
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802 - the name that aiosmtpd calls
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: list[str]
    ) -> str:
        """Take that recipient, or not."""
        await asyncio.sleep(self.slow)
        if code := self.refuses(address):
            return f"{code} not this one"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        """Take the mail and remember it; who was served slowly and has gone meanwhile got it all the same."""
        if self.breaks or any(map(self.breaks_at, envelope.rcpt_tos)):
            with contextlib.suppress(AttributeError):
                server.transport.abort()
            return "421 gone"
        number = str(message_from_bytes(envelope.content)["Message-ID"])
        self.taken += [(number, recipient) for recipient in envelope.rcpt_tos]
        await asyncio.sleep(self.slow + self.last)
        return "250 taken"
