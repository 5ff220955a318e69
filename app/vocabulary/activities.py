"""How much Dutch an activity asks for, in words that somebody who looks for one understands; and pictures of its kind."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from app.i18n import lazy_pgettext
from app.vocabulary.labels import Labelled
from app.vocabulary.together import OfferKind


class NeededDutch(Labelled):
    """The least Dutch that makes an activity pleasant; the values are those of DutchLevel."""

    NONE = "none", lazy_pgettext("Dutch needed for an activity", "every level")
    A1 = "a1", lazy_pgettext("Dutch needed for an activity", "beginner")
    A2 = "a2", lazy_pgettext("Dutch needed for an activity", "a little Dutch")
    B1 = "b1", lazy_pgettext("Dutch needed for an activity", "quite good Dutch")
    B2 = "b2", lazy_pgettext("Dutch needed for an activity", "good Dutch")


KIND_ICONS: Final[Mapping[OfferKind, str]] = MappingProxyType(
    {
        OfferKind.CONVERSATION_GROUP: "messages-square",
        OfferKind.VOLUNTEERING: "sprout",
        OfferKind.COURSE: "graduation-cap",
        OfferKind.SOCIOCULTURAL_ASSOCIATION: "drama",
        OfferKind.SPORT: "volleyball",
        OfferKind.OTHER: "shapes",
        OfferKind.BUDDY: "users",
        OfferKind.INFORMAL_PARTICIPATION: "coffee",
        OfferKind.WORK_PLACEMENT: "briefcase",
    }
)
"""Names of the pictures of the nine kinds (lucide)."""
