"""Fetching a list from an address that the deployment allows, and nothing else: the guards against being led elsewhere.

Only https on its own port, only hosts that a setting names, only machines with a public address, which is looked up once
and then connected to, so that a name cannot change in between; no redirects, no more than LARGEST bytes, and not for
longer than SECONDS in all.
"""

import ipaddress
import socket
import ssl
from collections.abc import Callable, Collection
from http.client import HTTPException, HTTPSConnection
from time import monotonic
from typing import Final
from urllib.parse import urlsplit

from app.services.offer_lists.reading import LARGEST, Unreadable

SECONDS: Final = 60.0
WAIT: Final = 10.0
PART: Final = 64 * 1024
LONGEST_ADDRESS: Final = 1000
Resolve = Callable[[str], list[str]]


def hosts_of(setting: str) -> frozenset[str]:
    """The hosts that a setting allows, written with commas or blanks between them."""
    return frozenset(host.lower() for host in setting.replace(",", " ").split())


def is_allowed(address: str, hosts: Collection[str]) -> bool:
    """Whether that is an address from which a list may be fetched."""
    if (
        len(address) > LONGEST_ADDRESS
        or not address.isascii()
        or not address.isprintable()
        or " " in address
        or "\\" in address
    ):
        return False
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return False
    return (
        parts.scheme == "https" and (parts.hostname or "") in hosts and port in (None, 443)
        and not parts.username and not parts.password and "@" not in parts.netloc
    )  # fmt: skip


def without_secrets(address: str) -> str:
    """The address as it may be shown and kept: its query can hold a key."""
    return address.partition("?")[0].partition("#")[0]


def addresses_of(host: str) -> list[str]:
    """The addresses of a host on the internet."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)]


class _Pinned(HTTPSConnection):
    """A connection to one address, whose certificate must be that of the host."""

    def __init__(self, host: str, address: str, context: ssl.SSLContext) -> None:
        super().__init__(host, 443, timeout=WAIT, context=context)
        self.address, self.trust = address, context

    def connect(self) -> None:
        plain = socket.create_connection((self.address, 443), WAIT)
        self.sock = self.trust.wrap_socket(plain, server_hostname=self.host)


def fetch(
    address: str, hosts: Collection[str], *, resolve: Resolve = addresses_of, going_on: Callable[[], None]
) -> bytes:
    """The bytes at that address. `going_on` is called now and then, and may raise to stop. Raises Unreadable."""
    if not is_allowed(address, hosts):
        raise Unreadable("not_allowed")
    parts = urlsplit(address)
    host = parts.hostname or ""
    try:
        found = resolve(host)
    except OSError:
        raise Unreadable("unreachable") from None
    if not found or not all(ipaddress.ip_address(one.partition("%")[0]).is_global for one in found):
        raise Unreadable("not_allowed")
    connection = _Pinned(host, found[0], ssl.create_default_context())
    try:
        return _answer(connection, f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}", going_on)
    except (OSError, HTTPException):
        raise Unreadable("unreachable") from None
    finally:
        connection.close()


def _answer(connection: HTTPSConnection, path: str, going_on: Callable[[], None]) -> bytes:
    until = monotonic() + SECONDS
    connection.request(
        "GET",
        path,
        headers={"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "samenspoor"},
    )
    with connection.getresponse() as answer:
        if 300 <= answer.status < 400:
            raise Unreadable("moved")
        if answer.status != 200 or answer.headers.get("Content-Encoding", "identity") != "identity":
            raise Unreadable("unreachable")
        data = bytearray()
        while part := answer.read1(PART):
            data += part
            if len(data) > LARGEST:
                raise Unreadable("too_large")
            if monotonic() > until:
                raise Unreadable("unreachable")
            going_on()
        if answer.length:  # it was cut off
            raise Unreadable("unreachable")
        return bytes(data)
