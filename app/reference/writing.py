"""In which language a text was probably written, from the letters alone: enough not to tell a lie about it (U1).

The language of the page is believed unless the letters contradict it: another script, or letters that this
language does not have and a neighbour does. What letters cannot tell is `und`, as BCP 47 calls it.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Final

UNKNOWN: Final = "und"

_SCRIPTS: Final[Mapping[str, str]] = MappingProxyType(
    dict.fromkeys(("ar", "fa", "prs", "ps", "ur", "ckb"), "ARABIC")
    | dict.fromkeys(("uk", "ru", "bg", "sr", "mk", "ce"), "CYRILLIC")
    | dict.fromkeys(("ti", "am"), "ETHIOPIC")
    | dict.fromkeys(("hi", "ne"), "DEVANAGARI")
    | {
        "el": "GREEK", "he": "HEBREW", "ka": "GEORGIAN", "hy": "ARMENIAN", "pa": "GURMUKHI", "bn": "BENGALI", "ta": "TAMIL",
        "th": "THAI", "ko": "HANGUL", "zh": "CJK", "ja": "HIRAGANA", "syr": "SYRIAC", "ber": "TIFINAGH",
    }
)  # fmt: skip
"""The script of a language by its Unicode name; Latin for all others."""

_ONLY: Final[Mapping[str, Mapping[str, frozenset[str]]]] = MappingProxyType({
    "ARABIC": {"ps": frozenset("ټډړږښڼېۍځڅ"), "ur": frozenset("ٹڈڑںے"), "ckb": frozenset("ڕڵێۆ")},
    "CYRILLIC": {"uk": frozenset("ґєії"), "ru": frozenset("ыэъё")},
    "LATIN": {
        "tr": frozenset("ğışİ"), "pl": frozenset("ąćęłńśźż"), "ro": frozenset("ăâîșțţ"), "es": frozenset("ñ"),
        "de": frozenset("ß"), "cs": frozenset("ěřů"), "hu": frozenset("őű"), "vi": frozenset("ơưđạếệ"),
    },
})  # fmt: skip
"""Letters that, among the languages of that script which people write here, only one uses."""

_ONE_LANGUAGE: Final[Mapping[str, str]] = MappingProxyType({
    script: tag for tag, script in _SCRIPTS.items()
    if list(_SCRIPTS.values()).count(script) == 1
})  # fmt: skip


@lru_cache(maxsize=4096)
def _script(letter: str) -> str:
    name = unicodedata.name(letter, "").split(" ")[0].split("-")[0]
    return "HIRAGANA" if name == "KATAKANA" else name


def in_latin_letters(text: str) -> bool:
    """Whether all letters of the text, with whatever accents, are Latin ones."""
    return all(_script(letter) in ("LATIN", "MODIFIER") for letter in text if letter.isalpha())


def language_of(text: str, page: str) -> str:
    """The tag of the language in which `text` was written on a page in the language `page`, or `und`."""
    letters = [letter for letter in unicodedata.normalize("NFC", text).lower() if letter.isalpha()]
    if not letters:
        return page
    script = Counter(map(_script, letters)).most_common(1)[0][0]
    tells = {tag for tag, only in _ONLY.get(script, {}).items() if not only.isdisjoint(letters)}
    if script == _SCRIPTS.get(page, "LATIN"):
        foreign = tells - {page}
        if script == "LATIN" or not foreign:
            return page
        return next(iter(foreign)) if len(tells) == 1 else UNKNOWN
    if len(tells) == 1:
        return next(iter(tells))
    return _ONE_LANGUAGE.get(script, UNKNOWN)
