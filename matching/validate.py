"""What a person must look like before anything is computed; the tables and the library share these checks."""

from __future__ import annotations

import math
import re
from datetime import date
from functools import lru_cache

from matching.interests import INTEREST_BIT, SLOT_BIT
from matching.types import DUTCH_LEVELS, GENDERS, PROVINCES, WISHES, Buddy, InvalidPerson, Newcomer

MOST_KM = 1000
MOST_PLACES = 1000
LANGUAGE_TAG = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


@lru_cache(maxsize=4096)
def wrong_language(tags: tuple[str, ...]) -> str | None:
    """What is wrong with these languages, or None."""
    for tag in tags:
        if tag == "nl" or tag.startswith("nl-"):
            return "language tags other than nl: Dutch is told by dutch_level"
        if not LANGUAGE_TAG.fullmatch(tag):
            return "language tags such as ar or fr"
    return None if len(set(tags)) == len(tags) else "each language once"


@lru_cache(maxsize=65536)
def wrong_interest(tags: tuple[str, ...]) -> str | None:
    """What is wrong with these interests, or None."""
    if any(tag not in INTEREST_BIT for tag in tags):
        return "interests of the list of 40, such as swimming"
    return None if len(set(tags)) == len(tags) else "each interest once"


@lru_cache(maxsize=65536)
def wrong_slot(slots: tuple[str, ...]) -> str | None:
    """What is wrong with these moments, or None."""
    if any(slot not in SLOT_BIT for slot in slots):
        return "slots from mon-morning to sun-evening"
    return None if len(set(slots)) == len(slots) else "each slot once"


def check_newcomer(person: Newcomer, as_of: date) -> None:
    """Raise InvalidPerson when a field of the newcomer cannot be matched on."""
    _check_shared(person)
    if person.dutch_level not in DUTCH_LEVELS:
        raise InvalidPerson(person.id, "dutch_level", person.dutch_level, "one of " + ", ".join(DUTCH_LEVELS))
    if person.buddy_gender and person.buddy_gender not in WISHES:
        raise InvalidPerson(person.id, "buddy_gender", person.buddy_gender, "f, m or empty")
    if person.waiting_since is not None and person.waiting_since > as_of:
        raise InvalidPerson(person.id, "waiting_since", person.waiting_since, f"a day up to {as_of}")


def check_buddy(person: Buddy) -> None:
    """Raise InvalidPerson when a field of the buddy cannot be matched on."""
    _check_shared(person)
    if person.newcomer_gender and person.newcomer_gender not in WISHES:
        raise InvalidPerson(person.id, "newcomer_gender", person.newcomer_gender, "f, m or empty")
    if not _whole(person.capacity, MOST_PLACES):
        raise InvalidPerson(person.id, "capacity", person.capacity, f"a whole number from 0 to {MOST_PLACES}")


def _check_shared(person: Newcomer | Buddy) -> None:
    name: object = person.id
    if not isinstance(name, str) or not name:
        raise InvalidPerson(str(person.id), "id", person.id, "a non-empty text")
    for field, limit in (("lat", 90), ("lon", 180)):
        value = getattr(person, field)
        if not math.isfinite(value) or abs(value) > limit:
            raise InvalidPerson(person.id, field, value, f"degrees from -{limit} to {limit}")
    if person.province not in PROVINCES:
        raise InvalidPerson(person.id, "province", person.province, "one of " + ", ".join(PROVINCES))
    for field, wrong in (
        ("languages", wrong_language(person.languages)),
        ("interests", wrong_interest(person.interests)),
        ("availability", wrong_slot(person.availability)),
    ):
        if wrong:
            raise InvalidPerson(person.id, field, ";".join(getattr(person, field)), wrong)
    if person.max_km is not None and not _whole(person.max_km, MOST_KM):
        raise InvalidPerson(person.id, "max_km", person.max_km, f"a whole number from 0 to {MOST_KM}")
    if person.gender and person.gender not in GENDERS:
        raise InvalidPerson(person.id, "gender", person.gender, "f, m, x or empty")


def _whole(value: object, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most
