"""A trajectory in words for staff: how it stands, and the parts of its history."""

from app.i18n import Lazy, lazy_gettext, lazy_pgettext
from app.vocabulary.labels import Labelled

# By the names of app.queries.trajectories.Risk, where the measure is.
RISK_WORDS: dict[str, Lazy] = {
    "TERM_OVER": lazy_gettext("The term is over"),
    "HARD": lazy_gettext("Runs out of time"),
    "TIGHT": lazy_gettext("Tight"),
    "ON_TRACK": lazy_gettext("On track"),
    "NO_CONTRACT": lazy_gettext("No contract written down"),
    "NOT_IN_CONTRACT": lazy_gettext("Not in the contract"),
    "EXEMPT": lazy_pgettext("state of a trajectory", "Exempt"),
    "REACHED": lazy_gettext("All hours accepted"),
}


class Part(Labelled):
    """The parts of a history that can be looked at alone."""

    CONTRACT = "contract", lazy_gettext("Contract")
    HOURS = "hours", lazy_gettext("Hours told")
    ANSWERS = "answers", lazy_gettext("Answers of contact persons")
    DECISIONS = "decisions", lazy_gettext("Decisions")
    LETTERS = "letters", lazy_gettext("Messages")
    BUDDY = "buddy", lazy_gettext("Newcomer and duo")
