"""What who handles a call for help fills in."""

from markupsafe import Markup
from wtforms import RadioField
from wtforms.validators import InputRequired, Optional

from app.forms.base import Form, WordsField, names, options
from app.i18n import lazy_gettext as _
from app.vocabulary import Role, choices
from app.vocabulary.safety import SafetyKind
from app.vocabulary.screening import SafetyOutcome


class SafetyNoteForm(Form):
    """What was said or done."""

    words = WordsField(_("Note about a talk or a step"), longest=2000)


class StopContactForm(Form):
    """Who of the two told something, and what; the page fills in the names."""

    side = RadioField(_("Who asks for help?"), [InputRequired(_("Choose one of the two."))])
    kind = RadioField(_("What is the problem?"), [Optional()], choices=options(choices(SafetyKind)))
    words = WordsField(_("What did you hear?"), longest=2000)

    def offer(self, newcomer: str, buddy: str) -> "StopContactForm":
        """Fill in the first names of the two."""
        told = ((Role.NEWCOMER.value, newcomer), (Role.BUDDY.value, buddy))
        self.side.choices = names((side, Markup("<bdi>{}</bdi>").format(name)) for side, name in told)
        return self


class CloseForm(Form):
    """How it ends."""

    outcome = RadioField(
        _("What do you decide?"),
        [InputRequired(_("Choose what you decide."))],
        choices=options(choices(SafetyOutcome)),
    )
