"""From a row of a list to a candidate buddy, or to what is wrong with it and what to do."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from app.i18n import Lazy, latin_digits
from app.i18n import lazy_gettext as _
from app.reference import gazetteer
from app.reference.folding import fold
from app.reference.gazetteer import Ambiguous, Found, Place
from app.reference.interests import INTEREST_SLUGS
from app.reference.languages import OWN_NAMES, SPOKEN, language_name
from app.reference.networks import network
from app.security.identity import names_national_number, tidy, tidy_email, tidy_phone
from app.services.buddy_lists import Row, Trouble
from app.services.matchmaking import interests_in

LONGEST_NAME = 200
FARTHEST_KM = 200
MOST_PLACES = 9
LOCALE = "nl"  # of our messages to somebody who stood on a list; the buddy can change it
DUTCH = frozenset({"nederlands", "dutch", "vlaams", "flemish", "nl", "neerlandais"})

_PARTS = re.compile(r"[,;/|\n•]+|\s+(?:en|and|et|&)\s+")


@dataclass(frozen=True)
class Candidate:
    """A row that can be taken over. `left_out` are the words of it that we did not understand."""

    line: int
    person: Mapping[str, Any]
    buddy: Mapping[str, Any]
    left_out: tuple[str, ...] = ()


def candidate_of(row: Row, networks: frozenset[str]) -> Candidate | list[Trouble]:
    """The candidate of a row, or everything that is wrong with it. Rows outside these networks are wrong."""
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
    if any(names_national_number(cell) for cell in row.raw if cell.strip() != row.cells.get("phone")):
        wrong("", _("Take out the national register number. We may not keep it."))
    if troubles or place is None:
        return troubles
    languages, other_languages = _languages(cells.get("languages", ""))
    interests, other_interests = _interests(cells.get("interests", ""))
    max_km, other_km = _number(cells.get("max_km", ""), FARTHEST_KM)
    capacity, other_capacity = _number(cells.get("capacity", ""), MOST_PLACES)
    words = cells.get("words", "")
    return Candidate(
        row.line,
        {
            "full_name": name, "call_name": " ".join(cells.get("call_name", "").split()), "locale": LOCALE,
            "email": email, "phone": phone,
        },
        {
            "postcode": place.postcode, "locality": place.locality, "municipality": place.municipality,
            "province": place.province, "network_slug": place.network, "languages": languages,
            "interests": interests, "max_km": max_km, "capacity": capacity or 1, "words": words,
            "words_language": LOCALE if words else None,
        },
        tuple(other_languages + other_interests + other_km + other_capacity),
    )  # fmt: skip


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
