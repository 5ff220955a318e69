"""What the matcher's codes are called, and how its facts are written out: languages, interests, moments, distance."""

from collections.abc import Iterable, Mapping
from typing import Any

from app.i18n import active, lazy_pgettext, people_list_text
from app.reference.languages import language_name
from app.vocabulary.interests import Interest
from app.vocabulary.labels import Labelled
from app.vocabulary.times import Slot

Facts = Mapping[str, Any]
"""What the matcher says about a rule, a criterion or a change: names with plain values."""

LISTED = 4
"""More moments than this are counted, not listed."""


class Criterion(Labelled):
    """What makes up the score of a pair."""

    INTERESTS = "interests", lazy_pgettext("criterion", "Interests")
    AVAILABILITY = "availability", lazy_pgettext("criterion", "Free moments")
    PLACE = "place", lazy_pgettext("criterion", "Place")
    LANGUAGES = "languages", lazy_pgettext("criterion", "Languages")


class Rule(Labelled):
    """What can stand between two people, and `no_place`: nothing does, but all places are taken."""

    TOO_FAR = "too_far", lazy_pgettext("rule", "Distance")
    NO_SLOT = "no_slot", lazy_pgettext("rule", "Shared moment")
    NO_LANGUAGE = "no_language", lazy_pgettext("rule", "Shared language")
    GENDER_WISH = "gender_wish", lazy_pgettext("rule", "Wish about a woman or a man")
    PAST_PAIR = "past_pair", lazy_pgettext("rule", "Proposed before")
    NO_CAPACITY = "no_capacity", lazy_pgettext("rule", "Free place")
    LOW_SCORE = "low_score", lazy_pgettext("rule", "Fits well enough")
    NO_PLACE = "no_place", lazy_pgettext("rule", "All places taken")


def language_names(tags: Iterable[str]) -> str:
    """Language tags as a list of names."""
    return people_list_text(language_name(tag, active()) for tag in tags)


def interest_names(tags: Iterable[str]) -> str:
    """Interests as a list of words."""
    return people_list_text(str(Interest(tag).label) for tag in tags)


def slot_names(slots: Iterable[str]) -> str:
    """Moments of the week as a list of words."""
    return people_list_text(str(Slot(slot).label) for slot in slots)


def kilometres(facts: Facts) -> int:
    """The distance of a pair in whole kilometres."""
    return round(int(facts["distance_m"]) / 1000)
