"""What a counsellor fills in, and the code with which a newcomer finds her counsellor."""

from typing import Any

from wtforms import BooleanField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from app.forms.base import Form, WordsField, options, tidied
from app.forms.clocks import DayField
from app.forms.hours import YES_OR_NO
from app.i18n import latin_digits
from app.i18n import lazy_gettext as _
from app.vocabulary import Agency, Obligation, choices


class VersionForm(Form):
    """A version of the integration contract."""

    agency = SelectField(_("Agency"), [InputRequired()])
    obligation = RadioField(_("Status"), [InputRequired()], choices=options(choices(Obligation)))
    contains_trajectory = BooleanField(_("The participation trajectory is in the contract"))
    starts_on = DayField(_("The term begins on"))
    ends_on = DayField(_("The term ends on"))
    reason = WordsField(_("Why does the contract change?"), longest=500)

    def __init__(self, *args: Any, agencies: frozenset[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agency.choices = options((value, words) for value, words in choices(Agency) if value in agencies)


class NoteForm(Form):
    """A decision that needs its reason in words."""

    note = WordsField(_("What is the reason?"), required=True, longest=500)


class CallForm(Form):
    """What was said in a call about hours."""

    note = WordsField(_("What was said?"), required=True, longest=500)


class CriteriaForm(Form):
    """The two criteria of an activity (R06), judged by the counsellor."""

    dutch_spoken = RadioField(_("Is Dutch spoken there?"), [InputRequired()], choices=options(YES_OR_NO))
    people_met = RadioField(
        _("Does the newcomer meet new people who speak Dutch well, outside the own circle?"),
        [InputRequired()],
        choices=options(YES_OR_NO),
    )


class CounsellorCodeForm(Form):
    """The code that a counsellor gave."""

    code = StringField(
        _("The code of your counsellor"),
        [InputRequired(), Length(max=40)],
        filters=[tidied, lambda value: latin_digits(value or "")],
    )
