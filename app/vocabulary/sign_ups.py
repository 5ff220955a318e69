"""Where somebody stands who wants to come to an activity, and whether somebody was there."""

from enum import StrEnum

from app.i18n import lazy_pgettext
from app.vocabulary.labels import Labelled


class SignUpState(Labelled):
    """Where a sign-up for an activity stands."""

    JOINED = "joined", lazy_pgettext("state of a sign-up", "Has a place")
    WAITING = "waiting", lazy_pgettext("state of a sign-up", "On the waiting list")
    STOPPED = "stopped", lazy_pgettext("state of a sign-up", "Stopped")


class PresenceState(StrEnum):
    """What is known of one person at one time of an activity."""

    EXCUSED = "excused"  # said before that this one time is not possible
    CAME = "came"  # the contact person says so: the hours are confirmed
    MISSED = "missed"  # costs no hours, and nothing else
