"""Why a candidate does not become a buddy, why staff let somebody go, how a call for help is closed; for staff only (DOMAIN 6a)."""

from app.i18n import lazy_pgettext
from app.vocabulary.labels import Labelled


class BuddyRefusal(Labelled):
    """Why a coordinator does not accept a candidate."""

    NO_ANSWER = "no_answer", lazy_pgettext("reason", "No answer to several calls")
    NO_TIME = "no_time", lazy_pgettext("reason", "Not enough time")
    EXPECTATIONS = "expectations", lazy_pgettext("reason", "Expects something else")
    UNDER_AGE = "under_age", lazy_pgettext("reason", "Younger than 18")
    NO_EXTRACT = "no_extract", lazy_pgettext("reason", "No extract shown, and minors are involved")
    SAFETY = "safety", lazy_pgettext("reason", "Safety")
    OTHER = "other", lazy_pgettext("reason", "Another reason")


class LetGoReason(Labelled):
    """Why a coordinator notes that a buddy or newcomer stops."""

    ASKED = "asked", lazy_pgettext("reason", "Asked to stop")
    NO_ANSWER = "no_answer", lazy_pgettext("reason", "No answer to several calls")
    MOVED = "moved", lazy_pgettext("reason", "Moved to another town")
    TWICE = "twice", lazy_pgettext("reason", "Registered twice")
    SAFETY = "safety", lazy_pgettext("reason", "Safety")
    OTHER = "other", lazy_pgettext("reason", "Another reason")


class SafetyOutcome(Labelled):
    """How it is closed."""

    GO_ON = "go_on", lazy_pgettext("outcome of a report", "They may have contact again")
    END = "end", lazy_pgettext("outcome of a report", "The duo ends")
    BLOCK_BUDDY = (
        "block_buddy",
        lazy_pgettext("outcome of a report", "The duo ends, and the buddy takes part no more"),
    )
    BLOCK_NEWCOMER = (
        "block_newcomer",
        lazy_pgettext("outcome of a report", "The duo ends, and the newcomer gets no buddy any more"),
    )
