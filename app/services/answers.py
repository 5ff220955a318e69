"""What people answer at registration, as the use-cases take it, and how it is written on their record.

The form has told what is wrong; here the same is refused once more for callers without a form, such as imports.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any, Self

from app.errors import Invalid
from app.i18n import lazy_gettext as _
from app.models import Buddy, Newcomer
from app.reference import gazetteer
from app.reference.languages import SPOKEN
from app.reference.writing import UNKNOWN
from app.vocabulary import DutchLevel, Gender, GenderWish, Goal, Interest, Slot
from app.vocabulary.registrations import HeardThrough, MeetingWish

LARGEST_CAPACITY = 9


@dataclass(frozen=True, kw_only=True)
class Answers:
    """What buddies and newcomers both tell. Lists are in the order of the vocabulary; empty = not told."""

    full_name: str
    postcode: str
    locality: str
    latin_name: str = ""
    call_name: str = ""
    email: str = ""
    phone: str = ""
    languages: list[str]
    interests: list[str]
    availability: list[str]
    wished_gender: str = ""
    gender: str = ""
    words: str = ""
    words_language: str = ""
    likes_words: str = ""
    likes_language: str = ""

    @classmethod
    def of(cls, given: dict[str, Any]) -> Self:
        """From all steps together; what the use-case does not need (ticks) is left. Raises Invalid when one is missing."""
        names = {item.name for item in fields(cls)}
        try:
            return cls(**{name: value for name, value in given.items() if name in names})
        except TypeError as error:
            raise Invalid(None, _("Some answers are still missing."), code="missing") from error

    @property
    def all_words(self) -> tuple[str, str | None]:
        """Own words of both questions, and the language in which they were written; `und` when it is not one."""
        both = ((self.likes_words, self.likes_language), (self.words, self.words_language))
        told = [(text, language) for text, language in both if text]
        languages = {language for _text, language in told}
        language = languages.pop() if len(languages) == 1 else UNKNOWN if languages else ""
        return "\n".join(text for text, _language in told), language or None


@dataclass(frozen=True, kw_only=True)
class BuddyAnswers(Answers):
    """What a candidate buddy tells; `max_km` in whole kilometres."""

    max_km: int | None = None
    capacity: int = 1
    meeting_wish: str = ""
    heard_through: str = ""


@dataclass(frozen=True, kw_only=True)
class NewcomerAnswers(Answers):
    """What a newcomer tells."""

    dutch_level: str
    goals: list[str]


def _known(field: str, values: Iterable[str], allowed: Iterable[str]) -> list[str]:
    """The values, each once, in the order in which they are known. Raises Invalid for others."""
    chosen, order = set(values), [str(value) for value in allowed]
    if chosen - set(order):
        raise Invalid(field, _("Choose from what is shown here."), code="unknown")
    return [value for value in order if value in chosen]


def _place(change: dict[str, Any], postcode: str, locality: str) -> None:
    try:
        place = gazetteer.place(postcode, locality)
    except LookupError as error:
        raise Invalid(
            "place",
            _("We do not know this place. Type the postcode of four figures, such as 2800."),
            code="place",
        ) from error
    change.update(
        postcode=place.postcode, locality=place.locality, municipality=place.municipality, province=place.province,
        network_slug=place.network,
    )  # fmt: skip


LISTS: dict[str, Iterable[str]] = {
    "languages": SPOKEN, "interests": list(Interest), "availability": list(Slot), "goals": list(Goal),
}  # fmt: skip
CHOICES: dict[str, Iterable[str]] = {
    "gender": list(Gender), "wished_gender": list(GenderWish), "meeting_wish": list(MeetingWish),
    "heard_through": list(HeardThrough), "dutch_level": list(DutchLevel),
}  # fmt: skip
NULLABLE = {"gender", "wished_gender", "words_language"}


def columns(given: dict[str, Any]) -> dict[str, Any]:
    """The columns of a buddy's or newcomer's record that these answers fill. Raises Invalid."""
    change: dict[str, Any] = {}
    for name, value in given.items():
        if name in LISTS:
            change[name] = _known(name, value, LISTS[name])
        elif name in CHOICES and value:
            change[name] = _known(name, [value], CHOICES[name])[0]
        elif name in NULLABLE:
            change[name] = value or None
        elif name in ("meeting_wish", "heard_through", "words", "max_km"):
            change[name] = value
    if "capacity" in given:
        if not 1 <= given["capacity"] <= LARGEST_CAPACITY:
            raise Invalid("capacity", _("Tap a number."), code="capacity")
        change["capacity"] = given["capacity"]
    if "postcode" in given:
        _place(change, given["postcode"], given["locality"])
    return change


def write(record: Buddy | Newcomer, given: dict[str, Any]) -> list[str]:
    """Write answers on a record; returns the names of the columns that changed, in order. Raises Invalid."""
    changed = [(name, value) for name, value in columns(given).items() if getattr(record, name) != value]
    for name, value in changed:
        setattr(record, name, value)
    return sorted(name for name, _value in changed)
