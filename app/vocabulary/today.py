"""What a coordinator can owe: the kinds of lines of the page Today."""

from app.i18n import lazy_pgettext
from app.vocabulary.labels import Labelled


class Owing(Labelled):
    """A kind of thing to do, named as its action."""

    SAFETY = "safety", lazy_pgettext("to do", "Somebody asks for help")
    CALL_BUDDY = "call-buddy", lazy_pgettext("to do", "Call a new candidate")
    NO_TALK = "no-talk", lazy_pgettext("to do", "Plan the first talk of a candidate")
    CALL_NEWCOMER = "call-newcomer", lazy_pgettext("to do", "Call a new newcomer")
    TALK_BUDDY = "talk-buddy", lazy_pgettext("to do", "Talk with a candidate")
    TALK_NEWCOMER = "talk-newcomer", lazy_pgettext("to do", "Talk with a newcomer")
    SCREENING = "screening", lazy_pgettext("to do", "Decide about a candidate")
    DECIDE_NEWCOMER = "decide-newcomer", lazy_pgettext("to do", "Decide about a newcomer")
    RENEW_SCREENING = "renew-screening", lazy_pgettext("to do", "Renew the screening of a buddy")
    TRAINING = "training", lazy_pgettext("to do", "Look at a training")
    WISH = "wish", lazy_pgettext("to do", "Decide about the choice of a newcomer")
    PROPOSALS = "proposals", lazy_pgettext("to do", "Judge proposals")
    PUBLISH = "publish", lazy_pgettext("to do", "Publish approved pairs")
    LOAN_ASKED = "loan-asked", lazy_pgettext("to do", "Answer a network that asks for a place")
    LOAN_OFFERED = "loan-offered", lazy_pgettext("to do", "Answer a network that lends a place")
    LOAN_LENT = "loan-lent", lazy_pgettext("to do", "Make a plan with a lent place")
    NO_ANSWER = "no-answer", lazy_pgettext("to do", "Ask why nobody answers")
    FIRST_MEETING = "first-meeting", lazy_pgettext("to do", "Help to plan the first meeting")
    AFTER_MEETING = "after-meeting", lazy_pgettext("to do", "Ask how the first meeting was")
    INSURER = "insurer", lazy_pgettext("to do", "Name the insurer of a duo")
    SILENT = "silent", lazy_pgettext("to do", "Ask a silent duo how it goes")
    CHECK_IN = "check-in", lazy_pgettext("to do", "Talk with a duo")
    PERIOD_ENDS = "period-ends", lazy_pgettext("to do", "Talk about the end of the period")
    VERIFY_ORGANISATION = "verify-organisation", lazy_pgettext("to do", "Verify a new organisation")
    CHECK_ACTIVITY = "check-activity", lazy_pgettext("to do", "Check an activity")
    CARE = "care", lazy_pgettext("to do", "Look after activities")
    SEND = "send", lazy_pgettext("to do", "Call or send a message")
    BLOCKED = "blocked", lazy_pgettext("to do", "Somebody on the block list registered")
    REVIEW_BLOCK = "review-block", lazy_pgettext("to do", "Look at a block again")
    MAIL_FAILED = "mail-failed", lazy_pgettext("to do", "A mail did not arrive")
