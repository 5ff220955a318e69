"""Telling hours, and answering them: when, how long, with whom."""

from datetime import date, time, timedelta
from typing import Any

from wtforms import BooleanField, HiddenField, RadioField, SelectField, ValidationError
from wtforms.validators import InputRequired

from app.clock import today
from app.forms.base import EmailField, Form, NameField, PhoneField, WordsField, options
from app.forms.clocks import ClockField, DayField
from app.forms.durations import DurationField
from app.i18n import lazy_gettext as _
from app.i18n import lazy_pgettext
from app.vocabulary import HoursRefusal, OfferKind, choices

OTHER = "other"
LENGTHS = [
    ("60", _("1 hour")),
    ("90", _("1 hour and a half")),
    ("120", _("2 hours")),
    ("180", _("3 hours")),
    (OTHER, _("Another length")),
]
DAYS = [
    ("today", lazy_pgettext("day", "Today")),
    ("yesterday", lazy_pgettext("day", "Yesterday")),
    (OTHER, lazy_pgettext("day", "Another day")),
]
YES_OR_NO = [("yes", lazy_pgettext("answer", "Yes")), ("no", lazy_pgettext("answer", "No"))]


class TellForm(Form):
    """When, how long, and whether Dutch was spoken. `key` marks this form, so that it counts once."""

    day = RadioField(_("Which day was it?"), [InputRequired()], choices=options(DAYS))
    other_day = DayField(_("The day"), required=False)
    at = ClockField(_("When did it begin?"))
    minutes = RadioField(_("How long was it?"), [InputRequired()], choices=options(LENGTHS))
    other_minutes = DurationField(_("Hours and minutes"), required=False)
    dutch = RadioField(_("Did people there speak Dutch well?"), [InputRequired()], choices=options(YES_OR_NO))
    sure = BooleanField(_("Yes, this is right: it was a long day."))
    key = HiddenField()

    def validate_day(self, field: RadioField) -> None:
        """Another day needs to be told which."""
        if field.data == OTHER and not self.other_day.data:
            raise ValidationError(_("Fill in the day."))

    def validate_minutes(self, field: RadioField) -> None:
        """Another length needs to be told how long; a length that is tapped and another typed contradict."""
        if field.data == OTHER and not self.other_minutes.data:
            raise ValidationError(_("Fill in how long it was. For example 1:30."))
        if field.data != OTHER and self.other_minutes.data:
            raise ValidationError(_("You chose a length and wrote another one. Keep one of the two."))

    @property
    def chosen_day(self) -> date:
        """The day that was meant, in Brussels."""
        if self.day.data == OTHER:
            return self.other_day.day or today()
        return today() - timedelta(days=1 if self.day.data == "yesterday" else 0)

    @property
    def chosen_time(self) -> time:
        """When it began."""
        return self.at.clock or time()

    @property
    def chosen_minutes(self) -> int:
        """How many minutes it lasted."""
        return (self.other_minutes.minutes or 0) if self.minutes.data == OTHER else int(self.minutes.data)


class OccasionForm(TellForm):
    """Something that is not in the list: what it was, and who can say that it is true."""

    kind = RadioField(
        _("What kind of activity was it?"), [InputRequired()], choices=options(choices(OfferKind))
    )
    title = NameField(_("What did you do?"), longest=120)
    contact_name = NameField(_("Who was there with you?"))
    contact_email = EmailField(_("E-mail address of this person"), required=False)
    contact_phone = PhoneField(_("Telephone number of this person"), required=False)

    def validate(self, extra_validators: Any = None) -> bool:
        """The person must be found somehow."""
        fine = bool(super().validate(extra_validators))
        if self.contact_email.data or self.contact_phone.data:
            return fine
        self.refuse("contact_email", _("Fill in an e-mail address or a telephone number."))
        return False


class CorrectionForm(Form):
    """Another length, given by the contact person."""

    minutes = DurationField(_("How long was it?"))
    note = WordsField(_("Do you want to say something about it?"), longest=500)


class RefusalForm(Form):
    """Why a contact person does not confirm."""

    reason = RadioField(_("Why is it not right?"), [InputRequired()], choices=options(choices(HoursRefusal)))
    note = WordsField(_("In a few words"), longest=500)


class SignatureForm(Form):
    """A contact person signs a proof; the lines that she saw come along as hidden fields."""

    remark = WordsField(_("Is there something that should stand on the paper?"), longest=300)


class PrintForm(Form):
    """For which day an attendance sheet is printed."""

    day = DayField(_("The day"))


class PrintGroupForm(PrintForm):
    """For which activity and day a sheet is printed, for a whole group."""

    offer = SelectField(_("Which activity?"), [InputRequired()], coerce=int, render_kw={"translate": "no"})
