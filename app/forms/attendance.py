"""What is entered from a sheet of paper that was signed at a meeting."""

from wtforms import BooleanField, RadioField
from wtforms.validators import InputRequired

from app.forms.base import Form, NameField, options
from app.forms.clocks import ClockField, DayField
from app.forms.durations import DurationField
from app.forms.hours import YES_OR_NO
from app.i18n import lazy_gettext as _


class SheetCodeForm(Form):
    """The code at the top of a sheet."""

    code = NameField(_("The code on the sheet"), longest=40)


class PaperForm(Form):
    """What stands on a signed sheet, beside who was there."""

    day = DayField(_("Day of the meeting"))
    at = ClockField(_("When did it begin?"))
    minutes = DurationField(_("How long was it?"))
    dutch = RadioField(_("Did people there speak Dutch well?"), [InputRequired()], choices=options(YES_OR_NO))
    signed_name = NameField(_("Who signed the sheet?"))
    signed_on = DayField(_("When was it signed?"))
    last = BooleanField(_("The sheet says that this was the last meeting: sign the proof too."))
    sure = BooleanField(_("Yes, this is right: it was a long day."))


class OwnLengthForm(Form):
    """How long one of them was there, where that is not as long as the others."""

    minutes = DurationField(_("Another length, only for this person"), required=False)
