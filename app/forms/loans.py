"""Lending a place with a buddy to a neighbouring network."""

from wtforms import DateField, SelectField
from wtforms.validators import InputRequired

from app.forms.base import Form, WordsField
from app.i18n import lazy_gettext as _


class LoanForm(Form):
    """Which buddy, to which network, until when; the page fills in the buddies and networks."""

    buddy = SelectField(_("Which buddy?"), coerce=int)
    to = SelectField(_("To which network?"))
    until = DateField(_("Until when?"), validators=[InputRequired(_("Choose a day."))])


class RequestForm(Form):
    """For which of the own networks, to which neighbour, until when, what for; the page fills in the networks."""

    by = SelectField(_("For which network?"))
    to = SelectField(_("Which network do you ask?"))
    until = DateField(_("Until when?"), validators=[InputRequired(_("Choose a day."))])
    words = WordsField(_("What do you look for?"), longest=500)


class RequestedPlaceForm(Form):
    """With which buddy; the page fills in the buddies."""

    buddy = SelectField(_("Which buddy?"), coerce=int)
