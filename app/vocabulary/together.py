"""What people do together and how it goes: kinds of offer, proposals, duos, hours, and reasons for a no."""

from app.i18n import lazy_pgettext
from app.vocabulary.labels import Labelled


class OfferKind(Labelled):
    """The nine kinds of offer in the order of the minister's answer; in Dutch exactly as there (DOMAIN 3c)."""

    CONVERSATION_GROUP = "conversation_group", lazy_pgettext("kind of offer", "Conversation group")
    VOLUNTEERING = "volunteering", lazy_pgettext("kind of offer", "Volunteering")
    COURSE = "course", lazy_pgettext("kind of offer", "Course")
    SOCIOCULTURAL_ASSOCIATION = (
        "sociocultural_association",
        lazy_pgettext("kind of offer", "Social and cultural association"),
    )
    SPORT = "sport", lazy_pgettext("kind of offer", "Sport")
    OTHER = "other", lazy_pgettext("kind of offer", "Other")
    BUDDY = "buddy", lazy_pgettext("kind of offer", "Buddy programme")
    INFORMAL_PARTICIPATION = (
        "informal_participation",
        lazy_pgettext("kind of offer", "Informal participation"),
    )
    WORK_PLACEMENT = "work_placement", lazy_pgettext("kind of offer", "Work placement")


class ProposalState(Labelled):
    """What became of a proposed pair (EXPERIENCE, from proposal to duo)."""

    SUGGESTED = "suggested", lazy_pgettext("state of a proposal", "Proposed")
    OFFERED = "offered", lazy_pgettext("state of a proposal", "Shown to the newcomer")
    HELD = "held", lazy_pgettext("state of a proposal", "On hold")
    APPROVED = "approved", lazy_pgettext("state of a proposal", "Approved")
    REFUSED = "refused", lazy_pgettext("state of a proposal", "Refused")
    LAPSED = "lapsed", lazy_pgettext("state of a proposal", "No longer valid")


class DuoState(Labelled):
    """Where a duo stands, from the question to both until its end."""

    ASKED = "asked", lazy_pgettext("state of a duo", "Both are asked")
    MEETING = "meeting", lazy_pgettext("state of a duo", "First meeting")
    ACTIVE = "active", lazy_pgettext("state of a duo", "Active")
    PAUSED = "paused", lazy_pgettext("state of a duo", "Taking a break")
    FROZEN = "frozen", lazy_pgettext("state of a duo", "The coordinator calls first")
    DECLINED = "declined", lazy_pgettext("state of a duo", "Not continued")
    COMPLETED = "completed", lazy_pgettext("state of a duo", "Completed")
    ENDED = "ended", lazy_pgettext("state of a duo", "Stopped early")


class EntryState(Labelled):
    """Where an entry of hours stands (DOMAIN 6d)."""

    DRAFT = "draft", lazy_pgettext("state of hours", "Told")
    SUBMITTED = "submitted", lazy_pgettext("state of hours", "Sent to the contact person")
    CORRECTED = "corrected", lazy_pgettext("state of hours", "Corrected")
    CONFIRMED = "confirmed", lazy_pgettext("state of hours", "Confirmed")
    REFUSED = "refused", lazy_pgettext("state of hours", "Not confirmed")
    ACCEPTED = "accepted", lazy_pgettext("state of hours", "Accepted")
    REVERSED = "reversed", lazy_pgettext("state of hours", "Taken back")
    OVERDUE = "overdue", lazy_pgettext("state of hours", "No answer yet")


class ProposalRefusal(Labelled):
    """Why a coordinator does not put two people together; staff only."""

    NOT_A_FIT = "not_a_fit", lazy_pgettext("reason", "They do not fit together")
    OTHER_PLAN = "other_plan", lazy_pgettext("reason", "There is a better plan for one of them")
    WISH_NOT_MET = "wish_not_met", lazy_pgettext("reason", "A wish is not met")
    NOT_NOW = "not_now", lazy_pgettext("reason", "This is not a good time")
    KNOWN_TO_EACH_OTHER = "known_to_each_other", lazy_pgettext("reason", "They know each other already")
    SAFETY = "safety", lazy_pgettext("reason", "Safety")
    OTHER = "other", lazy_pgettext("reason", "Another reason")


class EndReason(Labelled):
    """Why a duo ended (DOMAIN 4, duo)."""

    COMPLETED = "completed", lazy_pgettext("reason", "Completed as planned")
    MISMATCH = "mismatch", lazy_pgettext("reason", "It did not click")
    MOVED = "moved", lazy_pgettext("reason", "Moved to another town")
    NO_TIME = "no_time", lazy_pgettext("reason", "Not enough time")
    DROP_OUT = "drop_out", lazy_pgettext("reason", "No contact any more")
    SAFETY = "safety", lazy_pgettext("reason", "Safety")
    OTHER = "other", lazy_pgettext("reason", "Another reason")


class Mood(Labelled):
    """How a duo is doing, as the coordinator hears it at a check-in (DOMAIN 6c)."""

    GOOD = "good", lazy_pgettext("how a duo is doing", "It goes well")
    SO_SO = "so_so", lazy_pgettext("how a duo is doing", "It could be better")
    HARD = "hard", lazy_pgettext("how a duo is doing", "It is hard")


class HoursRefusal(Labelled):
    """Why a contact person does not confirm hours (DOMAIN R16)."""

    NOT_PRESENT = "not_present", lazy_pgettext("reason", "This person was not there")
    WRONG_DATE = "wrong_date", lazy_pgettext("reason", "The date is not right")
    WRONG_LENGTH = "wrong_length", lazy_pgettext("reason", "The number of hours is not right")
    NOT_OURS = "not_ours", lazy_pgettext("reason", "This activity is not ours")
    UNKNOWN_PERSON = "unknown_person", lazy_pgettext("reason", "I do not know this person")
    OTHER = "other", lazy_pgettext("reason", "Another reason")
