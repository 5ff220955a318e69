"""The order of names in the language of who reads them (LANGUAGES 3.5), the same on every database.

A name is kept as an order key in which the letters stay that some language sorts on their own (ç, ł, ґ); all
others are folded. For a reader one exchange of single letters by others makes that key sort by code points:
letters that the language does not know fall back to their base letter, and the alphabet it does know is laid
out in the order of that language. A database does the same with its function `translate`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Final, TypeVar

from app.reference.folding import fold

Item = TypeVar("Item")

_LATIN: Final = "abcdefghijklmnopqrstuvwxyz"
_CYRILLIC: Final = "абвгґдеєжзиіїйклмнопрстуўфхцчшщъыьэюя"
_ARABIC: Final = "ءابپتټثجچځڅحخدډذرړزژږسشښصضطظعغفقکگلمنڼهویېۍ"

# Where the letters of a language are laid out: blocks of the same script that no name here uses, in code order.
_ROOM: Final = ((_LATIN[0], 0x0180), (_CYRILLIC[0], 0x0500), (_ARABIC[1], 0x0750))

_ALPHABETS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType({
    "tr": ("abcçdefgğhıijklmnoöpqrsştuüvwxyz",),
    "pl": ("aąbcćdeęfghijklłmnńoópqrsśtuvwxyzźż",),
    "ro": ("aăâbcdefghiîjklmnopqrsștțuvwxyz",),
    "es": ("abcdefghijklmnñopqrstuvwxyz",),
    "uk": (_CYRILLIC,),
    "fa": ("ابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی",),
    "ps": ("ابپتټثجځچڅحخدډذرړزژږسشښصضطظعغفقکگلمنڼوهیېۍ",),
})  # fmt: skip
_EVERYWHERE: Final = (_CYRILLIC, _ARABIC)

_BASES: Final[Mapping[str, str]] = MappingProxyType({
    "ç": "c", "ğ": "g", "ı": "i", "ö": "o", "ş": "s", "ü": "u", "ą": "a", "ć": "c", "ę": "e", "ł": "l", "ń": "n",
    "ó": "o", "ś": "s", "ź": "z", "ż": "z", "ă": "a", "â": "a", "î": "i", "ș": "s", "ț": "t", "ñ": "n",
    "ґ": "г", "і": "и", "ї": "и", "й": "и", "ў": "у",
})  # fmt: skip
"""The letters that some language sorts on their own, each with the letter as which the others sort it."""

_SAME: Final[Mapping[str, str]] = MappingProxyType({"ţ": "ț"})
_KEPT: Final = "".join(_BASES)
_STAND_IN: Final = {
    letter: chr(0x12000 + at) for at, letter in enumerate(_KEPT)
}  # letters that fold() leaves alone
_BACK: Final = {ord(stand_in): letter for letter, stand_in in _STAND_IN.items()}


def order_key(name: str) -> str:
    """The key of a name that is kept beside it; by itself it is in no language's order."""
    return fold("".join(map(_stood_in, unicodedata.normalize("NFC", name)))).translate(_BACK)


def _stood_in(letter: str) -> str:
    if letter == "I":  # a capital that has no dot, in Turkish too
        letter = "ı"
    letter = letter.lower()
    return _STAND_IN.get(_SAME.get(letter, letter), letter)


@lru_cache(maxsize=32)
def exchange(language: str) -> tuple[str, str]:
    """The letters of an order key that change for a reader of that language, and what each becomes."""
    alphabets = _ALPHABETS.get(language, ())
    changed = {letter: base for letter, base in _BASES.items() if base in _LATIN}
    for alphabet in (*_EVERYWHERE, *alphabets):
        changed |= _laid_out(alphabet)
    if not any(_LATIN[0] in alphabet for alphabet in alphabets):
        return "".join(changed), "".join(changed.values())
    latin = next(alphabet for alphabet in alphabets if _LATIN[0] in alphabet)
    place = _laid_out(latin)
    changed |= {
        letter: place[base] for letter, base in _BASES.items() if base in place and letter not in place
    }
    return "".join(changed), "".join(changed.values())


PLAIN: Final = "nl"
"""A language with no letters of its own: its order is that of most readers, and is kept with every name."""


def in_order_of(key: str, language: str) -> str:
    """An order key laid out for the readers of that language; sorted by code points it is in their order."""
    return key.translate(_table(language))


def _laid_out(alphabet: str) -> dict[str, str]:
    room = next(start for first, start in _ROOM if first in alphabet)
    return {letter: chr(room + at) for at, letter in enumerate(alphabet)}


@lru_cache(maxsize=32)
def _table(language: str) -> dict[int, int]:
    return str.maketrans(*exchange(language))


def sort_key(name: str, language: str) -> tuple[str, str]:
    """What sorts that name for a reader of that language; equal names in different spellings keep one order."""
    return order_key(name).translate(_table(language)), name


def in_order(items: Iterable[Item], language: str, name: Callable[[Item], str] = str) -> list[Item]:
    """The items by their names, as a reader of that language looks them up."""
    return sorted(items, key=lambda item: sort_key(name(item), language))
