"""Which kind of sound a file is, and the words in which it is refused."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from app.errors import Invalid
from app.i18n import lazy_gettext as _
from app.services.audio.faults import Damaged, HasPicture, UnknownSound
from app.services.audio.frames import aac_milliseconds, mp3_milliseconds, without_tags
from app.services.audio.mp4 import mp4_milliseconds
from app.services.audio.ogg import ogg_milliseconds
from app.services.audio.webm import webm_milliseconds
from app.vocabulary.spoken import LARGEST_SOUND, AudioKind

# Kinds that keep every sample as it is: far too large, and easily turned into another.
_UNPACKED = re.compile(rb"RIFF.{4}WAVE|FORM.{4}AIF|fLaC|caff", re.DOTALL)
# Beside the headers with which a recording is served: no file that a careless reader could take for a page.
_MARKUP = re.compile(rb"<(?:!doctype|\?php|html|script|svg|iframe|body|img)[\s/>]", re.IGNORECASE)

_WORDS = {
    Damaged: _("This file is damaged, or a part of it is missing. Record it again, or choose another file."),
    HasPicture: _("There is video in this file. Only sound can be kept. Record it again, or save it as sound."),
    UnknownSound: _("We do not know this kind of file. Choose MP3, M4A, AAC, Ogg (Opus) or WebM, or record the text here."),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sound:
    """A sound that was found whole; `content` is without the tags that programs hang before and behind an MP3."""

    kind: AudioKind
    content: bytes
    milliseconds: int


def judge(content: bytes) -> Sound:
    """What these bytes are. Raises Invalid, for the field `sound`, with what to do about it."""
    if not content:
        raise Invalid("sound", _("This file is empty. Record the text again, or choose another file."))
    if _UNPACKED.match(content):
        raise Invalid("sound", _("WAV and other files without compression are too large. Save the sound as MP3 or M4A, or record the text here."))  # fmt: skip
    if len(content) > LARGEST_SOUND:
        raise Invalid("sound", _("This file is larger than 200 kB. Record only this one text, or record it here: that makes a small file."))  # fmt: skip
    try:
        return _measured(content)
    except (Damaged, HasPicture, UnknownSound) as fault:
        raise Invalid("sound", _WORDS[type(fault)]) from fault


def _measured(content: bytes) -> Sound:
    """The sound with its length. Raises Damaged, HasPicture or UnknownSound."""
    kind, measure = _kind_of(content)
    kept = without_tags(content) if kind in (AudioKind.MP3, AudioKind.AAC) else content
    milliseconds = measure(kept)
    if milliseconds <= 0 or _MARKUP.search(kept):
        raise Damaged
    return Sound(kind, kept, milliseconds)


def _kind_of(content: bytes) -> tuple[AudioKind, Callable[[bytes], int]]:
    """The kind that the first bytes speak of, and what measures it. Raises UnknownSound."""
    if content.startswith(b"OggS"):
        return AudioKind.OGG, ogg_milliseconds
    if content.startswith(b"\x1aE\xdf\xa3"):
        return AudioKind.WEBM, webm_milliseconds
    if content[4:8] == b"ftyp":
        return AudioKind.MP4, mp4_milliseconds
    first = without_tags(content)[:2]
    if len(first) == 2 and first[0] == 0xFF and first[1] & 0xF6 == 0xF0:
        return AudioKind.AAC, aac_milliseconds
    if len(first) == 2 and first[0] == 0xFF and first[1] & 0xE6 == 0xE2:
        return AudioKind.MP3, mp3_milliseconds
    raise UnknownSound
