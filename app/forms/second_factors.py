"""What who works here fills in to set up, use and take away a second factor."""

from wtforms import StringField
from wtforms.validators import InputRequired, Length

from app.forms.base import Form, tidied
from app.i18n import latin_digits
from app.i18n import lazy_gettext as _

LONGEST_CODE = 40


class DigitsForm(Form):
    """The first code of a new phone."""

    code = StringField(
        _("Six digits"),
        [InputRequired(), Length(max=LONGEST_CODE)],
        filters=[tidied, lambda value: latin_digits(value or "")],
    )


class FactorForm(Form):
    """A code of the phone, or a recovery code."""

    code = StringField(
        _("The code"),
        [InputRequired(), Length(max=LONGEST_CODE)],
        filters=[tidied, lambda value: latin_digits(value or "")],
    )
