"""What a newcomer who waits could change, said in few and simple words (A2).

Never with figures: how far the nearest buddy lives, asked from several accounts, would give away where (SECURITY T20).
And never as a promise: who could be with a buddy may still wait for a place.
"""

from collections.abc import Callable, Mapping

from app.i18n import gettext
from app.vocabulary.facts import Facts, language_names, slot_names


def chance_sentence(unlock: Facts) -> str:
    """One change of the matcher (`max_km`, `availability`, `languages`, `wish`), said to the newcomer."""
    return _CHANCES[str(unlock["change"])](unlock)


def _farther(_: Facts) -> str:
    return gettext("Can you travel farther? Then there may be a buddy for you. Call us.")


def _moment(unlock: Facts) -> str:
    return gettext(
        "Are you also free at this moment: %(moment)s? Then there may be a buddy for you.",
        moment=slot_names([unlock["add"]]),
    )


def _language(unlock: Facts) -> str:
    return gettext(
        "Do you also speak this language: %(language)s? Then there may be a buddy for you.",
        language=language_names([unlock["add"]]),
    )


def _wish(_: Facts) -> str:
    return gettext("Without your wish for a woman or a man there may be a buddy for you. You decide.")


_CHANCES: Mapping[str, Callable[[Facts], str]] = {
    "max_km": _farther,
    "availability": _moment,
    "languages": _language,
    "wish": _wish,
}
