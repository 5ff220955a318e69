"""What a coordinator fills in about the duo of two others."""

from wtforms import RadioField

from app.forms.base import WordsField, options
from app.forms.duos import EndForm
from app.i18n import lazy_gettext as _
from app.vocabulary import choices
from app.vocabulary.records import Answer


class EndOfOthersForm(EndForm):
    """The same end, told by a coordinator about two other people."""

    goes_on = RadioField(
        _("Do they still see each other afterwards?"), choices=options(choices(Answer)), validate_choice=False
    )
    note = WordsField(_("Note for your team"), longest=500)
