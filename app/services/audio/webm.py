"""WebM with Opus in it, as Chrome and Android record (RFC 8794, RFC 9559)."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from app.services.audio.faults import Damaged, HasPicture, UnknownSound

_HEAD, _SEGMENT = 0x1A45DFA3, 0x18538067
_DOC_TYPE = 0x4282
_INFO, _TRACKS, _CLUSTER = 0x1549A966, 0x1654AE6B, 0x1F43B675
_IN_SEGMENT = {_INFO, _TRACKS, _CLUSTER, 0x114D9B74, 0x1C53BB6B, 0x1254C367, 0xEC, 0xBF}
_SCALE, _TRACK, _TRACK_TYPE, _CODEC = 0x2AD7B1, 0xAE, 0x83, 0x86
_TIME, _SIMPLE_BLOCK, _GROUP, _BLOCK = 0xE7, 0xA3, 0xA0, 0xA1
_SOUND = 2
_USUAL_SCALE = 1_000_000  # nanoseconds
_LAST_BLOCK_MS = 20  # what a packet of Opus most often holds


@dataclass(frozen=True, slots=True)
class _Element:
    id: int
    start: int
    end: int


def webm_milliseconds(content: bytes) -> int:
    """How long it lasts. Raises Damaged, HasPicture, or UnknownSound for another packing than Opus."""
    outer = list(_elements(content, 0, len(content)))
    if [element.id for element in outer] != [_HEAD, _SEGMENT]:
        raise Damaged
    if _value(content, outer[0], _DOC_TYPE) != b"webm":
        raise UnknownSound
    parts = list(_elements(content, outer[1].start, outer[1].end))
    if {part.id for part in parts} - _IN_SEGMENT:
        raise Damaged
    _demand_sound(content, parts)
    scale = _USUAL_SCALE
    for part in parts:
        if part.id == _INFO:
            scale = int.from_bytes(_value(content, part, _SCALE)) or scale
    times = [time for part in parts if part.id == _CLUSTER for time in _times(content, part)]
    if not times:
        raise Damaged
    return (max(times) - min(times)) * scale // 1_000_000 + _LAST_BLOCK_MS


def _demand_sound(content: bytes, parts: list[_Element]) -> None:
    """Let through one track of Opus. Raises HasPicture and UnknownSound."""
    tracks = [
        track for part in parts if part.id == _TRACKS
        for track in _elements(content, part.start, part.end) if track.id == _TRACK
    ]  # fmt: skip
    if not tracks:
        raise Damaged
    if len(tracks) > 1 or _value(content, tracks[0], _TRACK_TYPE) != bytes([_SOUND]):
        raise HasPicture
    if _value(content, tracks[0], _CODEC).rstrip(b"\0") != b"A_OPUS":
        raise UnknownSound


def _times(content: bytes, cluster: _Element) -> Iterator[int]:
    """The times of the blocks of a cluster, in units of the segment."""
    base = int.from_bytes(_value(content, cluster, _TIME))
    for element in _elements(content, cluster.start, cluster.end):
        blocks = [element] if element.id == _SIMPLE_BLOCK else []
        if element.id == _GROUP:
            blocks = [inner for inner in _elements(content, element.start, element.end) if inner.id == _BLOCK]
        for block in blocks:
            _, after = _number(content, block.start, block.end)
            if after + 3 >= block.end:
                raise Damaged
            yield base + struct.unpack_from(">h", content, after)[0]


def _value(content: bytes, parent: _Element, wanted: int) -> bytes:
    """The bytes of the first element of that kind; empty where there is none."""
    for element in _elements(content, parent.start, parent.end):
        if element.id == wanted:
            return content[element.start : element.end]
    return b""


def _elements(content: bytes, start: int, end: int) -> Iterator[_Element]:
    """The elements between two places, which they have to fill to the byte."""
    while start < end:
        name, after = _number(content, start, end, keep_marker=True)
        size, body = _number(content, after, end)
        stop = body + size
        if size == (1 << 7 * (body - after)) - 1:  # unknown: recorded live
            stop = _end_of_live(content, name, body, end)
        if stop > end:
            raise Damaged
        yield _Element(name, body, stop)
        start = stop


def _end_of_live(content: bytes, name: int, start: int, end: int) -> int:
    """Where an element without a size ends: the segment with the file, a cluster before the next part of the segment."""
    if name == _SEGMENT:
        return end
    if name != _CLUSTER:
        raise Damaged
    while start < end:
        inner, after = _number(content, start, end, keep_marker=True)
        if inner in _IN_SEGMENT - {0xEC, 0xBF}:
            return start
        size, body = _number(content, after, end)
        start = body + size
    return start


def _number(content: bytes, start: int, end: int, *, keep_marker: bool = False) -> tuple[int, int]:
    """A number of one to eight bytes whose first bits tell how many, and the place behind it. Raises Damaged."""
    if start >= end or not content[start]:
        raise Damaged
    length = 9 - content[start].bit_length()
    if start + length > end:
        raise Damaged
    value = int.from_bytes(content[start : start + length])
    return value if keep_marker else value & (1 << 7 * length) - 1, start + length
