"""What became of a reader's remark about a sentence."""

from app.i18n import lazy_pgettext
from app.vocabulary.labels import Labelled


class RemarkState(Labelled):
    """What became of a reader's remark about a sentence."""

    NEW = "new", lazy_pgettext("state of a remark", "New")
    MENDED = "mended", lazy_pgettext("state of a remark", "Mended")
    NOT_TAKEN = "not_taken", lazy_pgettext("state of a remark", "Not taken over")
