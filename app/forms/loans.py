"""Lending a place with a buddy to a neighbouring network."""

from wtforms import DateField, SelectField
from wtforms.validators import InputRequired

from app.forms.base import Form
from app.i18n import lazy_gettext as _


class LoanForm(Form):
    """Which buddy, to which network, until when; the page fills in the buddies and networks."""

    buddy = SelectField(_("Which buddy?"), coerce=int)
    to = SelectField(_("To which network?"))
    until = DateField(_("Until when?"), validators=[InputRequired(_("Choose a day."))])
