"""What a coordinator decides about the programmes of the network, and who is placed in which."""

from collections.abc import Iterable

from wtforms import IntegerField, SelectField, SelectMultipleField
from wtforms.validators import InputRequired, NumberRange

from app.forms.base import Form, NameField, WordsField, names, options
from app.forms.fields import SeveralField
from app.i18n import lazy_gettext as _
from app.i18n import lazy_ngettext, lazy_pgettext
from app.vocabulary import DutchLevel, choices

LONGEST_NAME = 60
LONGEST_LINE = 200
LONGEST_WORDS = 1000
MOST_REFUSED_MONTHS = 24


class ProgrammeForm(Form):
    """A programme: its name, the period of a duo, how often two people meet, and for whom it is."""

    name = NameField(_("Name of the programme"), longest=LONGEST_NAME)
    months = SelectField(_("For how long?"), coerce=int)
    weeks_between = SelectField(_("How often do they meet?"), coerce=int)
    refused_months = IntegerField(
        _("For how many months a refused pair is not proposed again"),
        [InputRequired(), NumberRange(min=0, max=MOST_REFUSED_MONTHS)],
    )
    least_dutch = SelectField(
        lazy_pgettext("programme", "Least Dutch"),
        choices=options(choices(DutchLevel)),
        default=DutchLevel.NONE.value,
    )
    municipalities = SeveralField(_("Municipalities"), [])

    def offer(self, months: Iterable[int], weeks: Iterable[int], towns: Iterable[str]) -> "ProgrammeForm":
        """Fill in the choices that the rules and the network leave."""
        self.months.choices = options(
            (str(value), lazy_ngettext("%(num)s month", "%(num)s months", value)) for value in months
        )
        self.weeks_between.choices = options(
            (str(value), lazy_ngettext("every %(num)s week", "every %(num)s weeks", value)) for value in weeks
        )
        self.municipalities.choices = names((town, town) for town in towns)
        return self


class TextForm(Form):
    """What a programme tells people in one language."""

    line = NameField(_("In one line"), required=False, longest=LONGEST_LINE)
    words = WordsField(_("A few sentences more"), longest=LONGEST_WORDS)


class PlaceForm(Form):
    """In which programme a newcomer is."""

    programme = SelectField(lazy_pgettext("of a network", "Programme"), coerce=int)


class TakesPartForm(Form):
    """In which programmes a buddy takes part."""

    programmes = SelectMultipleField(_("Takes part in"), coerce=int)
