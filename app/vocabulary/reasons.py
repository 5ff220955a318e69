"""The matcher's codes and facts as whole sentences in the reader's language (MATCHING 2, 3 and 4).

The matcher gives codes with facts and knows no language; every page, mail and file says them with these
functions, so that no two explanations of one pair disagree. Facts that are not told give a sentence as well.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from app.i18n import active, gettext, lazy_pgettext, ngettext, people_list_text, percent
from app.reference.languages import language_name
from app.vocabulary.interests import Interest
from app.vocabulary.labels import Labelled
from app.vocabulary.people import DutchLevel
from app.vocabulary.times import Slot

Facts = Mapping[str, Any]

_MILLION = 1_000_000
# More moments than this are counted, not listed.
_LISTED = 4


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


def reason_sentence(code: str, facts: Facts) -> str:
    """A criterion of a pair, said of both people: what speaks for it, or how little does.

    `facts` are those of `matching`: `common` (tags or slots), `told`, `distance_m`, `same_province`,
    `dutch_level`. Raises KeyError for a code that is no criterion.
    """
    return _CRITERIA[Criterion(code)](facts)


def pair_sentence(code: str, facts: Facts) -> str:
    """Why these two cannot be together: the rule that is not met. Raises KeyError for an unknown code."""
    return _RULES[Rule(code)](facts)


def offer_sentence(code: str, facts: Facts) -> str:
    """A criterion said to the newcomer about an offered buddy, in few words (A2); empty when it says nothing.

    Takes the facts of `reason_sentence`. Distance is said only as near or not, never in figures.
    """
    return _OFFERS[Criterion(code)](facts)


def unmatched_sentence(reason: str) -> str:
    """Why a newcomer has no buddy yet, said to staff. Raises KeyError for an unknown reason."""
    return _UNMATCHED[Rule(reason)]()


def unlock_sentence(unlock: Facts) -> str:
    """One change that would open pairs, as in `{"change": "max_km", "to": 35, "buddies": 3}` (MATCHING 4)."""
    return _UNLOCKS[str(unlock["change"])](unlock)


def _language_names(tags: Iterable[str]) -> str:
    return people_list_text(language_name(tag, active()) for tag in tags)


def _interest_names(tags: Iterable[str]) -> str:
    return people_list_text(str(Interest(tag).label) for tag in tags)


def _slot_names(slots: Iterable[str]) -> str:
    return people_list_text(str(Slot(slot).label) for slot in slots)


def _kilometres(facts: Facts) -> int:
    return round(int(facts["distance_m"]) / 1000)


def _interests(facts: Facts) -> str:
    if not facts.get("told", True):
        return gettext("One of them has not told any interests yet.")
    if not facts["common"]:
        return gettext("They share no interests.")
    return gettext("Shared interests: %(interests)s.", interests=_interest_names(facts["common"]))


def _availability(facts: Facts) -> str:
    if not facts.get("told", True):
        return gettext("One of them has not told any free moments yet.")
    slots = tuple(facts["common"])
    if len(slots) > _LISTED:
        return ngettext(
            "They are both free at %(num)s moment of the week.",
            "They are both free at %(num)s moments of the week.",
            len(slots),
        )
    return gettext("Both free: %(moments)s.", moments=_slot_names(slots)) if slots else _no_slot(facts)


def _place(facts: Facts) -> str:
    distance = _kilometres(facts)
    if distance < 1:
        return gettext("They live less than 1 km from each other.")
    if facts.get("same_province", True):
        return gettext("They live %(distance)s km from each other.", distance=distance)
    return gettext("They live %(distance)s km from each other, in different provinces.", distance=distance)


def _languages(facts: Facts) -> str:
    tags = tuple(facts["common"])
    if not tags:
        return _no_language(facts)
    if tags == ("nl",):
        level = str(DutchLevel(facts["dutch_level"]).label)
        return gettext("Dutch is their only shared language. The newcomer's Dutch: %(level)s.", level=level)
    return gettext("Shared languages: %(languages)s.", languages=_language_names(tags))


def _too_far(facts: Facts) -> str:
    limit = min(int(facts["newcomer_max_km"]), int(facts["buddy_max_km"]))
    return gettext(
        "They live %(distance)s km from each other. One of them wants to travel at most %(limit)s km.",
        distance=_kilometres(facts),
        limit=limit,
    )


def _no_slot(_: Facts) -> str:
    return gettext("There is no moment when both are free.")


def _no_language(_: Facts) -> str:
    return gettext("They share no language.")


def _gender_wish(facts: Facts) -> str:
    if facts.get("newcomer_wish_met", False):
        return gettext("The buddy's wish about a woman or a man is not met.")
    if facts.get("buddy_wish_met", False):
        return gettext("The newcomer's wish about a woman or a man is not met.")
    return gettext("Their wishes about a woman or a man are not met.")


def _past_pair(_: Facts) -> str:
    return gettext("They were proposed to each other before.")


def _no_capacity(_: Facts) -> str:
    return gettext("This buddy has no free place now.")


def _low_score(facts: Facts) -> str:
    return gettext(
        "They fit for %(score)s. At least %(minimum)s is asked for.",
        score=percent(int(facts["score"]) / _MILLION),
        minimum=percent(int(facts["min_score"]) / _MILLION),
    )


def _no_place(_: Facts) -> str:
    return gettext("They fit, but the places go to people who have waited longer or fit better.")


def _offer_interests(facts: Facts) -> str:
    if not facts.get("told", True) or not facts["common"]:
        return ""
    return gettext("You both like: %(interests)s.", interests=_interest_names(facts["common"]))


def _offer_availability(facts: Facts) -> str:
    slots = tuple(facts["common"])
    if not facts.get("told", True) or not slots:
        return ""
    if len(slots) > _LISTED:
        return gettext("You are often free at the same time.")
    return gettext("You both have time: %(moments)s.", moments=_slot_names(slots))


def _offer_place(facts: Facts) -> str:
    # Figures from several accounts would give away where somebody lives (SECURITY T20).
    return gettext("You live close to each other.") if _kilometres(facts) <= 10 else ""


def _offer_languages(facts: Facts) -> str:
    if not facts["common"]:
        return ""
    return gettext("You both speak: %(languages)s.", languages=_language_names(facts["common"]))


def _unlock_distance(unlock: Facts) -> str:
    return ngettext(
        "With a distance of up to %(distance)s km there is %(num)s buddy.",
        "With a distance of up to %(distance)s km there are %(num)s buddies.",
        int(unlock["buddies"]),
        distance=unlock["to"],
    )


def _unlock_moment(unlock: Facts) -> str:
    return ngettext(
        "With one more free moment (%(moment)s) there is %(num)s buddy.",
        "With one more free moment (%(moment)s) there are %(num)s buddies.",
        int(unlock["buddies"]),
        moment=_slot_names([unlock["add"]]),
    )


def _unlock_language(unlock: Facts) -> str:
    return ngettext(
        "With one more language (%(language)s) there is %(num)s buddy.",
        "With one more language (%(language)s) there are %(num)s buddies.",
        int(unlock["buddies"]),
        language=_language_names([unlock["add"]]),
    )


def _unlock_wish(unlock: Facts) -> str:
    return ngettext(
        "Without the wish about a woman or a man there is %(num)s buddy.",
        "Without the wish about a woman or a man there are %(num)s buddies.",
        int(unlock["buddies"]),
    )


_CRITERIA: Mapping[Criterion, Callable[[Facts], str]] = {
    Criterion.INTERESTS: _interests,
    Criterion.AVAILABILITY: _availability,
    Criterion.PLACE: _place,
    Criterion.LANGUAGES: _languages,
}

_OFFERS: Mapping[Criterion, Callable[[Facts], str]] = {
    Criterion.INTERESTS: _offer_interests,
    Criterion.AVAILABILITY: _offer_availability,
    Criterion.PLACE: _offer_place,
    Criterion.LANGUAGES: _offer_languages,
}

_RULES: Mapping[Rule, Callable[[Facts], str]] = {
    Rule.TOO_FAR: _too_far,
    Rule.NO_SLOT: _no_slot,
    Rule.NO_LANGUAGE: _no_language,
    Rule.GENDER_WISH: _gender_wish,
    Rule.PAST_PAIR: _past_pair,
    Rule.NO_CAPACITY: _no_capacity,
    Rule.LOW_SCORE: _low_score,
    Rule.NO_PLACE: _no_place,
}

_UNMATCHED: Mapping[Rule, Callable[[], str]] = {
    Rule.TOO_FAR: lambda: gettext("No buddy lives close enough."),
    Rule.NO_SLOT: lambda: gettext("No buddy has time at the same moments."),
    Rule.NO_LANGUAGE: lambda: gettext("No buddy speaks the same language."),
    Rule.GENDER_WISH: lambda: gettext("No buddy meets the wish about a woman or a man."),
    Rule.PAST_PAIR: lambda: gettext("The buddies who fit were proposed before."),
    Rule.NO_CAPACITY: lambda: gettext("The buddies who fit have no free place."),
    Rule.LOW_SCORE: lambda: gettext("No buddy fits well enough."),
    Rule.NO_PLACE: lambda: gettext("There are buddies who fit, but all their places are taken."),
}

_UNLOCKS: Mapping[str, Callable[[Facts], str]] = {
    "max_km": _unlock_distance,
    "availability": _unlock_moment,
    "languages": _unlock_language,
    "wish": _unlock_wish,
}
