"""What activities and organisations can be: level of Dutch, goals, for whom they suit, and where they stand."""

from collections.abc import Mapping
from enum import StrEnum
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


class OfferState(Labelled):
    """Where an activity of an organisation stands; what belongs to a duo or to one newcomer has no state."""

    DRAFT = "draft", lazy_pgettext("state of an activity", "Draft")
    TO_CHECK = "to_check", lazy_pgettext("state of an activity", "Being checked")
    PUBLISHED = "published", lazy_pgettext("state of an activity", "Published")
    ENDED = "ended", lazy_pgettext("state of an activity", "Over")
    TAKEN_BACK = "taken_back", lazy_pgettext("state of an activity", "Taken back")


class OfferGoal(Labelled):
    """What somebody comes for: the six goals of the platform of Flanders (DOMAIN 3c)."""

    LEARN_DUTCH = "learn-dutch", lazy_pgettext("goal of an activity", "Learn Dutch")
    BECOME_VOLUNTEER = "become-volunteer", lazy_pgettext("goal of an activity", "Become a volunteer")
    LEARN_SOMETHING = "learn-something", lazy_pgettext("goal of an activity", "Learn something new")
    MEET_PEOPLE = "meet-people", lazy_pgettext("goal of an activity", "Meet new people")
    MAKE_FRIENDS = "make-friends", lazy_pgettext("goal of an activity", "Make friends")
    PREPARE_FOR_WORK = "prepare-for-work", lazy_pgettext("goal of an activity", "Prepare for work")


class Suited(Labelled):
    """For whom an activity was thought of too."""

    CHILDREN = "children", lazy_pgettext("an activity is suited for", "Children can come along")
    WHEELCHAIR = "wheelchair", lazy_pgettext("an activity is suited for", "You can come in a wheelchair")
    READS_LITTLE = (
        "reads-little",
        lazy_pgettext("an activity is suited for", "You do not have to read or write"),
    )


class OrganisationKind(Labelled):
    """What sort of organisation it is (DOMAIN 1b, organisations that provide offer)."""

    ASSOCIATION = "association", lazy_pgettext("kind of organisation", "Association or club")
    LOCAL_AUTHORITY = (
        "local_authority",
        lazy_pgettext("kind of organisation", "Town, municipality or public service"),
    )
    SCHOOL = "school", lazy_pgettext("kind of organisation", "School")
    WELFARE = "welfare", lazy_pgettext("kind of organisation", "Welfare organisation")
    COMPANY = "company", lazy_pgettext("kind of organisation", "Company")
    OTHER = "other", lazy_pgettext("kind of organisation", "Another organisation")


class OrganisationState(Labelled):
    """Where an organisation stands; it follows from the moments that are kept."""

    REGISTERED = "registered", lazy_pgettext("state of an organisation", "E-mail address not confirmed")
    TO_VERIFY = "to_verify", lazy_pgettext("state of an organisation", "Waits for the coordinator")
    VERIFIED = "verified", lazy_pgettext("state of an organisation", "Verified")
    REFUSED = "refused", lazy_pgettext("state of an organisation", "Not accepted")


class TextMaker(StrEnum):
    """Who made the text of an activity in another language."""

    PERSON = "person"
    MACHINE = "machine"


class TextState(Labelled):
    """How far the text of an activity in another language can be trusted; computed, not stored."""

    FRESH = "fresh", lazy_pgettext("state of a translation", "Up to date")
    CHECKED = "checked", lazy_pgettext("state of a translation", "Checked")
    MACHINE_MADE = "machine_made", lazy_pgettext("state of a translation", "Made by a machine")
    OUTDATED = "outdated", lazy_pgettext("state of a translation", "Older than the Dutch text")


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
