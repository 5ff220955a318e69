"""What a reader says about a sentence that is not right."""

from wtforms import HiddenField

from app.forms.base import Form, LineField, NameField, WordsField
from app.i18n import lazy_gettext as _

LONGEST_SENTENCE = 1000


class RemarkForm(Form):
    """A sentence that is not right. Only the sentence is needed."""

    sentence = WordsField(_("Which sentence is not right?"), required=True, longest=LONGEST_SENTENCE)
    better = WordsField(_("What should it be?"), longest=LONGEST_SENTENCE)
    page = LineField(_("On which page?"), longest=300)
    contact = NameField(_("Your name, e-mail or telephone"), required=False)
    back = HiddenField()
