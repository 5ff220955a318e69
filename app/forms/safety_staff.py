"""What who handles a call for help fills in."""

from wtforms import RadioField
from wtforms.validators import InputRequired

from app.forms.base import Form, WordsField, options
from app.i18n import lazy_gettext as _
from app.vocabulary import choices
from app.vocabulary.screening import SafetyOutcome


class SafetyNoteForm(Form):
    """What was said or done."""

    words = WordsField(_("Note about a talk or a step"), longest=2000)


class CloseForm(Form):
    """How it ends."""

    outcome = RadioField(
        _("What do you decide?"),
        [InputRequired(_("Choose what you decide."))],
        choices=options(choices(SafetyOutcome)),
    )
