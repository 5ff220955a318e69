"""Ogg with Opus in it, as Firefox records and most programs save (RFC 3533, RFC 7845)."""

import struct
from collections.abc import Iterator

from app.services.audio.faults import Damaged, UnknownSound

_PAGE = struct.Struct("<4sBBqIIIB")  # capture, version, flags, granule, serial, number, checksum, segments
_FIRST = 0x02
_PER_MILLISECOND = 48  # Opus counts at 48 kHz whatever was recorded


def _table() -> tuple[int, ...]:
    rows = []
    for index in range(256):
        value = index << 24
        for _ in range(8):
            value = (value << 1) ^ (0x04C11DB7 if value & 0x80000000 else 0)
        rows.append(value & 0xFFFFFFFF)
    return tuple(rows)


_CHECKSUMS = _table()


def checksum(page: bytes) -> int:
    """The checksum of a page whose own four bytes of checksum are zero (RFC 3533, 6)."""
    value = 0
    for byte in page:
        value = (value << 8 & 0xFFFFFFFF) ^ _CHECKSUMS[value >> 24 ^ byte]
    return value


def ogg_milliseconds(content: bytes) -> int:
    """How long it lasts. Raises Damaged, or UnknownSound for anything but one stream of Opus."""
    pages = list(_pages(content))
    serial, head = pages[0][1:]
    if not head.startswith(b"OpusHead") or len(head) < 19:
        raise UnknownSound
    if any(page[1] != serial for page in pages):
        raise UnknownSound
    skipped = int(struct.unpack_from("<H", head, 10)[0])
    return int(max(page[0] for page in pages) - skipped) // _PER_MILLISECOND


def _pages(content: bytes) -> Iterator[tuple[int, int, bytes]]:
    """(samples so far, stream, content) of each page, to the last byte."""
    start = 0
    while start < len(content):
        if len(content) - start < _PAGE.size:
            raise Damaged
        capture, version, flags, granule, serial, number, told, segments = _PAGE.unpack_from(content, start)
        body = start + _PAGE.size + segments
        end = body + sum(content[body - segments : body])
        if capture != b"OggS" or version or bool(flags & _FIRST) != (start == 0) or end > len(content):
            raise Damaged
        page = content[start : start + 22] + bytes(4) + content[start + 26 : end]
        if checksum(page) != told or (start == 0) != (number == 0):
            raise Damaged
        yield granule, serial, content[body:end]
        start = end
