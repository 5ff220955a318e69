"""How found activities are shown and put in order, and why one fits a newcomer."""

from collections.abc import Callable, Collection, Mapping

from app.i18n import gettext, lazy_pgettext, ngettext
from app.reference.folding import fold
from app.vocabulary.activities import OfferGoal
from app.vocabulary.facts import LISTED, Criterion, Facts, interest_names, kilometres, slot_names
from app.vocabulary.labels import Labelled


class View(Labelled):
    """The three ways to look at what was found."""

    LIST = "list", lazy_pgettext("way to look at activities", "List")
    MAP = "map", lazy_pgettext("way to look at activities", "Map")
    WEEK = "week", lazy_pgettext("way to look at activities", "Week")


class Order(Labelled):
    """What stands in front."""

    FIT = "fit", lazy_pgettext("order of activities", "What fits me first")
    NEAR = "near", lazy_pgettext("order of activities", "Nearest first")
    SOON = "soon", lazy_pgettext("order of activities", "Soonest first")


def aims_in(words: Collection[str]) -> tuple[OfferGoal, ...]:
    """The goals whose name, in the language of the page, stands among these folded words; of a long name one may lack."""
    return tuple(goal for goal in OfferGoal if _named(fold(str(goal.label)).split(), words))


def _named(name: Collection[str], words: Collection[str]) -> bool:
    return sum(part not in words for part in name) <= (len(name) >= LONG_NAME)


def waiting_sentence(shortest: int, longest: int | None) -> str:
    """How long people of a network wait for a buddy, in weeks, in few words (A2); `longest` None = that is not known."""
    if longest is None:
        return ngettext(
            "In your region most people wait longer than %(num)s week for a buddy.",
            "In your region most people wait longer than %(num)s weeks for a buddy.",
            max(shortest, 1),
        )
    return ngettext(
        "In your region half of the people wait %(first)s to %(num)s week for a buddy.",
        "In your region half of the people wait %(first)s to %(num)s weeks for a buddy.",
        longest,
        first=shortest,
    )


LONG_NAME = 3
VIEW_ICONS: Mapping[View, str] = {View.LIST: "list", View.MAP: "map", View.WEEK: "calendar-days"}


def fit_sentence(code: str, facts: Facts) -> str:
    """Why an activity fits a newcomer, by one criterion of the matcher, in few words (A2); empty when it says nothing.

    Takes the facts of `reason_sentence`, as `offer_sentence` does for a buddy.
    """
    return _FITS[Criterion(code)](facts)


def _interests(facts: Facts) -> str:
    if not facts.get("told", True) or not facts["common"]:
        return ""
    return gettext("You like: %(interests)s.", interests=interest_names(facts["common"]))


def _availability(facts: Facts) -> str:
    slots = tuple(facts["common"])
    if not facts.get("told", True) or not slots:
        return ""
    if len(slots) > LISTED:
        return gettext("You often have time then.")
    return gettext("You have time then: %(moments)s.", moments=slot_names(slots))


def _place(facts: Facts) -> str:
    return gettext("It is close to you.") if kilometres(facts) <= NEAR_KM else ""


def _languages(facts: Facts) -> str:
    return gettext("Your Dutch is good enough.") if facts["common"] else ""


NEAR_KM = 10
_FITS: Mapping[Criterion, Callable[[Facts], str]] = {
    Criterion.INTERESTS: _interests,
    Criterion.AVAILABILITY: _availability,
    Criterion.PLACE: _place,
    Criterion.LANGUAGES: _languages,
}
