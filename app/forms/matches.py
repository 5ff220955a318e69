"""What a coordinator fills in while judging."""

from wtforms import RadioField
from wtforms.validators import InputRequired

from app.forms.base import Form, WordsField, options
from app.i18n import lazy_gettext as _
from app.vocabulary import ProposalRefusal, choices


class RefuseForm(Form):
    """Why these two are not put together; staff only."""

    reason = RadioField(
        _("Why not?"),
        choices=options(choices(ProposalRefusal)),
        validators=[InputRequired(_("Choose a reason."))],
    )
    note = WordsField(_("Note for your team"), longest=500)
