"""Which days the numbers are about."""

from datetime import date

from wtforms import DateField
from wtforms.validators import Optional, ValidationError

from app.clock import today
from app.forms.base import Form
from app.i18n import lazy_gettext as _

EARLIEST = date(2020, 1, 1)


class PeriodForm(Form):
    """A first day that may be left open, and a last day that is today when it is left open."""

    class Meta(Form.Meta):
        csrf = False  # it only asks for a page

    first = DateField(_("From"), [Optional()], name="from")
    last = DateField(_("Up to and including"), [Optional()], name="to")

    def validate_last(self, field: DateField) -> None:
        """A day that has been, and not before the first one."""
        if field.data is None:
            return
        if field.data > today():
            raise ValidationError(_("Choose today or a day that is over."))
        if field.data < (self.first.data or EARLIEST):
            raise ValidationError(_("Choose a day after the first day."))

    def validate_first(self, field: DateField) -> None:
        """A day since there are numbers."""
        if field.data is not None and not EARLIEST <= field.data <= today():
            raise ValidationError(_("Choose a day since 2020 that is not in the future."))
