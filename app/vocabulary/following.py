"""How staff follow choices and duos: where a question to a newcomer stands, and when a duo ended."""

from app.i18n import lazy_pgettext
from app.vocabulary.labels import Labelled


class WishState(Labelled):
    """Where the question to a newcomer stands, with whom of up to three buddies the newcomer wants to meet."""

    OPEN = "open", lazy_pgettext("state of a choice", "No answer yet")
    CHOSEN = "chosen", lazy_pgettext("state of a choice", "Chosen")
    NONE = "none", lazy_pgettext("state of a choice", "None of these")
    LAPSED = "lapsed", lazy_pgettext("state of a choice", "No answer in time")
    WITHDRAWN = "withdrawn", lazy_pgettext("state of a choice", "Taken back by staff")


class EndMoment(Labelled):
    """When a duo ended, against what was agreed."""

    FIRST_MONTH = "first_month", lazy_pgettext("when a duo ended", "In the first month")
    EARLY = "early", lazy_pgettext("when a duo ended", "Earlier than agreed")
    AS_AGREED = "as_agreed", lazy_pgettext("when a duo ended", "At the agreed time or later")
