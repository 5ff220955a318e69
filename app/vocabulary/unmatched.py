"""Why a newcomer has no buddy yet, and which single changes would open a pair (MATCHING 4)."""

from collections.abc import Callable, Mapping

from app.i18n import gettext, ngettext
from app.vocabulary.facts import Facts, Rule, language_names, slot_names


def unmatched_sentence(reason: str) -> str:
    """Why a newcomer has no buddy yet, said to staff. Raises ValueError for an unknown reason."""
    return _UNMATCHED[Rule(reason)]()


def unlock_sentence(unlock: Facts) -> str:
    """One change that would open pairs, as in `{"change": "max_km", "to": 35, "buddies": 3}` (MATCHING 4)."""
    return _UNLOCKS[str(unlock["change"])](unlock)


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
        moment=slot_names([unlock["add"]]),
    )


def _unlock_language(unlock: Facts) -> str:
    return ngettext(
        "With one more language (%(language)s) there is %(num)s buddy.",
        "With one more language (%(language)s) there are %(num)s buddies.",
        int(unlock["buddies"]),
        language=language_names([unlock["add"]]),
    )


def _unlock_wish(unlock: Facts) -> str:
    return ngettext(
        "Without the wish about a woman or a man there is %(num)s buddy.",
        "Without the wish about a woman or a man there are %(num)s buddies.",
        int(unlock["buddies"]),
    )


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
