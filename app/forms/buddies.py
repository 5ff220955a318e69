"""What a buddy fills in on the own page: how long a break lasts, and why to stop."""

from wtforms import DateField, RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from app.forms.base import Form, NameField
from app.forms.durations import DurationField
from app.forms.fields import OneField
from app.i18n import lazy_gettext as _
from app.vocabulary.records import Available
from app.vocabulary.registrations import LeaveReason


class PauseForm(Form):
    """The day on which a break ends."""

    until = DateField(_("Until which day?"), [InputRequired(message=_("Choose a day after today."))])


class AvailableForm(Form):
    """Still available, or later: one tap."""

    says = RadioField(
        _("Your answer"),
        [InputRequired()],
        choices=[SelectChoice(item.value, item.value) for item in Available],
    )


class TrainingForm(Form):
    """A training that the buddy followed."""

    title = NameField(_("What was it?"))
    on = DateField(_("Day"), [InputRequired(message=_("Choose a day."))])
    length = DurationField(_("How long was it?"))


class LeaveForm(Form):
    """To stop; the reason may stay open."""

    reason = OneField(_("Why do you stop?"), LeaveReason, default="")
