"""What a newcomer says about buddies who are shown to choose from."""

from app.i18n import lazy_pgettext
from app.vocabulary.labels import Labelled


class NoneReason(Labelled):
    """Why a newcomer chooses none of the buddies shown; nobody has to say it, and no buddy hears it."""

    TOO_FAR = "too_far", lazy_pgettext("reason", "Too far away")
    INTERESTS = "interests", lazy_pgettext("reason", "We like different things")
    MOMENTS = "moments", lazy_pgettext("reason", "I have no time at those moments")
    NOT_NOW = "not_now", lazy_pgettext("reason", "I do not want a buddy now")
    OTHER = "other", lazy_pgettext("reason", "Another reason")
