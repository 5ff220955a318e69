"""The matcher's codes and facts as whole sentences in the reader's language (MATCHING 2, 3 and 4).

The matcher gives codes with facts and knows no language; every page, mail and file says them with these
functions, so that no two explanations of one pair disagree. Facts that are not told give a sentence as well.
"""

from collections.abc import Callable, Mapping

from app.i18n import gettext, ngettext, percent
from app.vocabulary.facts import (
    LISTED,
    Criterion,
    Facts,
    Rule,
    interest_names,
    kilometres,
    language_names,
    slot_names,
)
from app.vocabulary.people import DutchLevel

_MILLION = 1_000_000


def reason_sentence(code: str, facts: Facts) -> str:
    """A criterion of a pair, said of both people: what speaks for it, or how little does.

    `facts` are those of `matching`: `common` (tags or slots), `told`, `distance_m`, `same_province`,
    `dutch_level`. Raises ValueError for a code that is no criterion.
    """
    return _CRITERIA[Criterion(code)](facts)


def against_sentence(code: str, facts: Facts) -> str:
    """A criterion of a pair, said as what speaks against it. Takes the facts of `reason_sentence`."""
    criterion = Criterion(code)
    return _AGAINST.get(criterion, _CRITERIA[criterion])(facts)


def pair_sentence(code: str, facts: Facts) -> str:
    """Why these two cannot be together: the rule that is not met. Raises ValueError for an unknown code."""
    return _RULES[Rule(code)](facts)


def _interests(facts: Facts) -> str:
    if not facts.get("told", True):
        return gettext("One of them has not told any interests yet.")
    if not facts["common"]:
        return gettext("They share no interests.")
    return gettext("Shared interests: %(interests)s.", interests=interest_names(facts["common"]))


def _availability(facts: Facts) -> str:
    if not facts.get("told", True):
        return gettext("One of them has not told any free moments yet.")
    slots = tuple(facts["common"])
    if len(slots) > LISTED:
        return ngettext(
            "They are both free at %(num)s moment of the week.",
            "They are both free at %(num)s moments of the week.",
            len(slots),
        )
    return gettext("Both free: %(moments)s.", moments=slot_names(slots)) if slots else _no_slot(facts)


def _place(facts: Facts) -> str:
    distance = kilometres(facts)
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
    return gettext("Shared languages: %(languages)s.", languages=language_names(tags))


def _few_interests(facts: Facts) -> str:
    if not facts.get("told", True) or not facts["common"]:
        return _interests(facts)
    return gettext(
        "Most of their interests differ. They share only: %(interests)s.",
        interests=interest_names(facts["common"]),
    )


def _few_moments(facts: Facts) -> str:
    if not facts.get("told", True) or not facts["common"]:
        return _availability(facts)
    return ngettext(
        "They are both free at only %(num)s moment of the week.",
        "They are both free at only %(num)s moments of the week.",
        len(facts["common"]),
    )


def _too_far(facts: Facts) -> str:
    limit = min(int(facts["newcomer_max_km"]), int(facts["buddy_max_km"]))
    return gettext(
        "They live %(distance)s km from each other. One of them wants to travel at most %(limit)s km.",
        distance=kilometres(facts),
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


_CRITERIA: Mapping[Criterion, Callable[[Facts], str]] = {
    Criterion.INTERESTS: _interests,
    Criterion.AVAILABILITY: _availability,
    Criterion.PLACE: _place,
    Criterion.LANGUAGES: _languages,
}

_AGAINST: Mapping[Criterion, Callable[[Facts], str]] = {
    Criterion.INTERESTS: _few_interests,
    Criterion.AVAILABILITY: _few_moments,
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
