"""MP3 and AAC in frames, each with its own header, one after the other (ISO 11172-3, 13818-3, 13818-7)."""

from app.services.audio.faults import Damaged, UnknownSound

# kbit/s of layer III by the four bits of the header; 0 and 15 name no rate.
_BITRATES_1 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0)
_BITRATES_2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0)
_RATES = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}
_AAC_RATES = (
    96_000,
    88_200,
    64_000,
    48_000,
    44_100,
    32_000,
    24_000,
    22_050,
    16_000,
    12_000,
    11_025,
    8_000,
    7_350,
)
_TAG_HEAD = 10
_TAG_FOOT = 128


def without_tags(content: bytes) -> bytes:
    """The frames without ID3 tags: titles and cover pictures say who made a file, and are not heard."""
    while content[:3] == b"ID3" and len(content) > _TAG_HEAD:
        size = 0
        for byte in content[6:10]:
            size = size << 7 | byte & 0x7F
        content = content[_TAG_HEAD + size + (_TAG_HEAD if content[5] & 0x10 else 0) :]
    return content[:-_TAG_FOOT] if content[-_TAG_FOOT:].startswith(b"TAG") else content


def mp3_milliseconds(content: bytes) -> int:
    """How long it lasts. Raises Damaged where a frame is not whole, or is of another layer than III."""
    at, microseconds = 0, 0
    while at < len(content):
        length, samples, rate = _mp3_frame(content, at)
        at += length
        microseconds += samples * 1_000_000 // rate
    if at != len(content):
        raise Damaged
    return microseconds // 1000


def _mp3_frame(content: bytes, at: int) -> tuple[int, int, int]:
    """(bytes, samples, samples a second) of the frame that begins there."""
    head = content[at : at + 4]
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE6 != 0xE2:
        raise Damaged
    version = head[1] >> 3 & 3
    kbits = (_BITRATES_1 if version == 3 else _BITRATES_2)[head[2] >> 4]
    if version not in _RATES or not kbits or head[2] >> 2 & 3 == 3:
        raise Damaged
    rate = _RATES[version][head[2] >> 2 & 3]
    samples = 1152 if version == 3 else 576
    return samples // 8 * kbits * 1000 // rate + (head[2] >> 1 & 1), samples, rate


def aac_milliseconds(content: bytes) -> int:
    """How long it lasts. Raises Damaged where a frame is not whole, UnknownSound for a rate that is none."""
    at, microseconds = 0, 0
    while at < len(content):
        head = content[at : at + 7]
        if len(head) < 7 or head[0] != 0xFF or head[1] & 0xF6 != 0xF0:
            raise Damaged
        rate = head[2] >> 2 & 15
        length = (head[3] & 3) << 11 | head[4] << 3 | head[5] >> 5
        if rate >= len(_AAC_RATES):
            raise UnknownSound
        if length <= len(head):
            raise Damaged
        at += length
        microseconds += (1 + (head[6] & 3)) * 1024 * 1_000_000 // _AAC_RATES[rate]
    if at != len(content):
        raise Damaged
    return microseconds // 1000
