"""How one language is chosen for a reader (LANGUAGES 3.2, L2, L3)."""

import re
from dataclasses import dataclass
from enum import StrEnum

from app.i18n.languages import DEFAULT, LANGUAGES, PSEUDO, nearest

# A browser sends a handful; what comes after these limits is not a reader's wish (SECURITY, item 7).
_HEADER_LENGTH = 4096
_HEADER_ENTRIES = 64

_WEIGHT = re.compile(r"0(?:\.\d{0,3})?|1(?:\.0{0,3})?|\.\d{1,3}", re.ASCII)


class Source(StrEnum):
    """What decided the language of a page."""

    ADDRESS = "address"
    PREFERENCE = "preference"
    COOKIE = "cookie"
    HEADER = "header"
    DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class Choice:
    """A chosen language and what decided it; `DEFAULT` means that nobody asked for a language we know."""

    tag: str
    source: Source


def negotiate(header: str | None) -> str | None:
    """The language that an Accept-Language header asks for, or None when it names none of ours.

    The reader's order counts before an exact match: `uk-UA,ru;q=0.9` is Ukrainian. Entries with a weight
    that is not a number from 0 to 1 are passed over; weight 0 excludes a language.
    """
    wishes = _wishes(header or "")
    refused = {tag for tag, weight in wishes if weight == 0}
    for wish, weight in sorted(wishes, key=lambda entry: -entry[1]):
        if weight == 0:
            continue
        if wish == "*":
            return next((item.tag for item in LANGUAGES if item.tag not in refused), None)
        found = nearest(wish)
        if found is not None and found not in refused:
            return found
    return None


def choose(
    *,
    address: str | None = None,
    preference: str | None = None,
    cookie: str | None = None,
    header: str | None = None,
    pseudo: bool = False,
) -> Choice:
    """The language of a page: address, then the signed-in person's, then cookie, then header, then Dutch (L3).

    A value that names no language of ours is passed over; with `pseudo` the pseudo-language is one of ours.
    """
    asked = ((Source.ADDRESS, address), (Source.PREFERENCE, preference), (Source.COOKIE, cookie))
    for source, text in asked:
        tag = PSEUDO if pseudo and text == PSEUDO else nearest(text or "")
        if tag is not None:
            return Choice(tag, source)
    tag = negotiate(header)
    return Choice(tag, Source.HEADER) if tag is not None else Choice(DEFAULT, Source.DEFAULT)


def _wishes(header: str) -> list[tuple[str, float]]:
    entries = header[:_HEADER_LENGTH].split(",", _HEADER_ENTRIES)[:_HEADER_ENTRIES]
    wishes = []
    for entry in entries:
        tag, _, parameters = entry.partition(";")
        weight = _weight(parameters)
        if weight is not None and tag.strip():
            wishes.append((tag.strip().lower(), weight))
    return wishes


def _weight(parameters: str) -> float | None:
    name, _, value = parameters.partition("=")
    if not name.strip():
        return 1.0
    if name.strip().lower() != "q" or not _WEIGHT.fullmatch(value.strip()):
        return None
    return float(value)
