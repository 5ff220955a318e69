"""Sound is judged by its bytes alone (SECURITY T14, items 62 and 63)."""

import struct
import wave
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import Invalid
from app.i18n import speak
from app.services.audio import judge
from app.vocabulary.spoken import LARGEST_SOUND, AudioKind
from tests import sounds
from tests.sounds import (
    EVERY,
    box,
    cluster,
    element,
    live_mp4,
    media_track,
    mp4,
    ogg,
    tfhd,
    track_entry,
    trun,
    webm,
)

KINDS = {
    "ogg": AudioKind.OGG, "webm": AudioKind.WEBM, "mp3": AudioKind.MP3, "aac": AudioKind.AAC, "mp4": AudioKind.MP4,
    "live mp4": AudioKind.MP4,
}  # fmt: skip
DAMAGED, VIDEO, UNKNOWN = "damaged", "video", "do not know"


def refused(content):
    """The words in which these bytes are refused."""
    with pytest.raises(Invalid) as refusal:
        judge(content)
    assert refusal.value.field == "sound"
    with speak("en"):
        return str(refusal.value.message)


@pytest.mark.parametrize("name", EVERY)
def test_each_kind_is_known_by_its_bytes_and_measured(name):
    found = judge(EVERY[name]())
    assert found.kind is KINDS[name]
    assert 990 <= found.milliseconds <= 1030
    assert found.content == EVERY[name]()


@pytest.mark.parametrize("name", EVERY)
def test_anything_hung_before_or_behind_is_refused(name):
    """A polyglot needs a place for its other half."""
    content = EVERY[name]()
    for other in (b"<script>alert(1)</script>", b"GIF89a", b"%PDF-1.7", b"\0", b"PK\3\4" + bytes(30)):
        assert refused(content + other)
        assert refused(other + content)


@pytest.mark.parametrize("name", EVERY)
@given(cut=st.floats(0.01, 0.99))
@settings(max_examples=60, deadline=None)
def test_what_breaks_off_is_refused_or_a_shorter_whole(name, cut):
    """No cut is taken for the entire sound, and none ends in a fault."""
    content = EVERY[name]()
    part = content[: max(1, int(len(content) * cut))]
    try:
        found = judge(part)
    except Invalid:
        return
    assert found.milliseconds < judge(content).milliseconds


@pytest.mark.parametrize("name", EVERY)
@given(data=st.data())
@settings(max_examples=80, deadline=None)
def test_no_bytes_end_in_a_fault(name, data):
    """Each byte may be wrong: the file is refused in words or taken."""
    content = bytearray(EVERY[name]())
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        found = judge(bytes(content))
    except Invalid:
        return
    assert found.milliseconds > 0


@given(st.sampled_from([b"", b"OggS", b"\x1aE\xdf\xa3", b"\0\0\0\x18ftypM4A ", b"\xff\xfb\x50", b"\xff\xf1", b"ID3\4"]), st.binary(max_size=300))  # fmt: skip
@settings(max_examples=300, deadline=None)
def test_noise_is_refused(head, noise):
    with pytest.raises(Invalid):
        judge(head + noise + b"!")


def test_one_byte_too_many_is_too_many():
    whole = sounds.mp3(frames=961)
    assert len(whole) <= LARGEST_SOUND
    padded = sounds.id3(bytes(LARGEST_SOUND - len(whole) - 10)) + whole
    assert len(padded) == LARGEST_SOUND
    assert judge(padded).content == whole
    assert "200 kB" in refused(sounds.id3(bytes(LARGEST_SOUND - len(whole) - 9)) + whole)


def test_an_empty_file_is_refused():
    assert "empty" in refused(b"")


def test_wav_is_refused_with_what_to_do():
    made = BytesIO()
    with wave.open(made, "wb") as file:
        file.setparams((1, 2, 16_000, 0, "NONE", ""))
        file.writeframes(bytes(32_000))
    for content in (
        made.getvalue(),
        made.getvalue() * 20,
        b"fLaC" + bytes(50),
        b"caff\0\1",
        b"FORM\0\0\0\0AIFF",
    ):
        assert "MP3 or M4A" in refused(content)


