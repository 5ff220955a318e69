"""The talks of an intake; seen by staff only."""

from app.i18n import lazy_pgettext
from app.vocabulary.labels import Labelled


class TalkState(Labelled):
    """Where a talk stands."""

    PLANNED = "planned", lazy_pgettext("state of a talk", "Planned")
    HELD = "held", lazy_pgettext("state of a talk", "Held")
    CANCELLED = "cancelled", lazy_pgettext("state of a talk", "Did not take place")
