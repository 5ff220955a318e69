"""What a buddy fills in on the own page: how long a break lasts, and why to stop."""

from wtforms import DateField
from wtforms.validators import InputRequired

from app.forms.base import Form
from app.forms.fields import OneField
from app.i18n import lazy_gettext as _
from app.vocabulary.registrations import LeaveReason


class PauseForm(Form):
    """The day on which a break ends."""

    until = DateField(_("Until which day?"), [InputRequired(message=_("Choose a day after today."))])


class LeaveForm(Form):
    """To stop; the reason may stay open."""

    reason = OneField(_("Why do you stop?"), LeaveReason, default="")
