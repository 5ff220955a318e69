"""Which languages the site speaks, in the order of the menu, and how far each translation is."""

import re
from dataclasses import dataclass
from enum import StrEnum

DEFAULT = "nl"
"""The language of a page when nothing else was asked for, and the only fallback (LANGUAGES: scope)."""

SOURCE = "en"
"""The language in which the messages stand in the code."""

PSEUDO = "x-pseudo"
"""A made-up language for tests: every translated text is marked, so that unmarked text is found (T1)."""


class Scope(StrEnum):
    """A part of the site that is translated as a whole."""

    PUBLIC = "public"
    NEWCOMER = "newcomer"
    STAFF = "staff"


@dataclass(frozen=True, slots=True)
class Language:
    """One language of the site.

    `locale` is the CLDR locale for dates, numbers and lists. `complete` holds the scopes without a missing
    message; a test keeps it true. How much of it a native speaker has read is told by `provenance.reading`.
    """

    tag: str
    native_name: str
    dir: str
    locale: str
    complete: frozenset[Scope] = frozenset()


_EVERYTHING = frozenset(Scope)
_ALL_BUT_STAFF = frozenset({Scope.PUBLIC, Scope.NEWCOMER})

# Ordered by need, not by alphabet: an alphabet across five scripts helps nobody (LANGUAGES 2).
LANGUAGES: tuple[Language, ...] = (
    Language("nl", "Nederlands", "ltr", "nl_BE", _EVERYTHING),
    Language("en", "English", "ltr", "en_GB", _EVERYTHING),
    Language("fr", "Français", "ltr", "fr_BE", _EVERYTHING),
    Language("ar", "العربية", "rtl", "ar", _ALL_BUT_STAFF),
    Language("tr", "Türkçe", "ltr", "tr", _ALL_BUT_STAFF),
    Language("uk", "Українська", "ltr", "uk", _ALL_BUT_STAFF),
    Language("ru", "Русский", "ltr", "ru", _ALL_BUT_STAFF),
    Language("fa", "فارسی / دری", "rtl", "fa", _ALL_BUT_STAFF),
    Language("ps", "پښتو", "rtl", "ps", _ALL_BUT_STAFF),
    Language("ti", "ትግርኛ", "ltr", "ti", _ALL_BUT_STAFF),
    Language("so", "Soomaali", "ltr", "so", _ALL_BUT_STAFF),
    Language("es", "Español", "ltr", "es", _ALL_BUT_STAFF),
    Language("pl", "Polski", "ltr", "pl", _ALL_BUT_STAFF),
    Language("ro", "Română", "ltr", "ro", _ALL_BUT_STAFF),
)

# A target that is not (yet) a language of the site is passed over: kmr and sdh wait for Kurdish.
ALIASES: dict[str, str] = {
    "prs": "fa",
    "pes": "fa",
    "fa-af": "fa",
    "pus": "ps",
    "pst": "ps",
    "pbt": "ps",
    "pbu": "ps",
    "arb": "ar",
    "mo": "ro",
    "vls": "nl",
    "kmr": "ku",
}

_BY_TAG = {language.tag: language for language in LANGUAGES}
_TAG = re.compile(r"[A-Za-z]{2,8}(?:[-_][A-Za-z0-9]{1,8}){0,8}", re.ASCII)
_POSIX_TAIL = re.compile(r"(?:\.[A-Za-z0-9-]{1,12})?(?:@[A-Za-z0-9]{1,12})?", re.ASCII)


def language(tag: str) -> Language:
    """The language with exactly this tag.

    Raises KeyError for a tag that is not one of LANGUAGES.
    """
    return _BY_TAG[tag]


def is_language(tag: str) -> bool:
    """Whether the tag is, letter for letter, one of LANGUAGES."""
    return tag in _BY_TAG


def direction(tag: str) -> str:
    """`rtl` or `ltr`; unknown tags and the pseudo-language read from left to right."""
    return _BY_TAG[tag].dir if tag in _BY_TAG else "ltr"


def locale_name(tag: str) -> str:
    """The CLDR locale for the dates, numbers and lists of a language; Dutch for the pseudo-language."""
    return _BY_TAG[tag if tag in _BY_TAG else DEFAULT].locale


def nearest(text: str) -> str | None:
    """The language of the site nearest to a written tag: `NL`, `nl_BE.UTF-8`, `uk-UA`, `prs`; or None.

    Takes any text and never looks at a file (SECURITY, item 8).
    """
    found = _TAG.match(text[:128])
    if found is None or not _POSIX_TAIL.fullmatch(text[found.end() :]):
        return None
    parts = found.group().lower().replace("_", "-").split("-")
    for length in range(len(parts), 0, -1):
        candidate = "-".join(parts[:length])
        candidate = ALIASES.get(candidate, candidate)
        if candidate in _BY_TAG:
            return candidate
    return None