@pytest.mark.parametrize(
    "content",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<!doctype html><title>x</title>",
        b"\x89PNG\r\n\x1a\n" + bytes(40),
        b"PK\x03\x04" + bytes(40),
        b"MZ" + bytes(80),
        b"\0",
        b"\xff",
        b"\xff\xfb",
        "أهلا".encode(),
        b"ID3\4\0\0\0\0\0\0",
    ],
)
def test_what_is_no_sound_is_refused(content):
    assert refused(content)


def test_a_page_inside_a_sound_is_refused():
    for markup in (b"<script>alert(1)</script>", b"<SVG onload=x>", b"<!DOCTYPE html>", b"<?php x"):
        assert DAMAGED in refused(ogg(tags=b"OpusTags" + markup))
        assert DAMAGED in refused(mp4(extra=box(b"free", markup)))
    assert judge(ogg(tags=b"OpusTags a < b > c"))


def test_titles_and_covers_of_an_mp3_are_left_out():
    frames = sounds.mp3()
    tagged = sounds.id3(b"<html>cover") + sounds.id3(b"again") + frames + b"TAG" + b"x" * 125
    assert judge(tagged).content == frames
    footed = bytearray(sounds.id3(b"xx"))
    footed[5] = 0x10
    assert judge(bytes(footed) + b"3DI" + bytes(7) + frames).content == frames


OGG_FAULTS = {
    "two streams": (ogg() + sounds.ogg_page(b"x", granule=0, number=9, serial=8), UNKNOWN),
    "vorbis": (ogg(head=b"\x01vorbis" + bytes(23)), UNKNOWN),
    "short head": (ogg(head=b"OpusHead\1"), UNKNOWN),
    "wrong checksum": (ogg()[:-1] + b"!", DAMAGED),
    "a second beginning": (ogg() + ogg(), DAMAGED),
    "another version": (sounds.ogg_page(sounds.opus_head(), granule=0, number=0, flags=2, version=1), DAMAGED),
    "no beginning": (ogg()[len(sounds.ogg_page(sounds.opus_head(), granule=0, number=0)) :], DAMAGED),
    "numbered from one": (sounds.ogg_page(sounds.opus_head(), granule=0, number=1, flags=2), DAMAGED),
    "no sound": (ogg(packets=0), DAMAGED),
}  # fmt: skip
FRAME_FAULTS = {
    "mp3 of no rate": (sounds.mp3() + b"\xff\xfb\x00\xc4", DAMAGED),
    "mp3 of a reserved rate": (sounds.mp3() + b"\xff\xfb\x5c\xc4", DAMAGED),
    "mp3 of a reserved version": (b"\xff\xeb\x50\xc4" + bytes(204), DAMAGED),
    "mp3 of layer II": (b"\xff\xfd\x50\xc4" + bytes(204), UNKNOWN),
    "half a frame of mp3": (sounds.mp3()[:-1], DAMAGED),
    "half a frame of aac": (sounds.aac()[:-1], DAMAGED),
    "aac and then none": (sounds.aac() + bytes(50), DAMAGED),
    "half a head of aac": (sounds.aac() + b"\xff\xf1\x60", DAMAGED),
    "aac of no rate": (sounds.aac(rate=13), UNKNOWN),
    "aac without content": (sounds.aac(length=7), DAMAGED),
}
WEBM_FAULTS = {
    "matroska": (webm(doc_type=b"matroska"), UNKNOWN),
    "vorbis in webm": (webm(tracks=track_entry(codec=b"A_VORBIS")), UNKNOWN),
    "a film": (webm(tracks=track_entry(kind=1, codec=b"V_VP8")), VIDEO),
    "a film with sound": (webm(tracks=track_entry() + track_entry(kind=1)), VIDEO),
    "no track": (webm(tracks=b""), DAMAGED),
    "no cluster": (webm(clusters=[]), DAMAGED),
    "an attached file": (webm(extra=element("1941A469", b"x" * 20)), DAMAGED),
    "a segment behind": (webm(live=False) + element("EC", b"x"), DAMAGED),
    "an unknown size inside": (webm(extra=element("EC", b"", live=True)), DAMAGED),
    "an empty block": (webm(clusters=[element("1F43B675", element("A3", b"\x81\0\0\0"))]), DAMAGED),
    "a number of no length": (webm(live=False, extra=b"\0"), DAMAGED),
    "a number cut short": (webm(clusters=[]) + b"\x1f", DAMAGED),
    "an element beyond the end": (webm(clusters=[cluster(0, 25) + b"\xa3\x90"]), DAMAGED),
}
MP4_FAULTS = {
    "a video": (mp4(media_track(handler=b"vide")), VIDEO),
    "sound and video": (mp4(media_track() + media_track(handler=b"vide")), VIDEO),
    "no track at all": (mp4(b""), DAMAGED),
    "lossless": (mp4(media_track(packing=b"alac")), UNKNOWN),
    "no index": (sounds.FTYP + sounds.MDAT, DAMAGED),
    "no media": (mp4(media=b""), DAMAGED),
    "a box of our own": (mp4(extra=box(b"uuid", b"x" * 20)), DAMAGED),
    "a box larger than the file": (mp4() + struct.pack(">I4s", 900, b"free"), DAMAGED),
    "a box smaller than its head": (mp4() + struct.pack(">I4s", 3, b"free"), DAMAGED),
    "half a head": (mp4() + b"\0\0", DAMAGED),
    "no clock": (mp4(media_track(scale=0)), DAMAGED),
    "no description": (mp4(box(b"trak", box(b"mdia", b""))), DAMAGED),
    "no length": (mp4(media_track(duration=0)), DAMAGED),
    "an unknown length": (mp4(media_track(duration=0xFFFFFFFF)), DAMAGED),
    "more samples than there are": (
        live_mp4(tfhd() + box(b"trun", struct.pack(">III", 0x101, 9, 0))),
        DAMAGED,
    ),
}
FAULTS = OGG_FAULTS | FRAME_FAULTS | WEBM_FAULTS | MP4_FAULTS
assert len(FAULTS) == sum(map(len, (OGG_FAULTS, FRAME_FAULTS, WEBM_FAULTS, MP4_FAULTS)))


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_is_refused_in_its_words(name):
    content, words = FAULTS[name]
    assert words in refused(content)


