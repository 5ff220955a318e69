"""Who people are here: roles, states, level of Dutch, wishes, province, agency."""

from app.i18n import lazy_pgettext
from app.vocabulary.labels import Labelled


class Role(Labelled):
    """What an account may be (DOMAIN 3a, as narrowed by the first release)."""

    BUDDY = "buddy", lazy_pgettext("role", "Buddy")
    NEWCOMER = "newcomer", lazy_pgettext("role", "Newcomer")
    COUNSELLOR = "counsellor", lazy_pgettext("role", "Trajectory counsellor")
    COORDINATOR = "coordinator", lazy_pgettext("role", "Coordinator")
    ORGANISATION = "organisation", lazy_pgettext("role", "Organisation")
    HELPER = "helper", lazy_pgettext("role", "Helper")
    ADMINISTRATOR = "administrator", lazy_pgettext("role", "Administrator")


class DutchLevel(Labelled):
    """How much Dutch a newcomer speaks, in the words of the five faces (EXPERIENCE, newcomer)."""

    NONE = "none", lazy_pgettext("level of Dutch", "Nothing yet")
    A1 = "a1", lazy_pgettext("level of Dutch", "A few words")
    A2 = "a2", lazy_pgettext("level of Dutch", "Simple sentences")
    B1 = "b1", lazy_pgettext("level of Dutch", "Quite well")
    B2 = "b2", lazy_pgettext("level of Dutch", "Well")


class Gender(Labelled):
    """What a person says of the own gender, asked only beside the wish about the other's; never shown."""

    F = "f", lazy_pgettext("gender", "Woman")
    M = "m", lazy_pgettext("gender", "Man")
    X = "x", lazy_pgettext("gender", "Other")


class GenderWish(Labelled):
    """With whom a person wants to be; the empty value is no wish, as in the matcher's tables (MATCHING 1)."""

    NONE = "", lazy_pgettext("wish about the other person", "No wish")
    F = "f", lazy_pgettext("wish about the other person", "With a woman")
    M = "m", lazy_pgettext("wish about the other person", "With a man")


class Province(Labelled):
    """The five Flemish provinces and Brussels; in Dutch exactly as in the published table (DOMAIN F1)."""

    ANTWERPEN = "antwerpen", lazy_pgettext("province", "Antwerp")
    BRUSSEL = "brussel", lazy_pgettext("province", "Brussels-Capital Region")
    LIMBURG = "limburg", lazy_pgettext("province", "Limburg")
    OOST_VLAANDEREN = "oost-vlaanderen", lazy_pgettext("province", "East Flanders")
    VLAAMS_BRABANT = "vlaams-brabant", lazy_pgettext("province", "Flemish Brabant")
    WEST_VLAANDEREN = "west-vlaanderen", lazy_pgettext("province", "West Flanders")


class Obligation(Labelled):
    """Whether the trajectory is a duty; set by the counsellor only (DOMAIN R17, R18)."""

    OBLIGED = "obliged", lazy_pgettext("status of a newcomer", "Obliged")
    ENTITLED = "entitled", lazy_pgettext("status of a newcomer", "Entitled")


class Agency(Labelled):
    """The three agencies of civic integration (DOMAIN 1b)."""

    AGII = "agii", lazy_pgettext("agency", "AgII")
    ATLAS = "atlas", lazy_pgettext("agency", "Atlas (Antwerp)")
    AMAL = "amal", lazy_pgettext("agency", "Amal (Ghent)")


class BuddyState(Labelled):
    """Where a buddy stands (DOMAIN 6a); whether a place is free is counted, not stored."""

    REGISTERED = "registered", lazy_pgettext("state of a buddy", "Registered")
    VERIFIED = "verified", lazy_pgettext("state of a buddy", "Address confirmed")
    INTAKE_PLANNED = "intake_planned", lazy_pgettext("state of a buddy", "First talk planned")
    SCREENING = "screening", lazy_pgettext("state of a buddy", "After the first talk")
    APPROVED = "approved", lazy_pgettext("state of a buddy", "Ready")
    LAPSED = "lapsed", lazy_pgettext("state of a buddy", "Screening to renew")
    AWAY = "away", lazy_pgettext("state of a buddy", "Does not answer")
    PAUSED = "paused", lazy_pgettext("state of a buddy", "Taking a break")
    LEFT = "left", lazy_pgettext("state of a buddy", "Stopped")
    REJECTED = "rejected", lazy_pgettext("state of a buddy", "Not accepted")


class NewcomerState(Labelled):
    """Where a newcomer stands on the way to a buddy (DOMAIN 6b)."""

    REGISTERED = "registered", lazy_pgettext("state of a newcomer", "Registered")
    INTAKE_PLANNED = "intake_planned", lazy_pgettext("state of a newcomer", "First talk planned")
    READY = "ready", lazy_pgettext("state of a newcomer", "Ready")
    WAITING = "waiting", lazy_pgettext("state of a newcomer", "Waiting for a buddy")
    PROPOSED = "proposed", lazy_pgettext("state of a newcomer", "A buddy is proposed")
    IN_DUO = "in_duo", lazy_pgettext("state of a newcomer", "Has a buddy")
    COMPLETED = "completed", lazy_pgettext("state of a newcomer", "Finished")
    ADVISED_OTHER_OFFER = (
        "advised_other_offer",
        lazy_pgettext("state of a newcomer", "First another activity"),
    )
    LEFT = "left", lazy_pgettext("state of a newcomer", "Stopped")
