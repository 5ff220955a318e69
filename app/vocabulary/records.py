"""How records stand: links, runs, proofs, messages, answers. Those that people see have words."""

from enum import StrEnum

from app.i18n import lazy_pgettext
from app.vocabulary.labels import Labelled


class LinkPurpose(StrEnum):
    """What a secret link opens."""

    CONFIRM_ADDRESS = "confirm_address"
    RESET_PASSWORD = "reset_password"  # noqa: S105
    SIGN_IN = "sign_in"
    INVITATION = "invitation"
    CONFIRM_HOURS = "confirm_hours"
    LINK_COUNSELLOR = "link_counsellor"
    ANSWER_DUO = "answer_duo"
    STILL_AVAILABLE = "still_available"
    REPORT_DUO = "report_duo"
    GOES_ON = "goes_on"
    LEAVE_ACTIVITY = "leave_activity"
    WHO_COMES = "who_comes"
    STAY = "stay"
    SECOND_FACTOR = "second_factor"  # no address: a browser that showed the first one


class Subject(StrEnum):
    """What a transition or an audit entry is about."""

    BUDDY = "buddy"
    NEWCOMER = "newcomer"
    PROPOSAL = "proposal"
    DUO = "duo"
    HOUR_ENTRY = "hour_entry"
    PROOF = "proof"
    OFFER = "offer"
    ORGANISATION = "organisation"
    SIGN_UP = "sign_up"


class RunState(Labelled):
    """Where a run of the matcher stands."""

    QUEUED = "queued", lazy_pgettext("state of a run", "Waiting to start")
    RUNNING = "running", lazy_pgettext("state of a run", "Busy")
    DONE = "done", lazy_pgettext("state of a run", "Done")
    FAILED = "failed", lazy_pgettext("state of a run", "Did not succeed")
    STOPPED = "stopped", lazy_pgettext("state of a run", "Stopped by hand")


class RunStage(Labelled):
    """What a run of the matcher is doing; the values in the middle are those that the matcher reports."""

    READ = "read", lazy_pgettext("stage of a run", "We read who waits and who has a free place.")
    CANDIDATES = "candidates", lazy_pgettext("stage of a run", "We look for the pairs that are possible.")
    SOLVE = "solve", lazy_pgettext("stage of a run", "We look for the best plan for everybody together.")
    PRICE = "price", lazy_pgettext("stage of a run", "We check that no better plan exists.")
    EXPLAIN = "explain", lazy_pgettext("stage of a run", "We write down the reasons.")


class Answer(Labelled):
    """What one of two people says, in private."""

    YES = "yes", lazy_pgettext("answer", "Yes")
    NO = "no", lazy_pgettext("answer", "No")


class Available(StrEnum):
    """What a buddy says who is asked: are you still available?"""

    YES = "yes"
    LATER = "later"  # a break first


class ProofState(Labelled):
    """Where a proof of participation stands (DOMAIN 6d)."""

    OPEN = "open", lazy_pgettext("state of a proof", "Open")
    SIGNED = "signed", lazy_pgettext("state of a proof", "Signed")
    ACCEPTED = "accepted", lazy_pgettext("state of a proof", "Accepted")
    IN_VERIFICATION = "in_verification", lazy_pgettext("state of a proof", "Being checked")
    RETURNED = "returned", lazy_pgettext("state of a proof", "Returned")


class Channel(Labelled):
    """How a message reaches somebody."""

    MAIL = "mail", lazy_pgettext("channel", "E-mail")
    TASK = "task", lazy_pgettext("channel", "Call or send")


class MessageState(Labelled):
    """Where a message stands."""

    QUEUED = "queued", lazy_pgettext("state of a message", "To be sent")
    SENT = "sent", lazy_pgettext("state of a message", "Sent")
    FAILED = "failed", lazy_pgettext("state of a message", "Not delivered")
    DONE = "done", lazy_pgettext("state of a message", "Done by hand")
