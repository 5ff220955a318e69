"""Small files of sound, made by hand from the descriptions of their formats; what is in the packets is silence or noise."""

import struct

from app.services.audio.ogg import checksum

SILENCE = b"\xf8\xff\xfe"  # a packet of Opus, 20 ms of nothing
PACKETS = 50  # one second


def ogg_page(body, *, granule, number, serial=7, flags=0, capture=b"OggS", version=0):
    """A page with one packet."""
    lacing = [255] * (len(body) // 255) + [len(body) % 255]
    head = struct.pack("<4sBBqIIIB", capture, version, flags, granule, serial, number, 0, len(lacing))
    page = head + bytes(lacing) + body
    return page[:22] + struct.pack("<I", checksum(page)) + page[26:]


def opus_head(skipped=312):
    return b"OpusHead" + struct.pack("<BBHIhB", 1, 1, skipped, 48_000, 0, 0)


def ogg(packets=PACKETS, body=SILENCE, skipped=312, head=None, tags=b"OpusTags" + bytes(8)):
    """Opus in Ogg, 20 ms a packet."""
    pages = [
        ogg_page(head or opus_head(skipped), granule=0, number=0, flags=2),
        ogg_page(tags, granule=0, number=1),
    ]
    pages += [
        ogg_page(body, granule=skipped + 960 * count, number=count + 1, flags=4 if count == packets else 0)
        for count in range(1, packets + 1)
    ]
    return b"".join(pages)


def element(name, body, *, live=False):
    """An element of EBML; a live one does not say how long it is."""
    size = b"\x01" + b"\xff" * 7 if live else struct.pack(">I", 0x10000000 | len(body))
    return bytes.fromhex(name) + size + body


def cluster(time, packets, *, live=True, group=False, track=b"\x81"):
    """A cluster of blocks of 20 ms that begins at `time` milliseconds."""
    blocks = b""
    for number in range(packets):
        body = track + struct.pack(">hB", number * 20, 0x80) + SILENCE
        blocks += element("A0", element("A1", body)) if group else element("A3", body)
    return element("1F43B675", element("E7", struct.pack(">H", time)) + blocks, live=live)


def track_entry(kind=2, codec=b"A_OPUS"):
    return element("AE", element("D7", b"\x01") + element("83", bytes([kind])) + element("86", codec))


MILLISECONDS = element("2AD7B1", b"\x0f\x42\x40")


def webm(
    clusters=None,
    tracks=None,
    doc_type=b"webm",
    live=True,
    info=MILLISECONDS,
    extra=b"",
):
    """Opus in WebM, as a browser records it: sizes are not known beforehand."""
    clusters = clusters if clusters is not None else [cluster(0, 25), cluster(500, 25)]
    parts = element("1549A966", info) + element("1654AE6B", tracks if tracks is not None else track_entry())
    head = element("1A45DFA3", element("4282", doc_type))
    return head + element("18538067", parts + extra + b"".join(clusters), live=live)


def mp3(frames=39, head=b"\xff\xfb\x50\xc4", length=208):
    """Frames of MPEG 1 layer III, 64 kbit/s at 44.1 kHz, 26 ms each."""
    return (head + bytes(length - len(head))) * frames


def id3(body):
    """A tag in front, with anything in it."""
    size = bytes(len(body) >> shift & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3\x04\x00\x00" + size + body


def aac(frames=16, length=50, rate=8):
    """Frames of AAC with their own headers, 16 kHz, 64 ms each."""
    head = bytes(
        [0xFF, 0xF1, 1 << 6 | rate << 2, 1 << 6 | length >> 11, length >> 3 & 255, (length & 7) << 5, 0]
    )
    return (head + bytes(length - 7)) * frames


def box(kind, body, *, wide=False):
    """A box of MP4."""
    if wide:
        return struct.pack(">I4sQ", 1, kind, len(body) + 16) + body
    return struct.pack(">I4s", len(body) + 8, kind) + body


def media_track(*, handler=b"soun", packing=b"mp4a", scale=1000, duration=1000, version=0):
    """A track of MP4 with what is read of it."""
    layout = ">IQQIQ" if version else ">IIIII"
    times = struct.pack(layout, version << 24, 0, 0, scale, duration)
    described = box(b"stsd", struct.pack(">II", 0, 1) + box(packing, bytes(28)))
    return box(
        b"trak",
        box(
            b"mdia",
            box(b"mdhd", times)
            + box(b"hdlr", bytes(8) + handler + bytes(13))
            + box(b"minf", box(b"stbl", described)),
        ),
    )


FTYP = box(b"ftyp", b"M4A \0\0\0\0M4A isom")
MDAT = box(b"mdat", bytes(200))


def mp4(track=None, media=MDAT, extra=b"", more=b""):
    """M4A with its sound in one piece."""
    return FTYP + box(b"moov", (media_track() if track is None else track) + more) + extra + media


def trun(count, *, own=0, flags=0):
    """A run of samples; `own` is what each of them says of its length."""
    flags |= 0x101 if own else 0x01
    each = struct.pack(">I", own) if own else b""
    return box(b"trun", struct.pack(">III", flags, count, 0) + each * count)


def tfhd(flags=0, body=b""):
    return box(b"tfhd", struct.pack(">II", flags, 1) + body)


def live_mp4(parts=None, usual=20, told=0):
    """M4A in fragments, as browsers record it."""
    parts = tfhd() + trun(50) if parts is None else parts
    more = box(b"mvex", box(b"trex", struct.pack(">IIIIII", 0, 1, 1, usual, 0, 0)))
    fragment = box(b"moof", box(b"mfhd", bytes(8)) + box(b"traf", parts))
    return mp4(media_track(duration=told), media=fragment + MDAT, more=more)


EVERY = {"ogg": ogg, "webm": webm, "mp3": mp3, "aac": aac, "mp4": mp4, "live mp4": live_mp4}
