"""What an administrator fills in for a rule of law that begins on a day to come."""

from wtforms import BooleanField, IntegerField, SelectField
from wtforms.validators import InputRequired

from app.forms.base import Form, NameField, options
from app.forms.clocks import DayField
from app.i18n import lazy_gettext as _
from app.vocabulary import choices
from app.vocabulary.contracts import ExemptionGround


class TargetForm(Form):
    """How many hours a trajectory needs."""

    since = DayField(_("From which day?"))
    number = IntegerField(_("Hours"), [InputRequired()])
    source = NameField(_("Where does it stand?"), longest=300)


class TermForm(Form):
    """How long a term may be."""

    since = DayField(_("From which day?"))
    number = IntegerField(_("Months at most"), [InputRequired()])
    source = NameField(_("Where does it stand?"), longest=300)


class GroundForm(Form):
    """Whether a ground of exemption counts, and for how many months at least."""

    ground = SelectField(_("Ground"), [InputRequired()], choices=options(choices(ExemptionGround)))
    since = DayField(_("From which day?"))
    counts = BooleanField(_("This ground counts"), default=True)
    number = IntegerField(_("Months at least, 0 for none"), [InputRequired()], default=0)
    source = NameField(_("Where does it stand?"), longest=300)


FORMS = {"target": TargetForm, "term": TermForm, "ground": GroundForm}
