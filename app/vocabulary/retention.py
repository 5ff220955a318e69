"""What is kept for a time and then let go of, and for how many days when nothing else is set."""

from app.i18n import lazy_pgettext
from app.vocabulary.labels import Labelled


class RetentionKind(Labelled):
    """Something that is kept for a number of days, counted from what the comment says."""

    REGISTRATIONS = "registrations", lazy_pgettext("kept for a time", "A registration that you do not finish")
    STOPPED = "stopped", lazy_pgettext("kept for a time", "Your name and answers, after you stop")
    ASKED_TO_STAY = (
        "asked_to_stay",
        lazy_pgettext("kept for a time", "When you do not come here: until we ask whether you stay"),
    )
    INACTIVE = (
        "inactive",
        lazy_pgettext(
            "kept for a time", "When you do not come here and do not answer: your name and answers"
        ),
    )
    HOURS = "hours", lazy_pgettext("kept for a time", "Your hours and proofs, after the end of your contract")
    LETTERS = "letters", lazy_pgettext("kept for a time", "The words of a message to you")
    SIGN_INS = "sign_ins", lazy_pgettext("kept for a time", "Where you were signed in, after it ended")
    LISTS = "lists", lazy_pgettext("kept for a time", "A list of people that staff brought in")
    SAFETY = "safety", lazy_pgettext("kept for a time", "The words of a call for help, after it is closed")
    AUDIT = "audit", lazy_pgettext("kept for a time", "Who looked at your telephone number, and who decided")
    BACKUPS = (
        "backups",
        lazy_pgettext("kept for a time", "Copies for safety. Who was deleted is deleted there too"),
    )


FIRST_DAYS = {
    RetentionKind.REGISTRATIONS: 30,
    RetentionKind.STOPPED: 183,
    RetentionKind.ASKED_TO_STAY: 365,
    RetentionKind.INACTIVE: 548,
    RetentionKind.HOURS: 365,
    RetentionKind.LETTERS: 7,
    RetentionKind.SIGN_INS: 30,
    RetentionKind.LISTS: 7,
    RetentionKind.SAFETY: 365,
    RetentionKind.AUDIT: 730,
    RetentionKind.BACKUPS: 35,
}
"""The days until somebody sets others; of most kinds migration 0025 wrote them as a first row."""

LEAST_DAYS = {
    RetentionKind.AUDIT: 366, RetentionKind.HOURS: 30, RetentionKind.ASKED_TO_STAY: 90, RetentionKind.INACTIVE: 120,
}  # fmt: skip
"""Fewer days would let go of what the law or the audit log still needs; one day for all others."""

MOST_DAYS = 3_660
