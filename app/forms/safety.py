"""What somebody fills in who asks for help about a duo: all of it may be left open."""

from wtforms import RadioField
from wtforms.validators import Optional

from app.forms.base import Form, WordsField, options
from app.i18n import lazy_gettext as _
from app.vocabulary import choices
from app.vocabulary.safety import SafetyKind


class ReportForm(Form):
    """What is not right; sending it empty is enough."""

    kind = RadioField(_("What is the problem?"), [Optional()], choices=options(choices(SafetyKind)))
    words = WordsField(_("What happened?"), longest=2000)
