"""What an administrator did with a remark about a sentence."""

from app.forms.base import Form, WordsField
from app.forms.fields import OneField
from app.forms.remarks import LONGEST_SENTENCE
from app.i18n import lazy_gettext as _
from app.vocabulary.labels import choices
from app.vocabulary.remarks import RemarkState

SETTLED = [(value, words) for value, words in choices(RemarkState) if value != RemarkState.NEW]


class SettleForm(Form):
    """What became of a remark."""

    state = OneField(_("What did you do with it?"), SETTLED, required=_("Choose what you did with it."))
    reason = WordsField(_("Why?"), longest=LONGEST_SENTENCE)
