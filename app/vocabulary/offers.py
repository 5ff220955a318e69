"""Why a buddy is offered, said to the newcomer in few and simple words (A2); never with figures of distance."""

from collections.abc import Callable, Mapping

from app.i18n import gettext
from app.vocabulary.facts import (
    LISTED,
    Criterion,
    Facts,
    interest_names,
    kilometres,
    language_names,
    slot_names,
)

_NEAR_KM = 10


def offer_sentence(code: str, facts: Facts) -> str:
    """A criterion said to the newcomer about an offered buddy, in few words (A2); empty when it says nothing.

    Takes the facts of `reason_sentence`. Distance is said only as near or not, never in figures.
    """
    return _OFFERS[Criterion(code)](facts)


def _offer_interests(facts: Facts) -> str:
    if not facts.get("told", True) or not facts["common"]:
        return ""
    return gettext("You both like: %(interests)s.", interests=interest_names(facts["common"]))


def _offer_availability(facts: Facts) -> str:
    slots = tuple(facts["common"])
    if not facts.get("told", True) or not slots:
        return ""
    if len(slots) > LISTED:
        return gettext("You are often free at the same time.")
    return gettext("You both have time: %(moments)s.", moments=slot_names(slots))


def _offer_place(facts: Facts) -> str:
    # Figures from several accounts would give away where somebody lives (SECURITY T20).
    return gettext("You live close to each other.") if kilometres(facts) <= _NEAR_KM else ""


def _offer_languages(facts: Facts) -> str:
    if not facts["common"]:
        return ""
    return gettext("You both speak: %(languages)s.", languages=language_names(facts["common"]))


_OFFERS: Mapping[Criterion, Callable[[Facts], str]] = {
    Criterion.INTERESTS: _offer_interests,
    Criterion.AVAILABILITY: _offer_availability,
    Criterion.PLACE: _offer_place,
    Criterion.LANGUAGES: _offer_languages,
}
