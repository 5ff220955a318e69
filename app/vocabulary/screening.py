"""Why a candidate does not become a buddy and why staff let somebody go; seen by staff only (DOMAIN 6a)."""

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