OTHERS = {
    "mp3 of MPEG 2": (sounds.mp3(frames=40, head=b"\xff\xf3\x40\xc4", length=104), 40 * 26),
    "webm of groups, with sizes": (webm([cluster(0, 25, live=False, group=True)], live=False), 500),
    "webm without a scale": (webm(info=b""), 1000),
    "webm with tags behind": (webm([cluster(0, 50), element("1254C367", b"")]), 1000),
    "webm with room between": (
        webm([cluster(0, 50), cluster(1000, 5)], extra=element("EC", bytes(30))),
        1100,
    ),
    "mp4 with long numbers": (mp4(media_track(version=1)), 1000),
    "mp4 with a wide box": (mp4(media=box(b"mdat", bytes(99), wide=True)), 1000),
    "mp4 whose last box goes to the end": (mp4(media=struct.pack(">I4s", 0, b"mdat") + bytes(99)), 1000),
    "opus in mp4": (mp4(media_track(packing=b"Opus")), 1000),
    "fragments that say their own": (live_mp4(tfhd() + trun(50, own=10)), 500),
    "fragments with a usual length": (live_mp4(tfhd(0x0B, struct.pack(">QII", 0, 1, 40)) + trun(50)), 2000),
    "fragments of which the whole tells another length": (live_mp4(told=50), 1000),
    "two runs": (live_mp4(tfhd(0x08, struct.pack(">I", 10)) + trun(50) + trun(50)), 1000),
}


@pytest.mark.parametrize("name", OTHERS)
def test_other_ways_of_writing_the_same(name):
    content, milliseconds = OTHERS[name]
    assert abs(judge(content).milliseconds - milliseconds) <= 30
