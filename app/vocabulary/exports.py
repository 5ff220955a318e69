"""What staff take contact details away for, or look at them for: it stands in the audit log (T18)."""

from app.i18n import lazy_pgettext
from app.vocabulary.labels import Labelled


class ExportReason(Labelled):
    """What a file of people is for."""

    REACH = "reach", lazy_pgettext("what a file is for", "To call or write to these people")
    GATHERING = "gathering", lazy_pgettext("what a file is for", "For an evening or a training")
    REPORT = "report", lazy_pgettext("what a file is for", "For a report")
    OTHER = "other", lazy_pgettext("what a file is for", "Something else")


class LookReason(Labelled):
    """Why an administrator looks at how somebody is reached."""

    UNDELIVERED = "undelivered", lazy_pgettext("why contact details are looked at", "A mail did not arrive")
    ASKED = "asked", lazy_pgettext("why contact details are looked at", "This person asks for help")
    WRONG = "wrong", lazy_pgettext("why contact details are looked at", "Something looks wrong")
