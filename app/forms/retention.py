"""What an administrator fills in for how long something is kept from a day on."""

from wtforms import IntegerField, SelectField
from wtforms.validators import InputRequired

from app.forms.base import Form, options
from app.forms.clocks import DayField
from app.i18n import lazy_gettext as _
from app.vocabulary import choices
from app.vocabulary.retention import RetentionKind


class RetentionForm(Form):
    """Of what, from which day on, for how many days."""

    kind = SelectField(_("What is kept?"), [InputRequired()], choices=options(choices(RetentionKind)))
    since = DayField(_("From which day?"))
    days = IntegerField(_("Days"), [InputRequired()])
