"""M4A: sound in the boxes of MP4, as iPhones record and save (ISO 14496-12); whole, or in fragments."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from app.services.audio.faults import Damaged, HasPicture, UnknownSound

_OUTER = {b"ftyp", b"styp", b"moov", b"moof", b"mdat", b"mfra", b"sidx", b"free", b"skip", b"wide"}
_PACKINGS = {b"mp4a", b"Opus"}
_UNKNOWN_32, _UNKNOWN_64 = 0xFFFFFFFF, 0xFFFFFFFFFFFFFFFF


@dataclass(frozen=True, slots=True)
class _Box:
    kind: bytes
    start: int
    end: int


def mp4_milliseconds(content: bytes) -> int:
    """How long it lasts. Raises Damaged, HasPicture, or UnknownSound for another packing than AAC and Opus."""
    try:
        return _milliseconds(content)
    except struct.error as error:
        raise Damaged from error


def _milliseconds(content: bytes) -> int:
    outer = list(_boxes(content, 0, len(content)))
    if {box.kind for box in outer} - _OUTER or not any(box.kind == b"mdat" for box in outer):
        raise Damaged
    moov = [box for box in outer if box.kind == b"moov"]
    if len(moov) != 1:
        raise Damaged
    tracks = [box for box in _boxes(content, moov[0].start, moov[0].end) if box.kind == b"trak"]
    if len(tracks) != 1:
        raise HasPicture if tracks else Damaged
    scale, duration = _track(content, tracks[0])
    fragments = [box for box in outer if box.kind == b"moof"]
    if (
        fragments
    ):  # Chrome counts the whole in milliseconds there, whatever the clock of the track: the parts are right
        duration = _in_fragments(content, moov[0], fragments)
    return duration * 1000 // scale


def _boxes(content: bytes, start: int, end: int) -> Iterator[_Box]:
    """The boxes between two places, which they have to fill to the byte."""
    while start < end:
        size, kind = struct.unpack_from(">I4s", content, start)
        head = 8
        if size == 1:
            head, size = 16, struct.unpack_from(">Q", content, start + 8)[0]
        elif size == 0:
            size = end - start
        if size < head or start + size > end:
            raise Damaged
        yield _Box(kind, start + head, start + size)
        start += size


def _inside(content: bytes, box: _Box, *path: bytes) -> _Box:
    """The box at the end of a path of kinds, each the first of its kind. Raises Damaged."""
    for kind in path:
        found = next((inner for inner in _boxes(content, box.start, box.end) if inner.kind == kind), None)
        if found is None:
            raise Damaged
        box = found
    return box


def _track(content: bytes, track: _Box) -> tuple[int, int]:
    """(units a second, units) of a track of sound; no units where fragments tell them."""
    handler = _inside(content, track, b"mdia", b"hdlr")
    if content[handler.start + 8 : handler.start + 12] != b"soun":
        raise HasPicture
    packings = _inside(content, track, b"mdia", b"minf", b"stbl", b"stsd")
    if content[packings.start + 12 : packings.start + 16] not in _PACKINGS:
        raise UnknownSound
    head = _inside(content, track, b"mdia", b"mdhd")
    layout, at = (">IQ", 20) if content[head.start] else (">II", 12)
    scale, duration = struct.unpack_from(layout, content, head.start + at)
    if not scale:
        raise Damaged
    return scale, 0 if duration in (_UNKNOWN_32, _UNKNOWN_64) else duration


def _in_fragments(content: bytes, moov: _Box, fragments: list[_Box]) -> int:
    """The units of all fragments together."""
    usual = struct.unpack_from(">I", content, _inside(content, moov, b"mvex", b"trex").start + 12)[0]
    return sum(
        _run(content, run, _usual_in(content, part, usual))
        for fragment in fragments
        for part in _boxes(content, fragment.start, fragment.end) if part.kind == b"traf"
        for run in _boxes(content, part.start, part.end) if run.kind == b"trun"
    )  # fmt: skip


def _usual_in(content: bytes, part: _Box, usual: int) -> int:
    """How long a sample of this part lasts unless it says otherwise."""
    head = _inside(content, part, b"tfhd")
    flags = struct.unpack_from(">I", content, head.start)[0]
    if not flags & 0x08:
        return usual
    at = head.start + 8 + (8 if flags & 0x01 else 0) + (4 if flags & 0x02 else 0)
    return int(struct.unpack_from(">I", content, at)[0])


def _run(content: bytes, run: _Box, usual: int) -> int:
    """The units of one run of samples."""
    flags, count = struct.unpack_from(">II", content, run.start)
    if not flags & 0x100:
        return int(count * usual)
    width = 4 * (flags & 0xF00).bit_count()
    at = run.start + 8 + (4 if flags & 0x01 else 0) + (4 if flags & 0x04 else 0)
    if at + count * width > run.end:
        raise Damaged
    return sum(struct.unpack_from(">I", content, at + number * width)[0] for number in range(count))
