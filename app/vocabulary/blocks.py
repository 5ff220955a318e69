"""The block list: why somebody may not be registered again, and what was decided about who did; seen by staff only."""

from app.i18n import lazy_pgettext
from app.vocabulary.labels import Labelled


class BlockReason(Labelled):
    """Why somebody may not be registered again."""

    SAFETY = "safety", lazy_pgettext("reason of a block", "Safety of somebody else")
    RULES = "rules", lazy_pgettext("reason of a block", "Did not keep to the agreements")
    FALSE = "false", lazy_pgettext("reason of a block", "Gave a false name or false answers")
    OTHER = "other", lazy_pgettext("reason of a block", "Another reason")


class HitOutcome(Labelled):
    """What a coordinator decided about somebody who registered while on the block list."""

    REFUSED = "refused", lazy_pgettext("decision about a block", "Not accepted")
    ADMITTED = "admitted", lazy_pgettext("decision about a block", "May go on")
