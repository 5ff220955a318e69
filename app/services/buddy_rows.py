"""From a row of a list to a candidate buddy or a newcomer, or to what is wrong with it and what to do."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from app.clock import today
from app.i18n import Lazy, is_language, latin_digits
from app.i18n import lazy_gettext as _
from app.reference import gazetteer
from app.reference.folding import fold
from app.reference.gazetteer import Ambiguous, Found, Place
from app.reference.interests import INTEREST_SLUGS
from app.reference.languages import OWN_NAMES, SPOKEN, language_name
from app.reference.networks import network
from app.security.identity import HIDDEN, names_national_number, tidy, tidy_email, tidy_phone
from app.services.buddy_lists import Row, Trouble
from app.services.matchmaking import interests_in
from app.vocabulary import DutchLevel
from app.vocabulary.lists import ListKind

LONGEST_NAME = 200
FARTHEST_KM = 200
MOST_PLACES = 9
LOCALE = "nl"  # of our messages to somebody who stood on a list; the buddy can change it
DUTCH = frozenset({"nederlands", "dutch", "vlaams", "flemish", "nl", "neerlandais"})

LEVELS = {
    **{level.value: level for level in DutchLevel},
    **dict.fromkeys(
        ("geen", "nog niets", "niets", "nul", "0", "no", "nothing", "nothing yet"), DutchLevel.NONE
    ),
    **dict.fromkeys(("c1", "c2", "moedertaal", "mother tongue"), DutchLevel.B2),
}
SOURCE = "import"
EARLIEST = date(2015, 1, 1)  # nobody waits for longer
EXCEL_EPOCH, FIRST_SERIAL, MOST_DAYS = date(1899, 12, 30), 40_000, 31

_DAY = re.compile(r"([0-9]{1,4})[-/. ]([0-9]{1,2})[-/. ]([0-9]{1,4})")
_PARTS = re.compile(r"[,;/|\n•]+|\s+(?:en|and|et|&)\s+")


@dataclass(frozen=True)
class Candidate:
    """A row that can be taken over. `left_out` are the words of it that we did not understand."""

    line: int
    person: Mapping[str, Any]
    record: Mapping[str, Any]
    left_out: tuple[str, ...] = ()


def candidate_of(
    row: Row, networks: frozenset[str], kind: ListKind = ListKind.BUDDY
) -> Candidate | list[Trouble]:
    """The person of a row, or everything that is wrong with it. Rows outside these networks are wrong."""
    troubles: list[Trouble] = []

    def wrong(column: str, message: Lazy) -> None:
        troubles.append(Trouble(row.line, column, message))

    if row.too_wide:
        wrong(
            "",
            _(
                "This line has more columns than the first line. Put quotation marks around what belongs together."
            ),
        )
        return troubles
    cells = {name: tidy(cell) for name, cell in row.cells.items()}
    name = _name(cells)
    if not name:
        wrong("name", _("Write a name."))
    elif len(name) > LONGEST_NAME or len(cells.get("call_name", "")) > LONGEST_NAME:
        wrong("name", _("This name is longer than 200 characters. Make it shorter."))
    email, phone = _reach_by(cells, wrong)
    place = _place(cells, networks, wrong)
    if any(
        HIDDEN in cell or names_national_number(cell)
        for cell in row.raw
        if cell.strip() != row.cells.get("phone")
    ):
        wrong("", _("Take out the national register number. We may not keep it."))
    if troubles or place is None:
        return troubles
    languages, other_languages = _languages(cells.get("languages", ""))
    interests, other_interests = _interests(cells.get("interests", ""))
    max_km, other_km = _number(cells.get("max_km", ""), FARTHEST_KM)
    more, other = (_of_buddy if kind is ListKind.BUDDY else _of_newcomer)(cells)
    locale = more.pop("locale", LOCALE)
    words = cells.get("words", "")
    return Candidate(
        row.line,
        {
            "full_name": name, "call_name": " ".join(cells.get("call_name", "").split()), "locale": locale,
            "email": email, "phone": phone,
        },
        {
            "postcode": place.postcode, "locality": place.locality, "municipality": place.municipality,
            "province": place.province, "network_slug": place.network, "languages": languages,
            "interests": interests, "max_km": max_km, "words": words, "words_language": LOCALE if words else None,
            **more,
        },
        tuple(other_languages + other_interests + other_km + other),
    )  # fmt: skip


def _of_buddy(cells: Mapping[str, str]) -> tuple[dict[str, Any], list[str]]:
    capacity, other = _number(cells.get("capacity", ""), MOST_PLACES)
    return {"capacity": capacity or 1, "source": SOURCE}, other


def _of_newcomer(cells: Mapping[str, str]) -> tuple[dict[str, Any], list[str]]:
    """What only a list of newcomers tells: level of Dutch, since when they wait, the language of our letters."""
    level, since, language = (cells.get(name, "") for name in ("dutch_level", "waiting_since", "letters_in"))
    other = []
    known = LEVELS.get(fold(level))
    if level and known is None:
        other.append(level)
    day = _day(since)
    if since and day is None:
        other.append(since)
    locale = _language_tags().get(fold(language), LOCALE if fold(language) in DUTCH else "")
    if language and not is_language(locale):
        other.append(language)
    return {
        "dutch_level": known or DutchLevel.NONE, "waiting_since": day or today(),
        "locale": locale if is_language(locale) else LOCALE,
    }, other  # fmt: skip


def _day(text: str) -> date | None:
    """A day as people write it in Belgium or as a computer does; one that has been, since people can wait here."""
    digits = latin_digits(text)
    found = _DAY.fullmatch(digits)
    if found:
        parts = [int(part) for part in found.groups()]
        year, month, day = parts if parts[0] > MOST_DAYS else reversed(parts)
    elif digits.isascii() and digits.isdigit() and len(digits) == len(str(FIRST_SERIAL)):
        counted = EXCEL_EPOCH + timedelta(days=int(digits))
        year, month, day = counted.year, counted.month, counted.day
    else:
        return None
    try:
        named = date(year, month, day)
    except ValueError:
        return None
    return named if EARLIEST <= named <= today() else None


def _name(cells: Mapping[str, str]) -> str:
    parts = [cells.get("name") or cells.get("first_name", "")]
    parts += [] if cells.get("name") and not cells.get("first_name") else [cells.get("last_name", "")]
    return " ".join(" ".join(parts).split())


def _reach_by(cells: Mapping[str, str], wrong: Any) -> tuple[str | None, str | None]:
    email = phone = None
    if cells.get("email"):
        try:
            email = tidy_email(cells["email"])
        except ValueError:
            wrong("email", _("This is not an e-mail address. It looks like name@example.be."))
    if cells.get("phone"):
        try:
            phone = tidy_phone(latin_digits(cells["phone"]))
        except ValueError:
            wrong("phone", _("This is not a telephone number. It looks like 0470 12 34 56."))
    if not cells.get("email") and not cells.get("phone"):
        wrong("email", _("Write an e-mail address or a telephone number."))
    return email, phone


def _place(cells: Mapping[str, str], networks: frozenset[str], wrong: Any) -> Place | None:
    column = "postcode" if cells.get("postcode") else "place"
    found = gazetteer.resolve(f"{cells.get('postcode', '')} {cells.get('place', '')}".strip())
    if isinstance(found, Found):
        if found.place.network in networks:
            return found.place
        theirs = network(found.place.network).name_nl
        wrong(
            column,
            _(
                "This place belongs to the network %(network)s. Only its coordinator can add people there.",
                network=theirs,
            ),
        )
    elif isinstance(found, Ambiguous):
        wrong(column, _("Several places have this name or postcode. Write the postcode and the name."))
    elif found.outside:
        wrong(column, _("This postcode does not lie in Flanders or Brussels."))
    else:
        wrong(column, _("We do not know this place. Check the postcode and the name."))
    return None


@cache
def _language_tags() -> dict[str, str]:
    """Folded name of a language, in Dutch, English, French or itself, to its tag."""
    tags = {fold(name): tag for tag, name in OWN_NAMES.items()}
    for locale in ("fr", "en", "nl"):
        tags.update({fold(language_name(tag, locale)): tag for tag in SPOKEN})
    return tags | {tag: tag for tag in SPOKEN}


def _languages(text: str) -> tuple[list[str], list[str]]:
    """Tags of the languages that a cell names, and the words that name none. Dutch is understood and not kept."""
    known: dict[str, None] = {}
    unknown = []
    for part in filter(None, map(str.strip, _PARTS.split(text))):
        tag = _language_tags().get(fold(part))
        if tag:
            known[tag] = None
        elif fold(part) not in DUTCH:
            unknown.append(part)
    return list(known), unknown


def _interests(text: str) -> tuple[list[str], list[str]]:
    """Slugs of the interests that a cell names, and the words that name none."""
    known: dict[str, None] = {}
    unknown = []
    for part in filter(None, map(str.strip, _PARTS.split(text))):
        tags = (part.lower(),) if part.lower() in INTEREST_SLUGS else interests_in(part, LOCALE)
        known.update(dict.fromkeys(tags))
        unknown += [] if tags else [part]
    return list(known), unknown


def _number(text: str, most: int) -> tuple[int | None, list[str]]:
    digits = latin_digits(text).lower().removesuffix("km").strip()
    if digits.isascii() and digits.isdigit() and len(digits) < 6 and 1 <= int(digits) <= most:
        return int(digits), []
    return None, [text] if text else []
