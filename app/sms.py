"""Text messages by telephone: in how many parts one is sent, and names short enough for it (M3).

A message of letters of GSM 03.38 counts in septets: 160 in one part, 153 in each of several; ten signs, such as €,
take two. One letter outside of it turns the whole message into UCS-2: 70 code units of UTF-16, or 67 each.
"""

from collections.abc import Iterator
from unicodedata import combining

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = frozenset("\f^{}\\[~]|€")
GSM7 = BASIC | EXTENDED

MOST_PARTS = 2
NAME_UNITS = 20


def is_gsm7(text: str) -> bool:
    """Whether the message can be sent in the small alphabet."""
    return GSM7.issuperset(text)


def units(letter: str, *, small: bool) -> int:
    """What one character takes: septets in the small alphabet (1 or 2), else code units of UTF-16 (1 or 2)."""
    return 1 + (letter in EXTENDED if small else ord(letter) > 0xFFFF)


def parts(text: str) -> list[str]:
    """The message as it is sent, part by part; no character stands half in one part and half in the next."""
    small = is_gsm7(text)
    alone, each = (160, 153) if small else (70, 67)
    if sum(units(letter, small=small) for letter in text) <= alone:
        return [text]
    return list(_filled(text, each, small=small))


def _filled(text: str, room: int, *, small: bool) -> Iterator[str]:
    begin = used = 0
    for at, letter in enumerate(text):
        needed = units(letter, small=small)
        if used + needed > room:
            yield text[begin:at]
            begin, used = at, 0
        used += needed
    yield text[begin:]


def shortened(name: str, most: int = NAME_UNITS) -> str:
    """The beginning of a name that is too long for a text message: `most` code units, no letter without its marks."""
    used = end = 0
    for at, letter in enumerate(name):
        used += units(letter, small=False)
        if used > most:
            break
        end = at + 1
    while 0 < end < len(name) and combining(name[end]):
        end -= 1
    return name[:end].rstrip()
