"""Fetching a list from an address that the deployment allows, and nothing else: the guards against being led elsewhere.

Only https on its own port, only hosts that a setting names, only machines with a public address, which is looked up once
and then connected to, so that a name cannot change in between; no redirects, no more than LARGEST bytes, and not for
longer than SECONDS in all.
"""

import ipaddress
import socket
import ssl
from collections.abc import Callable, Collection
from contextlib import suppress
from http.client import HTTPException, HTTPSConnection
from threading import Timer
from time import monotonic
from typing import Final
from urllib.parse import urlsplit

from app.services.offer_lists.reading import LARGEST, Unreadable

SECONDS: Final = 60.0
WAIT: Final = 10.0
_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")
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


def is_public(address: str) -> bool:
    """Whether that is the address of a machine on the public internet; one inside another (mapped, 6to4, NAT64) counts too."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        if found in _NAT64:
            return is_public(str(ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)))
        inner = found.ipv4_mapped or found.sixtofour
        if inner is not None:
            return is_public(str(inner))
    return found.is_global and not found.is_multicast


class _Pinned(HTTPSConnection):
    """A connection to one address, whose certificate must be that of the host; it is cut off when its time is up.

    Waiting is limited for each part, but somebody who sends a letter at a time never makes us wait: a clock of its own
    ends that, also in the middle of the handshake or of the headers.
    """

    def __init__(self, host: str, address: str, context: ssl.SSLContext) -> None:
        super().__init__(host, 443, timeout=WAIT, context=context)
        self.address, self.trust = address, context
        self.alarm = Timer(SECONDS, self.cut_off)
        self.alarm.daemon = True

    def connect(self) -> None:
        plain = socket.create_connection((self.address, 443), WAIT)
        self.sock = self.trust.wrap_socket(plain, server_hostname=self.host, do_handshake_on_connect=False)
        self.alarm.start()
        self.sock.do_handshake()

    def cut_off(self) -> None:
        """Let everything that waits for the other side fail."""
        with suppress(OSError, AttributeError):
            self.sock.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self.alarm.cancel()
        super().close()


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
    if not found or not all(is_public(one) for one in found):
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
