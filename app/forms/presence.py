"""Who was there at one time of an activity."""

from app.forms.base import Form, NameField
from app.forms.durations import DurationField
from app.i18n import lazy_gettext as _


class MarkForm(Form):
    """How long it was; who was there is ticked beside it."""

    minutes = DurationField(_("How long was it?"))


class CardCodeForm(Form):
    """The code on a newcomer's own card."""

    code = NameField(_("The code on the card"), longest=40)
