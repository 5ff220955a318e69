"""Fold text to a search key, so that spellings a person regards as equal become equal.

The rules are those measured for the fourteen languages of the site: Arabic letters in Persian text and
the other way round, ZWNJ, tatweel and harakat, alef with and without hamza, teh marbuta and heh, alef
maqsura and yeh, ё and е, dotless and dotted i, the two Ethiopic ts series, accents, composed and
decomposed Unicode, apostrophes of every shape, and digits of every script. A key is for comparing only
and is never shown.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_ARABIC: Final = {
    "ي": "ی", "ى": "ی", "ك": "ک", "ة": "ه", "ۀ": "ه", "ە": "ه", "ہ": "ه", "ھ": "ه", "ٱ": "ا", "ګ": "گ",
}  # fmt: skip
_LATIN: Final = {"ı": "i", "ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"}
_CYRILLIC: Final = {"ґ": "г"}
# Spellings that writers of Tigrinya and Amharic mix: ፀ/ጸ, ሠ/ሰ and ኀ/ሀ in all their vowels, አ/ኣ in one.
_ETHIOPIC_SERIES: Final = ((0x1340, 0x1338), (0x1220, 0x1230), (0x1280, 0x1200))
_ETHIOPIC: Final = {
    chr(source + vowel): chr(target + vowel) for source, target in _ETHIOPIC_SERIES for vowel in range(7)
} | {"አ": "ኣ"}
_LETTERS: Final = str.maketrans(_ARABIC | _LATIN | _CYRILLIC | _ETHIOPIC)

# Marks are dropped only where they are optional or an accent; in Devanagari or Thai a mark is a vowel.
_OPTIONAL_MARKS: Final = re.compile(
    "[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
    "\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed]"
)
_APOSTROPHES: Final = "'`´‘’‛ʹʻʼʽ′＇"
_INNER_APOSTROPHE: Final = re.compile(f"(?<=[\u0400-\u04ff])[{_APOSTROPHES}](?=[\u0400-\u04ff])")


def latin_digits(text: str) -> str:
    """Return `text` with the decimal digits of every script (۴, ٤, ４) written as 0-9."""
    return "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text)


def _kept(character: str) -> str:
    """Return a letter, mark or number as it is, nothing for an invisible character, else a space."""
    category = unicodedata.category(character)
    if category[0] in "LMN":
        return character
    return "" if category == "Cf" else " "


def fold(text: str) -> str:
    """Return the search key of `text`: lower case, folded letters, single spaces between words.

    `fold(fold(x)) == fold(x)`. An apostrophe between Cyrillic letters disappears (сім'я, сімя); any other
    sign parts words (l'eau, Sint-Niklaas).
    """
    joined = _INNER_APOSTROPHE.sub("", text)
    lowered = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", joined).casefold())
    bare = _OPTIONAL_MARKS.sub("", lowered).translate(_LETTERS)
    return " ".join("".join(map(_kept, latin_digits(bare))).split())
